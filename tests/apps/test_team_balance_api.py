"""The balance of teams by the API: the same pictures, to the same people, through the same gate."""

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from tests.apps.api_caller import caller
from tests.apps.counted_people import close_october, people, spend_october, team
from tests.cast import NOW, Cast

from equipoise.apps.insights.teams import queries
from equipoise.apps.integrations.actions import make_token
from equipoise.apps.people.models import Person, Team
from equipoise.platform.api import Scope

ADDRESS = "/api/v1/organisation/balance"


@pytest.fixture
def six(cast: Cast) -> Team:
    """Six who count, in a team of Lena's."""
    members = people("member", 6)
    for each in members:
        spend_october(each, leading=3, managing=6)
    made = team("Studio", members, lead=cast.lena)
    close_october()
    return made


def ask(person: Person | None, path: str = "", **query: str) -> Any:
    secret = make_token(actor=None, person=person, name="t", scopes=[Scope.READ], expires_at=None, now=NOW)
    return Client().get(ADDRESS + path, query, headers={"Authorization": f"Bearer {secret}"})


def groups(answer: Any) -> set[str]:
    return {each["team"] for each in answer.json()["groups"]}


class TestBalanceOfTeams:
    def test_tells_bands_and_rounded_values(self, six: Team, cast: Cast) -> None:
        answer = ask(cast.lena).json()
        assert (answer["month"], answer["months"], answer["least"]) == ("2026-10-01", ["2026-10-01"], 5)
        studio = next(each for each in answer["groups"] if each["team"] == "Studio")
        assert studio["shown"] is True
        assert studio["counted"] == {"low": 5, "high": 7}
        assert studio["leading"]["middle"] == 0.35
        assert studio["parts"] is None
        hidden = next(each for each in answer["groups"] if each["team"] == "Client services")
        assert hidden["shown"] is False
        assert {hidden[each] for each in ("counted", "members", "leading", "called_for")} == {None}

    def test_tells_each_what_the_pages_tell_them(self, six: Team, cast: Cast) -> None:
        assert groups(ask(cast.ines)) == {"", "Studio", "House", "Client services"}
        assert groups(ask(cast.lena)) == {"", "Studio", "Client services"}
        assert groups(ask(cast.ada)) == {""}
        assert groups(ask(cast.otto)) == {""}

    def test_tells_the_organisations_token_the_whole_alone(self, six: Team) -> None:
        assert groups(ask(None)) == {""}
        assert ask(None, f"/teams/{six.pk}").status_code == 404

    def test_finds_no_month_that_was_not_closed(self, six: Team, cast: Cast) -> None:
        assert ask(cast.lena, month="2026-10-31").status_code == 200
        assert ask(cast.lena, month="2026-09-01").status_code == 404
        assert ask(cast.lena, month="soon").status_code == 422

    def test_is_empty_before_the_first_month(self, cast: Cast) -> None:
        answer = ask(cast.lena).json()
        assert (answer["month"], answer["groups"]) == (None, [])


class TestTeamBalance:
    def test_is_one_teams_alone(self, six: Team, cast: Cast) -> None:
        assert groups(ask(cast.lena, f"/teams/{six.pk}")) == {"Studio"}

    def test_is_not_found_by_others(self, six: Team, cast: Cast) -> None:
        assert ask(cast.tom, f"/teams/{six.pk}").status_code == 404
        assert ask(cast.ada, f"/teams/{six.pk}").status_code == 404


class TestCounting:
    def test_is_read_and_chosen_by_the_person(self, cast: Cast) -> None:
        assert ask(cast.lena, "/counting").json() == {"counts_in": False}
        lenas, path = caller(cast.lena), "/organisation/balance/counting"
        mark = lenas.answer("GET", path)["ETag"]
        lenas = replace(lenas, more={"If-Match": mark})
        assert lenas.ask("PUT", path, {"counts_in": True}) == {"counts_in": True}
        assert queries.counts_in(cast.lena)

    def test_is_not_the_organisations(self, cast: Cast) -> None:
        assert ask(None, "/counting").status_code == 403
