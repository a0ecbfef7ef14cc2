"""Recurrence rules (RFC 5545 section 3.3.10): read, checked, and named by their rhythm."""

import math
import re
from dataclasses import dataclass, field
from datetime import date

from equipoise.adapters.ics.values import EntryBroken, Moment, read_moment
from equipoise.adapters.ics.zones import Zones
from equipoise.core.timeuse.entries import Recurrence

DAYS_BETWEEN = {
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
    if frequency not in DAYS_BETWEEN:
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
        return _nearest(DAYS_BETWEEN[rule.frequency] * rule.interval / _times_a_period(rule))
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
