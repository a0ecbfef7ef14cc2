"""What somebody tries who wants to do harm, and what broken servers do: forged forms, lies, copies of our entries."""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from pytest_django import Settings
from tests.adapters.caldav.test_caldav_servers import WORK, Old
from tests.adapters.web.scripted_server import Asked, Reply, Scripted, scripted
from tests.apps.calendar_accounts import START, one
from tests.apps.calendar_texts import LENAS
from tests.cast import NOW, Cast
from tests.contracts.test_access import assistant_keys, plan_keys, reflection_keys

from equipoise.adapters import caldav
from equipoise.apps.calendars import actions, noticing, syncing
from equipoise.apps.calendars.models import Account, Calendar, Entry, Import, Resource, Written
from equipoise.core.facets import Purpose
from equipoise.platform import vault


class Listing(Old):
    """An old server that lists what it has each time, with real entries."""

    def on_get(self, asked: Asked) -> Reply:
        name = asked.path.removeprefix(WORK)
        if name not in self.objects:
            return Reply(status=404)
        text = one(name, f"Budget review {name}")
        return Reply(body=text.encode(), headers={"ETag": f'W/"{self.objects[name]}"', "Content-Type": "text/calendar"})


@pytest.fixture
def listing() -> Listing:
    """What the server has: two entries."""
    found = Listing()
    found.objects = {"a.ics": 1, "b.ics": 1}
    return found


@pytest.fixture
def server(listing: Listing, settings: Settings) -> Iterator[Scripted]:
    """The server, running."""
    settings.PRIVATE_FEEDS = True
    with scripted(listing) as running:
        yield running


@pytest.fixture
def work(server: Scripted, cast: Cast) -> Calendar:
    """Lena's calendar there, read once."""
    account = Account.objects.create(
        owner=cast.lena, address=server.address, username="lena", connected_at=NOW, sealed_password=vault.seal("x y z")
    )
    calendar = Calendar.objects.create(
        owner=cast.lena, name="Work", account=account, remote=caldav.address_of(server.address, WORK), writable=True
    )
    read(calendar)
    assert Entry.objects.count() == 2
    return calendar


def read(calendar: Calendar, *, hours: int = 0) -> None:
    """Read what is new, so many hours later."""
    syncing.read_in_step(calendar.pk, clock=lambda: NOW + timedelta(hours=hours))


def written(calendar: Calendar, href: str) -> Written:
    """An entry of ours that stands in a calendar."""
    return Written.objects.create(
        owner=calendar.owner, calendar=calendar, uid="ours@equipoise", title="Strategy", planned_start=START,
        planned_end=START + timedelta(hours=1), state=Written.State.DONE, href=href, etag='"1"', changed_at=NOW,
    )  # fmt: skip


class TestAServerThatListsNothing:
    def test_takes_no_entry_and_no_block_with_it_at_once(
        self, work: Calendar, listing: Listing, as_lena: Client
    ) -> None:
        ours = written(work, f"{WORK}a.ics")
        listing.objects, listing.ctag = {}, "2"
        with pytest.raises(caldav.SuddenlyEmpty):
            read(work, hours=1)
        assert (Entry.objects.count(), Resource.objects.count()) == (2, 2)
        ours.refresh_from_db()
        assert ours.gone_at is None
        assert "shows the calendar as empty" in as_lena.get("/calendar/sources/").content.decode()

    def test_is_forgotten_when_the_entries_are_back(self, work: Calendar, listing: Listing) -> None:
        before = list(Entry.objects.order_by("pk").values_list("pk", flat=True))
        objects, listing.objects, listing.ctag = listing.objects, {}, "2"
        with pytest.raises(caldav.SuddenlyEmpty):
            read(work, hours=1)
        listing.objects, listing.ctag = objects, "3"
        read(work, hours=2)
        assert list(Entry.objects.order_by("pk").values_list("pk", flat=True)) == before
        work.refresh_from_db()
        assert work.trouble_kind == ""

    def test_is_believed_the_second_time(self, work: Calendar, listing: Listing) -> None:
        listing.objects, listing.ctag = {}, "2"
        with pytest.raises(caldav.SuddenlyEmpty):
            read(work, hours=1)
        read(work, hours=2)
        assert Entry.objects.count() == 0


BROKEN = {
    "nul": ("UID:a\0b", "SUMMARY:a\0b", "DESCRIPTION:x\0y", "DTSTART:20261130T090000Z", "DTEND:20261130T100000Z"),
    "nul in a time": ("UID:a", "SUMMARY:a", "DTSTART:2026\x001130T090000Z"),
    "long": ("UID:" + "u" * 20_000, "SUMMARY:a", "DTSTART:20261130T090000Z", "DTEND:20261130T100000Z"),
    "endless": ("UID:a", "SUMMARY:a", "RRULE:FREQ=SECONDLY", "DTSTART:20261130T090000Z", "DTEND:20261130T100000Z"),
    "of all times": ("UID:a", "SUMMARY:a", "DTSTART:00010101T000000Z", "DTEND:99991231T235959Z"),
}


class TestABrokenEntry:
    @pytest.mark.parametrize("lines", BROKEN.values(), ids=BROKEN)
    def test_keeps_the_others_of_its_calendar_from_nobody(
        self, work: Calendar, listing: Listing, server: Scripted, lines: tuple[str, ...]
    ) -> None:
        text = "\r\n".join(
            ["BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR", ""]
        )

        def answer(asked: Asked) -> Reply:
            if (asked.method, asked.path) == ("GET", f"{WORK}evil.ics"):
                return Reply(body=text.encode(), headers={"ETag": '"' + "e" * 3000 + '"'})
            return listing(asked)

        server.script = answer
        listing.objects, listing.ctag = {"a.ics": 1, "b.ics": 2, "evil.ics": 1}, "2"
        job = actions.ask_again(actor=work.owner, calendar=work, now=NOW)
        actions.carry_out_import(job.pk, clock=lambda: NOW + timedelta(hours=1))
        job.refresh_from_db()
        assert job.state == Import.State.DONE
        assert Entry.objects.filter(title__startswith="Budget review").count() == 2


class TestACopyOfOurEntry:
    @pytest.mark.parametrize(("writable", "follows"), [(False, False), (True, True)])
    def test_in_another_calendar_is_ours_only_where_the_owner_may_write(
        self, work: Calendar, *, writable: bool, follows: bool
    ) -> None:
        ours = written(work, f"{WORK}ours.ics")
        shared = Calendar.objects.create(
            owner=work.owner, name="Shared", account=work.account, remote=f"{work.remote}shared/", writable=writable
        )
        text = one("ours@equipoise", "Strategy", START + timedelta(days=1)).encode()
        copy = caldav.RemoteObject(href=f"{WORK}shared/copy.ics", etag='"9"', data=text)
        occurrences, problems = syncing.laid_out(
            [copy], work.owner, start=NOW - timedelta(days=9), end=NOW + timedelta(days=99)
        )
        assert (len(occurrences), problems) == (1, ())
        noticing.seen(shared, {copy.href: copy.etag}, occurrences, now=NOW)
        ours.refresh_from_db()
        assert (ours.calendar == shared) is follows
        assert (ours.href == copy.href) is follows


class TestANextThatIsNone:
    @pytest.mark.parametrize("wanted", ["view:name", "javascript:alert(1)", "people:sign-in", "<img>{{7|add:7}}", "x"])
    def test_leads_back_to_the_plan(self, cast: Cast, as_lena: Client, wanted: str) -> None:
        keys = plan_keys(cast.lena)
        answer = as_lena.post(f"/plan/blocks/{keys['block_id']}/accept", {"next": wanted})
        assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/")

    def test_leads_back_to_the_entry(self, cast: Cast, as_lena: Client) -> None:
        upload = BytesIO(LENAS)
        upload.name = "Office.ics"
        as_lena.post("/calendar/sources/", {"file": upload})
        entry = Entry.objects.get(title="1:1 Tom")
        form = {"purpose": Purpose.PEOPLE.value, "next": "view:name"}
        answer = as_lena.post(f"/calendar/entries/{entry.pk}/purpose", form)
        assert answer["Location"] == f"/calendar/entries/{entry.pk}/"


SECRETS = ("hunter2", "tok3nSecret", "private-aaaabbbbccccdddd", "My innermost words", "innermost intention")


class TestAStolenDatabase:
    def test_tells_no_password_no_secret_address_no_token_and_no_reflection(
        self, cast: Cast, as_lena: Client, settings: Settings, caplog: pytest.LogCaptureFixture
    ) -> None:
        settings.PRIVATE_FEEDS = True
        tokens = [str(plan_keys(cast.lena)["token"]), str(assistant_keys(cast)["secret"])]
        reflection = reflection_keys(cast.lena)["reflection_id"]
        secret = "127.0.0.1:9/private-aaaabbbbccccdddd/basic.ics?token=tok3nSecret"
        as_lena.post("/calendar/sources/", {"address": f"http://lena:hunter2@{secret}"})
        as_lena.post("/calendar/sources/", {"address": "http://lena:hunter2@[::1/x?token=tok3nSecret"})
        form = {"address": f"http://lena:hunter2@{secret}", "username": "lena", "password": "hunter2"}
        as_lena.post("/calendar/connect/", form)
        Account.objects.create(
            owner=cast.lena, address="http://127.0.0.1:9/", username="l", connected_at=NOW,
            sealed_password=vault.seal("hunter2"),
        )  # fmt: skip
        kept = as_lena.post(
            f"/reflection/{reflection}/write/",
            {"x": "My innermost words", "intention": "innermost intention", "do": "keep"},
        )
        assert kept.status_code == 302
        assert "My innermost words" in as_lena.get(f"/reflection/{reflection}/write/").content.decode()
        as_lena.post("/plan/feed/make")
        stored, told = _all_rows(), as_lena.post("/your-data/export").content.decode()
        assert [each for each in (*SECRETS, *tokens) if each in stored] == []
        assert [each for each in (*SECRETS[:3], *tokens) if each in told + caplog.text] == []


def _all_rows() -> str:
    """All that is in the database, as text; what is only encoded is decoded."""
    with connection.cursor() as cursor:
        rows: list[object] = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - a name the database gave
            rows += cursor.fetchall()
    sessions = [each.get_decoded() for each in Session.objects.all()]
    return f"{rows} {sessions}"
