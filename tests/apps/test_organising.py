"""People come and go, teams form, move and end; what was stays readable."""

from datetime import date, timedelta

import pytest
from tests.cast import NOW, Cast

from equipoise.apps.people import standing
from equipoise.apps.people.models import Grant, Membership, Person, ReportingLine, Team, TeamPlace
from equipoise.apps.people.organising import actions
from equipoise.platform.access import Role

TODAY = date(2026, 11, 25)
BEFORE = TODAY - timedelta(days=1)


class TestMoveTeam:
    def test_keeps_where_it_stood(self, cast: Cast) -> None:
        services, new = Team.objects.get(name="Client services"), _team(cast, "Clients")
        actions.move_team(actor=cast.ada, team=services, parent=new, on=TODAY, now=NOW)
        house = Team.objects.get(name="House")
        assert services.pk in standing.children_of(on=BEFORE)[house.pk]
        assert standing.children_of(on=TODAY)[new.pk] == [services.pk]

    def test_refuses_a_circle(self, cast: Cast) -> None:
        house, services = Team.objects.get(name="House"), Team.objects.get(name="Client services")
        with pytest.raises(actions.WouldBeCircle, match="Client services"):
            actions.move_team(actor=cast.ada, team=house, parent=services, on=TODAY, now=NOW)
        assert TeamPlace.objects.get(team=house).parent is None


class TestEndTeam:
    def test_lets_the_teams_below_move_up(self, cast: Cast) -> None:
        house, services = Team.objects.get(name="House"), Team.objects.get(name="Client services")
        actions.end_team(actor=cast.ada, team=house, on=TODAY, now=NOW)
        assert services.pk in standing.children_of(on=TODAY)[None]
        assert cast.ravi not in standing.members_of([house.pk], on=TODAY)
        assert cast.ravi in standing.members_of([house.pk], on=BEFORE)


class TestSetLines:
    def test_refuses_a_circle_and_names_the_way(self, cast: Cast) -> None:
        with pytest.raises(actions.WouldBeCircle, match="Tom Okafor → Lena Hartmann"):
            actions.set_lines(actor=cast.ada, person=cast.lena, manager=cast.tom, on=TODAY, now=NOW)

    def test_keeps_further_lines_beside_the_main_one(self, cast: Cast) -> None:
        actions.set_lines(actor=cast.ada, person=cast.tom, manager=cast.ravi, others=[cast.lena], on=TODAY, now=NOW)
        held = ReportingLine.objects.filter(standing.holding_on(TODAY), person=cast.tom)
        assert set(held.values_list("manager__name", "main")) == {("Ravi Menon", True), ("Lena Hartmann", False)}
        assert cast.tom in standing.reports_of(cast.lena, on=BEFORE)


class TestLeave:
    def test_ends_everything_and_erases_nothing(self, cast: Cast) -> None:
        actions.leave(actor=cast.ada, person=cast.lena, on=TODAY, now=NOW)
        lena = Person.objects.get(pk=cast.lena.pk)
        assert (lena.is_active, lena.left_on) == (False, TODAY)
        assert not Membership.objects.filter(person=lena, until_day=None).exists()
        assert standing.roles_of(lena, on=TODAY) == frozenset()
        assert not lena.assistances.filter(ended_at=None).exists()
        assert list(standing.reports_of(lena, on=TODAY)) == []

    def test_is_refused_to_the_last_administrator(self, cast: Cast) -> None:
        with pytest.raises(actions.LastAdministrator, match="Ada Novak"):
            actions.leave(actor=cast.ada, person=cast.ada, on=TODAY, now=NOW)
        assert Person.objects.get(pk=cast.ada.pk).is_active


class TestTakeRole:
    def test_takes_only_what_the_source_gave(self, cast: Cast) -> None:
        actions.grant(actor=None, person=cast.ada, role=Role.ADMINISTRATOR, source="scim", now=NOW)
        actions.take_role(actor=None, person=cast.ada, role=Role.ADMINISTRATOR, source="scim", now=NOW)
        assert Grant.objects.get(person=cast.ada, ended_at=None).source == Grant.BY_HAND

    def test_is_refused_for_the_last_administrator(self, cast: Cast) -> None:
        with pytest.raises(actions.LastAdministrator):
            actions.take_role(actor=cast.ada, person=cast.ada, role=Role.ADMINISTRATOR, now=NOW)


class TestAddPerson:
    def test_makes_nobody_the_owner_of_the_machine(self, cast: Cast) -> None:
        assert actions.add_person(actor=cast.ada, name="Kim", email="Kim@agency.example", now=NOW).invited


def _team(cast: Cast, name: str) -> Team:
    return actions.add_team(actor=cast.ada, demo=False, name=name, key="", parent=None, on=TODAY, now=NOW)
