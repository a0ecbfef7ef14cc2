"""Which days a recurrence rule meets (the BY parts of RFC 5545 section 3.3.10 that speak of days)."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from equipoise.adapters.ics.rules import Rule

_DAY_PARTS = ("BYWEEKNO", "BYYEARDAY", "BYMONTHDAY")


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """The days a rule meets; an empty set means that it does not ask.

    Attributes:
        months: Months of the year.
        month_days: Days of the month; -1 is the last.
        year_days: Days of the year; -1 is the last.
        weeks: Weeks of the year, the first being the first with four days in it; -1 is the last.
        weekdays: Weekdays, Monday 0, whichever they are of their month.
        nth: (ordinal, weekday), counted in the month or, with `in_year`, in the year.
        in_year: Whether `nth` counts in the year.
        week_start: The day a week begins with.
    """

    months: frozenset[int]
    month_days: frozenset[int]
    year_days: frozenset[int]
    weeks: frozenset[int]
    weekdays: frozenset[int]
    nth: frozenset[tuple[int, int]]
    in_year: bool
    week_start: int

    def meet(self, day: date) -> bool:
        """Whether the rule meets this day."""
        if self.months and day.month not in self.months:
            return False
        if self.month_days and not _either(day.day, days_in_month(day.year, day.month), self.month_days):
            return False
        if self.year_days and not _either(*_in_year(day), self.year_days):
            return False
        if self.weeks and not _either(*_week(day, self.week_start), self.weeks):
            return False
        return not (self.weekdays or self.nth) or day.weekday() in self.weekdays or self._is_nth(day)

    def _is_nth(self, day: date) -> bool:
        if not self.nth:
            return False
        number, length = _in_year(day) if self.in_year else (day.day, days_in_month(day.year, day.month))
        weekday = day.weekday()
        forward, backward = (number - 1) // 7 + 1, -((length - number) // 7 + 1)
        return (forward, weekday) in self.nth or (backward, weekday) in self.nth


def days_of(rule: Rule, first: date) -> Days:
    """The days of a rule; what it leaves open is as on the first day."""
    numbers = {name: frozenset(values) for name, values in rule.numbers.items()}
    months, month_days = numbers.get("BYMONTH", frozenset()), numbers.get("BYMONTHDAY", frozenset())
    weekdays = frozenset(day for nth, day in rule.days if not nth or not _counts_weekdays(rule))
    if not rule.days and not any(name in numbers for name in _DAY_PARTS):
        if rule.frequency == "YEARLY":
            months, month_days = months or frozenset({first.month}), frozenset({first.day})
        elif rule.frequency == "MONTHLY":
            month_days = frozenset({first.day})
        elif rule.frequency == "WEEKLY":
            weekdays = frozenset({first.weekday()})
    return Days(
        months=months,
        month_days=month_days,
        year_days=numbers.get("BYYEARDAY", frozenset()),
        weeks=numbers.get("BYWEEKNO", frozenset()) if rule.frequency == "YEARLY" else frozenset(),
        weekdays=weekdays,
        nth=frozenset((nth, day) for nth, day in rule.days if nth and _counts_weekdays(rule)),
        in_year=rule.frequency == "YEARLY" and not months,
        week_start=rule.week_start,
    )


def _counts_weekdays(rule: Rule) -> bool:
    """Whether "the second Tuesday" has a meaning: in months and years only."""
    return rule.frequency in {"MONTHLY", "YEARLY"}


def _either(number: int, length: int, wanted: frozenset[int]) -> bool:
    """Whether a number counted from the front, or from the back, is wanted."""
    return number in wanted or number - length - 1 in wanted


@lru_cache(maxsize=4096)
def days_in_month(year: int, month: int) -> int:
    """Number of days."""
    return calendar.monthrange(year, month)[1]


def _in_year(day: date) -> tuple[int, int]:
    return day.timetuple().tm_yday, 365 + calendar.isleap(day.year)


def _week(day: date, week_start: int) -> tuple[int, int]:
    """The number of a day's week, and how many weeks that week's year has."""
    year = day.year
    if day >= _first_week(year + 1, week_start):
        year += 1
    elif day < _first_week(year, week_start):
        year -= 1
    begin = _first_week(year, week_start)
    return (day - begin).days // 7 + 1, (_first_week(year + 1, week_start) - begin).days // 7


@lru_cache(maxsize=4096)
def _first_week(year: int, week_start: int) -> date:
    """The first day of the first week that has at least four days in the year."""
    fourth = date(year, 1, 4)
    return fourth - timedelta(days=(fourth.weekday() - week_start) % 7)
