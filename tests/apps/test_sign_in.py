"""Signing in on this server: passwords, second steps, sessions, and what strangers learn of it."""

import time
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django import Settings
from tests.cast import NOW, PASSWORD, Cast

from equipoise.apps.people.models import Grant, Person
from equipoise.apps.people.organising.actions import leave
from equipoise.apps.signin import actions, queries
from equipoise.apps.signin.devices import device_of
from equipoise.apps.signin.models import Provider
from equipoise.apps.signin.strength import HardToGuess
from equipoise.config import settings as ours
from equipoise.platform import vault
from equipoise.platform.access import Role
from equipoise.platform.callers import host_of
from equipoise.platform.models import AuditEntry

LENA = {"login": "lena@agency.example", "password": PASSWORD}
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def code(*, steps_away: int = 0) -> str:
    """What an app set up with the secret shows now."""
    return str(format_hotp_value(hotp_value(SECRET, int(time.time()) // 30 + steps_away)))


def app_of(person: Person) -> Authenticator:
    return Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": vault.seal(SECRET)})


def connected() -> Provider:
    return Provider.objects.create(
        kind="oidc", key="oidc-1", name="Directory", issuer="https://id.example", made_at=NOW
    )


class TestSignIn:
    @pytest.mark.parametrize("login", ["lena@agency.example", "LENA@Agency.Example", " lena@agency.example "])
    def test_takes_the_address_whatever_its_case(self, cast: Cast, client: Client, login: str) -> None:
        assert client.post("/sign-in/", {**LENA, "login": login})["Location"] == "/"
        assert client.session["_auth_user_id"] == str(cast.lena.pk)

    def test_is_written_into_the_trail(self, cast: Cast, client: Client) -> None:
        client.post("/sign-in/", LENA)
        entry = AuditEntry.objects.get(verb="signed in")
        assert (entry.actor_id, entry.detail) == (cast.lena.pk, {"with": "password"})

    def test_leads_to_the_page_that_was_asked_for_and_nowhere_else(self, cast: Cast, settings: Settings) -> None:
        settings.ALLOWED_HOSTS = ["*"]
        for wanted, place in (("/settings/", "/settings/"), ("https://evil.example/", "/"), ("//evil.example", "/")):
            assert Client().post("/sign-in/", {**LENA, "next": wanted})["Location"] == place

    def test_offers_no_account_to_strangers(self, cast: Cast, client: Client) -> None:
        for path in ("/sign-up/", "/signup/", "/accounts/signup/", "/sign-in/signup/"):
            assert client.get(path).status_code == 404


class TestWhatStrangersLearn:
    def answers(self, cast: Cast) -> dict[str, Callable[[], None]]:
        def left() -> None:
            leave(actor=cast.ada, person=cast.lena, on=timezone.localdate(), now=NOW)

        def elsewhere() -> None:
            cast.lena.set_unusable_password()
            cast.lena.save()

        def gone() -> None:
            Person.objects.filter(pk=cast.lena.pk).update(email="other@agency.example")

        def only_elsewhere() -> None:
            connected()
            actions.set_policy(actor=cast.ada, second_factor=False, only_elsewhere=True, now=NOW)

        return {"left": left, "elsewhere": elsewhere, "gone": gone, "only elsewhere": only_elsewhere}

    @pytest.mark.parametrize("case", ["left", "elsewhere", "gone", "only elsewhere"])
    def test_is_the_same_whoever_exists(self, cast: Cast, case: str, settings: Settings) -> None:
        settings.OPENED = True
        wrong = Client().post("/sign-in/", {**LENA, "password": "guessed"})
        self.answers(cast)[case]()
        cache.clear()
        right_but_closed = Client().post("/sign-in/", LENA)
        assert wrong.status_code == right_but_closed.status_code == 400
        for part in ('role="alert"', "do not match"):
            assert part in wrong.content.decode()
            assert part in right_but_closed.content.decode()

    def test_costs_as_many_hashes_whoever_exists(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        hashed: list[str] = []
        encode = MD5PasswordHasher.encode

        def counted(hasher: MD5PasswordHasher, password: str, salt: str) -> str:
            hashed.append("encode")
            return encode(hasher, password, salt)

        monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
        counts = []
        for login in ("lena@agency.example", "nobody@agency.example"):
            hashed.clear()
            Client().post("/sign-in/", {"login": login, "password": "guessed"})
            counts.append(len(hashed))
        assert counts == [1, 1]

    def test_is_the_same_once_there_were_too_many_tries(self, cast: Cast) -> None:
        pages = []
        for login in ("lena@agency.example", "nobody@agency.example"):
            stranger = Client()
            for _ in range(10):
                assert "do not match" in stranger.post("/sign-in/", {"login": login, "password": "x"}).content.decode()
            page = stranger.post("/sign-in/", {"login": login, "password": PASSWORD})
            assert not signed_in(stranger)
            pages.append((page.status_code, "Too many tries" in page.content.decode()))
        assert pages == [(400, True), (400, True)]

    def test_locks_nobody_out_who_comes_from_elsewhere(self, cast: Cast) -> None:
        for _ in range(12):
            Client().post("/sign-in/", {**LENA, "password": "x"}, REMOTE_ADDR="192.0.2.66")
        lena = Client()
        lena.post("/sign-in/", LENA, REMOTE_ADDR="192.0.2.7")
        assert signed_in(lena)

    def test_is_no_more_by_telling_of_another_host(self, cast: Cast) -> None:
        for number in range(10):
            forged = {"X-Forwarded-For": f"198.51.100.{number}"}
            Client().post("/sign-in/", {**LENA, "password": "x"}, headers=forged)
        page = Client().post("/sign-in/", LENA, HTTP_X_FORWARDED_FOR="198.51.100.99")
        assert "Too many tries" in page.content.decode()


class TestTheHost:
    @pytest.mark.parametrize(
        ("proxies", "told", "host"),
        [
            (0, "198.51.100.1", "192.0.2.1"),
            (1, "198.51.100.1", "198.51.100.1"),
            (1, "203.0.113.9, 198.51.100.1", "198.51.100.1"),
            (2, "203.0.113.9, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
            (2, "198.51.100.1", "192.0.2.1"),
            (1, "nonsense", "192.0.2.1"),
            (1, None, "192.0.2.1"),
            (1, "2001:db8::1", "2001:db8::1"),
        ],
    )
    def test_is_believed_of_ones_own_proxies_only(
        self, settings: Settings, proxies: int, told: str | None, host: str
    ) -> None:
        settings.PROXIES = proxies
        headers = {} if told is None else {"X-Forwarded-For": told}
        assert host_of(RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", headers=headers)) == host


class TestAPassword:
    @pytest.mark.parametrize(
        "password",
        ["password123456", "aaaaaaaaaaaaaa", "qwertyuiop123", "equipoise2026", "abcdefghijkl"],
    )
    def test_is_refused_when_it_is_soon_guessed(self, password: str) -> None:
        lena = Person(name="Lena Hartmann", email="lena.hartmann@agency.example")
        with pytest.raises(ValidationError, match="easy to guess"):
            HardToGuess().validate(password, lena)

    @pytest.mark.parametrize("password", [PASSWORD, "a boat, a lamp, a hill", "x" * 3 + "Zq7!kd02mvQpw" * 40])
    def test_of_a_few_words_will_do(self, password: str) -> None:
        HardToGuess().validate(password, Person(name="Lena Hartmann", email="lena@agency.example"))

    def test_is_hashed_by_argon2_and_an_older_hash_still_lets_in(self, settings: Settings, cast: Cast) -> None:
        settings.PASSWORD_HASHERS = [ours.PASSWORD_HASHERS[1]]
        cast.lena.set_password(PASSWORD)
        cast.lena.save()
        settings.PASSWORD_HASHERS = ours.PASSWORD_HASHERS
        client = Client()
        client.post("/sign-in/", LENA)
        assert signed_in(client)
        assert Person.objects.get(pk=cast.lena.pk).password.startswith("argon2$argon2id$")

    def test_ends_the_other_sessions_when_it_is_changed(self, cast: Cast) -> None:
        here, there = Client(), Client()
        for client in (here, there):
            client.post("/sign-in/", LENA)
        form = {"present": PASSWORD, "password": "a boat, a lamp, a hill"}
        assert here.post("/settings/security/password/", form)["Location"] == "/settings/security/"
        assert here.get("/settings/").status_code == 200
        assert there.get("/settings/").status_code == 302

    def test_is_changed_only_by_whoever_knows_the_present_one(self, cast: Cast, as_lena: Client) -> None:
        form = {"present": "guessed", "password": "a boat, a lamp, a hill"}
        assert as_lena.post("/settings/security/password/", form).status_code == 400
        assert Person.objects.get(pk=cast.lena.pk).check_password(PASSWORD)


class TestASecondStep:
    def test_is_asked_for_after_the_password(self, cast: Cast, client: Client) -> None:
        app_of(cast.lena)
        assert client.post("/sign-in/", LENA)["Location"] == "/sign-in/second-step/"
        assert not signed_in(client)
        assert client.get("/settings/").status_code == 302
        assert client.post("/sign-in/second-step/", {"code": "000000"}).status_code == 400
        assert not signed_in(client)
        client.post("/sign-in/second-step/", {"code": code()})
        assert signed_in(client)
        assert AuditEntry.objects.get(verb="signed in").detail == {"with": "password, totp"}

    def test_takes_a_code_once_only(self, cast: Cast) -> None:
        app_of(cast.lena)
        shown = code()
        for first in (True, False):
            client = Client()
            client.post("/sign-in/", LENA)
            client.post("/sign-in/second-step/", {"code": shown})
            assert signed_in(client) is first

    def test_is_set_up_with_a_real_code_and_gives_codes_for_emergencies(self, cast: Cast) -> None:
        lena = Client()
        lena.post("/sign-in/", LENA)
        again = lena.get("/settings/security/app/")["Location"]
        assert again.startswith("/settings/security/again/")
        assert lena.post(again, {"password": "guessed"}).status_code == 400
        lena.post(again, {"password": PASSWORD})
        page = lena.get("/settings/security/app/")
        secret = page.context["form"].secret
        assert secret in page.content.decode()
        shown = str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
        assert lena.post("/settings/security/app/", {"code": shown})["Location"] == "/settings/security/codes/"
        kept = Authenticator.objects.get(user=cast.lena, type=Authenticator.Type.TOTP)
        assert secret not in str(kept.data)
        codes = lena.get("/settings/security/codes/").context["unused_codes"]
        assert len(codes) == 10
        verbs = set(AuditEntry.objects.filter(actor_id=cast.lena.pk).values_list("verb", flat=True))
        assert {"authenticator app set up", "recovery codes made"} <= verbs

        for first in (True, False):
            other = Client()
            other.post("/sign-in/", LENA)
            other.post("/sign-in/second-step/", {"code": codes[0]})
            assert signed_in(other) is first

    def test_cannot_be_guessed_for_long(self, cast: Cast, client: Client) -> None:
        app_of(cast.lena)
        client.post("/sign-in/", LENA)
        for number in range(10):
            client.post("/sign-in/second-step/", {"code": f"{number:06}"})
        client.post("/sign-in/second-step/", {"code": code()})
        assert not signed_in(client)

    def test_matches_nothing_once_the_key_is_lost(self, cast: Cast, client: Client, settings: Settings) -> None:
        app_of(cast.lena)
        settings.VAULT_KEYS = ["MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA="]
        client.post("/sign-in/", LENA)
        assert client.post("/sign-in/second-step/", {"code": code()}).status_code == 400
        assert not signed_in(client)


class TestThePolicy:
    def test_leads_whoever_has_a_role_to_a_second_step(self, cast: Cast) -> None:
        actions.set_policy(actor=cast.ada, second_factor=True, only_elsewhere=False, now=NOW)
        for person in (cast.ada, cast.ines, cast.vera):
            client = Client()
            client.force_login(person)
            assert client.get("/")["Location"] == "/settings/security/"
            assert client.get("/settings/security/").status_code == 200
            app_of(person)
            assert client.get("/").status_code == 200
        for person in (cast.lena, cast.tom):
            client = Client()
            client.force_login(person)
            assert client.get("/").status_code == 200

    def test_keeps_passwords_for_administrators_only(self, cast: Cast) -> None:
        connected()
        actions.set_policy(actor=cast.ada, second_factor=False, only_elsewhere=True, now=NOW)
        page = Client().get("/sign-in/").content.decode()
        assert "Sign in with Directory" in page
        assert 'name="password"' not in page
        assert 'name="password"' in Client().get("/sign-in/?local=1").content.decode()
        for person, let_in in ((cast.ada, True), (cast.lena, False)):
            client = Client()
            client.post("/sign-in/", {"login": person.email, "password": PASSWORD})
            assert signed_in(client) is let_in

    def test_leaves_an_administrator_with_a_password(self, cast: Cast) -> None:
        connected()
        cast.ada.set_unusable_password()
        cast.ada.save()
        with pytest.raises(actions.NobodyCouldSignIn):
            actions.set_policy(actor=cast.ada, second_factor=False, only_elsewhere=True, now=NOW)
        as_ada = Client()
        as_ada.force_login(cast.ada)
        page = as_ada.post("/organisation/sign-on/", {"only_elsewhere": "on"})
        assert page.status_code == 400
        assert not queries.policy().only_elsewhere

    def test_asks_for_a_server_elsewhere_before_it_closes_this_one(self, cast: Cast) -> None:
        with pytest.raises(actions.NobodyCouldSignIn):
            actions.set_policy(actor=cast.ada, second_factor=False, only_elsewhere=True, now=NOW)
        provider = connected()
        actions.set_policy(actor=cast.ada, second_factor=False, only_elsewhere=True, now=NOW)
        as_ada = Client()
        as_ada.force_login(cast.ada)
        as_ada.post(f"/organisation/sign-on/{provider.pk}/disconnect")
        assert Provider.objects.filter(pk=provider.pk).exists()

    def test_is_set_by_administrators_of_the_organisation_alone(self, cast: Cast) -> None:
        Grant.objects.create(person=cast.otto, role=Role.ADMINISTRATOR.value, given_at=NOW)
        Person.objects.filter(pk=cast.otto.pk).update(demo_key="otto")
        for person, status in ((cast.ada, 200), (cast.lena, 403), (cast.otto, 404)):
            client = Client()
            client.force_login(person)
            assert client.get("/organisation/sign-on/").status_code == status


class TestWhoLostTheirPhone:
    def test_is_helped_by_an_administrator_alone_and_sees_it(self, cast: Cast) -> None:
        app_of(cast.lena)
        form = {"lost_by": "Lena@agency.example"}
        for person, status in ((cast.ines, 403), (cast.tom, 403)):
            client = Client()
            client.force_login(person)
            assert client.post("/organisation/sign-on/lost", form).status_code == status
        as_ada = Client()
        as_ada.force_login(cast.ada)
        as_ada.post("/organisation/sign-on/lost", {"lost_by": "nobody@agency.example"})
        assert queries.has_second_step(cast.lena)
        page = as_ada.post("/organisation/sign-on/lost", form, follow=True)
        assert "Lena Hartmann signs in without a second step now." in page.content.decode()
        client = Client()
        client.post("/sign-in/", LENA)
        assert signed_in(client)
        entry = AuditEntry.objects.get(verb="second steps taken away")
        assert (entry.actor_id, entry.subject_id) == (cast.ada.pk, cast.lena.pk)


class TestSessions:
    def test_are_listed_and_ended_one_by_one(self, cast: Cast) -> None:
        here, there = Client(HTTP_USER_AGENT="Mozilla/5.0 (X11; Linux) Firefox/140.0"), Client()
        for client, host in ((here, "192.0.2.1"), (there, "192.0.2.2")):
            client.post("/sign-in/", LENA, REMOTE_ADDR=host)
            client.get("/settings/", REMOTE_ADDR=host)
        page = here.get("/settings/security/", REMOTE_ADDR="192.0.2.1").content.decode()
        assert "Firefox on Linux" in page
        assert "192.0.2.2" in page
        other = UserSession.objects.get(user=cast.lena, ip="192.0.2.2")
        here.post(f"/settings/security/sessions/{other.pk}/end")
        assert there.get("/settings/").status_code == 302
        assert here.get("/settings/").status_code == 200

    def test_end_all_at_once_but_this_one(self, cast: Cast) -> None:
        browsers = [Client() for _ in range(3)]
        for client in browsers:
            client.post("/sign-in/", LENA)
            client.get("/settings/")
        assert browsers[0].post("/settings/security/sessions/")["Location"] == "/settings/security/"
        assert [client.get("/settings/").status_code for client in browsers] == [200, 302, 302]

    def test_of_others_are_not_there(self, cast: Cast, as_otto: Client) -> None:
        lena = Client()
        lena.post("/sign-in/", LENA)
        lena.get("/settings/")
        session = UserSession.objects.get(user=cast.lena)
        assert as_otto.post(f"/settings/security/sessions/{session.pk}/end").status_code == 404
        assert lena.get("/settings/").status_code == 200

    @pytest.mark.parametrize(
        ("told", "name"),
        [
            ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
            ("Mozilla/5.0 (iPhone; CPU iPhone OS 19) Version/19.0 Mobile Safari/604.1", "Safari on iPhone"),
            ("curl/8.0", "Another program"),
            ("", "Another program"),
        ],
    )
    def test_are_known_by_the_device(self, told: str, name: str) -> None:
        assert device_of(told) == name


class TestTheDemoAgency:
    def test_has_no_pages_about_signing_in(self, cast: Cast, as_lena: Client) -> None:
        Person.objects.filter(pk=cast.lena.pk).update(demo_key="lena")
        for path in ("", "password/", "app/", "passkeys/new/", "codes/"):
            assert as_lena.get(f"/settings/security/{path}").status_code == 404
