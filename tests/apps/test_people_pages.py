"""Sign-in, settings, password, and what every response carries."""

import pytest
from django.test import Client
from pytest_django import Settings
from tests.cast import PASSWORD, Cast

from equipoise.apps.people.models import Person

SETTINGS = {
    "name": "Lena H.",
    "email": "lena@agency.example",
    "more_addresses": "lh@old.example\nlena.hartmann@agency.example",
    "zone": "Asia/Tokyo",
    "language": "de",
    "theme": "dark",
    "work_from": "08:00",
    "work_until": "16:30",
    "unplanned_hours": "5",
}


class TestSignIn:
    def test_lets_in_with_the_password(self, cast: Cast, client: Client) -> None:
        form = {"login": "LENA@agency.example", "password": PASSWORD}
        assert client.post("/sign-in/", form).status_code == 302
        assert client.get("/").status_code == 200

    def test_says_the_same_of_a_wrong_password_and_an_unknown_address(self, cast: Cast, client: Client) -> None:
        wrong = client.post("/sign-in/", {"login": "lena@agency.example", "password": "x"}).content
        unknown = client.post("/sign-in/", {"login": "nobody@agency.example", "password": "x"}).content
        assert b"do not match" in wrong
        assert b"do not match" in unknown

    def test_makes_whoever_guesses_wait(self, cast: Cast, client: Client) -> None:
        wrong, right = {"login": "Lena@agency.example", "password": "x"}, {"login": "lena@agency.example"}
        for _ in range(10):
            assert "do not match" in client.post("/sign-in/", wrong).content.decode()
        response = client.post("/sign-in/", {**right, "password": PASSWORD})
        assert "Too many tries" in response.content.decode()
        elsewhere = client.post("/sign-in/", {**right, "password": PASSWORD}, REMOTE_ADDR="192.0.2.7")
        assert elsewhere.status_code == 302

    def test_is_asked_for_once_the_owner_has_a_password(self, cast: Cast, client: Client) -> None:
        assert client.get("/", follow=True).redirect_chain[-1][0].startswith("/sign-in/")

    def test_is_not_skipped_for_an_owner_without_password_on_an_opened_server(
        self, cast: Cast, client: Client, settings: Settings
    ) -> None:
        cast.lena.set_unusable_password()
        cast.lena.save()
        assert client.get("/balance/").status_code != 302
        settings.OPENED = True
        assert Client().get("/balance/").status_code == 302

    def test_ends_with_signing_out(self, as_lena: Client) -> None:
        as_lena.post("/sign-out/")
        assert as_lena.get("/balance/").status_code == 302


class TestSettings:
    def test_are_kept(self, cast: Cast, as_lena: Client) -> None:
        assert as_lena.post("/settings/", SETTINGS).status_code == 302
        lena = Person.objects.get(pk=cast.lena.pk)
        assert lena.addresses == ("lena@agency.example", "lh@old.example", "lena.hartmann@agency.example")
        assert (lena.zone, lena.language, lena.theme, lena.unplanned_hours) == ("Asia/Tokyo", "de", "dark", 5.0)

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("more_addresses", "not an address"),
            ("zone", "Mars/Olympus"),
            ("work_until", "07:00"),
            ("unplanned_hours", "-1"),
            ("email", "ravi@agency.example"),
        ],
    )
    def test_are_refused_with_a_reason_and_nothing_changes(
        self, cast: Cast, as_lena: Client, field: str, value: str
    ) -> None:
        response = as_lena.post("/settings/", {**SETTINGS, field: value})
        assert response.status_code == 400
        assert 'class="error"' in response.content.decode()
        assert Person.objects.get(pk=cast.lena.pk).name == "Lena Hartmann"


class TestPassword:
    def test_is_set_and_the_session_stays(self, cast: Cast, as_lena: Client) -> None:
        form = {"present": PASSWORD, "password": "a boat, a lamp"}
        assert as_lena.post("/settings/security/password/", form).status_code == 302
        assert as_lena.get("/settings/").status_code == 200
        assert Person.objects.get(pk=cast.lena.pk).check_password("a boat, a lamp")

    @pytest.mark.parametrize("password", ["short", "password1234", "lena.hartmann"])
    def test_is_refused_when_easy_to_guess(self, cast: Cast, as_lena: Client, password: str) -> None:
        form = {"present": PASSWORD, "password": password}
        assert as_lena.post("/settings/security/password/", form).status_code == 400


class TestEveryResponse:
    def test_carries_a_strict_policy(self, as_lena: Client) -> None:
        response = as_lena.get("/settings/")
        policy = response["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["X-Frame-Options"] == "DENY"
        assert response["Cross-Origin-Resource-Policy"] == "same-origin"
        assert response["Referrer-Policy"] == "same-origin"
        assert "no-store" in response["Cache-Control"]

    def test_refuses_a_post_without_its_token(self, cast: Cast) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(cast.lena)
        assert client.post("/settings/", SETTINGS).status_code == 403

    def test_refuses_an_unknown_host(self, client: Client, db: None) -> None:
        response = client.get("/", HTTP_HOST="evil.example")
        assert response.status_code == 400
        assert "--public-name" in response.content.decode()

    def test_says_plainly_that_nothing_is_there(self, as_lena: Client) -> None:
        response = as_lena.get("/nothing/")
        assert response.status_code == 404
        assert "There is no such page" in response.content.decode()
