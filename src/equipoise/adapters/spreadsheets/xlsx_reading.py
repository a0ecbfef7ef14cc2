"""XLSX files: values as a spreadsheet program shows them; sheets that are hidden are not looked at."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from equipoise.adapters.spreadsheets.safety import unguarded
from equipoise.adapters.spreadsheets.tables import (
    MOST_COLUMNS,
    MOST_ROWS,
    MOST_UNPACKED_BYTES,
    Line,
    Table,
    Unreadable,
    WorkbookUnreadable,
    as_table,
)

_BROKEN = (
    zipfile.BadZipFile, zlib.error, InvalidFileException, DefusedXmlException, SyntaxError, KeyError, ValueError,
    TypeError, IndexError, AttributeError, EOFError, OSError, RuntimeError, NotImplementedError, OverflowError,
)  # fmt: skip
"""What openpyxl raises of a file that is none."""

_MERGED = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}mergeCell"


def read_xlsx(content: bytes) -> list[Table]:
    """The tables of all sheets that are shown and hold anything.

    Raises:
        WorkbookUnreadable: When it is broken or too large, or cells are merged.
    """
    _refuse_bomb(content)
    try:
        return list(_tables(content))
    except WorkbookUnreadable:
        raise
    except _BROKEN as error:
        raise WorkbookUnreadable(Unreadable.BROKEN) from error


def _refuse_bomb(content: bytes) -> None:
    """Add up what the parts unpack to, by really unpacking them: what the list says may be a lie."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            too_large = _unpacks_to_more(archive, MOST_UNPACKED_BYTES)
    except _BROKEN as error:
        raise WorkbookUnreadable(Unreadable.BROKEN) from error
    if too_large:
        raise WorkbookUnreadable(Unreadable.TOO_LARGE)


def _unpacks_to_more(archive: zipfile.ZipFile, most: int) -> bool:
    total = 0
    for name in archive.namelist():
        with archive.open(name) as part:
            while block := part.read(1_000_000):
                total += len(block)
                if total > most:
                    return True
    return False


def _tables(content: bytes) -> Iterator[Table]:
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    try:
        for sheet in book.worksheets:
            if sheet.sheet_state != "visible":
                continue
            _refuse_merged(sheet)
            sheet.reset_dimensions()
            table = as_table(sheet.title, list(_lines(sheet)))
            if table:
                yield table
    finally:
        book.close()


def _refuse_merged(sheet: Any) -> None:
    """A merged cell says its value once for many rows, and nobody can tell whether it was meant for each."""
    with sheet._get_source() as source:  # noqa: SLF001 - a sheet that is only read does not tell of merged cells
        for _, element in iterparse(source):
            if element.tag == _MERGED:
                raise WorkbookUnreadable(Unreadable.MERGED, where=f"{sheet.title}!{element.get('ref', '')}")
            element.clear()


def _lines(sheet: Any) -> Iterator[Line]:
    rows = sheet.iter_rows(values_only=True)
    for number, values in enumerate(rows, 1):
        cells = tuple(_text(value) for value in values[:MOST_COLUMNS])
        if any(cells):
            yield Line(number=number, cells=cells)
        if number > 4 * MOST_ROWS:
            raise WorkbookUnreadable(Unreadable.TOO_MANY_ROWS, where=sheet.title)


def _text(value: Any) -> str:
    """A value as a text."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.date().isoformat() if value.time() == time(0) else value.isoformat(sep=" ")
        case date() | time():
            return value.isoformat()
        case float() if value.is_integer():
            return str(int(value))
    return unguarded(str(value).replace("\xa0", " ").replace("_x000D_", "").strip())
