"""Load the model that ships with the package, and ask it.

The model is a set of arrays, written by `training/build_model.py`; nothing is downloaded, nothing is learned here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files

import numpy as np
from numpy.typing import NDArray

from equipoise.core.facets import PURPOSES, Purpose
from equipoise.core.timeuse.entries import Entry
from equipoise.core.timeuse.purpose_model import PurposeModel, WordScorer

UNCLEAR = PURPOSES.index(Purpose.UNCLEAR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Classifier:
    """Says what entries are for. Holds only arrays that never change, so threads may share it.

    Attributes:
        model: The arrays.
    """

    model: PurposeModel

    def probabilities(
        self, entries: Sequence[Entry], minutes: Sequence[float | None] | None = None
    ) -> NDArray[np.float64]:
        """What each entry is for: float64 (n, 10) in the order of `PURPOSES`; each row sums to 1.

        `minutes` is the length of one occurrence of each entry; `None` where, or when, it is not known. A private
        entry shows nothing to judge by and is `unclear` with probability 1. The result for an entry does not depend
        on the other entries of the call.

        Raises:
            ValueError: `minutes` has another length than `entries`.

        >>> from equipoise.core.timeuse.entries import Entry
        >>> budget = Entry(uid="1", series="1", title="Q3 budget review with the board")
        >>> PURPOSES[load_classifier().probabilities([budget])[0].argmax()].value
        'oversight'
        """
        lengths = [None] * len(entries) if minutes is None else list(minutes)
        if len(lengths) != len(entries):
            raise ValueError(f"minutes has {len(lengths)} values for {len(entries)} entries; give one for each.")
        told = np.zeros((len(entries), len(PURPOSES)))
        told[:, UNCLEAR] = 1.0
        seen = [number for number, entry in enumerate(entries) if not entry.private]
        told[seen] = self.model.probabilities([entries[each] for each in seen], [lengths[each] for each in seen])
        return told


@cache
def load_classifier() -> Classifier:
    """The packaged classifier; read once, then kept."""
    with as_file(files("equipoise.adapters.classifier") / "data" / "words.npz") as path, np.load(path) as stored:
        words = WordScorer(
            words=stored["words"],
            word_scale=stored["word_scale"],
            setting=stored["setting"],
            bias=stored["bias"],
        )
        weights = tuple(float(weight) for weight in stored["weights"])
    return Classifier(model=PurposeModel(scorers=(words,), weights=weights))
