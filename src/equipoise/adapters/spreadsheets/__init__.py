"""Read and write tables as CSV and XLSX, the way spreadsheet programs really write them."""

from equipoise.adapters.spreadsheets.csv_files import write_csv
from equipoise.adapters.spreadsheets.reading import read_workbook
from equipoise.adapters.spreadsheets.tables import (
    MOST_BYTES,
    MOST_ROWS,
    Line,
    Sheet,
    Table,
    Unreadable,
    WorkbookUnreadable,
)
from equipoise.adapters.spreadsheets.xlsx_writing import write_xlsx

__all__ = [
    "MOST_BYTES",
    "MOST_ROWS",
    "Line",
    "Sheet",
    "Table",
    "Unreadable",
    "WorkbookUnreadable",
    "read_workbook",
    "write_csv",
    "write_xlsx",
]
