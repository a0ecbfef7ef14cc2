"""The model that says what an entry is for: arrays, and the arithmetic that turns entries into probabilities."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from equipoise.core.facets import PURPOSES
from equipoise.core.timeuse.entries import Entry
from equipoise.core.timeuse.purpose_setting import setting_features
from equipoise.core.timeuse.purpose_words import word_features


class Scorer(Protocol):
    """Gives each entry a score for each purpose; the larger, the more likely."""

    def scores(self, entries: Sequence[Entry], minutes: Sequence[float | None]) -> NDArray[np.float64]:
        """Log-odds up to a constant per entry, float64 (n, 10), in the order of `PURPOSES`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class WordScorer:
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

    def scores(self, entries: Sequence[Entry], minutes: Sequence[float | None]) -> NDArray[np.float64]:
        """See `Scorer.scores`."""
        found = word_features([entry.title for entry in entries], [entry.description for entry in entries])
        weighted = self.words[found.buckets] * found.values[:, None].astype(np.float64)
        # A row of zeros at the end lets entries without any word have an empty segment.
        summed = np.add.reduceat(np.vstack([weighted, np.zeros((1, len(PURPOSES)))]), found.starts[:-1], axis=0)
        summed[np.diff(found.starts) == 0] = 0.0
        told = self.setting[setting_features(entries, minutes)].astype(np.float64).sum(axis=1)
        total: NDArray[np.float64] = summed * self.word_scale + told + self.bias
        return total


@dataclass(frozen=True, slots=True, kw_only=True)
class PurposeModel:
    """Scorers that are added up, and the softness that makes the sum a calibrated probability.

    Attributes:
        scorers: What is added up.
        weights: The weight of each scorer.
    """

    scorers: tuple[Scorer, ...]
    weights: tuple[float, ...]

    def probabilities(self, entries: Sequence[Entry], minutes: Sequence[float | None]) -> NDArray[np.float64]:
        """What each entry is for: float64 (n, 10) in the order of `PURPOSES`; each row sums to 1."""
        if not entries:
            return np.zeros((0, len(PURPOSES)))
        total = np.zeros((len(entries), len(PURPOSES)))
        for scorer, weight in zip(self.scorers, self.weights, strict=True):
            total += weight * scorer.scores(entries, minutes)
        return softmax(total)


def softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probabilities from scores, row by row."""
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: NDArray[np.float64] = raised / raised.sum(axis=1, keepdims=True)
    return shares
