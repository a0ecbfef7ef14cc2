"""From the records of one UID to the times at which it takes place (RFC 5545 section 3.8.5)."""

from bisect import bisect_right
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from equipoise.adapters.ics.expansion import starts
from equipoise.adapters.ics.records import Record
from equipoise.adapters.ics.values import EntryBroken, Length, Moment, day_of, to_utc
from equipoise.core.timeuse.entries import Entry, Occurrence

_MARGIN = timedelta(days=2)
_FIRST_WALL = datetime(1, 1, 3)  # noqa: DTZ001  # wall times are naive
_LAST_WALL = datetime(9998, 12, 31)  # noqa: DTZ001

Key = datetime | date
"""What names one occurrence of a series: its original start in UTC, or its day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """The records of one UID, each the newest of its copies.

    Attributes:
        main: The entry itself; `None` when only changed occurrences are there.
        changes: Changed occurrences by their RECURRENCE-ID.
        copies: How many older or equal copies were dropped.
    """

    main: Record | None
    changes: tuple[Record, ...]
    copies: int


def newest(records: list[Record]) -> Series:
    """Keep one record of each kind: highest SEQUENCE, then the latest stamp, then a known answer, then the first.

    A METHOD:CANCEL record at least as new as what it cancels marks it cancelled and keeps its words and times.
    """
    if len(records) == 1 and records[0].instead_of is None:
        return Series(main=records[0], changes=(), copies=0)
    kinds: dict[Key | None, Record] = {}
    for record in records:
        kind = None if record.instead_of is None else _key(record.instead_of)
        kinds[kind] = _newer(kinds[kind], record) if kind in kinds else record
    main = kinds.pop(None, None)
    changes = tuple(_beside(change, main) for change in kinds.values())
    return Series(main=main, changes=changes, copies=len(records) - len(changes) - (main is not None))


def _newer(old: Record, new: Record) -> Record:
    if old.calls_off != new.calls_off:
        calling_off, held = (old, new) if old.calls_off else (new, old)
        if calling_off.version[0] >= held.version[0]:
            return replace(held, entry=replace(held.entry, cancelled=True), version=calling_off.version)
        return held
    return new if new.version > old.version else old


def _beside(change: Record, main: Record | None) -> Record:
    """A changed occurrence beside its series.

    It repeats as the series does, is called off with it unless it is newer, and names a floating time on its wall.
    """
    named = change.instead_of
    if main is None or named is None:
        return change
    if main.entry.cancelled and change.version[0] <= main.version[0]:
        change = replace(change, entry=replace(change.entry, cancelled=True))
    if named.floating and not named.is_date and not main.start.is_date:
        named = replace(named, zone=main.start.zone)
    return replace(change, entry=replace(change.entry, recurring=main.entry.recurring), instead_of=named)


def _key(moment: Moment) -> Key:
    return day_of(moment) if moment.is_date else moment.utc()


def occurrences(series: Series, *, start: datetime | None, end: datetime, repeats: int) -> list[Occurrence]:
    """The occurrences that overlap [start, end), whole, in no promised order.

    Args:
        series: Records of one UID.
        start: Aware; `None` means from the beginning.
        end: Aware; where endless rules stop.
        repeats: The most occurrences, and steps to find them, of one entry.

    Raises:
        EntryBroken: A rule repeats too often, or a time lies outside the years 1 to 9998.
    """
    try:
        main = series.main
        if main is not None and not (series.changes or main.rules or main.added or main.excluded):
            return _kept(main.entry, main.begin, _end_of(main), start, end)
        return _Expansion(series, start, end, repeats).run()
    except OverflowError:
        raise EntryBroken("the entry has a time outside the years 1 to 9998", "DTSTART") from None


class _Expansion:
    """One series being expanded over one period."""

    def __init__(self, series: Series, start: datetime | None, end: datetime, repeats: int) -> None:
        self.series = series
        self.start = start
        self.end = end
        self.repeats = repeats
        self.found: list[Occurrence] = []
        self.changed = _changed_keys(series)
        self.shifts = sorted(
            ((change.instead_of.utc(), change) for change in series.changes if change.instead_of and change.and_later),
            key=lambda shift: shift[0],
        )
        self.shift_keys = [key for key, _ in self.shifts]

    def run(self) -> list[Occurrence]:
        main = self.series.main
        excluded: set[Key] = set()
        if main is not None:
            excluded = _excluded(main)
            if not main.rules and not main.added:
                self._single(main, excluded)
            else:
                self._repeated(main, excluded)
        for change in self.series.changes:
            if change.instead_of is None or not _names(change.instead_of) & excluded:
                self._keep(change.entry, change.begin, _end_of(change))
        return self.found

    def _single(self, main: Record, excluded: set[Key]) -> None:
        """An entry without rules; a changed occurrence of it takes its place."""
        utc = main.begin
        if excluded and {utc, day_of(main.start)} & excluded:
            return
        if self.series.changes and self._changed(main.start.wall, utc):
            return
        self._keep(main.entry, utc, _end_of(main))

    def _repeated(self, main: Record, excluded: set[Key]) -> None:
        zone = main.start.zone
        lower, upper = self._walls(main)
        left_out = _excluded_by_rule(main, lower, upper, self.repeats)
        own_lengths = _own_lengths(main)
        for number, wall in enumerate(sorted(self._all_walls(main, lower, upper))):
            if number >= self.repeats:
                raise EntryBroken(f"the entry repeats more than {self.repeats:,} times in the period", "RRULE")
            if wall in left_out:
                continue
            utc = to_utc(wall, zone)
            if excluded and (utc in excluded or wall.date() in excluded):
                continue
            if self.series.changes and self._changed(wall, utc):
                continue
            if self.shifts and utc > self.shift_keys[0]:
                self._shifted(utc)
            else:
                length = own_lengths.get(wall, main.length) if own_lengths else main.length
                self._keep(main.entry, utc, length.end_of(wall, zone, utc))

    def _all_walls(self, main: Record, lower: datetime, upper: datetime) -> set[datetime]:
        walls = {_on_wall(extra, main.start) for extra, _ in main.added}
        if not main.rules:
            walls.add(main.start.wall)
        for rule in main.rules:
            for number, wall in enumerate(starts(rule, main.start, lower=lower, upper=upper, most_steps=self.repeats)):
                if number > 4 * self.repeats:
                    raise EntryBroken(f"the entry repeats more than {self.repeats:,} times", "RRULE")
                if wall >= lower:
                    walls.add(wall)
        return walls

    def _walls(self, main: Record) -> tuple[datetime, datetime]:
        """Between which wall times an occurrence may start and still overlap the period, generously."""
        reach = main.length.at_most() + _MARGIN
        for change in self.series.changes:
            if change.and_later and change.instead_of is not None:
                moved = abs(change.begin - change.instead_of.utc())
                reach = max(reach, change.length.at_most() + moved + _MARGIN)
        begin = _FIRST_WALL if self.start is None else self.start.astimezone(UTC).replace(tzinfo=None)
        lower = begin - reach if begin - _FIRST_WALL > reach else _FIRST_WALL
        finish = self.end.astimezone(UTC).replace(tzinfo=None)
        upper = finish + reach if _LAST_WALL - finish > reach else _LAST_WALL
        return lower, min(upper, _LAST_WALL)

    def _changed(self, wall: datetime, utc: datetime) -> bool:
        return utc in self.changed or (wall.date() in self.changed)

    def _shifted(self, utc: datetime) -> None:
        """An occurrence after a change that holds for all later ones: moved and lengthened as that one is."""
        change = self.shifts[bisect_right(self.shift_keys, utc) - 1][1]
        zone = change.start.zone
        original = change.instead_of or change.start
        moved = change.start.wall - original.utc().astimezone(zone).replace(tzinfo=None)
        wall = utc.astimezone(zone).replace(tzinfo=None) + moved
        begin = to_utc(wall, zone)
        self._keep(change.entry, begin, change.length.end_of(wall, zone, begin))

    def _keep(self, entry: Entry, begin: datetime, finish: datetime) -> None:
        self.found += _kept(entry, begin, finish, self.start, self.end)


def _kept(entry: Entry, begin: datetime, finish: datetime, start: datetime | None, end: datetime) -> list[Occurrence]:
    """The occurrence if it overlaps the period; one without length if it lies in it."""
    if begin >= end:
        return []
    if start is not None and (finish <= start and (finish < start or begin < finish)):
        return []
    return [Occurrence(entry=entry, start=begin, end=finish)]


def _end_of(record: Record) -> datetime:
    return record.length.end_of(record.start.wall, record.start.zone, record.begin)


def _changed_keys(series: Series) -> set[Key]:
    """What the changed occurrences replace: instants, or days where either side has only days."""
    only_days = series.main is not None and series.main.start.is_date
    named = [change.instead_of for change in series.changes if change.instead_of is not None]
    return {day_of(each) if each.is_date or only_days else each.utc() for each in named}


def _names(moment: Moment) -> set[Key]:
    return {_key(moment), day_of(moment)}


def _excluded(main: Record) -> set[Key]:
    """EXDATEs as instants, or as days where a day is written or the entry has only days."""
    return {day_of(day) if day.is_date or main.start.is_date else day.utc() for day in main.excluded}


def _excluded_by_rule(main: Record, lower: datetime, upper: datetime, repeats: int) -> set[datetime]:
    found: set[datetime] = set()
    for rule in main.excluded_rules:
        found.update(starts(rule, main.start, lower=lower, upper=upper, most_steps=repeats))
    return found


def _own_lengths(main: Record) -> dict[datetime, Length]:
    return {_on_wall(extra, main.start): length for extra, length in main.added if length is not None}


def _on_wall(extra: Moment, start: Moment) -> datetime:
    """An RDATE on the wall of the entry's start; for an entry of whole days only its day counts."""
    if start.is_date:
        return extra.wall.replace(hour=0, minute=0, second=0)
    if extra.is_date:
        return datetime.combine(extra.wall.date(), start.wall.time())
    if extra.zone is start.zone:
        return extra.wall
    return extra.utc().astimezone(start.zone).replace(tzinfo=None)
