"""Signing in with a real browser: at a real OpenID provider, by passkey, with a second step."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser, Page, expect
from tests.journeys.conftest import looked_at, running
from tests.journeys.test_every_page import LOOKS
from tests.openid_provider.running import CLIENT, SECRET, OpenIDProvider, running_openid_provider
from tests.saml_provider.answering import ENTITY_ID, MAIL, running_saml_provider, signing

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
ADA, PASSWORD = "ada@agency.example", "a boat, a lamp, a hill"


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[str]:
    """A server whose owner Ada has a password."""
    with running(tmp_path / "data", EQUIPOISE_OWNER_EMAIL=ADA, EQUIPOISE_OWNER_PASSWORD=PASSWORD) as address:
        yield address


@pytest.fixture
def directory(opened: str) -> Iterator[OpenIDProvider]:
    """The OpenID provider of Ada's organisation."""
    with running_openid_provider(redirect_to=f"{opened}/sign-in/openid/oidc-1/back/") as provider:
        yield provider


def sign_in(page: Page, server: str, path: str = "/") -> None:
    page.goto(f"{server}/sign-in/?next={path}")
    page.get_by_label("E-mail address").fill(ADA)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def connect(page: Page, server: str, provider: OpenIDProvider) -> None:
    sign_in(page, server, "/organisation/sign-on/")
    page.get_by_role("link", name="Connect an OpenID provider").click()
    expect(page.get_by_text("/sign-in/openid/oidc-1/back/")).to_be_visible()
    page.get_by_label("Name", exact=True).fill("Directory")
    page.get_by_label("Its address (issuer)").fill(provider.issuer)
    page.get_by_label("Client ID").fill(CLIENT)
    page.get_by_label("Client secret").fill(SECRET)
    page.get_by_label("It stands in our own network").check()
    page.get_by_label("Add whoever signs in there").check()
    page.get_by_label("Groups that make a people partner").fill("people team")
    page.get_by_role("button", name="Connect").click()
    page.get_by_role("button", name="Does it answer?").click()
    expect(page.get_by_role("status")).to_contain_text("The provider answers. It signs with:")


def with_passkeys(page: Page) -> Page:
    """Give the browser a device that keeps passkeys and takes it that whoever is there is who they say."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    device = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options = {**device, "isUserVerified": True, "automaticPresenceSimulation": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return page


def show_it_is_me(page: Page) -> None:
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()


def come_in(page: Page, server: str, name: str) -> None:
    page.goto(f"{server}/sign-in/")
    page.get_by_role("button", name="Sign in with Directory").click()
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Come in").click()


class TestAnOpenIDProvider:
    def test_lets_in_whom_it_knows_and_its_groups_give_and_take_roles(
        self, opened: str, directory: OpenIDProvider, watched: Open
    ) -> None:
        connect(watched(), opened, directory)
        told = {"name": "Grace Lindqvist", "email": "grace@agency.example", "email_verified": True}
        directory.knows("grace", **told, groups=["people team"])
        grace = watched()
        come_in(grace, opened, "grace")
        grace.goto(f"{opened}/settings/")
        expect(grace.get_by_label("Your name")).to_have_value("Grace Lindqvist")
        asked = directory.asked()[-1]
        assert (asked["code_challenge_method"], len(asked["code_challenge"]), asked["response_type"]) == (
            "S256",
            43,
            "code",
        )
        grace.goto(f"{opened}/people/")
        grace.get_by_role("link", name="Grace Lindqvist").first.click()
        expect(grace.get_by_text("People partner").first).to_be_visible()

        directory.knows("grace", **told, groups=[])
        again = watched()
        come_in(again, opened, "grace")
        again.goto(f"{opened}/people/")
        again.get_by_role("link", name="Grace Lindqvist").first.click()
        expect(again.get_by_text("People partner")).to_have_count(0)

    def test_brings_nobody_in_by_an_address_it_has_not_checked(
        self, opened: str, directory: OpenIDProvider, watched: Open
    ) -> None:
        connect(watched(), opened, directory)
        directory.knows("mallory", name="Mallory", email=ADA, email_verified=False, groups=[])
        mallory = watched()
        come_in(mallory, opened, "mallory")
        expect(mallory.get_by_role("heading", name="Not let in")).to_be_visible()
        mallory.goto(opened)
        expect(mallory.get_by_role("heading", name="Sign in")).to_be_visible()


class TestASamlProvider:
    def test_lets_in_across_sites(self, opened: str, watched: Open, browser: Browser) -> None:
        """The provider is another site to the browser: what it posts here comes without our cookies."""
        told = {MAIL: "grace@agency.example", "displayName": "Grace Lindqvist"}
        with running_saml_provider(user="grace-1", attributes=told) as address:
            page = watched()
            sign_in(page, opened, "/organisation/sign-on/new/saml/")
            page.get_by_label("Name", exact=True).fill("Directory")
            page.get_by_label("Or its name (entity ID)").fill(ENTITY_ID)
            page.get_by_label("Its sign-on address").fill(address)
            page.get_by_label("Its certificate").fill(signing("directory").certificate)
            page.get_by_label("It has checked every address it tells").check()
            page.get_by_label("Add whoever signs in there").check()
            page.get_by_role("button", name="Connect").click()
            page.get_by_role("button", name="Does it answer?").click()
            expect(page.get_by_role("status")).to_contain_text("Its certificate holds until")
            grace = browser.new_context().new_page()
            grace.goto(f"{opened}/sign-in/")
            grace.get_by_role("button", name="Sign in with Directory").click()
            grace.get_by_role("button", name="Come in").click()
            grace.goto(f"{opened}/settings/")
            expect(grace.get_by_label("Your name")).to_have_value("Grace Lindqvist")
            grace.context.close()


class TestAPasskey:
    def test_lets_in_alone_and_is_taken_away_again(self, opened: str, watched: Open) -> None:
        page = with_passkeys(watched())
        sign_in(page, opened, "/settings/security/")
        page.get_by_role("link", name="Add a passkey").click()
        show_it_is_me(page)
        page.get_by_label("Name, to know it by").fill("Ada's laptop")
        page.get_by_role("button", name="Add it").click()
        expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
        page.get_by_role("link", name="I have kept them").click()
        expect(page.get_by_text("Ada's laptop").first).to_be_visible()
        page.goto(f"{opened}/settings/")
        page.get_by_role("button", name="Sign out").click()

        page.get_by_role("button", name="Sign in with a passkey").click()
        expect(page.get_by_role("heading", name="Sign in")).to_have_count(0)
        page.goto(f"{opened}/settings/security/")
        page.get_by_role("link", name="Take away Ada's laptop").click()
        show_it_is_me(page)
        page.get_by_role("button", name="Take it away").click()
        expect(page.get_by_text("The passkey is taken away.")).to_be_visible()

    def test_that_the_device_does_not_have_is_said_in_words(self, opened: str, watched: Open) -> None:
        page = with_passkeys(watched())
        page.goto(f"{opened}/sign-in/")
        page.get_by_role("button", name="Sign in with a passkey").click()
        expect(page.get_by_role("alert")).to_contain_text("The device gave no passkey.", timeout=20_000)


@pytest.mark.parametrize("look", LOOKS)
class TestEveryPageOfSigningIn:
    def test_passes_axe_and_fits_its_screen(
        self, opened: str, directory: OpenIDProvider, watched: Open, look: str
    ) -> None:
        page = with_passkeys(watched(**LOOKS[look], bypass_csp=True))
        page.goto(f"{opened}/sign-in/")
        looked_at(page, f"sign-in-alone-{look}")
        page.get_by_label("E-mail address").fill("nobody@agency.example")
        page.get_by_label("Password", exact=True).fill("guessed")
        page.get_by_role("button", name="Sign in", exact=True).click()
        looked_at(page, f"sign-in-refused-{look}")
        connect(page, opened, directory)
        looked_at(page, f"sign-on-provider-{look}")
        page.goto(f"{opened}/organisation/sign-on/new/saml/")
        looked_at(page, f"sign-on-saml-{look}")
        page.goto(f"{opened}/organisation/sign-on/")
        looked_at(page, f"sign-on-{look}")
        page.goto(f"{opened}/settings/security/")
        looked_at(page, f"security-{look}")
        page.get_by_role("link", name="Change the password").click()
        looked_at(page, f"security-password-{look}")
        page.goto(f"{opened}/settings/security/app/")
        looked_at(page, f"security-again-{look}")
        show_it_is_me(page)
        looked_at(page, f"security-app-{look}")
        secret = page.locator("[data-secret]").inner_text()
        page.get_by_label("Code the app shows").fill(code_of(secret))
        page.get_by_role("button", name="Set it up").click()
        looked_at(page, f"security-codes-{look}")
        page.goto(f"{opened}/settings/security/passkeys/new/")
        looked_at(page, f"security-passkey-{look}")
        page.goto(f"{opened}/settings/security/app/off/")
        looked_at(page, f"security-app-off-{look}")
        page.goto(f"{opened}/settings/security/codes/new/")
        looked_at(page, f"security-new-codes-{look}")

        other = watched(**LOOKS[look], bypass_csp=True)
        sign_in(other, opened)
        looked_at(other, f"second-step-{look}")
        other.goto(f"{opened}/sign-in/openid/oidc-1/")
        looked_at(other, f"sign-in-elsewhere-{look}")


def code_of(secret: str) -> str:
    """What an app set up with a secret shows now."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
