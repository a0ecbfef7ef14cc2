"""What is told of a group that may be shown: rounded values and banded counts, never a raw one.

An exact mean with an exact number of people tells the total, and one person more or less tells that person's value. So
values are rounded, counts are bands, and of the spread only the middle half is told, not the ends, which are single
people's. A breakdown tells a part only when it holds enough people and leaves enough outside it: of a part that holds
all, or all but a few, everybody would know what each of them said.
"""

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from equipoise.core.anonymity.rules import ReleaseRules

EDGES = (5, 8, 13, 20, 30, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)
"""Where bands of counts begin; each is wide enough to leave three or more counts open."""
STEP = 0.05
"""Shares are told to five points."""
NARROWEST = 2
"""The middle half is told at least so many steps wide, so that a group in which all are alike does not stand out."""

Part = TypeVar("Part", bound=Hashable)


class TooFewPeople(ValueError):
    """The group is too small to be told of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountBand:
    """A count, told as a band: from `low` to `high`, both included; without `high` there is no upper end."""

    low: int
    high: int | None


def count_band(count: int, rules: ReleaseRules | None = None) -> CountBand:
    """The band a count lies in; all counts below the threshold share one band.

    Example:
        >>> count_band(9)
        CountBand(low=8, high=12)
        >>> count_band(0) == count_band(4)
        True
    """
    least = (rules or ReleaseRules()).least
    edges = [0, least, *(edge for edge in EDGES if edge >= least + 3)]
    low = max(edge for edge in edges if edge <= count)
    above = [edge for edge in edges if edge > low]
    return CountBand(low=low, high=above[0] - 1 if above else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """The middle of a group's values and between which its middle half lies, all rounded."""

    middle: float
    low: float
    high: float


def spread(values: Sequence[float], *, step: float = STEP, rules: ReleaseRules | None = None) -> Spread:
    """The median, rounded, and the middle half, rounded outwards to at least two steps.

    Quartiles are those of Hyndman and Fan 1996, type 7 (doi:10.1080/00031305.1996.10473566), as numpy and R have them.

    Args:
        values: One of each person.
        step: What is rounded to.
        rules: The thresholds; those of `ReleaseRules()` without.

    Raises:
        TooFewPeople: When there are fewer values than the rules ask for.

    Example:
        >>> spread([0.22, 0.31, 0.33, 0.36, 0.48])
        Spread(middle=0.35, low=0.3, high=0.4)
    """
    least = (rules or ReleaseRules()).least
    if len(values) < least:
        raise TooFewPeople(f"There are {len(values)} values; a figure needs {least}.")
    ordered = sorted(values)
    low, middle, high = (_quantile(ordered, part) / step for part in (0.25, 0.5, 0.75))
    first, last = math.floor(round(low, 6)), math.ceil(round(high, 6))
    while last - first < NARROWEST:
        first, last = (first, last + 1) if high - first > last - low else (first - 1, last)
    return Spread(middle=_steps(round(middle), step), low=_steps(first, step), high=_steps(last, step))


def _quantile(ordered: Sequence[float], part: float) -> float:
    place = part * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def _steps(number: int, step: float) -> float:
    return round(number * step, 10)


def told_parts(counts: Mapping[Part, int], rules: ReleaseRules | None = None) -> dict[Part, CountBand | None] | None:
    """The parts of a group as bands; `None` for a part that is not told.

    A part is told when it holds at least `least` people and leaves at least as many outside it. What is not told may be
    small, empty, or nearly everybody: it is not said which.

    Args:
        counts: How many people each part holds; together the whole group, nobody twice.
        rules: The thresholds; those of `ReleaseRules()` without.

    Returns:
        `None` when the group is too small to be broken down, or when no part can be told.

    Example:
        >>> told_parts({"more leading": 7, "about right": 6, "more managing": 2})["about right"]
        CountBand(low=5, high=7)
        >>> told_parts({"more leading": 13, "about right": 1}) is None
        True
    """
    held = rules or ReleaseRules()
    everybody = sum(counts.values())
    if everybody < held.least_for_parts:
        return None
    told = {
        part: count_band(count, held) if held.least <= count <= everybody - held.least else None
        for part, count in counts.items()
    }
    return told if any(told.values()) else None
