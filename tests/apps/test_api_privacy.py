"""What is kept of people, over the API: taken along, erased, kept for a time, looked through by an auditor."""

import csv
import io
import zipfile

import pytest
from tests.apps.api_caller import Caller, caller
from tests.apps.lenas_calendar import with_calendar
from tests.cast import NOW, Cast

from equipoise.apps.integrations.actions import make_token
from equipoise.apps.people.models import Assistance, Person
from equipoise.apps.privacy.models import Retention
from equipoise.platform.api import Scope
from equipoise.platform.models import AuditEntry


class TestOwnData:
    def test_is_exported_whole_and_the_trail_tells(self, cast: Cast) -> None:
        with_calendar(cast.lena)
        found = caller(cast.lena).ask("POST", "/own-data/exports")
        assert found["person"]["email"] == cast.lena.email
        assert len(found["calendars"][0]["entries"]) == 7
        assert AuditEntry.objects.order_by("-pk")[0].verb == "data exported"

    def test_is_packed_and_fetched(self, cast: Cast) -> None:
        lenas = caller(cast.lena)
        asked = lenas.ask("POST", "/own-data/packages", status=202)
        assert [each["state"] for each in lenas.ask("GET", "/own-data/packages")["items"]] == ["ready"]
        answer = lenas.answer("GET", f"/own-data/packages/{asked['id']}/archive")
        assert "everything.json" in zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
        caller(cast.otto).ask("GET", f"/own-data/packages/{asked['id']}/archive", status=404)

    def test_tells_who_did_what(self, cast: Cast) -> None:
        lenas = caller(cast.lena)
        lenas.ask("POST", "/rules", {"words": "budget", "purpose": "process"}, status=201)
        latest = lenas.ask("GET", "/own-data/trail")["items"][0]
        assert (latest["verb"], latest["by_owner"]) == ("rule made", True)

    def test_tells_what_assistants_did_to_the_owner_and_to_them(self, cast: Cast) -> None:
        lenas = caller(cast.lena)
        sams = caller(cast.sam, Acting_For=str(Assistance.objects.get(owner=cast.lena).pk))
        for who, words in ((lenas, "budget"), (sams, "review")):
            who.ask("POST", "/rules", {"words": words, "purpose": "process"}, status=201)
        acts = lenas.ask("GET", "/own-data/trail", query={"by_assistants": "true"})["items"]
        assert [(each["verb"], each["by_assistant"]) for each in acts] == [("rule made", "Sam Ortiz")]
        for_others = caller(cast.sam).ask("GET", "/own-data/acts-for-others")["items"]
        assert [(each["verb"], each["owner"]) for each in for_others] == [("rule made", "Lena Hartmann")]

    def test_is_closed_to_an_assistant(self, cast: Cast) -> None:
        sams = caller(cast.sam, Acting_For=str(Assistance.objects.get(owner=cast.lena).pk))
        sams.ask("POST", "/own-data/exports", status=403)
        sams.ask("PUT", "/own-data/erasing", {"email": cast.lena.email}, status=403)


class TestErasing:
    def test_is_asked_for_with_the_own_address_and_taken_back(self, cast: Cast) -> None:
        toms = caller(cast.tom)
        toms.ask("PUT", "/own-data/erasing", {"email": "somebody@agency.example"}, status=409)
        until = toms.ask("PUT", "/own-data/erasing", {"email": cast.tom.email.upper()})["erase_after"]
        assert toms.ask("GET", "/own-data/erasing") == {"erase_after": until}
        toms.ask("DELETE", "/own-data/erasing", status=204)
        assert toms.ask("GET", "/own-data/erasing") == {"erase_after": None}

    def test_at_once_is_for_a_machine_of_ones_own(self, cast: Cast) -> None:
        caller(cast.tom).ask("PUT", "/own-data/erasing", {"email": cast.tom.email, "at_once": True}, status=409)
        assert Person.objects.filter(pk=cast.tom.pk).exists()

    def test_of_a_last_administrator_is_refused(self, cast: Cast) -> None:
        caller(cast.ada).ask("PUT", "/own-data/erasing", {"email": cast.ada.email}, status=409)

    def test_of_a_leaver_is_begun_and_taken_back_by_an_administrator(self, cast: Cast) -> None:
        Person.objects.filter(pk=cast.tom.pk).update(is_active=False, left_on=NOW.date())
        adas = caller(cast.ada)
        (left,) = adas.ask("GET", "/organisation/leavers")["items"]
        path = f"/organisation/leavers/{left['person_id']}/erasing"
        assert adas.ask("PUT", path)["erase_after"]
        adas.ask("DELETE", path, status=204)
        assert Person.objects.get(pk=cast.tom.pk).erase_after is None
        caller(cast.lena).ask("PUT", path, status=403)
        adas.ask("PUT", f"/organisation/leavers/{cast.lena.pk}/erasing", status=404)


class TestRetention:
    def test_is_chosen_by_an_administrator_within_its_bounds(self, cast: Cast) -> None:
        adas = caller(cast.ada)
        kind = next(each for each in adas.ask("GET", "/organisation/retention")["items"] if each["may_be_set"])
        sent = {"kinds": [{"kind": kind["kind"], "days": kind["least"]}]}
        after = adas.ask("PATCH", "/organisation/retention", sent)["items"]
        assert next(each["days"] for each in after if each["kind"] == kind["kind"]) == kind["least"]
        for wrong in ({"kind": kind["kind"], "days": kind["most"] + 1}, {"kind": "no-such", "days": 1}):
            adas.ask("PATCH", "/organisation/retention", {"kinds": [wrong]}, status=409)
        assert Retention.objects.count() == 1

    def test_is_no_business_of_others_nor_of_a_program(self, cast: Cast) -> None:
        caller(cast.ines).ask("GET", "/organisation/retention", status=403)
        scopes = {Scope.WRITE}
        secret = make_token(actor=cast.ada, person=None, name="All", scopes=scopes, expires_at=None, now=NOW)
        program = Caller(secret=secret, more={})
        program.ask("GET", "/organisation/retention")
        program.ask("PATCH", "/organisation/retention", {"kinds": []}, status=403)


class TestTheTrail:
    def test_is_looked_through_page_by_page_by_an_auditor(self, cast: Cast) -> None:
        lenas = caller(cast.lena)
        for words in ("one", "two", "three"):
            lenas.ask("POST", "/rules", {"words": words, "purpose": "process"}, status=201)
        veras = caller(cast.vera)
        query = {"who": "lena", "verb": "rule made", "limit": 2}
        first = veras.ask("GET", "/organisation/trail", query=query)
        second = veras.ask("GET", "/organisation/trail", query={**query, "cursor": first["next"]})
        numbers = [each["number"] for each in first["items"] + second["items"]]
        assert (len(numbers), second["next"]) == (3, None)
        assert numbers == sorted(numbers, reverse=True)

    def test_is_checked_and_taken_along(self, cast: Cast) -> None:
        veras = caller(cast.vera)
        found = veras.ask("POST", "/organisation/trail/checks")
        assert (found["broken"], found["complete"]) == ([], True)
        answer = veras.answer("POST", "/organisation/trail/exports", {"verb": "trail checked"})
        rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
        assert [row["verb"] for row in rows] == ["trail checked"]

    @pytest.mark.parametrize("who", ["ada", "ines", "lena", "otto"])
    def test_is_for_auditors_alone(self, cast: Cast, who: str) -> None:
        caller(getattr(cast, who)).ask("GET", "/organisation/trail", status=403)


class TestStatements:
    def test_are_read_by_everybody_or_by_who_answers_for_them(self, cast: Cast) -> None:
        told = caller(cast.otto).answer("GET", "/privacy/statement", query={"language": "en"})
        assert told.content.decode().startswith("# ")
        for who, status in ((cast.ada, 200), (cast.ines, 200), (cast.vera, 200), (cast.otto, 403)):
            assert caller(who).answer("GET", "/organisation/privacy-packs/council").status_code == status
