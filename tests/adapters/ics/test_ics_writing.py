"""What Equipoise writes is valid, stays the same, and is read back as it was meant."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.adapters.ics.written import BERLIN

from equipoise.adapters.ics import Upload, read_calendar
from equipoise.adapters.ics.writing import EntryToWrite, written_calendar, written_entry
from equipoise.core.facets import FACETS, Purpose

START = datetime(2026, 11, 24, 9, 0, tzinfo=BERLIN)
ZONES = [BERLIN, ZoneInfo("America/New_York"), timezone(timedelta(hours=5, minutes=45))]
MOMENTS = st.datetimes(
    datetime(1990, 1, 1),  # noqa: DTZ001
    datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from(ZONES),
)
STAMP = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def entry(**chosen: Any) -> EntryToWrite:
    usual = {
        "uid": "b1@equipoise.example",
        "title": "Think about next year",
        "start": START,
        "end": START + timedelta(minutes=90),
        "stamp": STAMP,
        "purpose": Purpose.VISION,
    }
    return EntryToWrite(**{**usual, **chosen})


def event(data: bytes) -> Any:
    """The one event of a calendar, read by another library."""
    (found,) = icalendar.Calendar.from_ical(data).walk("VEVENT")
    return found


def back(data: bytes) -> Any:
    """The one occurrence of a calendar, read as any calendar is."""
    reading = read_calendar(
        [Upload(name="back.ics", content=data)],
        start=START - timedelta(days=400),
        end=START + timedelta(days=400),
        zone=BERLIN,
    )
    assert reading.problems == ()
    (found,) = reading.occurrences
    return found


class TestWrittenCalendar:
    def test_says_all_that_a_calendar_program_needs(self) -> None:
        data = written_calendar(
            [entry(sequence=2, description="Why:\nthe gap", url="https://e.example/b/1")], name="Plan"
        )
        lines = data.decode().split("\r\n")
        assert lines[0] == "BEGIN:VCALENDAR"
        for line in (
            "VERSION:2.0", "METHOD:PUBLISH", "NAME:Plan", "X-WR-CALNAME:Plan",
            "REFRESH-INTERVAL;VALUE=DURATION:PT1H", "UID:b1@equipoise.example", "SUMMARY:Think about next year",
            "DTSTART:20261124T080000Z", "DTEND:20261124T093000Z", "DTSTAMP:20261120T080000Z",
            "LAST-MODIFIED:20261120T080000Z", "SEQUENCE:2", "CATEGORIES:vision", "TRANSP:OPAQUE",
            "STATUS:CONFIRMED", r"DESCRIPTION:Why:\nthe gap", "URL:https://e.example/b/1",
        ):  # fmt: skip
            assert line in lines

    def test_the_same_entries_in_any_order_give_the_same_bytes(self) -> None:
        many = [
            entry(uid=f"b{n}", start=START + timedelta(days=n % 3), end=START + timedelta(days=4)) for n in range(9)
        ]
        assert written_calendar(many, name="Plan") == written_calendar(reversed(many), name="Plan")

    def test_of_two_versions_the_later_is_written(self) -> None:
        data = written_calendar([entry(sequence=1, title="new"), entry(sequence=0, title="old")], name="Plan")
        assert event(data)["SUMMARY"] == "new"

    def test_may_be_empty(self) -> None:
        assert written_calendar([], name="Plan, mine").count(b"BEGIN:") == 1
        assert rb"NAME:Plan\, mine" in written_calendar([], name="Plan, mine")

    def test_a_second_import_updates(self) -> None:
        first = written_calendar([entry()], name="Plan")
        second = written_calendar(
            [entry(sequence=1, start=START + timedelta(hours=1), end=START + timedelta(hours=2))], name="Plan"
        )
        reading = read_calendar(
            [Upload(name="1.ics", content=first), Upload(name="2.ics", content=second)],
            start=START - timedelta(days=9),
            end=START + timedelta(days=9),
            zone=BERLIN,
        )
        assert [found.start for found in reading.occurrences] == [START + timedelta(hours=1)]


class TestWrittenEntry:
    def test_has_no_method_for_a_server(self) -> None:
        assert b"METHOD" not in written_entry(entry())

    def test_is_read_back_as_it_was(self) -> None:
        found = back(written_entry(entry()))
        assert (found.entry.title, found.start, found.end) == (
            "Think about next year",
            START,
            START + timedelta(minutes=90),
        )

    @pytest.mark.parametrize("hour", [0, 1, 2, 3])
    @pytest.mark.parametrize("day", [datetime(2026, 3, 29), datetime(2026, 10, 25)])  # noqa: DTZ001
    def test_a_time_at_the_change_of_clocks_is_the_same_moment(self, day: datetime, hour: int) -> None:
        start = day.replace(hour=hour, tzinfo=BERLIN).astimezone(UTC)
        assert back(written_entry(entry(start=start, end=start + timedelta(hours=1)))).start == start

    @pytest.mark.parametrize("purpose", FACETS)
    def test_names_its_facet(self, purpose: Purpose) -> None:
        assert event(written_entry(entry(purpose=purpose)))["CATEGORIES"].to_ical().decode() == purpose.value

    @pytest.mark.parametrize("purpose", [None, Purpose.OTHER, Purpose.UNCLEAR])
    def test_what_is_no_facet_is_no_category(self, purpose: Purpose | None) -> None:
        assert "CATEGORIES" not in event(written_entry(entry(purpose=purpose)))

    def test_an_address_that_is_none_of_the_web_is_left_out(self) -> None:
        assert "URL" not in event(written_entry(entry(url="javascript:alert(1)")))

    def test_a_title_can_break_into_nothing(self) -> None:
        found = event(written_entry(entry(title="a\r\nEND:VEVENT\r\nBEGIN:VALARM\x00\u2028b")))
        assert found["SUMMARY"] == "a END:VEVENT BEGIN:VALARM b"

    def test_what_is_very_long_is_cut(self) -> None:
        found = event(written_entry(entry(title="ü" * 10_000, description="ü" * 100_000)))
        assert (len(found["SUMMARY"]), len(found["DESCRIPTION"])) == (250, 4_000)

    @given(st.text(max_size=400), st.text(max_size=400))
    def test_any_text_makes_a_valid_object_in_short_lines(self, title: str, description: str) -> None:
        data = written_entry(entry(title=title, description=description))
        assert all(len(line) <= 75 for line in data.split(b"\r\n"))
        assert data.count(b"\r\nEND:") == 2
        found = back(data)
        assert found.start == START
        assert " ".join(str(event(data)["SUMMARY"]).split()) == str(event(data)["SUMMARY"])

    @given(MOMENTS, st.integers(1, 10**6))
    def test_any_moment_is_the_same_moment(self, start: datetime, seconds: int) -> None:
        start = start.replace(microsecond=0).astimezone(UTC)
        found = event(written_entry(entry(start=start, end=start + timedelta(seconds=seconds))))
        assert (found.start, found.end) == (start, start + timedelta(seconds=seconds))

    @pytest.mark.parametrize(
        "wrong",
        [
            {"uid": ""}, {"uid": "a\nb"}, {"uid": "x" * 300}, {"end": START}, {"end": START - timedelta(hours=1)},
            {"start": datetime(2026, 11, 24, 9)},  # noqa: DTZ001
        ],
    )  # fmt: skip
    def test_refuses_what_is_no_entry(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(ValueError, match=r"\.$"):
            written_entry(entry(**wrong))
