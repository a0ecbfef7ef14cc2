"""The ISO weeks of a period, from Monday to Monday in the owner's zone."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from equipoise.core.intervals import Span


class PeriodBackwards(ValueError):
    """A period ends before it begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """One ISO week, or the part of it that lies in the period.

    Attributes:
        year: ISO year.
        number: ISO week, 1 to 53.
        start: First day in the period.
        end: The day after the last one in the period.
        span: From midnight to midnight in the owner's zone.
        working_days: Mondays to Fridays in the period, 0 to 5.
    """

    year: int
    number: int
    start: date
    end: date
    span: Span
    working_days: int

    @property
    def name(self) -> str:
        """The ISO name, such as `2020-W01`."""
        return f"{self.year}-W{self.number:02d}"

    @property
    def whole(self) -> bool:
        """Whether all seven days lie in the period."""
        return (self.end - self.start).days == 7


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The moment a day begins in a zone; the first moment that exists where a clock change skips midnight."""
    return datetime.combine(day, time(), tzinfo=zone)


def weeks_between(start: date, end: date, zone: ZoneInfo) -> tuple[Week, ...]:
    """The ISO weeks that touch a period of days, the first and last cut to it.

    Args:
        start: First day.
        end: The day after the last day.
        zone: The owner's zone.

    Raises:
        PeriodBackwards: When `end` is not after `start`.
    """
    if end <= start:
        raise PeriodBackwards(f"The period must end after it begins, but it runs from {start} to {end}.")
    weeks: list[Week] = []
    day = start
    while day < end:
        monday = day - timedelta(days=day.weekday())
        stop = min(monday + timedelta(days=7), end)
        weeks.append(_week(day, stop, zone))
        day = stop
    return tuple(weeks)


def _week(start: date, end: date, zone: ZoneInfo) -> Week:
    year, number, _ = start.isocalendar()
    days = (start + timedelta(days=step) for step in range((end - start).days))
    return Week(
        year=year,
        number=number,
        start=start,
        end=end,
        span=Span(start=midnight(start, zone), end=midnight(end, zone)),
        working_days=sum(1 for day in days if day.weekday() < 5),
    )
