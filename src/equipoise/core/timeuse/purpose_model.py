"""The model that says what an entry is for: parts that read entries, and the arithmetic that joins them.

Each part reads entries into scores and features; the scores are added up with the parts' weights and made into
probabilities. What a part says of an entry depends on that entry alone, to the last bit: the same entry gets the same
bytes in any company.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from equipoise.core.facets import PURPOSES, Purpose
from equipoise.core.timeuse.entries import Entry
from equipoise.core.timeuse.purpose_setting import setting_features
from equipoise.core.timeuse.purpose_words import Features, word_features

HIDDEN = -1e4
"""Score of every purpose but `UNCLEAR` for an entry that shows nothing to read; its probability is exactly 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a model makes of n entries.

    Attributes:
        scores: float64 (n, 10), log-odds up to a constant per entry, in the order of `PURPOSES`.
        vectors: float32 (n, d), features by which entries resemble each other.
    """

    scores: NDArray[np.float64]
    vectors: NDArray[np.float32]


class Part(Protocol):
    """One part of a model."""

    def read(self, entries: Sequence[Entry], minutes: Sequence[float | None]) -> Reading:
        """Read at least one entry; `minutes` has the length of one occurrence each, `None` where not known."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class WordPart:
    """A linear model on hashed words and on the setting.

    Attributes:
        words: int8 (BUCKETS, 10); a word's weight is `words * word_scale`.
        word_scale: float32 (10,).
        setting: float32 (FEATURES, 10).
        bias: float32 (10,).
    """

    words: NDArray[np.int8]
    word_scale: NDArray[np.float32]
    setting: NDArray[np.float32]
    bias: NDArray[np.float32]

    def read(self, entries: Sequence[Entry], minutes: Sequence[float | None]) -> Reading:
        """See `Part.read`; the vectors are the words' features folded into `FOLDED` numbers."""
        found = word_features([entry.title for entry in entries], [entry.description for entry in entries])
        weighted = self.words[found.buckets].astype(np.float64) * found.values[:, None]
        told = self.setting[setting_features(entries, minutes)].astype(np.float64).sum(axis=1)
        scores = _sum_by_entry(weighted, found.starts) * self.word_scale + told + self.bias
        return Reading(scores=scores, vectors=folded_words(found))


FOLDED = 256


def folded_words(found: Features) -> NDArray[np.float32]:
    """Fold hashed words into `FOLDED` numbers, signs drawn from the hash, so that inner products survive on average.

    Weinberger and others (2009), doi 10.1145/1553374.1553516.
    """
    count = found.starts.size - 1
    entry = np.repeat(np.arange(count), np.diff(found.starts))
    signs = 1.0 - 2.0 * ((found.buckets // FOLDED) % 2)
    place = entry * FOLDED + found.buckets % FOLDED
    folded = np.bincount(place, weights=signs * found.values, minlength=count * FOLDED)
    return folded.reshape(count, FOLDED).astype(np.float32)


def _sum_by_entry(rows: NDArray[np.float64], starts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Sum the rows of each entry; zeros for an entry without rows."""
    # A row of zeros at the end gives the last entries a place to start when they have no rows.
    padded = np.vstack([rows, np.zeros((1, rows.shape[1]))])
    summed = np.add.reduceat(padded, starts[:-1], axis=0)
    summed[np.diff(starts) == 0] = 0.0
    return summed


@dataclass(frozen=True, slots=True, kw_only=True)
class PurposeModel:
    """Parts and their weights, chosen so that the sum is calibrated.

    Attributes:
        parts: At least one part.
        weights: The weight of each part's scores.
        sizes: The size of each part's vectors in the model's own.
    """

    parts: tuple[Part, ...]
    weights: tuple[float, ...]
    sizes: tuple[float, ...]

    def read(self, entries: Sequence[Entry], minutes: Sequence[float | None] | None = None) -> Reading:
        """Read entries; a private entry, or one with neither title nor notes, can only be `UNCLEAR`.

        Raises:
            ValueError: `minutes` has another length than `entries`.
        """
        lengths = [None] * len(entries) if minutes is None else list(minutes)
        if len(lengths) != len(entries):
            raise ValueError(f"minutes has {len(lengths)} values for {len(entries)} entries; give one for each.")
        shown = [number for number, entry in enumerate(entries) if _shows(entry)]
        # One entry more than none keeps the parts, and the number of their features, the same for any input.
        asked = [entries[number] for number in shown] or [Entry(uid="", series="", title="-")]
        readings = [part.read(asked, [lengths[number] for number in shown] or [None]) for part in self.parts]
        scores = np.full((len(entries), len(PURPOSES)), HIDDEN)
        scores[:, PURPOSES.index(Purpose.UNCLEAR)] = 0.0
        joined = np.hstack([each.vectors * np.float32(size) for each, size in zip(readings, self.sizes, strict=True)])
        vectors = np.zeros((len(entries), joined.shape[1]), np.float32)
        if shown:
            scores[shown] = sum(w * each.scores for w, each in zip(self.weights, readings, strict=True))
            vectors[shown] = joined
        return Reading(scores=scores, vectors=vectors)


def _shows(entry: Entry) -> bool:
    return not entry.private and bool(entry.title.strip() or entry.description.strip())


def softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probabilities from scores, row by row."""
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: NDArray[np.float64] = raised / raised.sum(axis=1, keepdims=True)
    return shares
