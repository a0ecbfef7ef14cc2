"""Write a calendar as an office calendar exports it (RFC 5545): one zone, folded lines, CRLF."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta

from equipoise.adapters.demo_agency.meetings import Change, Guest, Meeting, Reply, Shown
from equipoise.adapters.demo_agency.people import DOMAIN, ZONE, Person

WIDTH = 75
LARGE = 12
VIDEO = ("Teams", "Zoom")
HEAD = (
    "BEGIN:VCALENDAR",
    "PRODID:-//Kestrel and Finch//Office calendar//EN",
    "VERSION:2.0",
    "CALSCALE:GREGORIAN",
    "METHOD:PUBLISH",
)
ZONE_LINES = (
    "BEGIN:VTIMEZONE",
    f"TZID:{ZONE}",
    "BEGIN:DAYLIGHT",
    "DTSTART:19810329T020000",
    "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
    "TZNAME:CEST",
    "TZOFFSETFROM:+0100",
    "TZOFFSETTO:+0200",
    "END:DAYLIGHT",
    "BEGIN:STANDARD",
    "DTSTART:19961027T030000",
    "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
    "TZNAME:CET",
    "TZOFFSETFROM:+0200",
    "TZOFFSETTO:+0100",
    "END:STANDARD",
    "END:VTIMEZONE",
)


def write_calendar(person: Person, meetings: Iterable[Meeting], *, until: date) -> bytes:
    """The bytes of an .ics file with one person's meetings; `until` is the day of the export."""
    stamp = f"DTSTAMP:{datetime.combine(until, time(4, 30)):%Y%m%dT%H%M%SZ}"
    lines = [*HEAD, f"X-WR-CALNAME:{_text(person.name)}", f"X-WR-TIMEZONE:{ZONE}", *ZONE_LINES]
    for meeting in meetings:
        lines += _event(meeting, person, stamp)
        for change in meeting.changes:
            if change.declined_by in {"", person.key}:
                lines += _changed(meeting, change, person, stamp)
    lines.append("END:VCALENDAR")
    return "".join(map(_folded, lines)).encode()


def _event(meeting: Meeting, person: Person, stamp: str) -> Iterator[str]:
    yield from ("BEGIN:VEVENT", f"UID:{meeting.uid}", stamp, f"SUMMARY:{_text(meeting.title)}")
    yield from _times(meeting, meeting.start)
    if meeting.rule:
        yield f"RRULE:{meeting.rule}"
    for start in meeting.left_out:
        yield f"EXDATE;TZID={ZONE}:{start:%Y%m%dT%H%M%S}"
    yield from _rest(meeting, person, cancelled=meeting.cancelled)


def _changed(meeting: Meeting, change: Change, person: Person, stamp: str) -> Iterator[str]:
    title = change.title or meeting.title
    yield from ("BEGIN:VEVENT", f"UID:{meeting.uid}", stamp, f"SUMMARY:{_text(title)}")
    yield f"RECURRENCE-ID;TZID={ZONE}:{change.at:%Y%m%dT%H%M%S}"
    yield from _times(meeting, change.start)
    yield from _rest(meeting, person, cancelled=change.cancelled, declined_by=change.declined_by)


def _times(meeting: Meeting, start: datetime) -> Iterator[str]:
    end = start + timedelta(minutes=meeting.minutes)
    if meeting.all_day:
        yield f"DTSTART;VALUE=DATE:{start:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{end:%Y%m%d}"
    else:
        yield f"DTSTART;TZID={ZONE}:{start:%Y%m%dT%H%M%S}"
        yield f"DTEND;TZID={ZONE}:{end:%Y%m%dT%H%M%S}"


def _rest(meeting: Meeting, person: Person, *, cancelled: bool, declined_by: str = "") -> Iterator[str]:
    note = _note(meeting)
    if note:
        yield f"DESCRIPTION:{_text(note)}"
    if meeting.place:
        yield f"LOCATION:{_text(meeting.place)}"
    if meeting.guests:
        yield _guest("ORGANIZER", meeting.host)
        yield from (_attendee(guest, declined_by) for guest in _listed(meeting, declined_by))
    yield f"STATUS:{'CANCELLED' if cancelled else _status(meeting, person)}"
    yield f"TRANSP:{'TRANSPARENT' if meeting.shown is Shown.FREE else 'OPAQUE'}"
    yield f"X-MICROSOFT-CDO-BUSYSTATUS:{meeting.shown}"
    yield f"CLASS:{'PRIVATE' if meeting.private else 'PUBLIC'}"
    yield f"SEQUENCE:{1 if declined_by or cancelled else 0}"
    yield "END:VEVENT"


def _note(meeting: Meeting) -> str:
    """The note, with the way in below it when the meeting is held by video."""
    if meeting.place not in VIDEO:
        return meeting.note
    room = "-".join(re.findall("...", meeting.uid)[:3])
    return f"{meeting.note}\n\nTeilnehmen per Video: https://meet.{DOMAIN}/{room}".strip()


def _listed(meeting: Meeting, declined_by: str) -> tuple[Guest, ...]:
    """Whom an entry lists: everybody; in a large meeting's declined time only the caller and who declined."""
    everybody = (meeting.host, *meeting.guests)
    if not declined_by or len(everybody) <= LARGE:
        return everybody
    return tuple(guest for guest in everybody if guest.key in {meeting.host.key, declined_by})


def _status(meeting: Meeting, person: Person) -> str:
    tentative = meeting.shown is Shown.TENTATIVE or any(
        guest.key == person.key and guest.reply is Reply.TENTATIVE for guest in meeting.guests
    )
    return "TENTATIVE" if tentative else "CONFIRMED"


def _guest(name: str, guest: Guest, more: str = "") -> str:
    return f'{name};CN="{guest.name}"{more}:mailto:{guest.address}'


def _attendee(guest: Guest, declined_by: str) -> str:
    reply = Reply.DECLINED if declined_by and guest.key == declined_by else guest.reply
    rsvp = ";RSVP=TRUE" if reply is Reply.NONE else ""
    return _guest("ATTENDEE", guest, f";ROLE=REQ-PARTICIPANT;PARTSTAT={reply}{rsvp}")


def _text(value: str) -> str:
    r"""Escape a TEXT value (RFC 5545, 3.3.11); a written `\n` in the data is a line break."""
    broken = value.replace("\\n", "\n").replace("\\", "\\\\")
    return broken.replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> str:
    """The line with its end, folded at 75 octets without cutting a character (RFC 5545, 3.1)."""
    if len(line) * 4 <= WIDTH or len(line.encode()) <= WIDTH:
        return f"{line}\r\n"
    pieces, piece, width = [], "", 0
    for character in line:
        size = len(character.encode())
        if width + size > WIDTH:
            pieces.append(piece)
            piece, width = " ", 1
        piece += character
        width += size
    return "\r\n".join((*pieces, piece)) + "\r\n"
