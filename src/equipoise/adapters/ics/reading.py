"""Read calendars: from what a person names to the times at which their entries take place."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from equipoise.adapters.ics.components import (
    Calendar,
    Component,
    Scan,
    decoded,
    line_of,
    odd_line,
    plain_text,
    properties,
    scan,
)
from equipoise.adapters.ics.errors import CalendarTooLarge, EmptyCalendar, NothingReadable
from equipoise.adapters.ics.limits import STEP_ENTRIES, Limits, Progress, Report, Stage, say_nothing
from equipoise.adapters.ics.people import Owner, owner
from equipoise.adapters.ics.records import Record, read_record
from equipoise.adapters.ics.series import Series, newest, occurrences
from equipoise.adapters.ics.sources import Document, Upload, documents
from equipoise.adapters.ics.values import EntryBroken
from equipoise.adapters.ics.zones import Zones
from equipoise.core.timeuse.entries import Occurrence


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something in a source that could not be read as written.

    Attributes:
        source: The file or address.
        line: Its line there, from 1; 0 when it concerns the whole source.
        reason: One sentence without the full stop.
        entry_lost: Whether an entry was left out for it; else it was read as the reason says.
    """

    source: str
    line: int
    reason: str
    entry_lost: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarReading:
    """What was read.

    Attributes:
        occurrences: Every time an entry takes place that overlaps the period, whole, by start, end and UID.
        problems: What could not be read as written, in the order of the sources and their lines.
        entries: Entries (VEVENT) read, copies included.
        merged: Copies dropped because a newer or equal one of the same UID was there.
        names: The calendars' own names, each once.
        sources: The files and addresses read.
    """

    occurrences: tuple[Occurrence, ...]
    problems: tuple[Problem, ...]
    entries: int
    merged: int
    names: tuple[str, ...]
    sources: tuple[str, ...]


def read_calendar(
    sources: Sequence[str | Path | Upload],
    *,
    me: Collection[str] = (),
    start: datetime | None,
    end: datetime,
    zone: ZoneInfo,
    inside: Collection[str] = (),
    limits: Limits | None = None,
    progress: Report | None = None,
    allow_private_hosts: bool = False,
) -> CalendarReading:
    """Read calendars in the iCalendar format (RFC 5545) and say when their entries take place.

    A broken entry is reported and the rest is read; a broken source stops the reading, so that nothing is half read.

    Args:
        sources: Files, folders (every *.ics below), zip archives, http(s) or webcal addresses, uploads.
        me: Mail addresses of the owner; without them nobody's answer or organiser is known.
        start: Aware; the period's begin, or `None` for "from the earliest entry".
        end: Aware; the period's end, where endless rules stop.
        zone: The owner's zone, for floating times and whole days.
        inside: Mail domains of the owner's organisation; by default those of `me`, public mail providers excepted.
        limits: The most that is read.
        progress: Called while reading with bytes fetched, entries read and series expanded.
        allow_private_hosts: Whether an address may lie on this machine or a private network.

    Returns:
        The occurrences that overlap [start, end), and what could not be read.

    Raises:
        CalendarError: A source is missing, too large, refused, or no calendar; the message is one sentence.
        ValueError: `start` or `end` has no zone.
    """
    if end.tzinfo is None or (start is not None and start.tzinfo is None):
        raise ValueError("start and end must carry a time zone")
    reading = _Reading(owner(me, inside), zone, limits or Limits(), progress or say_nothing)
    for source in sources:
        for document in documents(
            source, limits=reading.limits, report=reading.report, allow_private_hosts=allow_private_hosts
        ):
            reading.take(document)
    reading.refuse_nothing()
    found = reading.expand(start, end)
    reading.refuse_nothing()
    return reading.result(found)


class _Reading:
    """The state of one call of `read_calendar`."""

    def __init__(self, of: Owner, zone: ZoneInfo, limits: Limits, report: Report) -> None:
        self.of = of
        self.zone = zone
        self.limits = limits
        self.report = report
        self.by_uid: dict[str, list[Record]] = {}
        self.problems: list[Problem] = []
        self.names: dict[str, None] = {}
        self.sources: list[str] = []
        self.seen = 0
        self.entries = 0
        self.merged = 0

    def take(self, document: Document) -> None:
        """Read one document's entries."""
        found = scan(plain_text(document.name, document.data))
        self.sources.append(document.name)
        self.seen += len(found.events) + len(found.broken)
        if self.seen > self.limits.entries:
            raise CalendarTooLarge(
                f"{document.name} brings the reading to more than the limit of {self.limits.entries:,} entries: "
                "export a shorter period, or read fewer calendars at once."
            )
        for line, reason in found.broken:
            self._problem(document.name, line, reason, lost=True)
        for calendar in found.calendars:
            if calendar.name:
                self.names[calendar.name] = None
        self._take_events(document.name, found)

    def _take_events(self, name: str, found: Scan) -> None:
        zones = {id(calendar): Zones(self.zone, calendar.zones) for calendar in found.calendars}
        total = len(found.events)
        no_calendar = Calendar()
        for number, component in enumerate(found.events, start=1):
            book = zones.get(id(component.calendar)) or zones.setdefault(id(no_calendar), Zones(self.zone, {}))
            self._take_event(name, found, component, book)
            for unknown in book.unknown:
                self._problem(name, component.line, _unknown_zone(unknown, self.zone), lost=False)
            book.unknown.clear()
            if number % STEP_ENTRIES == 0 or number == total:
                self.report(Progress(stage=Stage.READING, source=name, done=number, total=total))

    def _take_event(self, name: str, found: Scan, component: Component, zones: Zones) -> None:
        text, is_utf8 = decoded(component)
        try:
            record = read_record(
                properties(text, loosely=found.unusual),
                calendar=component.calendar,
                zones=zones,
                of=self.of,
                source=name,
                line=component.line,
            )
        except EntryBroken as broken:
            self._problem(name, line_of(found.text, component, broken.name), broken.reason, lost=True)
            return
        except OverflowError:
            self._problem(name, component.line, "the entry has a time outside the years 1 to 9998", lost=True)
            return
        self.entries += 1
        self.by_uid.setdefault(record.entry.uid, []).append(record)
        if not is_utf8:
            self._problem(name, component.line, "the text is not UTF-8 and was read as Windows-1252", lost=False)
        if found.unusual:
            line = odd_line(found.text, component)
            if line is not None:
                self._problem(name, line, "the line is not NAME:VALUE and was skipped", lost=False)

    def refuse_nothing(self) -> None:
        """Raise when the sources hold no entry at all, or none that can be used."""
        if self.entries:
            return
        where = self.sources[0] if len(self.sources) == 1 else f"the {len(self.sources)} calendars"
        lost = [problem for problem in self.problems if problem.entry_lost]
        if lost:
            first = lost[0]
            which = f"None of the {len(lost):,} entries" if len(lost) > 1 else "The only entry"
            negation = "can" if len(lost) > 1 else "cannot"
            raise NothingReadable(
                f"{which} of {where} {negation} be read; see {first.source} line {first.line}: {first.reason}."
            )
        raise EmptyCalendar(f"There is no entry in {where}: export the calendar again, with its entries.")

    def expand(self, start: datetime | None, end: datetime) -> list[Occurrence]:
        """The occurrences of all series, sorted."""
        found: list[Occurrence] = []
        total = len(self.by_uid)
        for number, records in enumerate(self.by_uid.values(), start=1):
            series = newest(records)
            self.merged += series.copies
            found += self._expand_one(series, start, end)
            if len(found) > self.limits.occurrences:
                raise CalendarTooLarge(
                    f"The calendars hold more than the limit of {self.limits.occurrences:,} occurrences in this "
                    "period: read a shorter period, or fewer calendars at once."
                )
            if number % STEP_ENTRIES == 0 or number == total:
                self.report(Progress(stage=Stage.EXPANDING, source="", done=number, total=total))
        found.sort(key=_order)
        return found

    def _expand_one(self, series: Series, start: datetime | None, end: datetime) -> list[Occurrence]:
        try:
            return occurrences(series, start=start, end=end, repeats=self.limits.repeats)
        except EntryBroken as broken:
            entry = (series.main or series.changes[0]).entry
            self._problem(entry.source, entry.line, broken.reason, lost=True)
            self.entries -= len(series.changes) + (series.main is not None) + series.copies
            return []

    def _problem(self, source: str, line: int, reason: str, *, lost: bool) -> None:
        self.problems.append(Problem(source=source, line=line, reason=reason, entry_lost=lost))

    def result(self, found: list[Occurrence]) -> CalendarReading:
        """Everything together."""
        place = {name: number for number, name in enumerate(self.sources)}
        return CalendarReading(
            occurrences=tuple(found),
            problems=tuple(sorted(self.problems, key=lambda problem: (place[problem.source], problem.line))),
            entries=self.entries,
            merged=self.merged,
            names=tuple(self.names),
            sources=tuple(self.sources),
        )


def _order(found: Occurrence) -> tuple[datetime, datetime, str, str, int]:
    entry = found.entry
    return found.start, found.end, entry.uid, entry.source, entry.line


def _unknown_zone(name: str, own: ZoneInfo) -> str:
    return f"the time zone {name[:60]!r} is unknown and was read as {own.key}"
