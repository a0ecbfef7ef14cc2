"""Whom a provider's word brings in, what roles it gives, and what administrators connect."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from pytest_django import Settings
from tests.cast import NOW, PASSWORD, Cast
from tests.passkeys import passkey_of

from equipoise.apps.people.actions import set_password
from equipoise.apps.people.models import Grant, Person
from equipoise.apps.people.organising.actions import LastAdministrator, add_person, grant, leave, take_role
from equipoise.apps.signin import queries
from equipoise.apps.signin.elsewhere import actions
from equipoise.apps.signin.elsewhere.openid import same_issuer
from equipoise.apps.signin.models import Provider
from equipoise.platform.access import Role
from equipoise.platform.models import AuditEntry

BEGIN, BACK = "/sign-in/openid/oidc-1/", "/sign-in/openid/oidc-1/back/"
GROUPS = {Role.AUDITOR: ["auditors"], Role.ADMINISTRATOR: ["it"]}


def provider_of(cast: Cast, **options: Any) -> Provider:
    wanted = actions.Wanted(**{"name": "Directory", "issuer": "https://id.example", "groups": GROUPS, **options})
    return actions.connect_provider(actor=cast.ada, kind="oidc", key="oidc-1", wanted=wanted, now=NOW)


def told(email: str = "tom@agency.example", *groups: str, checked: bool = True, subject: str = "t-1") -> actions.Told:
    return actions.Told(subject=subject, name="Tom", email=email, is_checked=checked, groups=frozenset(groups))


def admitted(provider: Provider, what: actions.Told, known: Person | None = None) -> Person:
    return actions.admit(provider=provider, known=known, told=what, now=NOW)


def held(person: Person, provider: Provider) -> set[str]:
    return set(
        Grant.objects.filter(person=person, source=provider.source, ended_at=None).values_list("role", flat=True)
    )


class TestAdmit:
    def test_finds_a_person_by_a_checked_address_whatever_its_case(self, cast: Cast) -> None:
        assert admitted(provider_of(cast), told("TOM@agency.example")) == cast.tom
        assert AuditEntry.objects.get(verb="sign-on linked").subject_id == cast.tom.pk

    def test_finds_nobody_by_an_address_that_was_not_checked(self, cast: Cast) -> None:
        with pytest.raises(actions.NotLetIn):
            admitted(provider_of(cast, adds_people=True), told(checked=False))
        assert not SocialAccount.objects.exists()

    def test_adds_nobody_unless_an_administrator_wants_it(self, cast: Cast) -> None:
        with pytest.raises(actions.NotLetIn):
            admitted(provider_of(cast), told("new@agency.example"))
        assert not Person.objects.filter(email="new@agency.example").exists()

    @pytest.mark.parametrize(
        ("domains", "email", "comes_in"),
        [
            ([], "new@anywhere.example", True),
            (["agency.example"], "new@agency.example", True),
            (["agency.example"], "new@evil-agency.example", False),
            (["agency.example"], "new@agency.example.evil", False),
        ],
    )
    def test_adds_people_of_the_wanted_domains(
        self, cast: Cast, domains: list[str], email: str, *, comes_in: bool
    ) -> None:
        provider = provider_of(cast, adds_people=True, domains=domains)
        if not comes_in:
            with pytest.raises(actions.NotLetIn):
                admitted(provider, told(email))
            return
        person = admitted(provider, told(email))
        assert (person.email, person.invited, person.has_usable_password()) == (email, True, False)

    def test_never_brings_in_somebody_of_the_demo_agency(self, cast: Cast) -> None:
        Person.objects.filter(pk=cast.tom.pk).update(demo_key="tom")
        with pytest.raises(actions.NotLetIn):
            admitted(provider_of(cast, adds_people=True), told())

    def test_takes_away_a_password_that_whoever_held_a_link_may_know(self, cast: Cast) -> None:
        passkey_of(cast.sam, "Not Sam's")
        thief = Client()
        thief.post("/sign-in/", {"login": cast.sam.email, "password": PASSWORD})
        admitted(provider_of(cast), told(cast.sam.email))
        sam = Person.objects.get(pk=cast.sam.pk)
        assert not sam.has_usable_password()
        assert not Authenticator.objects.filter(user=sam).exists()
        assert thief.get("/settings/").status_code == 302

    def test_leaves_administrators_and_whoever_came_by_no_link_their_password(self, cast: Cast) -> None:
        Person.objects.filter(pk=cast.ada.pk).update(invited=True)
        provider = provider_of(cast)
        for person, mark in ((cast.ada, "a-1"), (cast.tom, "t-1")):
            admitted(provider, told(person.email, subject=mark))
            assert Person.objects.get(pk=person.pk).check_password(PASSWORD)

    def test_knows_nobody_by_the_marks_of_another_provider_in_its_place(self, cast: Cast) -> None:
        provider = provider_of(cast)
        admitted(provider, told())
        other = actions.Wanted(name="Other", issuer="https://other.example")
        actions.change_provider(actor=cast.ada, provider=provider, wanted=other, now=NOW)
        assert not SocialAccount.objects.exists()

    def test_lets_in_nobody_who_left(self, cast: Cast) -> None:
        provider = provider_of(cast)
        leave(actor=cast.ada, person=cast.tom, on=NOW.date(), now=NOW)
        with pytest.raises(actions.NotLetIn):
            admitted(provider, told())
        assert not SocialAccount.objects.exists()

    def test_lets_in_only_the_groups_that_are_wanted(self, cast: Cast) -> None:
        provider = provider_of(cast, needed_groups=["staff"])
        with pytest.raises(actions.NotLetIn):
            admitted(provider, told("tom@agency.example", "guests"))
        assert admitted(provider, told("tom@agency.example", "staff")) == cast.tom

    def test_gives_and_takes_roles_by_groups_and_leaves_those_given_by_hand(self, cast: Cast) -> None:
        provider = provider_of(cast)
        grant(actor=cast.ada, person=cast.tom, role=Role.AUDITOR, now=NOW)
        admitted(provider, told("tom@agency.example", "auditors", "it", "others"))
        assert held(cast.tom, provider) == {"auditor", "administrator"}
        admitted(provider, told("tom@agency.example"), cast.tom)
        assert held(cast.tom, provider) == set()
        by_hand = Grant.objects.filter(person=cast.tom, source="hand", ended_at=None)
        assert [each.role for each in by_hand] == ["auditor"]

    def test_leaves_the_last_administrator_their_role(self, cast: Cast) -> None:
        provider = provider_of(cast)
        admitted(provider, told("tom@agency.example", "it"))
        Grant.objects.filter(person=cast.ada).update(ended_at=NOW)
        admitted(provider, told("tom@agency.example"), cast.tom)
        assert held(cast.tom, provider) == {"administrator"}


class TestTheLastAdministratorWithAPassword:
    def test_keeps_the_role_while_the_others_sign_in_elsewhere(self, cast: Cast) -> None:
        provider = provider_of(cast)
        new = add_person(actor=cast.ada, name="Ida", email="ida@agency.example", now=NOW)
        admitted(provider, told("ida@agency.example", "it"))
        assert held(new, provider) == {"administrator"}
        with pytest.raises(LastAdministrator, match="password"):
            take_role(actor=cast.ada, person=cast.ada, role=Role.ADMINISTRATOR, now=NOW)
        with pytest.raises(LastAdministrator, match="password"):
            leave(actor=cast.ada, person=cast.ada, on=NOW.date(), now=NOW)
        set_password(person=new, password=PASSWORD, now=NOW)
        take_role(actor=cast.ada, person=cast.ada, role=Role.ADMINISTRATOR, now=NOW)
        assert not queries.is_administrator(cast.ada)


@dataclass
class Lying:
    """A provider that can be told to lie."""

    issuer: str = ""
    key: rsa.RSAPrivateKey = field(
        default_factory=lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048)
    )
    claims: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    config: dict[str, Any] = field(default_factory=dict)
    sign_with: Any = None
    algorithm: str = "RS256"
    asked: list[dict[str, list[str]]] = field(default_factory=list)

    def answer(self, path: str, body: str) -> dict[str, Any]:
        """What it says at each of its addresses."""
        if path.endswith("openid-configuration"):
            places = {name: f"{self.issuer}/{name}" for name in ("authorization_endpoint", "token_endpoint")}
            told = {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/keys", **places}
            return {**told, "userinfo_endpoint": f"{self.issuer}/userinfo", **self.config}
        if path == "/keys":
            shown = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
            return {"keys": [{**shown, "kid": "1", "alg": "RS256"}]}
        if path == "/userinfo":
            return {"sub": "t-1", **self.userinfo}
        self.asked.append(parse_qs(body))
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": "equipoise", "sub": "t-1", "iat": now, "exp": now + 60}
        claims |= {"email": "tom@agency.example", "email_verified": True, "groups": ["auditors"], **self.claims}
        signed = jwt.encode(claims, self.sign_with or self.key, algorithm=self.algorithm, headers={"kid": "1"})
        return {"access_token": "x", "token_type": "Bearer", "id_token": signed}


@contextmanager
def lying() -> Iterator[Lying]:
    provider = Lying()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            body = json.dumps(provider.answer(self.path, self.rfile.read(length).decode())).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def liar(cast: Cast) -> Iterator[Lying]:
    with lying() as provider:
        provider_of(cast, issuer=provider.issuer, client_id="equipoise", secret="s", own_network=True)
        yield provider


def came_in(client: Client) -> str | None:
    """Go through the exchange; who is signed in then."""
    page = client.post(BEGIN).content.decode()
    place = page.split('href="http://127')[1].split('"')[0].replace("&amp;", "&")
    state = parse_qs(urlsplit(f"http://127{place}").query)["state"][0]
    client.get(BACK, {"code": "c", "state": state})
    return client.session.get("_auth_user_id")


class TestAnOpenIDProvider:
    def test_brings_in_whom_it_names(self, cast: Cast, liar: Lying) -> None:
        assert came_in(Client()) == str(cast.tom.pk)
        sent = liar.asked[-1]
        assert len(sent["code_verifier"][0]) >= 43
        assert sent["client_secret"] == ["s"]
        assert SocialAccount.objects.get(user=cast.tom).extra_data == {}

    @pytest.mark.parametrize(
        "lie",
        [
            {"claims": {"aud": "another"}},
            {"claims": {"iss": "https://other.example"}},
            {"claims": {"exp": 1}},
            {"claims": {"sub": "t-2"}},
            {"userinfo": {"sub": "t-2"}},
            {"config": {"issuer": "https://other.example"}},
            {"sign_with": rsa.generate_private_key(public_exponent=65537, key_size=2048)},
            {"sign_with": "x" * 32, "algorithm": "HS256"},
            {"sign_with": "", "algorithm": "none"},
            {"claims": {"email_verified": False}},
            {"claims": {"email_verified": "true"}},
            {"config": {"token_endpoint": "http://127.0.0.1:9/token"}},
            {"config": {"jwks_uri": "file:///etc/passwd"}},
        ],
        ids=lambda lie: "+".join(f"{name}:{value}"[:40] for name, value in lie.items()),
    )
    def test_brings_in_nobody_when_it_lies(self, cast: Cast, liar: Lying, lie: dict[str, Any]) -> None:
        for name, value in lie.items():
            setattr(liar, name, value)
        assert came_in(Client()) is None
        assert not SocialAccount.objects.exists()

    def test_brings_in_nobody_who_did_not_begin_here(self, cast: Cast, liar: Lying) -> None:
        client = Client()
        answer = client.get(BACK, {"code": "c", "state": "guessed"})
        assert answer["Location"] == "/sign-in/"
        assert "_auth_user_id" not in client.session

    def test_links_nothing_to_whoever_is_signed_in_already(self, cast: Cast, liar: Lying) -> None:
        client = Client()
        client.force_login(cast.otto)
        page = client.post(f"{BEGIN}?process=connect").content.decode()
        place = page.split('href="http://127')[1].split('"')[0].replace("&amp;", "&")
        state = parse_qs(urlsplit(f"http://127{place}").query)["state"][0]
        client.get(BACK, {"code": "c", "state": state})
        assert not SocialAccount.objects.filter(user=cast.otto).exists()

    def test_is_not_asked_in_a_private_network_unless_an_administrator_named_it_so(
        self, cast: Cast, liar: Lying, settings: Settings
    ) -> None:
        Provider.objects.update(own_network=False)
        client = Client()
        assert client.post(BEGIN)["Location"] == "/sign-in/"
        assert "did not answer" in client.get("/sign-in/").content.decode()
        settings.PRIVATE_FEEDS = True
        assert client.post(BEGIN).status_code == 200

    def test_takes_the_roles_of_whoever_is_let_in_no_more(self, cast: Cast, liar: Lying) -> None:
        provider = Provider.objects.get()
        came_in(Client())
        assert held(cast.tom, provider) == {"auditor"}
        Provider.objects.update(needed_groups=["staff"])
        assert came_in(Client()) is None
        assert held(cast.tom, provider) == set()

    def test_is_tested_and_disconnected_by_an_administrator(self, cast: Cast, liar: Lying) -> None:
        provider = Provider.objects.get()
        came_in(Client())
        as_ada = Client()
        as_ada.force_login(cast.ada)
        page = as_ada.post(f"/organisation/sign-on/{provider.pk}/test", follow=True).content.decode()
        assert "It signs with: 1" in page
        liar.config = {"issuer": "https://other.example"}
        page = as_ada.post(f"/organisation/sign-on/{provider.pk}/test", follow=True).content.decode()
        assert "no OpenID provider of this name" in page
        as_ada.post(f"/organisation/sign-on/{provider.pk}/disconnect")
        assert not Provider.objects.exists()
        assert not SocialAccount.objects.exists()
        assert not Grant.objects.filter(person=cast.tom, ended_at=None).exists()


class TestConnecting:
    FORM = {"name": "Directory", "issuer": "https://id.example", "client_id": "e", "groups_claim": "groups"}  # noqa: RUF012

    def test_keeps_the_secret_sealed_and_never_shows_it(self, cast: Cast) -> None:
        as_ada = Client()
        as_ada.force_login(cast.ada)
        form = {**self.FORM, "secret": "very secret", "auditors": "auditors\nothers\n"}
        as_ada.post("/organisation/sign-on/new/oidc/", form)
        provider = Provider.objects.get()
        assert "very secret" not in str(Provider.objects.values().get())
        page = as_ada.get(f"/organisation/sign-on/{provider.pk}/").content.decode()
        assert "very secret" not in page
        assert "auditors\nothers" in page
        as_ada.post(f"/organisation/sign-on/{provider.pk}/", self.FORM)
        assert Provider.objects.get().sealed_secret == provider.sealed_secret
        assert not provider.group_roles.exists()

    @pytest.mark.parametrize(
        "wrong",
        [{"issuer": "http://id.example"}, {"issuer": "no address"}, {"domains": "no domain"}, {"name": ""}],
    )
    def test_refuses_what_cannot_be(self, cast: Cast, wrong: dict[str, str]) -> None:
        as_ada = Client()
        as_ada.force_login(cast.ada)
        assert as_ada.post("/organisation/sign-on/new/oidc/", {**self.FORM, **wrong}).status_code == 400
        assert not Provider.objects.exists()

    def test_takes_a_local_password_for_administrators_while_the_provider_is_away(self, cast: Cast) -> None:
        provider_of(cast, issuer="http://127.0.0.1:9", own_network=True)
        client = Client()
        assert client.post(BEGIN)["Location"] == "/sign-in/"
        client.post("/sign-in/?local=1", {"login": cast.ada.email, "password": PASSWORD})
        assert client.session["_auth_user_id"] == str(cast.ada.pk)

    @pytest.mark.parametrize(
        ("one", "other", "same"),
        [
            ("https://id.example", "https://id.example/", True),
            ("https://id.example/.well-known/openid-configuration", "https://id.example", True),
            ("https://id.example", "https://id.example.evil", False),
            ("https://id.example/a", "https://id.example/b", False),
        ],
    )
    def test_knows_an_issuer_by_its_name(self, one: str, other: str, *, same: bool) -> None:
        assert same_issuer(one, other) is same
