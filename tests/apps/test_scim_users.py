"""A directory keeps people here in step with its own."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any, cast

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.cast import NOW, PASSWORD, Cast
from tests.scim_client import ENTERPRISE, USER, Directory, person_of, reports_to

from equipoise.apps.people import standing
from equipoise.apps.people.actions import change_settings
from equipoise.apps.people.models import Grant, Person, ReportingLine
from equipoise.apps.people.organising import actions as organising
from equipoise.apps.privacy.own_data.queries import everything
from equipoise.apps.provisioning.models import DirectoryUser
from equipoise.apps.provisioning.scim import actions
from equipoise.platform.access import Role
from equipoise.platform.models import AuditEntry


@pytest.fixture
def directory(db: None) -> Directory:
    return Directory()


def manager_of(person: Person) -> Person | None:
    line = ReportingLine.objects.filter(standing.holding_on(timezone.now().date()), person=person, main=True).first()
    return line.manager if line else None


def work(address: str) -> list[dict[str, object]]:
    return [{"value": "elsewhere@home.example"}, {"value": address, "type": "work", "primary": True}]


class TestProvisioning:
    def test_adds_a_person_with_their_place(self, directory: Directory) -> None:
        told = directory.add(
            userName="kim",
            name={"givenName": "Kim", "familyName": "Ito"},
            emails=work("Kim.Ito@agency.example"),
            title="Controller",
            preferredLanguage="de-DE",
            timezone="Asia/Tokyo",
            **{ENTERPRISE: {"department": "Finance & Controlling"}},
        )
        kim = person_of(told)
        position = standing.position_of(kim, on=timezone.now().date())
        assert (kim.name, kim.email, kim.language, kim.zone) == (
            "Kim Ito",
            "kim.ito@agency.example",
            "de",
            "Asia/Tokyo",
        )
        assert kim.more_addresses == ["elsewhere@home.example"]
        assert kim.invited
        assert not kim.has_usable_password()
        assert position is not None
        assert (position.title, position.function) == ("Controller", "finance")

    def test_keeps_nothing_it_has_no_use_for(self, directory: Directory) -> None:
        told = directory.add(userName="kim", password="a secret", phoneNumbers=[{"value": "+49 1"}])
        kept = str(DirectoryUser.objects.values())
        assert not {"password", "phoneNumbers"} & told.keys()
        assert "a secret" not in kept
        assert "+49 1" not in kept

    def test_takes_the_user_name_for_the_address_where_there_is_no_other(self, directory: Directory) -> None:
        assert person_of(directory.add(userName="Kim@Agency.example")).email == "kim@agency.example"

    def test_makes_up_an_address_nothing_is_mailed_to(self, directory: Directory) -> None:
        told = directory.add(userName="kim")
        assert person_of(told).email == f"{told['id']}@users.invalid"

    def test_refuses_a_user_name_that_is_taken_whatever_its_case(self, directory: Directory) -> None:
        directory.add(userName="Kim")
        answer = directory.ask("POST", "/Users", {"schemas": [USER], "userName": "kIM"})
        assert (answer.status_code, json.loads(answer.content)["scimType"]) == (409, "uniqueness")

    def test_refuses_an_address_of_another_user(self, directory: Directory) -> None:
        directory.add(userName="a", emails=work("kim@agency.example"))
        answer = directory.ask("POST", "/Users", {"userName": "b", "emails": work("KIM@agency.example")})
        assert (answer.status_code, Person.objects.filter(email="kim@agency.example").count()) == (409, 1)

    def test_is_told_in_the_trail_without_what_it_said(self, directory: Directory) -> None:
        kim = person_of(directory.add(userName="kim", displayName="Kim Ito"))
        acts = AuditEntry.objects.filter(subject_id=kim.pk).order_by("pk")
        assert [each.verb for each in acts] == ["person added", "person provisioned"]
        assert "Kim" not in str([each.detail for each in acts])


class TestTakingSomebodyOver:
    def test_doubles_nobody_whom_an_administrator_added(self, cast: Cast, directory: Directory) -> None:
        kim = organising.add_person(actor=cast.ada, name="Kim", email="kim@agency.example", now=NOW)
        told = directory.add(userName="kim", displayName="Kim Ito", emails=work("kim@agency.example"), title="Lead")
        kim.refresh_from_db()
        assert (person_of(told), kim.name) == (kim, "Kim Ito")
        assert AuditEntry.objects.filter(subject_id=kim.pk, verb="person taken over by the directory").exists()

    def test_brings_back_who_was_dropped(self, directory: Directory) -> None:
        told = directory.add(userName="kim", emails=work("kim@agency.example"))
        kim = person_of(told)
        directory.ask("DELETE", f"/Users/{told['id']}")
        again = directory.add(userName="kim", emails=work("kim@agency.example"))
        kim.refresh_from_db()
        assert (person_of(again), kim.is_active) == (kim, True)
        assert again["id"] != told["id"]

    def test_refuses_an_address_somebody_only_says_is_theirs(self, cast: Cast, directory: Directory) -> None:
        kim = organising.add_person(actor=cast.ada, name="Mallory", email="mallory@agency.example", now=NOW)
        change_settings(
            person=kim, name="Mallory", email="chief@agency.example", more_addresses=[], zone="UTC", language="en",
            theme="auto", work_from=kim.work_from, work_until=kim.work_until, unplanned_hours=None, now=NOW,
        )  # fmt: skip
        answer = directory.ask("POST", "/Users", {"userName": "chief", "emails": work("chief@agency.example")})
        assert (answer.status_code, DirectoryUser.objects.count()) == (409, 0)
        assert b"An administrator must change that address" in answer.content

    def test_never_reaches_the_demo_agency(self, directory: Directory) -> None:
        Person.objects.create(name="Demo", email="d@agency.example", demo_key="d", joined_at=NOW)
        answer = directory.ask("POST", "/Users", {"userName": "d@agency.example"})
        assert answer.status_code == 409


class TestAChange:
    def test_leaves_what_the_person_set_themselves(self, directory: Directory) -> None:
        told = directory.add(userName="kim", displayName="Kim", preferredLanguage="en", title="Old")
        Person.objects.filter(pk=person_of(told).pk).update(language="de", zone="Asia/Tokyo", name="Kimmy")
        directory.patch(told, {"op": "replace", "path": "title", "value": "New"})
        kim = person_of(told)
        position = standing.position_of(kim, on=timezone.now().date())
        assert (kim.name, kim.language, kim.zone) == ("Kimmy", "de", "Asia/Tokyo")
        assert position is not None
        assert position.title == "New"

    def test_keeps_the_level_said_here(self, directory: Directory) -> None:
        told = directory.add(userName="kim", title="Old")
        today = timezone.now().date()
        organising.set_position(
            actor=None, person=person_of(told), title="Old", level="team_lead", function="", on=today, now=NOW
        )
        directory.patch(told, {"op": "replace", "path": "title", "value": "New"})
        position = standing.position_of(person_of(told), on=today)
        assert position is not None
        assert (position.title, position.level) == ("New", "team_lead")

    def test_moves_the_address(self, directory: Directory) -> None:
        told = directory.add(userName="kim", emails=work("kim@agency.example"))
        directory.patch(told, {"op": "replace", "path": 'emails[type eq "work"].value', "value": "ito@agency.example"})
        assert person_of(told).email == "ito@agency.example"

    def test_that_changes_nothing_leaves_no_trace(self, directory: Directory) -> None:
        told = directory.add(userName="kim", title="Lead")
        before = AuditEntry.objects.count()
        answer = directory.patch(told, {"op": "replace", "path": "title", "value": "Lead"})
        assert (json.loads(answer.content), AuditEntry.objects.count()) == (told, before)

    def test_by_put_lets_nobody_in_by_leaving_active_out(self, directory: Directory) -> None:
        told = directory.add(userName="kim", active=False)
        answer = directory.ask("PUT", f"/Users/{told['id']}", {"schemas": [USER], "userName": "kim", "title": "Lead"})
        assert (answer.status_code, json.loads(answer.content)["active"]) == (200, False)
        assert not person_of(told).is_active

    def test_that_fails_keeps_nothing_of_it(self, directory: Directory) -> None:
        directory.add(userName="a", emails=work("a@agency.example"))
        told = directory.add(userName="b", emails=work("b@agency.example"), title="Old")
        answer = directory.patch(
            told, {"op": "replace", "value": {"title": "New", "emails": [{"value": "a@agency.example"}]}}
        )
        assert (answer.status_code, directory.get(f"/Users/{told['id']}")) == (409, told)


class TestTheManager:
    def test_is_who_one_reports_to(self, directory: Directory) -> None:
        lena = directory.add(userName="lena")
        tom = directory.add(userName="tom", **reports_to(lena))
        assert manager_of(person_of(tom)) == person_of(lena)
        assert tom[ENTERPRISE]["manager"]["$ref"] == lena["meta"]["location"]

    def test_is_joined_when_they_come(self, directory: Directory) -> None:
        tom = directory.add(userName="tom", **{ENTERPRISE: {"manager": {"value": "E-17"}}})
        assert manager_of(person_of(tom)) is None
        lena = directory.add(userName="lena", externalId="E-17")
        assert manager_of(person_of(tom)) == person_of(lena)

    def test_cannot_close_a_circle(self, directory: Directory) -> None:
        lena = directory.add(userName="lena")
        tom = directory.add(userName="tom", **reports_to(lena))
        answer = directory.patch(lena, {"op": "add", "path": f"{ENTERPRISE}:manager", "value": tom["id"]})
        assert (answer.status_code, json.loads(answer.content)["scimType"]) == (400, "invalidValue")
        assert "circle" in json.loads(answer.content)["detail"]
        assert manager_of(person_of(lena)) is None

    def test_is_not_oneself(self, directory: Directory) -> None:
        lena = directory.add(userName="lena")
        answer = directory.patch(lena, {"op": "add", "path": f"{ENTERPRISE}:manager", "value": lena["id"]})
        assert answer.status_code == 400

    def test_goes_when_the_directory_names_nobody(self, directory: Directory) -> None:
        tom = directory.add(userName="tom", **reports_to(directory.add(userName="lena")))
        directory.patch(tom, {"op": "remove", "path": f"{ENTERPRISE}:manager"})
        assert manager_of(person_of(tom)) is None

    def test_who_was_is_none_any_more_when_the_next_has_yet_to_come(self, directory: Directory) -> None:
        tom = directory.add(userName="tom", **reports_to(directory.add(userName="lena")))
        directory.patch(tom, {"op": "replace", "path": f"{ENTERPRISE}:manager", "value": {"value": "E-17"}})
        assert manager_of(person_of(tom)) is None

    def test_leaves_further_lines_as_they_are(self, directory: Directory) -> None:
        lena, ravi = directory.add(userName="lena"), directory.add(userName="ravi")
        tom = directory.add(userName="tom", **reports_to(lena))
        today = timezone.now().date()
        organising.set_lines(
            actor=None, person=person_of(tom), manager=person_of(lena), others=[person_of(ravi)], on=today, now=NOW
        )
        grace = directory.add(userName="grace")
        directory.patch(tom, {"op": "replace", "path": f"{ENTERPRISE}:manager", "value": {"value": grace["id"]}})
        holding = ReportingLine.objects.filter(standing.holding_on(today), person=person_of(tom))
        assert {(each.manager.name, each.main) for each in holding} == {("grace", True), ("ravi", False)}

    def test_name_is_told_when_asked_for(self, directory: Directory) -> None:
        tom = directory.add(userName="tom", **reports_to(directory.add(userName="lena", displayName="Lena")))
        asked = f"{ENTERPRISE}:manager.displayName"
        found = directory.get(f"/Users/{tom['id']}", attributes=asked)
        assert found[ENTERPRISE]["manager"]["displayName"] == "Lena"


class TestLeaving:
    def test_by_active_false_ends_everything_and_erases_nothing(self, directory: Directory) -> None:
        lena = directory.add(userName="lena")
        tom = directory.add(userName="tom", title="Consultant", **reports_to(lena))
        person = person_of(tom)
        person.set_password(PASSWORD)
        person.save()
        browser = Client()
        browser.force_login(person)
        assert browser.get("/settings/").status_code == 200
        answer = directory.patch(tom, {"op": "Replace", "path": "active", "value": "False"})
        person.refresh_from_db()
        assert (answer.status_code, person.is_active, person.left_on) == (200, False, timezone.now().date())
        assert browser.get("/settings/").status_code != 200
        assert (manager_of(person), directory.get(f"/Users/{tom['id']}")["active"]) == (None, False)

    def test_and_coming_back_gives_the_place_again(self, directory: Directory) -> None:
        lena = directory.add(userName="lena", title="Lead")
        tom = directory.add(userName="tom", **reports_to(lena))
        directory.patch(lena, {"op": "replace", "value": {"active": False}})
        assert manager_of(person_of(tom)) is None
        directory.patch(lena, {"op": "replace", "value": {"active": True}})
        position = standing.position_of(person_of(lena), on=timezone.now().date())
        assert person_of(lena).is_active
        assert manager_of(person_of(tom)) == person_of(lena)
        assert position is not None
        assert position.title == "Lead"

    def test_and_coming_back_opens_no_browser_that_was_signed_in(self, directory: Directory) -> None:
        tom = directory.add(userName="tom")
        person = person_of(tom)
        person.set_password(PASSWORD)
        person.save()
        browser = Client()
        browser.force_login(person)
        assert browser.get("/settings/").status_code == 200
        directory.patch(tom, {"op": "replace", "path": "active", "value": False})
        directory.patch(tom, {"op": "replace", "path": "active", "value": True})
        assert browser.get("/settings/").status_code == 302

    def test_by_delete_drops_the_record_and_keeps_the_person(self, directory: Directory) -> None:
        tom = directory.add(userName="tom")
        person = person_of(tom)
        answer = directory.ask("DELETE", f"/Users/{tom['id']}")
        person.refresh_from_db()
        assert (answer.status_code, answer.content, person.is_active) == (204, b"", False)
        assert directory.ask("GET", f"/Users/{tom['id']}").status_code == 404

    def test_is_not_for_the_last_administrator_who_signs_in_here(self, cast: Cast, directory: Directory) -> None:
        organising.grant(actor=None, person=cast.tom, role=Role.ADMINISTRATOR, source="scim", now=NOW)
        Person.objects.filter(pk=cast.tom.pk).update(password="!")
        DirectoryUser.objects.create(
            person=cast.ada, user_name="ada", user_name_key="ada", made_at=NOW, changed_at=NOW,
            attributes={"userName": "ada", "active": True},
        )  # fmt: skip
        ada = directory.get("/Users")["Resources"][0]
        answer = directory.patch(ada, {"op": "replace", "path": "active", "value": False})
        assert (answer.status_code, person_of(ada).is_active) == (409, True)
        assert "last administrator" in json.loads(answer.content)["detail"]
        assert directory.ask("DELETE", f"/Users/{ada['id']}").status_code == 409
        assert Grant.objects.filter(person=cast.ada, ended_at=None).exists()

    def test_twice_is_leaving_once(self, directory: Directory) -> None:
        tom = directory.add(userName="tom", active=False)
        person = person_of(tom)
        Person.objects.filter(pk=person.pk).update(left_on=date(2026, 1, 1))
        directory.patch(tom, {"op": "replace", "path": "active", "value": "false"})
        person.refresh_from_db()
        assert person.left_on == date(2026, 1, 1)


class TestTheDirectorysRecord:
    def test_is_taken_along_by_the_person(self, directory: Directory) -> None:
        tom = directory.add(userName="tom", externalId="E-17", title="Lead")
        directory.add_group("Sales", tom)
        told = everything(person_of(tom), now=NOW)
        (kept,) = cast("list[dict[str, Any]]", told["directory"])
        assert (kept["user_name"], kept["external_id"], kept["attributes"]["title"]) == ("tom", "E-17", "Lead")
        assert told["directory_groups"] == ["Sales"]

    def test_goes_with_the_person(self, directory: Directory) -> None:
        tom = directory.add(userName="tom")
        group = directory.add_group("Sales", tom)
        person_of(tom).delete()
        assert directory.ask("GET", f"/Users/{tom['id']}").status_code == 404
        assert "members" not in directory.get(f"/Groups/{group['id']}")

    def test_of_a_fault_nobody_foresaw_tells_no_log_what_was_sent(
        self, directory: Directory, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        def broken(**_named: object) -> None:
            raise LookupError("kim@agency.example")

        monkeypatch.setattr(actions, "provision", broken)
        answer = directory.ask("POST", "/Users", {"userName": "kim@agency.example"})
        assert (answer.status_code, "kim" in answer.content.decode(), "kim" in caplog.text) == (500, False, False)
        assert "LookupError in SCIM, broken" in caplog.text


class TestManyPeople:
    def test_are_listed_with_as_many_queries_as_few(self, directory: Directory) -> None:
        def queries(ask: Callable[[], object]) -> int:
            with CaptureQueriesContext(
                connection,
            ) as seen:
                ask()
            return len(seen)

        lena = directory.add(userName="lena")
        few = queries(lambda: directory.get("/Users"))
        for number in range(12):
            directory.add(userName=f"p{number}", **reports_to(lena))
        directory.add_group("Few", lena)
        groups = queries(lambda: directory.get("/Groups"))
        directory.add_group("All", *directory.get("/Users")["Resources"])
        assert queries(lambda: directory.get("/Users")) == few
        assert queries(lambda: directory.get("/Groups")) == groups
        assert queries(lambda: directory.get("/Users", filter='title pr or userName sw "p"')) <= few
