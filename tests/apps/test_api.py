"""The API's ground: who is let in, pages, tags, keys, types, and how problems are told."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from tests.apps.api_caller import Caller, caller
from tests.apps.calendar_texts import LENAS
from tests.cast import NOW, Cast

from equipoise.apps.integrations.actions import make_token
from equipoise.apps.integrations.models import Token
from equipoise.apps.people.models import Person, Team
from equipoise.platform.api import CannotBe, Day, Id, Line, Moment, Scope, Sent, forget_answers
from equipoise.platform.api.etags import matches
from equipoise.platform.models import AuditEntry, KeptAnswer


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


@pytest.fixture
def ada(cast: Cast) -> Caller:
    return caller(cast.ada)


def read(answer: HttpResponse) -> Any:
    return json.loads(answer.content)


class TestAToken:
    def test_acts_as_its_person(self, cast: Cast, client: Client) -> None:
        secret = make_token(
            actor=cast.lena, person=cast.lena, name="Script", scopes={Scope.READ}, expires_at=None, now=NOW
        )
        answer = client.get("/api/v1/me", headers=bearer(secret))
        assert (answer.status_code, answer.json()["email"]) == (200, cast.lena.email)

    def test_is_kept_as_a_digest_only(self, cast: Cast) -> None:
        secret = make_token(actor=None, person=None, name="All", scopes={Scope.SCIM}, expires_at=None, now=NOW)
        assert secret not in str(Token.objects.values())

    def test_is_needed_even_when_signed_in(self, as_lena: Client) -> None:
        answer = as_lena.get("/api/v1/me")
        assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")

    def test_of_the_organisation_opens_nobodys_own_records(self, cast: Cast, client: Client) -> None:
        secret = make_token(actor=None, person=None, name="All", scopes={Scope.WRITE}, expires_at=None, now=NOW)
        answer = client.get("/api/v1/me", headers=bearer(secret))
        assert (answer.status_code, answer.json()["status"]) == (403, 403)

    def test_is_looked_at_before_what_was_sent(self, cast: Cast) -> None:
        assert caller(cast.otto).answer("POST", "/teams", {"nonsense": 1}).status_code == 403


def pages(asked: Caller, path: str, limit: int) -> Iterator[dict[str, Any]]:
    cursor = ""
    while True:
        page = asked.ask("GET", path, query={"limit": limit, "cursor": cursor})
        yield page
        if page["next"] is None:
            return
        cursor = page["next"]


class TestPages:
    @pytest.mark.parametrize("limit", [1, 2, 3, 100])
    def test_hold_everybody_once_in_order(self, cast: Cast, ada: Caller, limit: int) -> None:
        Person.objects.filter(pk=cast.tom.pk).update(name=cast.grace.name)  # two of one name
        found = [each["id"] for page in pages(ada, "/people", limit) for each in page["items"]]
        assert found == list(Person.objects.order_by("name", "id").values_list("pk", flat=True))

    def test_shift_nothing_when_somebody_leaves_meanwhile(self, cast: Cast, ada: Caller) -> None:
        first = ada.ask("GET", "/people", query={"limit": 3})
        Person.objects.filter(pk=first["items"][1]["id"]).update(is_active=False)
        second = ada.ask("GET", "/people", query={"limit": 3, "cursor": first["next"]})
        assert not {each["id"] for each in first["items"]} & {each["id"] for each in second["items"]}
        assert second["items"][0]["name"] == Person.objects.order_by("name", "id")[3].name

    def test_are_no_pages_of_another_list(self, cast: Cast, ada: Caller) -> None:
        cursor = ada.ask("GET", "/people", query={"limit": 1})["next"]
        for path, said in (("/teams", cursor), ("/people", f"{cursor}x"), ("/people", "\0")):
            ada.ask("GET", path, query={"cursor": said}, status=404)

    def test_end_at_a_hundred(self, cast: Cast, ada: Caller) -> None:
        for limit in (0, 101, "x", 10**30):
            ada.ask("GET", "/people", query={"limit": limit}, status=422)


class TestATag:
    def test_spares_what_has_not_changed(self, cast: Cast, ada: Caller) -> None:
        tag = ada.answer("GET", f"/people/{cast.tom.pk}")["ETag"]
        same = Caller(secret=ada.secret, more={"If-None-Match": f'"other", W/{tag}'})
        answer = same.answer("GET", f"/people/{cast.tom.pk}")
        assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", tag)
        Person.objects.filter(pk=cast.tom.pk).update(name="Tomas")
        assert same.answer("GET", f"/people/{cast.tom.pk}").status_code == 200

    def test_keeps_a_change_from_overwriting_another(self, cast: Cast, ada: Caller) -> None:
        path = f"/people/{cast.tom.pk}"
        seen = Caller(secret=ada.secret, more={"If-Match": ada.answer("GET", path)["ETag"]})
        seen.ask("PATCH", path, {"name": "Tomas"})
        seen.ask("PATCH", path, {"name": "Thomas"}, status=412)
        assert Person.objects.get(pk=cast.tom.pk).name == "Tomas"

    def test_is_compared_strongly_for_changes(self) -> None:
        assert matches('W/"a"', '"a"')
        assert not matches('W/"a"', '"a"', weak=False)
        assert matches("*", '"a"', weak=False)
        assert not matches("a", '"a"')

    def test_of_what_is_not_there_is_not_found(self, cast: Cast, ada: Caller) -> None:
        Caller(secret=ada.secret, more={"If-Match": "*"}).ask("PATCH", "/people/999999", {"name": "X"}, status=404)


class TestAnIdempotencyKey:
    @pytest.fixture
    def keyed(self, ada: Caller) -> Caller:
        return Caller(secret=ada.secret, more={"Idempotency-Key": "k-1"})

    def test_gives_the_first_answer_again_and_does_nothing_twice(self, cast: Cast, keyed: Caller) -> None:
        first, again = (keyed.answer("POST", "/teams", {"name": "Copy desk"}) for _ in range(2))
        assert (first.status_code, again.status_code) == (201, 201)
        assert first.content == again.content
        assert again["Idempotency-Replayed"] == "true"
        assert Team.objects.filter(name="Copy desk").count() == 1
        assert AuditEntry.objects.filter(verb="team added").count() == 1

    def test_belongs_to_one_request(self, cast: Cast, keyed: Caller) -> None:
        keyed.ask("POST", "/teams", {"name": "Copy desk"}, status=201)
        keyed.ask("POST", "/teams", {"name": "Other"}, status=422)
        assert not Team.objects.filter(name="Other").exists()

    def test_belongs_to_one_token(self, cast: Cast, keyed: Caller) -> None:
        keyed.ask("POST", "/teams", {"name": "Copy desk"}, status=201)
        other = caller(cast.ada)
        Caller(secret=other.secret, more=keyed.more).ask("POST", "/teams", {"name": "Copy desk"}, status=201)
        assert Team.objects.filter(name="Copy desk").count() == 2

    def test_is_free_again_when_nothing_was_done(self, cast: Cast, keyed: Caller) -> None:
        keyed.ask("POST", "/teams", {"name": "Copy desk", "parent_id": 999_999}, status=404)
        keyed.ask("POST", "/teams", {"name": "Copy desk"}, status=201)

    def test_waits_for_the_request_that_is_under_way(self, cast: Cast, keyed: Caller) -> None:
        keyed.ask("POST", "/teams", {"name": "Copy desk"}, status=201)
        KeptAnswer.objects.update(status=None, sealed="")
        keyed.ask("POST", "/teams", {"name": "Copy desk"}, status=409)

    def test_is_forgotten_after_a_day_and_sealed_until_then(self, cast: Cast, keyed: Caller) -> None:
        keyed.ask("POST", "/teams", {"name": "Copy desk"}, status=201)
        kept = KeptAnswer.objects.get()
        assert "Copy desk" not in kept.sealed
        forget_answers(now=kept.at + timedelta(hours=23))
        assert KeptAnswer.objects.exists()
        forget_answers(now=kept.at + timedelta(hours=24))
        assert not KeptAnswer.objects.exists()

    def test_holds_for_files_too(self, cast: Cast) -> None:
        lena = caller(cast.lena)
        keyed = Caller(secret=lena.secret, more={"Idempotency-Key": "k-2"})
        first, again = (keyed.upload("/calendars/files", "lena.ics", LENAS) for _ in range(2))
        assert first.status_code < 300, first.content
        assert (first.status_code, first.content) == (again.status_code, again.content)
        assert again["Idempotency-Replayed"] == "true"
        assert keyed.upload("/calendars/files", "lena.ics", LENAS + b" ").status_code == 422


class TestAJoiningLink:
    def test_is_made_for_somebody_without_a_password(self, cast: Cast, ada: Caller) -> None:
        added = ada.ask("POST", "/people", {"name": "Pat Doe", "email": "pat@agency.example"}, status=201)
        link = ada.ask("POST", f"/people/{added['id']}/joining-link", {}, status=201)["link"]
        assert Client().get(link.partition("testserver")[2]).status_code == 200
        ada.ask("DELETE", f"/people/{added['id']}/joining-link", status=204)
        ada.ask("GET", f"/people/{added['id']}/joining-link", status=404)

    def test_takes_no_account_over(self, cast: Cast, ada: Caller) -> None:
        ada.ask("POST", f"/people/{cast.lena.pk}/joining-link", {}, status=409)

    def test_is_made_by_a_person_alone(self, cast: Cast) -> None:
        person = Person.objects.create(name="Pat Doe", email="pat@agency.example", joined_at=NOW, invited=True)
        secret = make_token(actor=None, person=None, name="All", scopes={Scope.WRITE}, expires_at=None, now=NOW)
        Caller(secret=secret, more={}).ask("POST", f"/people/{person.pk}/joining-link", {}, status=409)


class TestTheOrganisation:
    def test_is_kept_by_a_token_of_its_own(self, cast: Cast) -> None:
        secret = make_token(actor=None, person=None, name="All", scopes={Scope.WRITE}, expires_at=None, now=NOW)
        staff = Caller(secret=secret, more={})
        team = staff.ask("POST", "/teams", {"name": "Copy desk", "key": "copy"}, status=201)
        person = staff.ask(
            "POST",
            "/people",
            {
                "name": "Pat Doe", "email": "pat@agency.example", "title": "Writer", "level": "member",
                "function": "mkting", "team_id": team["id"], "manager_id": cast.lena.pk,
            },
            status=201,
        )  # fmt: skip
        assert person["position"]["title"] == "Writer"
        assert [each["name"] for each in person["teams"]] == ["Copy desk"]
        assert [each["name"] for each in person["reports_to"]] == ["Lena Hartmann"]
        assert staff.ask("GET", f"/teams/{team['id']}")["member_count"] == 1
        assert AuditEntry.objects.filter(verb="person added", actor_id=None, subject_id=person["id"]).exists()
        staff.ask("POST", "/teams", {"name": "Other", "key": "copy"}, status=409)
        staff.ask("DELETE", f"/teams/{team['id']}", status=204)
        staff.ask("GET", f"/teams/{team['id']}", status=404)
        staff.ask("POST", f"/people/{person['id']}/leave", {})
        assert not Person.objects.get(pk=person["id"]).is_active

    def test_keeps_what_was(self, cast: Cast, ada: Caller) -> None:
        team = ada.ask("GET", "/teams", query={"limit": 100})["items"][0]
        before = ada.ask("GET", "/teams", query={"on": "2026-03-01"})["items"]
        ada.ask("PATCH", f"/teams/{team['id']}", {"name": "Renamed"})
        ada.ask("PUT", f"/people/{cast.tom.pk}/position", {"title": "Writer", "on": "2026-02-01"})
        ada.ask("PUT", f"/people/{cast.tom.pk}/position", {"title": "Editor", "on": "2026-06-01"})
        ada.ask("PUT", f"/people/{cast.tom.pk}/position", {"title": "Clerk", "on": "2026-05-01"}, status=409)
        then = ada.ask("GET", f"/people/{cast.tom.pk}", query={"on": "2026-03-01"})
        assert then["position"]["title"] == "Writer"
        assert {each["id"] for each in before} == {each["id"] for each in ada.ask("GET", "/teams")["items"]}

    def test_refuses_circles_and_the_last_administrators_going(self, cast: Cast, ada: Caller) -> None:
        house, services = (Team.objects.get(name=name).pk for name in ("House", "Client services"))
        ada.ask("PUT", f"/teams/{house}/place", {"parent_id": services}, status=409)
        ada.ask("PUT", f"/people/{cast.lena.pk}/lines", {"manager_id": cast.tom.pk}, status=409)
        ada.ask("DELETE", f"/people/{cast.ada.pk}/roles/administrator", status=409)
        assert ada.ask("GET", "/me")["roles"] == ["administrator"]


class TestAProblem:
    @pytest.mark.parametrize(
        ("method", "path", "status"),
        [("GET", "/nothing", 404), ("GET", "/", 404), ("DELETE", "/me", 405), ("OPTIONS", "/me", 405)],
    )
    def test_is_told_for_what_no_operation_answers(
        self, cast: Cast, ada: Caller, method: str, path: str, status: int
    ) -> None:
        answer = ada.answer(method, path)
        assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
        assert read(answer)["status"] == status
        assert status != 405 or answer["Allow"] == "GET, PATCH"

    @pytest.mark.parametrize(
        ("body", "kind", "status"),
        [
            (b"{", "application/json", 400),
            (b"\xff", "application/json", 400),
            (b'{"name": NaN}', "application/json", 400),
            (b'{"name": "a", "name": "b"}', "application/json", 400),
            (b"[" * 100_000, "application/json", 400),
            (b'{"name": "a"}', "text/plain", 415),
            (b'{"name": "a"}', "application/x-www-form-urlencoded", 415),
            (b"null", "application/json", 422),
            (b"[]", "application/json", 422),
            (b'{"name": "a", "colour": "red"}', "application/json", 422),
            (b'{"name": "a\\u0000"}', "application/json", 422),
            (b'{"name": "\\ud800"}', "application/json", 422),
            (b'{"name": "   "}', "application/json", 422),
            (b'{"name": 1}', "application/json", 422),
            (b'{"name": "a", "parent_id": "1"}', "application/json", 422),
            (b'{"name": "a", "parent_id": true}', "application/json", 422),
            (b'{"name": "a", "parent_id": 9223372036854775808}', "application/json", 422),
            (b'{"name": "a", "parent_id": 9223372036854775807}', "application/json", 404),
            (b'{"name": "a", "on": "2026-02-30"}', "application/json", 422),
            (b'{"name": "a", "on": "9999-12-31"}', "application/json", 409),
            (b" " * 5_000_001, "application/json", 413),
        ],
    )
    def test_is_told_for_what_will_not_do(self, cast: Cast, ada: Caller, body: bytes, kind: str, status: int) -> None:
        answer = Client().generic("POST", "/api/v1/teams", body, content_type=kind, headers=bearer(ada.secret))
        assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
        assert Team.objects.count() == 2

    def test_is_told_for_a_wrong_host_and_another_media_type(self, cast: Cast, ada: Caller) -> None:
        for headers, status in (({"Host": "evil.example"}, 400), ({"Accept": "text/html"}, 406)):
            answer = Caller(secret=ada.secret, more=headers).answer("GET", "/me")
            assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")

    def test_names_what_is_not_known_in_the_address(self, cast: Cast, ada: Caller) -> None:
        assert "“colour”" in ada.ask("GET", "/people", query={"colour": "red"}, status=422)["detail"]

    def test_of_an_act_says_why(self, cast: Cast, ada: Caller) -> None:
        told = ada.ask("POST", "/people", {"name": "X", "email": cast.lena.email}, status=409)
        assert cast.lena.email in told["detail"]


class TestTypes:
    @given(st.text())
    def test_a_line_holds_no_break_and_says_something(self, text: str) -> None:
        try:
            found = TypeAdapter(Line).validate_python(text)
        except ValidationError:
            return
        assert found.strip() == found != ""
        assert found.isprintable() or not set(found) & set("\n\r\t\0\x0b\x0c\x85\u2028\u2029")

    @given(st.integers() | st.floats() | st.booleans() | st.text() | st.none())
    def test_an_id_is_a_positive_number_databases_hold(self, value: object) -> None:
        try:
            found = TypeAdapter(Id).validate_python(value)
        except ValidationError:
            return
        assert 1 <= found <= 2**63 - 1
        assert not isinstance(found, bool)

    @given(st.dates())
    def test_a_day_is_read_back_or_is_too_far_away(self, day: object) -> None:
        try:
            assert str(TypeAdapter(Day).validate_python(str(day))) == str(day)
        except CannotBe:
            assert not "1900" <= str(day)[:4] <= "2199"

    @given(st.text(max_size=40))
    @settings(suppress_health_check=[HealthCheck.too_slow])
    def test_a_moment_has_its_offset(self, text: str) -> None:
        with pytest.raises(ValidationError):
            TypeAdapter(Moment).validate_python(text)

    def test_a_body_turns_nothing_into_another_type(self) -> None:
        class Body(Sent):
            number: Id

        for value in ("1", True, 1.5, None, [1]):
            with pytest.raises(ValidationError):
                Body.model_validate({"number": value})
        assert Body.model_validate({"number": 1.0}).number == 1
