"""Pages of people and teams: who sees what, and who may change what."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.cast import NOW, PASSWORD, Cast

from equipoise.apps.insights.welcome.actions import load_demo_agency
from equipoise.apps.people import standing
from equipoise.apps.people.models import Membership, Person, Position, ReportingLine, Team
from equipoise.apps.people.organising import actions
from equipoise.platform.access import Role

TODAY = datetime.now(ZoneInfo("Europe/Berlin")).date()


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
        assert "By date" not in page
        assert "Leaving" not in page

    def test_shows_the_past_to_partners(self, cast: Cast, as_ines: Client) -> None:
        page = text(as_ines, f"/people/{cast.tom.pk}/")
        assert "By date" in page
        assert "Reporting to Lena Hartmann" in page


class TestAdministration:
    def test_adds_somebody_with_position_team_and_line(self, cast: Cast, as_ada: Client, services: Team) -> None:
        sent = {
            "name": "Kim Rivers", "email": "kim@agency.example", "title": "Planner", "level": "member",
            "function": "strategy", "team": services.pk, "manager": "lena hartmann", "on": "2026-11-01",
        }  # fmt: skip
        answer = as_ada.post("/people/add/", sent, follow=True)
        page = answer.content.decode()
        for words in ("Kim Rivers is added", "Planner", "Client services", "Lena Hartmann", "Let them in"):
            assert words in page
        assert Membership.objects.get(person__name="Kim Rivers").from_day == date(2026, 11, 1)

    @pytest.mark.parametrize(
        ("wrong", "told"),
        [
            ({"email": "tom@agency.example"}, "Somebody else here uses"),
            ({"manager": "Nobody Here"}, "Nobody here is called"),
            ({"on": "1066-01-01"}, "Choose that day or a later one"),
            ({"on": "2036-01-01"}, "more than two years ahead"),
            ({"name": ""}, "This field is required"),
        ],
    )
    def test_says_what_is_wrong_and_keeps_nothing(
        self, cast: Cast, as_ada: Client, wrong: dict[str, str], told: str
    ) -> None:
        answer = as_ada.post("/people/add/", {"name": "Kim", "email": "k@x.example", "on": "2026-11-01", **wrong})
        assert answer.status_code == 400
        assert told in answer.content.decode()
        assert Person.objects.count() == 9

    def test_asks_for_the_address_when_two_have_one_name(self, cast: Cast, as_ada: Client) -> None:
        Person.objects.create(name="Tom Okafor", email="tom2@agency.example", joined_at=NOW)
        path = f"/people/{cast.grace.pk}/lines/"
        answer = as_ada.post(path, {"manager": "Tom Okafor", "on": TODAY.isoformat()})
        assert "Give the address instead" in answer.content.decode()
        as_ada.post(path, {"manager": "Tom Okafor <tom2@agency.example>", "on": TODAY.isoformat()})
        assert standing.reports_of(Person.objects.get(email="tom2@agency.example"), on=TODAY).get() == cast.grace

    def test_refuses_a_day_before_what_holds_began(self, cast: Cast, as_ines: Client) -> None:
        answer = as_ines.post(f"/people/{cast.tom.pk}/lines/", {"manager": "", "on": "2025-01-01"})
        assert "What holds now began on 5 Jan 2026" in answer.content.decode()
        assert standing.reports_of(cast.lena, on=TODAY).count() == 2

    def test_names_the_way_of_a_circle(self, cast: Cast, as_ada: Client, services: Team) -> None:
        house = Team.objects.get(name="House")
        answer = as_ada.post(f"/people/teams/{house.pk}/move", {"parent": services.pk, "on": TODAY.isoformat()})
        assert answer.status_code == 400
        assert "House → Client services" in answer.content.decode()

    def test_gives_roles_and_takes_them_but_none_a_directory_gave(self, cast: Cast, as_ada: Client) -> None:
        path = f"/people/{cast.tom.pk}/roles/"
        as_ada.post(path, {"role": "people_partner"})
        actions.grant(actor=None, person=cast.tom, role=Role.AUDITOR, source="scim", now=NOW)
        page = text(as_ada, path)
        assert "the directory (scim); change it there" in page
        for role in ("people_partner", "auditor"):
            as_ada.post(f"{path}take", {"role": role})
        assert standing.roles_of(cast.tom, on=TODAY) == {Role.AUDITOR}

    def test_keeps_the_last_administrator(self, cast: Cast, as_ada: Client) -> None:
        answer = as_ada.post(f"/people/{cast.ada.pk}/roles/take", {"role": "administrator"})
        assert "is the last administrator" in answer.content.decode()
        answer = as_ada.post(f"/people/{cast.ada.pk}/leaving/", {"on": timezone.localdate().isoformat()})
        assert "is the last administrator" in answer.content.decode()

    def test_lets_somebody_leave_who_is_out_at_once(self, cast: Cast, as_ada: Client) -> None:
        as_tom = signed_in(cast.tom)
        assert as_tom.get("/people/").status_code == 200
        as_ada.post(f"/people/{cast.tom.pk}/leaving/", {"on": timezone.localdate().isoformat()})
        assert as_tom.get("/people/").status_code == 302
        assert not Client().login(email="tom@agency.example", password=PASSWORD)
        page = text(as_ada, f"/people/{cast.tom.pk}/")
        assert "Their records are kept" in page
        as_ada.post(f"/people/{cast.tom.pk}/come-back")
        assert Person.objects.get(pk=cast.tom.pk).is_active

    def test_keeps_a_day_ahead_and_can_drop_it(self, cast: Cast, as_ada: Client, as_lena: Client) -> None:
        on = timezone.localdate() + timedelta(days=30)
        as_ada.post(f"/people/{cast.tom.pk}/leaving/", {"on": on.isoformat()})
        assert Person.objects.get(pk=cast.tom.pk).left_on == on
        assert "not here any more from" in text(as_ada, f"/people/{cast.tom.pk}/")
        assert "not here any more from" not in text(as_lena, f"/people/{cast.tom.pk}/")
        as_ada.post(f"/people/{cast.tom.pk}/stay")
        assert Person.objects.get(pk=cast.tom.pk).left_on is None

    def test_moves_somebody_between_lead_and_member_and_out(self, cast: Cast, as_ines: Client, services: Team) -> None:
        today, path = timezone.localdate(), f"/people/teams/{services.pk}/members/"
        as_ines.post(path, {"member": "otto@agency.example", "leads": "on", "on": today.isoformat()})
        assert Role.LEAD in standing.roles_of(cast.otto, on=today)
        as_ines.post(f"{path}{cast.otto.pk}/", {"becomes": "member", "on": today.isoformat()})
        assert Role.LEAD not in standing.roles_of(cast.otto, on=today)
        as_ines.post(f"{path}{cast.otto.pk}/", {"becomes": "out", "on": today.isoformat()})
        assert not Membership.objects.filter(person=cast.otto).exists()


class TestAPartner:
    @pytest.mark.parametrize("path", ["add/", "{0}/roles/", "{0}/leaving/", "{0}/change/", "teams/add/", "links/"])
    def test_administers_nobody(self, cast: Cast, as_ines: Client, path: str) -> None:
        assert as_ines.get(f"/people/{path.format(cast.tom.pk)}").status_code == 403

    def test_is_offered_what_a_partner_may_do(self, cast: Cast, as_ines: Client) -> None:
        page = text(as_ines, f"/people/{cast.tom.pk}/")
        assert "Change position" in page
        assert "Let them leave" not in page


class TestALead:
    def test_sees_positions_and_open_links_of_their_team(self, cast: Cast, as_lena: Client, services: Team) -> None:
        page = text(as_lena, f"/people/teams/{services.pk}/")
        assert "Your team" in page
        assert "has not signed in yet" in page

    def test_sees_no_more_of_others(self, cast: Cast, as_lena: Client, as_otto: Client, services: Team) -> None:
        house = Team.objects.get(name="House")
        assert "Your team" not in text(as_lena, f"/people/teams/{house.pk}/")
        assert "Your team" not in text(as_otto, f"/people/teams/{services.pk}/")

    def test_leads_the_teams_below_too(self, cast: Cast, services: Team) -> None:
        assert "Your team" in text(signed_in(cast.ravi), f"/people/teams/{services.pk}/")


class TestTheTree:
    def test_is_shown_as_it_stood(self, cast: Cast, as_lena: Client, services: Team) -> None:
        actions.move_team(actor=cast.ada, team=services, parent=None, on=TODAY, now=NOW)
        actions.end_team(actor=cast.ada, team=Team.objects.get(name="House"), on=TODAY, now=NOW)
        assert "House" not in text(as_lena, "/people/teams/", on=TODAY.isoformat())
        assert "House" in text(as_lena, "/people/teams/", on=(TODAY - timedelta(days=1)).isoformat())
        assert "There were no teams on that day" in text(as_lena, "/people/teams/", on="2020-01-01")

    def test_takes_a_day_that_makes_no_sense_for_today(self, cast: Cast, as_lena: Client) -> None:
        for day in ("soon", "0001-01-01", "9999-12-31"):
            assert "House" in text(as_lena, "/people/teams/", on=day)


class TestTheDemoAgency:
    def test_and_the_organisation_never_see_nor_touch_each_other(self, cast: Cast, as_ada: Client) -> None:
        load_demo_agency(language="en", now=NOW)
        theirs = Person.objects.exclude(demo_key="")
        administrator = next(each for each in theirs if Role.ADMINISTRATOR in standing.roles_of(each, on=TODAY))
        as_demo, other = signed_in(administrator), theirs.exclude(pk=administrator.pk)[0]
        team = Team.objects.filter(demo=True)[0]
        assert "40 people" in text(as_demo, "/people/")
        assert "9 people" in text(as_ada, "/people/")
        for client, person, group in ((as_demo, cast.tom, Team.objects.get(name="House")), (as_ada, other, team)):
            for path in ("", "change/", "position/", "lines/", "roles/", "leaving/"):
                assert client.get(f"/people/{person.pk}/{path}").status_code == 404
            for path in ("", "change/", "members/"):
                assert client.get(f"/people/teams/{group.pk}/{path}").status_code == 404
            for path in ("stay", "come-back", "link", "link/revoke", "roles/take"):
                assert client.post(f"/people/{person.pk}/{path}").status_code == 404
        answer = as_demo.post(
            f"/people/teams/{team.pk}/members/", {"member": "tom@agency.example", "on": TODAY.isoformat()}
        )
        assert "Nobody here is called" in answer.content.decode()

    def test_can_be_tried_out_by_its_administrator(self, cast: Cast) -> None:
        load_demo_agency(language="en", now=NOW)
        theirs = Person.objects.exclude(demo_key="")
        as_demo = signed_in(next(each for each in theirs if Role.ADMINISTRATOR in standing.roles_of(each, on=TODAY)))
        as_demo.post("/people/add/", {"name": "New One", "email": "new@demo.example", "on": TODAY.isoformat()})
        assert Person.objects.get(name="New One").is_demo
        assert "41 people" in text(as_demo, "/people/")


class TestAnyInput:
    @pytest.mark.parametrize(
        "path",
        [
            "/people/?team=99999999999999999999", "/people/99999999999999999999/",
            "/people/teams/99999999999999999999/",
        ],
    )  # fmt: skip
    def test_that_names_nobody_finds_nothing(self, cast: Cast, as_ada: Client, path: str) -> None:
        assert as_ada.get(path).status_code == 404

    @pytest.mark.parametrize(
        "path", ["/people/?q=%00", "/people/?team=x&page=-3", "/people/?page=99999", "/people/teams/add/?under=x'"]
    )
    def test_that_makes_no_sense_is_answered(self, cast: Cast, as_ada: Client, path: str) -> None:
        assert as_ada.get(path).status_code == 200

    @pytest.mark.parametrize("name", ["\0", "Kim\0", "\u202e", "  ", "x" * 121])
    def test_for_a_name_that_is_none_is_refused(self, cast: Cast, as_ada: Client, name: str) -> None:
        answer = as_ada.post("/people/add/", {"name": name, "email": "k@x.example", "on": TODAY.isoformat()})
        assert answer.status_code == 400
        assert not Person.objects.filter(email="k@x.example").exists()

    def test_that_is_markup_stays_words(self, cast: Cast, as_ada: Client) -> None:
        sent = {"name": "<b>Kim</b>", "email": "k@x.example", "title": "<i>x", "on": TODAY.isoformat()}
        page = as_ada.post("/people/add/", sent, follow=True).content.decode()
        assert "<b>Kim" not in page
        assert "&lt;b&gt;Kim" in page
