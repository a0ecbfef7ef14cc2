"""The balance of the demo agency's teams: made when first looked at, by role, with and without JavaScript."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.journeys.conftest import SCREENSHOTS
from tests.journeys.test_every_page import LOOKS, violations

pytestmark = pytest.mark.browser
PATH = "/organisation/balance/"


def look_as(page: Page, server: str, key: str) -> None:
    page.goto(f"{server}/")
    with page.expect_navigation(wait_until="load", timeout=60_000):
        page.locator("select[name=key]").select_option(value=key)


def pictured(page: Page, server: str) -> None:
    """Open the page and wait until the latest month is there."""
    page.goto(server + PATH)
    expect(page.get_by_role("heading", name="The whole organisation")).to_be_visible(timeout=90_000)


class TestTheBalanceOfTeams:
    def test_is_made_when_first_looked_at_and_shows_each_what_is_theirs(
        self, server: str, watched: Callable[..., Page]
    ) -> None:
        page = watched()
        page.goto(f"{server}/welcome/")
        page.get_by_role("button", name="Look around with the demo agency").click()
        expect(page.locator(".lead-in").first).to_be_visible(timeout=30_000)
        page.goto(f"{server}/balance/")
        page.get_by_role("link", name="Balance of teams and the organisation").click()
        expect(page.get_by_role("heading", name="The whole organisation")).to_be_visible(timeout=90_000)
        expect(page.get_by_text("Counted: 30 to 49 people.")).to_be_visible()
        teams = page.locator(".group-teams tbody th")
        expect(teams).to_have_text(["Client services"])

        teams.get_by_role("link").click()
        expect(page.get_by_text("Counted: 8 to 12 people.")).to_be_visible()
        expect(page.get_by_text("Not broken down")).to_be_visible()

        look_as(page, server, "ines")
        pictured(page, server)
        expect(page.locator(".group-teams tbody tr", has_text="Finance")).to_contain_text("not shown")
        expect(page.locator(".group-teams tbody tr", has_text="Ideas")).to_contain_text("13 to 19 people")
        page.get_by_role("link", name="Ideas").click()
        expect(page.get_by_role("heading", name="Beside what each one's situation called for")).to_be_visible()
        expect(page.get_by_role("heading", name="Teams directly below")).to_be_visible()

        look_as(page, server, "ada")
        pictured(page, server)
        expect(page.locator(".group-teams tbody th")).to_have_text(["IT & office"])

    def test_takes_a_choice_without_javascript(self, server: str, watched: Callable[..., Page]) -> None:
        page = watched(java_script_enabled=False)
        page.goto(f"{server}/welcome/")
        page.get_by_role("button", name="Look around with the demo agency").press("Enter")
        expect(page.locator(".lead-in").first).to_be_visible(timeout=30_000)
        page.goto(server + PATH)
        page.get_by_role("button", name="Do not count my calendar").press("Enter")
        expect(page.get_by_text("Your calendar counts no longer, from the next picture on.")).to_be_visible()
        page.get_by_role("button", name="Count my calendar").press("Enter")
        expect(page.get_by_text("Your calendar counts from the next picture on.")).to_be_visible()

    def test_passes_axe_and_fits_its_screen(self, server: str, watched: Callable[..., Page]) -> None:
        SCREENSHOTS.mkdir(exist_ok=True)
        first = watched()
        first.goto(f"{server}/welcome/")
        first.get_by_role("button", name="Look around with the demo agency").click()
        expect(first.locator(".lead-in").first).to_be_visible(timeout=30_000)
        look_as(first, server, "ines")
        pictured(first, server)
        team = first.get_by_role("link", name="Ideas").get_attribute("href")
        assert team is not None
        state = first.context.storage_state()
        narrow = {"narrow": {"viewport": {"width": 320, "height": 640}}}
        for look, options in {**LOOKS, **narrow}.items():
            page = watched(**options, storage_state=state, bypass_csp=True)
            for name, path in {"team balance": PATH, "one team": team}.items():
                page.goto(server + path)
                page.locator("summary", has_text="As a table").first.click()
                page.screenshot(path=SCREENSHOTS / f"{name}-{look}.png", full_page=True)
                assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
                assert violations(page) == []
