"""The balance, this week, the situation and the Monday mail over the API."""

from typing import Any

import pytest
from tests.apps.api_caller import Caller, caller
from tests.apps.lenas_calendar import with_calendar
from tests.cast import Cast

from equipoise.apps.people.models import Assistance, Person
from equipoise.core.situation.scan import QUESTIONS

ANSWERS = {question.key: next(iter(question.choices)) for question in QUESTIONS}
AUTUMN = {"weeks": 4, "until": "2026-11-02"}


@pytest.fixture
def lenas(cast: Cast) -> Caller:
    """A program of Lena's; her calendar was read."""
    with_calendar(cast.lena)
    return caller(cast.lena)


class TestTheBalance:
    def test_has_the_shape_that_measure_writes(self, lenas: Caller) -> None:
        reading = lenas.ask("GET", "/balance", query=AUTUMN)["reading"]
        assert reading["period"] == {"from": "2026-10-05", "to": "2026-11-02", "zone": "Europe/Berlin"}
        hours = sum(each["hours"] for each in reading["facets"].values())
        assert hours == pytest.approx(reading["counted"]["hours"], abs=1e-4)
        assert reading["weeks"][0]["from"] == "2026-10-05"

    def test_stands_beside_what_is_called_for(self, lenas: Caller) -> None:
        assert lenas.ask("GET", "/balance")["standing"]["comparison"] is None
        lenas.ask("POST", "/scans", ANSWERS, status=201)
        standing = lenas.ask("GET", "/balance")["standing"]
        assert standing["comparison"]["leading"]["band"] == standing["called_for"]["leading"]
        assert standing["because"]

    def test_is_made_of_entries(self, lenas: Caller) -> None:
        whole = lenas.ask("GET", "/balance", query=AUTUMN)["reading"]["leading"]["hours"]
        parts: list[dict[str, Any]] = []
        cursor = ""
        while cursor is not None:
            query = {**AUTUMN, "purpose": "leading", "limit": 3} | ({"cursor": cursor} if cursor else {})
            page = lenas.ask("GET", "/balance/parts", query=query)
            parts += page["items"]
            cursor = page["next"]
        assert sum(part["part"] for part in parts) == pytest.approx(whole, abs=0.1)
        assert len({part["entry_id"] for part in parts}) == len(parts)

    def test_of_nobody_without_a_calendar_is_told(self, cast: Cast) -> None:
        caller(cast.tom).ask("GET", "/balance", status=404)

    def test_takes_unplanned_talk_in(self, lenas: Caller) -> None:
        lenas.ask("PUT", "/balance/unplanned-hours", {"hours_per_week": 7})
        assert lenas.ask("GET", "/balance/unplanned-hours") == {"hours_per_week": 7}
        assert lenas.ask("GET", "/balance", query=AUTUMN)["reading"]["unplanned"]["hours_per_week"] == 7

    def test_is_shown_to_an_assistant_and_to_no_lead(self, lenas: Caller, cast: Cast) -> None:
        sams = caller(cast.sam, Acting_For=str(Assistance.objects.get(owner=cast.lena).pk))
        assert sams.ask("GET", "/balance", query=AUTUMN) == lenas.ask("GET", "/balance", query=AUTUMN)
        caller(cast.ravi).ask("GET", "/balance", query=AUTUMN, status=404)


class TestThisWeek:
    def test_says_what_waits_before_there_is_a_calendar(self, cast: Cast) -> None:
        found = caller(cast.tom).ask("GET", "/this-week")
        assert found["reading"] is None
        assert found["due"][0]["page"] == "/situation/scan/"

    def test_says_where_one_stands(self, lenas: Caller) -> None:
        found = lenas.ask("GET", "/this-week")
        assert found["reading"]["counted"]["entries"] > 0


class TestTheSituation:
    def test_is_unknown_before_a_scan(self, lenas: Caller) -> None:
        lenas.ask("GET", "/situation", status=404)
        band = {"target": "leading", "one_end": 0.2, "other_end": 0.4, "reason": "Steady"}
        lenas.ask("POST", "/own-bands", band, status=409)

    def test_is_told_with_reasons_and_their_grades(self, lenas: Caller) -> None:
        lenas.ask("POST", "/scans", {**ANSWERS, "change": "merger", "change_since": "2026-01-01"}, status=201)
        found = lenas.ask("GET", "/situation")["called_for"]
        reason = next(each for each in found["reasons"] if each["rule"] == "change")
        assert (reason["grade"] in {"A", "B", "C"}, reason["leading_points"] > 0) == (True, True)
        assert reason["citations"]

    def test_asks_what_the_page_asks(self, lenas: Caller) -> None:
        asked = lenas.ask("GET", "/situation/questions")["items"]
        assert [each["key"] for each in asked] == [question.key for question in QUESTIONS]

    def test_goes_by_an_own_band_until_it_is_dropped(self, lenas: Caller) -> None:
        lenas.ask("POST", "/scans", ANSWERS, status=201)
        band = {"target": "leading", "one_end": 0.4, "other_end": 0.2, "reason": "Steady"}
        made = lenas.ask("POST", "/own-bands", band, status=201)
        assert lenas.ask("GET", "/situation")["called_for"]["leading"] == {"low": 0.2, "high": 0.4}
        lenas.ask("PATCH", f"/own-bands/{made['id']}", {"holds": False})
        assert lenas.ask("GET", "/situation")["own"] == []
        lenas.ask("PATCH", f"/own-bands/{made['id']}", {"holds": True})
        assert lenas.ask("GET", "/situation")["own"] == ["leading"]

    def test_has_axes_in_leans(self, lenas: Caller) -> None:
        lenas.ask("POST", "/scans", ANSWERS, status=201)
        band = {"target": "horizon", "one_end": -0.5, "other_end": 0.2, "reason": "Steady"}
        lenas.ask("POST", "/own-bands", band, status=201)
        lenas.ask("POST", "/own-bands", {**band, "target": "vision"}, status=422)

    def test_keeps_scans_page_by_page(self, lenas: Caller) -> None:
        keys = [lenas.ask("POST", "/scans", ANSWERS, status=201)["id"] for _ in range(3)]
        page = lenas.ask("GET", "/scans", query={"limit": 2})
        rest = lenas.ask("GET", "/scans", query={"limit": 2, "cursor": page["next"]})
        assert [each["id"] for each in page["items"] + rest["items"]] == keys[::-1]
        assert lenas.ask("GET", f"/scans/{keys[0]}")["answers"] == ANSWERS

    def test_takes_no_change_that_is_yet_to_come(self, lenas: Caller) -> None:
        lenas.ask("POST", "/scans", {**ANSWERS, "change_since": "2199-01-01"}, status=409)


class TestTheMondayMail:
    def test_is_turned_on_and_off(self, lenas: Caller) -> None:
        assert lenas.ask("PUT", "/monday-mail", {"wanted": True})["wanted"] is True
        assert lenas.ask("PUT", "/monday-mail", {"wanted": False})["wanted"] is False

    def test_is_shown_before_it_leaves(self, lenas: Caller) -> None:
        assert lenas.ask("GET", "/monday-mail/preview")["subject"]

    def test_is_closed_to_an_assistant(self, cast: Cast) -> None:
        sams = caller(cast.sam, Acting_For=str(Assistance.objects.get(owner=cast.lena).pk))
        sams.ask("GET", "/monday-mail", status=403)

    def test_never_goes_to_the_demo_agency(self, cast: Cast) -> None:
        Person.objects.filter(pk=cast.tom.pk).update(demo_key="tom")
        caller(Person.objects.get(pk=cast.tom.pk)).ask("PUT", "/monday-mail", {"wanted": True}, status=404)
