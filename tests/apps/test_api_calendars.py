"""Calendars and entries over the API: what the pages do, by the same rules."""

import json
from typing import Any

import pytest
from pytest_django import Settings
from tests.apps.api_caller import Caller, caller
from tests.apps.calendar_texts import LENAS
from tests.apps.lenas_calendar import with_calendar
from tests.cast import Cast
from tests.radicale_server import PASSWORD, USER, Radicale

from equipoise.apps.calendars.models import Account, Calendar, Correction
from equipoise.apps.people.models import Assistance
from equipoise.platform.api import Scope
from equipoise.platform.models import AuditEntry

AUTUMN = {"start": "2026-10-05", "end": "2026-10-19"}


@pytest.fixture
def lenas(cast: Cast) -> Caller:
    """A program of Lena's; her calendar was read."""
    with_calendar(cast.lena)
    return caller(cast.lena)


def entry_called(lenas: Caller, title: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = lenas.ask("GET", "/entries", query=AUTUMN)["items"]
    return next(each for each in found if each["title"] == title)


class TestCalendars:
    def test_are_listed_with_what_may_be_told(self, lenas: Caller) -> None:
        (found,) = lenas.ask("GET", "/calendars")["items"]
        assert (found["name"], found["kind"], found["entries"]) == ("Office", "file", 7)

    def test_are_erased_with_their_entries(self, lenas: Caller) -> None:
        (found,) = lenas.ask("GET", "/calendars")["items"]
        lenas.ask("DELETE", f"/calendars/{found['id']}", status=204)
        assert lenas.ask("GET", "/entries", query=AUTUMN)["items"] == []

    def test_are_handed_in_as_files_and_read(self, cast: Cast) -> None:
        toms = caller(cast.tom)
        answer = toms.upload("/calendars/files", "tom.ics", LENAS)
        assert answer.status_code == 202, answer.content
        reading = toms.ask("GET", f"/calendar-readings/{json.loads(answer.content)['id']}")
        assert (reading["state"], reading["entries"]) == ("done", 7)

    def test_are_told_to_nobody_else(self, lenas: Caller, cast: Cast) -> None:
        (found,) = lenas.ask("GET", "/calendars")["items"]
        caller(cast.otto).ask("GET", f"/calendars/{found['id']}", status=404)
        assert caller(cast.otto).ask("GET", "/calendars")["items"] == []


class TestEntries:
    def test_are_told_with_probabilities_that_add_up(self, lenas: Caller) -> None:
        verdict: dict[str, Any] = entry_called(lenas, "Where do we want to be in 2030")["verdict"]
        likely = verdict["probabilities"]
        assert sum(likely.values()) == pytest.approx(1)
        assert verdict["purpose"] == max(likely, key=likely.__getitem__)

    def test_come_page_by_page_each_once(self, lenas: Caller) -> None:
        whole = [each["id"] for each in lenas.ask("GET", "/entries", query=AUTUMN)["items"]]
        paged, cursor = [], ""
        while cursor is not None:
            page = lenas.ask("GET", "/entries", query={**AUTUMN, "limit": 2, **({"cursor": cursor} if cursor else {})})
            paged += [each["id"] for each in page["items"]]
            cursor = page["next"]
        assert paged == whole
        assert len(set(whole)) == len(whole) == 7

    def test_keep_what_is_private_without_a_title(self, lenas: Caller) -> None:
        private = [each for each in lenas.ask("GET", "/entries", query=AUTUMN)["items"] if each["private"]]
        assert [each["title"] for each in private] == [""]

    def test_of_days_far_away_are_none(self, lenas: Caller) -> None:
        for period in ({"start": "1900-01-01", "end": "1900-02-01"}, {"start": "2199-12-30", "end": "2199-12-31"}):
            assert lenas.ask("GET", "/entries", query=period)["items"] == []

    def test_are_corrected_and_the_correction_is_taken_back(self, lenas: Caller) -> None:
        key = entry_called(lenas, "1:1 Tom")["id"]
        first = lenas.ask("PUT", f"/entries/{key}/purpose", {"purpose": "change"})
        second = lenas.ask("PUT", f"/entries/{key}/purpose", {"purpose": "vision"})
        assert lenas.ask("GET", f"/entries/{key}")["verdict"]["purpose"] == "vision"
        assert lenas.ask("DELETE", f"/corrections/{second['id']}")["holds"]["id"] == first["id"]
        assert [each["id"] for each in lenas.ask("GET", "/corrections")["items"]] == [first["id"]]

    def test_are_marked_as_movable(self, lenas: Caller) -> None:
        key = entry_called(lenas, "1:1 Tom")["id"]
        lenas.ask("PUT", f"/entries/{key}/movable", {"movable": True})
        assert lenas.ask("GET", f"/entries/{key}")["movable"] is True

    def test_of_a_whole_day_are_not_movable(self, lenas: Caller) -> None:
        key = entry_called(lenas, "Off-site strategy")["id"]
        lenas.ask("PUT", f"/entries/{key}/movable", {"movable": True}, status=404)

    def test_are_found_by_their_title(self, lenas: Caller) -> None:
        assert [each["title"] for each in lenas.ask("GET", "/series", query={"words": "budget"})["items"]] == [
            "Budget review Q3"
        ]

    def test_in_doubt_are_asked_about(self, lenas: Caller) -> None:
        found = lenas.ask("GET", "/doubts")["items"]
        assert found
        assert all(each["verdict"]["origin"] == "model" for each in found)


class TestRules:
    def test_are_made_decide_and_are_dropped(self, lenas: Caller) -> None:
        made = lenas.ask("POST", "/rules", {"words": "stand-up", "purpose": "oversight"}, status=201)
        assert made["fits"] == 1
        assert entry_called(lenas, "Client services stand-up")["verdict"]["origin"] == "rule"
        lenas.ask("DELETE", f"/rules/{made['id']}", status=204)
        assert lenas.ask("GET", "/rules")["items"] == []

    def test_that_say_nothing_are_refused(self, lenas: Caller) -> None:
        lenas.ask("POST", "/rules", {"words": "stand-up"}, status=422)
        lenas.ask("POST", "/rules", {"words": "off-site", "all_day_counts": True}, status=201)


class TestAccounts:
    def test_at_what_is_no_address_are_refused(self, lenas: Caller) -> None:
        sent = {"address": "https://here]", "username": "lena", "password": "x"}
        lenas.ask("POST", "/calendar-accounts", sent, status=409)
        assert not Account.objects.exists()

    def test_are_connected_chosen_and_forgotten(self, lenas: Caller, radicale: Radicale, settings: Settings) -> None:
        settings.PRIVATE_FEEDS = True
        remote = radicale.make_calendar("office")
        sent = {"address": radicale.address, "username": USER, "password": PASSWORD}
        account = lenas.ask("POST", "/calendar-accounts", sent, status=201)
        assert PASSWORD not in json.dumps(account)
        (offered,) = account["offered"]
        assert offered["address"] == remote
        chosen = {"read": [offered["address"]], "write_to": offered["address"]}
        path = f"/calendar-accounts/{account['id']}"
        (reading,) = lenas.ask("PUT", f"{path}/calendars", chosen)["items"]
        assert lenas.ask("GET", f"/calendar-readings/{reading['id']}")["state"] == "done"
        assert [each["written_to"] for each in lenas.ask("GET", path)["offered"]] == [True]
        lenas.ask("PUT", f"{path}/password", {"password": "wrong"}, status=409)
        lenas.ask("PUT", f"{path}/password", {"password": PASSWORD}, status=204)
        lenas.ask("POST", f"{path}/looks")
        lenas.ask("PUT", f"{path}/calendars", {"read": ["https://elsewhere.example/"]}, status=409)
        lenas.ask("DELETE", path, query={"read": "erase"}, status=204)
        assert lenas.ask("GET", "/calendar-accounts")["items"] == []


class TestAnAssistant:
    def test_corrects_for_the_owner_and_is_named(self, lenas: Caller, cast: Cast) -> None:
        assistance = Assistance.objects.get(owner=cast.lena)
        sams = caller(cast.sam, Acting_For=str(assistance.pk))
        key = entry_called(sams, "1:1 Tom")["id"]
        sams.ask("PUT", f"/entries/{key}/purpose", {"purpose": "change"})
        assert Correction.objects.get().owner == cast.lena
        last = AuditEntry.objects.order_by("-pk")[0]
        assert (last.actor_id, last.subject_id) == (cast.sam.pk, cast.lena.pk)


class TestATokenForReading:
    def test_changes_nothing(self, cast: Cast) -> None:
        with_calendar(cast.lena)
        reader = caller(cast.lena, Scope.READ)
        (found,) = reader.ask("GET", "/calendars")["items"]
        reader.ask("DELETE", f"/calendars/{found['id']}", status=403)
        assert Calendar.objects.filter(owner=cast.lena).exists()
