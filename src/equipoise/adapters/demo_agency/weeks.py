"""The days a demo calendar covers: the weeks of its story, and the public holidays of Berlin."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from random import Random

from dateutil.easter import easter

FIRST_WEEK = -26
LAST_WEEK = 4
SEED = 20110301


def seeded(*parts: object) -> Random:
    """A source of chance that depends on nothing but the fixed seed and `parts`."""
    return Random("/".join(str(part) for part in (SEED, *parts)))  # noqa: S311 - invented data, no secret


@cache
def holidays(year: int) -> frozenset[date]:
    """Public holidays in Berlin, with the two days on which the agency is closed (24 and 31 December)."""
    sunday = easter(year)
    moving = (sunday + timedelta(days=days) for days in (-2, 1, 39, 50))
    fixed = ((1, 1), (3, 8), (5, 1), (10, 3), (12, 24), (12, 25), (12, 26), (12, 31))
    return frozenset(moving) | {date(year, month, day) for month, day in fixed}


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """What a calendar asked for on the day `until` covers: `first` (26 weeks before) to `end` (4 after), half-open."""

    until: date

    @property
    def first(self) -> date:
        """The first day covered."""
        return self.until + timedelta(weeks=FIRST_WEEK)

    @property
    def end(self) -> date:
        """The day after the last day covered."""
        return self.until + timedelta(weeks=LAST_WEEK)

    def day(self, week: int, weekday: int = 0) -> date:
        """A day by story week (0 is the week of `until`) and weekday (0 is Monday)."""
        return self.until + timedelta(weeks=week, days=weekday - self.until.weekday())

    def week(self, day: date) -> int:
        """The story week a day lies in."""
        return (day - self.day(0)).days // 7

    def covers(self, day: date) -> bool:
        """Whether the calendar shows this day."""
        return self.first <= day < self.end


def works_on(day: date) -> bool:
    """Whether the agency is open: a weekday and no holiday."""
    return day.weekday() < 5 and day not in holidays(day.year)
