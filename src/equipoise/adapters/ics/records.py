"""One VEVENT taken apart: its entry, its times, and how it repeats."""

import hashlib
import quopri
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from equipoise.adapters.ics.components import Calendar, Properties, first, split, unescaped
from equipoise.adapters.ics.people import Owner, people
from equipoise.adapters.ics.rules import Rule, read_rule, recurrence
from equipoise.adapters.ics.values import (
    EntryBroken,
    Length,
    Moment,
    day_of,
    length_between,
    moment,
    moments,
    read_duration,
)
from equipoise.adapters.ics.zones import Zones
from equipoise.core.timeuse.entries import Answer, Entry, Recurrence

_MICROSOFT = "X-MICROSOFT-CDO-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One VEVENT.

    Attributes:
        entry: What it says.
        start: DTSTART.
        begin: The same in UTC.
        length: From DTEND or DURATION; a day or nothing where both are missing.
        rules: Its RRULEs.
        excluded_rules: Its EXRULEs (RFC 2445).
        added: RDATEs, a period with its own length.
        excluded: EXDATEs.
        instead_of: RECURRENCE-ID, on a changed occurrence.
        and_later: RANGE=THISANDFUTURE.
        calls_off: It comes in a calendar with METHOD:CANCEL.
        version: SEQUENCE, then the latest of LAST-MODIFIED and DTSTAMP, then whether the owner's answer is known.
    """

    entry: Entry
    start: Moment
    begin: datetime
    length: Length
    rules: tuple[Rule, ...]
    excluded_rules: tuple[Rule, ...]
    added: tuple[tuple[Moment, Length | None], ...]
    excluded: tuple[Moment, ...]
    instead_of: Moment | None
    and_later: bool
    calls_off: bool
    version: tuple[int, str, bool]


def read_record(found: Properties, *, calendar: Calendar, zones: Zones, of: Owner, source: str, line: int) -> Record:
    """Take the properties of one VEVENT together.

    Raises:
        EntryBroken: It has no usable start, ends before it starts, or holds a malformed rule or date.
    """
    start = _start(found, zones)
    length = _length(found, start, zones)
    instead_of, and_later = _instead_of(found, zones, start)
    rules = () if instead_of else _rules(found, "RRULE", zones)
    added = _all_moments(found, "RDATE", zones, start)
    called_off = calendar.method == "CANCEL"
    entry = _entry(found, start, of, source, line)
    if rules or added:
        days = [day_of(start), *(day_of(extra) for extra, _ in added)]
        entry = replace(entry, recurring=recurrence(list(rules), days))
    if called_off and not entry.cancelled:
        entry = replace(entry, cancelled=True)
    return Record(
        entry=entry,
        start=start,
        begin=start.utc(),
        length=length,
        rules=rules,
        excluded_rules=_rules(found, "EXRULE", zones),
        added=added,
        excluded=tuple(day for day, _ in _all_moments(found, "EXDATE", zones, start)),
        instead_of=instead_of,
        and_later=and_later,
        calls_off=called_off,
        version=(_sequence(found), _stamp(found), entry.answer is not Answer.NONE),
    )


def _start(found: Properties, zones: Zones) -> Moment:
    lines = found.get("DTSTART")
    if not lines:
        raise EntryBroken("the entry has no start (DTSTART)")
    start = moment(lines[0], "DTSTART", zones)
    midnight = not (start.wall.hour or start.wall.minute or start.wall.second)
    if midnight and not start.is_date and first(found, f"{_MICROSOFT}ALLDAYEVENT").upper() == "TRUE":
        return Moment(start.wall, zones.own, is_date=True, floating=True)
    return start


def _length(found: Properties, start: Moment, zones: Zones) -> Length:
    if "DTEND" in found:
        end = moment(found["DTEND"][0], "DTEND", zones, start)
        if start.is_date and not end.is_date and not (end.wall.hour or end.wall.minute):
            end = Moment(end.wall, zones.own, is_date=True, floating=True)
        return length_between(start, end)
    if "DURATION" in found:
        length = read_duration(split(found["DURATION"][0])[1], "DURATION")
        return Length(1, timedelta()) if start.is_date and length == Length(0, timedelta()) else length
    return Length(int(start.is_date), timedelta())


def _instead_of(found: Properties, zones: Zones, start: Moment) -> tuple[Moment | None, bool]:
    lines = found.get("RECURRENCE-ID")
    if not lines:
        return None, False
    parameters = split(lines[0])[0]
    return (
        moment(lines[0], "RECURRENCE-ID", zones, start),
        parameters.get("RANGE", "").upper() == "THISANDFUTURE",
    )


def _rules(found: Properties, name: str, zones: Zones) -> tuple[Rule, ...]:
    lines = found.get(name)
    return tuple(read_rule(split(line)[1], zones) for line in lines) if lines else ()


def _all_moments(found: Properties, name: str, zones: Zones, start: Moment) -> tuple[tuple[Moment, Length | None], ...]:
    lines = found.get(name)
    return tuple(each for line in lines for each in moments(line, name, zones, start)) if lines else ()


def _entry(found: Properties, start: Moment, of: Owner, source: str, line: int) -> Entry:
    uid = first(found, "UID").replace("\0", "") or _made_up_uid(found)  # which no database keeps as text
    private = first(found, "CLASS").upper() not in {"", "PUBLIC"}
    who = people(found, of)
    busy = _busy(found)
    answer = Answer.TENTATIVE if who.answer is Answer.NONE and busy == "TENTATIVE" else who.answer
    return Entry(
        uid=uid,
        series=uid,
        title="" if private else _text(found, "SUMMARY").replace("\n", " "),
        description="" if private else _text(found, "DESCRIPTION"),
        all_day=start.is_date,
        cancelled=first(found, "STATUS").upper() in {"CANCELLED", "CANCELED"},
        free=busy == "FREE" or first(found, "TRANSP").upper() == "TRANSPARENT",
        private=private,
        answer=answer,
        attendees=who.attendees,
        relation=who.relation,
        others=() if private else who.others,
        recurring=Recurrence.NO,
        organiser_self=who.organiser_self,
        source=source,
        line=line,
    )


def _text(found: Properties, name: str) -> str:
    lines = found.get(name)
    if not lines:
        return ""
    parameters, value = split(lines[0])
    if parameters.get("ENCODING", "").upper() == "QUOTED-PRINTABLE":
        value = quopri.decodestring(value.encode()).decode("utf-8", "replace")
    return unescaped(value)


def _busy(found: Properties) -> str:
    """Outlook's own word for how the time is shown: FREE, TENTATIVE, BUSY, OOF or WORKINGELSEWHERE."""
    return (first(found, f"{_MICROSOFT}BUSYSTATUS") or first(found, f"{_MICROSOFT}INTENDEDSTATUS")).upper()


def _made_up_uid(found: Properties) -> str:
    """A stable name for an entry without UID: two copies of it are one entry."""
    told = "\n".join(f"{name}{line}" for name in sorted(found) for line in found[name] if name != "DTSTAMP")
    return f"no-uid-{hashlib.sha256(told.encode('utf-8', 'replace')).hexdigest()[:24]}"


def _sequence(found: Properties) -> int:
    text = first(found, "SEQUENCE")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0


def _stamp(found: Properties) -> str:
    """The later of LAST-MODIFIED and DTSTAMP; both are UTC in one form, so their text sorts by time."""
    return max(first(found, "LAST-MODIFIED"), first(found, "DTSTAMP"))
