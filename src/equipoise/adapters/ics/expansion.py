"""When a recurrence rule's occurrences start, in naive wall time.

Written out here for days, weeks, months and years: never a step beyond the period, and none before it where the rule
has no COUNT, so that neither a rule from long ago nor one that never comes costs anything (python-dateutil walks on
to the year 9999). Hours, minutes and seconds, which hardly any calendar has, go through python-dateutil.
"""

import itertools
import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Literal

from dateutil import rrule as dateutil_rrule

from equipoise.adapters.ics.days import Days, days_in_month, days_of
from equipoise.adapters.ics.rules import DAYS_BETWEEN, Rule
from equipoise.adapters.ics.values import EntryBroken, Moment

_WITHIN_A_DAY: dict[str, Literal[4, 5, 6]] = {
    "HOURLY": dateutil_rrule.HOURLY,
    "MINUTELY": dateutil_rrule.MINUTELY,
    "SECONDLY": dateutil_rrule.SECONDLY,
}
_STEP = {"HOURLY": timedelta(hours=1), "MINUTELY": timedelta(minutes=1), "SECONDLY": timedelta(seconds=1)}
_DAY = timedelta(days=1)
_ALL_OF_TIME = 4_000_000  # days, and so weeks, months and years: more than there are


def last_wall(rule: Rule, start: Moment) -> datetime | None:
    """UNTIL on the wall of the entry's start: the last time at which it may begin."""
    until = rule.until
    if until is None:
        return None
    if until.is_date or start.is_date:
        return until.wall.replace(hour=23, minute=59, second=59)
    if until.floating:
        return until.wall
    return until.utc().astimezone(start.zone).replace(tzinfo=None)


def starts(rule: Rule, start: Moment, *, lower: datetime, upper: datetime, most_steps: int) -> Iterator[datetime]:
    """The wall times of a rule's occurrences up to a wall time, in order.

    The entry's own start is the first of them and counts for COUNT even where the rule does not meet it (RFC 5545
    section 3.8.5.3), unless UNTIL lies before it: then there are none.

    Args:
        rule: The rule.
        start: DTSTART.
        lower: Earliest wall time wanted; earlier ones may be given too.
        upper: Latest wall time wanted.
        most_steps: Steps of the rule that may be taken to get there.

    Raises:
        EntryBroken: The rule repeats so often that this takes more steps.
    """
    last = last_wall(rule, start)
    first = start.wall
    if last is not None:
        if last < first:
            return
        upper = min(upper, last)
    if upper < first:
        return
    yield first
    room = math.inf if rule.count is None else rule.count - 1
    for wall in _later(_plainly(rule, first), first, lower, upper, most_steps):
        if room <= 0 or wall > upper:
            return
        room -= 1
        yield wall


def _later(rule: Rule, first: datetime, lower: datetime, upper: datetime, most_steps: int) -> Iterator[datetime]:
    """The rule's own times after the first; without COUNT those long before `lower` are passed over."""
    if rule.count is not None:
        lower = first
    steps = (upper - max(first, lower)) / _DAY / (DAYS_BETWEEN[rule.frequency] * rule.interval)
    if rule.count is not None and not rule.numbers and not rule.days:
        steps = min(steps, rule.count)
    if steps > most_steps:
        raise EntryBroken(
            f"the entry repeats too often ({rule.frequency.lower()}, more than {most_steps:,} times up to the end of "
            "the period)",
            "RRULE",
        )
    if rule.frequency in _WITHIN_A_DAY:
        return _by_dateutil(rule, first, lower, upper)
    if rule.numbers:
        return _by_days(rule, first, lower, upper)
    if rule.frequency == "WEEKLY" or (rule.frequency == "DAILY" and not rule.days):
        return _counted_out(rule, first, lower, upper)
    if not rule.days:
        return _same_day_of_month(rule, first, lower, upper)
    return _by_days(rule, first, lower, upper)


def _plainly(rule: Rule, first: datetime) -> Rule:
    """The same rule without what the start says already, and weekdays of every day as weekdays of every week."""
    if rule.interval > _ALL_OF_TIME and rule.frequency not in _WITHIN_A_DAY:
        rule = replace(rule, interval=_ALL_OF_TIME)
    if rule.frequency == "DAILY" and rule.days and rule.interval == 1 and not rule.numbers:
        rule = replace(rule, frequency="WEEKLY")
    if rule.numbers and not rule.days:
        month, day = {"BYMONTH": (first.month,)}, {"BYMONTHDAY": (first.day,)}
        if rule.numbers in {"MONTHLY": (day,), "YEARLY": (month, month | day)}.get(rule.frequency, ()):
            rule = replace(rule, numbers={})
    return rule


def _counted_out(rule: Rule, first: datetime, lower: datetime, upper: datetime) -> Iterator[datetime]:
    """A plain daily or weekly rule, by arithmetic."""
    period = timedelta(days=rule.interval * (7 if rule.frequency == "WEEKLY" else 1))
    anchor, offsets = first, [timedelta()]
    if rule.days:
        anchor = first - timedelta(days=(first.weekday() - rule.week_start) % 7)
        offsets = [timedelta(days=day) for day in sorted({(day - rule.week_start) % 7 for _, day in rule.days})]
    base = anchor + max(0, (lower - anchor) // period - 1) * period
    while base <= upper:
        for offset in offsets:
            wall = base + offset
            if wall > first:
                yield wall
        if upper - base < period:
            return
        base += period


def _same_day_of_month(rule: Rule, first: datetime, lower: datetime, upper: datetime) -> Iterator[datetime]:
    """A plain monthly or yearly rule; months without that day are passed over."""
    for year, month in _months(rule, first, lower, upper):
        if first.day <= 28 or first.day <= days_in_month(year, month):
            wall = first.replace(year=year, month=month)
            if wall > first:
                yield wall


def _months(rule: Rule, first: datetime, lower: datetime, upper: datetime) -> Iterator[tuple[int, int]]:
    """The months with which the periods of a monthly or yearly rule begin."""
    step = rule.interval * (12 if rule.frequency == "YEARLY" else 1)
    begin, wanted = first.year * 12 + first.month - 1, lower.year * 12 + lower.month - 1
    begin += max(0, (wanted - begin) // step - 1) * step
    for number in range(begin, upper.year * 12 + upper.month, step):
        yield number // 12, number % 12 + 1


def _by_days(rule: Rule, first: datetime, lower: datetime, upper: datetime) -> Iterator[datetime]:
    """A rule with BY parts: the days of each period that it meets, at the times it names."""
    days = days_of(rule, first.date())
    times = _times(rule, first)
    for period in _periods(rule, days, first, lower, upper):
        met = [day for day in period if days.meet(day)]
        for wall in _chosen(met, times, rule.numbers.get("BYSETPOS")):
            if wall > first:
                yield wall


def _periods(rule: Rule, days: Days, first: datetime, lower: datetime, upper: datetime) -> Iterator[Iterator[date]]:
    """The days of each period of a rule, from the first or a little before `lower`."""
    if rule.frequency in {"DAILY", "WEEKLY"}:
        length = 7 if rule.frequency == "WEEKLY" else 1
        begin = first.date() - timedelta(days=(first.weekday() - rule.week_start) % 7 if length == 7 else 0)
        step = timedelta(days=rule.interval * length)
        begin += max(0, (lower.date() - begin) // step - 1) * step
        while begin <= upper.date():
            yield (begin + timedelta(days=day) for day in range(length))
            if upper.date() - begin < step:
                return
            begin += step
    elif rule.frequency == "MONTHLY":
        for year, month in _months(rule, first, lower, upper):
            yield _days_in(year, [month])
    else:
        for year, _ in _months(rule, first.replace(month=1, day=1), lower, upper):
            yield _days_in(year, sorted(days.months) or list(range(1, 13)))


def _days_in(year: int, months: list[int]) -> Iterator[date]:
    return (date(year, month, day) for month in months for day in range(1, days_in_month(year, month) + 1))


def _times(rule: Rule, first: datetime) -> list[time]:
    hours = sorted(set(rule.numbers.get("BYHOUR", (first.hour,))))
    minutes = sorted(set(rule.numbers.get("BYMINUTE", (first.minute,))))
    seconds = sorted({min(second, 59) for second in rule.numbers.get("BYSECOND", (first.second,))})
    return [time(hour, minute, second) for hour in hours for minute in minutes for second in seconds]


def _chosen(days: list[date], times: list[time], places: tuple[int, ...] | None) -> Iterator[datetime]:
    """Every day at every time, or of these only the ones at the places BYSETPOS names."""
    if places is None:
        for day, at in itertools.product(days, times):
            yield datetime.combine(day, at)
        return
    size = len(days) * len(times)
    indices = {place - 1 if place > 0 else size + place for place in places}
    for index in sorted(index for index in indices if 0 <= index < size):
        which_day, which_time = divmod(index, len(times))
        yield datetime.combine(days[which_day], times[which_time])


def _by_dateutil(rule: Rule, first: datetime, lower: datetime, upper: datetime) -> Iterator[datetime]:
    """A rule by hours, minutes or seconds."""
    step = _STEP[rule.frequency] * rule.interval
    begin = first + max(0, (lower - first) // step - 1) * step
    if not _some_day(days_of(rule, first.date()), begin, upper):
        return
    numbers = {name.lower(): values for name, values in rule.numbers.items()}
    try:
        walls = dateutil_rrule.rrule(
            _WITHIN_A_DAY[rule.frequency],
            dtstart=begin,
            interval=rule.interval,
            until=upper,
            wkst=rule.week_start,
            byweekday=[day for _, day in rule.days] or None,
            **numbers,  # type: ignore[arg-type]  # the names are those of the BY parts
        )
    except ValueError:
        return  # every part was checked: dateutil says that the steps never meet the hours, minutes or seconds named
    yield from (wall for wall in walls if wall > first)


def _some_day(days: Days, begin: datetime, upper: datetime) -> bool:
    """Whether the rule meets any day up to the end; where it does not, dateutil would search until the year 9999."""
    span = (upper.date() - begin.date()).days
    return any(days.meet(begin.date() + day * _DAY) for day in range(span + 1))
