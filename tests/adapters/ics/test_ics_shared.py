"""The real calendars of the development data, where they are there."""

from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events

from equipoise.adapters.ics import CalendarReading, read_calendar

LONDON = ZoneInfo("Europe/London")


def read(path: Path, first: int, last: int) -> CalendarReading:
    return read_calendar(
        [path], start=datetime(first, 1, 1, tzinfo=UTC), end=datetime(last, 1, 1, tzinfo=UTC), zone=LONDON
    )


@pytest.mark.shared
class TestReadRealCalendars:
    @pytest.mark.parametrize(
        ("name", "entries", "occurrences", "merged"),
        [
            ("openstack_meetings.ics", 101, 7725, 3),
            ("official_agenda_pt.ics", 3985, 3772, 0),
            ("scrubbed_work_calendar.ics", 4778, 576, 0),
            ("dutch_parliament", 1232, 0, 0),
        ],
    )
    def test_reads_every_entry(self, shared: Path, name: str, entries: int, occurrences: int, merged: int) -> None:
        reading = read(shared / "calendars" / name, 2019, 2021)
        assert (reading.entries, len(reading.occurrences), reading.merged) == (entries, occurrences, merged)
        assert reading.problems == ()

    def test_reads_the_committees_of_later_years(self, shared: Path) -> None:
        reading = read(shared / "calendars" / "dutch_parliament", 2000, 2030)
        assert len(reading.sources) == 15
        assert len(reading.occurrences) == reading.entries - reading.merged == 1232

    @pytest.mark.parametrize(
        ("name", "first"),
        [("scrubbed_work_calendar.ics", 2012), ("scrubbed_work_calendar.ics", 2019), ("openstack_meetings.ics", 2019)],
    )
    def test_gives_the_instances_of_recurring_ical_events(self, shared: Path, name: str, first: int) -> None:
        path = shared / "calendars" / name

        def utc(written: date) -> datetime:
            if not isinstance(written, datetime):
                return datetime(written.year, written.month, written.day, tzinfo=LONDON).astimezone(UTC)
            return (written if written.tzinfo else written.replace(tzinfo=LONDON)).astimezone(UTC)

        calendar = icalendar.Calendar.from_ical(path.read_bytes())
        span = datetime(first, 1, 1, tzinfo=UTC), datetime(first + 2, 1, 1, tzinfo=UTC)
        theirs = Counter(
            (utc(event.start), utc(event.end), str(event["UID"]))
            for event in recurring_ical_events.of(calendar).between(*span)
        )
        ours = Counter((o.start, o.end, o.entry.uid) for o in read(path, first, first + 2).occurrences)
        assert ours == theirs
        assert ours
