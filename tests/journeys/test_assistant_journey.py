"""Lena names Sam her assistant by a link; Sam, on a phone, corrects an entry for her; Lena sees it, and ends it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.apps.calendar_texts import LENAS
from tests.journeys.conftest import SCREENSHOTS, looked_at

pytestmark = pytest.mark.browser
Open = Callable[..., Page]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DARK = {"viewport": {"width": 1280, "height": 860}, "color_scheme": "dark"}
PASSWORD = "a boat, a lamp, a hill"


def begin(page: Page, server: str, path: Path) -> None:
    """Hand in the own calendar."""
    page.goto(server)
    page.get_by_role("link", name="Start with your own calendar").click()
    page.get_by_label("Your e-mail address").fill("lena@agency.example")
    page.get_by_label("An .ics file").set_input_files(path)
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_role("heading", name="Balance", exact=True)).to_be_visible(timeout=20_000)


def link_for_sam(page: Page, server: str) -> str:
    """Set the password that is asked for first, and make a link."""
    page.goto(f"{server}/settings/")
    page.get_by_role("link", name="Assistants", exact=True).click()
    looked_at(page, "assistants-no-password")
    page.get_by_role("link", name="Set a password").click()
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Set it").click()
    page.get_by_role("navigation", name="Main", exact=True).get_by_role("link", name="Settings").click()
    page.get_by_role("link", name="Assistants", exact=True).click()
    page.get_by_label("Their name").fill("Sam Ortiz")
    page.get_by_label("Their e-mail address").fill("sam@agency.example")
    page.get_by_role("button", name="Make a link to hand over").click()
    looked_at(page, "assistants-link")
    return page.get_by_label("Link", exact=True).input_value()


class TestAnAssistant:
    def test_acts_on_a_phone_is_seen_in_the_log_and_ended(self, server: str, watched: Open, tmp_path: Path) -> None:
        path = tmp_path / "lena.ics"
        path.write_bytes(LENAS)
        lena = watched(timezone_id="Europe/Berlin", bypass_csp=True, **DARK)
        begin(lena, server, path)
        link = link_for_sam(lena, server)

        sam = watched(bypass_csp=True, **PHONE)
        sam.goto(link)
        expect(sam.get_by_role("heading", name="Assist Lena")).to_be_visible()
        looked_at(sam, "invitation-phone")
        sam.get_by_label("A password for this server").fill("short")
        sam.get_by_role("button", name="Accept").click()
        expect(sam.get_by_role("alert")).to_contain_text("too short")
        sam.get_by_label("A password for this server").fill("ten green lamps glow")
        sam.get_by_role("button", name="Accept").click()
        expect(sam.get_by_role("region", name="Acting for somebody")).to_contain_text("You act for Lena")
        looked_at(sam, "acting-this-week-phone")

        sam.goto(f"{server}/calendar/review/")
        looked_at(sam, "acting-review-phone")
        title = sam.locator("#review h2").inner_text()
        sam.get_by_role("button", name="Vision").click()
        expect(sam.get_by_role("status")).to_contain_text(f"“{title}” is now Vision")
        sam.goto(f"{server}/settings/")
        expect(sam.get_by_text("this page is theirs alone")).to_be_visible()
        looked_at(sam, "not-for-assistants-phone")
        sam.get_by_role("region", name="Acting for somebody").get_by_role("link", name="Lena").click()
        expect(sam.get_by_role("cell", name="entry corrected")).to_be_visible()
        looked_at(sam, "assisting-phone")

        lena.goto(f"{server}/settings/assistants/")
        looked_at(lena, "assistants-dark")
        lena.get_by_role("link", name="See what they did").click()
        expect(lena.get_by_role("row", name="entry corrected").first).to_contain_text("Sam Ortiz, your assistant")
        checked = lena.get_by_role("table", name="What your assistants said entries are for")
        expect(checked.get_by_role("row", name=title)).to_contain_text("Vision")
        looked_at(lena, "your-data-assistants-dark")
        checked.get_by_role("link", name=title).click()
        expect(lena.get_by_text("Your assistant said this is Vision.")).to_be_visible()
        lena.goto(f"{server}/settings/assistants/")
        lena.get_by_role("button", name="End Sam Ortiz").click()
        expect(lena.get_by_role("status")).to_contain_text("Sam Ortiz no longer acts for you")

        sam.goto(f"{server}/calendar/review/")
        expect(sam.get_by_role("status")).to_contain_text("You no longer act for somebody else")
        looked_at(sam, "acting-ended-phone")
        assert "Lena" not in sam.locator("main").inner_text()


class TestTheBar:
    def test_fits_every_screen_and_leads_there_and_back(self, demo: str, looking_around: Open) -> None:
        page = looking_around(viewport={"width": 320, "height": 640}, bypass_csp=True)
        page.get_by_label("You are looking at the demo agency as").select_option("noor")
        expect(page.get_by_role("button", name="Act for Yara Lindqvist")).to_be_visible(timeout=20_000)
        looked_at(page, "assisting-bar-narrow")
        page.get_by_role("button", name="Act for Yara Lindqvist").click()
        bar = page.get_by_role("region", name="Acting for somebody")
        expect(bar).to_contain_text("You act for Yara Lindqvist", timeout=20_000)
        looked_at(page, "acting-bar-narrow")
        page.set_viewport_size({"width": 1280, "height": 860})
        page.screenshot(path=SCREENSHOTS / "acting-wide.png")
        page.get_by_role("button", name="Back to my own pages").click()
        expect(page.get_by_role("button", name="Act for Yara Lindqvist")).to_be_visible(timeout=20_000)
