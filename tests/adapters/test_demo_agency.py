import os
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from statistics import fmean, pstdev
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events

from equipoise.adapters.demo_agency import UnknownPerson, agency, calendar_of, planned_purposes
from equipoise.core.facets import FACETS, LEADING, Purpose

UNTIL = date(2026, 11, 25)
FIRST, END = UNTIL - timedelta(weeks=26), UNTIL + timedelta(weeks=4)
BERLIN = ZoneInfo("Europe/Berlin")
CAST = ("lena", "ravi", "tom", "grace", "ines", "ada")


@cache
def parsed(key: str) -> icalendar.Calendar:
    calendar = icalendar.Calendar.from_ical(calendar_of(key, until=UNTIL))
    assert isinstance(calendar, icalendar.Calendar)
    return calendar


@cache
def occurrences(key: str) -> tuple[icalendar.Event, ...]:
    return tuple(recurring_ical_events.of(parsed(key)).between(FIRST, END))


def answer(event: icalendar.Event, address: str) -> str:
    attendees = event.get("ATTENDEE", [])
    for attendee in attendees if isinstance(attendees, list) else [attendees]:
        if str(attendee) == f"mailto:{address}":
            return str(attendee.params["PARTSTAT"])
    return ""


def written(key: str) -> list[icalendar.Event]:
    """The entries as they stand in the file, series not expanded."""
    return parsed(key).events


def timed(key: str) -> Iterator[tuple[datetime, datetime, Purpose]]:
    """Start, end and purpose of the occurrences that take time."""
    address, purposes = agency().person(key).address, planned_purposes(key, until=UNTIL)
    for event in occurrences(key):
        start, end = event.start, event.end
        if not isinstance(start, datetime) or not isinstance(end, datetime):
            continue
        off = event["STATUS"] == "CANCELLED" or event["TRANSP"] == "TRANSPARENT"
        if not off and answer(event, address) != "DECLINED":
            yield start, end, purposes[str(event["UID"])]


@cache
def weekly_hours(key: str) -> dict[int, dict[Purpose, float]]:
    """Hours by purpose for each week before `UNTIL`, weeks counted from its Monday."""
    monday = UNTIL - timedelta(days=UNTIL.weekday())
    weeks: dict[int, dict[Purpose, float]] = defaultdict(lambda: defaultdict(float))
    for start, end, purpose in timed(key):
        week = (start.date() - monday).days // 7
        if week < 0:
            weeks[week][purpose] += (end - start) / timedelta(hours=1)
    return weeks


def leading_share(hours: dict[Purpose, float]) -> float:
    return sum(hours.get(facet, 0) for facet in LEADING) / sum(hours.get(facet, 0) for facet in FACETS)


def whole(key: str) -> dict[Purpose, float]:
    return {facet: sum(week.get(facet, 0) for week in weekly_hours(key).values()) for facet in FACETS}


class TestAgency:
    def test_has_forty_people_of_different_keys_and_addresses(self) -> None:
        people = agency().people
        assert len(people) == 40
        assert len({person.key for person in people}) == 40
        assert len({person.address for person in people}) == 40

    def test_uses_only_the_reserved_top_level(self) -> None:
        assert agency().domain.endswith(".example")
        assert all(person.address.endswith(f"@{agency().domain}") for person in agency().people)

    def test_leads_every_reporting_line_to_the_owner(self) -> None:
        for person in agency().people:
            line, boss = [person.key], person.reports_to
            while boss is not None:
                assert boss not in line
                line.append(boss)
                boss = agency().person(boss).reports_to
            assert line[-1] == agency().owner

    def test_puts_nobody_under_someone_of_a_lower_level(self) -> None:
        for person in agency().people:
            if person.reports_to is not None:
                assert person.level <= agency().person(person.reports_to).level

    def test_hangs_every_team_below_the_agency_with_a_lead_who_exists(self) -> None:
        teams = {team.key: team for team in agency().teams}
        assert [team.key for team in agency().teams if team.parent is None] == ["agency"]
        assert all(team.parent in teams for team in teams.values() if team.parent)
        assert all(agency().person(team.lead) for team in teams.values())
        assert {person.team for person in agency().people} <= set(teams)

    def test_gives_lena_a_service_team_of_nine_with_tom_and_grace(self) -> None:
        members = {person.key for person in agency().members("client-services")}
        assert len(members) == 9
        assert members >= {"lena", "tom", "grace"}
        assert agency().person("tom").reports_to == "lena"
        assert {person.key for person in agency().reports("lena")} == members - {"lena"}

    def test_casts_the_others_in_their_roles(self) -> None:
        assert "project manager" in agency().person("ravi").title
        assert agency().person("ines").title == "People partner"
        assert "Administrator" in agency().person("ada").title

    def test_refuses_a_key_nobody_has(self) -> None:
        with pytest.raises(UnknownPerson, match="'otto'"):
            agency().person("otto")


class TestCalendarOf:
    def test_refuses_a_key_nobody_has(self) -> None:
        with pytest.raises(UnknownPerson):
            calendar_of("otto", until=UNTIL)

    def test_is_the_same_to_the_byte_in_another_process(self) -> None:
        code = (
            "import sys; from datetime import date; from equipoise.adapters.demo_agency import calendar_of;"
            f"sys.stdout.buffer.write(calendar_of('lena', until=date.fromisoformat('{UNTIL}')))"
        )
        environment = os.environ | {"PYTHONHASHSEED": "4711"}
        made = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env=environment)
        assert made.stdout == calendar_of("lena", until=UNTIL)

    def test_folds_every_line_at_75_octets_and_ends_it_with_crlf(self) -> None:
        for key in ("lena", "uwe", "emre"):
            content = calendar_of(key, until=UNTIL)
            lines = content.split(b"\r\n")
            assert lines[-1] == b""
            assert all(len(line) <= 75 and b"\n" not in line for line in lines)
            assert all(line.decode() is not None for line in lines)

    @pytest.mark.parametrize("key", ["yara", "lena", "ravi"])
    def test_is_read_without_error_by_the_usual_libraries(self, key: str) -> None:
        assert not [error for event in written(key) for error in event.errors]
        assert len(occurrences(key)) > 200

    def test_begins_26_weeks_before_and_plans_four_weeks_ahead(self) -> None:
        starts = [event.start for event in written("lena")]
        days = [start.date() if isinstance(start, datetime) else start for start in starts]
        assert min(days) >= FIRST
        assert max(days) < END
        held = {start.date() for start, *_ in timed("lena")}
        assert min(held) < FIRST + timedelta(days=7)
        assert max(held) >= END - timedelta(days=7)

    def test_holds_what_office_calendars_hold(self) -> None:
        events = written("lena")
        address = agency().person("lena").address
        seen = Counter(answer(event, address) for event in events)
        assert min(seen["DECLINED"], seen["TENTATIVE"], seen["NEEDS-ACTION"]) >= 3
        assert sum("RRULE" in event for event in events) >= 20
        assert sum("EXDATE" in event for event in events) >= 10
        assert sum("RECURRENCE-ID" in event for event in events) >= 20
        assert sum(event["STATUS"] == "CANCELLED" for event in events) >= 5
        assert sum(event["TRANSP"] == "TRANSPARENT" for event in events) >= 3
        assert sum(event["CLASS"] == "PRIVATE" for event in events) >= 3
        assert sum(not isinstance(event.start, datetime) for event in events) >= 3
        starts = [event.start for event in events if isinstance(event.start, datetime)]
        assert {str(start.tzinfo) for start in starts} == {"Europe/Berlin"}

    def test_shows_a_shared_meeting_under_one_uid_in_every_guests_calendar(self) -> None:
        tom = agency().person("tom").address
        shared = [event for event in written("lena") if answer(event, tom)]
        assert len(shared) >= 30
        assert {str(event["UID"]) for event in shared} <= set(planned_purposes("tom", until=UNTIL))

    def test_invites_people_from_outside_under_reserved_addresses_only(self) -> None:
        content = calendar_of("lena", until=UNTIL).replace(b"\r\n ", b"").decode()
        addresses = {word.rsplit(":", 1)[1] for word in content.split("\r\n") if ":mailto:" in word}
        assert len(addresses) > 60
        assert all(address.endswith(".example") and address.isascii() for address in addresses)

    def test_leaves_public_holidays_free(self) -> None:
        unity_day = date(2026, 10, 3)
        until = date(2025, 11, 25)
        held = recurring_ical_events.of(icalendar.Calendar.from_ical(calendar_of("ravi", until=until))).at(
            unity_day.replace(year=2025)
        )
        assert not [event for event in held if isinstance(event.start, datetime)]

    @pytest.mark.parametrize("until", [date(2028, 2, 29), date(2026, 1, 4), date(2025, 7, 1)])
    def test_can_be_made_for_any_day(self, until: date) -> None:
        content = calendar_of("ravi", until=until)
        assert content.count(b"BEGIN:VEVENT") == content.count(b"END:VEVENT") > 150

    def test_double_books_now_and_then_but_not_often(self) -> None:
        spans = sorted((start, end) for start, end, _ in timed("lena"))
        overlaps = sum(after[0] < before[1] for before, after in pairwise(spans))
        assert 0.01 < overlaps / len(spans) < 0.15

    def test_keeps_to_daytime_and_early_evening(self) -> None:
        for start, end, _ in timed("ravi"):
            assert time(6) <= start.astimezone(BERLIN).time() <= end.astimezone(BERLIN).time() <= time(21, 30)


class TestPlannedPurposes:
    def test_names_every_uid_of_the_file_and_no_other(self) -> None:
        for key in CAST:
            content = calendar_of(key, until=UNTIL).decode()
            uids = {line.removeprefix("UID:") for line in content.split("\r\n") if line.startswith("UID:")}
            assert set(planned_purposes(key, until=UNTIL)) == uids

    def test_takes_a_one_to_one_as_people_for_the_boss_and_unclear_for_the_other(self) -> None:
        uid = next(str(event["UID"]) for event in written("lena") if event["SUMMARY"] == "Tom <> Lena")
        assert planned_purposes("lena", until=UNTIL)[uid] is Purpose.PEOPLE
        assert planned_purposes("tom", until=UNTIL)[uid] is Purpose.UNCLEAR

    @pytest.mark.parametrize(
        ("key", "low", "high"),
        [("yara", 0.54, 0.68), ("lena", 0.30, 0.41), ("ravi", 0.12, 0.23), ("beatriz", 0.1, 0.33)],
    )
    def test_leads_as_much_as_the_role_is_meant_to(self, key: str, low: float, high: float) -> None:
        assert low < leading_share(whole(key)) < high

    @pytest.mark.parametrize(("key", "low", "high"), [("lena", 15, 30), ("yara", 15, 30), ("sofia", 6, 14)])
    def test_fills_weeks_as_the_role_is_meant_to(self, key: str, low: float, high: float) -> None:
        weeks = [hours for week in weekly_hours(key).values() if (hours := sum(week.values())) > 5]
        assert low < fmean(weeks) < high

    def test_moves_the_balance_over_time(self) -> None:
        shares = [leading_share(week) for week in weekly_hours("lena").values() if sum(week.values()) > 8]
        assert pstdev(shares) > 0.06
        assert len({round(share, 2) for share in shares}) > 10

    def test_has_a_production_crisis_in_one_week(self) -> None:
        stability = {week: hours[Purpose.STABILITY] for week, hours in weekly_hours("ravi").items()}
        assert max(stability, key=lambda week: stability[week]) == -14
        assert stability[-14] > 2.5 * fmean(stability.values())

    def test_covers_all_ten_purposes(self) -> None:
        assert set(planned_purposes("lena", until=UNTIL).values()) == set(Purpose)
