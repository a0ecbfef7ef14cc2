"""Recurrence rules (RFC 5545 section 3.3.10): read, checked, and expanded in naive wall time.

Daily and weekly rules, nearly all of a working calendar, are counted out directly, so that a rule from long ago
costs nothing; the others go through python-dateutil.
"""

import calendar
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Literal

from dateutil import rrule as dateutil_rrule

from equipoise.adapters.ics.values import EntryBroken, Moment, read_moment
from equipoise.adapters.ics.zones import Zones
from equipoise.core.timeuse.entries import Recurrence

_FREQUENCIES: dict[str, Literal[0, 1, 2, 3, 4, 5, 6]] = {
    "YEARLY": dateutil_rrule.YEARLY,
    "MONTHLY": dateutil_rrule.MONTHLY,
    "WEEKLY": dateutil_rrule.WEEKLY,
    "DAILY": dateutil_rrule.DAILY,
    "HOURLY": dateutil_rrule.HOURLY,
    "MINUTELY": dateutil_rrule.MINUTELY,
    "SECONDLY": dateutil_rrule.SECONDLY,
}
_DAYS_BETWEEN = {
    "YEARLY": 365.25,
    "MONTHLY": 30.44,
    "WEEKLY": 7.0,
    "DAILY": 1.0,
    "HOURLY": 1 / 24,
    "MINUTELY": 1 / 1440,
    "SECONDLY": 1 / 86400,
}
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_BY_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_BY_NUMBERS = {
    "BYMONTH": (1, 12, False),
    "BYMONTHDAY": (1, 31, True),
    "BYYEARDAY": (1, 366, True),
    "BYWEEKNO": (1, 53, True),
    "BYHOUR": (0, 23, False),
    "BYMINUTE": (0, 59, False),
    "BYSECOND": (0, 60, False),
    "BYSETPOS": (1, 366, True),
}
_NEAREST = (
    (1.0, Recurrence.DAILY),
    (7.0, Recurrence.WEEKLY),
    (14.0, Recurrence.BIWEEKLY),
    (30.44, Recurrence.MONTHLY),
    (91.3, Recurrence.QUARTERLY),
    (365.25, Recurrence.YEARLY),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One RRULE, checked.

    Attributes:
        frequency: FREQ.
        interval: INTERVAL, at least 1.
        count: COUNT, or `None`; the entry's own start is the first that counts.
        until: UNTIL, or `None`; a date means the whole of that day.
        days: BYDAY as (ordinal or 0, weekday from Monday 0).
        numbers: The other BY parts by name.
        week_start: WKST, from Monday 0.
    """

    frequency: str
    interval: int = 1
    count: int | None = None
    until: Moment | None = None
    days: tuple[tuple[int, int], ...] = ()
    numbers: dict[str, tuple[int, ...]] = field(default_factory=dict)
    week_start: int = 0


def read_rule(value: str, zones: Zones) -> Rule:
    """Read one recurrence rule.

    A negative COUNT, which some programs write for "no end", is taken as none; X- parts are skipped.

    Raises:
        EntryBroken: The rule is malformed, or says what no calendar can keep.
    """
    parts = _parts(value)
    frequency = parts.pop("FREQ", "")
    if frequency not in _FREQUENCIES:
        raise _broken(f"FREQ is {frequency or 'missing'}", value)
    if parts.pop("RSCALE", "GREGORIAN") != "GREGORIAN" or parts.pop("SKIP", "OMIT") != "OMIT":
        raise _broken("calendars other than the Gregorian one are not read", value)
    until = parts.pop("UNTIL", None)
    count = _whole(parts.pop("COUNT", "-1"), value)
    rule = Rule(
        frequency=frequency,
        interval=_whole(parts.pop("INTERVAL", "1"), value),
        count=count if count >= 0 else None,
        until=None if until is None else read_moment(until, "RRULE", zones, "", None, only_date=False),
        days=tuple(_by_day(day, value) for day in parts.pop("BYDAY", "").split(",") if day),
        week_start=_weekday(parts.pop("WKST", "MO"), value),
        numbers={name: _by_numbers(name, parts[name], value) for name in _BY_NUMBERS if parts.get(name)},
    )
    if rule.interval < 1 or count == 0:
        raise _broken("INTERVAL and COUNT must be at least 1", value)
    unknown = sorted(set(parts) - set(_BY_NUMBERS) - {name for name in parts if name.startswith("X-")})
    if unknown:
        raise _broken(f"{unknown[0]} is unknown", value)
    return rule


def _parts(value: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for part in value.strip().upper().strip(";").split(";"):
        name, equals, inner = part.partition("=")
        if not equals:
            raise _broken(f"{part!r} has no value", value)
        parts[name.strip()] = inner.strip()
    return parts


def _broken(reason: str, value: str) -> EntryBroken:
    return EntryBroken(f"the recurrence rule cannot be read: {reason} ({value[:60]})", "RRULE")


def _whole(text: str, value: str) -> int:
    if not re.fullmatch(r"[+-]?\d{1,9}", text):
        raise _broken(f"{text!r} is no whole number", value)
    return int(text)


def _weekday(text: str, value: str) -> int:
    if text not in _WEEKDAYS:
        raise _broken(f"{text!r} is no weekday", value)
    return _WEEKDAYS.index(text)


def _by_day(text: str, value: str) -> tuple[int, int]:
    found = _BY_DAY.fullmatch(text.strip())
    if found is None or (found[1] is not None and not 1 <= abs(int(found[1])) <= 53):
        raise _broken(f"BYDAY is {text!r}", value)
    return int(found[1] or 0), _WEEKDAYS.index(found[2])


def _by_numbers(name: str, text: str, value: str) -> tuple[int, ...]:
    low, high, signed = _BY_NUMBERS[name]
    numbers = tuple(_whole(part.strip(), value) for part in text.split(",") if part.strip())
    for number in numbers:
        size = abs(number) if signed else number
        if not low <= size <= high:
            raise _broken(f"{name} is {number}", value)
    return numbers


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
    """The wall times of a rule's occurrences between two wall times, in order.

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
    if rule.frequency == "DAILY" and rule.days and rule.interval == 1:
        rule = replace(rule, frequency="WEEKLY")
    numbers = _telling(rule, first)
    if (rule.frequency == "WEEKLY" and not numbers) or (rule.frequency == "DAILY" and not (numbers or rule.days)):
        yield from _counted_out(rule, first, lower, upper)
    elif rule.frequency in {"MONTHLY", "YEARLY"} and not (numbers or rule.days):
        yield from _same_day_of_month(rule, first, lower, upper)
    else:
        yield from _by_dateutil(rule, first, upper, most_steps)


def _counted_out(rule: Rule, first: datetime, lower: datetime, upper: datetime) -> Iterator[datetime]:
    """Occurrences of a plain daily or weekly rule after the first, by arithmetic."""
    period = timedelta(days=rule.interval * (7 if rule.frequency == "WEEKLY" else 1))
    into_week = (first.weekday() - rule.week_start) % 7
    offsets = [timedelta()]
    anchor = first
    if rule.days:
        days = sorted({(day - rule.week_start) % 7 for _, day in rule.days})
        offsets = [timedelta(days=day) for day in days]
        anchor = first - timedelta(days=into_week)
    in_first = sum(1 for offset in offsets if anchor + offset > first)
    room = math.inf if rule.count is None else rule.count - 1
    skipped = max(0, (lower - anchor) // period - 1) if lower > anchor else 0
    if skipped:
        room -= in_first + (skipped - 1) * len(offsets)
    base = anchor + skipped * period
    while room > 0 and base <= upper:
        for offset in offsets:
            wall = base + offset
            if wall <= first:
                continue
            if wall > upper or room <= 0:
                return
            room -= 1
            yield wall
        base += period


def _telling(rule: Rule, first: datetime) -> dict[str, tuple[int, ...]]:
    """The BY parts that say more than the start does already (BYMONTHDAY=5 of an entry that starts on a 5th)."""
    if not rule.numbers or rule.days:
        return rule.numbers
    month, day = {"BYMONTH": (first.month,)}, {"BYMONTHDAY": (first.day,)}
    said = {"MONTHLY": (day,), "YEARLY": (month, month | day)}.get(rule.frequency, ())
    return {} if rule.numbers in said else rule.numbers


def _same_day_of_month(rule: Rule, first: datetime, lower: datetime, upper: datetime) -> Iterator[datetime]:
    """Occurrences of a plain monthly or yearly rule after the first; months without that day are passed over."""
    months = rule.interval * (12 if rule.frequency == "YEARLY" else 1)
    number = first.year * 12 + first.month - 1
    room = math.inf if rule.count is None else rule.count - 1
    if rule.count is None and lower > first:
        number += max(0, ((lower.year - first.year) * 12 - 12) // months) * months
    while room > 0:
        number += months
        year, month = number // 12, number % 12 + 1
        if year > upper.year:
            return
        if first.day > 28 and first.day > calendar.monthrange(year, month)[1]:
            continue
        wall = first.replace(year=year, month=month)
        if wall > upper:
            return
        room -= 1
        yield wall


def _by_dateutil(rule: Rule, first: datetime, upper: datetime, most_steps: int) -> Iterator[datetime]:
    steps = (upper - first) / timedelta(days=1) / (_DAYS_BETWEEN[rule.frequency] * rule.interval)
    if rule.count is not None and not rule.numbers and not rule.days:
        steps = min(steps, rule.count)
    if steps > most_steps:
        raise EntryBroken(
            f"the entry repeats too often ({rule.frequency.lower()}, more than {most_steps:,} times up to the end of "
            "the period)",
            "RRULE",
        )
    room = math.inf if rule.count is None else rule.count - 1
    for wall in _dateutil_rule(rule, first, upper):
        if wall <= first:
            continue
        if room <= 0:
            return
        room -= 1
        yield wall


def _dateutil_rule(rule: Rule, first: datetime, upper: datetime) -> dateutil_rrule.rrule:
    numbers = {name.lower(): values for name, values in rule.numbers.items()}
    ordinals = rule.frequency in {"MONTHLY", "YEARLY"}
    days = [dateutil_rrule.weekday(day, nth if ordinals and nth else None) for nth, day in rule.days]
    try:
        return dateutil_rrule.rrule(
            _FREQUENCIES[rule.frequency],
            dtstart=first,
            interval=rule.interval,
            until=upper,
            wkst=rule.week_start,
            byweekday=days or None,
            **numbers,  # type: ignore[arg-type]  # the names are those of _BY_NUMBERS
        )
    except (ValueError, OverflowError) as error:
        raise EntryBroken(f"the recurrence rule cannot be read: {error}", "RRULE") from None


def recurrence(rules: list[Rule], extra_days: list[date]) -> Recurrence:
    """How often an entry repeats, to the nearest named rhythm.

    Args:
        rules: Its rules; the first one counts.
        extra_days: The days of its start and its RDATEs, which count where it has no rule.
    """
    if rules:
        rule = rules[0]
        if rule.count == 1:
            return Recurrence.NO
        return _nearest(_DAYS_BETWEEN[rule.frequency] * rule.interval / _times_a_period(rule))
    days = sorted(set(extra_days))
    if len(days) < 2:
        return Recurrence.NO
    return _nearest((days[-1] - days[0]).days / (len(days) - 1))


def _nearest(days_between: float) -> Recurrence:
    return min(_NEAREST, key=lambda rhythm: abs(math.log(rhythm[0] / max(days_between, 1e-6))))[1]


def _times_a_period(rule: Rule) -> float:
    """About how many days of one period a rule meets."""
    if "BYSETPOS" in rule.numbers:
        return len(rule.numbers["BYSETPOS"])
    months = len(rule.numbers.get("BYMONTH", ())) if rule.frequency == "YEARLY" else 0
    month_days = len(rule.numbers.get("BYMONTHDAY", ()))
    by_day = _week_days_a_period(rule, months)
    return max(months, 1) * max(month_days, 1) * by_day


def _week_days_a_period(rule: Rule, months: int) -> float:
    if not rule.days:
        return 1.0
    weeks = {"WEEKLY": 1.0, "MONTHLY": 4.35, "YEARLY": 4.35 if months else 52.2}.get(rule.frequency)
    if weeks is None:
        return len(rule.days) / 7
    return sum(1.0 if nth else weeks for nth, _ in rule.days)
