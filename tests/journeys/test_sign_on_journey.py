"""Signing in with a real browser: at a real OpenID provider, by passkey, with a second step."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.journeys.conftest import running
from tests.openid_provider.running import CLIENT, SECRET, OpenIDProvider, running_openid_provider

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
