"""Read a file of either kind; what it is is seen in its content, not in its name."""

from equipoise.adapters.spreadsheets.csv_files import read_csv
from equipoise.adapters.spreadsheets.tables import MOST_BYTES, Table, Unreadable, WorkbookUnreadable
from equipoise.adapters.spreadsheets.xlsx_reading import read_xlsx

_ZIP = b"PK\x03\x04"
_COMPOUND_FILE = bytes.fromhex("d0cf11e0a1b11ae1")
_PROTECTED = "EncryptedPackage".encode("utf-16-le")


def read_workbook(content: bytes) -> list[Table]:
    """The tables of a CSV or XLSX file: all sheets that are shown and hold anything.

    Raises:
        WorkbookUnreadable: When it cannot be read, is too large, or has merged cells.
    """
    if len(content) > MOST_BYTES:
        raise WorkbookUnreadable(Unreadable.TOO_LARGE)
    if content.startswith(_COMPOUND_FILE):
        raise WorkbookUnreadable(Unreadable.PROTECTED if _PROTECTED in content else Unreadable.OLD_EXCEL)
    tables = read_xlsx(content) if content.startswith(_ZIP) else read_csv(content)
    if not tables:
        raise WorkbookUnreadable(Unreadable.NO_TABLE)
    return tables
