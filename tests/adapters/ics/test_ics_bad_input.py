"""Bad input: the good is read, the bad is named, and what cannot be read at all is one sentence."""

import contextlib
import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.adapters.ics.written import BERLIN, NEXT_YEAR, YEAR, calendar, entry, read, starts

from equipoise.adapters.ics import (
    BrokenArchive,
    CalendarError,
    CalendarTooLarge,
    EmptyCalendar,
    Limits,
    NoCalendarThere,
    NotACalendar,
    NothingReadable,
    Progress,
    Stage,
    Upload,
    read_calendar,
)
from equipoise.adapters.ics.reading import CalendarReading

GOOD = entry("SUMMARY:good", uid="good")


def read_path(*paths: str | Path, limits: Limits | None = None) -> CalendarReading:
    return read_calendar(paths, start=YEAR, end=NEXT_YEAR, zone=BERLIN, limits=limits)


def zipped(members: dict[str, bytes | str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def one_sentence(error: BaseException) -> bool:
    text = str(error)
    return text.endswith(".") and "\n" not in text and "Traceback" not in text and ". " not in text.rstrip(".")


class TestBrokenEntry:
    @pytest.mark.parametrize(
        ("broken", "line", "reason"),
        [
            (entry(start=""), 4, "the entry has no start (DTSTART)"),
            (entry(start="DTSTART:tomorrow"), 6, "DTSTART is no date or time: 'tomorrow'"),
            (entry(start="DTSTART:20200231T100000Z"), 6, "DTSTART is no date or time: '20200231T100000Z'"),
            (entry(start="DTSTART:00000101T100000Z"), 6, "DTSTART is no date or time: '00000101T100000Z'"),
            (entry(start="DTSTART:"), 6, "DTSTART is no date or time: ''"),
            (entry(length="DTEND:20200107T080000Z"), 7, "the entry ends before it starts"),
            (entry(length="DURATION:-PT1H"), 7, "the entry ends before it starts (DURATION is '-PT1H')"),
            (entry(length="DURATION:one hour"), 7, "DURATION is no duration: 'one hour'"),
            (entry("EXDATE:x"), 8, "EXDATE is no date or time: 'x'"),
            (entry("RRULE:FREQ=OFTEN"), 8, "the recurrence rule cannot be read: FREQ is OFTEN (FREQ=OFTEN)"),
            (
                entry("RRULE:FREQ=DAILY;INTERVAL=0"),
                8,
                "the recurrence rule cannot be read: INTERVAL and COUNT must be at least 1 (FREQ=DAILY;INTERVAL=0)",
            ),
            (
                entry("RRULE:FREQ=MONTHLY;BYMONTHDAY=32"),
                8,
                "the recurrence rule cannot be read: BYMONTHDAY is 32 (FREQ=MONTHLY;BYMONTHDAY=32)",
            ),
            (
                entry("RRULE:FREQ=WEEKLY;BYDAY=XX"),
                8,
                "the recurrence rule cannot be read: BYDAY is 'XX' (FREQ=WEEKLY;BYDAY=XX)",
            ),
            (
                entry("RRULE:FREQ=SECONDLY"),
                4,
                "the entry repeats too often (secondly, more than 50,000 times up to the end of the period)",
            ),
            (
                entry("RRULE:FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=30"),
                4,
                "the entry repeats too often (minutely, more than 50,000 times up to the end of the period)",
            ),
        ],
    )
    def test_is_reported_with_its_line_and_the_rest_is_read(self, broken: str, line: int, reason: str) -> None:
        reading = read(calendar(broken, GOOD))
        assert [found.entry.title for found in reading.occurrences] == ["good"]
        (problem,) = reading.problems
        assert (problem.source, problem.line, problem.reason, problem.entry_lost) == ("1.ics", line, reason, True)

    @pytest.mark.parametrize(
        "start",
        ["DTSTART:99991231T235959Z", "DTSTART;TZID=America/New_York:99991231T235959", "DTSTART;VALUE=DATE:99991231"],
    )
    def test_the_end_of_time_harms_nothing(self, start: str) -> None:
        reading = read(calendar(entry("RRULE:FREQ=DAILY", start=start, length=""), GOOD))
        assert [found.entry.title for found in reading.occurrences] == ["good"]

    def test_the_beginning_of_time_harms_nothing(self) -> None:
        old = entry("RRULE:FREQ=DAILY", start="DTSTART;TZID=Asia/Tokyo:00010101T000000")
        assert len(read(calendar(old, GOOD)).occurrences) in {1, 367, 368}

    def test_a_rule_from_long_ago_costs_nothing(self) -> None:
        old = entry("RRULE:FREQ=WEEKLY;BYDAY=MO,TU", start="DTSTART:16010101T090000Z")
        assert len(read(calendar(old)).occurrences) == 104

    @pytest.mark.parametrize("frequency", ["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY"])
    def test_a_rule_that_never_comes_ends_at_once(self, frequency: str) -> None:
        rule = f"RRULE:FREQ={frequency};BYMONTH=2;BYMONTHDAY=30"
        never = [entry(rule, start="DTSTART:20160101T090000Z", uid=str(number)) for number in range(50)]
        assert starts(read(calendar(*never, GOOD))) == ["01-07 09:00"]

    @pytest.mark.parametrize("frequency", ["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY"])
    def test_an_interval_beyond_all_time_leaves_the_start(self, frequency: str) -> None:
        reading = read(calendar(entry(f"RRULE:FREQ={frequency};INTERVAL=999999999")))
        assert (starts(reading), reading.problems) == (["01-07 09:00"], ())

    def test_a_rule_until_the_year_9999_stops_at_the_end_of_the_period(self) -> None:
        assert len(read(calendar(entry("RRULE:FREQ=DAILY;UNTIL=99991231T235959Z"))).occurrences) == 360

    def test_a_short_rule_by_the_second_is_kept(self) -> None:
        assert len(read(calendar(entry("RRULE:FREQ=SECONDLY;COUNT=3"))).occurrences) == 3

    def test_when_every_entry_is_broken_the_reading_is_refused(self) -> None:
        with pytest.raises(NothingReadable) as refused:
            read(calendar(entry(start="DTSTART:x")))
        assert one_sentence(refused.value)
        assert "1.ics line 6: DTSTART is no date or time: 'x'" in str(refused.value)

    def test_when_every_entry_repeats_absurdly_the_reading_is_refused(self) -> None:
        with pytest.raises(NothingReadable, match="repeats too often"):
            read(calendar(entry("RRULE:FREQ=SECONDLY")))


class TestWhatIsNoCalendar:
    @pytest.mark.parametrize(
        ("content", "error"),
        [
            (b"", NoCalendarThere),
            (b" \r\n\r\n", NoCalendarThere),
            (b"title,start\nReview,2020-01-01\n", NotACalendar),
            (b"<!DOCTYPE html><html><body>Sign in</body></html>", NotACalendar),
            (b"\x89PNG\r\n\x1a\n\x00\x00", NotACalendar),
            (b"BEGIN:VCARD\nFN:Lena\nEND:VCARD\n", NotACalendar),
            (calendar().encode(), EmptyCalendar),
            (b"PK\x03\x04 not really", BrokenArchive),
        ],
    )
    def test_gets_one_sentence(self, content: bytes, error: type[CalendarError]) -> None:
        with pytest.raises(error) as refused:
            read(content)
        assert one_sentence(refused.value)
        assert "1.ics" in str(refused.value)

    def test_a_missing_file_gets_one_sentence(self, tmp_path: Path) -> None:
        with pytest.raises(NoCalendarThere, match="does not exist") as refused:
            read_path(tmp_path / "none.ics")
        assert one_sentence(refused.value)

    def test_a_name_no_file_can_have_gets_one_sentence(self) -> None:
        with pytest.raises(NoCalendarThere):
            read_path("a\x00b.ics")

    def test_a_folder_without_calendars_gets_one_sentence(self, tmp_path: Path) -> None:
        (tmp_path / "notes.txt").write_text("no")
        with pytest.raises(NoCalendarThere, match=r"holds no \.ics file"):
            read_path(tmp_path)

    def test_one_bad_source_among_good_ones_refuses_all(self, tmp_path: Path) -> None:
        good, bad = tmp_path / "a.ics", tmp_path / "b.ics"
        good.write_text(calendar(GOOD))
        bad.write_text("nothing of the kind")
        with pytest.raises(NotACalendar, match=r"b\.ics"):
            read_path(good, bad)

    def test_an_empty_calendar_beside_a_full_one_is_no_trouble(self) -> None:
        assert read(calendar(), calendar(GOOD)).entries == 1


class TestLimits:
    def test_a_file_over_the_limit_is_refused(self) -> None:
        with pytest.raises(CalendarTooLarge, match=r"1\.ics is larger than the limit of 0\.001 MB") as refused:
            read(calendar(entry("DESCRIPTION:" + "x" * 2000)), limits=Limits(file_bytes=1000))
        assert one_sentence(refused.value) or "0.001" in str(refused.value)

    def test_a_file_on_disk_over_the_limit_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "large.ics"
        path.write_bytes(b"x" * 5000)
        with pytest.raises(CalendarTooLarge):
            read_path(path, limits=Limits(file_bytes=1000, archive_bytes=2000))

    def test_more_entries_than_the_limit_are_refused(self) -> None:
        with pytest.raises(CalendarTooLarge, match="limit of 2 entries"):
            read(calendar(*(entry(uid=str(number)) for number in range(3))), limits=Limits(entries=2))

    def test_more_occurrences_than_the_limit_are_refused(self) -> None:
        with pytest.raises(CalendarTooLarge, match="limit of 10 occurrences"):
            read(calendar(entry("RRULE:FREQ=DAILY")), limits=Limits(occurrences=10))

    def test_an_entry_with_more_repeats_than_the_limit_is_left_out_and_reported(self) -> None:
        reading = read(calendar(entry("RRULE:FREQ=DAILY"), GOOD), limits=Limits(repeats=100))
        assert len(reading.occurrences) == 1
        assert "more than 100 times" in reading.problems[0].reason


class TestArchives:
    def test_every_calendar_in_a_zip_is_read_in_order(self) -> None:
        packed = zipped(
            {
                "b.ics": calendar(entry(uid="b")),
                "folder/a.ICS": calendar(entry(uid="a")),
                "__MACOSX/b.ics": "junk",
                "notes.txt": "no",
            }
        )
        assert read(packed).sources == ("1.ics/b.ics", "1.ics/folder/a.ICS")

    def test_a_zip_without_calendars_is_refused(self) -> None:
        with pytest.raises(NoCalendarThere):
            read(zipped({"notes.txt": "no"}))

    def test_an_overfull_zip_is_refused_by_what_comes_out_of_it(self) -> None:
        bomb = zipped({f"{number}.ics": b"\n" * 2_000_000 for number in range(3)})
        assert len(bomb) < 20_000
        with pytest.raises(CalendarTooLarge, match="unpacks to more than the limit of 1 MB"):
            read(bomb, limits=Limits(archive_bytes=1_000_000))

    def test_one_overfull_member_is_refused(self) -> None:
        with pytest.raises(CalendarTooLarge, match=r"1\.ics/a\.ics is larger"):
            read(zipped({"a.ics": b"\n" * 3_000_000}), limits=Limits(file_bytes=1_000_000))

    def test_a_zip_that_lies_about_its_sizes_is_refused(self) -> None:
        packed = zipped({"a.ics": calendar(GOOD).encode() + b"\n" * 100_000})
        lying = packed.replace((100_000 + len(calendar(GOOD))).to_bytes(4, "little"), (10).to_bytes(4, "little"))
        assert lying != packed
        with pytest.raises(CalendarError):
            read(lying)

    def test_a_zip_in_a_zip_is_not_opened(self) -> None:
        with pytest.raises(NoCalendarThere):
            read(zipped({"inner.zip": zipped({"a.ics": calendar(GOOD)})}))

    def test_a_zip_of_too_many_is_refused(self) -> None:
        packed = zipped({f"{number}.ics": calendar(GOOD) for number in range(4)})
        with pytest.raises(CalendarTooLarge, match="more than 3 calendars"):
            read(packed, limits=Limits(archive_members=3))

    def test_a_damaged_member_is_refused(self) -> None:
        packed = bytearray(zipped({"a.ics": calendar(GOOD)}))
        packed[60:70] = b"\xff" * 10
        with pytest.raises(BrokenArchive):
            read(bytes(packed))


class TestSources:
    def test_a_folder_is_read_with_its_folders(self, tmp_path: Path) -> None:
        (tmp_path / "deep").mkdir()
        (tmp_path / "deep" / "b.ics").write_text(calendar(entry(uid="b")))
        (tmp_path / "a.ics").write_text(calendar(entry(uid="a")))
        assert read_path(tmp_path).sources == (str(tmp_path / "a.ics"), str(tmp_path / "deep" / "b.ics"))

    def test_an_open_file_can_be_handed_over(self) -> None:
        upload = Upload(name="mine.ics", content=io.BytesIO(calendar(GOOD).encode()))
        reading = read_calendar([upload], start=YEAR, end=NEXT_YEAR, zone=BERLIN)
        assert reading.occurrences[0].entry.source == "mine.ics"

    def test_progress_is_told_for_each_stage(self) -> None:
        told: list[Progress] = []
        text = calendar(*(entry(uid=str(number)) for number in range(1200)))
        upload = Upload(name="a.ics", content=text.encode())
        read_calendar([upload], start=YEAR, end=NEXT_YEAR, zone=BERLIN, progress=told.append)
        assert [(each.stage, each.done, each.total) for each in told] == [
            (Stage.READING, 500, 1200),
            (Stage.READING, 1000, 1200),
            (Stage.READING, 1200, 1200),
            (Stage.EXPANDING, 500, 1200),
            (Stage.EXPANDING, 1000, 1200),
            (Stage.EXPANDING, 1200, 1200),
        ]


DIALECTS = [path.read_bytes() for path in sorted((Path(__file__).parent / "dialects").glob("*.ics"))]


class TestImport:
    def test_is_quick_and_pulls_in_no_library_that_few_files_need(self) -> None:
        heavy = "{'icalendar', 'ssl', 'numpy', 'django'}"
        code = f"import sys, equipoise.adapters.ics; print(sorted({heavy} & set(sys.modules)))"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == "[]"


class TestMangledFiles:
    @settings(max_examples=150, deadline=None, derandomize=True)
    @given(st.sampled_from(DIALECTS), st.lists(st.tuples(st.integers(0, 3000), st.binary(max_size=6)), max_size=8))
    def test_raise_nothing_but_a_calendar_error(self, content: bytes, edits: list[tuple[int, bytes]]) -> None:
        mangled = bytearray(content)
        for place, new in edits:
            mangled[place : place + len(new)] = new
        with contextlib.suppress(CalendarError):
            assert all(found.start <= found.end for found in read(bytes(mangled)).occurrences)

    @pytest.mark.parametrize("cut", range(0, 1500, 97))
    def test_cut_off_anywhere_raise_nothing_but_a_calendar_error(self, cut: int) -> None:
        for content in DIALECTS:
            with contextlib.suppress(CalendarError):
                read(content[:cut])
