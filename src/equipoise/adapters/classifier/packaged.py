"""Load the model that ships with the package, and ask it.

The model is a set of arrays, written by `training/build_model.py`; nothing is downloaded, nothing is learned here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from equipoise.adapters.classifier.stored import unpack_encoder, unpack_words
from equipoise.core.timeuse.entries import Entry
from equipoise.core.timeuse.purpose_model import PurposeModel, Reading, softmax

SIZES = (1.0, 0.5)
"""How much words, and what the encoder makes of an entry, count when entries are compared to learn from corrections."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Classifier:
    """Says what entries are for. Holds only arrays that never change, so threads may share it.

    Attributes:
        model: The parts and their weights.
    """

    model: PurposeModel

    def probabilities(
        self, entries: Sequence[Entry], minutes: Sequence[float | None] | None = None
    ) -> NDArray[np.float64]:
        """What each entry is for: float64 (n, 10) in the order of `PURPOSES`; each row sums to 1.

        `minutes` is the length of one occurrence of each entry; `None` where, or when, it is not known. An entry that
        is private, or has neither title nor notes, shows nothing to judge by and is `UNCLEAR` with probability 1. The
        result for an entry does not depend on the other entries of the call.

        Raises:
            ValueError: `minutes` has another length than `entries`.

        >>> from equipoise.core.facets import PURPOSES
        >>> from equipoise.core.timeuse.entries import Entry
        >>> budget = Entry(uid="1", series="1", title="Q3 budget review with the board")
        >>> PURPOSES[load_classifier().probabilities([budget])[0].argmax()].value
        'oversight'
        """
        return softmax(self.read(entries, minutes).scores)

    def read(self, entries: Sequence[Entry], minutes: Sequence[float | None] | None = None) -> Reading:
        """The scores behind the probabilities, and features to learn from corrections by; see `Reading`."""
        return self.model.read(entries, minutes)


@cache
def load_classifier() -> Classifier:
    """The packaged classifier; read once, then kept."""
    words, encoder = _stored("words.npz"), _stored("encoder.npz")
    return Classifier(
        model=PurposeModel(
            parts=(unpack_words(words), unpack_encoder(encoder)),
            weights=tuple(float(weight) for weight in words["weights"]),
            sizes=SIZES,
        )
    )


def _stored(name: str) -> dict[str, NDArray[Any]]:
    """All arrays of one file of the package; they cannot be written to."""
    with as_file(files("equipoise.adapters.classifier") / "data" / name) as path, np.load(path) as stored:
        arrays = dict(stored)
    for array in arrays.values():
        array.flags.writeable = False
    return arrays
