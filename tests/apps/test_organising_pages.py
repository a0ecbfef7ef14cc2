"""Pages of people and teams: who sees what, and who may change what."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.cast import NOW, Cast

from equipoise.apps.people.models import Membership, Person, Position, ReportingLine, Team
from equipoise.apps.people.organising import actions

TODAY = date(2026, 11, 25)


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def text(client: Client, path: str, **sent: str) -> str:
    answer = client.get(path, sent)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


@pytest.fixture
def services(cast: Cast) -> Team:
    return Team.objects.get(name="Client services")


@pytest.fixture
def as_ada(cast: Cast) -> Client:
    return signed_in(cast.ada)


@pytest.fixture
def as_ines(cast: Cast) -> Client:
    return signed_in(cast.ines)


class TestTheDirectory:
    def test_shows_everybody_their_team_and_whom_they_report_to(self, cast: Cast, as_otto: Client) -> None:
        page = text(as_otto, "/people/")
        for name in ("Lena Hartmann", "Tom Okafor", "Otto Fremd"):
            assert name in page
        assert "Client services" in page
        assert "9 people" in page

    def test_finds_by_part_of_a_name_without_accents_or_case(self, cast: Cast, as_lena: Client) -> None:
        cast.tom.name = "Tomás Öztürk"
        cast.tom.save()
        page = text(as_lena, "/people/", q="ozturk TOM")
        assert "1 person" in page
        assert "Tomás Öztürk" in page

    def test_finds_by_position_team_and_address(self, cast: Cast, as_lena: Client) -> None:
        Position.objects.create(person=cast.grace, title="Art director", from_day=TODAY - timedelta(days=9))
        assert "Grace" in text(as_lena, "/people/", q="art direct")
        assert "3 people" in text(as_lena, "/people/", q="client serv")
        assert "Vera" in text(as_lena, "/people/", q="vera@agency")

    def test_filters_by_team_with_those_below(self, cast: Cast, as_lena: Client, services: Team) -> None:
        assert "3 people" in text(as_lena, "/people/", team=str(services.pk))
        house = Team.objects.get(name="House")
        assert "4 people" in text(as_lena, "/people/", team=str(house.pk))

    def test_knows_no_team_of_another_world(self, cast: Cast, as_lena: Client) -> None:
        other = Team.objects.create(name="Demo team", demo=True, made_at=NOW)
        assert as_lena.get("/people/", {"team": other.pk}).status_code == 404

    def test_shows_who_left_to_those_who_administer_alone(self, cast: Cast, as_ada: Client, as_lena: Client) -> None:
        actions.leave(actor=cast.ada, person=cast.tom, on=TODAY, now=NOW)
        assert "Tom Okafor" not in text(as_lena, "/people/", left="on")
        assert "Tom Okafor" in text(as_ada, "/people/", left="on")

    def test_asks_as_often_for_many_as_for_few(self, cast: Cast, as_lena: Client, services: Team) -> None:
        text(as_lena, "/people/")
        with CaptureQueriesContext(connection) as few:
            text(as_lena, "/people/")
        for number in range(60):
            person = actions.add_person(actor=None, name=f"P{number}", email=f"p{number}@x.example", now=NOW)
            Membership.objects.create(team=services, person=person, from_day=TODAY)
            ReportingLine.objects.create(person=person, manager=cast.lena, from_day=TODAY)
        with CaptureQueriesContext(connection) as many:
            text(as_lena, "/people/")
        assert len(many) == len(few)


class TestAPerson:
    def test_shows_what_everybody_may_know(self, cast: Cast, as_otto: Client) -> None:
        Position.objects.create(
            person=cast.tom, title="Project lead", level="project_lead", function="production", from_day=TODAY
        )
        page = text(as_otto, f"/people/{cast.tom.pk}/")
        for words in ("Project lead", "Production and service delivery", "Client services", "Lena Hartmann"):
            assert words in page
        assert "How it was" not in page
        assert "Leaving" not in page

    def test_shows_the_past_to_partners(self, cast: Cast, as_ines: Client) -> None:
        page = text(as_ines, f"/people/{cast.tom.pk}/")
        assert "How it was" in page
        assert "Reporting to Lena Hartmann" in page
