"""XLSX files: every cell a text, so that nothing is taken for a date, a number or a formula."""

import io
from collections.abc import Sequence
from datetime import datetime

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from equipoise.adapters.spreadsheets.safety import guarded
from equipoise.adapters.spreadsheets.tables import Sheet

_WIDE = 24


def write_xlsx(sheets: Sequence[Sheet], *, now: datetime) -> bytes:
    """Some tables as one workbook, each on a sheet, its head bold and kept in sight."""
    book = Workbook(write_only=True)
    book.properties.creator = "Equipoise"
    book.properties.created = book.properties.modified = now.replace(tzinfo=None)
    for sheet in sheets:
        page = book.create_sheet(sheet.name)
        page.freeze_panes = "A2"
        for number in range(len(sheet.head)):
            width = sheet.widths[number] if number < len(sheet.widths) else _WIDE
            page.column_dimensions[get_column_letter(number + 1)].width = width
        page.append([_cell(page, text, bold=True) for text in sheet.head])
        for row in sheet.rows:
            page.append([_cell(page, text, bold=False) for text in row])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _cell(page: object, text: str, *, bold: bool) -> WriteOnlyCell:
    kept = guarded(text) if text.startswith("'") else text  # a table that was CSV before keeps its apostrophes
    cell = WriteOnlyCell(page, value=ILLEGAL_CHARACTERS_RE.sub("", kept))
    cell.data_type = "s"
    cell.number_format = "@"
    cell.font = Font(bold=bold)
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    return cell
