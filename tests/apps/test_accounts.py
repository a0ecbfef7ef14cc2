"""Accounts with a real calendar server: connected, kept in step, written to, and left again."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from itertools import count

import pytest
from django.test import Client
from pytest_django import Settings
from tests.apps.calendar_accounts import NOW, START, Connected, connect, connected, one
from tests.apps.erasing import erase_now
from tests.cast import Cast
from tests.radicale_server import PASSWORD, USER, Radicale, running_radicale

from equipoise.adapters import caldav
from equipoise.apps.calendars import accounts, actions, queries, syncing, tasks
from equipoise.apps.calendars.models import Account, Calendar, Entry, Import, Occurrence, Resource, Written
from equipoise.apps.people.models import Person
from equipoise.core.facets import Purpose
from equipoise.core.timeuse.purposes import Origin
from equipoise.platform import vault
from equipoise.platform.models import AuditEntry

_numbers = count(1)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Radicale]:
    """One server for the module; every test makes its own calendar."""
    with running_radicale(tmp_path_factory.mktemp("radicale")) as running:
        yield running


@pytest.fixture(autouse=True)
def private_feeds(settings: Settings) -> None:
    """The administrator lets this machine be asked."""
    settings.PRIVATE_FEEDS = True


@pytest.fixture
def lenas(server: Radicale, cast: Cast) -> Connected:
    """An empty calendar of Lena's, connected."""
    return connected(server, cast, f"work{next(_numbers)}")


def titles() -> list[str]:
    return sorted(Entry.objects.values_list("title", flat=True))


class TestConnecting:
    def test_finds_calendars_and_reads_the_chosen_ones(self, server: Radicale, cast: Cast, as_lena: Client) -> None:
        work, _home = server.make_calendar("office"), server.make_calendar("home")
        server.put_entry(work, "a", one("a", "Budget review"))
        form = {"address": server.address, "username": USER, "password": PASSWORD}
        answer = as_lena.post("/calendar/accounts/connect", form)
        account = Account.objects.get(owner=cast.lena)
        assert answer["Location"] == f"/calendar/accounts/{account.pk}/"
        page = as_lena.get(answer["Location"]).content.decode()
        assert "Office" in page
        assert "Home" in page
        as_lena.post(answer["Location"], {"read": [work], "write_to": work})
        assert titles() == ["Budget review"]
        assert [each.name for each in queries.writable_calendars(cast.lena)] == ["Office"]
        chosen = queries.chosen_calendar(cast.lena)
        assert chosen is not None
        assert chosen.remote == work
        page = as_lena.get("/calendar/sources/").content.decode()
        assert "Blocks are written here" in page
        assert "Last read" in page

    def test_keeps_the_password_sealed_and_out_of_the_export(self, lenas: Connected, cast: Cast) -> None:
        account = Account.objects.get()
        assert PASSWORD not in account.sealed_password
        assert vault.unseal(account.sealed_password) == PASSWORD
        told = str(queries.export(cast.lena))
        assert PASSWORD not in told
        assert account.sealed_password not in told
        assert USER in told

    def test_says_in_a_sentence_that_the_password_is_wrong(self, server: Radicale, as_lena: Client) -> None:
        form = {"address": server.address, "username": USER, "password": "wrong"}
        page = as_lena.post("/calendar/accounts/connect", form).content.decode()
        assert "refuses this user name and password" in page
        assert "wrong" not in page
        assert not Account.objects.exists()

    def test_refuses_a_private_server_unless_the_administrator_allows_it(
        self, server: Radicale, as_lena: Client, settings: Settings
    ) -> None:
        settings.PRIVATE_FEEDS = False
        form = {"address": server.address, "username": USER, "password": PASSWORD}
        assert "private network" in as_lena.post("/calendar/accounts/connect", form).content.decode()
        assert not Account.objects.exists()


class TestKeepingInStep:
    def test_reads_what_is_new_changed_and_gone_and_nothing_else(self, lenas: Connected) -> None:
        for uid, title in (("a", "Budget review"), ("b", "1:1 Tom"), ("c", "Vision day")):
            lenas.server.put_entry(lenas.remote, uid, one(uid, title))
        assert lenas.sync() is not None
        assert titles() == ["1:1 Tom", "Budget review", "Vision day"]
        kept = Entry.objects.get(uid="a").pk, Entry.objects.get(uid="b").pk
        lenas.server.put_entry(lenas.remote, "b", one("b", "1:1 Tom Okafor", START + timedelta(days=1)))
        lenas.server.delete_entry(f"{lenas.remote}c.ics")
        outcome = lenas.sync()
        assert outcome is not None
        assert (outcome.entries, outcome.removed) == (1, 1)
        assert titles() == ["1:1 Tom Okafor", "Budget review"]
        assert (Entry.objects.get(uid="a").pk, Entry.objects.get(uid="b").pk) == kept
        assert Occurrence.objects.get(entry__uid="b").starts_at == START + timedelta(days=1)

    def test_takes_over_that_a_whole_calendar_was_emptied(self, lenas: Connected) -> None:
        texts = [one(f"e{number}", f"Round {number}") for number in range(450)]
        inner = [text[text.index("BEGIN:VEVENT") : text.index("END:VCALENDAR")].strip() for text in texts]
        lenas.server.upload(lenas.remote, inner)
        outcome = lenas.sync()
        assert outcome is not None
        assert (outcome.entries, Entry.objects.count()) == (450, 450)
        lenas.server.upload(lenas.remote, inner[:1])
        outcome = lenas.sync()
        assert outcome is not None
        assert (outcome.removed, Entry.objects.count(), Resource.objects.count()) == (449, 1, 1)

    def test_costs_no_change_and_no_act_when_nothing_is_new(self, lenas: Connected, cast: Cast) -> None:
        lenas.server.put_entry(lenas.remote, "a", one("a", "Budget review"))
        lenas.sync()
        cast.lena.refresh_from_db()
        before = cast.lena.evidence_version, AuditEntry.objects.count()
        lenas.later(minutes=15)
        lenas.sync()
        cast.lena.refresh_from_db()
        assert (cast.lena.evidence_version, AuditEntry.objects.count()) == before
        assert lenas.calendar.read_at == lenas.now

    def test_keeps_corrections(self, lenas: Connected, cast: Cast) -> None:
        lenas.server.put_entry(lenas.remote, "a", one("a", "Something"))
        lenas.sync()
        actions.correct(actor=cast.lena, entry=Entry.objects.get(), purpose=Purpose.PEOPLE, now=NOW)
        lenas.server.put_entry(lenas.remote, "a", one("a", "Something else"))
        lenas.sync()
        (fixed,) = queries.fixed_in_week(cast.lena, START.date(), START.date() + timedelta(days=1))
        assert (fixed.title, fixed.purpose) == ("Something else", Purpose.PEOPLE)

    def test_reads_the_rest_when_one_entry_is_broken(self, lenas: Connected) -> None:
        lenas.server.put_entry(lenas.remote, "a", one("a", "Budget review"))
        odd = one("odd", "Odd").replace("DTEND:20261130T100000Z", "DTEND:20261130T080000Z")
        lenas.server.put_entry(lenas.remote, "odd", odd)
        lenas.sync()
        assert "Budget review" in titles()

    def test_keeps_what_was_read_when_the_server_is_gone_and_says_so(self, lenas: Connected, as_lena: Client) -> None:
        lenas.server.put_entry(lenas.remote, "a", one("a", "Budget review"))
        lenas.sync()
        lenas.server.stop()
        try:
            with pytest.raises(caldav.ServerInTrouble):
                lenas.sync()
        finally:
            lenas.server.start()
        assert titles() == ["Budget review"]
        calendar = lenas.calendar
        assert (calendar.failures, calendar.trouble_kind) == (1, "ServerInTrouble")
        assert calendar.due_at is not None
        assert timedelta(minutes=25) < calendar.due_at - lenas.now < timedelta(minutes=35)
        page = as_lena.get("/calendar/sources/").content.decode()
        assert "Since then:" in page
        assert "It is asked again later" in page
        lenas.sync()
        assert lenas.calendar.failures == 0
        assert "Since then:" not in as_lena.get("/calendar/sources/").content.decode()

    def test_asks_a_server_that_refuses_the_password_only_once(self, lenas: Connected, as_lena: Client) -> None:
        account = Account.objects.get()
        Account.objects.update(sealed_password=vault.seal("changed there"))
        with pytest.raises(caldav.SignInRefused):
            lenas.sync()
        assert lenas.sync() is None
        lenas.write()
        assert lenas.bring() == 0
        later = NOW + timedelta(days=3)
        assert syncing.claim_due_readings(now=later, until=later) == []
        assert "Give the password again" in as_lena.get("/calendar/sources/").content.decode()
        as_lena.post(f"/calendar/sources/{lenas.calendar.pk}/again")
        assert Import.objects.latest("pk").failure_kind == "SignInRefused"
        path = f"/calendar/accounts/{account.pk}/password"
        assert "refuses this user name" in as_lena.post(path, {"password": "guessed"}).content.decode()
        as_lena.post(path, {"password": PASSWORD})
        lenas.bring()
        assert lenas.written().state == "done"

    def test_asks_for_the_password_again_when_the_vaults_key_is_lost(
        self, lenas: Connected, as_lena: Client, settings: Settings
    ) -> None:
        settings.VAULT_KEYS = ("bmV3" * 10 + "bmU=",)
        tasks.read_in_step.call(lenas.calendar.pk)
        assert Account.objects.get().refusal == "KeyLost"
        page = as_lena.get("/calendar/sources/").content.decode()
        assert "key for passwords is another one now" in page
        as_lena.post(f"/calendar/accounts/{Account.objects.get().pk}/password", {"password": PASSWORD})
        assert Account.objects.get().refusal == ""
        assert lenas.sync() is not None

    def test_lays_endless_series_out_anew_every_month(self, lenas: Connected) -> None:
        lenas.server.put_entry(lenas.remote, "a", one("a", "Stand-up", START, "RRULE:FREQ=WEEKLY"))
        lenas.server.put_entry(lenas.remote, "b", one("b", "Once"))
        lenas.sync()
        first = Occurrence.objects.filter(entry__uid="a").count()
        lenas.later(days=15)
        outcome = lenas.sync()
        assert outcome is not None
        assert outcome.entries == 0
        lenas.later(days=16)
        outcome = lenas.sync()
        assert outcome is not None
        assert outcome.entries == 1
        assert Occurrence.objects.filter(entry__uid="a").count() == first + 4

    def test_is_done_by_one_worker_at_a_time(self, lenas: Connected) -> None:
        Calendar.objects.update(lease="elsewhere:1:x", leased_until=lenas.now + timedelta(minutes=1))
        with pytest.raises(syncing.Busy):
            lenas.sync()
        lenas.later(minutes=2)
        assert lenas.sync() is not None

    def test_goes_on_at_once_when_the_worker_of_this_machine_is_gone(self, lenas: Connected) -> None:
        gone = f"{socket.gethostname()[:60]}:{2**22 + 1}:x"
        Calendar.objects.update(lease=gone, leased_until=lenas.now + timedelta(minutes=5))
        assert lenas.sync() is not None

    def test_can_be_paused(self, lenas: Connected, as_lena: Client) -> None:
        as_lena.post(f"/calendar/sources/{lenas.calendar.pk}/pause", {"paused": "yes"})
        later = NOW + timedelta(days=3650)
        assert syncing.claim_due_readings(now=later, until=later) == []
        assert "Paused." in as_lena.get("/calendar/sources/").content.decode()
        as_lena.post(f"/calendar/sources/{lenas.calendar.pk}/pause", {"paused": "no"})
        assert syncing.claim_due_readings(now=later, until=later + timedelta(1)) == [lenas.calendar.pk]
        assert syncing.claim_due_readings(now=later, until=later + timedelta(1)) == []


class TestWriting:
    def test_puts_a_block_there_and_knows_what_it_is_for(self, lenas: Connected, cast: Cast) -> None:
        lenas.write()
        assert lenas.bring() == 1
        assert "SUMMARY:Strategy" in lenas.there()
        assert "CATEGORIES:vision" in lenas.there()
        lenas.sync()
        (entry,) = Entry.objects.all()
        (fixed,) = queries.fixed_in_week(cast.lena, START.date(), START.date() + timedelta(days=1))
        assert (fixed.entry_id, fixed.purpose) == (entry.pk, Purpose.VISION)
        (verdict,) = queries.evidence(cast.lena, start=START.date(), end=START.date() + timedelta(days=1)).verdicts
        assert verdict.origin is Origin.PLAN
        (state,) = queries.written(cast.lena)
        assert (state.seen_start, state.waiting, state.gone_at) == (START, False, None)

    def test_knows_what_an_entry_that_was_read_before_is_for_now(self, lenas: Connected, cast: Cast) -> None:
        lenas.write()
        lenas.bring()
        lenas.sync()
        Written.objects.update(purpose="")
        day = {"start": START.date(), "end": START.date() + timedelta(days=1)}
        before = queries.evidence_kept(Person.objects.get(pk=cast.lena.pk), **day)
        lenas.write()
        after = queries.evidence_kept(Person.objects.get(pk=cast.lena.pk), **day)
        assert [each.origin for each in (*before.verdicts, *after.verdicts)] == [Origin.MODEL, Origin.PLAN]

    def test_says_on_the_page_that_it_was_planned(self, lenas: Connected, cast: Cast, as_lena: Client) -> None:
        lenas.write()
        lenas.bring()
        lenas.sync()
        entry = Entry.objects.get()
        assert "You planned it with Equipoise for" in as_lena.get(f"/calendar/entries/{entry.pk}/").content.decode()
        actions.correct(actor=cast.lena, entry=entry, purpose=Purpose.PEOPLE, now=NOW)
        page = as_lena.get(f"/calendar/entries/{entry.pk}/").content.decode()
        assert "You said this is <b>People</b>" in page
        evidence = queries.evidence(cast.lena, start=START.date(), end=START.date() + timedelta(days=1))
        assert evidence.verdicts[0].origin is Origin.CORRECTION

    def test_changes_it_and_takes_it_out_again(self, lenas: Connected) -> None:
        lenas.write()
        lenas.bring()
        lenas.write(start=START + timedelta(hours=2))
        lenas.bring()
        assert "DTSTART:20261130T110000Z" in lenas.there()
        assert "SEQUENCE:1" in lenas.there()
        assert lenas.withdraw()
        lenas.bring()
        lenas.sync()
        assert not Entry.objects.exists()
        assert lenas.count() == 0

    def test_does_nothing_when_nothing_is_different(self, lenas: Connected) -> None:
        lenas.write()
        lenas.bring()
        lenas.write()
        assert lenas.bring() == 0
        assert AuditEntry.objects.filter(verb="entry written").count() == 1

    def test_waits_for_a_server_that_is_down(self, lenas: Connected) -> None:
        lenas.write()
        lenas.write("second@equipoise", start=START + timedelta(days=1))
        lenas.server.stop()
        try:
            assert lenas.bring() == 0
        finally:
            lenas.server.start()
        row = lenas.written()
        assert (row.state, row.tries, row.trouble_kind) == ("waiting", 1, "ServerInTrouble")
        assert row.due_at is not None
        assert row.due_at > lenas.now
        lenas.later(minutes=2)
        assert lenas.bring() == 2
        assert Written.objects.filter(state="done").count() == 2

    def test_lets_the_owner_move_it_in_their_calendar(self, lenas: Connected, cast: Cast) -> None:
        lenas.write()
        lenas.bring()
        moved = START + timedelta(hours=5)
        lenas.server.put_entry(lenas.remote, "block@equipoise", one("block@equipoise", "Strategy", moved))
        lenas.sync()
        (state,) = queries.written(cast.lena)
        assert (state.planned_start, state.seen_start) == (START, moved)
        assert lenas.bring() == 0
        assert "DTSTART:20261130T140000Z" in lenas.there()

    def test_lets_theirs_stand_when_both_sides_changed_it(self, lenas: Connected, cast: Cast) -> None:
        lenas.write()
        lenas.bring()
        theirs = START + timedelta(hours=5)
        lenas.server.put_entry(lenas.remote, "block@equipoise", one("block@equipoise", "Mine now", theirs))
        lenas.write(start=START + timedelta(hours=2))
        lenas.bring()
        assert "Mine now" in lenas.there()
        (state,) = queries.written(cast.lena)
        assert (state.seen_start, state.waiting) == (theirs, False)

    def test_notes_what_the_owner_deleted_and_does_not_bring_it_back(self, lenas: Connected, cast: Cast) -> None:
        lenas.write()
        lenas.bring()
        lenas.sync()
        lenas.server.delete_entry(f"{lenas.remote}block@equipoise.ics")
        lenas.write(start=START + timedelta(hours=2))
        lenas.bring()
        lenas.sync()
        (state,) = queries.written(cast.lena)
        assert state.gone_at == lenas.now
        assert not Entry.objects.exists()
        assert lenas.count() == 0

    def test_keeps_an_entry_the_owner_changed_when_it_is_withdrawn(self, lenas: Connected) -> None:
        lenas.write()
        lenas.bring()
        lenas.server.put_entry(lenas.remote, "block@equipoise", one("block@equipoise", "Mine now"))
        lenas.withdraw()
        lenas.bring()
        assert "Mine now" in lenas.there()

    def test_finds_its_own_entry_again_when_the_answer_was_lost(self, lenas: Connected) -> None:
        lenas.write()
        lenas.bring()
        Written.objects.update(state="waiting", href="", etag="", seen_start=None, seen_end=None, due_at=lenas.now)
        assert lenas.bring() == 1
        row = lenas.written()
        assert (row.state, row.seen_start) == ("done", START)
        lenas.write(start=START + timedelta(hours=1))
        lenas.bring()
        assert "DTSTART:20261130T100000Z" in lenas.there()

    def test_keeps_what_the_owner_added_when_they_move_it_here(self, lenas: Connected, cast: Cast) -> None:
        lenas.write()
        lenas.bring()
        added = one("block@equipoise", "Strategy with Tom", START, "LOCATION:Room 5", "DESCRIPTION:Bring the map")
        lenas.server.put_entry(lenas.remote, "block@equipoise", added)
        lenas.sync()
        lenas.write(start=START + timedelta(hours=3))
        lenas.bring()
        there = lenas.there()
        for kept in ("SUMMARY:Strategy with Tom", "LOCATION:Room 5", "DESCRIPTION:Bring the map"):
            assert kept in there
        assert "DTSTART:20261130T120000Z" in there
        assert "DTEND:20261130T133000Z" in there
        (state,) = queries.written(cast.lena)
        assert (state.seen_start, state.waiting) == (START + timedelta(hours=3), False)

    def test_leaves_a_block_alone_that_was_made_into_a_series(self, lenas: Connected) -> None:
        lenas.write()
        lenas.bring()
        series = one("block@equipoise", "Every week", START, "RRULE:FREQ=WEEKLY;COUNT=5")
        lenas.server.put_entry(lenas.remote, "block@equipoise", series)
        lenas.sync()
        lenas.write(start=START + timedelta(hours=3))
        lenas.bring()
        assert "DTSTART:20261130T090000Z" in lenas.there()
        assert "RRULE" in lenas.there()
        assert lenas.written().state == "done"

    def test_touches_nothing_else(self, lenas: Connected) -> None:
        text = one("a", "Not ours")
        lenas.server.put_entry(lenas.remote, "a", text)
        before = lenas.there("a")
        lenas.write()
        lenas.bring()
        lenas.sync()
        lenas.withdraw()
        lenas.bring()
        assert lenas.there("a") == before

    def test_refuses_a_calendar_that_is_somebody_elses(self, lenas: Connected, cast: Cast) -> None:
        with pytest.raises(ValueError, match="Choose a calendar"):
            actions.write_entry(
                actor=cast.ravi, person=cast.ravi, calendar=lenas.calendar, uid="x", title="x", start=START,
                end=START + timedelta(hours=1), description="", purpose=None, now=NOW,
            )  # fmt: skip

    def test_is_brought_by_the_worker(self, lenas: Connected) -> None:
        lenas.write()
        tasks.tick(lenas.now)
        assert lenas.written().state == "done"


class TestDisconnecting:
    @pytest.mark.parametrize("read", ["keep", "erase"])
    def test_forgets_the_account_and_what_was_read_if_wished(
        self, lenas: Connected, as_lena: Client, read: str
    ) -> None:
        lenas.server.put_entry(lenas.remote, "a", one("a", "Budget review"))
        lenas.sync()
        path = f"/calendar/accounts/{Account.objects.get().pk}/disconnect"
        assert "What was read" in as_lena.get(path).content.decode()
        as_lena.post(path, {"read": read})
        assert not Account.objects.exists()
        assert not Resource.objects.exists()
        assert titles() == (["Budget review"] if read == "keep" else [])
        for calendar in Calendar.objects.all():
            assert (calendar.account, calendar.remote, calendar.token, calendar.is_in_step) == (None, "", "", False)
        later = NOW + timedelta(days=3)
        assert syncing.claim_due_readings(now=later, until=later) == []

    def test_lets_the_account_be_connected_again_and_finds_its_own_entry_there(
        self, lenas: Connected, cast: Cast
    ) -> None:
        lenas.write()
        lenas.bring()
        accounts.disconnect(actor=cast.lena, account=Account.objects.get(), erase=False, now=NOW)
        accounts.choose_calendars(
            actor=cast.lena,
            account=connect(lenas.server, cast),
            read=[],
            write_to=lenas.remote,
            erase_others=False,
            now=NOW,
        )
        lenas.write(title="Strategy, again")
        lenas.bring()
        (state,) = queries.written(cast.lena)
        assert (state.seen_start, state.waiting, state.calendar_id) == (START, False, lenas.calendar.pk)
        assert lenas.count() == 1

    def test_lets_nothing_wait_for_a_calendar_that_is_left(self, lenas: Connected, cast: Cast, as_lena: Client) -> None:
        lenas.write()
        actions.erase_calendar(actor=cast.lena, calendar=lenas.calendar, now=NOW)
        assert not Written.objects.filter(state="waiting").exists()
        assert "to be written" not in as_lena.get("/calendar/sources/").content.decode()

    def test_leaves_what_was_written_in_the_calendar(self, lenas: Connected, cast: Cast) -> None:
        lenas.write()
        lenas.bring()
        accounts.disconnect(actor=cast.lena, account=Account.objects.get(), erase=True, now=NOW)
        assert "SUMMARY:Strategy" in lenas.there()

    def test_stops_reading_a_calendar_that_is_not_chosen_any_more(self, lenas: Connected, cast: Cast) -> None:
        lenas.server.put_entry(lenas.remote, "a", one("a", "Budget review"))
        lenas.sync()
        accounts.choose_calendars(
            actor=cast.lena, account=Account.objects.get(), read=[], write_to="", erase_others=True, now=NOW
        )
        assert not Entry.objects.exists()
        assert queries.chosen_calendar(cast.lena) is None

    def test_goes_with_the_person(self, lenas: Connected, as_lena: Client) -> None:
        lenas.write()
        erase_now(as_lena)
        assert not Account.objects.exists()
        assert not Written.objects.exists()


class TestTheDemoAgency:
    def test_connects_to_nothing_and_says_why(self, server: Radicale, cast: Cast, as_lena: Client) -> None:
        cast.lena.demo_key = "lena"
        cast.lena.save()
        form = {"address": server.address, "username": USER, "password": PASSWORD}
        assert "connects to nothing" in as_lena.post("/calendar/accounts/connect", form).content.decode()
        page = as_lena.post("/calendar/sources/", {"address": "https://calendar.example.org/a.ics"}).content.decode()
        assert "connects to nothing" in page
        assert not Account.objects.exists()
        assert not Import.objects.exists()


class TestAnOutsider:
    def test_finds_nobody_elses_account(self, server: Radicale, cast: Cast, as_otto: Client) -> None:
        account = connect(server, cast)
        assert as_otto.get(f"/calendar/accounts/{account.pk}/").status_code == 404
        assert as_otto.post(f"/calendar/accounts/{account.pk}/disconnect", {"read": "erase"}).status_code == 404
        assert Account.objects.exists()
