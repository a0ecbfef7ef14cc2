"""Reflections over the API: for the person alone."""

from typing import Any

import pytest
from tests.apps.api_caller import Caller, caller
from tests.apps.lenas_calendar import with_calendar
from tests.cast import Cast

from equipoise.apps.growth.models import Reflection
from equipoise.apps.people.models import Assistance
from equipoise.platform.models import AuditEntry


@pytest.fixture
def lenas(cast: Cast) -> Caller:
    """A program of Lena's; her calendar was read."""
    with_calendar(cast.lena)
    return caller(cast.lena)


def begun(lenas: Caller) -> dict[str, Any]:
    offer = lenas.ask("GET", "/reflection-offers")["items"][0]
    asked = {"rhythm": offer["rhythm"], "start": offer["start"]}
    found: dict[str, Any] = lenas.ask("POST", "/reflections", asked, status=201)
    return found


def finished(lenas: Caller, answer: str) -> dict[str, Any]:
    row = begun(lenas)
    key = row["parts"][0]["answers"][0]["key"]
    sent = {"answers": [{"key": key, "answer": answer}], "intention": "Listen", "finish": True}
    found: dict[str, Any] = lenas.ask("PATCH", f"/reflections/{row['id']}", sent)
    return found


class TestAReflection:
    def test_is_begun_written_and_finished(self, lenas: Caller) -> None:
        row = finished(lenas, "On Tom")
        assert row["finished_at"]
        assert row["parts"][0]["answers"][0]["answer"] == "On Tom"
        assert lenas.ask("GET", "/reflections")["items"][0]["id"] == row["id"]

    def test_keeps_what_was_not_sent(self, lenas: Caller) -> None:
        row = finished(lenas, "On Tom")
        again = lenas.ask("PATCH", f"/reflections/{row['id']}", {"intention": "Ask more"})
        assert (again["intention"], again["parts"][0]["answers"][0]["answer"]) == ("Ask more", "On Tom")

    def test_is_not_finished_blank(self, lenas: Caller) -> None:
        lenas.ask("PATCH", f"/reflections/{begun(lenas)['id']}", {"finish": True}, status=409)

    def test_takes_no_answer_to_what_it_does_not_ask(self, lenas: Caller) -> None:
        sent = {"answers": [{"key": "nobody-asked", "answer": "x"}]}
        lenas.ask("PATCH", f"/reflections/{begun(lenas)['id']}", sent, status=409)

    def test_is_not_written_over_what_was_kept_since(self, lenas: Caller) -> None:
        row = begun(lenas)
        path = f"/reflections/{row['id']}"
        seen = lenas.answer("GET", path)["ETag"]
        lenas.ask("PATCH", path, {"intention": "First"})
        late = Caller(secret=lenas.secret, more={"If-Match": seen})
        late.ask("PATCH", path, {"intention": "Second"}, status=412)
        assert lenas.ask("GET", path)["intention"] == "First"

    def test_is_removed_put_back_and_erased(self, lenas: Caller) -> None:
        key = begun(lenas)["id"]
        lenas.ask("DELETE", f"/reflections/{key}", status=204)
        assert [each["id"] for each in lenas.ask("GET", "/removed-reflections")["items"]] == [key]
        lenas.ask("POST", f"/removed-reflections/{key}/returns")
        lenas.ask("DELETE", f"/reflections/{key}", status=204)
        lenas.ask("DELETE", f"/removed-reflections/{key}", status=204)
        assert not Reflection.objects.exists()

    def test_is_found_by_its_words(self, lenas: Caller) -> None:
        key = finished(lenas, "On Tom and the budget")["id"]
        assert [e["id"] for e in lenas.ask("POST", "/reflection-searches", {"words": "BUDGET tom"})["items"]] == [key]
        assert lenas.ask("POST", "/reflection-searches", {"words": "elsewhere"})["items"] == []

    def test_of_long_ago_cannot_begin(self, lenas: Caller) -> None:
        lenas.ask("POST", "/reflections", {"rhythm": "weekly", "start": "1999-01-04"}, status=409)

    def test_is_taken_along_as_markdown(self, lenas: Caller) -> None:
        finished(lenas, "On Tom")
        answer = lenas.answer("POST", "/reflection-downloads")
        assert answer["Content-Type"].startswith("text/markdown")
        assert "On Tom" in answer.content.decode()
        assert AuditEntry.objects.order_by("-pk")[0].verb == "reflections downloaded"


class TestReminders:
    def test_are_chosen(self, lenas: Caller) -> None:
        lenas.ask("PUT", "/reflection-reminders", {"weekly": False, "monthly": True})
        assert lenas.ask("GET", "/reflection-reminders") == {"weekly": False, "monthly": True}


class TestNobodyElse:
    def test_reads_or_writes_them(self, lenas: Caller, cast: Cast) -> None:
        key = finished(lenas, "On Tom")["id"]
        sams = caller(cast.sam, Acting_For=str(Assistance.objects.get(owner=cast.lena).pk))
        sams.ask("GET", f"/reflections/{key}", status=403)
        for other in (cast.ravi, cast.ada, cast.ines, cast.otto):
            caller(other).ask("GET", f"/reflections/{key}", status=404)
            caller(other).ask("PATCH", f"/reflections/{key}", {"intention": "x"}, status=404)
