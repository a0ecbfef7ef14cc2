"""The reading: hours for each purpose, leading against managing, and the lean of each axis.

Definitions stand in docs/methods/time-balance.md. Everything is computed from counted time and from what each entry
may be for; nothing is rounded, and the same input gives the same output.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from equipoise.core.facets import AXES, FACETS, LEADING, MANAGING, PURPOSES, Axis, Purpose
from equipoise.core.intervals import Floats
from equipoise.core.timeuse.counting import Counted
from equipoise.core.timeuse.entries import Entry
from equipoise.core.timeuse.uncertainty import (
    ODDS_OFF,
    Evidence,
    Interval,
    hours_interval,
    lean_from_share,
    share_interval,
)
from equipoise.core.timeuse.weeks import Week

UNPLANNED_ODDS = 0.23
"""Odds that an unplanned activity is leading, relative to a planned one: in the diaries of chief executives the
probability ratio of leader-like to manager-like is 0.306 for unplanned and 1.311 for planned activities (of
Bandiera, Prat, Hansen and Sadun 2020, doi:10.1086/705331; weights of Kurczynski, Christensen and Hansen)."""

UNCLEAR_SHARE = 0.25


class ProbabilitiesWrong(ValueError):
    """The probabilities do not fit the entries."""


class Notice(StrEnum):
    """What a reader of the figures must know."""

    NOTHING_COUNTED = "nothing_counted"
    TOO_FEW_WEEKS = "too_few_weeks"
    UNPLANNED_UNKNOWN = "unplanned_unknown"
    MUCH_UNCLEAR = "much_unclear"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """Hours for one purpose, or for several together.

    Attributes:
        hours: In the period, double-booked time shared.
        share: Long-run share: of all counted hours for a purpose, of leading + managing hours for these two. `None`
            when there is not enough evidence.
        weekly: Long-run hours a week; `None` when there is not enough evidence.
    """

    hours: float
    share: Interval | None
    weekly: Interval | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AxisReading:
    """The lean of one axis, from -1 (all managing) to +1 (all leading); `None` when there is not enough evidence."""

    axis: Axis
    lean: Interval | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekReading:
    """Hours by purpose in one week, in the order of `PURPOSES`."""

    week: Week
    hours: tuple[float, ...]

    @property
    def leading(self) -> float:
        """Hours of the four leading facets."""
        return sum(self.hours[PURPOSES.index(purpose)] for purpose in LEADING)

    @property
    def managing(self) -> float:
        """Hours of the four managing facets."""
        return sum(self.hours[PURPOSES.index(purpose)] for purpose in MANAGING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unplanned:
    """Unplanned talk, which calendars do not hold: stated by the owner, never mixed into the facets.

    Attributes:
        weekly_hours: As the owner put it.
        leading_share: The leading share with this talk added, its odds of being leading `UNPLANNED_ODDS` times
            those of the planned time; `None` when there is not enough evidence.
    """

    weekly_hours: float
    leading_share: Interval | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeReading:
    """How much a person leads and manages, by the evidence of their time.

    Attributes:
        counted: What was counted and left out.
        purposes: Hours and shares by purpose, in the order of `PURPOSES`.
        leading: The four leading facets together.
        managing: The four managing facets together.
        axes: The lean of each axis.
        weeks: Hours by week.
        unplanned: Unplanned talk; `None` when not known.
        notices: What a reader must know.
    """

    counted: Counted
    purposes: Mapping[Purpose, Quantity]
    leading: Quantity
    managing: Quantity
    axes: tuple[AxisReading, ...]
    weeks: tuple[WeekReading, ...]
    unplanned: Unplanned | None
    notices: tuple[Notice, ...]


def measure_time(
    counted: Counted, probabilities: Floats, *, unplanned_hours: float | None = None, odds_off: float = ODDS_OFF
) -> TimeReading:
    """Measure leading and managing from counted time.

    Args:
        counted: What `count_time` gave.
        probabilities: Shape (entries, 10): what each of `counted.entries` is for, in the order of `PURPOSES`.
        unplanned_hours: Hours a week of unplanned talk; `None` when not known.
        odds_off: How far the classifier's log odds are off for one person (standard deviation); widens the intervals.

    Raises:
        ProbabilitiesWrong: When the rows do not fit the entries or do not sum to 1.
        ValueError: When `unplanned_hours` is negative.
    """
    _check(counted, probabilities)
    if unplanned_hours is not None and unplanned_hours < 0:
        raise ValueError(f"Unplanned hours cannot be negative, but {unplanned_hours} was given.")
    evidence = evidence_of(counted, probabilities, odds_off=odds_off)
    leading = _quantity(evidence, LEADING, FACETS)
    by_week = evidence.hours.T @ evidence.probabilities
    weeks = (
        WeekReading(week=week, hours=tuple(row.tolist())) for week, row in zip(counted.weeks, by_week, strict=True)
    )
    return TimeReading(
        counted=counted,
        purposes={purpose: _quantity(evidence, (purpose,), PURPOSES) for purpose in PURPOSES},
        leading=leading,
        managing=_quantity(evidence, MANAGING, FACETS),
        axes=tuple(AxisReading(axis=axis, lean=_lean(evidence, axis)) for axis in AXES),
        weeks=tuple(weeks),
        unplanned=None if unplanned_hours is None else _unplanned(leading, evidence, unplanned_hours),
        notices=_notices(counted, evidence, unplanned_hours),
    )


def evidence_of(counted: Counted, probabilities: Floats, *, odds_off: float = ODDS_OFF) -> Evidence:
    """Gather counted hours into units that share one doubt, by week.

    Entries of one series, and entries of one title, share a doubt as long as the same purpose is the likeliest for
    them; a unit's probabilities are the mean of its entries', weighted by hours.
    """
    units = _units(counted.entries, probabilities)
    count = max(units, default=-1) + 1
    hours = np.zeros((count, len(counted.weeks)))
    times = np.zeros(count)
    mixed = np.zeros((count, len(PURPOSES)))
    for each in counted.times:
        unit = units[each.entry_number]
        times[unit] += 1
        mixed[unit] += each.hours * probabilities[each.entry_number]
        for week, part in each.by_week:
            hours[unit, week] += part
    totals = hours.sum(axis=1, keepdims=True)
    exposure = np.array([1.0 if week.whole else week.working_days / 5 for week in counted.weeks])
    return Evidence(
        hours=hours,
        times=times,
        probabilities=mixed / np.maximum(totals, 1e-300),
        exposure=exposure,
        odds_off=odds_off,
    )


def _units(entries: Sequence[Entry], probabilities: Floats) -> list[int]:
    """The unit of each entry: linked by series or by title, then parted by likeliest purpose."""
    linked = list(range(len(entries)))

    def root(number: int) -> int:
        while linked[number] != number:
            number = linked[number]
        return number

    seen: dict[tuple[str, str], int] = {}
    for number, entry in enumerate(entries):
        title = " ".join(entry.title.casefold().split())
        for key in (("series", entry.series), ("title", title)):
            if key[1]:
                one, other = sorted((root(number), root(seen.setdefault(key, number))))
                linked[other] = one
    likeliest = probabilities.argmax(axis=1) if len(entries) else np.zeros(0, dtype=np.intp)
    units: dict[tuple[int, int], int] = {}
    return [units.setdefault((root(number), int(likeliest[number])), len(units)) for number in range(len(entries))]


def _check(counted: Counted, probabilities: Floats) -> None:
    wanted = (len(counted.entries), len(PURPOSES))
    if probabilities.shape != wanted:
        raise ProbabilitiesWrong(f"Expected probabilities of shape {wanted}, got {probabilities.shape}.")
    if not np.allclose(probabilities.sum(axis=1), 1.0, atol=1e-6) or (probabilities < 0).any():
        raise ProbabilitiesWrong("Every row of probabilities must hold no negative number and sum to 1.")


def _quantity(evidence: Evidence, of: Sequence[Purpose], among: Sequence[Purpose]) -> Quantity:
    columns = [PURPOSES.index(purpose) for purpose in of]
    return Quantity(
        hours=float(evidence.hours.sum(axis=1) @ evidence.probabilities[:, columns].sum(axis=1)),
        share=share_interval(evidence, of=of, among=among),
        weekly=hours_interval(evidence, of=of),
    )


def _lean(evidence: Evidence, axis: Axis) -> Interval | None:
    return lean_from_share(share_interval(evidence, of=(axis.leading,), among=(axis.leading, axis.managing)))


def _unplanned(leading: Quantity, evidence: Evidence, weekly_hours: float) -> Unplanned:
    planned = hours_interval(evidence, of=FACETS)
    if leading.share is None or planned is None or planned.value + weekly_hours <= 0:
        return Unplanned(weekly_hours=weekly_hours, leading_share=None)
    weight = weekly_hours / (planned.value + weekly_hours)
    value, low, high = (
        (1 - weight) * share + weight * UNPLANNED_ODDS * share / (UNPLANNED_ODDS * share + 1 - share)
        for share in (leading.share.value, leading.share.low, leading.share.high)
    )
    return Unplanned(weekly_hours=weekly_hours, leading_share=Interval(value=value, low=low, high=high))


def _notices(counted: Counted, evidence: Evidence, unplanned_hours: float | None) -> tuple[Notice, ...]:
    unclear = evidence.hours.sum(axis=1) @ evidence.probabilities[:, PURPOSES.index(Purpose.UNCLEAR)]
    tests = (
        (Notice.NOTHING_COUNTED, counted.counted.hours <= 0),
        (Notice.TOO_FEW_WEEKS, counted.counted.hours > 0 and evidence.weeks_with_hours < 2),
        (Notice.MUCH_UNCLEAR, float(unclear) > UNCLEAR_SHARE * counted.counted.hours > 0),
        (Notice.UNPLANNED_UNKNOWN, unplanned_hours is None),
    )
    return tuple(notice for notice, holds in tests if holds)
