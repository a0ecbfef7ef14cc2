"""Which functions meet in a person's entries: known from positions, on the day, and from nowhere else."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings
from tests.apps.calendar_texts import calendar, entry
from tests.cast import NOW, Cast

from equipoise.adapters.ics import Upload, read_calendar
from equipoise.apps.calendars import actions as calendars
from equipoise.apps.calendars.models import Entry
from equipoise.apps.insights import queries
from equipoise.apps.insights.company import company_of
from equipoise.apps.insights.periods import Period
from equipoise.apps.people.models import Person, Position
from equipoise.core.timeuse.uncertainty import Interval

FIRST = date(2026, 10, 5)
PERIOD = Period(start=FIRST, end=FIRST + timedelta(days=28))


def meeting(uid: str, hour: int, *addresses: str) -> str:
    guests = [f"ATTENDEE:mailto:{each}" for each in ("lena@agency.example", *addresses)]
    start, end = f"20261005T{hour:02}0000Z", f"20261005T{hour + 1:02}0000Z"
    return entry(uid, f"Campaign review {uid}", start, end, "RRULE:FREQ=DAILY;COUNT=19", *guests)


@pytest.fixture
def lena(cast: Cast) -> Person:
    """Lena with 19 meetings with Tom, as many with Tom and Grace, and as many with somebody from outside."""
    written = calendar(
        meeting("a", 8, "Tom@agency.example"),
        meeting("b", 10, "tom@agency.example", "grace@agency.example"),
        meeting("c", 13, "tom@agency.example", "buyer@client.example"),
    )
    upload = Upload(name="l.ics", content=written)
    reading = read_calendar([upload], me=cast.lena.addresses, start=None, end=NOW, zone=ZoneInfo("Europe/Berlin"))
    calendars.store_reading(person=cast.lena, name="Office", reading=reading, now=NOW)
    return Person.objects.get(pk=cast.lena.pk)


def says(person: Person, function: str, *, since: date = FIRST) -> None:
    Position.objects.create(person=person, title="Any", function=function, from_day=since)


def index_of(lena: Person) -> Interval:
    found = queries.balance(lena, PERIOD).behaviour
    assert found is not None
    return found


class TestTheBehaviourIndex:
    def test_changes_and_narrows_when_positions_are_known(self, cast: Cast, lena: Person) -> None:
        open_ = index_of(lena)
        says(cast.tom, "production")
        says(cast.grace, "production")
        production = index_of(lena)
        Position.objects.all().delete()
        says(cast.tom, "hr")
        says(cast.grace, "strategy")
        others = index_of(lena)
        assert production.value < open_.value < others.value
        assert production.high - production.low < open_.high - open_.low

    def test_takes_no_notice_of_who_was_someone_else_then(self, cast: Cast, lena: Person) -> None:
        open_ = index_of(lena)
        says(cast.tom, "production", since=PERIOD.end)
        says(cast.grace, "production", since=PERIOD.end)
        cache.clear()
        assert index_of(lena) == open_

    def test_knows_nobody_of_another_world(self, cast: Cast, lena: Person) -> None:
        open_ = index_of(lena)
        for person in (cast.tom, cast.grace):
            Person.objects.filter(pk=person.pk).update(demo_key=f"demo-{person.pk}")
            says(person, "production")
        cache.clear()
        assert index_of(lena) == open_


class TestCompany:
    def test_is_known_where_everybody_is(self, cast: Cast, lena: Person) -> None:
        says(cast.tom, "production")
        says(cast.grace, "it")
        counted = queries.balance(lena, PERIOD).evidence.counted
        met = company_of(lena, [PERIOD]).met(counted)
        by_title = {each.occurrence.entry.uid: found for each, found in zip(counted.times, met, strict=True)}
        assert by_title == {"a": {"production"}, "b": {"production", "other"}, "c": None}

    def test_is_of_the_day(self, cast: Cast, lena: Person) -> None:
        Position.objects.create(
            person=cast.tom, function="finance", from_day=FIRST, until_day=FIRST + timedelta(days=7)
        )
        says(cast.tom, "hr", since=FIRST + timedelta(days=7))
        counted = queries.balance(lena, PERIOD).evidence.counted
        met = company_of(lena, [PERIOD]).met(counted)
        week = datetime(2026, 10, 12, tzinfo=UTC)
        for each, found in zip(counted.times, met, strict=True):
            if each.occurrence.entry.uid == "a":
                assert found == frozenset({"finance"} if each.occurrence.start < week else {"hr"})

    def test_asks_once_however_many_entries_there_are(self, cast: Cast, lena: Person) -> None:
        says(cast.tom, "production")
        counted = queries.balance(lena, PERIOD).evidence.counted
        with CaptureQueriesContext(connection) as asked:
            company_of(lena, [PERIOD]).met(counted)
        assert len(asked) == 1


class TestWhatIsKept:
    def test_are_marks_and_no_addresses(self, cast: Cast, lena: Person) -> None:
        kept = str(list(Entry.objects.values()))
        assert "tom@" not in kept.lower()
        assert "buyer@" not in kept.lower()
        assert {len(each) for each in Entry.objects.values_list("others", flat=True)} == {1, 2}

    def test_are_still_found_when_a_key_is_added(self, cast: Cast, lena: Person, settings: Settings) -> None:
        says(cast.tom, "production")
        settings.VAULT_KEYS = ("bmV3" * 10 + "bmU=", *settings.VAULT_KEYS)
        counted = queries.balance(lena, PERIOD).evidence.counted
        assert frozenset({"production"}) in company_of(lena, [PERIOD]).met(counted)

    def test_are_none_of_a_private_entry(self, cast: Cast) -> None:
        written = calendar(entry(
            "p", "Doctor", "20261005T080000Z", "20261005T090000Z", "CLASS:PRIVATE",
            "ATTENDEE:mailto:lena@agency.example", "ATTENDEE:mailto:tom@agency.example",
        ))  # fmt: skip
        upload = Upload(name="l.ics", content=written)
        reading = read_calendar([upload], me=cast.lena.addresses, start=None, end=NOW, zone=ZoneInfo("UTC"))
        calendars.store_reading(person=cast.lena, name="Office", reading=reading, now=NOW)
        assert Entry.objects.get().others == []
