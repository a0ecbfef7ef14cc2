"""A reflection on a phone, from the navigation to reading it again; and without scripts, and with the server away."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, expect
from tests.journeys.conftest import SCREENSHOTS
from tests.journeys.test_reach import NAMELESS, SMALL_TARGETS

pytestmark = pytest.mark.browser
Open = Callable[..., Page]

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
LOOKS: dict[str, Any] = {
    "light": {"viewport": {"width": 1280, "height": 860}},
    "dark": {"viewport": {"width": 1280, "height": 860}, "color_scheme": "dark"},
    "phone": PHONE,
    "narrow": {"viewport": {"width": 320, "height": 640}},
}
SLOW_MS = 20_000
ANSWER = "The pilot had most of my hours, and it needed them."


def look_as(page: Page, key: str) -> None:
    """Look at the demo agency as somebody whose reflections no other test touches."""
    with page.expect_navigation():
        page.locator("#look-as").select_option(key)
    expect(page.locator("#look-as")).to_have_value(key)


def begin_week(page: Page, demo: str) -> None:
    page.goto(f"{demo}/reflection/")
    page.get_by_role("button", name="Begin Week").click()
    expect(page.get_by_role("heading", name="Where my focus went")).to_be_visible()
    page.wait_for_load_state()  # what is typed before the scripts are there, they do not hear


def trouble(page: Page) -> list[str]:
    """What axe finds, and whether the page is wider than its screen."""
    found = Axe().run(page).response["violations"]
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    told = [f"{each['id']}: {node['html'][:120]}" for each in found for node in each["nodes"]]
    told += [f"without a name: {each}" for each in page.evaluate(NAMELESS)]
    small = [each for each in page.evaluate(SMALL_TARGETS) if 'type="checkbox"' not in each]  # its words are hit, too
    told += [f"hard to hit: {each}" for each in small]
    return told + ([f"{width} px too wide"] if width > 0 else [])


class TestAReflectionOnAPhone:
    def test_is_kept_as_one_writes_finished_found_and_removed(
        self, demo: str, looking_around: Callable[..., Page]
    ) -> None:
        page = looking_around(**PHONE, bypass_csp=True)
        look_as(page, "ravi")
        page.get_by_role("navigation", name="Main, phone").get_by_role("link", name="Settings").click()
        page.get_by_role("navigation", name="More pages").get_by_role("link", name="Growth").click()
        page.get_by_role("button", name="Begin Week").click()
        assert trouble(page) == []
        expect(page.get_by_text("Your calendar shows").first).to_be_visible()

        with page.expect_response(lambda response: response.request.method == "POST"):
            page.locator("textarea").first.press_sequentially(ANSWER)
        expect(page.locator("#kept")).to_contain_text("Kept")
        with page.expect_response(lambda response: response.request.method == "POST"):
            page.get_by_label("One thing I will do next week").fill("Ask Tom first")
        page.get_by_role("link", name="All reflections").click()
        page.get_by_role("link", name="Go on Week").click()
        expect(page.locator("textarea").first).to_have_value(ANSWER)
        expect(page.get_by_label("One thing I will do next week")).to_have_value("Ask Tom first")

        page.get_by_role("button", name="Finish").click()
        expect(page.get_by_role("status")).to_contain_text("Nobody but you can read it.")
        expect(page.get_by_text(ANSWER)).to_be_visible()
        assert trouble(page) == []

        page.get_by_role("link", name="All reflections").click()
        page.get_by_label("Words in your reflections").fill("pilot HOURS")
        page.keyboard.press("Enter")
        expect(page.get_by_text("1 reflection has “pilot HOURS”.")).to_be_visible()
        assert "pilot" not in page.url
        assert trouble(page) == []
        page.get_by_role("link", name="Week of").click()
        page.get_by_role("button", name="Remove").click()
        assert trouble(page) == []
        page.get_by_role("button", name="Undo", exact=True).click()
        expect(page.get_by_role("status")).to_contain_text("is back")


class TestWithoutScripts:
    def test_is_written_by_buttons_alone(self, demo: str, watched: Open) -> None:
        page = watched(java_script_enabled=False)
        page.goto(f"{demo}/welcome/")
        page.get_by_role("button", name="Look around with the demo agency").click()
        page.locator("#look-as").select_option("tom")
        page.get_by_role("button", name="Look", exact=True).click()
        begin_week(page, demo)
        page.locator("textarea").first.fill(ANSWER)
        page.get_by_role("button", name="Keep for later").click()
        expect(page.get_by_role("status")).to_contain_text("Kept for later")
        page.get_by_role("link", name="Go on Week").click()
        expect(page.locator("textarea").first).to_have_value(ANSWER)


class TestLeavingThePage:
    def test_keeps_the_last_words(self, demo: str, browser: Browser) -> None:
        context = browser.new_context()  # not a watched one: a request that the leaving cuts off stands in the console
        page = context.new_page()
        page.goto(f"{demo}/welcome/")
        page.get_by_role("button", name="Look around with the demo agency").click()
        look_as(page, "jonas")
        begin_week(page, demo)
        path = page.url
        for words in ("One", "One more", ANSWER):
            page.locator("textarea").first.fill(words)
            page.get_by_role("link", name="All reflections").click()
            expect(page.get_by_role("heading", name="Reflection", exact=True)).to_be_visible()
            page.wait_for_timeout(200)
            page.goto(path)
            expect(page.locator("textarea").first).to_have_value(words)
        context.close()


class TestTwoOpenPages:
    def test_do_not_overwrite_each_other(self, demo: str, browser: Browser) -> None:
        context = browser.new_context()  # not a watched one: a refusal stands in the console, too
        desk = context.new_page()
        desk.goto(f"{demo}/welcome/")
        desk.get_by_role("button", name="Look around with the demo agency").click()
        look_as(desk, "ines")
        begin_week(desk, demo)
        phone = context.new_page()
        phone.goto(desk.url)
        phone.wait_for_load_state()
        with desk.expect_response(lambda response: response.request.method == "POST"):
            desk.locator("textarea").first.fill("From the desk")
        phone.locator("textarea").first.fill("From the phone")
        expect(phone.get_by_role("alert")).to_contain_text("you wrote on another page", timeout=SLOW_MS)
        phone.get_by_role("button", name="Keep for later").click()
        expect(phone.get_by_role("alert")).to_contain_text("You wrote on another page")
        expect(phone.locator("textarea").first).to_have_value("From the phone")
        desk.reload()
        expect(desk.locator("textarea").first).to_have_value("From the desk")
        phone.get_by_role("button", name="Keep for later").click()
        expect(phone.get_by_role("status")).to_contain_text("Kept for later")
        context.close()


class TestAServerThatIsAway:
    def test_leaves_the_words_on_the_page_and_says_so(self, demo: str, browser: Browser) -> None:
        context = browser.new_context()  # not a watched one: that the server is away stands in the console, too
        page = context.new_page()
        page.goto(f"{demo}/welcome/")
        page.get_by_role("button", name="Look around with the demo agency").click()
        look_as(page, "grace")
        begin_week(page, demo)
        page.route("**/write/", lambda route: route.fulfill(status=503))
        page.locator("textarea").first.fill(ANSWER)
        expect(page.get_by_role("alert")).to_contain_text("Not kept", timeout=SLOW_MS)
        expect(page.locator("textarea").first).to_have_value(ANSWER)
        page.unroute_all()
        page.locator("textarea").first.press_sequentially(" Again.")
        expect(page.get_by_role("alert")).to_be_hidden(timeout=SLOW_MS)
        context.close()

    def test_keeps_the_words_of_whoever_was_signed_out(self, demo: str, looking_around: Callable[..., Page]) -> None:
        page = looking_around()
        look_as(page, "marek")
        begin_week(page, demo)
        page.route("**/write/", lambda route: route.fulfill(status=200, headers={"HX-Refresh": "true"}))
        page.locator("textarea").first.fill(ANSWER)
        expect(page.get_by_role("alert")).to_contain_text("you are signed out", timeout=SLOW_MS)
        expect(page.locator("textarea").first).to_have_value(ANSWER)


class TestEveryPageOfIt:
    @pytest.mark.parametrize("look", LOOKS)
    def test_passes_axe_and_fits_its_screen(self, demo: str, looking_around: Callable[..., Page], look: str) -> None:
        SCREENSHOTS.mkdir(exist_ok=True)
        page = looking_around(**LOOKS[look], bypass_csp=True)
        found: dict[str, list[str]] = {}
        for name, path in {
            "week": "/",
            "reflections": "/reflection/",
            "monday-mail": "/digest/",
            "mail-off": "/digest/off/x",
        }.items():
            page.goto(demo + path)
            page.screenshot(path=SCREENSHOTS / f"{name}-{look}.png", full_page=True)
            found[name] = trouble(page)
        page.goto(f"{demo}/reflection/")
        page.get_by_role("button", name="Begin").or_(page.get_by_role("link", name="Go on")).last.click()
        expect(page.get_by_role("heading", name="Looking ahead")).to_be_visible()
        page.screenshot(path=SCREENSHOTS / f"reflection-{look}.png", full_page=True)
        found["reflection"] = trouble(page)
        assert {name: each for name, each in found.items() if each} == {}
