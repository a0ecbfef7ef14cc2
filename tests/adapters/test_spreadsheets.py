"""Tables as CSV and XLSX, as spreadsheet programs really write them."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from equipoise.adapters.spreadsheets import (
    MOST_ROWS,
    Sheet,
    Table,
    Unreadable,
    WorkbookUnreadable,
    read_workbook,
    write_csv,
    write_xlsx,
)
from equipoise.adapters.spreadsheets.safety import guarded, unguarded

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
HEAD = ("Name", "E-mail")


def only(content: bytes) -> Table:
    (table,) = read_workbook(content)
    return table


def cells(table: Table) -> list[tuple[str, ...]]:
    return [table.head, *(line.cells for line in table.lines)]


def workbook(fill: Callable[[Any], None]) -> bytes:
    book, written = Workbook(), io.BytesIO()
    fill(book)
    book.save(written)
    return written.getvalue()


def refused(content: bytes) -> WorkbookUnreadable:
    with pytest.raises(WorkbookUnreadable) as caught:
        read_workbook(content)
    return caught.value


class TestReadCsv:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
    @pytest.mark.parametrize("separator", [";", ",", "\t"])
    def test_reads_every_usual_encoding_and_separator(self, encoding: str, separator: str) -> None:
        text = f"Name{separator}E-mail\r\nJürgen Größe{separator}j@a.example\r\n"
        assert cells(only(text.encode(encoding))) == [HEAD, ("Jürgen Größe", "j@a.example")]

    def test_keeps_quoted_ends_of_lines_and_separators_and_counts_rows_as_a_program_does(self) -> None:
        table = only(b'Name;E-mail\n\n"Ann;\nB";a@a.example\n')
        assert table.lines[0].cells == ("Ann;\nB", "a@a.example")
        assert table.lines[0].number == 3

    def test_takes_excels_hint_of_the_separator(self) -> None:
        table = only(b"sep=,\r\nName,E-mail\r\nAnn,a@a.example\r\n")
        assert cells(table) == [HEAD, ("Ann", "a@a.example")]
        assert table.lines[0].number == 3

    def test_does_not_count_separators_inside_quotes(self) -> None:
        assert only(b'"Name, first; last";"E-mail"\n').head == ("Name, first; last", "E-mail")

    def test_refuses_what_is_no_text(self) -> None:
        assert refused(bytes(range(256)) * 4).reason is Unreadable.UNKNOWN_LETTERS
        assert refused(b"\xff\xfea").reason is Unreadable.UNKNOWN_LETTERS

    def test_refuses_a_file_with_nothing_in_it(self) -> None:
        assert refused(b"").reason is Unreadable.NO_TABLE
        assert refused(b"\xef\xbb\xbf\r\n;;\r\n").reason is Unreadable.NO_TABLE

    def test_refuses_too_many_rows_and_too_much(self) -> None:
        assert refused(b"Name\n" + b"a\n" * (MOST_ROWS + 1)).reason is Unreadable.TOO_MANY_ROWS
        assert refused(b"a" * 10_000_001).reason is Unreadable.TOO_LARGE
        assert refused(b"Name\n" + b"a" * 2001).reason is Unreadable.LONG_CELL


class TestReadXlsx:
    def test_reads_dates_numbers_and_answers_as_they_are_meant(self) -> None:
        def fill(book: Any) -> None:
            book.active.append(["Name", "Joined", "Key", "Leads"])
            book.active.append(["Ann", date(2026, 3, 1), 4711, True])
            book.active.append(["Ben", datetime(2026, 3, 2), 1.5, False])  # noqa: DTZ001 - Excel knows no zones

        assert cells(only(workbook(fill)))[1:] == [
            ("Ann", "2026-03-01", "4711", "yes"),
            ("Ben", "2026-03-02", "1.5", "no"),
        ]

    def test_takes_formulas_as_the_values_they_had(self) -> None:
        def fill(book: Any) -> None:
            book.active.append(HEAD)
            book.active.append(["=1+1", "a@a.example"])

        content = workbook(fill)
        sheet = "xl/worksheets/sheet1.xml"
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        assert b"<f>1+1</f><v" in parts[sheet]
        parts[sheet] = re.sub(rb"(<f>1\+1</f>)<v.*?</c>", rb"\1<v>2</v></c>", parts[sheet])
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w") as archive:
            for name, part in parts.items():
                archive.writestr(name, part)
        assert only(written.getvalue()).lines[0].cells == ("2", "a@a.example")

    def test_looks_at_all_sheets_but_the_hidden_ones(self) -> None:
        def fill(book: Any) -> None:
            book.active.title = "People"
            book.active.append(HEAD)
            book.create_sheet("Empty")
            for state in ("hidden", "veryHidden"):
                sheet = book.create_sheet(state)
                sheet.append(["Secret"])
                sheet.sheet_state = state
            book.create_sheet("Teams").append(["Name"])

        assert [table.name for table in read_workbook(workbook(fill))] == ["People", "Teams"]

    def test_counts_rows_as_the_program_shows_them(self) -> None:
        def fill(book: Any) -> None:
            book.active["A3"], book.active["A7"] = "Name", "Ann"

        table = only(workbook(fill))
        assert (table.head, table.lines[0].number) == (("Name",), 7)

    def test_refuses_merged_cells_and_says_where(self) -> None:
        def fill(book: Any) -> None:
            book.active.title = "People"
            book.active.append(HEAD)
            book.active.append(["Ann", "x"])
            book.active.merge_cells("A2:B2")

        error = refused(workbook(fill))
        assert (error.reason, error.where) == (Unreadable.MERGED, "People!A2:B2")

    def test_refuses_what_unpacks_to_too_much(self) -> None:
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/worksheets/sheet1.xml", b"\0" * 160_000_000)
        assert len(written.getvalue()) < 1_000_000
        assert refused(written.getvalue()).reason is Unreadable.TOO_LARGE

    def test_refuses_what_only_begins_like_a_workbook(self) -> None:
        whole = workbook(lambda book: book.active.append(HEAD))
        for content in (whole[: len(whole) // 2], b"PK\x03\x04"):
            assert refused(content).reason is Unreadable.BROKEN

    def test_refuses_entities_that_grow(self) -> None:
        entities = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
        bomb = b'<?xml version="1.0"?>' + entities + b"<worksheet>&b;</worksheet>"
        whole = workbook(lambda book: book.active.append(HEAD))
        written = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(whole)) as archive, zipfile.ZipFile(written, "w") as other:
            for name in archive.namelist():
                other.writestr(name, bomb if name.endswith("sheet1.xml") else archive.read(name))
        assert refused(written.getvalue()).reason is Unreadable.BROKEN

    def test_names_an_old_or_protected_workbook(self) -> None:
        old = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 100
        assert refused(old).reason is Unreadable.OLD_EXCEL
        assert refused(old + "EncryptedPackage".encode("utf-16-le")).reason is Unreadable.PROTECTED


TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Co", "Cn")), max_size=20).map(str.strip)
NAMED = st.builds(
    lambda start, text: (start + text).strip(), st.sampled_from(["", "=", "+", "-", "@", "'", "'="]), TEXTS
)
ROWS = st.lists(st.tuples(NAMED, NAMED).filter(any), max_size=5)


class TestWhatIsWritten:
    @given(NAMED)
    def test_is_never_taken_for_a_formula_and_reads_back(self, text: str) -> None:
        assert unguarded(guarded(text)) == text
        assert text == "-" or not guarded(text).startswith(("=", "+", "-", "@"))

    @given(ROWS)
    def test_reads_back_as_it_was_from_csv(self, rows: list[tuple[str, str]]) -> None:
        sheet = Sheet(name="", head=HEAD, rows=rows)
        read = cells(only(write_csv(sheet)))
        assert read == [HEAD, *((first, second) if second else (first,) for first, second in rows)]

    def test_reads_back_as_it_was_from_xlsx(self) -> None:
        rows = [("=cmd|' /C calc'!A0", "+49 30 1"), ("'=1", "2026-01-01"), ("007", "a\nb"), ("TRUE", "1e5")]
        content = write_xlsx(
            [Sheet(name="People", head=HEAD, rows=rows), Sheet(name="Guide", head=["x"], rows=[])], now=NOW
        )
        tables = read_workbook(content)
        assert cells(tables[0]) == [HEAD, *rows]
        assert tables[1].name == "Guide"

    def test_holds_no_formula_in_xlsx(self) -> None:
        content = write_xlsx([Sheet(name="P", head=HEAD, rows=[("=1+1", "")])], now=NOW)
        cell = load_workbook(io.BytesIO(content)).active["A2"]
        assert (cell.data_type, cell.value) == ("s", "=1+1")
