"""A time zone from its own definition in a calendar (RFC 5545 section 3.6.5).

Built here and not by a library, because wall times that clocks skip must be read with the offset before the gap, two
calendars may define the same name differently, and converting must be quick.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache

from dateutil.rrule import rrulestr

_PART = re.compile(r"^BEGIN:(STANDARD|DAYLIGHT)\s*$(.*?)^END:\1\s*$", re.MULTILINE | re.IGNORECASE | re.DOTALL)
_LINE = re.compile(
    r"^(DTSTART|TZOFFSETFROM|TZOFFSETTO|RRULE|RDATE)[ \t]*(?:;[^:\n]*)?:(.*)$", re.MULTILINE | re.IGNORECASE
)
_OFFSET = re.compile(r"([+-]?)(\d\d)(\d\d)(\d\d)?")
_UNTIL = re.compile(r";?UNTIL=([0-9TZ]+)", re.IGNORECASE)
_FROM_YEAR = 1969
_TO = datetime(2100, 1, 1)  # noqa: DTZ001  # wall times are naive


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """One change of the clocks: when, in UTC, and the offsets before and after."""

    at: datetime
    before: timedelta
    after: timedelta


class DefinedZone(tzinfo):
    """A zone as a list of changes; before the first one its offset before holds, after the last one the last."""

    def __init__(self, name: str, changes: list[_Change]) -> None:
        """Keep the changes, sorted by time."""
        self.name = name
        self._offsets = [changes[0].before, *(change.after for change in changes)]
        self._at = [change.at for change in changes]
        self._walls_first = [change.at + max(change.before, change.after) for change in changes]
        self._walls_second = [change.at + min(change.before, change.after) for change in changes]

    def utcoffset(self, dt: datetime | None) -> timedelta:
        """The offset at a wall time: in a gap the one before it, in an overlap the first, or with `fold` the second."""
        if dt is None:
            return self._offsets[-1]
        walls = self._walls_second if dt.fold else self._walls_first
        return self._offsets[bisect_right(walls, dt.replace(tzinfo=None))]

    def dst(self, dt: datetime | None) -> None:
        """Not known: a definition tells offsets, not which of them is the standard one."""

    def tzname(self, dt: datetime | None) -> str:  # noqa: ARG002  # the name tzinfo gives it
        """The name the calendar gives."""
        return self.name

    def fromutc(self, dt: datetime) -> datetime:
        """The wall time of an instant."""
        naive = dt.replace(tzinfo=None)
        number = bisect_right(self._at, naive)
        wall = naive + self._offsets[number]
        second = (
            number > 0 and wall < self._walls_first[number - 1] and self._offsets[number] < self._offsets[number - 1]
        )
        return wall.replace(tzinfo=self, fold=int(second))


@lru_cache(maxsize=256)
def defined_zone(name: str, text: str) -> DefinedZone | None:
    """The zone that a VTIMEZONE's unfolded text defines, from 1969 to 2100; `None` when it cannot be read."""
    try:
        changes = sorted(
            (change for part in _PART.finditer(text) for change in _changes(part[2])), key=lambda change: change.at
        )
    except (ValueError, OverflowError, TypeError, KeyError, IndexError):
        return None
    return DefinedZone(name, changes) if changes else None


def _changes(text: str) -> Iterator[_Change]:
    """The changes that one STANDARD or DAYLIGHT part tells."""
    lines: dict[str, list[str]] = {}
    for key, value in _LINE.findall(text):
        lines.setdefault(key.upper(), []).append(value.strip())
    before, after = _offset(lines["TZOFFSETFROM"][0]), _offset(lines["TZOFFSETTO"][0])
    start = datetime.fromisoformat(lines["DTSTART"][0])
    walls = {datetime.fromisoformat(day) for line in lines.get("RDATE", ()) for day in line.split(",")}
    if start.year >= _FROM_YEAR or not lines.get("RRULE"):
        walls.add(start)
    for rule in lines.get("RRULE", ()):
        walls.update(_onsets(rule, start, before))
    for wall in walls:
        yield _Change(at=wall.replace(tzinfo=None) - before, before=before, after=after)


def _onsets(rule: str, start: datetime, before: timedelta) -> Iterator[datetime]:
    until = _UNTIL.search(rule)
    last = _TO
    if until is not None:
        rule = rule.replace(until[0], "").strip(";")
        written = datetime.fromisoformat(until[1])
        last = (written.astimezone(UTC) + before).replace(tzinfo=None) if written.tzinfo else written
    if start.year < _FROM_YEAR and "COUNT" not in rule.upper():
        start = start.replace(year=_FROM_YEAR)  # Outlook's definitions begin in 1601
    for wall in rrulestr(rule, dtstart=start, ignoretz=True):
        if wall > min(last, _TO):
            return
        yield wall


def _offset(text: str) -> timedelta:
    found = _OFFSET.fullmatch(text)
    if found is None:
        raise ValueError(text)
    hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:])
    offset = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    if offset >= timedelta(days=1):
        raise ValueError(text)
    return -offset if found[1] == "-" else offset
