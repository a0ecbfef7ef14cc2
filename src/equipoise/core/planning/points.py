"""What a plan is worth: the sizes of everything that counts for or against it.

Only proportions matter. A block placed is worth its value. Minutes towards a target are worth more or less per
minute, in proportion to the usual worth of a wished minute, so that it does not matter whether the caller counts
in ones or in hundreds. Where a block lies changes its worth by a share, never by more than half. The sizes are choices
of ours, not findings; `docs/methods/planner.md` gives the reasons.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from equipoise.core.facets import Purpose
from equipoise.core.planning.week import Week, Wish

TOWARDS_TARGET = 0.75
"""Per minute up to a target's low end, in usual worths of a minute."""
WITHIN_TARGET = 0.05
"""Per minute from the low to the high end."""
BEYOND_TARGET = -1.5
"""Per minute beyond the high end."""
LONGER = -0.15
"""Per minute by which a block is longer than it must be."""
MOVED = -0.5
"""Per minute of an entry proposed to move; an entry under an hour costs as much as one of an hour."""

OUT_OF_FOCUS = -0.06
"""Share of a focus block's worth when it lies outside the focus hours."""
TALK_IN_FOCUS = -0.04
"""Share of a talk block's worth when it lies in the focus hours."""
SAME_START = 0.10
"""Share for a place an earlier proposal gave."""
SAME_DAY = 0.04
"""Share for the day an earlier proposal gave."""
EACH_DAY_LATER = -0.004
"""Share for each day after Monday: what can be early need not be late."""
CROWDED = -0.05
"""Share for each block of a wish beyond the first on one day."""
FULL_DAY = -0.03
"""Per proposed minute of a day beyond the week's even share, in usual worths of a minute."""
EXTRA_PART = -0.05
"""Share for each part of a block beyond the first."""
LEAST_WORTH = 0.01
"""A block of no value is worth this share of the usual worth of its minutes: it is wished for, after all."""
MOST_BY_PLACE = 0.5
"""The place changes a block's worth by this share at most."""
HABIT_UNIT = 100.0
"""Learned preferences are points of an ordinary block of so many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Minutes wished for of a facet, less what fixed entries hold already.

    Attributes:
        to_low: Minutes missing to the low end.
        to_high: Minutes from there to the high end.
    """

    to_low: int
    to_high: int

    def pieces(self, rate: float) -> tuple[tuple[float, float], ...]:
        """Up to how many minutes each point a minute holds; the last piece has no end."""
        return (
            (float(self.to_low), TOWARDS_TARGET * rate),
            (float(self.to_high), WITHIN_TARGET * rate),
            (float("inf"), BEYOND_TARGET * rate),
        )

    def worth(self, minutes: int, rate: float) -> float:
        """Points of so many proposed minutes."""
        points, left = 0.0, float(minutes)
        for size, each in self.pieces(rate):
            taken = min(left, size)
            points, left = points + taken * each, left - taken
        return points


def usual_worth(wishes: Sequence[Wish]) -> float:
    """Points of a wished minute on average; 1 where no wish has a worth."""
    valued = [each for each in wishes if each.value is not None]
    minutes = sum(each.minutes * each.count for each in valued)
    points = sum((each.value or 0.0) * each.count for each in valued)
    return points / minutes if points > 0 else 1.0


def worth_of(wish: Wish, rate: float) -> float:
    """What the place's shares of a block are shares of: its value, or the usual worth of its minutes."""
    usual = rate * wish.minutes
    return usual if wish.value is None else max(wish.value, LEAST_WORTH * usual)


def targets_of(week: Week, fixed_minutes: Mapping[Purpose, int]) -> dict[Purpose, Target]:
    """What is missing to each target."""
    found = {}
    for purpose, (low, high) in week.targets.items():
        there = fixed_minutes.get(purpose, 0)
        to_low = max(0, low - there)
        found[purpose] = Target(to_low=to_low, to_high=max(0, high - max(there, low)))
    return found
