"""How sure a share or an amount of time is, given which weeks were seen and how sure each entry's purpose is.

What is estimated is a long-run mean: the share, or the hours a week, that this person would show over many weeks like
these. Two doubts are carried.

- Weeks: those of the period are a sample, so residuals are taken by week (linearised ratio: Cochran 1977, Sampling
  Techniques, 3rd edition, 6.3), and a unit that comes or goes inside the period is a cluster of its own.
- Purposes: a unit (all occurrences that share one doubt) has one purpose, drawn once, so that its doubt does not
  shrink with repetition; and the classifier's odds may be a little off for this person, in all entries alike.

Few weeks widen the variance by Student's bound at the effective degrees of freedom (Satterthwaite 1946,
doi:10.2307/3002019). The shape is a beta for shares and a gamma for hours, with a fifth of a typical entry added for
what was not seen, in the manner of Fay and Feuer (1997, Statistics in Medicine 16:791).
docs/methods/intervals.md gives the reasoning, benchmarks/interval_coverage.py the coverage.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from equipoise.core.facets import PURPOSES, Purpose
from equipoise.core.intervals import Floats
from equipoise.core.timeuse.quantiles import beta_quantile, gamma_quantile, student_bound

LEVEL = 0.90
NORMAL_BOUND = 1.6448536269514722
UNSEEN_ENTRIES = 0.2
ODDS_OFF = 0.5
"""Standard deviation of the log odds, purpose by purpose, by which a good classifier is off for one person."""
TELLS_NOTHING = 0.8
"""A range of a share that is wider leaves nearly everything open."""
_TINY = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """An estimate with the ends of its 90 % interval."""

    value: float
    low: float
    high: float

    @property
    def tells_nothing(self) -> bool:
        """Whether, as a share of 0 to 1, it leaves nearly everything open; then no figure is announced."""
        return self.high - self.low > TELLS_NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Hours by unit and week, and what each unit may be for.

    Attributes:
        hours: Shape (units, weeks). A unit is what shares one doubt about its purpose, as a series does.
        times: Shape (units,): how often each unit takes place.
        probabilities: Shape (units, 10) in the order of `PURPOSES`; rows sum to 1.
        exposure: Shape (weeks,): 1 for a whole week, the part of its five working days for one cut short.
        odds_off: Standard deviation of the log odds by which the classifier is off for one person in all entries.
        lasting: Shape (units,): runs through, that is, takes place in several weeks and comes within one of its own
            gaps of both ends of the period.
        passing: Shape (units,): takes place in several weeks, but begins or ends inside the period.
        weeks_with_hours: How many weeks hold any hours.
    """

    hours: Floats
    times: Floats
    probabilities: Floats
    exposure: Floats
    odds_off: float = ODDS_OFF
    lasting: NDArray[np.bool_] = field(init=False)
    passing: NDArray[np.bool_] = field(init=False)
    weeks_with_hours: int = field(init=False)

    def __post_init__(self) -> None:
        """Tell lasting units from passing ones, once."""
        present = self.hours > 0
        several = present.sum(axis=1) > 1
        lasting = several & _runs_through(present) if self.hours.size else several
        object.__setattr__(self, "lasting", lasting)
        object.__setattr__(self, "passing", several & ~lasting)
        object.__setattr__(self, "weeks_with_hours", int(present.any(axis=0).sum()))


def share_interval(evidence: Evidence, *, of: Sequence[Purpose], among: Sequence[Purpose]) -> Interval | None:
    """The long-run share of some purposes among others, with its 90 % interval.

    Args:
        evidence: Hours by unit and week.
        of: The purposes whose share is asked, all of them in `among`.
        among: The purposes that make the whole.

    Returns:
        `None` when fewer than two weeks hold hours, or none of the hours can be for `among`: not enough evidence.
    """
    part, whole = _indicator(of), _indicator(among)
    by_week = evidence.hours.T @ (evidence.probabilities @ whole) if evidence.hours.size else np.zeros(1)
    total = float(by_week.sum())
    if evidence.weeks_with_hours < 2 or total <= _TINY:
        return None
    share = float(evidence.hours.sum(axis=1) @ (evidence.probabilities @ part)) / total
    weights = (part - share * whole) / total
    freedom = total**2 / float(by_week @ by_week) - 1
    variance = _variance(evidence, weights, centre=np.zeros(evidence.exposure.size), freedom=freedom)
    unseen = UNSEEN_ENTRIES * _hours_a_time(evidence, whole) / total
    return Interval(value=share, low=_share_end(share, variance, unseen, upper=False),
                    high=_share_end(share, variance, unseen, upper=True))  # fmt: skip


def hours_interval(evidence: Evidence, *, of: Sequence[Purpose]) -> Interval | None:
    """The long-run hours a week for some purposes, with their 90 % interval.

    Returns:
        `None` when fewer than two weeks hold hours: not enough evidence.
    """
    exposure = float(evidence.exposure.sum())
    if evidence.weeks_with_hours < 2 or exposure <= 0:
        return None
    weights = _indicator(of) / exposure
    mean = float(evidence.hours.sum(axis=1) @ (evidence.probabilities @ weights))
    freedom = exposure**2 / float(evidence.exposure @ evidence.exposure) - 1
    centre = mean * evidence.exposure / exposure
    variance = _variance(evidence, weights, centre=centre, freedom=freedom)
    unseen = UNSEEN_ENTRIES * _hours_a_time(evidence, np.ones(len(PURPOSES))) / exposure
    return Interval(
        value=mean,
        low=0.0 if mean <= _TINY else min(mean, _amount_end(mean, variance, level=(1 - LEVEL) / 2)),
        high=max(mean, _amount_end(mean + unseen, variance + unseen**2, level=(1 + LEVEL) / 2)),
    )


def _indicator(purposes: Sequence[Purpose]) -> Floats:
    return np.array([1.0 if purpose in purposes else 0.0 for purpose in PURPOSES])


def _hours_a_time(evidence: Evidence, whole: Floats) -> float:
    """The usual hours of one entry among the purposes that make the whole."""
    weight = evidence.probabilities @ whole
    return float(evidence.hours.sum(axis=1) @ weight) / max(float(evidence.times @ weight), _TINY)


def _variance(evidence: Evidence, weights: Floats, *, centre: Floats, freedom: float) -> float:
    """Variance of a weighted sum of hours, widened so that a normal bound on it is Student's."""
    sampling = _sampling_variance(evidence, evidence.probabilities @ weights, centre)
    purposes = _purpose_variance(evidence, weights)
    variance = sampling + purposes
    if variance <= 0:
        return 0.0
    effective = variance**2 * max(freedom, 0.5) / max(sampling**2, _TINY * variance**2)
    bound = student_bound(LEVEL, round(min(effective, 1e6), 3))
    return variance * (bound / NORMAL_BOUND) ** 2


def _sampling_variance(evidence: Evidence, coefficients: Floats, centre: Floats) -> float:
    """The doubt from having seen these weeks: residuals by week, and by unit that comes or goes inside the period."""
    parts = evidence.hours * coefficients[:, np.newaxis]
    residuals: Floats = parts.sum(axis=0) - centre
    weeks = residuals.size
    by_week = float(residuals @ residuals) * weeks / (weeks - 1)
    passing = parts[evidence.passing]
    across = float((passing.sum(axis=1) ** 2).sum() - (passing**2).sum())
    return by_week + max(across, -by_week / 2)


def _purpose_variance(evidence: Evidence, weights: Floats) -> float:
    """The doubt about what units are for.

    A lasting unit's purpose is part of the long run and was drawn once; that of the others shows between the weeks
    already. All units together share the doubt whether the classifier's odds suit this person.
    """
    hours: Floats = evidence.hours.sum(axis=1)
    means = evidence.probabilities @ weights
    spread = evidence.probabilities @ weights**2 - means**2
    drawn = float((hours**2 * np.maximum(spread, 0.0))[evidence.lasting].sum())
    tilt = hours @ (evidence.probabilities * (weights - means[:, np.newaxis]))
    return drawn + evidence.odds_off**2 * float(tilt @ tilt)


def _runs_through(present: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Units seen within one of their own gaps of both ends of the period."""
    first = present.argmax(axis=1)
    after = present[:, ::-1].argmax(axis=1)
    gap = (present.shape[1] - 1 - after - first) / np.maximum(present.sum(axis=1) - 1, 1)
    return np.asarray((first <= gap) & (after <= gap))


def _share_end(share: float, variance: float, unseen: float, *, upper: bool) -> float:
    """One end of the interval of a share, with a little unseen time on that side."""
    moved = (share + unseen * upper) / (1 + unseen)
    if moved <= _TINY or moved >= 1 - _TINY:
        return 1.0 if moved > 0.5 else 0.0
    most = moved * (1 - moved)
    spread = (variance + unseen**2 * most) / (1 + unseen) ** 2
    size = most / min(max(spread, _TINY), 0.98 * most) - 1
    level = (1 + LEVEL) / 2 if upper else (1 - LEVEL) / 2
    end = beta_quantile(level, moved * size, (1 - moved) * size)
    return max(end, share) if upper else min(end, share)


def _amount_end(mean: float, variance: float, *, level: float) -> float:
    if mean <= _TINY:
        return 0.0
    return gamma_quantile(level, mean=mean, variance=max(variance, (1e-6 * mean) ** 2))


def lean_from_share(share: Interval | None) -> Interval | None:
    """The lean, from -1 to +1, that belongs to a leading pole's share of its axis."""
    if share is None:
        return None
    value, low, high = (math.fsum((2 * end, -1.0)) for end in (share.value, share.low, share.high))
    return Interval(value=value, low=low, high=high)
