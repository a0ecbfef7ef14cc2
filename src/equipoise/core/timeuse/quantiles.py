"""Quantiles of the beta, gamma and Student distributions, in numpy alone.

Each density is integrated where it is smooth and has one peak (a share on the logit scale, an amount on the log
scale) by the trapezoidal rule, on a grid that is fine at the peak and coarse in the tails. Within 1e-4 of the exact
values (relative to them) for shapes from 0.01 up; deterministic; a tenth of a millisecond each, where importing scipy
takes half a second.
"""

import math
from collections.abc import Callable
from functools import lru_cache

import numpy as np

from equipoise.core.intervals import Floats

SMALLEST_SHAPE = 1e-3
_REACH = 45.0  # exp(-45): where a tail holds nothing that counts
_STEPS = np.linspace(-1.0, 1.0, 1201)


def beta_quantile(level: float, a: float, b: float) -> float:
    """The share below which a beta distribution holds `level` of its mass.

    Args:
        level: Between 0 and 1, neither of them.
        a: First shape, above 0.
        b: Second shape, above 0.

    Example:
        >>> round(beta_quantile(0.05, 2.0, 3.0), 3)
        0.098
    """
    a, b = max(a, SMALLEST_SHAPE), max(b, SMALLEST_SHAPE)

    def log_density(logit: Floats) -> Floats:
        density: Floats = -a * np.logaddexp(0.0, -logit) - b * np.logaddexp(0.0, logit)
        return density

    logit = _quantile(level, log_density, peak=math.log(a / b), width=math.sqrt((a + b) / (a * b)), rates=(a, b))
    return 1.0 / (1.0 + math.exp(-logit)) if logit > -700 else 0.0


def gamma_quantile(level: float, *, mean: float, variance: float) -> float:
    """The amount below which a gamma distribution of this mean and variance holds `level` of its mass.

    Example:
        >>> round(gamma_quantile(0.95, mean=4.0, variance=4.0), 2)
        7.75
    """
    shape = max(mean * mean / variance, SMALLEST_SHAPE)

    def log_density(log_amount: Floats) -> Floats:
        density: Floats = shape * log_amount - np.exp(np.minimum(log_amount, 700.0))
        return density

    width = 1.0 / math.sqrt(shape)
    log_amount = _quantile(level, log_density, peak=math.log(shape), width=width, rates=(shape, max(shape, 1.0)))
    return math.exp(log_amount) * mean / shape if log_amount > -700 else 0.0


@lru_cache(maxsize=512)
def student_bound(mass: float, freedom: float) -> float:
    """The bound within which a Student distribution holds `mass` around zero.

    Example:
        >>> round(student_bound(0.90, 3.0), 3)
        2.353
    """
    y = beta_quantile(mass, 0.5, freedom / 2)
    return math.sqrt(freedom * y / (1.0 - y))


def _quantile(
    level: float, log_density: Callable[[Floats], Floats], *, peak: float, width: float, rates: tuple[float, float]
) -> float:
    """Invert the distribution of a log density with one peak and tails that fall at `rates`."""
    left, right = (math.asinh(8 + _REACH / (rate * width)) for rate in rates)
    grid = np.where(_STEPS < 0, left, right) * _STEPS
    points = peak + width * np.sinh(grid)
    logs = log_density(points)
    masses = np.exp(logs - logs.max()) * np.cosh(grid)
    below = np.concatenate(([0.0], np.cumsum((masses[1:] + masses[:-1]) * np.diff(grid) / 2)))
    return float(np.interp(level, below / below[-1], points))
