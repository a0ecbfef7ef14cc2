"""Which weeks are looked at: whole weeks up to now, or up to where the calendar ends."""

from dataclasses import dataclass
from datetime import date, timedelta

LENGTHS = (4, 12, 26)
USUAL = 12
MOST = 104
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Whole weeks, from a Monday up to (not including) a Monday."""

    start: date
    end: date

    @property
    def weeks(self) -> int:
        """How many weeks."""
        return (self.end - self.start).days // 7

    @property
    def last(self) -> date:
        """The last day."""
        return self.end - timedelta(days=1)

    @property
    def before(self) -> "Period":
        """As many weeks just before."""
        return Period(start=self.start - (self.end - self.start), end=self.start)

    @property
    def after(self) -> "Period":
        """As many weeks just after."""
        return Period(start=self.end, end=self.end + (self.end - self.start))

    def is_latest(self, *, last: date, today: date) -> bool:
        """Whether nothing but the week under way follows, by the last day with evidence and the day it is."""
        return self.end + WEEK > min(last, today)


def latest(*, weeks: int, first: date, last: date, today: date) -> Period:
    """The latest whole weeks with evidence that lie behind; fewer when the calendar is younger.

    Args:
        weeks: How many are wanted.
        first: The first day with evidence.
        last: The last one.
        today: The day it is.
    """
    this_monday = today - timedelta(days=today.weekday())
    after_last = last - timedelta(days=last.weekday()) + timedelta(days=7)
    first_monday = first - timedelta(days=first.weekday())
    end = min(this_monday, after_last)
    if end <= first_monday:
        end = first_monday + timedelta(days=7)
    return Period(start=max(end - timedelta(weeks=weeks), first_monday), end=end)


def asked(*, weeks: str, until: str, first: date, last: date, today: date) -> Period:
    """The period an address asks for; what makes no sense falls back to the usual, what lies beyond to the nearest."""
    length = int(weeks) if weeks.isdecimal() and len(weeks) <= 3 and 1 <= int(weeks) <= MOST else USUAL
    try:
        day = date.fromisoformat(until)
    except ValueError:
        return latest(weeks=length, first=first, last=last, today=today)
    day = min(max(day, first + WEEK), max(last, today) + WEEK)
    end = day - timedelta(days=day.weekday())
    return Period(start=end - length * WEEK, end=end)
