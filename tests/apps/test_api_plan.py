"""The plan over the API: propose, answer, take back, write out, and what the weeks must leave room for."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from tests.apps.api_caller import Caller, caller
from tests.apps.lenas_calendar import with_calendar
from tests.cast import Cast

from equipoise.apps.people.models import Assistance
from equipoise.apps.planner.models import Block, Settings
from equipoise.apps.planner.queries import monday_of
from equipoise.platform.models import AuditEntry

KIND = {
    "title": "Quiet hour", "purpose": "vision", "minutes": 60, "longest": 90, "times": 1, "every_weeks": 1,
    "weekdays": [0, 2], "earliest": "08:00", "latest": None, "worth": "normal", "energy": "focus", "on": True,
}  # fmt: skip


@pytest.fixture
def lenas(cast: Cast) -> Caller:
    """A program of Lena's; her calendar was read."""
    with_calendar(cast.lena)
    return caller(cast.lena)


def next_week() -> str:
    return (monday_of(timezone.localdate()) + timedelta(days=7)).isoformat()


def proposed(lenas: Caller) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = lenas.ask("POST", f"/plan/weeks/{next_week()}/proposals", status=201)["blocks"]
    assert found
    return found


class TestAWeek:
    def test_is_proposed_with_reasons(self, lenas: Caller) -> None:
        assert all(block["reasons"] and block["state"] == "proposed" for block in proposed(lenas))
        assert lenas.ask("GET", f"/plan/weeks/{next_week()}")["status"]

    def test_that_is_over_is_not_proposed(self, lenas: Caller) -> None:
        past = (timezone.localdate() - timedelta(days=14)).isoformat()
        lenas.ask("POST", f"/plan/weeks/{past}/proposals", status=409)
        assert not Block.objects.exists()

    def test_far_away_is_not_there(self, lenas: Caller) -> None:
        for day in ("1900-01-01", "2199-12-31"):
            lenas.ask("GET", f"/plan/weeks/{day}", status=404)

    def test_is_accepted_whole_and_taken_back(self, lenas: Caller) -> None:
        blocks = proposed(lenas)
        decided = lenas.ask("POST", f"/plan/weeks/{next_week()}/acceptances")
        assert {block["state"] for block in decided["blocks"]} == {"accepted"}
        undone = lenas.ask("DELETE", f"/plan/decisions/{decided['decision_id']}")
        assert {block["state"] for block in undone["blocks"]} == {"proposed"}
        assert len(undone["blocks"]) == len(blocks)

    def test_is_handed_out_as_a_calendar(self, lenas: Caller) -> None:
        proposed(lenas)
        lenas.ask("POST", f"/plan/weeks/{next_week()}/acceptances")
        answer = lenas.answer("GET", f"/plan/weeks/{next_week()}/calendar")
        assert answer["Content-Type"].startswith("text/calendar")
        assert answer.content.count(b"BEGIN:VEVENT") == Block.objects.count()

    def test_is_written_only_to_a_calendar_that_was_chosen(self, lenas: Caller) -> None:
        proposed(lenas)
        lenas.ask("POST", f"/plan/weeks/{next_week()}/writings", status=409)

    def test_is_looked_back_at(self, lenas: Caller) -> None:
        lenas.ask("GET", f"/plan/weeks/{next_week()}/review", status=404)
        first, *_others = proposed(lenas)
        lenas.ask("POST", f"/plan/blocks/{first['id']}/acceptances")
        found = lenas.ask("GET", f"/plan/weeks/{next_week()}/review")
        assert (found["total"]["planned"]["blocks"], found["total"]["ahead"]["blocks"]) == (1, 1)


class TestABlock:
    def test_is_shifted_on_the_owners_clock(self, lenas: Caller, cast: Cast) -> None:
        first, *_others = proposed(lenas)
        sent = {"weekday": 4, "starts": "16:15", "minutes": 45}
        (block,) = lenas.ask("POST", f"/plan/blocks/{first['id']}/shifts", sent)["blocks"]
        row = Block.objects.get(pk=first["id"])
        local = timezone.localtime(row.starts_at, timezone=ZoneInfo(cast.lena.zone))
        assert (local.weekday(), f"{local:%H:%M}", block["state"]) == (4, "16:15", "shifted")
        assert row.ends_at - row.starts_at == timedelta(minutes=45)

    def test_is_refused_with_a_reason(self, lenas: Caller) -> None:
        first, *_others = proposed(lenas)
        sent = {"why": "too_long", "words": "Not so long"}
        (block,) = lenas.ask("POST", f"/plan/blocks/{first['id']}/refusals", sent)["blocks"]
        assert (block["state"], block["why_refused"], block["why_words"]) == ("refused", "too_long", "Not so long")

    def test_that_was_answered_already_is_left_as_it_is(self, lenas: Caller) -> None:
        first, *_others = proposed(lenas)
        lenas.ask("POST", f"/plan/blocks/{first['id']}/acceptances")
        assert lenas.ask("POST", f"/plan/blocks/{first['id']}/acceptances")["decision_id"] is None

    def test_is_answered_by_an_assistant_who_is_named(self, lenas: Caller, cast: Cast) -> None:
        first, *_others = proposed(lenas)
        sams = caller(cast.sam, Acting_For=str(Assistance.objects.get(owner=cast.lena).pk))
        sams.ask("POST", f"/plan/blocks/{first['id']}/acceptances")
        last = AuditEntry.objects.order_by("-pk")[0]
        assert (last.verb, last.actor_id, last.subject_id) == ("blocks accepted", cast.sam.pk, cast.lena.pk)

    def test_is_nobody_elses(self, lenas: Caller, cast: Cast) -> None:
        first, *_others = proposed(lenas)
        for other in (cast.otto, cast.ravi, cast.sam, cast.ada):
            caller(other).ask("POST", f"/plan/blocks/{first['id']}/acceptances", status=404)


class TestTheFeed:
    def test_tells_its_address_once(self, lenas: Caller) -> None:
        lenas.ask("GET", "/plan/feed", status=404)
        address = lenas.ask("POST", "/plan/feed", status=201)["address"]
        assert set(lenas.ask("GET", "/plan/feed")) == {"made_at"}
        assert Client().get(address.removeprefix("http://testserver")).status_code == 200
        lenas.ask("DELETE", "/plan/feed", status=204)
        assert Client().get(address.removeprefix("http://testserver")).status_code == 404


class TestSettings:
    def test_go_out_and_come_back_the_same(self, lenas: Caller) -> None:
        found = lenas.ask("GET", "/plan/settings")
        found["kept_free"] = [
            {"name": "School run", "kind": "nothing", "weekdays": [0, 1], "opens": "08:00", "closes": "08:45"}
        ]
        found["targets"] = [{"facet": "vision", "low": 2, "high": 4.5}]
        assert lenas.ask("PUT", "/plan/settings", found) == found
        assert lenas.ask("GET", "/plan/settings") == found

    @pytest.mark.parametrize(
        "wrong",
        [
            {"hours": [{"weekday": 0, "opens": "17:00", "closes": "09:00"}]},
            {"hours": [{"weekday": 0, "opens": "09:00", "closes": "17:00"}] * 2},
            {"lunch": {"opens": "12:00", "closes": "12:15", "minutes": 30}},
            {"targets": [{"facet": "vision", "low": 3, "high": 2}]},
        ],
        ids=["backwards", "a day twice", "no room for lunch", "a target backwards"],
    )
    def test_that_cannot_be_are_refused(self, lenas: Caller, wrong: dict[str, Any]) -> None:
        lenas.ask("PUT", "/plan/settings", {**lenas.ask("GET", "/plan/settings"), **wrong}, status=409)
        assert not Settings.objects.exists()


class TestKinds:
    def test_are_added_changed_and_dropped(self, lenas: Caller) -> None:
        key = lenas.ask("POST", "/plan/kinds", KIND, status=201)["key"]
        changed = lenas.ask("PUT", f"/plan/kinds/{key}", {**KIND, "longest": 120})
        assert (changed["longest"], changed["earliest"], changed["own"]) == (120, "08:00", True)
        lenas.ask("DELETE", f"/plan/kinds/{key}", status=204)
        lenas.ask("GET", f"/plan/kinds/{key}", status=404)

    def test_by_default_come_back_when_dropped(self, lenas: Caller) -> None:
        before = lenas.ask("GET", "/plan/kinds/strategy")
        lenas.ask("PUT", "/plan/kinds/strategy", {**KIND, "on": False})
        lenas.ask("DELETE", "/plan/kinds/strategy", status=204)
        assert lenas.ask("GET", "/plan/kinds/strategy") == before

    def test_that_cannot_be_are_refused(self, lenas: Caller) -> None:
        lenas.ask("POST", "/plan/kinds", {**KIND, "longest": 30}, status=409)
        lenas.ask("POST", "/plan/kinds", {**KIND, "latest": "08:30"}, status=409)


class TestOneToOnes:
    def test_are_watched_and_left(self, lenas: Caller) -> None:
        row = lenas.ask("POST", "/plan/one-to-ones", {"name": "Kim  Park", "cadence_days": 7}, status=201)
        listed = {each["name"]: each for each in lenas.ask("GET", "/plan/one-to-ones")["items"]}
        assert listed["Kim Park"]["one_to_one_id"] == row["id"]
        assert listed["Tom Okafor"]["cadence_days"] == 14
        lenas.ask("DELETE", f"/plan/one-to-ones/{row['id']}", status=204)
        assert "Kim Park" not in {each["name"] for each in lenas.ask("GET", "/plan/one-to-ones")["items"]}
