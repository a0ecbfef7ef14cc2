"""The portrait: is there leading, is there managing, both or neither? By volume, which a share cannot show.

A pole is there when it fills at least half of what the situation calls for of it, in a week as the role allows it.
Being absent is the reading that research finds worst of all (laissez-faire, validity -.37: Judge and Piccolo 2004,
doi:10.1037/0021-9010.89.5.755), so it is stated only when it is sure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from equipoise.core.situation.profile import CalledFor
from equipoise.core.situation.roles import WEEK_PART, Role
from equipoise.core.timeuse.reading import TimeReading
from equipoise.core.timeuse.uncertainty import Interval

LEAST_PART = 0.5


class Figure(StrEnum):
    """The four readings, and that nothing can be said."""

    ABSENT = "absent"
    LEADING_ONLY = "leading_only"
    MANAGING_ONLY = "managing_only"
    BOTH = "both"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True, kw_only=True)
class Portrait:
    """What is there, by hours a week.

    Attributes:
        figure: Which of the four, if any.
        leading: Hours a week of leading; `None` when there is not enough evidence.
        managing: Hours a week of managing.
        leading_floor: Hours a week below which leading is as good as absent.
        managing_floor: The same for managing.
    """

    figure: Figure
    leading: Interval | None
    managing: Interval | None
    leading_floor: float
    managing_floor: float


def portrait_of(reading: TimeReading, called_for: CalledFor, *, role: Role, week_hours: float) -> Portrait:
    """Draw the portrait from a reading of time.

    Args:
        reading: Where the hours went.
        called_for: What the situation calls for.
        role: What one is in charge of: how much of a week it leaves for leading and managing.
        week_hours: Working hours in a week.
    """
    room = LEAST_PART * WEEK_PART[role] * week_hours
    leading_floor, managing_floor = room * called_for.leading.low, room * (1 - called_for.leading.high)
    leading, managing = reading.leading.weekly, reading.managing.weekly
    there = (_is_there(leading, leading_floor), _is_there(managing, managing_floor))
    return Portrait(
        figure=_FIGURES.get(there, Figure.CANNOT_TELL),
        leading=leading,
        managing=managing,
        leading_floor=leading_floor,
        managing_floor=managing_floor,
    )


_FIGURES: Mapping[tuple[bool | None, bool | None], Figure] = {
    (True, True): Figure.BOTH,
    (True, False): Figure.LEADING_ONLY,
    (False, True): Figure.MANAGING_ONLY,
    (False, False): Figure.ABSENT,
}


def _is_there(weekly: Interval | None, floor: float) -> bool | None:
    """Whether the hours surely reach the floor, surely do not, or `None`."""
    if weekly is None or weekly.low < floor <= weekly.high:
        return None
    return weekly.low >= floor
