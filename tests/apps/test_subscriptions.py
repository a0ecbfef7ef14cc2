"""Subscribed addresses: read again by themselves, sealed, and never a reason for a page to break."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings
from tests.adapters.web.scripted_server import Asked, Reply, Scripted, scripted
from tests.apps.calendar_texts import LENAS, calendar, entry
from tests.cast import Cast

from equipoise.adapters.ics import CalendarError
from equipoise.apps.calendars import actions, queries, schedule, syncing, tasks
from equipoise.apps.calendars.discretion import discreet
from equipoise.apps.calendars.models import Calendar, Entry, Import, Occurrence
from equipoise.apps.people.models import Person
from equipoise.core.facets import Purpose
from equipoise.platform import vault
from equipoise.platform.models import AuditEntry

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
SECRET = "calendar.ics?token=nobody-knows"
OTHER = calendar(
    entry("tom", "1:1 Tom Okafor", "20261006T090000Z", "20261006T100000Z", "RRULE:FREQ=WEEKLY"),
    entry("vision", "Where do we want to be in 2030", "20261008T120000Z", "20261008T150000Z"),
)


@dataclass
class Feed:
    """A calendar on a server, as it is told to answer."""

    body: bytes = LENAS
    etag: str = '"one"'
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    now: datetime = NOW

    def answer(self, asked: Asked) -> Reply:
        """The calendar, or not changed, or trouble."""
        if self.status != 200:
            return Reply(status=self.status, headers=self.headers)
        tags = {"ETag": self.etag} if self.etag else {}
        if self.etag and asked.headers.get("if-none-match") == self.etag:
            return Reply(status=304, headers=tags)
        return Reply(body=self.body, headers={"Content-Type": "text/calendar", **tags, **self.headers})

    def sync(self) -> syncing.Outcome | None:
        """Read what is new."""
        return syncing.read_in_step(Calendar.objects.get().pk, clock=lambda: self.now)


@pytest.fixture(autouse=True)
def private_feeds(settings: Settings) -> None:
    """The administrator lets this machine be asked."""
    settings.PRIVATE_FEEDS = True


@pytest.fixture
def feed() -> Feed:
    """What the server has."""
    return Feed()


@pytest.fixture
def server(feed: Feed) -> Iterator[Scripted]:
    """The server."""
    with scripted(feed.answer) as running:
        yield running


@pytest.fixture
def subscribed(cast: Cast, server: Scripted) -> Calendar:
    """Lena has subscribed to an address only she knows."""
    address = f"{server.address}{SECRET}"
    job = actions.hand_in_calendar(actor=cast.lena, person=cast.lena, upload=None, address=address, name="", now=NOW)
    actions.carry_out_import(job.pk, clock=lambda: NOW)
    return Calendar.objects.get()


class TestSubscribing:
    def test_reads_it_and_keeps_its_address_sealed(self, subscribed: Calendar, server: Scripted, cast: Cast) -> None:
        assert Entry.objects.count() == 7
        assert subscribed.shown_address == subscribed.name == f"{server.address}calendar.ics"
        assert vault.unseal(subscribed.sealed_address) == f"{server.address}{SECRET}"
        job = Import.objects.get()
        assert (job.state, job.sealed_address) == ("done", "")
        for row in (*Calendar.objects.values(), *Import.objects.values(), *AuditEntry.objects.values()):
            assert "nobody-knows" not in str(row)
        assert "nobody-knows" not in str(queries.export(cast.lena))

    def test_finds_the_same_address_again(self, subscribed: Calendar, server: Scripted, as_lena: Client) -> None:
        as_lena.post("/calendar/sources/", {"address": f"{server.address}{SECRET}"})
        assert Calendar.objects.get().pk == subscribed.pk
        assert Entry.objects.count() == 7

    def test_leaves_nothing_of_an_address_that_cannot_be_read(
        self, feed: Feed, server: Scripted, cast: Cast, as_lena: Client
    ) -> None:
        feed.status = 404
        as_lena.post("/calendar/sources/", {"address": f"{server.address}{SECRET}"})
        job = Import.objects.get()
        assert (job.state, job.failure_kind, job.sealed_address) == ("failed", "CalendarUnreachable", "")
        assert "nobody-knows" not in job.failure
        assert not Calendar.objects.exists()


class TestReadingAgain:
    def test_asks_one_question_when_nothing_has_changed(
        self, subscribed: Calendar, feed: Feed, server: Scripted
    ) -> None:
        server.asked.clear()
        acts = AuditEntry.objects.count()
        feed.now += timedelta(hours=6)
        outcome = feed.sync()
        assert outcome is not None
        assert (outcome.entries, len(server.asked)) == (0, 1)
        assert AuditEntry.objects.count() == acts
        assert Calendar.objects.get().read_at == feed.now

    def test_takes_over_what_changed_and_keeps_numbers_and_corrections(
        self, subscribed: Calendar, feed: Feed, cast: Cast
    ) -> None:
        tom = Entry.objects.get(uid="tom")
        actions.correct(actor=cast.lena, entry=tom, purpose=Purpose.PEOPLE, now=NOW)
        feed.body, feed.etag = OTHER, '"two"'
        feed.sync()
        assert sorted(Entry.objects.values_list("uid", flat=True)) == ["tom", "vision"]
        again = Entry.objects.get(uid="tom")
        assert (again.pk, again.title) == (tom.pk, "1:1 Tom Okafor")
        assert queries.correction_for(cast.lena, "tom") is not None
        assert Calendar.objects.get().pk == subscribed.pk

    def test_knows_the_same_calendar_from_a_server_without_versions(self, subscribed: Calendar, feed: Feed) -> None:
        feed.etag = ""
        feed.body = LENAS.replace(b"DTSTAMP:20261001T000000Z", b"DTSTAMP:20261125T090000Z")
        outcome = feed.sync()
        assert outcome is not None
        assert outcome.entries == 0

    def test_reads_it_whole_every_month_so_that_endless_series_go_on(self, subscribed: Calendar, feed: Feed) -> None:
        feed.body, feed.etag = OTHER, '"two"'
        feed.sync()
        before = Occurrence.objects.filter(entry__uid="tom").count()
        feed.now += timedelta(days=31)
        feed.sync()
        assert Occurrence.objects.filter(entry__uid="tom").count() > before

    @pytest.mark.parametrize("status", [404, 500, 503])
    def test_keeps_the_last_good_reading_and_says_since_when(
        self, subscribed: Calendar, feed: Feed, as_lena: Client, status: int
    ) -> None:
        feed.status = status
        feed.now += timedelta(hours=6)
        with pytest.raises(CalendarError):
            feed.sync()
        assert Entry.objects.count() == 7
        calendar = Calendar.objects.get()
        assert (calendar.read_at, calendar.failures) == (NOW, 1)
        page = as_lena.get("/calendar/sources/").content.decode()
        assert "Last read 25 Nov 2026, 10:00." in page
        assert "Since then:" in page
        assert "Next time 26 Nov 2026" in page
        assert "nobody-knows" not in page
        for path in ("/", "/balance/", "/calendar/"):
            assert as_lena.get(path).status_code == 200

    def test_waits_longer_each_time_up_to_a_day(self, subscribed: Calendar, feed: Feed) -> None:
        feed.status = 500
        waits = []
        for _ in range(5):
            with pytest.raises(CalendarError):
                feed.sync()
            due = Calendar.objects.get().due_at
            assert due is not None
            waits.append((due - feed.now) / timedelta(hours=1))
            feed.now = due
        assert waits == pytest.approx([12, 24, 24, 24, 24], rel=0.11)

    def test_comes_back_when_the_server_says(self, subscribed: Calendar, feed: Feed) -> None:
        feed.status, feed.headers = 503, {"Retry-After": str(3 * 24 * 3600)}
        with pytest.raises(CalendarError):
            feed.sync()
        assert Calendar.objects.get().due_at == NOW + timedelta(days=3)

    def test_is_queued_by_the_worker_when_due_and_by_one_worker_only(self, subscribed: Calendar, feed: Feed) -> None:
        feed.body, feed.etag = OTHER, '"two"'
        due = subscribed.due_at
        assert due is not None
        assert timedelta(hours=5) < due - NOW < timedelta(hours=7)
        tasks.tick(due - timedelta(seconds=1))
        assert Entry.objects.count() == 7
        tasks.tick(due)
        assert Entry.objects.count() == 2

    def test_follows_an_address_that_moved_for_good(self, cast: Cast) -> None:
        def moved(asked: Asked) -> Reply:
            if asked.path.startswith("/old"):
                return Reply(status=301, headers={"Location": "/new.ics?token=another"})
            return Reply(body=LENAS, headers={"Content-Type": "text/calendar"})

        with scripted(moved) as server:
            job = actions.hand_in_calendar(
                actor=cast.lena, person=cast.lena, upload=None, address=f"{server.address}old.ics", name="", now=NOW
            )
            actions.carry_out_import(job.pk, clock=lambda: NOW)
            assert vault.unseal(Calendar.objects.get().sealed_address) == f"{server.address}new.ics?token=another"

    def test_says_that_the_key_is_lost_and_breaks_nothing(
        self, subscribed: Calendar, feed: Feed, server: Scripted, as_lena: Client, settings: Settings
    ) -> None:
        settings.VAULT_KEYS = ("bmV3" * 10 + "bmU=",)
        with pytest.raises(vault.KeyLost):
            feed.sync()
        page = as_lena.get("/calendar/sources/").content.decode()
        assert "key for passwords is another one now" in page
        assert Entry.objects.count() == 7
        as_lena.post("/calendar/sources/", {"address": f"{server.address}{SECRET}"})
        assert Calendar.objects.get().pk == subscribed.pk
        assert "another one now" not in as_lena.get("/calendar/sources/").content.decode()


class TestDisconnecting:
    @pytest.mark.parametrize(("read", "left"), [("keep", 7), ("erase", 0)])
    def test_forgets_the_address(self, subscribed: Calendar, as_lena: Client, read: str, left: int) -> None:
        as_lena.post(f"/calendar/sources/{subscribed.pk}/disconnect", {"read": read})
        assert Entry.objects.count() == left
        assert not Calendar.objects.exclude(sealed_address="", address_mark="", shown_address="").exists()


class TestMovable:
    def test_is_said_by_the_owner_of_an_entry_and_taken_back(
        self, subscribed: Calendar, cast: Cast, as_lena: Client
    ) -> None:
        tom = Entry.objects.get(uid="tom")
        assert "It may be moved" in as_lena.get(f"/calendar/entries/{tom.pk}/").content.decode()
        as_lena.post(f"/calendar/entries/{tom.pk}/movable", {"movable": "yes"})
        day = datetime(2026, 10, 6, tzinfo=UTC).date()
        (fixed,) = queries.fixed_in_week(cast.lena, day, day + timedelta(days=1))
        assert fixed.movable
        as_lena.post(f"/calendar/entries/{tom.pk}/movable", {"movable": "no"})
        assert queries.movable_series(cast.lena) == set()


class TestDiscretion:
    @pytest.mark.parametrize(
        ("address", "told"),
        [
            (
                "https://calendar.google.com/calendar/ical/lena%40gmail.com/private-0123456789abcdef/basic.ics",
                "https://calendar.google.com/calendar/ical/lena%40gmail.com/…/basic.ics",
            ),
            (
                "https://outlook.office365.com/owa/calendar/0a1b2c3d4e5f60718293@agency.example/77aa88bb99cc/calendar.ics",
                "https://outlook.office365.com/owa/calendar/…/…/calendar.ics",
            ),
            (
                "https://lena:geheim@cloud.example.org/remote.php/dav/public-calendars/AbCdEf12345678xy?export",
                "https://cloud.example.org/remote.php/dav/public-calendars/…",
            ),
            ("webcal://example.org/holidays-in-berlin.ics", "webcal://example.org/holidays-in-berlin.ics"),
        ],
    )
    def test_leaves_out_what_lets_one_in(self, address: str, told: str) -> None:
        assert discreet(address) == told
        assert discreet(f"{address} does not answer: try again.") == f"{told} does not answer: try again."

    @given(st.text())
    def test_takes_any_text(self, text: str) -> None:
        assert discreet(discreet(text)) == discreet(text)


class TestWaits:
    @given(st.integers(0, 1000), st.floats(-1, 1), st.integers(0, 10**6))
    def test_are_never_shorter_than_the_server_asks_nor_longer_than_a_day_without(
        self, failures: int, spread: float, seconds: int
    ) -> None:
        asked = timedelta(seconds=seconds)
        wait = schedule.next_reading(schedule.ADDRESS_EVERY, failures=failures, retry_after=asked, spread=spread)
        alone = schedule.next_reading(schedule.ADDRESS_EVERY, failures=failures, retry_after=None, spread=spread)
        assert wait >= asked
        assert schedule.ADDRESS_EVERY * 0.9 <= alone <= schedule.LONGEST * 1.1


@pytest.mark.django_db(transaction=True)
class TestMigrating:
    def test_seals_addresses_that_were_kept_in_the_open(self) -> None:
        executor = MigrationExecutor(connection)
        executor.migrate([("calendars", "0001_initial")])
        old = executor.loader.project_state([("calendars", "0001_initial")]).apps
        person = Person.objects.create(email="eve@agency.example", joined_at=NOW)
        address = "https://calendar.google.com/calendar/ical/eve/private-0123456789abcdef/basic.ics"
        there = old.get_model("calendars", "Calendar").objects
        there.create(owner_id=person.pk, name=address, address=address, read_at=NOW)
        there.create(owner_id=person.pk, name="office.ics")
        old.get_model("calendars", "Import").objects.create(
            owner_id=person.pk, name=address, address=address, started_at=NOW, finished_at=NOW, state="done"
        )
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
        subscribed = Calendar.objects.exclude(sealed_address="").get()
        assert vault.unseal(subscribed.sealed_address) == address
        assert "private-" not in str(Calendar.objects.values()) + str(Import.objects.values())
        assert subscribed.due_at is not None
        assert Calendar.objects.filter(name="office.ics", due_at=None).exists()
        with pytest.raises(ObjectDoesNotExist):
            Calendar.objects.get(name=address)
