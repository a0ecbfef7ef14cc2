"""Bytes, line ends, folding, escapes, parameters."""

import pytest
from tests.adapters.ics.written import calendar, entry, only_entry, read

from equipoise.adapters.ics import Problem


class TestReadLines:
    @pytest.mark.parametrize("newline", ["\r\n", "\n", "\r"])
    def test_takes_every_kind_of_line_end(self, newline: str) -> None:
        text = calendar(entry("SUMMARY:Rundgang"), newline=newline)
        (found,) = read(text).occurrences
        assert (found.entry.title, found.entry.line) == ("Rundgang", 4)

    def test_passes_over_a_byte_order_mark(self) -> None:
        assert read(b"\xef\xbb\xbf" + calendar(entry()).encode()).entries == 1

    def test_takes_utf_16_with_its_mark(self) -> None:
        (found,) = read(calendar(entry("SUMMARY:Größe")).encode("utf-16")).occurrences
        assert found.entry.title == "Größe"

    def test_joins_a_line_folded_inside_a_character(self) -> None:
        text = calendar(entry("SUMMARY:Größe")).encode().replace(b"\xc3\xb6", b"\xc3\r\n \xb6")
        (found,) = read(text).occurrences
        assert found.entry.title == "Größe"

    def test_joins_lines_folded_with_a_space_or_a_tab(self) -> None:
        assert only_entry("SUMMARY:One-to\n -one with\n\t Ravi").title == "One-to-one with Ravi"

    def test_a_folded_line_that_looks_like_an_end_is_text(self) -> None:
        assert only_entry("DESCRIPTION:see\n END:VEVENT").description == "seeEND:VEVENT"

    def test_undoes_escapes(self) -> None:
        found = only_entry("SUMMARY:Plan\\, do\\; check \\\\ act", "DESCRIPTION:one\\ntwo\\Nthree")
        assert found.title == "Plan, do; check \\ act"
        assert found.description == "one\ntwo\nthree"

    def test_an_escaped_backslash_before_an_n_is_no_line_break(self) -> None:
        assert only_entry("SUMMARY:C:\\\\new").title == "C:\\new"

    def test_takes_parameters_with_colons_and_semicolons_in_quotes(self) -> None:
        assert only_entry('SUMMARY;ALTREP="cid:a;b:c";LANGUAGE=en:Town hall').title == "Town hall"

    def test_takes_names_in_small_letters(self) -> None:
        text = calendar(entry("summary:Review")).replace("BEGIN:VEVENT", "begin:vevent").replace("DTSTART", "dtstart")
        (found,) = read(text).occurrences
        assert found.entry.title == "Review"

    def test_text_that_is_not_utf8_is_read_as_windows_1252_and_reported(self) -> None:
        reading = read(calendar(entry("SUMMARY:Größe")).encode("cp1252"))
        assert reading.occurrences[0].entry.title == "Größe"
        assert reading.problems == (
            Problem(
                source="1.ics", line=4, reason="the text is not UTF-8 and was read as Windows-1252", entry_lost=False
            ),
        )

    def test_a_line_that_is_no_property_is_reported_with_its_number_and_the_entry_read(self) -> None:
        reading = read(calendar(entry("DESCRIPTION:first", "and then no colon", "SUMMARY:Review")))
        assert reading.occurrences[0].entry.title == "Review"
        assert [(problem.line, problem.entry_lost) for problem in reading.problems] == [(9, False)]

    def test_text_never_holds_control_characters(self) -> None:
        found = only_entry("SUMMARY:a\x00b\x1b[2J\\nc", "DESCRIPTION:a\\n\tb\x07")
        assert (found.title, found.description) == ("ab[2J c", "a\n\tb")

    def test_very_long_and_unfinished_lines_cost_no_time(self) -> None:
        quotes, letters = '""' * 200_000, "a" * 400_000
        lines = (
            f"ATTENDEE;CN={quotes}",
            f'ATTENDEE;CN="{letters}:mailto:a@example.org',
            f"SUMMARY;X={letters}",
            letters,
        )
        assert read(calendar(entry(*lines))).entries == 1

    def test_undoes_quoted_printable_of_old_calendars(self) -> None:
        assert only_entry("SUMMARY;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Gr=C3=B6=C3=9Fe").title == "Größe"


class TestReadComponents:
    def test_lines_of_an_alarm_are_not_the_entrys(self) -> None:
        alarm = "BEGIN:VALARM\nDESCRIPTION:ring\nSUMMARY:ring\nDURATION:PT5M\nEND:VALARM"
        found = only_entry(alarm, "SUMMARY:Review")
        assert (found.title, found.description) == ("Review", "")

    def test_other_components_are_passed_over(self) -> None:
        todo = "BEGIN:VTODO\nUID:t\nDTSTART:20200107T090000Z\nEND:VTODO"
        journal = "BEGIN:VJOURNAL\nUID:j\nDTSTART:20200107T090000Z\nEND:VJOURNAL"
        assert read(calendar(todo, entry(), journal)).entries == 1

    def test_several_calendars_in_one_file_are_all_read(self) -> None:
        assert read(calendar(entry(uid="1")) + calendar(entry(uid="2"))).entries == 2

    def test_the_calendars_names_are_told_once_each(self) -> None:
        a = calendar(entry(uid="1"), head=("X-WR-CALNAME:Work\\, mine",))
        b = calendar(entry(uid="2"), head=("NAME:Team",))
        assert read(a, b, a).names == ("Work, mine", "Team")

    def test_an_entry_that_is_not_closed_is_reported_and_the_next_one_read(self) -> None:
        text = calendar(entry("SUMMARY:lost").removesuffix("END:VEVENT").rstrip(), entry("SUMMARY:kept", uid="2"))
        reading = read(text)
        assert [found.entry.title for found in reading.occurrences] == ["kept"]
        (problem,) = reading.problems
        assert (problem.line, problem.reason) == (4, "the entry is not closed by END:VEVENT")

    def test_a_file_cut_off_in_the_middle_keeps_what_came_before(self) -> None:
        whole = calendar(entry(uid="1"), entry("SUMMARY:Second", uid="2"))
        reading = read(whole[: whole.index("SUMMARY:Second")])
        assert (reading.entries, len(reading.problems)) == (1, 1)
        assert reading.problems[0].entry_lost
