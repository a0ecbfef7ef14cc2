"""Tables of people and teams, and what a directory's groups mean, over the API."""

import json
from typing import Any

import pytest
from tests.apps.api_caller import Caller, caller
from tests.cast import NOW, Cast

from equipoise.apps.integrations.actions import make_token
from equipoise.apps.people.models import Grant, Membership, Person
from equipoise.apps.provisioning.models import DirectoryGroup
from equipoise.platform.access import Role
from equipoise.platform.api import Scope

PEOPLE = b"Name,Email,Title\nPat Doe,pat@agency.example,Writer\nTom Okafor,tom@agency.example,Lead writer\n"
WRONG = b"Name,Email\nPat Doe,pat@agency.example\nNobody,not an address\n"


@pytest.fixture
def adas(cast: Cast) -> Caller:
    """A program of Ada's, the administrator."""
    return caller(cast.ada)


def handed_in(adas: Caller, content: bytes = PEOPLE) -> dict[str, Any]:
    answer = adas.upload("/organisation/imports", "people.csv", content)
    assert answer.status_code == 201, answer.content
    found: dict[str, Any] = json.loads(answer.content)
    return found


class TestATable:
    def test_is_looked_at_before_anything_is_written(self, adas: Caller) -> None:
        plan = handed_in(adas)
        assert (plan["would"]["people_added"], plan["would"]["people_changed"]) == (1, 1)
        changes = adas.ask("GET", f"/organisation/imports/{plan['id']}/changes")["items"]
        assert {each["name"]: each["what"] for each in changes} == {"Pat Doe": "add", "Tom Okafor": "change"}
        assert not Person.objects.filter(name="Pat Doe").exists()

    def test_is_carried_out_and_undone(self, adas: Caller) -> None:
        plan = handed_in(adas)
        path = f"/organisation/imports/{plan['id']}"
        done = adas.ask("POST", f"{path}/carrying-out", {"digest": plan["digest"]}, status=202)
        assert (done["state"], done["can_undo"]) == ("done", True)
        assert Person.objects.get(name="Pat Doe").invited
        assert adas.ask("POST", f"{path}/undoing")["state"] == "undone"
        assert not Person.objects.filter(name="Pat Doe").exists()

    def test_is_not_carried_out_otherwise_than_looked_at(self, adas: Caller) -> None:
        plan = handed_in(adas)
        path = f"/organisation/imports/{plan['id']}/carrying-out"
        adas.ask("POST", path, {"digest": "0" * 64}, status=409)
        assert not Person.objects.filter(name="Pat Doe").exists()

    def test_tells_what_is_wrong_row_by_row(self, adas: Caller) -> None:
        plan = handed_in(adas, WRONG)
        path = f"/organisation/imports/{plan['id']}"
        (fault,) = adas.ask("GET", f"{path}/faults")["items"]
        assert (fault["row"], fault["column"]) == (3, "email")
        adas.ask("POST", f"{path}/carrying-out", {"digest": plan["digest"]}, status=409)
        sent = {"digest": plan["digest"], "without_errors": True}
        assert adas.ask("POST", f"{path}/carrying-out", sent, status=202)["counts"]["people_added"] == 1

    def test_lets_nobody_leave_who_was_not_chosen(self, adas: Caller, cast: Cast) -> None:
        plan = handed_in(adas)
        path = f"/organisation/imports/{plan['id']}"
        missing = {each["name"]: each["person_id"] for each in adas.ask("GET", f"{path}/missing")["items"]}
        assert "Grace Lindqvist" in missing
        sent = {"on": "2199-01-01", "leave": [cast.grace.pk]}
        assert adas.ask("PUT", f"{path}/leavers", sent)["leavers"] == [cast.grace.pk]

    def test_is_dropped(self, adas: Caller) -> None:
        plan = handed_in(adas)
        adas.ask("DELETE", f"/organisation/imports/{plan['id']}", status=204)
        assert [each["state"] for each in adas.ask("GET", "/organisation/imports")["items"]] == ["dropped"]

    def test_that_is_none_is_refused(self, adas: Caller) -> None:
        assert adas.upload("/organisation/imports", "x.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1").status_code == 409

    def test_goes_out_as_it_came_in(self, adas: Caller) -> None:
        answer = adas.answer("GET", "/organisation/tables/people")
        assert "Tom Okafor" in answer.content.decode("utf-8-sig")
        assert adas.answer("GET", "/organisation/workbook").content.startswith(b"PK")
        assert (
            "Tom" not in adas.answer("GET", "/organisation/tables/people", query={"template": "true"}).content.decode()
        )

    def test_is_for_administrators_who_answer_for_it(self, cast: Cast) -> None:
        assert caller(cast.lena).upload("/organisation/imports", "p.csv", PEOPLE).status_code == 403
        secret = make_token(actor=cast.ada, person=None, name="All", scopes={Scope.WRITE}, expires_at=None, now=NOW)
        program = Caller(secret=secret, more={})
        assert program.upload("/organisation/imports", "p.csv", PEOPLE).status_code == 403
        assert program.ask("GET", "/organisation/imports")["items"] == []


class TestAGroup:
    def test_means_a_team_a_role_or_nothing(self, adas: Caller, cast: Cast) -> None:
        group = DirectoryGroup.objects.create(name="Writers", name_key="writers", made_at=NOW, changed_at=NOW)
        team = Membership.objects.filter(person=cast.tom)[0].team
        path = f"/organisation/groups/{group.pk}"
        sent = {"means": "team", "team_id": team.pk, "leads": True}
        assert adas.ask("PUT", f"{path}/meaning", sent)["team_id"] == team.pk
        assert adas.ask("PUT", f"{path}/meaning", {"means": "role", "role": "auditor"})["role"] == "auditor"
        assert adas.ask("PUT", f"{path}/meaning", {"means": "nothing"})["role"] == ""
        adas.ask("PUT", f"{path}/meaning", {"means": "team", "team_id": 2**62}, status=404)
        adas.ask("PUT", f"{path}/meaning", {"means": "nothing", "leads": True}, status=422)
        assert [each["name"] for each in adas.ask("GET", "/organisation/groups")["items"]] == ["Writers"]

    def test_is_no_business_of_others(self, cast: Cast) -> None:
        assert not Grant.objects.filter(person=cast.ravi, role=Role.ADMINISTRATOR).exists()
        caller(cast.ravi).ask("GET", "/organisation/groups", status=403)
