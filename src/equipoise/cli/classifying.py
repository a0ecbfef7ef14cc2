"""What `equipoise classify` does once its options are read."""

import csv
import io
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from equipoise.adapters.classifier import load_classifier
from equipoise.cli.errors import InputUnreadable
from equipoise.cli.output import write
from equipoise.cli.progress import probabilities_watched
from equipoise.core.facets import PURPOSES
from equipoise.core.timeuse.entries import Entry, Recurrence, Relation
from equipoise.core.timeuse.notes import essence

HEADER = ("id", "primary", "confidence", *(purpose.value for purpose in PURPOSES))
TRUTHS = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
FIELD_LIMIT = 1_000_000

Chosen = TypeVar("Chosen", bound=StrEnum)


class CellWrong(ValueError):
    """A cell holds something else than its column asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of the table: the entry, its length, and the name to give it back under."""

    name: str
    entry: Entry
    minutes: float | None


def carry_out(source: str, output: Path | None) -> None:
    """Read a table, ask the classifier, write the answers.

    Raises:
        InputUnreadable: When the table cannot be read; names the line.
        OutputRefused: When the output cannot be written.
    """
    name = "standard input" if source == "-" else source
    rows = list(read_rows(_text(source, name), name))
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(HEADER)
    told = probabilities_watched(load_classifier(), [row.entry for row in rows], [row.minutes for row in rows])
    for row, chances in zip(rows, told.tolist(), strict=True):
        best = max(range(len(PURPOSES)), key=chances.__getitem__)
        table.writerow((row.name, PURPOSES[best].value, *(f"{each:.6f}" for each in (chances[best], *chances))))
    write(out.getvalue(), output)


def read_rows(text: str, name: str) -> Iterator[Row]:
    """The rows of a table with a header that has at least the column `title`.

    Raises:
        InputUnreadable: When there is no such column, or a cell is wrong; names the line.
    """
    csv.field_size_limit(FIELD_LIMIT)
    table = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    read = 0
    try:
        columns = [column.strip() for column in table.fieldnames or ()]
        if "title" not in columns:
            raise InputUnreadable(f"{name}: the first line must name the columns, and one of them must be 'title'.")
        table.fieldnames = columns
        read = table.line_num
        for number, cells in enumerate(table, start=1):
            yield _row(number, cells)
            read = table.line_num
    except csv.Error as error:
        raise InputUnreadable(f"{name}, line {read + 1}: {error}.") from error
    except CellWrong as error:
        raise InputUnreadable(f"{name}, line {table.line_num}: {error}.") from error


def _text(source: str, name: str) -> str:
    try:
        data = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise InputUnreadable(f"{name}, line {line}: the text is not UTF-8; save the table as UTF-8.") from error
    except OSError as error:
        raise InputUnreadable(f"Cannot read {name}: {error.strerror or error}.") from error


def _row(number: int, raw: Mapping[str | None, str | None]) -> Row:
    if None in raw:
        raise CellWrong("the row has more cells than the header")
    cells = {column: (value or "").strip() for column, value in raw.items() if column}
    name = cells.get("id") or str(number)
    attendees = _cell(cells, "attendees", _count)
    entry = Entry(
        uid=name,
        series=name,
        title=cells["title"],
        description=essence(cells.get("description", "")),
        attendees=attendees,
        relation=_cell(cells, "relation", lambda text: _choice(Relation, text)),
        recurring=_cell(cells, "recurring", lambda text: _choice(Recurrence, text)) or Recurrence.NO,
        organiser_self=_cell(cells, "organiser_self", _truth),
    )
    return Row(name=name, entry=entry, minutes=_cell(cells, "minutes", _minutes))


Read = TypeVar("Read")


def _cell(cells: Mapping[str, str], column: str, read: Callable[[str], Read]) -> Read | None:
    """A cell as its column asks for it; `None` when empty or absent."""
    text = cells.get(column, "")
    if not text:
        return None
    try:
        return read(text)
    except CellWrong as error:
        raise CellWrong(f"{column} is '{text}', but must be {error}") from error


def _count(text: str) -> int:
    try:
        number = float(text)
    except ValueError as error:
        raise CellWrong("a whole number") from error
    if not 0 <= number < 1e9 or number != int(number):
        raise CellWrong("a whole number")
    return int(number)


def _minutes(text: str) -> float:
    try:
        number = float(text)
    except ValueError as error:
        raise CellWrong("a number of minutes") from error
    if not 0 <= number < 1e9:
        raise CellWrong("a number of minutes")
    return number


def _choice(kind: type[Chosen], text: str) -> Chosen:
    try:
        return kind(text.lower())
    except ValueError as error:
        raise CellWrong(f"one of {', '.join(kind)}") from error


def _truth(text: str) -> bool:
    if text.lower() not in TRUTHS:
        raise CellWrong("yes or no")
    return TRUTHS[text.lower()]
