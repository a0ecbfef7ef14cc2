"""A directory's groups become teams and roles; what others gave stays."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.cast import NOW, Cast
from tests.scim_client import Directory, person_of

from equipoise.apps.people import standing
from equipoise.apps.people.models import Grant, Membership, Person, Team
from equipoise.apps.people.organising import actions as organising
from equipoise.apps.provisioning.models import DirectoryGroup, GivenMembership
from equipoise.platform.access import Role
from equipoise.platform.models import AuditEntry


@pytest.fixture
def directory(db: None) -> Directory:
    return Directory()


@pytest.fixture
def as_ada(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.ada)
    return client


def row_of(group: Any) -> DirectoryGroup:
    return DirectoryGroup.objects.get(key=group["id"])


def mean(as_ada: Client, group: Any, meaning: str, **more: str) -> int:
    return as_ada.post(f"/organisation/groups/{row_of(group).pk}/", {"meaning": meaning, **more}).status_code


def in_team(team: Team) -> dict[str, bool]:
    """Who belongs to a team today, and whether they lead it."""
    held = Membership.objects.filter(standing.holding_on(timezone.localdate()), team=team).select_related("person")
    return {each.person.name: each.leads for each in held}


def members(group: Any, directory: Directory) -> list[str]:
    return [each["value"] for each in directory.get(f"/Groups/{group['id']}").get("members", [])]


def with_role(role: Role) -> set[str]:
    held = Grant.objects.filter(role=role.value, ended_at=None, source="scim").select_related("person")
    return {each.person.name for each in held}


class TestAGroup:
    def test_is_found_whatever_the_case_of_its_name(self, directory: Directory) -> None:
        directory.add_group("Sales Team")
        assert directory.get("/Groups", filter='displayName eq "SALES team"')["totalResults"] == 1

    def test_takes_members_in_and_out_as_entra_says_it(self, directory: Directory) -> None:
        tom, kim = directory.add(userName="tom"), directory.add(userName="kim")
        group = directory.add_group("All", tom)
        directory.patch(group, {"op": "Add", "path": "members", "value": [{"value": kim["id"]}]})
        assert members(group, directory) == [tom["id"], kim["id"]]
        directory.patch(group, {"op": "Remove", "path": f'members[value eq "{tom["id"]}"]'})
        assert members(group, directory) == [kim["id"]]
        directory.patch(group, {"op": "Remove", "path": "members", "value": [{"value": kim["id"]}]})
        assert members(group, directory) == []

    def test_is_asked_whether_somebody_is_in_it(self, directory: Directory) -> None:
        tom = directory.add(userName="tom")
        group = directory.add_group("All", tom)
        asked = f'id eq "{group["id"]}" and members eq "{tom["id"]}"'
        assert directory.get("/Groups", filter=asked, excludedAttributes="members")["totalResults"] == 1
        assert directory.get("/Groups", filter=asked.replace(tom["id"], "x"))["totalResults"] == 0

    def test_stands_with_its_users(self, directory: Directory) -> None:
        tom = directory.add(userName="tom")
        group = directory.add_group("All", tom)
        (told,) = directory.get(f"/Users/{tom['id']}")["groups"]
        assert (told["value"], told["display"], told["type"]) == (group["id"], "All", "direct")
        directory.ask("DELETE", f"/Groups/{group['id']}")
        assert "groups" not in directory.get(f"/Users/{tom['id']}")

    def test_loses_who_is_dropped(self, directory: Directory) -> None:
        tom = directory.add(userName="tom")
        group = directory.add_group("All", tom)
        directory.ask("DELETE", f"/Users/{tom['id']}")
        assert members(group, directory) == []

    def test_means_nothing_until_somebody_says_what(self, directory: Directory) -> None:
        directory.add_group("All", directory.add(userName="tom"))
        assert not Team.objects.exists()
        assert not Membership.objects.exists()


class TestAsATeam:
    def test_is_made_with_its_name_and_follows_its_members(self, as_ada: Client, directory: Directory) -> None:
        tom, kim = directory.add(userName="tom"), directory.add(userName="kim")
        group = directory.add_group("Sales", tom)
        assert mean(as_ada, group, "new") == 302
        team = Team.objects.get(name="Sales")
        assert (team.key, in_team(team)) == (f"group-{group['id']}", {"tom": False})
        directory.patch(group, {"op": "replace", "path": "members", "value": [{"value": kim["id"]}]})
        assert in_team(team) == {"kim": False}
        assert Membership.objects.filter(team=team).count() == 1  # what lasted less than a day was not

    def test_reaches_through_groups_within_groups_and_round_circles(self, as_ada: Client, directory: Directory) -> None:
        inner = directory.add_group("Inner", directory.add(userName="tom"))
        outer = directory.add_group("Outer", directory.add(userName="kim"), inner)
        directory.patch(inner, {"op": "add", "path": "members", "value": [{"value": outer["id"], "type": "Group"}]})
        mean(as_ada, outer, "new")
        assert in_team(Team.objects.get(name="Outer")) == {"kim": False, "tom": False}

    def test_has_its_leads_in_another_group(self, as_ada: Client, directory: Directory) -> None:
        lena, tom = directory.add(userName="lena"), directory.add(userName="tom")
        all_of_it, leads = directory.add_group("Sales", lena, tom), directory.add_group("Sales leads", lena)
        mean(as_ada, all_of_it, "new")
        team = Team.objects.get(name="Sales")
        mean(as_ada, leads, f"team:{team.pk}", leads="on")
        assert in_team(team) == {"lena": True, "tom": False}
        directory.patch(leads, {"op": "remove", "path": "members"})
        assert in_team(team) == {"lena": False, "tom": False}
        directory.patch(all_of_it, {"op": "remove", "path": "members"})
        assert in_team(team) == {}

    def test_takes_nobody_out_who_was_added_by_hand(self, cast: Cast, as_ada: Client, directory: Directory) -> None:
        team = Team.objects.get(name="Client services")
        kim = directory.add(userName="kim")
        today = timezone.localdate()
        organising.join_team(actor=cast.ada, person=person_of(kim), team=team, leads=False, on=today, now=NOW)
        group = directory.add_group("Services", kim)
        mean(as_ada, group, f"team:{team.pk}")
        assert not GivenMembership.objects.exists()
        directory.ask("DELETE", f"/Groups/{group['id']}")
        assert in_team(team).keys() == {"Lena Hartmann", "Tom Okafor", "Grace Lindqvist", "kim"}

    def test_loses_leavers_and_has_them_again_when_they_return(self, as_ada: Client, directory: Directory) -> None:
        tom = directory.add(userName="tom")
        mean(as_ada, directory.add_group("Sales", tom), "new")
        team = Team.objects.get(name="Sales")
        directory.patch(tom, {"op": "replace", "path": "active", "value": False})
        assert in_team(team) == {}
        directory.patch(tom, {"op": "replace", "path": "active", "value": True})
        assert in_team(team) == {"tom": False}

    def test_stays_when_the_group_goes_but_empties(self, as_ada: Client, directory: Directory) -> None:
        group = directory.add_group("Sales", directory.add(userName="tom"))
        mean(as_ada, group, "new")
        directory.ask("DELETE", f"/Groups/{group['id']}")
        team = Team.objects.get(name="Sales")
        assert (team.ended_on, in_team(team)) == (None, {})


class TestAsARole:
    def test_gives_it_to_its_members_and_takes_it_again(self, as_ada: Client, directory: Directory) -> None:
        ines, vera = directory.add(userName="ines"), directory.add(userName="vera")
        group = directory.add_group("HR", ines)
        mean(as_ada, group, "role:people_partner")
        assert with_role(Role.PARTNER) == {"ines"}
        directory.patch(group, {"op": "replace", "path": "members", "value": [{"value": vera["id"]}]})
        assert with_role(Role.PARTNER) == {"vera"}
        mean(as_ada, group, "role:auditor")
        assert (with_role(Role.PARTNER), with_role(Role.AUDITOR)) == (set(), {"vera"})

    def test_takes_nothing_that_was_given_by_hand(self, cast: Cast, as_ada: Client, directory: Directory) -> None:
        kim = directory.add(userName="kim")
        organising.grant(actor=cast.ada, person=person_of(kim), role=Role.AUDITOR, now=NOW)
        group = directory.add_group("Audit", kim)
        mean(as_ada, group, "role:auditor")
        mean(as_ada, group, "")
        assert Grant.objects.filter(person=person_of(kim), source="hand", ended_at=None).count() == 1
        assert with_role(Role.AUDITOR) == set()

    def test_never_takes_the_last_administrator(self, cast: Cast, as_ada: Client, directory: Directory) -> None:
        kim = directory.add(userName="kim")
        group = directory.add_group("Admins", kim)
        mean(as_ada, group, "role:administrator")
        Grant.objects.filter(person=cast.ada).update(ended_at=NOW)
        answer = directory.patch(group, {"op": "remove", "path": "members"})
        assert (answer.status_code, "last administrator" in json.loads(answer.content)["detail"]) == (409, True)
        assert (with_role(Role.ADMINISTRATOR), members(group, directory)) == ({"kim"}, [kim["id"]])


class TestThePages:
    def test_show_what_every_group_means(self, as_ada: Client, directory: Directory) -> None:
        group = directory.add_group("Sales", directory.add(userName="tom"))
        directory.add_group("Others")
        mean(as_ada, group, "new")
        page = as_ada.get("/organisation/groups/").content.decode()
        assert "nothing yet" in page
        assert "http://testserver/scim/v2" in page
        assert "1 person here" in page
        assert "tom" in as_ada.get(f"/organisation/groups/{row_of(group).pk}/").content.decode()

    def test_say_who_waits_for_a_manager(self, as_ada: Client, directory: Directory) -> None:
        enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
        directory.add(userName="tom", **{enterprise: {"manager": {"value": "E-17"}}})
        assert "the directory has not sent yet" in as_ada.get("/organisation/groups/").content.decode()

    def test_are_as_quick_for_many_groups(self, as_ada: Client, directory: Directory) -> None:
        directory.add_group("One")
        with CaptureQueriesContext(connection) as one:
            as_ada.get("/organisation/groups/")
        for number in range(10):
            directory.add_group(f"G{number}", directory.add(userName=f"p{number}"))
        with CaptureQueriesContext(connection) as many:
            as_ada.get("/organisation/groups/")
        assert len(many) == len(one)

    def test_refuse_leads_of_no_team(self, as_ada: Client, directory: Directory) -> None:
        group = directory.add_group("Sales")
        assert mean(as_ada, group, "role:auditor", leads="on") == 400
        assert mean(as_ada, group, "team:99999") == 400
        assert row_of(group).role == ""

    def test_are_for_administrators_of_the_organisation_only(self, cast: Cast, directory: Directory) -> None:
        group = row_of(directory.add_group("Sales"))
        demo = Person.objects.create(name="Demo", email="demo@d.example", demo_key="demo", joined_at=NOW)
        Grant.objects.create(person=demo, role=Role.ADMINISTRATOR, given_at=NOW)
        client = Client()
        client.force_login(demo)
        assert "Sales" not in client.get("/organisation/groups/").content.decode()
        assert client.get(f"/organisation/groups/{group.pk}/").status_code == 404
        for other in (cast.lena, cast.ines, cast.vera, cast.otto):
            client.force_login(other)
            assert client.get("/organisation/groups/").status_code == 403

    def test_leave_a_trail(self, cast: Cast, as_ada: Client, directory: Directory) -> None:
        mean(as_ada, directory.add_group("Sales"), "new")
        acts = AuditEntry.objects.filter(actor_id=cast.ada.pk).order_by("pk").values_list("verb", flat=True)
        assert list(acts) == ["team added", "meaning of a group set"]
