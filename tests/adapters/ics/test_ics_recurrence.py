"""Series: clock changes, exceptions, changed occurrences, and where recurring-ical-events says otherwise."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events
from tests.adapters.ics.written import BERLIN, NEXT_YEAR, YEAR, calendar, entry, read, starts, times

TEN = "DTSTART;TZID=Europe/Berlin:20200107T100000"
CUSTOM = "Customized Time Zone"


def definition(name: str, standard: str, daylight: str, back: str, forth: str) -> str:
    """A VTIMEZONE as Outlook writes it, from 1601 on."""
    return "\n".join(
        [
            "BEGIN:VTIMEZONE",
            f"TZID:{name}",
            *_part("STANDARD", "16010101T030000", daylight, standard, back),
            *_part("DAYLIGHT", "16010101T020000", standard, daylight, forth),
            "END:VTIMEZONE",
        ]
    )


def _part(name: str, start: str, before: str, after: str, rule: str) -> Sequence[str]:
    rule = f"RRULE:FREQ=YEARLY;{rule}"
    return (f"BEGIN:{name}", f"DTSTART:{start}", f"TZOFFSETFROM:{before}", f"TZOFFSETTO:{after}", rule, f"END:{name}")


NORTH = definition(CUSTOM, "+0100", "+0200", "BYDAY=-1SU;BYMONTH=10", "BYDAY=-1SU;BYMONTH=3")
SOUTH = definition(CUSTOM, "+1000", "+1100", "BYDAY=1SU;BYMONTH=4", "BYDAY=1SU;BYMONTH=10")


class TestClockChanges:
    @pytest.mark.parametrize(
        ("zone", "day", "expected"),
        [
            ("Europe/Berlin", "20200322", ["03-22 09:00", "03-29 08:00", "04-05 08:00"]),
            ("Europe/Berlin", "20201018", ["10-18 08:00", "10-25 09:00", "11-01 09:00"]),
            ("America/New_York", "20200301", ["03-01 15:00", "03-08 14:00", "03-15 14:00"]),
            ("Australia/Sydney", "20200329", ["03-28 23:00", "04-05 00:00", "04-12 00:00"]),
            ("Australia/Sydney", "20200927", ["09-27 00:00", "10-03 23:00", "10-10 23:00"]),
            ("Asia/Kolkata", "20200322", ["03-22 04:30", "03-29 04:30", "04-05 04:30"]),
        ],
    )
    def test_a_weekly_meeting_keeps_its_time_on_the_wall(self, zone: str, day: str, expected: list[str]) -> None:
        text = calendar(entry("RRULE:FREQ=WEEKLY;COUNT=3", start=f"DTSTART;TZID={zone}:{day}T100000"))
        assert starts(read(text)) == expected

    @pytest.mark.parametrize(("head", "tzid"), [((), "Europe/Berlin"), ((NORTH,), CUSTOM)])
    def test_a_time_the_clocks_skip_is_read_with_the_offset_before(self, head: tuple[str, ...], tzid: str) -> None:
        text = calendar(entry("RRULE:FREQ=DAILY;COUNT=3", start=f"DTSTART;TZID={tzid}:20200328T023000"), head=head)
        assert times(read(text)) == [
            "03-28 01:30 to 03-28 02:30",
            "03-29 01:30 to 03-29 02:30",
            "03-30 00:30 to 03-30 01:30",
        ]

    @pytest.mark.parametrize(("head", "tzid"), [((), "Europe/Berlin"), ((NORTH,), CUSTOM)])
    def test_a_time_the_clocks_show_twice_is_the_first_of_the_two(self, head: tuple[str, ...], tzid: str) -> None:
        text = calendar(entry("RRULE:FREQ=DAILY;COUNT=3", start=f"DTSTART;TZID={tzid}:20201024T023000"), head=head)
        assert starts(read(text)) == ["10-24 00:30", "10-25 00:30", "10-26 01:30"]

    def test_the_southern_hemisphere_in_a_zone_of_the_calendars_own(self) -> None:
        skipped = entry("RRULE:FREQ=DAILY;COUNT=3", start=f"DTSTART;TZID={CUSTOM}:20201003T023000")
        twice = entry("RRULE:FREQ=DAILY;COUNT=3", start=f"DTSTART;TZID={CUSTOM}:20200404T023000", uid="2")
        found = starts(read(calendar(skipped, twice, head=(SOUTH,))))
        assert found == ["04-03 15:30", "04-04 15:30", "04-05 16:30", "10-02 16:30", "10-03 16:30", "10-04 15:30"]

    def test_a_floating_time_is_in_the_owners_zone(self) -> None:
        text = calendar(entry(start="DTSTART:20200707T100000"))
        assert starts(read(text, zone=ZoneInfo("America/New_York"))) == ["07-07 14:00"]

    def test_a_whole_day_begins_where_midnight_exists(self) -> None:
        text = calendar(entry(start="DTSTART;VALUE=DATE:20181104", length="DTEND;VALUE=DATE:20181105"))
        reading = read(text, zone=ZoneInfo("America/Sao_Paulo"), start=None)
        assert times(reading) == ["11-04 03:00 to 11-05 02:00"]

    def test_days_of_a_duration_are_days_on_the_wall_and_hours_are_hours(self) -> None:
        noon = "DTSTART;TZID=Europe/Berlin:20200328T120000"
        assert times(read(calendar(entry(start=noon, length="DURATION:P1D")))) == ["03-28 11:00 to 03-29 10:00"]
        assert times(read(calendar(entry(start=noon, length="DURATION:PT24H")))) == ["03-28 11:00 to 03-29 11:00"]


class TestNamesOfZones:
    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("W. Europe Standard Time", "07-07 08:00"),
            ('"AUS Eastern Standard Time"', "07-07 00:00"),
            ("/mozilla.org/20050126_1/Europe/Berlin", "07-07 08:00"),
            ("/freeassociation.sourceforge.net/America/New_York", "07-07 14:00"),
            ("europe/BERLIN", "07-07 08:00"),
            ("America/Argentina/Buenos_Aires", "07-07 13:00"),
            ("US/Eastern", "07-07 14:00"),
            ("UTC", "07-07 10:00"),
        ],
    )
    def test_are_understood_as_programs_write_them(self, name: str, expected: str) -> None:
        reading = read(calendar(entry(start=f"DTSTART;TZID={name}:20200707T100000")), zone=ZoneInfo("Asia/Tokyo"))
        assert (starts(reading), reading.problems) == ([expected], ())

    def test_a_name_with_a_colon_and_no_quotes_is_found_in_the_calendar(self) -> None:
        name = "(UTC+01:00) Amsterdam, Berlin"
        head = (definition(name, "+0100", "+0200", "BYDAY=-1SU;BYMONTH=10", "BYDAY=-1SU;BYMONTH=3"),)
        reading = read(calendar(entry(start=f"DTSTART;TZID={name}:20200707T100000"), head=head))
        assert (starts(reading), reading.problems) == (["07-07 08:00"], ())

    def test_an_unknown_name_is_reported_once_and_read_in_the_owners_zone(self) -> None:
        text = calendar(*(entry(start=f"DTSTART;TZID=Moon:2020070{day}T100000", uid=str(day)) for day in (1, 2, 3)))
        reading = read(text)
        assert starts(reading)[0] == "07-01 08:00"
        (problem,) = reading.problems
        assert problem.reason == "the time zone 'Moon' is unknown and was read as Europe/Berlin"

    @pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/localtime", "Europe", "x" * 5000, "Zürich\x00"])
    def test_a_name_never_leads_to_a_file(self, name: str) -> None:
        reading = read(calendar(entry(start=f"DTSTART;TZID={name}:20200707T100000")))
        assert len(reading.occurrences) == 1

    def test_a_definition_with_written_dates_and_an_end_is_kept(self) -> None:
        head = "\n".join(
            [
                "BEGIN:VTIMEZONE",
                "TZID:Ours",
                *_part("STANDARD", "19700101T000000", "+0100", "+0100", "BYMONTH=1;BYMONTHDAY=1;COUNT=1"),
                "BEGIN:DAYLIGHT",
                "DTSTART:20200301T000000",
                "RDATE:20210301T000000",
                "TZOFFSETFROM:+0100",
                "TZOFFSETTO:+0330",
                "END:DAYLIGHT",
                *_part(
                    "STANDARD", "20200901T000000", "+0330", "+0100", "BYMONTH=9;BYMONTHDAY=1;UNTIL=20201001T000000Z"
                ),
                "END:VTIMEZONE",
            ]
        )
        months = [f"DTSTART;TZID=Ours:{when}T120000" for when in ("20200201", "20200401", "20201001")]
        text = calendar(*(entry(start=month, uid=month) for month in months), head=(head,))
        assert starts(read(text)) == ["02-01 11:00", "04-01 08:30", "10-01 11:00"]

    def test_two_calendars_may_define_the_same_name_differently(self) -> None:
        text = calendar(entry(start=f"DTSTART;TZID={CUSTOM}:20200707T100000"), head=(NORTH,))
        other = calendar(entry(start=f"DTSTART;TZID={CUSTOM}:20200707T100000", uid="2"), head=(SOUTH,))
        assert starts(read(text, other)) == ["07-07 00:00", "07-07 08:00"]


class TestExceptions:
    WEEKLY = "RRULE:FREQ=WEEKLY;COUNT=4"

    @pytest.mark.parametrize(
        "line",
        [
            "EXDATE;TZID=Europe/Berlin:20200114T100000",
            "EXDATE:20200114T090000Z",
            "EXDATE:20200114T100000",
            "EXDATE;VALUE=DATE:20200114",
        ],
    )
    def test_a_date_is_left_out_in_every_form(self, line: str) -> None:
        found = starts(read(calendar(entry(self.WEEKLY, line, start=TEN))))
        assert found == ["01-07 09:00", "01-21 09:00", "01-28 09:00"]

    def test_several_dates_on_one_line_and_several_lines(self) -> None:
        lines = ("EXDATE:20200114T090000Z,20200121T090000Z", "EXDATE:20200107T090000Z")
        assert starts(read(calendar(entry(self.WEEKLY, *lines, start=TEN)))) == ["01-28 09:00"]

    def test_a_whole_day_is_left_out_by_day_or_by_time(self) -> None:
        for line in ("EXDATE;VALUE=DATE:20200108", "EXDATE:20200108T000000Z", "EXDATE;TZID=Asia/Tokyo:20200108T000000"):
            text = calendar(entry("RRULE:FREQ=DAILY;COUNT=3", line, start="DTSTART;VALUE=DATE:20200107", length=""))
            assert starts(read(text)) == ["01-06 23:00", "01-08 23:00"]

    def test_added_dates_and_periods_keep_their_own_length(self) -> None:
        lines = (
            "RDATE;TZID=Europe/Berlin:20200109T100000",
            "RDATE;VALUE=PERIOD:20200110T090000Z/PT3H,20200111T090000Z/20200111T093000Z",
        )
        assert times(read(calendar(entry(*lines, start=TEN)))) == [
            "01-07 09:00 to 01-07 10:00",
            "01-09 09:00 to 01-09 10:00",
            "01-10 09:00 to 01-10 12:00",
            "01-11 09:00 to 01-11 09:30",
        ]

    def test_an_added_date_that_the_rule_gives_too_counts_once(self) -> None:
        assert len(read(calendar(entry(self.WEEKLY, "RDATE:20200114T090000Z", start=TEN))).occurrences) == 4

    def test_every_date_left_out_leaves_nothing(self) -> None:
        text = calendar(entry("EXDATE:20200107T090000Z", start=TEN), entry(uid="2"))
        assert [found.entry.uid for found in read(text).occurrences] == ["2"]


class TestChangedOccurrences:
    WEEKLY = "RRULE:FREQ=WEEKLY;COUNT=4"

    def change(self, name: str, start: str, *lines: str) -> str:
        return entry(name, *lines, start=start)

    @pytest.mark.parametrize(
        "name",
        [
            "RECURRENCE-ID;TZID=Europe/Berlin:20200114T100000",
            "RECURRENCE-ID:20200114T090000Z",
            "RECURRENCE-ID:20200114T100000",
            "RECURRENCE-ID;VALUE=DATE:20200114",
        ],
    )
    def test_takes_the_place_of_the_one_it_names_in_every_form(self, name: str) -> None:
        moved = self.change(name, "DTSTART:20200115T120000Z", "SUMMARY:moved")
        reading = read(calendar(entry(self.WEEKLY, start=TEN), moved))
        assert starts(reading) == ["01-07 09:00", "01-15 12:00", "01-21 09:00", "01-28 09:00"]
        assert reading.occurrences[1].entry.title == "moved"

    def test_one_moved_into_the_period_from_before_it_counts(self) -> None:
        series = entry("RRULE:FREQ=WEEKLY;COUNT=2", start="DTSTART:20191210T090000Z")
        moved = self.change("RECURRENCE-ID:20191210T090000Z", "DTSTART:20200103T090000Z")
        assert starts(read(calendar(series, moved))) == ["01-03 09:00"]

    def test_one_moved_out_of_the_period_does_not(self) -> None:
        moved = self.change("RECURRENCE-ID:20200114T090000Z", "DTSTART:20190114T090000Z")
        assert "01-14 09:00" not in starts(read(calendar(entry(self.WEEKLY, start=TEN), moved)))

    def test_one_without_its_series_stands_alone(self) -> None:
        assert starts(read(calendar(self.change("RECURRENCE-ID:20200114T090000Z", "DTSTART:20200115T120000Z")))) == [
            "01-15 12:00"
        ]

    def test_one_called_off_is_kept_as_cancelled(self) -> None:
        off = self.change("RECURRENCE-ID:20200114T090000Z", "DTSTART:20200114T090000Z", "STATUS:CANCELLED")
        reading = read(calendar(entry(self.WEEKLY, start=TEN), off))
        assert [found.entry.cancelled for found in reading.occurrences] == [False, True, False, False]

    def test_one_in_another_file_is_found(self) -> None:
        moved = self.change("RECURRENCE-ID:20200114T090000Z", "DTSTART:20200115T120000Z")
        assert len(read(calendar(moved), calendar(entry(self.WEEKLY, start=TEN))).occurrences) == 4

    def test_a_change_for_all_later_ones_moves_and_lengthens_them(self) -> None:
        later = entry(
            "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20200324T100000",
            "SUMMARY:new time",
            start="DTSTART;TZID=Europe/Berlin:20200325T140000",
            length="DURATION:PT2H",
        )
        text = calendar(entry("RRULE:FREQ=WEEKLY;COUNT=4", start="DTSTART;TZID=Europe/Berlin:20200317T100000"), later)
        reading = read(text)
        assert times(reading) == [
            "03-17 09:00 to 03-17 10:00",
            "03-25 13:00 to 03-25 15:00",
            "04-01 12:00 to 04-01 14:00",
            "04-08 12:00 to 04-08 14:00",
        ]
        assert [found.entry.title for found in reading.occurrences] == ["", "new time", "new time", "new time"]

    def test_a_single_change_after_a_change_for_all_later_ones_goes_before_it(self) -> None:
        later = entry("RECURRENCE-ID;RANGE=THISANDFUTURE:20200114T090000Z", start="DTSTART:20200114T120000Z")
        single = entry("RECURRENCE-ID:20200121T090000Z", start="DTSTART:20200122T070000Z")
        found = starts(read(calendar(entry(self.WEEKLY, start=TEN), later, single)))
        assert found == ["01-07 09:00", "01-14 12:00", "01-22 07:00", "01-28 12:00"]

    def test_the_last_of_several_changes_for_all_later_ones_holds(self) -> None:
        noon = entry("RECURRENCE-ID;RANGE=THISANDFUTURE:20200114T090000Z", start="DTSTART:20200114T120000Z")
        three = entry("RECURRENCE-ID;RANGE=THISANDFUTURE:20200121T090000Z", start="DTSTART:20200121T150000Z")
        found = starts(read(calendar(entry(self.WEEKLY, start=TEN), noon, three)))
        assert found == ["01-07 09:00", "01-14 12:00", "01-21 15:00", "01-28 15:00"]


class TestPeriod:
    def test_holds_what_overlaps_it_whole_and_nothing_that_only_touches_it(self) -> None:
        rows = {
            "before": ("20191231T220000Z", "20200101T000000Z"),
            "into": ("20191231T230000Z", "20200101T010000Z"),
            "out": ("20201231T230000Z", "20210101T010000Z"),
            "after": ("20210101T000000Z", "20210101T010000Z"),
            "nothing at the start": ("20200101T000000Z", "20200101T000000Z"),
        }
        text = calendar(*(entry(uid=uid, start=f"DTSTART:{a}", length=f"DTEND:{b}") for uid, (a, b) in rows.items()))
        assert [found.entry.uid for found in read(text).occurrences] == ["into", "nothing at the start", "out"]

    def test_an_endless_rule_stops_at_the_end(self) -> None:
        assert len(read(calendar(entry("RRULE:FREQ=WEEKLY", start=TEN))).occurrences) == 52

    def test_without_a_start_it_begins_with_the_earliest_entry(self) -> None:
        text = calendar(entry("RRULE:FREQ=YEARLY", start="DTSTART:19990101T090000Z"))
        assert len(read(text, start=None).occurrences) == 22

    def test_a_start_without_a_zone_is_refused(self) -> None:
        with pytest.raises(ValueError, match="time zone"):
            read(calendar(entry()), start=datetime(2020, 1, 1))  # noqa: DTZ001  # the mistake under test


def peer(text: str) -> list[str]:
    """What recurring-ical-events says, in the words of `times`."""

    def utc(written: date) -> datetime:
        if not isinstance(written, datetime):
            return datetime(written.year, written.month, written.day, tzinfo=BERLIN).astimezone(UTC)
        return (written if written.tzinfo else written.replace(tzinfo=BERLIN)).astimezone(UTC)

    events = recurring_ical_events.of(icalendar.Calendar.from_ical(text)).between(YEAR, NEXT_YEAR)
    found = sorted((utc(event.start), utc(event.end)) for event in events)
    return [f"{start:%m-%d %H:%M} to {end:%m-%d %H:%M}" for start, end in found]


class TestDisagreementsWithRecurringIcalEvents:
    """Each is named in docs/reference/calendars.md; the peer's answer is pinned, so that we hear when it changes."""

    def test_count_counts_a_start_that_the_rule_does_not_meet(self) -> None:
        text = calendar(entry("RRULE:FREQ=WEEKLY;BYDAY=TH;COUNT=2", start=TEN))
        assert times(read(text)) == ["01-07 09:00 to 01-07 10:00", "01-09 09:00 to 01-09 10:00"]
        assert len(peer(text)) == 3

    def test_both_give_a_start_that_the_rule_does_not_meet(self) -> None:
        text = calendar(entry("RRULE:FREQ=WEEKLY;BYDAY=TH;UNTIL=20200120T000000Z", start=TEN))
        assert times(read(text)) == peer(text)
        assert len(peer(text)) == 3

    def test_until_a_day_holds_that_day(self) -> None:
        text = calendar(entry("RRULE:FREQ=DAILY;UNTIL=20200109", start=TEN))
        assert (len(read(text).occurrences), len(peer(text))) == (3, 2)

    def test_hours_are_exact_where_clocks_change(self) -> None:
        text = calendar(entry(start="DTSTART;TZID=Europe/Berlin:20200328T120000", length="DURATION:PT24H"))
        assert times(read(text)) == ["03-28 11:00 to 03-29 11:00"]
        assert peer(text) == ["03-28 11:00 to 03-29 10:00"]

    def test_an_end_never_lies_before_the_start_where_clocks_skip(self) -> None:
        start = "DTSTART;TZID=Europe/Berlin:20200329T023000"
        text = calendar(entry(start=start, length="DURATION:PT30M"))
        assert times(read(text)) == ["03-29 01:30 to 03-29 02:00"]
        assert peer(text) == ["03-29 01:30 to 03-29 01:00"]

    def test_a_rule_in_utc_stays_in_utc_whatever_x_wr_timezone_says(self) -> None:
        series = entry("RRULE:FREQ=WEEKLY;COUNT=2", start="DTSTART:20200322T100000Z")
        text = calendar(series, head=("X-WR-TIMEZONE:Europe/Berlin",))
        assert starts(read(text)) == ["03-22 10:00", "03-29 10:00"]
        assert [each[:11] for each in peer(text)] == ["03-22 10:00", "03-29 09:00"]

    def test_an_entry_that_ends_before_it_starts_is_reported_not_turned_round(self) -> None:
        backwards = entry(start="DTSTART:20200107T090000Z", length="DTEND:20200107T080000Z")
        text = calendar(backwards, entry(uid="2", start="DTSTART:20200108T090000Z"))
        assert starts(read(text)) == ["01-08 09:00"]
        assert peer(text)[0] == "01-07 08:00 to 01-07 09:00"

    def test_a_day_that_ends_on_itself_is_a_day(self) -> None:
        text = calendar(entry(start="DTSTART;VALUE=DATE:20200107", length="DTEND;VALUE=DATE:20200107"))
        assert times(read(text)) == ["01-06 23:00 to 01-07 23:00"]
        assert peer(text) == ["01-06 23:00 to 01-06 23:00"]

    def test_an_added_day_takes_the_entrys_time(self) -> None:
        text = calendar(entry("RDATE;VALUE=DATE:20200109", start=TEN))
        assert starts(read(text)) == ["01-07 09:00", "01-09 09:00"]
        assert peer(text)[1].startswith("01-08 23:00")

    def test_a_change_named_by_its_day_takes_the_place_of_that_days(self) -> None:
        moved = entry("RECURRENCE-ID;VALUE=DATE:20200114", start="DTSTART:20200115T120000Z")
        text = calendar(entry("RRULE:FREQ=WEEKLY;COUNT=2", start=TEN), moved)
        assert (len(read(text).occurrences), len(peer(text))) == (2, 3)

    def test_exrule_of_the_older_standard_takes_away(self) -> None:
        text = calendar(entry("RRULE:FREQ=DAILY;COUNT=4", "EXRULE:FREQ=DAILY;INTERVAL=2", start=TEN))
        assert starts(read(text)) == ["01-08 09:00", "01-10 09:00"]
        assert len(peer(text)) == 4

    def test_a_change_of_midnight_leaves_another_zones_midnight_alone(self) -> None:
        series = entry("RRULE:FREQ=DAILY;COUNT=1", "RDATE;TZID=Europe/Berlin:20200107T010000",
                       start="DTSTART;TZID=Europe/Berlin:20200107T000000")  # fmt: skip
        moved = entry("RECURRENCE-ID;TZID=Europe/Berlin:20200107T000000", start="DTSTART:20200107T050000Z")
        text = calendar(series, moved)
        assert starts(read(text)) == ["01-07 00:00", "01-07 05:00"]
        assert len(peer(text)) == 1

    def test_a_skipped_time_in_a_zone_the_calendar_defines_keeps_the_offset_before(self) -> None:
        head = (NORTH.replace(CUSTOM, "Skipping"),)
        text = calendar(entry(start="DTSTART;TZID=Skipping:20200329T023000"), head=head)
        assert times(read(text)) == ["03-29 01:30 to 03-29 02:30"]
        assert peer(text)[0].startswith("03-29 00:30")

    def test_a_name_that_two_calendars_define_is_each_ones_own(self) -> None:
        start = "DTSTART;TZID=Twofold:20200707T100000"
        first, second = (
            calendar(entry(start=start), head=(written.replace(CUSTOM, "Twofold"),)) for written in (NORTH, SOUTH)
        )
        assert (starts(read(first)), starts(read(second))) == (["07-07 08:00"], ["07-07 00:00"])
        assert [peer(text)[0][:11] for text in (first, second)] == ["07-07 08:00", "07-07 08:00"]

    def test_plain_and_counted_weekdays_in_one_rule_are_added_up(self) -> None:
        text = calendar(entry("RRULE:FREQ=MONTHLY;BYDAY=1TU,3TU,-1FR,SU;COUNT=5", start=TEN))
        assert starts(read(text)) == ["01-07 09:00", "01-12 09:00", "01-19 09:00", "01-21 09:00", "01-26 09:00"]
        assert peer(text) == ["01-07 09:00 to 01-07 10:00"]
