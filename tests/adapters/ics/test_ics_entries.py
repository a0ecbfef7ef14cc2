"""What an entry says: people, answers, what counts, copies."""

import pytest
from tests.adapters.ics.written import calendar, entry, only_entry, read, times

from equipoise.core.timeuse.entries import Answer, Recurrence, Relation


def asked(who: str, **parameters: str) -> str:
    extra = "".join(f";{name.replace('_', '-')}={value}" for name, value in parameters.items())
    return f"ATTENDEE{extra}:mailto:{who}"


LENA = "lena@example.org"


class TestWhoTakesPart:
    def test_an_entry_without_people_tells_nothing_about_them(self) -> None:
        found = only_entry()
        assert (found.attendees, found.relation, found.organiser_self) == (None, None, None)

    def test_counts_the_others_and_not_the_owner(self) -> None:
        found = only_entry(asked(LENA), asked("ravi@example.org"), asked("tom@example.org"))
        assert (found.attendees, found.relation) == (2, None)

    def test_knows_the_owner_by_any_of_several_addresses_in_any_letters(self) -> None:
        text = calendar(entry("ATTENDEE;PARTSTAT=DECLINED:MAILTO:Lena.K@Example.ORG", asked("ravi@example.org")))
        (found,) = read(text, me=(LENA, "lena.k@example.org")).occurrences
        assert (found.entry.attendees, found.entry.answer) == (1, Answer.DECLINED)

    def test_the_owner_alone_is_with_nobody(self) -> None:
        found = only_entry(f"ORGANIZER:mailto:{LENA}", asked(LENA))
        assert (found.attendees, found.relation, found.organiser_self) == (0, Relation.NONE, True)

    def test_the_organiser_counts_although_not_invited(self) -> None:
        found = only_entry("ORGANIZER;CN=Ada:mailto:ada@example.org", asked(LENA))
        assert (found.attendees, found.organiser_self) == (1, False)

    def test_rooms_resources_copies_and_calendars_are_no_people(self) -> None:
        found = only_entry(
            asked(LENA),
            asked("ravi@example.org"),
            asked("room1@example.org", CUTYPE="ROOM"),
            asked("beamer@example.org", CUTYPE="RESOURCE"),
            asked("fyi@example.org", ROLE="NON-PARTICIPANT"),
            asked("c_188@resource.calendar.google.com"),
            "ORGANIZER:mailto:team@group.calendar.google.com",
        )
        assert found.attendees == 1
        assert found.organiser_self is False

    def test_a_group_counts_as_one_and_unnamed_guests_count(self) -> None:
        found = only_entry(asked("all@example.org", CUTYPE="GROUP"), asked("ravi@example.org", X_NUM_GUESTS="2"))
        assert found.attendees == 4

    def test_a_person_named_twice_counts_once(self) -> None:
        assert only_entry(asked("ravi@example.org"), asked("RAVI@example.org")).attendees == 1

    def test_an_address_with_a_colon_in_the_name_is_read(self) -> None:
        assert only_entry('ATTENDEE;CN="Ravi: ops; east":mailto:ravi@example.org', asked(LENA)).attendees == 1

    def test_without_the_owners_address_one_of_those_named_is_the_owner(self) -> None:
        text = calendar(entry(asked("a@example.org"), asked("b@example.org"), asked("c@elsewhere.example")))
        (found,) = read(text, me=()).occurrences
        assert (found.entry.attendees, found.entry.relation, found.entry.organiser_self) == (2, None, None)

    def test_an_organiser_alone_tells_nothing_when_the_owner_is_unknown(self) -> None:
        (found,) = read(calendar(entry("ORGANIZER:mailto:ada@example.org")), me=()).occurrences
        assert (found.entry.attendees, found.entry.relation) == (None, None)


class TestRelation:
    def test_all_others_from_other_domains_are_outside(self) -> None:
        found = only_entry(asked(LENA), asked("a@client.example"), asked("b@partner.example"))
        assert found.relation is Relation.OUTSIDE

    def test_people_from_both_are_mixed(self) -> None:
        found = only_entry(asked(LENA), asked("a@client.example"), asked("ravi@mail.example.org"))
        assert found.relation is Relation.MIXED

    def test_twenty_others_are_many(self) -> None:
        found = only_entry(asked(LENA), *(asked(f"p{number}@client.example") for number in range(20)))
        assert (found.attendees, found.relation) == (20, Relation.MANY)

    def test_nineteen_from_inside_cannot_be_told(self) -> None:
        found = only_entry(asked(LENA), *(asked(f"p{number}@example.org") for number in range(19)))
        assert (found.attendees, found.relation) == (19, None)

    def test_a_public_mail_provider_is_nobodys_own_domain(self) -> None:
        text = calendar(entry(asked("lena@gmail.com"), asked("client@gmail.com"), asked("other@web.de")))
        (found,) = read(text, me=("lena@gmail.com",)).occurrences
        assert found.entry.relation is None

    def test_domains_given_take_the_place_of_the_addresses_own(self) -> None:
        text = calendar(entry(asked("lena@gmail.com"), asked("client@example.com")))
        (found,) = read(text, me=("lena@gmail.com",), inside=("@Example.org",)).occurrences
        assert found.entry.relation is Relation.OUTSIDE


class TestAnswer:
    @pytest.mark.parametrize(
        ("written", "answer"),
        [
            ("ACCEPTED", Answer.ACCEPTED),
            ("TENTATIVE", Answer.TENTATIVE),
            ("DECLINED", Answer.DECLINED),
            ("DELEGATED", Answer.DECLINED),
            ("NEEDS-ACTION", Answer.NONE),
        ],
    )
    def test_is_the_owners_own(self, written: str, answer: Answer) -> None:
        assert (
            only_entry(asked(LENA, PARTSTAT=written), asked("ravi@example.org", PARTSTAT="DECLINED")).answer is answer
        )

    def test_outlooks_tentative_counts_where_no_answer_is_written(self) -> None:
        assert only_entry("X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE").answer is Answer.TENTATIVE


class TestWhatCounts:
    @pytest.mark.parametrize(
        ("line", "free"),
        [
            ("TRANSP:TRANSPARENT", True),
            ("TRANSP:OPAQUE", False),
            ("X-MICROSOFT-CDO-BUSYSTATUS:FREE", True),
            ("X-MICROSOFT-CDO-BUSYSTATUS:OOF", False),
            ("X-MICROSOFT-CDO-INTENDEDSTATUS:FREE", True),
        ],
    )
    def test_tells_free_from_busy(self, line: str, free: bool) -> None:  # noqa: FBT001  # a column of the table
        assert only_entry(line).free is free

    def test_the_owners_busy_status_goes_before_what_the_organiser_intended(self) -> None:
        found = only_entry("X-MICROSOFT-CDO-BUSYSTATUS:BUSY", "X-MICROSOFT-CDO-INTENDEDSTATUS:FREE")
        assert not found.free

    @pytest.mark.parametrize("written", ["PRIVATE", "CONFIDENTIAL", "X-SECRET"])
    def test_a_private_entry_keeps_its_time_and_none_of_its_words(self, written: str) -> None:
        found = only_entry(f"CLASS:{written}", "SUMMARY:Doctor", "DESCRIPTION:knee")
        assert (found.private, found.title, found.description) == (True, "", "")

    def test_a_public_entry_is_not_private(self) -> None:
        assert not only_entry("CLASS:PUBLIC").private

    def test_status_cancelled_is_cancelled(self) -> None:
        assert only_entry("STATUS:CANCELLED").cancelled

    def test_dates_make_a_whole_day_from_midnight_to_midnight_in_the_owners_zone(self) -> None:
        reading = read(calendar(entry(start="DTSTART;VALUE=DATE:20200329", length="DTEND;VALUE=DATE:20200330")))
        assert times(reading) == ["03-28 23:00 to 03-29 22:00"]
        assert reading.occurrences[0].entry.all_day

    def test_outlooks_whole_day_with_times_is_a_whole_day(self) -> None:
        found = only_entry("X-MICROSOFT-CDO-ALLDAYEVENT:TRUE", start="DTSTART:20200107T000000", length="DURATION:P1D")
        assert found.all_day


class TestCopies:
    def test_the_highest_sequence_wins(self) -> None:
        new, old = entry("SEQUENCE:2", "SUMMARY:new"), entry("SEQUENCE:1", "SUMMARY:old", "DTSTAMP:20210101T000000Z")
        reading = read(calendar(new), calendar(old))
        assert [found.entry.title for found in reading.occurrences] == ["new"]
        assert (reading.entries, reading.merged) == (2, 1)

    def test_the_latest_stamp_wins_among_equal_sequences(self) -> None:
        old = entry("SUMMARY:old", "DTSTAMP:20200101T000000Z", "LAST-MODIFIED:20200102T000000Z")
        new = entry("SUMMARY:new", "DTSTAMP:20200101T000000Z", "LAST-MODIFIED:20200103T000000Z")
        assert read(calendar(new), calendar(old)).occurrences[0].entry.title == "new"

    def test_the_copy_with_the_owners_answer_wins_among_equal_ones(self) -> None:
        shared = entry(asked("ravi@example.org"))
        own = entry(asked("ravi@example.org"), asked(LENA, PARTSTAT="DECLINED"))
        for order in ((shared, own), (own, shared)):
            (found,) = read(*map(calendar, order)).occurrences
            assert found.entry.answer is Answer.DECLINED

    def test_the_same_meeting_in_two_calendars_counts_once(self) -> None:
        series = entry("RRULE:FREQ=WEEKLY;COUNT=4")
        assert len(read(calendar(series), calendar(series)).occurrences) == 4

    def test_entries_without_uid_stay_apart_unless_they_are_equal(self) -> None:
        def bare(title: str) -> str:
            return entry(f"SUMMARY:{title}").replace("UID:1\n", "")

        reading = read(calendar(bare("a"), bare("b"), bare("a")))
        assert [found.entry.title for found in reading.occurrences] in (["a", "b"], ["b", "a"])

    def test_a_cancelling_calendar_calls_the_entry_off_and_keeps_its_words(self) -> None:
        kept = calendar(entry("SUMMARY:Review", "SEQUENCE:1", "RRULE:FREQ=WEEKLY;COUNT=3"))
        called_off = calendar(entry("SEQUENCE:2"), head=("METHOD:CANCEL",))
        for order in ((kept, called_off), (called_off, kept)):
            reading = read(*order)
            assert [(found.entry.title, found.entry.cancelled) for found in reading.occurrences] == [
                ("Review", True)
            ] * 3

    def test_an_older_cancellation_does_not_call_off_a_newer_entry(self) -> None:
        kept = calendar(entry("SEQUENCE:3"))
        called_off = calendar(entry("SEQUENCE:2"), head=("METHOD:CANCEL",))
        assert not read(called_off, kept).occurrences[0].entry.cancelled

    def test_a_series_called_off_takes_its_changed_occurrences_along_unless_they_are_newer(self) -> None:
        series = entry("RRULE:FREQ=WEEKLY;COUNT=3", "SEQUENCE:1")
        old = entry("RECURRENCE-ID:20200114T090000Z", "SEQUENCE:1", start="DTSTART:20200114T110000Z")
        new = entry("RECURRENCE-ID:20200121T090000Z", "SEQUENCE:3", start="DTSTART:20200121T110000Z")
        called_off = calendar(entry("SEQUENCE:2"), head=("METHOD:CANCEL",))
        reading = read(calendar(series, old, new), called_off)
        assert [found.entry.cancelled for found in reading.occurrences] == [True, True, False]

    def test_one_occurrence_can_be_called_off_by_a_cancelling_calendar(self) -> None:
        kept = calendar(entry("RRULE:FREQ=WEEKLY;COUNT=3"))
        called_off = calendar(
            entry("RECURRENCE-ID:20200114T090000Z", start="DTSTART:20200114T090000Z"), head=("METHOD:CANCEL",)
        )
        assert [found.entry.cancelled for found in read(kept, called_off).occurrences] == [False, True, False]


class TestHowOften:
    @pytest.mark.parametrize(
        ("rule", "rhythm"),
        [
            ("FREQ=DAILY", Recurrence.DAILY),
            ("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", Recurrence.DAILY),
            ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", Recurrence.DAILY),
            ("FREQ=DAILY;INTERVAL=7", Recurrence.WEEKLY),
            ("FREQ=WEEKLY;BYDAY=TU", Recurrence.WEEKLY),
            ("FREQ=WEEKLY;INTERVAL=2", Recurrence.BIWEEKLY),
            ("FREQ=WEEKLY;INTERVAL=4", Recurrence.MONTHLY),
            ("FREQ=MONTHLY;BYDAY=1TH", Recurrence.MONTHLY),
            ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", Recurrence.MONTHLY),
            ("FREQ=MONTHLY;BYDAY=1TH,3TH", Recurrence.BIWEEKLY),
            ("FREQ=MONTHLY;INTERVAL=3", Recurrence.QUARTERLY),
            ("FREQ=YEARLY;BYMONTH=1,4,7,10", Recurrence.QUARTERLY),
            ("FREQ=YEARLY", Recurrence.YEARLY),
            ("FREQ=WEEKLY;COUNT=1", Recurrence.NO),
        ],
    )
    def test_names_the_nearest_rhythm(self, rule: str, rhythm: Recurrence) -> None:
        reading = read(calendar(entry(f"RRULE:{rule}")))
        assert reading.occurrences[0].entry.recurring is rhythm

    def test_takes_the_rhythm_of_written_dates(self) -> None:
        assert read(calendar(entry("RDATE:20200114T090000Z,20200121T090000Z"))).occurrences[0].entry.recurring is (
            Recurrence.WEEKLY
        )

    def test_a_changed_occurrence_repeats_as_its_series_does(self) -> None:
        change = entry("RECURRENCE-ID:20200114T090000Z", "SUMMARY:moved", start="DTSTART:20200114T110000Z")
        reading = read(calendar(entry("RRULE:FREQ=WEEKLY;COUNT=3"), change))
        assert {found.entry.recurring for found in reading.occurrences} == {Recurrence.WEEKLY}
        assert {found.entry.series for found in reading.occurrences} == {"1"}
