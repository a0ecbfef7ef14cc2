"""Dates, times and lengths as calendars write them (RFC 5545 sections 3.3.4 to 3.3.9)."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from equipoise.adapters.ics.components import split
from equipoise.adapters.ics.zones import Zones

_DURATION = re.compile(
    r"([+-]?)P(?:(\d{1,5})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,7})H)?(?:(\d{1,8})M)?(?:(\d{1,9})S)?)?", re.IGNORECASE
)
_SHAPE = re.compile(r"(\d{8})(?:T(\d{4}(?:\d\d)?)(Z|[+-]\d{4})?)?", re.IGNORECASE)


class EntryBroken(Exception):
    """An entry cannot be used; `reason` says why, `name` is the property to look at."""

    def __init__(self, reason: str, name: str = "") -> None:
        """Keep the reason and the property's name."""
        super().__init__(reason)
        self.reason = reason
        self.name = name


@dataclass(frozen=True, slots=True)
class Moment:
    """A date or a time on the wall of some zone.

    Attributes:
        wall: The naive wall time; midnight for a date.
        zone: Whose wall; the reading's own zone for dates and floating times.
        is_date: Whether only a date was written.
        floating: Whether no zone was written.
    """

    wall: datetime
    zone: tzinfo
    is_date: bool
    floating: bool

    def utc(self) -> datetime:
        """The instant, in UTC."""
        return to_utc(self.wall, self.zone)


@dataclass(frozen=True, slots=True)
class Length:
    """How long an entry takes: whole days on the wall, then an exact rest (RFC 5545 section 3.8.5.3)."""

    days: int
    exact: timedelta

    def end_of(self, wall: datetime, zone: tzinfo, start: datetime) -> datetime:
        """The end in UTC of an occurrence that starts at `wall`, which is `start` in UTC."""
        if self.days:
            start = to_utc(wall + timedelta(days=self.days), zone)
        return start + self.exact

    def at_most(self) -> timedelta:
        """An upper bound of the time from start to end."""
        return timedelta(days=self.days) + self.exact + timedelta(days=bool(self.days))


def to_utc(wall: datetime, zone: tzinfo) -> datetime:
    """A wall time as an instant.

    A time that clocks skip is read with the offset before the gap, one that they show twice is the first of the two
    (RFC 5545 section 3.3.5).
    """
    if zone is UTC:
        return wall.replace(tzinfo=UTC)
    return wall.replace(tzinfo=zone).astimezone(UTC)


def moment(rest: str, name: str, zones: Zones, near: Moment | None = None) -> Moment:
    """The one date or time of a property.

    Args:
        rest: The line after the property's name.
        name: The property's name, for the sentence if it is broken.
        zones: Resolves TZID.
        near: The entry's start; a floating value beside it is meant in its zone.

    Raises:
        EntryBroken: It is no date or time.
    """
    parameters, value = split(rest)
    zone_name = parameters.get("TZID", "")
    if ":" in value and zone_name:
        head, _, value = value.rpartition(":")  # an unquoted colon inside TZID, as Outlook writes it
        zone_name = f"{zone_name}:{head}"
    return read_moment(value, name, zones, zone_name, near, only_date=parameters.get("VALUE", "").upper() == "DATE")


def moments(rest: str, name: str, zones: Zones, near: Moment) -> list[tuple[Moment, Length | None]]:
    """The dates, times or periods of an EXDATE or RDATE line; a period carries its own length.

    Raises:
        EntryBroken: One of them is no date, time or period.
    """
    parameters, value = split(rest)
    zone_name = parameters.get("TZID", "")
    only_date = parameters.get("VALUE", "").upper() == "DATE"
    found: list[tuple[Moment, Length | None]] = []
    for part in value.split(","):
        if not part.strip():
            continue
        begin, _, rest_of_period = part.partition("/")
        start = read_moment(begin, name, zones, zone_name, near, only_date=only_date)
        length = None
        if rest_of_period.strip()[:1] in {"P", "p", "+", "-"}:
            length = read_duration(rest_of_period, name)
        elif rest_of_period:
            end = read_moment(rest_of_period, name, zones, zone_name, near, only_date=False)
            length = length_between(start, end, name)
        found.append((start, length))
    return found


def read_moment(value: str, name: str, zones: Zones, zone_name: str, near: Moment | None, *, only_date: bool) -> Moment:
    """One date or time value.

    Raises:
        EntryBroken: It is no date or time.
    """
    value = value.strip()
    shape = _SHAPE.fullmatch(value.replace("-", "").replace(":", "") if value[4:5] == "-" else value)
    if shape is None:
        raise EntryBroken(f"{name} is no date or time: {_short(value)}", name)
    day, clock, offset = shape.groups()
    try:
        wall = _wall(day, clock)
        zone = None if offset is None else UTC if offset in "Zz" else datetime.strptime(offset, "%z").tzinfo
    except (ValueError, OverflowError):
        raise EntryBroken(f"{name} is no date or time: {_short(value)}", name) from None
    if clock is None or only_date:
        return Moment(wall.replace(hour=0, minute=0, second=0), zones.own, is_date=True, floating=True)
    if zone is not None:
        return Moment(wall, zone, is_date=False, floating=False)
    if zone_name:
        return Moment(wall, zones.named(zone_name), is_date=False, floating=False)
    return Moment(wall, near.zone if near and not near.is_date else zones.own, is_date=False, floating=True)


def _wall(day: str, clock: str | None) -> datetime:
    """The wall time; a leap second counts as the second before it, 24:00 as the next midnight."""
    if clock is None:
        return datetime.fromisoformat(day)  # naive on purpose, here and below
    if clock.startswith("24") and not clock[2:].strip("0"):
        return datetime.fromisoformat(day) + timedelta(days=1)
    if len(clock) == 6 and clock.endswith("60"):
        clock = clock[:4] + "59"
    return datetime.fromisoformat(f"{day}T{clock}")


def read_duration(value: str, name: str) -> Length:
    """A duration such as PT1H30M, P1D or P2W; days and weeks are nominal, the rest is exact.

    Raises:
        EntryBroken: It is no duration, or a negative one.
    """
    found = _DURATION.fullmatch(value.strip())
    if found is None or not any(found.groups()[1:]):
        raise EntryBroken(f"{name} is no duration: {_short(value)}", name)
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:])
    if found[1] == "-" and (weeks or days or hours or minutes or seconds):
        raise EntryBroken(f"the entry ends before it starts ({name} is {_short(value)})", name)
    return Length(weeks * 7 + days, timedelta(hours=hours, minutes=minutes, seconds=seconds))


def length_between(start: Moment, end: Moment, name: str = "DTEND") -> Length:
    """The length from one moment to another: whole days between dates, else an exact time.

    Raises:
        EntryBroken: The end lies before the start.
    """
    if start.is_date and end.is_date:
        days = (end.wall - start.wall).days
        if days < 0:
            raise EntryBroken("the entry ends before it starts", name)
        return Length(days or 1, timedelta())
    exact = end.utc() - start.utc()
    if exact < timedelta():
        raise EntryBroken("the entry ends before it starts", name)
    return Length(0, exact)


def day_of(found: Moment) -> date:
    """The date as written."""
    return found.wall.date()


def _short(value: str) -> str:
    return repr(value if len(value) <= 40 else f"{value[:37]}...")
