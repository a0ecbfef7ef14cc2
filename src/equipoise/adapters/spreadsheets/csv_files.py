"""CSV files: any of the usual encodings and separators, quoted ends of lines."""

import codecs
import csv
import io

from equipoise.adapters.spreadsheets.safety import guarded, unguarded
from equipoise.adapters.spreadsheets.tables import (
    MOST_COLUMNS,
    MOST_ROWS,
    Line,
    Sheet,
    Table,
    Unreadable,
    WorkbookUnreadable,
    as_table,
)

SEPARATORS = (";", ",", "\t")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_EXCELS_HINT = "sep="


def read_csv(content: bytes) -> list[Table]:
    """The one table of a CSV file, or none.

    Raises:
        WorkbookUnreadable: When its letters are not to be read, or there are too many rows.
    """
    text = _decode(content)
    separator, first = _separator(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows: list[Line] = []
    try:
        for number, cells in enumerate(reader, 1):
            if number > first:
                rows.append(Line(number=number, cells=_clean(cells)))
            if len(rows) > 2 * MOST_ROWS:
                raise WorkbookUnreadable(Unreadable.TOO_MANY_ROWS)
    except csv.Error as error:
        raise WorkbookUnreadable(Unreadable.BROKEN, where=str(reader.line_num)) from error
    table = as_table("", rows)
    return [table] if table else []


def _clean(cells: list[str]) -> tuple[str, ...]:
    return tuple(unguarded(cell.strip()) for cell in cells[:MOST_COLUMNS])


def _decode(content: bytes) -> str:
    """UTF-8 or UTF-16 by their marks; else UTF-16 by its zeros, UTF-8 if it is valid, Windows-1252 if not."""
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), None) or _guess(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace") if encoding == "utf-8" else "\0"
    if "\0" in text or "\ufffd" in text:
        raise WorkbookUnreadable(Unreadable.UNKNOWN_LETTERS)
    return text


def _guess(content: bytes) -> str:
    start = content[:2000]
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if odd > len(start) // 5 and not even:
        return "utf-16-le"
    if even > len(start) // 5 and not odd:
        return "utf-16-be"
    return "utf-8"


def _separator(text: str) -> tuple[str, int]:
    """What separates cells, and how many rows stand before the table (Excel's own hint, or none)."""
    lines = text.splitlines()
    first = next((line for line in lines if line.strip()), "")
    if first.lower().startswith(_EXCELS_HINT) and len(first.strip()) == len(_EXCELS_HINT) + 1:
        return first[len(_EXCELS_HINT)], lines.index(first) + 1
    outside = "".join(first.split('"')[0::2])
    return max(SEPARATORS, key=outside.count), 0


def write_csv(sheet: Sheet) -> bytes:
    """A table as CSV in UTF-8 with a byte-order mark, by which Excel knows it, separated by commas."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow([guarded(cell) for cell in sheet.head])
    writer.writerows([guarded(cell) for cell in row] for row in sheet.rows)
    return codecs.BOM_UTF8 + written.getvalue().encode()
