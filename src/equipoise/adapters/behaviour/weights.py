"""Read the weights of the behaviour index that ship with the package.

`activities.csv` holds 654 activities of chief executives with their probability under leader-like and manager-like
behaviour and the log ratio of the two; `terms.csv` the log ratios that add up for an activity not among them. Both are
derived from MLBC and ValidMLInference by Kurczynski, Christensen and Hansen (MIT licence, see NOTICE).
"""

import csv
import math
from functools import cache
from importlib.resources import files

from equipoise.core.timeuse.behaviour import CLIP, Form, Weights


@cache
def load_weights() -> Weights:
    """The packaged weights, read once."""
    terms = {row["term"]: float(row["log_ratio"]) for row in _rows("terms.csv")}
    known: dict[tuple[Form, frozenset[str]], float] = {}
    squares = 0.0
    for row in _rows("activities.csv"):
        form = (row["kind"], row["band"], row["planned"], row["company"])
        ratio = float(row["log_ratio"])
        known[form, frozenset(row["functions"].split("+"))] = ratio
        by_form = terms["constant"] + sum(terms.get(value, 0.0) for value in form)
        weight = (float(row["p_leader"]) + float(row["p_manager"])) / 2
        squares += weight * (min(max(ratio, -CLIP), CLIP) - by_form) ** 2
    return Weights(known=known, terms=terms, spread_of_functions=math.sqrt(squares))


def _rows(name: str) -> list[dict[str, str]]:
    text = (files("equipoise.adapters.behaviour") / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
