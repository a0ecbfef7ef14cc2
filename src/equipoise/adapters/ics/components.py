"""From the bytes of a file to its entries: lines, folding, components, properties (RFC 5545 sections 3.1 and 3.6).

Written for speed and tolerance: components are found by their BEGIN and END lines over the whole file, text is
unfolded as bytes (writers fold inside a UTF-8 character), and only the properties that count are taken apart.
"""

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from equipoise.adapters.ics.errors import NoCalendarThere, NotACalendar

_MARK = re.compile(rb"^(BEGIN|END|begin|end|Begin|End)[ \t]*:[ \t]*([A-Za-z0-9-]+)[ \t]*$", re.MULTILINE)
_UNUSUAL_LINE = re.compile(rb"^(?![A-Z0-9-]+[;:])[^ \t\n]", re.MULTILINE)
_ODD_LINE = re.compile(rb"^(?![A-Za-z0-9_.-]+[ \t]*[;:])[^ \t\n].*$", re.MULTILINE)
_WANTED = (
    "DTSTART|DTEND|DURATION|UID|SUMMARY|DESCRIPTION|RRULE|EXRULE|RDATE|EXDATE|RECURRENCE-ID|SEQUENCE|DTSTAMP"
    "|LAST-MODIFIED|STATUS|TRANSP|CLASS|ATTENDEE|ORGANIZER|X-MICROSOFT-CDO-BUSYSTATUS"
    "|X-MICROSOFT-CDO-INTENDEDSTATUS|X-MICROSOFT-CDO-ALLDAYEVENT"
)
_PROPERTY = re.compile(rf"^({_WANTED})([;:].*)$", re.MULTILINE)
_PROPERTY_LOOSELY = re.compile(rf"^({_WANTED})[ \t]*([;:].*)$", re.MULTILINE | re.IGNORECASE)
_CALENDAR_PROPERTY = re.compile(r"^(METHOD|X-WR-CALNAME|NAME)[ \t]*([;:].*)$", re.MULTILINE | re.IGNORECASE)
_PARAMETERS = re.compile(r'((?:;[^=;:"]+(?:=(?:"[^"]*"|[^";:])*)?)*):')
_PARAMETER = re.compile(r';([^=;:"]+)=((?:"[^"]*"|[^";:])*)')
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_ESCAPE = re.compile(r"\\([\\;,:\"nN])")

Properties = dict[str, list[str]]
"""Upper-case name to the rests of its lines, each beginning with ':' or ';'."""


@dataclass(slots=True, kw_only=True)
class Calendar:
    """One VCALENDAR: its method, its name, and its time zones' own definitions by TZID."""

    method: str = ""
    name: str = ""
    zones: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """One VEVENT, not yet taken apart: its own lines without those of components inside it."""

    calendar: Calendar
    line: int
    begin: int
    end: int
    pieces: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What a file holds.

    Attributes:
        text: The file with one kind of line end.
        events: Its complete VEVENTs, in order.
        calendars: Its VCALENDARs, in order.
        broken: Line and reason of what could not be told apart; the entry there is lost.
        unusual: Whether some line is not NAME in capitals and a value: small letters, or no content line at all.
    """

    text: bytes
    events: tuple[Component, ...]
    calendars: tuple[Calendar, ...]
    broken: tuple[tuple[int, str], ...]
    unusual: bool


def plain_text(name: str, data: bytes) -> bytes:
    """The file as UTF-8 without byte-order mark and with line feeds only.

    Raises:
        NoCalendarThere: The file is empty.
        NotACalendar: No VCALENDAR begins in it.
    """
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if data.startswith(mark):
            data = data.decode(encoding, "replace").encode()
    data = data.removeprefix(codecs.BOM_UTF8)
    if not data.strip():
        raise NoCalendarThere(f"{name} is empty: export the calendar again.")
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if not re.search(rb"^[ \t]*BEGIN[ \t]*:[ \t]*VCALENDAR", data, re.MULTILINE | re.IGNORECASE):
        raise _not_a_calendar(name, data)
    return data


def _not_a_calendar(name: str, data: bytes) -> NotACalendar:
    opening = data.lstrip()[:200].lower()
    if opening.startswith((b"<!doctype html", b"<html", b"<?xml", b"<!--", b"<head")):
        return NotACalendar(
            f"{name} is a web page, not a calendar: use the calendar's own address in iCal format "
            "(it often ends in .ics)."
        )
    return NotACalendar(f"{name} is not a calendar (no BEGIN:VCALENDAR in it): export it in iCalendar format (.ics).")


def scan(text: bytes) -> Scan:
    """Find the components of a file that `plain_text` has cleaned."""
    return _Scanner(text).run()


class _Scanner:
    """Walks over the BEGIN and END lines and keeps what lies between them."""

    def __init__(self, text: bytes) -> None:
        self.text = text
        self.calendar = Calendar()
        self.calendars: list[Calendar] = []
        self.events: list[Component] = []
        self.broken: list[tuple[int, str]] = []
        self.open: list[str] = []
        self.pieces: list[bytes] = []
        self.piece_from = 0
        self.begin = 0
        self.begin_line = 0
        self.line = 1
        self.counted_to = 0

    def run(self) -> Scan:
        for mark in _MARK.finditer(self.text):
            name = mark[2].upper().decode()
            if mark[1][:1] in b"Bb":
                self._begins(name, mark.start(), mark.end())
            else:
                self._ends(name, mark.start(), mark.end())
        self._left_open()
        return Scan(
            text=self.text,
            events=tuple(self.events),
            calendars=tuple(self.calendars),
            broken=tuple(self.broken),
            unusual=_UNUSUAL_LINE.search(self.text) is not None,
        )

    def _begins(self, name: str, start: int, end: int) -> None:
        if name == "VCALENDAR":
            self._left_open()
            self.calendar = Calendar()
            self.calendars.append(self.calendar)
        elif name == "VEVENT":
            if "VEVENT" in self.open:
                self._left_open()
            self.open = ["VCALENDAR"]
            self.begin, self.begin_line, self.pieces = start, self._line_at(start), []
        elif name == "VTIMEZONE":
            self.begin = start
        if self.open == ["VCALENDAR"]:
            self._calendar_properties(start)
        elif self.open and self.open[-1] == "VEVENT":
            self.pieces.append(self.text[self.piece_from : start])
        self.open.append(name)
        self.piece_from = end + 1

    def _ends(self, name: str, start: int, end: int) -> None:
        if name not in self.open:
            return
        inside = self.open[-1]
        while self.open and self.open.pop() != name:
            pass
        if name == "VCALENDAR":
            self._calendar_properties(start)
        elif name == "VEVENT":
            self._event_ends(inside, start, end)
        elif name == "VTIMEZONE":
            self._zone_ends(end)
        self.piece_from = end + 1

    def _event_ends(self, inside: str, start: int, end: int) -> None:
        if inside == "VEVENT":
            self.pieces.append(self.text[self.piece_from : start])
        self.events.append(
            Component(
                calendar=self.calendar,
                line=self.begin_line,
                begin=self.begin,
                end=end,
                pieces=tuple(self.pieces),
            )
        )

    def _zone_ends(self, end: int) -> None:
        text = unfolded(self.text[self.begin : end]).decode("utf-8", "replace")
        found = re.search(r"^TZID[ \t]*(?:;[^:\n]*)?:(.*)$", text, re.MULTILINE | re.IGNORECASE)
        if found:
            self.calendar.zones.setdefault(unquoted(found[1].strip()), text)

    def _calendar_properties(self, start: int) -> None:
        text = unfolded(self.text[self.piece_from : start]).decode("utf-8", "replace")
        for name, rest in _CALENDAR_PROPERTY.findall(text):
            value = split(rest)[1].strip()
            if name.upper() == "METHOD":
                self.calendar.method = value.upper()
            elif not self.calendar.name:
                self.calendar.name = unescaped(value)

    def _left_open(self) -> None:
        if "VEVENT" in self.open:
            self.broken.append((self.begin_line, "the entry is not closed by END:VEVENT"))
        self.open = []

    def _line_at(self, position: int) -> int:
        self.line += self.text.count(b"\n", self.counted_to, position)
        self.counted_to = position
        return self.line


def unfolded(text: bytes) -> bytes:
    """Join folded lines; as bytes, because some writers fold inside a UTF-8 character."""
    if b"\n " in text:
        text = text.replace(b"\n ", b"")
    if b"\n\t" in text:
        text = text.replace(b"\n\t", b"")
    return text


def decoded(component: Component) -> tuple[str, bool]:
    """The entry's own lines as text, and whether they were UTF-8; if not, they are read as Windows-1252."""
    raw = unfolded(b"".join(component.pieces))
    try:
        return raw.decode(), True
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace"), False


def properties(text: str, *, loosely: bool) -> Properties:
    """The properties that count, by upper-case name; `loosely` also finds names in small letters."""
    found: Properties = {}
    for name, rest in (_PROPERTY_LOOSELY if loosely else _PROPERTY).findall(text):
        if loosely:
            name = name.upper()  # noqa: PLW2901  # the name as the rest of the program knows it
        if name in found:
            found[name].append(rest)
        else:
            found[name] = [rest]
    return found


def odd_line(text: bytes, component: Component) -> int | None:
    """The first line inside an entry that is no content line (no name, or no colon); `None` when all are."""
    odd = _ODD_LINE.search(text, component.begin, component.end)
    return None if odd is None else component.line + text.count(b"\n", component.begin, odd.start())


def line_of(text: bytes, component: Component, name: str) -> int:
    """The line of an entry's property, or of the entry's beginning where it has none of that name."""
    pattern = re.compile(rb"^" + re.escape(name.encode()) + rb"[ \t]*[;:]", re.MULTILINE | re.IGNORECASE)
    found = pattern.search(text, component.begin, component.end) if name else None
    if found is None:
        return component.line
    return component.line + text.count(b"\n", component.begin, found.start())


def split(rest: str) -> tuple[Mapping[str, str], str]:
    """Take the rest of a content line apart into its parameters (upper-case names) and its value."""
    if rest[0] == ":":
        return {}, rest[1:]
    if '"' not in rest:
        head, _, value = rest.partition(":")
        return _parameters(head), value
    found = _PARAMETERS.match(rest)
    if found is None:
        head, _, value = rest.partition(":")
        return _parameters(head), value
    return _parameters(found[1]), rest[found.end() :]


@lru_cache(maxsize=4096)
def _parameters(head: str) -> Mapping[str, str]:
    """The parameters before a value; kept, because a calendar writes the same ones over and over."""
    return {name.strip().upper(): unquoted(inner) for name, inner in _PARAMETER.findall(head)}


def first(found: Properties, name: str) -> str:
    """The value of an entry's first property of a name; empty when it has none."""
    lines = found.get(name)
    if lines is None:
        return ""
    rest = lines[0]
    return (rest[1:] if rest[0] == ":" else split(rest)[1]).strip()


def unquoted(value: str) -> str:
    """A parameter's value without its double quotes."""
    return value.replace('"', "").strip() if '"' in value else value.strip()


def unescaped(value: str) -> str:
    r"""Text with its escapes undone: \n, \, and \; and \\ (RFC 5545 section 3.3.11); without control characters."""
    if "\\" in value:
        value = _ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)
    if not value.isprintable():
        value = _CONTROL.sub("", value)
    return value.strip()
