"""The API: who is let in, and how problems are told."""

from django.test import Client
from tests.cast import NOW, Cast

from equipoise.apps.integrations.actions import make_token
from equipoise.apps.integrations.models import Token
from equipoise.platform.api import Scope


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


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
