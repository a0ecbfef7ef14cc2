"""Tables as they are read and written, their limits, and why a file cannot be read."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

MOST_BYTES = 10_000_000
"""A file may have at most so many bytes."""

MOST_UNPACKED_BYTES = 150_000_000
"""An .xlsx file is packed; unpacked it may have at most so many bytes."""

MOST_ROWS = 20_000
"""A table may have at most so many rows below its head."""

MOST_COLUMNS = 100
"""Columns beyond these are not looked at."""

LONGEST_CELL = 2_000
"""Letters of a cell; what is longer is no name, title or list of teams."""


class Unreadable(StrEnum):
    """Why a file cannot be read."""

    TOO_LARGE = "too large"
    TOO_MANY_ROWS = "too many rows"
    BROKEN = "broken"
    OLD_EXCEL = "old excel"
    PROTECTED = "protected"
    NO_TABLE = "no table"
    MERGED = "merged"
    UNKNOWN_LETTERS = "unknown letters"
    LONG_CELL = "long cell"


class WorkbookUnreadable(ValueError):
    """A file cannot be read, and nothing of it was taken."""

    def __init__(self, reason: Unreadable, *, where: str = "") -> None:
        """Why, and where in the file ("Sheet1!B4:C4"), as far as it can be said."""
        super().__init__(f"{reason.value} {where}".strip())
        self.reason = reason
        self.where = where


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of a table.

    Attributes:
        number: Its number in the file, as a spreadsheet program shows it; the first is 1.
        cells: Texts without space at their ends; empty cells at the end of a row are left out. Dates are in ISO 8601,
            whole numbers without a point, true and false "yes" and "no"; an error of a formula ("#REF!") stays.
    """

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A sheet, or a CSV file: its head and the rows below; rows with nothing in them are left out.

    Attributes:
        name: Of the sheet; empty for a CSV file.
        head: The first row that is not empty.
        lines: All rows below it.
    """

    name: str
    head: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What is to be written: a head, rows of texts, and widths of columns in letters."""

    name: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[int] = ()


def as_table(name: str, rows: Sequence[Line]) -> Table | None:
    """The table of some rows, or nothing if all are empty.

    Raises:
        WorkbookUnreadable: When there are too many, or a cell is too long.
    """
    filled = [Line(number=line.number, cells=_trimmed(line.cells)) for line in rows if any(line.cells)]
    if not filled:
        return None
    if len(filled) - 1 > MOST_ROWS:
        raise WorkbookUnreadable(Unreadable.TOO_MANY_ROWS, where=name)
    for line in filled:
        if any(len(cell) > LONGEST_CELL for cell in line.cells):
            raise WorkbookUnreadable(Unreadable.LONG_CELL, where=f"{name}!{line.number}" if name else str(line.number))
    return Table(name=name, head=filled[0].cells, lines=tuple(filled[1:]))


def _trimmed(cells: Sequence[str]) -> tuple[str, ...]:
    end = len(cells)
    while not cells[end - 1]:
        end -= 1
    return tuple(cells[:end])
