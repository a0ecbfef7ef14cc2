"""Erasing: asked for, waited for, taken back, carried out once; and who left."""

import threading
from datetime import timedelta
from io import BytesIO

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils import timezone
from tests.apps.calendar_texts import LENAS
from tests.apps.erasing import erase_now
from tests.apps.lenas_calendar import with_calendar
from tests.cast import NOW, Cast

from equipoise.apps.calendars import syncing
from equipoise.apps.calendars.models import Calendar, Entry
from equipoise.apps.growth.models import Reflection
from equipoise.apps.integrations.actions import make_token
from equipoise.apps.people.models import Grant, Person, Team
from equipoise.apps.people.organising import actions as organising
from equipoise.apps.privacy import tasks
from equipoise.apps.privacy.erasing import actions, queries
from equipoise.apps.privacy.models import Retention
from equipoise.apps.privacy.own_data import actions as own_data
from equipoise.apps.privacy.retention import actions as retention
from equipoise.platform import audit
from equipoise.platform.access import Role
from equipoise.platform.api import Scope
from equipoise.platform.models import AuditEntry

LATER = timedelta(days=14, minutes=1)
LENA = {"email": "lena@agency.example"}


def told_of(person_id: int) -> list[str]:
    return list(AuditEntry.objects.filter(subject_id=person_id).order_by("pk").values_list("verb", flat=True))


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def named_in() -> set[str]:
    """Every table in which Lena is named, or one of her entries is."""
    words = ("Lena Hartmann", "lena@agency", "Lena's", "1:1 Tom")
    return {
        model.__name__
        for model in apps.get_models()
        if any(word in str(list(model._default_manager.values())) for word in words)
    }


def leave(cast: Cast, person: Person, *, days_ago: int) -> None:
    now = timezone.now() - timedelta(days=days_ago)
    organising.leave(actor=cast.ada, person=person, on=now.date(), now=now)


class TestAskingForErasing:
    def test_begins_a_waiting_time_and_erases_nothing(self, cast: Cast, as_lena: Client) -> None:
        as_lena.post("/your-data/erase", LENA)
        cast.lena.refresh_from_db()
        assert cast.lena.erase_after is not None
        assert timedelta(days=13) < cast.lena.erase_after - timezone.now() <= timedelta(days=14)
        assert told_of(cast.lena.pk) == ["erasing asked for"]

    def test_says_on_every_page_when_it_happens_and_how_to_take_it_back(self, cast: Cast, as_lena: Client) -> None:
        as_lena.post("/your-data/erase", LENA)
        page = as_lena.get("/settings/").content.decode()
        assert "is erased on" in page
        assert 'action="/your-data/keep"' in page

    def test_is_taken_back_by_signing_in_again(self, cast: Cast, as_lena: Client) -> None:
        as_lena.post("/your-data/erase", LENA)
        signed_in(cast.lena).post("/your-data/keep")
        tasks.tick(timezone.now() + LATER)
        assert Person.objects.filter(pk=cast.lena.pk).exists()
        assert told_of(cast.lena.pk) == ["erasing asked for", "erasing taken back"]

    def test_begins_no_later_when_it_is_asked_for_again(self, cast: Cast) -> None:
        first = actions.ask_for_erasing(actor=cast.lena, person=cast.lena, now=NOW)
        assert actions.ask_for_erasing(actor=cast.lena, person=cast.lena, now=NOW + timedelta(days=3)) == first
        assert told_of(cast.lena.pk) == ["erasing asked for"]

    def test_stops_calendars_from_being_read(self, cast: Cast, as_lena: Client) -> None:
        calendar = Calendar.objects.create(owner=cast.lena, name="x", due_at=NOW)
        syncing.keep_address(calendar, "http://127.0.0.1:9/a.ics")
        Calendar.objects.filter(pk=calendar.pk).update(sealed_address=calendar.sealed_address, due_at=NOW)
        as_lena.post("/your-data/erase", LENA)
        assert syncing.claim_due_readings(now=NOW, until=NOW + timedelta(hours=1)) == []
        as_lena.post("/your-data/keep")
        assert syncing.claim_due_readings(now=NOW, until=NOW + timedelta(hours=1)) == [calendar.pk]

    def test_refuses_another_address(self, cast: Cast, as_lena: Client) -> None:
        assert as_lena.post("/your-data/erase", {"email": "tom@agency.example"}).status_code == 400
        cast.lena.refresh_from_db()
        assert cast.lena.erase_after is None

    def test_refuses_the_last_administrator_and_says_what_to_do(self, cast: Cast) -> None:
        client = signed_in(cast.ada)
        answer = client.post("/your-data/erase", {"email": cast.ada.email})
        assert answer.status_code == 400
        assert "last administrator" in answer.content.decode()
        Grant.objects.create(person=cast.ravi, role=Role.ADMINISTRATOR, given_at=NOW)
        assert client.post("/your-data/erase", {"email": cast.ada.email}).status_code == 302

    def test_counts_nobody_as_an_administrator_who_waits_to_be_erased(self, cast: Cast) -> None:
        Grant.objects.create(person=cast.ravi, role=Role.ADMINISTRATOR, given_at=NOW)
        actions.ask_for_erasing(actor=cast.ada, person=cast.ada, now=NOW)
        with pytest.raises(actions.LastAdministrator):
            actions.ask_for_erasing(actor=cast.ravi, person=cast.ravi, now=NOW)

    def test_offers_no_at_once_in_an_organisation(self, cast: Cast, as_lena: Client) -> None:
        assert "at_once" not in as_lena.get("/your-data/erase").content.decode()
        as_lena.post("/your-data/erase", {**LENA, "at_once": "on"})
        assert Person.objects.filter(pk=cast.lena.pk).exists()
        with pytest.raises(actions.NotAlone):
            actions.erase_at_once(person=cast.lena, now=NOW)


@pytest.mark.django_db
class TestAnOwnMachine:
    @pytest.fixture
    def owner(self) -> Person:
        owner = Person.objects.create(name="Eve", email="eve@own.example", joined_at=NOW)
        Grant.objects.create(person=owner, role=Role.ADMINISTRATOR, given_at=NOW)
        return owner

    def test_erases_at_once_if_its_owner_says_so(self, owner: Person) -> None:
        client = signed_in(owner)
        assert "at_once" in client.get("/your-data/erase").content.decode()
        client.post("/your-data/erase", {"email": owner.email, "at_once": "on"})
        assert not Person.objects.exists()
        assert told_of(owner.pk) == ["person erased"]

    def test_waits_otherwise_though_its_owner_is_the_only_administrator(self, owner: Person) -> None:
        signed_in(owner).post("/your-data/erase", {"email": owner.email})
        assert Person.objects.filter(pk=owner.pk, erase_after__isnull=False).exists()
        tasks.tick(timezone.now() + LATER)
        assert not Person.objects.exists()

    def test_is_one_though_somebody_assists(self, owner: Person) -> None:
        sam = Person.objects.create(name="Sam", email="sam@own.example", joined_at=NOW, invited=True)
        assert not queries.is_alone(owner)
        owner.assistances.create(assistant=sam, named_at=NOW, named_by_id=owner.pk)
        assert queries.is_alone(owner)
        Grant.objects.create(person=sam, role=Role.AUDITOR, given_at=NOW)
        assert not queries.is_alone(owner)

    def test_is_none_once_there_is_a_team(self, owner: Person) -> None:
        Team.objects.create(name="House", made_at=NOW)
        assert not queries.is_alone(owner)


class TestCarryingItOut:
    def test_erases_everything_once_the_waiting_is_over(self, cast: Cast, as_lena: Client) -> None:
        Reflection.objects.create(
            owner=cast.lena, rhythm="weekly", start=NOW.date(), sealed="x", begun_at=NOW, kept_at=NOW
        )
        erase_now(as_lena)
        assert not Person.objects.filter(pk=cast.lena.pk).exists()
        assert not Reflection.objects.exists()
        assert told_of(cast.lena.pk)[-1] == "person erased"
        assert audit.check().whole

    def test_does_nothing_before(self, cast: Cast) -> None:
        actions.ask_for_erasing(actor=cast.lena, person=cast.lena, now=NOW)
        assert not actions.carry_out(cast.lena.pk, now=NOW + timedelta(days=13))
        assert Person.objects.filter(pk=cast.lena.pk).exists()

    def test_happens_exactly_once(self, cast: Cast) -> None:
        actions.ask_for_erasing(actor=cast.lena, person=cast.lena, now=NOW)
        done = [actions.carry_out(cast.lena.pk, now=NOW + LATER) for _ in range(3)]
        assert done == [True, False, False]
        assert told_of(cast.lena.pk).count("person erased") == 1

    def test_waits_for_the_last_administrator_to_name_another(self, cast: Cast) -> None:
        other = Grant.objects.create(person=cast.ravi, role=Role.ADMINISTRATOR, given_at=NOW)
        actions.ask_for_erasing(actor=cast.ada, person=cast.ada, now=NOW)
        other.delete()
        assert not actions.carry_out(cast.ada.pk, now=NOW + LATER)
        Grant.objects.create(person=cast.ravi, role=Role.ADMINISTRATOR, given_at=NOW)
        assert actions.carry_out(cast.ada.pk, now=NOW + LATER)

    def test_leaves_nothing_in_any_table_that_names_the_person(self, cast: Cast, as_lena: Client) -> None:
        with_calendar(cast.lena)
        as_lena.post("/settings/assistants/", {"name": "Kim of Lena Hartmann", "email": "lena@agency.example.org"})
        as_lena.post("/your-data/export", {"as": "zip"})
        package = own_data.ask_for_package(actor=cast.lena, person=cast.lena, now=NOW)
        assert package is not None
        own_data.pack(package.pk, now=NOW)
        make_token(actor=cast.lena, person=cast.lena, name="Lena's", scopes=[Scope.READ], expires_at=None, now=NOW)
        assert named_in() > {"Person", "Token", "Entry"}
        as_lena.get("/")
        erase_now(as_lena)
        assert named_in() == set()
        assert not Session.objects.exists()

    def test_leaves_no_name_and_no_address_in_the_trail(self, cast: Cast, as_lena: Client) -> None:
        as_lena.post("/calendar/sources/", {"file": _file()})
        erase_now(as_lena)
        kept = str(list(AuditEntry.objects.values()))
        assert "Lena" not in kept
        assert "lena@" not in kept
        assert not Entry.objects.filter(owner_id=cast.lena.pk).exists()


def _file() -> BytesIO:
    file = BytesIO(LENAS)
    file.name = "lena.ics"
    return file


@pytest.mark.django_db(transaction=True)
class TestTwoWorkers:
    def test_erase_somebody_once(self, cast: Cast) -> None:
        if connection.vendor == "sqlite":
            pytest.skip("Threads cannot share the suite's database in memory.")
        actions.ask_for_erasing(actor=cast.lena, person=cast.lena, now=NOW)
        done: list[bool] = []

        def work() -> None:
            done.append(actions.carry_out(cast.lena.pk, now=NOW + LATER))
            connection.close()

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(done) == [False, False, False, True]
        assert told_of(cast.lena.pk).count("person erased") == 1
        assert audit.check().whole


class TestPeopleWhoLeft:
    def test_are_erased_by_themselves_when_their_time_is_over(self, cast: Cast) -> None:
        leave(cast, cast.tom, days_ago=91)
        leave(cast, cast.grace, days_ago=89)
        tasks.tick(timezone.now())
        assert not Person.objects.filter(pk=cast.tom.pk).exists()
        assert Person.objects.filter(pk=cast.grace.pk).exists()

    def test_are_erased_by_the_time_an_administrator_chose(self, cast: Cast) -> None:
        leave(cast, cast.grace, days_ago=40)
        chosen_at = timezone.now() - timedelta(days=15)
        Retention.objects.create(kind="people", days=30, before=90, changed_at=chosen_at, changed_by_id=cast.ada.pk)
        tasks.tick(timezone.now())
        assert not Person.objects.filter(pk=cast.grace.pk).exists()

    def test_are_erased_by_no_slip_of_an_administrator(self, cast: Cast) -> None:
        leave(cast, cast.grace, days_ago=40)
        retention.choose(actor=cast.ada, days={"people": 14}, now=timezone.now())
        tasks.tick(timezone.now())
        assert Person.objects.filter(pk=cast.grace.pk).exists()
        (leaver,) = queries.leavers(cast.ada)
        assert leaver.erased_on == (timezone.now() + timedelta(days=14)).date()

    def test_are_shown_to_administrators_by_name_and_day_alone(self, cast: Cast) -> None:
        leave(cast, cast.tom, days_ago=10)
        page = signed_in(cast.ada).get("/organisation/leavers/").content.decode()
        assert "Tom Okafor" in page
        assert "tom@agency.example" not in page

    @pytest.mark.parametrize("role", ["lena", "ines", "vera", "otto"])
    def test_are_shown_to_nobody_else(self, cast: Cast, role: str) -> None:
        assert signed_in(getattr(cast, role)).get("/organisation/leavers/").status_code == 403

    def test_are_erased_sooner_if_an_administrator_begins_it(self, cast: Cast) -> None:
        leave(cast, cast.tom, days_ago=1)
        signed_in(cast.ada).post(f"/organisation/leavers/{cast.tom.pk}/erase")
        tasks.tick(timezone.now() + timedelta(days=13))
        assert Person.objects.filter(pk=cast.tom.pk).exists()
        tasks.tick(timezone.now() + LATER)
        assert not Person.objects.filter(pk=cast.tom.pk).exists()

    def test_stay_until_their_time_if_the_administrator_takes_that_back(self, cast: Cast) -> None:
        leave(cast, cast.tom, days_ago=1)
        client = signed_in(cast.ada)
        client.post(f"/organisation/leavers/{cast.tom.pk}/erase")
        client.post(f"/organisation/leavers/{cast.tom.pk}/keep")
        tasks.tick(timezone.now() + LATER)
        assert Person.objects.filter(pk=cast.tom.pk).exists()

    def test_are_erased_by_nobody_once_they_are_back(self, cast: Cast) -> None:
        leave(cast, cast.tom, days_ago=1)
        signed_in(cast.ada).post(f"/organisation/leavers/{cast.tom.pk}/erase")
        organising.come_back(actor=cast.ada, person=Person.objects.get(pk=cast.tom.pk), on=NOW.date(), now=NOW)
        tasks.tick(timezone.now() + LATER)
        assert Person.objects.filter(pk=cast.tom.pk, is_active=True).exists()

    def test_are_not_people_who_are_still_here(self, cast: Cast) -> None:
        assert signed_in(cast.ada).post(f"/organisation/leavers/{cast.lena.pk}/erase").status_code == 404
        cast.lena.refresh_from_db()
        assert cast.lena.erase_after is None
