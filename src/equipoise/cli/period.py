"""Which period is measured when it is not, or only half, stated."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from equipoise.core.timeuse.counting import CountingRules, count_time
from equipoise.core.timeuse.entries import Occurrence

WEEKS = 12


class NoPeriod(ValueError):
    """No period can be chosen, for want of evidence before today."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A period of days, and how it was chosen.

    Attributes:
        start: First day.
        end: The day after the last one.
        note: A sentence on how it was chosen; `None` when it was stated.
    """

    start: date
    end: date
    note: str | None


def stated_period(start: date | None, end: date | None, today: date) -> Period | None:
    """The period as far as it is stated: up to today without an end, twelve weeks without a start.

    Returns:
        `None` when neither is stated: it then depends on the evidence.
    """
    if start is not None and end is not None:
        return Period(start=start, end=end, note=None)
    if start is not None:
        return Period(start=start, end=today, note=f"No --to was given: measured up to today, {today} not included.")
    if end is not None:
        first = end - timedelta(weeks=WEEKS)
        return Period(start=first, end=end, note=f"No --from was given: measured the {WEEKS} weeks before {end}.")
    return None


def latest_period(occurrences: Sequence[Occurrence], *, zone: ZoneInfo, today: date, rules: CountingRules) -> Period:
    """The last twelve whole weeks before today that hold evidence, or fewer where the calendar begins later.

    Raises:
        NoPeriod: When no whole week before today holds a counted hour.
    """
    monday = today - timedelta(days=today.weekday())
    past = [each for each in occurrences if each.start < midnight_of(monday, zone)]
    if not past:
        raise NoPeriod
    earliest = min(each.start for each in past).astimezone(zone).date()
    counted = count_time(past, start=earliest - timedelta(days=earliest.weekday()), end=monday, zone=zone, rules=rules)
    held = sorted({week for each in counted.times for week, hours in each.by_week if hours > 0})
    if not held:
        raise NoPeriod
    first, last = counted.weeks[max(held[0], held[-1] - WEEKS + 1)], counted.weeks[held[-1]]
    count = (last.end - first.start).days // 7
    weeks = "week that holds" if count == 1 else f"{count} whole weeks that hold"
    note = f"No --from and --to were given: measured the last {weeks} evidence, {first.start} to {last.end}."
    return Period(start=first.start, end=last.end, note=note)


def inside(occurrences: Sequence[Occurrence], period: Period, zone: ZoneInfo) -> list[Occurrence]:
    """The occurrences that touch a period."""
    start, end = midnight_of(period.start, zone), midnight_of(period.end, zone)
    return [each for each in occurrences if each.start < end and (each.end > start or each.start >= start)]


def midnight_of(day: date, zone: ZoneInfo) -> datetime:
    """The moment a day begins in a zone."""
    return datetime(day.year, day.month, day.day, tzinfo=zone)
