"""Wishes for a week, as a TOML file; the format stands in docs/reference/wishes.md."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from equipoise.adapters.plans.toml_reading import DAYS, Table, WishesUnreadable
from equipoise.core.facets import FACETS, Purpose
from equipoise.core.intervals import Span
from equipoise.core.planning.week import Energy, Hours, Lunch, Week, Wish

TABLES = (
    "hours", "limits", "lunch", "focus", "targets", "protected", "no_meetings", "movable", "travel", "blocks",
)  # fmt: skip
BLOCK_KEYS = (
    "title", "facet", "minutes", "longest", "count", "days", "earliest", "latest", "value", "split", "part", "apart",
    "energy",
)  # fmt: skip
MOST_BYTES = 1_000_000
MOST_BLOCKS = 200
USUAL_HOURS = (time(9), time(17))
WORKDAYS = frozenset(range(5))

__all__ = ["Travel", "Wished", "WishesUnreadable", "read_wishes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Travel:
    """Minutes kept free before and after entries with a word in their title."""

    title: str
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wished:
    """What a file of wishes holds.

    Attributes:
        week: The frame of the week.
        wishes: What shall be placed.
        movable: Words of titles of entries that may be proposed to move.
        travel: Entries with a way to go.
    """

    week: Week
    wishes: tuple[Wish, ...]
    movable: tuple[str, ...]
    travel: tuple[Travel, ...]


def read_wishes(path: Path, *, monday: date, zone: ZoneInfo) -> Wished:
    """Read a file of wishes for one week.

    Args:
        path: The file.
        monday: First day of the week.
        zone: The owner's zone.

    Raises:
        WishesUnreadable: When the file cannot be read, or holds what it cannot mean; the sentence names the place.
    """
    values = _load(path)
    root = Table(file=path.name, name="the file", values=values)
    root.allow(*TABLES)
    tables = {name: _table(path, name, values) for name in ("hours", "limits", "lunch", "focus", "targets")}
    hours = _hours(tables["hours"])
    limits = tables["limits"]
    limits.allow("minutes_a_day", "buffer", "grid")
    tables["focus"].allow("start", "end")
    week = Week(
        monday=monday,
        zone=zone,
        hours=hours,
        minutes_a_day=limits.whole("minutes_a_day", least=0, otherwise=480, most=1500),
        buffer_minutes=limits.whole("buffer", least=0, otherwise=0, most=600),
        grid_minutes=limits.whole("grid", least=5, otherwise=15, most=60),
        lunch=_lunch(tables["lunch"]) if "lunch" in values else None,
        protected=tuple(_spans(path, "protected", values, monday, zone)),
        no_meetings=tuple(_spans(path, "no_meetings", values, monday, zone)),
        targets=_targets(tables["targets"]),
        focus_hours=_from_to(tables["focus"]) if "focus" in values else None,
    )
    return Wished(
        week=week,
        wishes=tuple(_wishes(path, values, zone)),
        movable=tuple(_movable(path, values)),
        travel=tuple(_travel(path, values)),
    )


def _load(path: Path) -> Mapping[str, Any]:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise WishesUnreadable(f"Cannot read {path}: {error.strerror or error}.") from error
    if len(data) > MOST_BYTES:
        raise WishesUnreadable(f"{path.name} is larger than {MOST_BYTES:,} bytes; these can hardly be wishes.")
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise WishesUnreadable(f"{path.name} is no text in UTF-8.") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise WishesUnreadable(f"{path.name} is no TOML: {str(error) or 'too deeply nested'}.") from error


def _table(path: Path, name: str, values: Mapping[str, Any]) -> Table:
    found = values.get(name, {})
    if not isinstance(found, dict):
        raise WishesUnreadable(f"{path.name}: {name} must be a table, written [{name}].")
    return Table(file=path.name, name=f"[{name}]", values=found)


def _tables(path: Path, name: str, values: Mapping[str, Any]) -> Iterator[Table]:
    found = values.get(name, [])
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise WishesUnreadable(f"{path.name}: {name} must be tables, each written [[{name}]].")
    for number, each in enumerate(found, start=1):
        yield Table(file=path.name, name=f"[[{name}]] {number}", values=each)


def _hours(table: Table) -> dict[int, Hours]:
    """Working hours: the same each day, except on days that have their own."""
    table.allow("days", "start", "end", *DAYS)
    days = table.days("days") if table.has("days") else WORKDAYS
    usual = _from_to(table, USUAL_HOURS)
    found = dict.fromkeys(sorted(days), usual)
    for weekday, name in enumerate(DAYS):
        if table.has(name):
            own = table.values[name]
            if not isinstance(own, list) or len(own) != 2:
                table.refuse(name, 'must be two times such as ["08:00", "14:00"]')
            found[weekday] = _from_to(
                Table(
                    file=table.file, name=f"{table.name} {name}", values=dict(zip(("start", "end"), own, strict=True))
                )
            )
    if not found:
        table.refuse("days", "must hold at least one day")
    return dict(sorted(found.items()))


def _from_to(table: Table, usual: tuple[time, time] | None = None) -> Hours:
    opens = table.clock("start", usual[0] if usual else None)
    closes = table.clock("end", usual[1] if usual else None)
    if closes != time(0) and closes <= opens:
        table.refuse("end", f"must come after start, but they are {opens:%H:%M} and {closes:%H:%M}")
    return Hours(opens=opens, closes=closes)


def _lunch(table: Table) -> Lunch:
    table.allow("start", "end", "minutes")
    between = _from_to(table)
    closes = between.closes.hour * 60 + between.closes.minute or 24 * 60
    length = closes - between.opens.hour * 60 - between.opens.minute
    minutes = table.whole("minutes", least=1, otherwise=30)
    if minutes > length:
        table.refuse("minutes", f"must fit between start and end, which are {length} minutes apart, and is {minutes}")
    return Lunch(between=between, minutes=minutes)


def _targets(table: Table) -> dict[Purpose, tuple[int, int]]:
    found = {}
    for name, band in table.values.items():
        purpose = _facet(table, name, name)
        if not isinstance(band, list) or len(band) != 2 or any(type(each) is not int for each in band):
            table.refuse(name, "must be two whole numbers of minutes such as [120, 240]")
        if not 0 <= band[0] <= band[1] <= 7 * 24 * 60:
            table.refuse(name, f"must run from a lower to a higher number of minutes, and is {band}")
        found[purpose] = (band[0], band[1])
    return found


def _facet(table: Table, key: str, name: object) -> Purpose:
    plain = name.strip().casefold() if isinstance(name, str) else ""
    if plain not in {each.value for each in FACETS}:
        known = ", ".join(each.value for each in FACETS)
        if key == name:
            table.refuse(f"'{name}'", f"is no facet; the facets are {known}")
        table.refuse(key, f'must be a facet ({known}), and is "{name}"')
    return Purpose(plain)


def _spans(path: Path, name: str, values: Mapping[str, Any], monday: date, zone: ZoneInfo) -> Iterator[Span]:
    """Times of some days; every day where none is named."""
    for table in _tables(path, name, values):
        table.allow("title", "days", "start", "end")
        hours = _from_to(table)
        for weekday in sorted(table.days("days") if table.has("days") else frozenset(range(7))):
            day = monday + timedelta(days=weekday)
            last = day + timedelta(days=1) if hours.closes == time(0) else day
            yield Span(
                start=datetime.combine(day, hours.opens, tzinfo=zone),
                end=datetime.combine(last, hours.closes, tzinfo=zone),
            )


def _movable(path: Path, values: Mapping[str, Any]) -> Iterator[str]:
    for table in _tables(path, "movable", values):
        table.allow("title")
        yield table.text("title")


def _travel(path: Path, values: Mapping[str, Any]) -> Iterator[Travel]:
    for table in _tables(path, "travel", values):
        table.allow("title", "minutes")
        table.need("minutes")
        yield Travel(title=table.text("title"), minutes=table.whole("minutes", least=0, otherwise=0, most=24 * 60))


def _wishes(path: Path, values: Mapping[str, Any], zone: ZoneInfo) -> Iterator[Wish]:
    total = 0
    for number, table in enumerate(_tables(path, "blocks", values), start=1):
        table.allow(*BLOCK_KEYS)
        wish = _wish(table, number, zone)
        total += wish.count
        if total > MOST_BLOCKS:
            table.refuse(
                "count", f"leads to more than {MOST_BLOCKS} blocks in a week, which is more than can be planned"
            )
        yield wish


def _wish(table: Table, number: int, zone: ZoneInfo) -> Wish:
    title = table.text("title")
    table.need("minutes")
    minutes = table.whole("minutes", least=1, otherwise=1)
    longest = table.whole("longest", least=1, otherwise=minutes)
    if longest < minutes:
        table.refuse("longest", f"must not be below minutes, but they are {longest} and {minutes}")
    split = table.yes("split")
    if split and longest > minutes:
        table.refuse("longest", "cannot be given for a block that may be split")
    return Wish(
        key=str(number),
        title=title,
        purpose=_facet(table, "facet", table.values["facet"]) if table.has("facet") else None,
        minutes=minutes,
        longest=longest if longest > minutes else None,
        count=table.whole("count", least=1, otherwise=1, most=MOST_BLOCKS),
        days=table.days("days") if table.has("days") else None,
        earliest=table.moment("earliest", zone),
        latest=table.moment("latest", zone),
        value=table.number("value") if table.has("value") else None,
        split=split,
        part_minutes=table.whole("part", least=5, otherwise=30),
        apart=table.yes("apart"),
        energy=Energy(table.choice("energy", [each.value for each in Energy], Energy.ANY.value)),
    )
