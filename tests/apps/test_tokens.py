"""Tokens: made, listed and ended, on the pages and on the command line."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from tests.cast import NOW, Cast

from equipoise.apps.integrations import actions, queries
from equipoise.apps.integrations.models import Token
from equipoise.apps.people.models import Person
from equipoise.platform.api import Scope


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def made(person: Person | None, *scopes: Scope) -> tuple[Token, str]:
    secret = actions.make_token(
        actor=person, person=person, name="Script", scopes=scopes, expires_at=NOW + timedelta(days=1), now=NOW
    )
    return Token.objects.get(digest=queries.digest_of(secret)), secret


class TestMakingAToken:
    def test_refuses_a_person_the_scope_of_directories(self, cast: Cast) -> None:
        with pytest.raises(actions.ScopeUnfit):
            made(cast.lena, Scope.SCIM)


class TestAToken:
    def test_opens_nothing_once_it_has_expired_or_was_ended(self, cast: Cast) -> None:
        token, secret = made(cast.lena, Scope.READ)
        assert queries.token_for(secret, now=NOW) == token
        with pytest.raises(Token.DoesNotExist):
            queries.token_for(secret, now=NOW + timedelta(days=1))
        actions.end_token(actor=cast.lena, token=token, now=NOW)
        with pytest.raises(Token.DoesNotExist):
            queries.token_for(secret, now=NOW)

    def test_begins_no_session(self, cast: Cast, client: Client) -> None:
        cast.lena.set_unusable_password()
        cast.lena.save()
        client.get("/api/v1/me", headers=bearer("eqp_x"))
        assert not client.cookies


class TestThePages:
    def test_show_a_token_once_that_then_opens_the_api(self, cast: Cast, as_lena: Client) -> None:
        page = as_lena.post("/settings/tokens/", {"name": "Script", "scope": "read", "days": "30"}).content.decode()
        secret = page.partition('value="eqp_')[2].partition('"')[0]
        assert Client().get("/api/v1/me", headers=bearer(f"eqp_{secret}")).status_code == 200
        assert secret not in as_lena.get("/settings/tokens/").content.decode()

    def test_end_a_token(self, cast: Cast, as_lena: Client) -> None:
        token, secret = made(cast.lena, Scope.READ)
        as_lena.post(f"/settings/tokens/{token.pk}/end")
        assert Client().get("/api/v1/me", headers=bearer(secret)).status_code == 401

    def test_offer_the_scope_of_directories_for_the_organisation_alone(self, cast: Cast, as_lena: Client) -> None:
        refused = as_lena.post("/settings/tokens/", {"name": "Script", "scope": "scim", "days": "30"})
        assert refused.status_code == 400
        ada = Client()
        ada.force_login(cast.ada)
        assert "SCIM" in ada.get("/organisation/tokens/").content.decode()

    def test_end_no_token_of_the_organisation_by_a_personal_address(self, cast: Cast, as_lena: Client) -> None:
        token, _ = made(None, Scope.READ)
        assert as_lena.post(f"/settings/tokens/{token.pk}/end").status_code == 404


def equipoise(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", "from equipoise.cli.app import main; main()", *words],
        capture_output=True,
        text=True,
        check=False,
    )


class TestTheCommandLine:
    def test_prints_only_the_token_of_a_database_it_makes_then_lists_and_ends_it(self, tmp_path: Path) -> None:
        data = ("--data", str(tmp_path / "new"))
        printed = equipoise("token", "create", *data, "--scope", "scim", "--name", "Directory")
        assert (printed.returncode, printed.stderr) == (0, "")
        assert printed.stdout.startswith("eqp_")
        assert len(printed.stdout.split()) == 1
        listed = equipoise("token", "list", *data)
        assert "organisation  scim" in listed.stdout
        assert equipoise("token", "end", *data, listed.stdout.split()[0]).returncode == 0
        assert equipoise("token", "list", *data).stdout == ""

    def test_refuses_in_a_sentence(self, tmp_path: Path) -> None:
        data = ("--data", str(tmp_path / "new"))
        unknown = equipoise("token", "create", *data, "--scope", "read", "--person", "nobody@agency.example")
        assert (unknown.returncode, unknown.stdout) == (3, "")
        assert unknown.stderr.startswith("Error: Nobody here signs in with nobody@agency.example.")
        personal = equipoise("token", "create", *data, "--scope", "scim", "--person", "x@agency.example")
        assert personal.returncode == 2
