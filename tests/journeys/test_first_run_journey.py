"""A person hands in a calendar, sees their balance, corrects it, and makes a rule; all in a real browser."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.apps.calendar_texts import LENAS

pytestmark = pytest.mark.browser
Open = Callable[..., Page]


@pytest.fixture
def lenas(tmp_path: Path) -> Path:
    path = tmp_path / "lena.ics"
    path.write_bytes(LENAS)
    return path


def hand_in(page: Page, server: str, path: Path, email: str = "lena@agency.example") -> None:
    page.goto(server)
    page.get_by_role("link", name="Start with your own calendar").click()
    page.get_by_label("Your e-mail address").fill(email)
    page.get_by_label("An .ics file").set_input_files(path)
    page.get_by_role("button", name="Read it").click()


class TestTheOwnCalendar:
    def test_leads_from_the_first_page_to_a_corrected_balance(self, server: str, watched: Open, lenas: Path) -> None:
        page = watched(timezone_id="Europe/Berlin")
        hand_in(page, server, lenas)
        expect(page.get_by_role("heading", name="Balance", exact=True)).to_be_visible(timeout=20_000)
        before = page.locator("#lead").inner_text()
        assert "of the time you lead or manage" in before

        page.get_by_role("link", name="Made of").click()
        page.get_by_label("What “1:1 Tom” is for").select_option("oversight")
        expect(page.get_by_role("status")).to_contain_text("“1:1 Tom” is now Oversight")
        page.get_by_role("link", name="← Balance").click()
        assert page.locator("#lead").inner_text() != before

        page.go_back()
        page.get_by_role("button", name="undo 1:1 Tom").click()
        expect(page.get_by_role("status")).to_contain_text("Taken back")
        page.get_by_role("link", name="← Balance").click()
        assert page.locator("#lead").inner_text() == before

    def test_is_answered_by_single_keys_in_the_review(self, server: str, watched: Open, lenas: Path) -> None:
        page = watched()
        hand_in(page, server, lenas)
        expect(page.get_by_role("heading", name="Balance", exact=True)).to_be_visible(timeout=20_000)
        page.goto(f"{server}/calendar/review/")
        first = page.locator("#review h2").inner_text()
        page.keyboard.press("3")
        expect(page.get_by_role("status")).to_contain_text(f"“{first}” is now People")
        second = page.locator("#review h2").inner_text()
        assert second != first
        page.keyboard.press("s")
        expect(page.locator("#review h2")).not_to_have_text(second)

    def test_takes_a_rule_made_from_an_entry(self, server: str, watched: Open, lenas: Path) -> None:
        page = watched()
        hand_in(page, server, lenas)
        expect(page.get_by_role("heading", name="Balance", exact=True)).to_be_visible(timeout=20_000)
        page.goto(f"{server}/calendar/?day=2026-10-07")
        page.get_by_role("link", name="Budget review Q3").click()
        page.get_by_role("link", name="Make a rule from the title").click()
        expect(page.get_by_label("When the title has")).to_have_value("Budget review Q3")
        page.get_by_label("it is for").select_option("process")
        page.get_by_role("button", name="Keep the rule").click()
        expect(page.get_by_role("status")).to_contain_text("Rule kept. It fits 1 entries.")

    def test_says_in_a_sentence_why_a_file_could_not_be_read(self, server: str, watched: Open, tmp_path: Path) -> None:
        page = watched()
        picture = tmp_path / "photo.ics"
        picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
        hand_in(page, server, picture)
        expect(page.get_by_role("heading", name="It could not be read")).to_be_visible(timeout=20_000)
        page.get_by_role("link", name="Try another file or address").click()
        expect(page.get_by_role("heading", name="Read a calendar")).to_be_visible()

    def test_keeps_what_was_typed_when_nothing_was_chosen(self, server: str, watched: Open) -> None:
        page = watched()
        page.goto(f"{server}/welcome/calendar/")
        page.get_by_label("Your e-mail address").fill("lena@agency.example")
        trouble = page.expect_response(lambda response: response.status == 400)
        with trouble:
            page.get_by_role("button", name="Read it").click()
        expect(page.get_by_role("alert").first).to_contain_text("Choose a file, or give an address")
        expect(page.get_by_label("Your e-mail address")).to_have_value("lena@agency.example")

    def test_works_without_javascript(self, server: str, watched: Open, lenas: Path) -> None:
        page = watched(java_script_enabled=False)
        hand_in(page, server, lenas)
        for _ in range(40):
            if page.get_by_text("See your balance").count():
                break
            page.wait_for_timeout(250)
            page.reload()
        page.get_by_role("link", name="See your balance").click()
        expect(page.locator("#lead")).to_contain_text("of the time you lead or manage")

    def test_shows_a_real_calendar_in_under_a_minute(self, server: str, watched: Open, shared: Path) -> None:
        page = watched()
        hand_in(page, server, shared / "calendars" / "official_agenda_pt.ics", "pm@gov.example")
        expect(page.get_by_role("heading", name="Balance", exact=True)).to_be_visible(timeout=60_000)
        expect(page.locator("#lead")).to_contain_text("of the time you lead or manage")


class TestAPassword:
    def test_is_asked_for_once_it_is_set(self, server: str, watched: Open, lenas: Path) -> None:
        page = watched()
        hand_in(page, server, lenas)
        expect(page.get_by_role("heading", name="Balance", exact=True)).to_be_visible(timeout=20_000)
        page.goto(f"{server}/settings/security/first-password/")
        page.get_by_label("New password").fill("a boat, a lamp, a hill")
        page.get_by_role("button", name="Set it").click()
        expect(page.get_by_role("status")).to_contain_text("Password set.")
        other = watched()
        other.goto(server)
        expect(other.get_by_role("heading", name="Sign in")).to_be_visible()
        other.get_by_label("E-mail address").fill("lena@agency.example")
        other.get_by_label("Password").fill("a boat, a lamp, a hill")
        other.get_by_role("button", name="Sign in", exact=True).click()
        expect(other.get_by_role("heading", name="This week", exact=True)).to_be_visible()
