"""Time as whole minutes since the week began, and stretches of it.

A stretch runs from a minute up to, and not including, another. Minutes are minutes on the clock that never stops, so
that a day in which summer time begins or ends simply has 1,380 or 1,500 of them.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from equipoise.core.intervals import Span
from equipoise.core.planning.week import WEEKDAYS, Hours

Stretch = tuple[int, int]
Stretches = tuple[Stretch, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruler:
    """Turns moments into minutes since the first midnight of a week, and back.

    Attributes:
        monday: The first day of the week.
        zone: The owner's zone.
        origin: Minutes from the epoch to the first midnight.
    """

    monday: date
    zone: ZoneInfo
    origin: int = field(init=False)
    _starts: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Find the midnights of the week."""
        midnights = [self._epoch_minute(self._midnight(day)) for day in range(WEEKDAYS + 1)]
        object.__setattr__(self, "origin", midnights[0])
        object.__setattr__(self, "_starts", tuple(each - midnights[0] for each in midnights))

    def starts(self, day: int) -> int:
        """The minute at which a day begins; 7 is the end of the week, and days beyond it count on."""
        return self._starts[day] if 0 <= day <= WEEKDAYS else self.minute(self._midnight(day))

    def weekday(self, minute: int) -> int:
        """The day of the week a minute lies in; the first for what comes before it, the last for what comes after."""
        return max(0, sum(self.starts(day) <= minute for day in range(WEEKDAYS)) - 1)

    def minute(self, moment: datetime) -> int:
        """The minute a moment lies in."""
        return self._epoch_minute(moment) - self.origin

    def at(self, day: int, clock: time) -> int:
        """The minute of a time of day; a time that summer time skips is that much later."""
        return self.minute(datetime.combine(self.monday + timedelta(days=day), clock, tzinfo=self.zone))

    def moment(self, minute: int) -> datetime:
        """The moment of a minute, in the week's zone."""
        return datetime.fromtimestamp((self.origin + minute) * 60, tz=self.zone)

    def stretch(self, span: Span) -> Stretch:
        """The whole minutes a span touches."""
        return self.minute(span.start), math.ceil(span.end.timestamp() / 60) - self.origin

    def hours(self, day: int, hours: Hours) -> Stretch:
        """Hours of one day; those that close at 00:00 run to the end of the day."""
        closes = self.starts(day + 1) if hours.closes == time(0) else self.at(day, hours.closes)
        return self.at(day, hours.opens), closes

    def grid(self, day: int, step: int) -> tuple[int, ...]:
        """The minutes of a day at which its clock shows a whole multiple of `step` minutes since midnight."""
        begins, ends = self.starts(day), self.starts(day + 1)
        if ends - begins == 24 * 60:
            return tuple(range(begins, ends, step))
        return tuple(minute for minute in range(begins, ends) if self._clock_minutes(minute) % step == 0)

    def hour(self, minute: int) -> int:
        """The hour the clock shows, 0 to 23."""
        return self.moment(minute).hour

    def _clock_minutes(self, minute: int) -> int:
        shown = self.moment(minute)
        return shown.hour * 60 + shown.minute

    @staticmethod
    def _epoch_minute(moment: datetime) -> int:
        return math.floor(moment.timestamp() / 60)

    def _midnight(self, day: int) -> datetime:
        return datetime.combine(self.monday + timedelta(days=day), time(), tzinfo=self.zone)


def joined(stretches: Iterable[Stretch]) -> Stretches:
    """The same time as separate stretches in order; those that touch or overlap become one, empty ones vanish."""
    found: list[Stretch] = []
    for start, end in sorted(stretches):
        if end <= start:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple(found)


def without(stretches: Stretches, holes: Iterable[Stretch]) -> Stretches:
    """What is left of stretches when holes are cut out."""
    left = stretches
    for hole_start, hole_end in joined(holes):
        pieces: list[Stretch] = []
        for start, end in left:
            pieces += [(start, min(end, hole_start)), (max(start, hole_end), end)]
        left = tuple((start, end) for start, end in pieces if start < end)
    return left


def shared(one: Stretches, other: Stretches) -> Stretches:
    """The time in both."""
    both = ((max(a, c), min(b, d)) for a, b in one for c, d in other)
    return joined((start, end) for start, end in both if start < end)


def minutes_of(stretches: Stretches) -> int:
    """Length of separate stretches together."""
    return sum(end - start for start, end in stretches)
