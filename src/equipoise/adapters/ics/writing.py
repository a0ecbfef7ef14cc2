"""Write entries of Equipoise's own as iCalendar (RFC 5545, 7986): a feed or file of many, or one object for a server.

The same entries give the same bytes. A UID that stays makes a second import an update, not a second entry.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event, vDuration, vText

from equipoise.core.facets import FACETS, Purpose

_PRODID = "-//Equipoise//Equipoise//EN"
_LONGEST_TITLE = 250
_LONGEST_TEXT = 4_000
_LONGEST_UID = 250
_REFRESH = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryToWrite:
    """One entry as it should stand in a calendar.

    Attributes:
        uid: What it is known by for good.
        title: One line; what is too long is cut, what cannot be printed left out.
        start: With its zone; written in UTC, to the second.
        end: The same; after the start.
        description: Any number of lines, or empty.
        sequence: How often it was changed since it was first written.
        stamp: When it was last changed.
        purpose: The facet it is for, written as its category; `None` for no category.
        url: An http(s) address where more stands, or empty.
    """

    uid: str
    title: str
    start: datetime
    end: datetime
    description: str = ""
    sequence: int = 0
    stamp: datetime
    purpose: Purpose | None = None
    url: str = ""


def written_calendar(entries: Iterable[EntryToWrite], *, name: str) -> bytes:
    """A whole calendar as a feed or file, in the order of time; of two entries with one UID the later version.

    Args:
        entries: What it holds; none makes a valid, empty calendar.
        name: Its name, for programs that show one.

    Raises:
        ValueError: An entry has no UID, no zone, or ends before it starts.
    """
    latest: dict[str, EntryToWrite] = {}
    for entry in entries:
        known = latest.get(entry.uid)
        if known is None or known.sequence <= entry.sequence:
            latest[entry.uid] = entry
    calendar = _calendar()
    calendar.add("method", "PUBLISH")
    calendar.add("name", vText(_line(name, _LONGEST_TITLE)))
    calendar.add("x-wr-calname", vText(_line(name, _LONGEST_TITLE)))
    calendar.add("refresh-interval", vDuration(_REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(_REFRESH))
    for entry in sorted(latest.values(), key=lambda entry: (entry.start, entry.uid)):
        calendar.add_component(_event(entry))
    return bytes(calendar.to_ical())


def written_entry(entry: EntryToWrite) -> bytes:
    """One entry alone, as a calendar server takes it (RFC 4791, 4.1: no METHOD).

    Raises:
        ValueError: The entry has no UID, no zone, or ends before it starts.
    """
    calendar = _calendar()
    calendar.add_component(_event(entry))
    return bytes(calendar.to_ical())


def rewritten_entry(data: bytes, entry: EntryToWrite) -> bytes:
    """An entry of ours as a calendar server takes it, in place of what stands there.

    What another program wrote since (a title, notes, an alarm, guests) stays; only the time is ours.

    Args:
        data: The object as it stands on the server.
        entry: How it should be.

    Raises:
        ValueError: It repeats there, is several entries, or another one: whose it is now, one cannot tell.
    """
    calendar = Calendar.from_ical(data)
    if str(calendar.get("prodid", "")) == _PRODID:
        return written_entry(entry)
    events = list(calendar.walk("VEVENT"))
    if len(events) != 1 or str(events[0].get("uid", "")) != entry.uid or "rrule" in events[0] or "rdate" in events[0]:
        raise ValueError(f"The entry {entry.uid} was made into something else in its calendar.")
    ours = _event(entry)
    event = events[0]
    for name in ("dtstart", "dtend", "duration", "dtstamp", "last-modified", "sequence"):
        event.pop(name, None)
        if name in ours:
            event[name] = ours[name]
    return bytes(calendar.to_ical())


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", _PRODID)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    return calendar


def _event(entry: EntryToWrite) -> Event:
    uid = _line(entry.uid, _LONGEST_UID)
    if not uid or uid != entry.uid:
        raise ValueError(f"{entry.uid[:80]!r} is no UID: it must be one short line of printable letters.")
    start, end, stamp = _utc(entry.start), _utc(entry.end), _utc(entry.stamp)
    if end <= start:
        raise ValueError(f"The entry {uid} ends before it has begun.")
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", stamp)
    event.add("last-modified", stamp)
    event.add("sequence", entry.sequence)
    event.add("summary", _line(entry.title, _LONGEST_TITLE))
    event.add("dtstart", start)
    event.add("dtend", end)
    event.add("status", "CONFIRMED")
    event.add("transp", "OPAQUE")
    if description := _text(entry.description):
        event.add("description", description)
    if entry.purpose in FACETS:
        event.add("categories", [entry.purpose.value])
    if entry.url.startswith(("https://", "http://")):
        event.add("url", _line(entry.url, _LONGEST_TEXT))
    return event


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("A time to write must say its zone.")
    return moment.astimezone(UTC).replace(microsecond=0)


def _line(text: str, longest: int) -> str:
    """The text as one line, without what cannot be printed."""
    return _cut(" ".join(_printable(text).split()), longest)


def _text(text: str) -> str:
    """The text with its lines, without what cannot be printed."""
    lines = (_printable(line).rstrip() for line in text.splitlines())
    return _cut("\n".join(lines).strip(), _LONGEST_TEXT)


def _printable(text: str) -> str:
    """Controls and halves of letters become spaces; joiners inside letters stay."""
    return "".join(" " if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} else c for c in text)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"
