"""Learn from an owner's corrections: a small addition to the model's scores, at once and on their data alone.

The addition is linear in the features of a `Reading`, so an entry is moved in so far as it resembles corrected ones.
It is the multinomial logistic regression with the model's scores as offset and a ridge penalty, which shrinks it
towards no change: a handful of corrections bend the model, they do not replace it.
"""

import base64
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from equipoise.core.facets import PURPOSES
from equipoise.core.timeuse.purpose_model import Reading, softmax

RIDGE = 0.5
"""Strength of the shrinkage of the weights; chosen on other hands by `benchmarks/learning_from_corrections.py`."""
LEVEL_SIZE = 0.5
"""Size of the constant feature, by which an owner's usual purposes are learned; the smaller, the more it is shrunk."""
STEPS = 150


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What was learned from corrections.

    Attributes:
        weights: float32 (d + 1, 10); the last row belongs to the constant feature.
        count: How many corrected entries it rests on.
    """

    weights: NDArray[np.float32]
    count: int

    def addition(self, reading: Reading) -> NDArray[np.float64]:
        """What to add to the scores of a reading: float64 (n, 10).

        Raises:
            ValueError: It was learned with another version of the model.
        """
        features = _with_constant(reading)
        if features.shape[1] != self.weights.shape[0]:
            raise ValueError("These corrections were learned with another version of the model; learn them anew.")
        # einsum without BLAS: a row's sum does not depend on how many rows there are.
        added: NDArray[np.float64] = np.einsum("nd,dk->nk", features, self.weights.astype(np.float64), optimize=False)
        return added

    def to_text(self) -> str:
        """As plain text, to keep; `from_text` reads it back."""
        halves = self.weights.astype("<f2").tobytes()
        return f"{self.count} {base64.b64encode(halves).decode('ascii')}"

    @staticmethod
    def from_text(text: str) -> "Learned":
        """Read what `to_text` wrote.

        Raises:
            ValueError: The text was not written by `to_text`.
        """
        count, _, coded = text.partition(" ")
        flat = np.frombuffer(base64.b64decode(coded, validate=True), "<f2").astype(np.float32)
        return Learned(weights=flat.reshape(-1, len(PURPOSES)), count=int(count))


def learn_from(reading: Reading, purposes: NDArray[np.int64], *, ridge: float = RIDGE) -> Learned:
    """Fit the addition to corrected entries.

    Nesterov's accelerated gradient with a fixed step and a fixed number of steps: same input, same result.

    Args:
        reading: The model's reading of the n corrected entries.
        purposes: int64 (n,), what they are for, as positions in `PURPOSES`.
        ridge: Strength of the shrinkage.

    Returns:
        The addition; no change at all for n = 0.
    """
    features = _with_constant(reading)
    aim = np.eye(len(PURPOSES))[purposes]
    weights = np.zeros((features.shape[1], len(PURPOSES)))
    ahead, pace = weights, 1.0
    # Half the largest eigenvalue of the features' Gram matrix bounds the curvature (Boehning 1992).
    step = 1.0 / (0.5 * np.linalg.norm(features, 2) ** 2 + ridge) if len(purposes) else 0.0
    for _ in range(STEPS if len(purposes) else 0):
        slope = features.T @ (softmax(reading.scores + features @ ahead) - aim) + ridge * ahead
        moved = ahead - step * slope
        next_pace = (1 + np.sqrt(1 + 4 * pace**2)) / 2
        ahead = moved + (pace - 1) / next_pace * (moved - weights)
        weights, pace = moved, next_pace
    return Learned(weights=weights.astype(np.float32), count=len(purposes))


def _with_constant(reading: Reading) -> NDArray[np.float64]:
    constant = np.full((reading.vectors.shape[0], 1), LEVEL_SIZE)
    return np.hstack([reading.vectors.astype(np.float64), constant])
