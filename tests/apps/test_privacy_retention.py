"""For how long records are kept: chosen within bounds, erased when due, told as counts."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from tests.apps.calendar_texts import LENAS
from tests.cast import NOW, Cast

from equipoise.adapters.ics import Upload, read_calendar
from equipoise.apps.calendars import actions as calendars
from equipoise.apps.calendars.models import Entry, Import, Occurrence
from equipoise.apps.people.models import Joining
from equipoise.apps.privacy import tasks
from equipoise.apps.privacy.models import Package, Retention
from equipoise.apps.privacy.own_data import actions as own_data
from equipoise.apps.privacy.retention import actions, queries
from equipoise.apps.privacy.retention.sweeping import SWEEPS
from equipoise.platform import audit
from equipoise.platform.models import AuditEntry
from equipoise.platform.records import kinds


def signed_in(person: object) -> Client:
    client = Client()
    client.force_login(person)  # type: ignore[arg-type]
    return client


def swept() -> dict[str, int]:
    """What the trail says was erased, by kind."""
    rows = AuditEntry.objects.filter(verb="records erased by their time")
    return {str(row.detail["kind"]): int(row.detail["records"]) for row in rows}


def choose(cast: Cast, **days: int | None) -> None:
    actions.choose(actor=cast.ada, days=days, now=NOW)


class TestChoosing:
    def test_holds_from_then_on(self, cast: Cast) -> None:
        signed_in(cast.ada).post("/organisation/retention/", {"readings": "30"})
        assert queries.days_of("readings") == 30

    def test_is_told_in_the_trail_as_days_by_kind(self, cast: Cast) -> None:
        choose(cast, readings=30, queue=7)
        entry = AuditEntry.objects.get(verb="retention changed")
        assert (entry.actor_id, entry.detail) == (cast.ada.pk, {"readings": 30})

    def test_takes_the_default_again_where_it_is_empty(self, cast: Cast) -> None:
        choose(cast, readings=30)
        choose(cast, readings=None)
        assert queries.days_of("readings") == 365

    @pytest.mark.parametrize(("kind", "days"), [("trail", 30), ("trail", 9999), ("reflections", 30), ("queue", 0)])
    def test_refuses_what_lies_outside_its_bounds(self, cast: Cast, kind: str, days: int) -> None:
        with pytest.raises(actions.OutOfBounds):
            choose(cast, **{kind: days})
        assert not Retention.objects.exists()

    def test_says_what_is_wrong_on_the_page_and_changes_nothing(self, cast: Cast) -> None:
        answer = signed_in(cast.ada).post("/organisation/retention/", {"trail": "30", "queue": "8"})
        assert answer.status_code == 400
        assert not Retention.objects.exists()

    @pytest.mark.parametrize("who", ["lena", "ines", "vera", "otto"])
    def test_is_for_administrators(self, cast: Cast, who: str) -> None:
        assert signed_in(getattr(cast, who)).post("/organisation/retention/", {"queue": "8"}).status_code == 403

    def test_changes_nothing_from_inside_the_demo_agency(self, cast: Cast) -> None:
        cast.ada.demo_key = "ada"
        cast.ada.save()
        assert signed_in(cast.ada).post("/organisation/retention/", {"queue": "8"}).status_code == 404
        assert not Retention.objects.exists()


class TestAShorterTime:
    @pytest.fixture(autouse=True)
    def _a_reading_of_40_days_ago(self, cast: Cast) -> None:
        old = NOW - timedelta(days=40)
        Import.objects.create(owner=cast.lena, name="x", state="done", started_at=old, finished_at=old)

    def test_takes_hold_after_14_days(self, cast: Cast) -> None:
        choose(cast, readings=30)
        actions.sweep(now=NOW + timedelta(days=13))
        assert Import.objects.exists()
        actions.sweep(now=NOW + timedelta(days=14))
        assert not Import.objects.exists()

    def test_erases_nothing_when_it_was_a_slip(self, cast: Cast) -> None:
        choose(cast, readings=7)
        actions.choose(actor=cast.ada, days={"readings": None}, now=NOW + timedelta(days=3))
        for days in range(0, 60, 5):
            actions.sweep(now=NOW + timedelta(days=days))
        assert Import.objects.exists()

    def test_does_not_come_sooner_by_being_chosen_twice(self, cast: Cast) -> None:
        choose(cast, readings=30)
        actions.choose(actor=cast.ada, days={"readings": 20}, now=NOW + timedelta(days=10))
        actions.sweep(now=NOW + timedelta(days=20))
        assert Import.objects.exists()
        actions.sweep(now=NOW + timedelta(days=24))
        assert not Import.objects.exists()


class TestSweeping:
    def test_knows_how_to_erase_every_kind_whose_time_can_be_chosen(self) -> None:
        by_themselves = {"people", "trail"}
        assert {kind.key for kind in kinds() if kind.keeping.may_be_set} == {*SWEEPS, *by_themselves}

    def test_erases_old_entries_of_calendars_and_leaves_the_others(self, cast: Cast) -> None:
        reading = read_calendar(
            [Upload(name="lena.ics", content=LENAS)], me=cast.lena.addresses, start=None, end=NOW, zone=ZoneInfo("UTC")
        )
        calendars.store_reading(person=cast.lena, name="Lena's", reading=reading, now=NOW)
        newest = Occurrence.objects.order_by("-ends_at").first()
        assert newest is not None
        actions.sweep(now=NOW)
        before = Occurrence.objects.count()
        choose(cast, calendars=90)
        actions.sweep(now=newest.ends_at + timedelta(days=90) - timedelta(minutes=1))
        assert list(Occurrence.objects.filter(ends_at__lt=newest.ends_at)) == []
        assert Entry.objects.filter(pk=newest.entry_id).exists()
        assert not Entry.objects.filter(occurrences=None).exists()
        assert swept()["calendars"] == before - Occurrence.objects.count()

    def test_erases_readings_links_sessions_and_packages_that_are_due(self, cast: Cast) -> None:
        old = NOW - timedelta(days=400)
        for ended in (old, NOW):
            Import.objects.create(owner=cast.lena, name="x", state="done", started_at=ended, finished_at=ended)
            Joining.objects.create(person=cast.tom, digest=f"{ended:%Y}", made_at=ended, expires_at=ended)
            Session.objects.create(session_key=f"{ended:%Y}", session_data="", expire_date=ended)
        package = own_data.ask_for_package(actor=cast.lena, person=cast.lena, now=old)
        assert package is not None
        own_data.pack(package.pk, now=old)
        actions.sweep(now=NOW)
        assert swept() == {"readings": 1, "joining": 1, "sessions": 1, "exports": 1}
        assert [Import.objects.count(), Joining.objects.count(), Session.objects.count()] == [1, 1, 1]
        assert not Package.objects.exists()

    def test_goes_on_with_a_reading_that_is_under_way(self, cast: Cast) -> None:
        Import.objects.create(owner=cast.lena, name="x", state="reading", started_at=NOW - timedelta(days=900))
        actions.sweep(now=NOW)
        assert Import.objects.exists()

    def test_erases_in_batches_until_nothing_is_due(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(actions, "MOST", 2)
        old = NOW - timedelta(days=400)
        Import.objects.bulk_create(
            Import(owner=cast.lena, name="x", state="done", started_at=old, finished_at=old) for _ in range(5)
        )
        assert [actions.sweep(now=NOW) for _ in range(4)] == [2, 2, 1, 0]

    def test_shortens_the_trail_and_leaves_it_checkable(self, cast: Cast) -> None:
        for days in (1200, 1100, 10):
            audit.record(actor_id=1, subject_id=2, verb="calendar read", now=NOW - timedelta(days=days))
        actions.sweep(now=NOW)
        found = audit.check()
        assert (found.whole, found.shortened) == (True, 2)

    def test_is_looked_for_once_an_hour(self, cast: Cast) -> None:
        tasks.tick(NOW)
        old = NOW - timedelta(days=400)
        Import.objects.create(owner=cast.lena, name="x", state="done", started_at=old, finished_at=old)
        tasks.tick(NOW)
        assert Import.objects.exists()
        cache.clear()
        tasks.tick(NOW)
        assert not Import.objects.exists()

    def test_touches_nothing_of_a_kind_without_days(self, cast: Cast) -> None:
        assert queries.days_of("calendars") is None
        assert queries.days_of("reflections") is None
        Occurrence.objects.all().delete()
        assert actions.sweep(now=timezone.now()) == 0
