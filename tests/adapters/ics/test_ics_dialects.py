"""What Google, Apple, Outlook and Nextcloud write, read to the last field. The files are our own, in their manner."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from tests.adapters.ics.written import BERLIN, LENA

from equipoise.adapters.ics import CalendarReading, read_calendar
from equipoise.core.timeuse.entries import Answer, Entry, Recurrence, Relation

FOLDER = Path(__file__).parent / "dialects"


def reading_of(name: str) -> CalendarReading:
    return read_calendar(
        [FOLDER / f"{name}.ics"],
        me=[LENA],
        start=datetime(2020, 3, 1, tzinfo=UTC),
        end=datetime(2020, 4, 12, tzinfo=UTC),
        zone=BERLIN,
    )


def rows(reading: CalendarReading) -> list[tuple[str, str, str]]:
    return [
        (f"{found.start:%m-%d %H:%M}", f"{found.end:%m-%d %H:%M}", found.entry.title) for found in reading.occurrences
    ]


def entries(reading: CalendarReading) -> list[Entry]:
    """The entries in order of time, each once, without their place and long words."""
    found = dict.fromkeys(found.entry for found in reading.occurrences)
    return [replace(entry, source="", line=0, description="") for entry in found]


class TestReadGoogle:
    def test_occurrences(self) -> None:
        assert rows(reading_of("google")) == [
            ("03-23 08:30", "03-23 09:00", "Stand-up"),
            ("03-24 08:30", "03-24 09:00", "Stand-up"),
            ("03-26 23:00", "03-27 23:00", ""),
            ("03-30 12:00", "03-30 12:30", "Stand-up (spät)"),
        ]

    def test_entries(self) -> None:
        reading = reading_of("google")
        uid = "standup0001@google.com"
        series = Entry(
            uid=uid,
            series=uid,
            title="Stand-up",
            answer=Answer.ACCEPTED,
            attendees=1,
            others=("ravi@example.org",),
            recurring=Recurrence.WEEKLY,
            organiser_self=True,
        )
        assert entries(reading) == [
            series,
            Entry(
                uid="leave0001@google.com",
                series="leave0001@google.com",
                title="",
                all_day=True,
                free=True,
                private=True,
            ),
            replace(series, title="Stand-up (spät)", attendees=0, relation=Relation.NONE, others=()),
        ]
        assert (reading.names, reading.problems) == (("Lena Vogt",), ())
        assert [found.entry.line for found in reading.occurrences] == [26, 26, 65, 49]


class TestReadApple:
    def test_occurrences_across_the_end_of_summer_in_the_south(self) -> None:
        assert rows(reading_of("apple")) == [
            ("04-02 00:00", "04-02 00:30", "Coffee with Grace"),
            ("04-09 01:00", "04-09 01:30", "Coffee with Grace"),
        ]

    def test_people_named_by_the_mail_parameter(self) -> None:
        (found,) = entries(reading_of("apple"))
        assert found == Entry(
            uid="6E1C1F5A-0001",
            series="6E1C1F5A-0001",
            title="Coffee with Grace",
            answer=Answer.TENTATIVE,
            attendees=1,
            relation=Relation.OUTSIDE,
            others=("grace@partner.example",),
            recurring=Recurrence.WEEKLY,
            organiser_self=False,
        )


class TestReadOutlook:
    def test_occurrences_in_windows_and_custom_zones(self) -> None:
        assert rows(reading_of("outlook")) == [
            ("03-31 09:00", "03-31 10:00", "Budget Monatsabschluss"),
            ("04-02 10:00", "04-02 10:30", ""),
            ("04-02 22:00", "04-03 22:00", "Klausur"),
        ]

    def test_entries(self) -> None:
        budget, call, retreat = entries(reading_of("outlook"))
        assert (budget.attendees, budget.relation, budget.answer) == (2, Relation.MIXED, Answer.TENTATIVE)
        assert (budget.recurring, budget.organiser_self, budget.free) == (Recurrence.MONTHLY, False, False)
        assert (call.private, call.free, call.all_day, call.attendees) == (True, True, False, None)
        assert (retreat.all_day, retreat.free) == (True, False)

    def test_a_description_folded_with_a_tab_is_whole(self) -> None:
        described = reading_of("outlook").occurrences[0].entry.description
        assert described.endswith("Microsoft Teams-Besprechung")


class TestReadNextcloud:
    def test_occurrences_with_a_change_for_all_later_ones(self) -> None:
        assert rows(reading_of("nextcloud")) == [
            ("03-06 21:00", "03-06 21:45", "1:1 Tom"),
            ("03-11 06:00", "03-11 07:00", "Frühstück"),
            ("03-13 20:00", "03-13 20:45", "1:1 Tom"),
            ("03-19 13:00", "03-19 13:30", "1:1 Tom, früher"),
            ("03-26 13:00", "03-26 13:30", "1:1 Tom, früher"),
            ("04-02 13:00", "04-02 13:30", "1:1 Tom, früher"),
            ("04-09 13:00", "04-09 13:30", "1:1 Tom, früher"),
        ]

    def test_entries(self) -> None:
        tom, breakfast, later = entries(reading_of("nextcloud"))
        assert (tom.attendees, tom.organiser_self, tom.recurring) == (1, True, Recurrence.WEEKLY)
        assert (later.series, later.recurring) == (tom.series, Recurrence.WEEKLY)
        assert (breakfast.cancelled, breakfast.attendees) == (True, None)


class TestReadAllAtOnce:
    def test_a_folder_gives_what_its_files_give(self) -> None:
        span = (datetime(2020, 3, 1, tzinfo=UTC), datetime(2020, 4, 12, tzinfo=UTC))
        whole = read_calendar([FOLDER], me=[LENA], start=span[0], end=span[1], zone=BERLIN)
        each = [reading_of(path.stem) for path in sorted(FOLDER.glob("*.ics"))]
        assert len(whole.occurrences) == sum(len(reading.occurrences) for reading in each)
        assert whole.names == ("Büro", "Lena Vogt", "Persönlich", "Kalender")
        assert [Path(source).name for source in whole.sources] == [
            "apple.ics",
            "google.ics",
            "nextcloud.ics",
            "outlook.ics",
        ]
