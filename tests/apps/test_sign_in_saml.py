"""A SAML exchange with another implementation, and what is refused of it."""

import base64
import html
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.http import HttpResponse
from django.test import Client
from tests.cast import NOW, Cast
from tests.saml_provider.answering import ENTITY_ID, MAIL, SIGN_ON_ADDRESS, answer, metadata

from equipoise.apps.people.models import Grant, Person
from equipoise.apps.signin.elsewhere import actions, saml
from equipoise.apps.signin.models import Provider
from equipoise.platform.access import Role

BEGIN, BACK = "/sign-in/saml/saml-1/", "/sign-in/saml/saml-1/back/"
TOM = {MAIL: "Tom@agency.example", "name": "Tom Okafor", "groups": ["staff", "auditors"]}


@pytest.fixture
def provider(cast: Cast) -> Provider:
    """A SAML provider that Ada has connected by its metadata."""
    found = saml.read_metadata(metadata())
    wanted = actions.Wanted(
        name="Directory",
        entity_id=found.entity_id,
        sign_on_address=found.sign_on_address,
        certificate=found.certificate,
        vouches=True,
        groups={Role.AUDITOR: ["auditors"]},
    )
    return actions.connect_provider(actor=cast.ada, kind="saml", key="saml-1", wanted=wanted, now=NOW)


def begun(client: Client) -> str:
    """The request with which a browser is sent to the provider."""
    page = client.post(BEGIN, HTTP_HOST="localhost").content.decode()
    found = re.search(r'href="(https://directory.example[^"]*)"', page)
    assert found is not None
    place = urlsplit(html.unescape(found.group(1)))
    assert f"{place.scheme}://{place.netloc}{place.path}" == SIGN_ON_ADDRESS
    return parse_qs(place.query)["SAMLRequest"][0]


def sent_back(client: Client, response: str) -> HttpResponse:
    """What the browser sees once it has brought the answer."""
    return client.post(BACK, {"SAMLResponse": response}, follow=True, HTTP_HOST="localhost")  # type: ignore[return-value]


def who(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


class TestASignedAnswer:
    def test_lets_in_whom_it_names_and_gives_the_roles_of_their_groups(self, cast: Cast, provider: Provider) -> None:
        client = Client()
        sent_back(client, answer(begun(client), user="tom-1", attributes=TOM))
        assert who(client) == str(cast.tom.pk)
        assert SocialAccount.objects.get(user=cast.tom).uid == "tom-1"
        held = Grant.objects.get(person=cast.tom, ended_at=None)
        assert (held.role, held.source) == ("auditor", f"saml:{provider.pk}")

    def test_is_known_by_its_mark_once_the_address_is_another(self, cast: Cast, provider: Provider) -> None:
        for address in ("tom@agency.example", "thomas@elsewhere.example"):
            client = Client()
            sent_back(client, answer(begun(client), user="tom-1", attributes={MAIL: address}))
            assert who(client) == str(cast.tom.pk)

    def test_keeps_nothing_of_what_it_tells(self, cast: Cast, provider: Provider) -> None:
        client = Client()
        for _ in range(2):
            sent_back(client, answer(begun(client), user="tom-1", attributes=TOM))
            assert SocialAccount.objects.get(user=cast.tom).extra_data == {}

    def test_may_sign_the_message_instead_of_what_is_in_it(self, cast: Cast, provider: Provider) -> None:
        client = Client()
        request = begun(client)
        sent_back(client, answer(request, user="tom-1", attributes=TOM, signAssertion=False, signResponse=True))
        assert who(client) == str(cast.tom.pk)


class TestAnAnswer:
    def refused(self, response: str, client: Client) -> None:
        people = Person.objects.count()
        page = sent_back(client, response)
        assert page.status_code in {200, 403}
        assert who(client) is None
        assert not SocialAccount.objects.exists()
        assert Person.objects.count() == people

    def test_is_refused_when_it_was_changed_on_the_way(self, cast: Cast, provider: Provider) -> None:
        client = Client()
        good = base64.b64decode(answer(begun(client), user="tom-1", attributes=TOM))
        for before, after in ((b"Tom@agency.example", b"ada@agency.example"), (b"tom-1", b"ada-1")):
            assert before in good
            self.refused(base64.b64encode(good.replace(before, after)).decode(), client)

    def test_is_refused_when_it_is_not_signed(self, cast: Cast, provider: Provider) -> None:
        client = Client()
        self.refused(answer(begun(client), user="tom-1", attributes=TOM, signAssertion=False), client)

    def test_is_refused_when_another_key_signed_it(self, cast: Cast, provider: Provider) -> None:
        client = Client()
        self.refused(answer(begun(client), user="tom-1", attributes=TOM, by="mallory"), client)

    def test_is_refused_when_it_has_expired(self, cast: Cast, provider: Provider) -> None:
        client = Client()
        self.refused(answer(begun(client), user="tom-1", attributes=TOM, lifetimeInSeconds=-3600), client)

    @pytest.mark.parametrize(
        "option",
        [
            {"audience": "https://other.example/metadata"},
            {"recipient": "https://other.example/acs"},
            {"destination": "https://other.example/acs"},
            {"issuer": "https://other.example/saml"},
            {"inResponseTo": "ONELOGIN_0000000000000000000000000000000000000000"},
        ],
        ids=["audience", "recipient", "destination", "issuer", "request"],
    )
    def test_is_refused_when_it_is_for_another(self, cast: Cast, provider: Provider, option: dict[str, str]) -> None:
        client = Client()
        self.refused(answer(begun(client), user="tom-1", attributes=TOM, **option), client)

    def test_is_refused_when_nobody_asked(self, cast: Cast, provider: Provider) -> None:
        client = Client()
        unasked = answer(begun(client), user="tom-1", attributes=TOM, inResponseTo="")
        self.refused(unasked, client)

    def test_is_taken_once_only(self, cast: Cast, provider: Provider) -> None:
        client = Client()
        response = answer(begun(client), user="tom-1", attributes=TOM)
        sent_back(client, response)
        assert who(client) == str(cast.tom.pk)
        client.post("/sign-out/")
        for browser in (client, Client()):
            sent_back(browser, response)
            assert who(browser) is None

    def test_is_refused_in_another_browser_than_the_one_that_asked(self, cast: Cast, provider: Provider) -> None:
        asking, other = Client(), Client()
        self.refused(answer(begun(asking), user="tom-1", attributes=TOM), other)

    def test_brings_in_nobody_of_another_name_by_a_second_assertion(self, cast: Cast, provider: Provider) -> None:
        """Signature wrapping: what is signed stays as it is, and a forged copy stands before it."""
        client = Client()
        good = base64.b64decode(answer(begun(client), user="tom-1", attributes=TOM)).decode()
        found = re.search(r"<saml:Assertion.*</saml:Assertion>", good, re.DOTALL)
        assert found is not None
        forged = re.sub(r"<Signature.*?</Signature>", "", found.group(), flags=re.DOTALL)
        forged = forged.replace("Tom@agency.example", "ada@agency.example").replace("tom-1", "ada-1")
        forged = re.sub(r' ID="[^"]*"', ' ID="_forged"', forged, count=1)
        for wrapped in (
            good.replace(found.group(), forged + found.group()),
            good.replace(found.group(), found.group() + forged),
            good.replace(found.group(), forged.replace("</saml:Assertion>", f"{found.group()}</saml:Assertion>")),
        ):
            self.refused(base64.b64encode(wrapped.encode()).decode(), client)


class TestMetadata:
    def test_tell_the_provider_where_answers_go(self, provider: Provider, client: Client) -> None:
        told = client.get("/sign-in/saml/saml-1/metadata/", HTTP_HOST="localhost").content.decode()
        assert 'Location="http://localhost/sign-in/saml/saml-1/back/"' in told
        assert "SingleLogoutService" not in told

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "no xml",
            "<EntityDescriptor xmlns='urn:oasis:names:tc:SAML:2.0:metadata' entityID='x'/>",
            "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>" + "<x>&e;</x>",
            metadata().replace("MII", "AAA"),
        ],
    )
    def test_are_refused_when_they_describe_no_provider(self, text: str) -> None:
        with pytest.raises(saml.WrongMetadata):
            saml.read_metadata(text)

    def test_are_read(self) -> None:
        found = saml.read_metadata(metadata())
        assert (found.entity_id, found.sign_on_address) == (ENTITY_ID, SIGN_ON_ADDRESS)
        assert len(saml.certificate_of(found.certificate).mark) == 95
