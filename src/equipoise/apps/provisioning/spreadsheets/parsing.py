"""From the tables of a file to what each row says; what is wrong with a row is noted, and nothing is looked up yet."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import translation

from equipoise.adapters.spreadsheets import Line, Table
from equipoise.apps.people.forms import NameField
from equipoise.apps.people.models import Function, Level
from equipoise.apps.provisioning.spreadsheets.columns import NEVER, ONLY_PEOPLES, PEOPLE_NAMES, TEAM_NAMES, plain

CLEAR = "-"
"""A cell that empties what was there; an empty one leaves it as it is."""

LONGEST = {"name": 120, "title": 120, "key": 80, "email": 254}
_YES, _NO = {"yes", "ja", "x", "true", "wahr"}, {"no", "nein", "false", "falsch"}
_ERROR = re.compile(r"#(?:N/A|NV|[A-ZÄÖÜ_]+(?:/0)?[!?])")
"""What a formula says that has gone wrong, in English or German."""

_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T].*)?")
_GERMAN_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_LANGUAGES_ELSEWHERE = (("en", "englisch"), ("de", "german"))
_EARLIEST = date(1950, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong with a cell, or with a row when `column` is empty.

    `code` has its words in `words.PROBLEMS`; `value` is what stands there, or whatever the words speak of.
    """

    code: str
    column: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a row says.

    Attributes:
        kind: "person" or "team".
        sheet: Name of the sheet; empty for a CSV file.
        number: Of the row, as a spreadsheet program shows it.
        cells: What is said, by column; lists for teams and further managers. What is not said is missing; what is
            to be emptied is `None`.
        problems: What is wrong with it.
    """

    kind: str
    sheet: str
    number: int
    cells: Mapping[str, Any]
    problems: tuple[Problem, ...] = field(default=())

    @property
    def spoilt(self) -> set[str]:
        """Columns that hold something that cannot be read."""
        return {problem.column for problem in self.problems}

    def to_json(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Wanted":
        """From what was kept."""
        return cls(**{**kept, "problems": tuple(Problem(**each) for each in kept["problems"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What a file says; `notes` are what was passed over, each a code of `words.NOTES` with what it speaks of."""

    rows: tuple[Wanted, ...]
    notes: tuple[tuple[str, str], ...]


class NoColumns(ValueError):
    """No table of the file has the columns that must be there; `code` has its words in `words.REFUSALS`."""

    def __init__(self, code: str, where: str = "") -> None:
        """Which, and on what sheet or in which column."""
        super().__init__(code)
        self.code = code
        self.where = where


def parse(tables: Iterable[Table]) -> Read:
    """What the tables of a file say.

    Raises:
        NoColumns: When none of them has the columns that must be there, or two columns of one go by the same name.
    """
    rows: list[Wanted] = []
    notes: list[tuple[str, str]] = []
    found = False
    for table in tables:
        passed_over: list[tuple[str, str]] = []
        kind, places = _places(table, passed_over)
        if kind:
            found = True
            notes += passed_over
            rows += (_wanted(kind, table.name, line, places) for line in table.lines)
        elif plain(table.name) not in {"guide", "anleitung"}:
            notes.append(("sheet passed over", table.name))
    if not found:
        raise NoColumns("no columns")
    return Read(rows=tuple(_noting_twice(rows)), notes=tuple(notes))


def _places(table: Table, notes: list[tuple[str, str]]) -> tuple[str, dict[str, int]]:
    """Of what a table is, and where each column stands."""
    titles = [plain(title) for title in table.head]
    as_people = {PEOPLE_NAMES[title] for title in titles if title in PEOPLE_NAMES}
    is_people = "email" in as_people
    if not is_people and as_people & (ONLY_PEOPLES - {"teams"}):
        raise NoColumns("no addresses", table.name)
    names = PEOPLE_NAMES if is_people else TEAM_NAMES
    places: dict[str, int] = {}
    for number, title in enumerate(titles):
        key = names.get(title)
        if key in places:
            raise NoColumns("column twice", table.head[number])
        if key is not None:
            places[key] = number
        elif title:
            notes.append(("role passed over" if title in NEVER else "column passed over", table.head[number]))
    if is_people:
        return "person", places
    return ("team", places) if "name" in places else ("", {})


def _wanted(kind: str, sheet: str, line: Line, places: Mapping[str, int]) -> Wanted:
    texts = {key: line.cells[at] for key, at in places.items() if at < len(line.cells) and line.cells[at]}
    if "given" in texts or "family" in texts:
        whole = " ".join(filter(None, (texts.pop("given", ""), texts.pop("family", ""))))
        texts.setdefault("name", whole)
    cells: dict[str, Any] = {}
    problems: list[Problem] = []
    for key, text in texts.items():
        try:
            cells[key] = _value(key, text)
        except _Wrong as wrong:
            problems.append(Problem(code=wrong.code, column=key, value=text[:200]))
    must_be_there = "email" if kind == "person" else "name"
    if must_be_there not in texts or cells.get(must_be_there, "") is None:
        problems.append(Problem(code=f"no {must_be_there}", column=must_be_there))
    return Wanted(kind=kind, sheet=sheet, number=line.number, cells=cells, problems=tuple(problems))


class _Wrong(ValueError):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def _value(key: str, text: str) -> Any:
    if _ERROR.fullmatch(text):
        raise _Wrong("error of a formula")
    if text == CLEAR:
        return [] if key in {"teams", "leads", "others"} else None
    if len(text) > LONGEST.get(key, 2000):
        raise _Wrong("too long")
    read = _READERS.get(key)
    return text if read is None else read(text)


def _name(text: str) -> str:
    cleaned: str = NameField().to_python(text)
    if not cleaned or "\0" in cleaned:
        raise _Wrong("not a name")
    return cleaned


def _address(text: str) -> str:
    address = text.removeprefix("mailto:").lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise _Wrong("not an address") from error
    return address


def says_yes_or_no(text: str) -> bool:
    """Whether a cell says yes or no, and so names no team."""
    return text.casefold() in _YES | _NO


def several(text: str) -> list[str]:
    """The teams that a cell names."""
    return [part.strip() for part in re.split(r"[;\n|]", text) if part.strip()]


def _addresses(text: str) -> list[str]:
    return [_address(part) for part in re.split(r"[;,\s|]+", text) if part]


def _leads(text: str) -> list[str] | bool:
    return text.casefold() in _YES if says_yes_or_no(text) else several(text)


def _day(text: str) -> str:
    """A day in ISO 8601 or as Germans write it; "3/4/2026" means two different days, so it is refused."""
    if found := _DAY.fullmatch(text):
        year, month, day = map(int, found.groups()[:3])
    elif found := _GERMAN_DAY.fullmatch(text):
        day, month, year = map(int, found.groups())
    else:
        raise _Wrong("not a day")
    try:
        read = date(year, month, day)
    except ValueError as error:
        raise _Wrong("not a day") from error
    if not _EARLIEST <= read <= date(2100, 1, 1):
        raise _Wrong("not a day")
    return read.isoformat()


def _language(text: str) -> str:
    known = dict(settings.LANGUAGES)
    names = {plain(name): code for code, name in (*known.items(), *_LANGUAGES_ELSEWHERE)}
    code = text.lower().replace("_", "-").partition("-")[0]
    found = code if code in known else names.get(plain(text))
    if found is None:
        raise _Wrong("unknown language")
    return found


def _zone(text: str) -> str:
    found = _zones().get(text.casefold().replace(" ", "_"))
    if found is None:
        raise _Wrong("unknown zone")
    return found


@cache
def _zones() -> Mapping[str, str]:
    return {name.casefold(): name for name in available_timezones()}


def _choice(kind: type[Level] | type[Function], code: str, text: str) -> str:
    found = _words_of(kind).get(plain(text))
    if found is None:
        raise _Wrong(code)
    return found


@cache
def _words_of(kind: type[Level] | type[Function]) -> Mapping[str, str]:
    """The words of ours, and what we call them in any of our languages."""
    words = {plain(value): value for value in kind.values if value}
    for language, _name_of_it in settings.LANGUAGES:
        with translation.override(language):
            words |= {plain(str(label)): str(value) for value, label in kind.choices if value}
    return words


_READERS: Mapping[str, Any] = {
    "name": _name,
    "email": _address,
    "manager": _address,
    "others": _addresses,
    "teams": several,
    "leads": _leads,
    "joined": _day,
    "left": _day,
    "language": _language,
    "zone": _zone,
    "level": lambda text: _choice(Level, "unknown level", text),
    "function": lambda text: _choice(Function, "unknown function", text),
}


def _noting_twice(rows: Iterable[Wanted]) -> Iterator[Wanted]:
    """Note every row but the first that has an address or a key another one has."""
    seen: dict[tuple[str, str], Wanted] = {}
    for row in rows:
        column = "email" if row.kind == "person" else "key"
        said = row.cells.get(column)
        first = seen.setdefault((row.kind, str(said).casefold()), row) if said else row
        if first is row:
            yield row
        else:
            twice = Problem(code=f"{column} twice", column=column, value=str(first.number))
            yield Wanted(
                kind=row.kind, sheet=row.sheet, number=row.number, cells=row.cells, problems=(*row.problems, twice)
            )
