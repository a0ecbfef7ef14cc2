"""Reaching everything: by keyboard alone, with large type, in high contrast; and what is said when a server is away."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from tests.apps.calendar_texts import LENAS
from tests.journeys.conftest import SCREENSHOTS

pytestmark = pytest.mark.browser
Open = Callable[..., Page]

MAIN_PAGES = ("/", "/balance/", "/balance/entries/", "/calendar/", "/calendar/review/", "/settings/")
SMALL_TARGETS = """() => [...document.querySelectorAll("a, button, select, input:not([type=hidden]), summary")]
  .filter((each) => each.checkVisibility())
  .filter((each) => !each.closest("p, td, .skip, .visually-hidden, .day-rows, .agenda"))
  .map((each) => [each, each.getBoundingClientRect()])
  .filter(([each, box]) => box.width > 1 && (box.height < 24 || box.width < 24))
  .map(([each, box]) => `${each.outerHTML.slice(0, 90)} ${box.width}x${box.height}`)"""
WAITING = 'id="import" hx-get="{}" hx-trigger="every 500ms" hx-swap="outerHTML"'
FOCUSED = """(({ariaLabel, labels, textContent}) => ariaLabel || labels?.[0]?.textContent || textContent)
  (document.activeElement)"""
NAMELESS = """() => [...document.querySelectorAll("a, button, select, input:not([type=hidden])")]
  .filter((each) => each.checkVisibility())
  .filter((each) => !(each.ariaLabel || each.textContent.trim() || each.labels?.length || each.title))
  .map((each) => each.outerHTML.slice(0, 120))"""


def tab_to(page: Page, words: str, *, most: int = 60) -> None:
    """Press Tab until what is focused is called so."""
    seen = []
    for _ in range(most):
        page.keyboard.press("Tab")
        seen.append(page.evaluate(FOCUSED).strip())
        if words in seen[-1]:
            return
    raise AssertionError(f"Tab does not reach {words}; it went through {seen}")


class TestTheKeyboardAlone:
    def test_leads_from_the_first_page_to_a_correction_and_back(
        self, server: str, watched: Open, tmp_path: Path
    ) -> None:
        path = tmp_path / "lena.ics"
        path.write_bytes(LENAS)
        page = watched(timezone_id="Europe/Berlin")
        page.goto(server)
        tab_to(page, "Start with your own calendar")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Your own calendar")).to_be_visible()
        tab_to(page, "Your e-mail address")
        page.keyboard.type("lena@agency.example")
        tab_to(page, "An .ics file")
        page.locator(":focus").set_input_files(path)  # the system's own window cannot be typed into
        tab_to(page, "Read it")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Balance", exact=True)).to_be_visible(timeout=20_000)
        before = page.locator("#lead").inner_text()

        tab_to(page, "Made of")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="All entries that count")).to_be_visible()
        tab_to(page, "What “1:1 Tom” is for")
        page.keyboard.type("Over")
        expect(page.get_by_role("button", name="Correct")).to_be_visible()
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("“1:1 Tom” is now Oversight")
        tab_to(page, "undo")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("Taken back")
        page.goto(f"{server}/balance/")
        assert page.locator("#lead").inner_text() == before

    def test_does_not_correct_while_going_through_a_list(self, demo: str, looking_around: Callable[..., Page]) -> None:
        page = looking_around()
        page.goto(f"{demo}/balance/entries/")
        first = page.locator("select[data-submit][name=purpose]").first
        first.focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        page.wait_for_timeout(300)
        expect(page.get_by_role("status")).to_have_count(0)
        expect(first).to_be_focused()

    def test_goes_on_at_the_row_that_was_corrected(self, demo: str, looking_around: Callable[..., Page]) -> None:
        page = looking_around()
        page.goto(f"{demo}/balance/entries/")
        row = page.locator("tr:has(select)").nth(20)
        name = row.locator("a").first.inner_text()
        chosen = row.locator("select")
        chosen.select_option("other")
        expect(page.get_by_role("status")).to_contain_text("is now Other")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == name
        page.get_by_role("button", name="Undo", exact=True).click()
        expect(page.get_by_role("status")).to_contain_text("Taken back")


class TestAFormWithMistakes:
    def test_says_at_the_top_what_is_wrong_and_leads_there(
        self, demo: str, looking_around: Callable[..., Page]
    ) -> None:
        page = looking_around()
        page.goto(f"{demo}/settings/")
        page.get_by_label("E-mail address").fill("nonsense")
        with page.expect_response(lambda response: response.status == 400):
            page.get_by_role("button", name="Save").click()
        expect(page).to_have_title("Error: Settings · Equipoise")
        summary = page.get_by_role("alert")
        expect(summary).to_be_focused()
        summary.get_by_role("link", name="E-mail address").click()
        field = page.get_by_label("E-mail address")
        expect(field).to_be_focused()
        assert field.get_attribute("aria-invalid") == "true"
        described = (field.get_attribute("aria-describedby") or "").split()
        assert "id_email_error" in described
        for name in described:
            expect(page.locator(f"#{name}")).to_be_visible()


class TestEveryControl:
    @pytest.mark.parametrize("path", MAIN_PAGES)
    def test_has_a_name_and_can_be_hit(self, demo: str, looking_around: Callable[..., Page], path: str) -> None:
        page = looking_around(bypass_csp=True)
        page.goto(demo + path)
        assert page.evaluate(NAMELESS) == []
        assert page.evaluate(SMALL_TARGETS) == []


class TestLargeType:
    @pytest.mark.parametrize("path", MAIN_PAGES)
    def test_of_twice_the_size_fits(self, demo: str, looking_around: Callable[..., Page], path: str) -> None:
        page = looking_around(viewport={"width": 640, "height": 400}, device_scale_factor=2, bypass_csp=True)
        page.goto(demo + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 640


class TestHighContrast:
    def test_keeps_bars_and_entries_to_be_seen(self, demo: str, looking_around: Callable[..., Page]) -> None:
        page = looking_around(forced_colors="active", color_scheme="dark")
        SCREENSHOTS.mkdir(exist_ok=True)
        for name, path in {"balance": "/balance/", "calendar": "/calendar/", "review": "/calendar/review/"}.items():
            page.goto(demo + path)
            page.screenshot(path=SCREENSHOTS / f"{name}-contrast.png", full_page=True)
            colours = page.evaluate(
                "[...document.querySelectorAll('.swatch')].map((each) => getComputedStyle(each).backgroundColor)"
            )
            assert len(set(colours)) > 3


class TestAServerThatIsAway:
    def test_is_told_about_while_the_page_asks_on(self, server: str, browser: Browser) -> None:
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"{server}/welcome/calendar/")
        page.get_by_label("Your e-mail address").fill("lena@agency.example")
        page.get_by_label("Or the address of a calendar").fill("http://127.0.0.1:9/a.ics")
        page.route("**/calendar/imports/**", self.still_waiting)
        page.get_by_role("button", name="Read it").click()
        told = page.get_by_text("The server does not answer. Asking again until it does.")
        expect(told).to_be_visible()
        page.unroute_all()
        expect(page.get_by_role("heading", name="It could not be read")).to_be_visible()
        expect(told).to_be_hidden()
        context.close()

    def still_waiting(self, route: Route) -> None:
        """A page of a reading that is not done, from a server that then answers no more."""
        if "hx-request" in route.request.headers:
            route.abort()
        else:
            page = route.fetch().text()
            route.fulfill(
                body=re.sub(r'id="import"[^>]*', WAITING.format(route.request.url), page), content_type="text/html"
            )

    def test_refuses_a_file_that_is_too_large_at_once(self, server: str, watched: Open, tmp_path: Path) -> None:
        path = tmp_path / "huge.ics"
        with path.open("wb") as huge:
            huge.truncate(201_000_000)
        page = watched()
        page.goto(f"{server}/welcome/calendar/")
        page.get_by_label("Your e-mail address").fill("lena@agency.example")
        page.get_by_label("An .ics file").set_input_files(path)
        page.get_by_role("button", name="Read it").click()
        expect(page.get_by_role("alert")).to_contain_text("at most")
        expect(page.get_by_label("Your e-mail address")).to_have_value("lena@agency.example")
