"""The scan, its answer on Balance, and a band of one's own: in a browser without JavaScript, by keyboard."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


class TestTheSituation:
    def test_is_told_compared_and_overridden_without_javascript(
        self, server: str, watched: Callable[..., Page]
    ) -> None:
        page = watched(java_script_enabled=False)
        page.goto(f"{server}/welcome/")
        page.get_by_role("button", name="Look around with the demo agency").press("Enter")
        expect(page.locator(".lead-in").first).to_be_visible(timeout=20_000)
        page.goto(f"{server}/situation/scan/")
        page.get_by_role("radio", name="The whole organisation").focus()
        page.keyboard.press("Space")
        page.get_by_role("radio", name="No", exact=True).focus()
        page.keyboard.press("ArrowRight")
        expect(page.get_by_role("radio", name="It is tense, but under control")).to_be_checked()
        page.get_by_role("button", name="See what it calls for").press("Enter")
        expect(page.get_by_text("Things are tense.", exact=True)).to_be_visible()

        page.goto(f"{server}/balance/")
        expect(page.locator("#lead")).to_contain_text("is called for (")
        page.locator("summary", has_text="As a table").first.press("Enter")
        expect(page.get_by_role("columnheader", name="What that says")).to_be_visible()

        page.goto(f"{server}/situation/own-band/?band=leading")
        page.get_by_label("From").fill("80")
        page.get_by_label("To", exact=True).fill("70")
        page.get_by_label("Why?").fill("A year of building")
        page.get_by_role("button", name="Go by this").press("Enter")
        expect(page.get_by_text("The band ends before it begins.").first).to_be_visible()
        expect(page.get_by_label("Why?")).to_have_value("A year of building")
        page.get_by_label("To", exact=True).fill("90")
        page.get_by_role("button", name="Go by this").press("Enter")
        page.goto(f"{server}/")
        expect(page.get_by_text("You set 80 to 90 % as what is called for.")).to_be_visible()

        page.goto(f"{server}/situation/")
        page.get_by_role("button", name="Drop Leading").press("Enter")
        expect(page.get_by_text("What was worked out holds again.")).to_be_visible()
        page.get_by_role("button", name="Undo").press("Enter")
        expect(page.get_by_text("Your own band holds again.")).to_be_visible()
