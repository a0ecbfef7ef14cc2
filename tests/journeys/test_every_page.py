"""Every page, looked at by axe and by the camera: light, dark, phone, narrow, right to left, keyboard alone."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, expect
from tests.journeys.conftest import SCREENSHOTS

pytestmark = pytest.mark.browser
Open = Callable[..., Page]

PAGES = {
    "this-week": "/",
    "balance": "/balance/",
    "balance-table": "/balance/?view=table",
    "made-of": "/balance/entries/?purpose=vision",
    "situation": "/situation/",
    "scan": "/situation/scan/",
    "past scan": "/situation/scans/1/",
    "own-band": "/situation/own-band/?band=horizon",
    "plan settings": "/plan/settings/",
    "kind": "/plan/settings/kind/?kind=strategy",
    "new kind": "/plan/settings/kind/",
    "planned and happened": "/plan/review/",
    "reflections": "/reflection/",
    "search reflections": "/reflection/search/?q=team",
    "monday mail": "/digest/",
    "calendar": "/calendar/",
    "review": "/calendar/review/",
    "rules": "/calendar/rules/",
    "calendars": "/calendar/sources/",
    "connect an account": "/calendar/accounts/connect",
    "people": "/people/",
    "person": "/people/4/",
    "teams": "/people/teams/",
    "team": "/people/teams/5/",
    "settings": "/settings/",
    "search": "/jump/?q=review",
    "assistants": "/settings/assistants/",
    "assisting": "/assisting/",
    "your-data": "/your-data/",
    "what-is-kept": "/privacy/",
    "help": "/help/",
    "not-found": "/nothing/",
}
LOOKS: dict[str, Any] = {
    "light": {"viewport": {"width": 1280, "height": 860}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1280, "height": 860}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light", "has_touch": True, "is_mobile": True},
}


def violations(page: Page) -> list[str]:
    """What axe finds, one line each."""
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {node['html'][:120]}" for each in found for node in each["nodes"]]


@pytest.mark.parametrize("look", LOOKS)
class TestEveryPage:
    def test_passes_axe_and_fits_its_screen(self, demo: str, looking_around: Callable[..., Page], look: str) -> None:
        SCREENSHOTS.mkdir(exist_ok=True)
        page = looking_around(**LOOKS[look], bypass_csp=True)
        found: dict[str, list[str]] = {}
        for name, path in PAGES.items():
            answered = page.goto(demo + path)
            assert answered is not None
            assert answered.status == (404 if name == "not-found" else 200), path
            page.screenshot(path=SCREENSHOTS / f"{name}-{look}.png", full_page=True)
            width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            found[name] = violations(page) + ([f"{width} px too wide"] if width > 0 else [])
        assert {name: each for name, each in found.items() if each} == {}


class TestTheWelcomePage:
    def test_passes_axe(self, server: str, watched: Open) -> None:
        SCREENSHOTS.mkdir(exist_ok=True)
        for look, options in LOOKS.items():
            page = watched(**options, bypass_csp=True)
            for name, path in {"welcome": "/welcome/", "own-calendar": "/welcome/calendar/"}.items():
                page.goto(server + path)
                page.screenshot(path=SCREENSHOTS / f"{name}-{look}.png", full_page=True)
                assert violations(page) == []


class TestNarrowAndLarge:
    @pytest.mark.parametrize(
        "path", ["/", "/balance/", "/calendar/review/", "/settings/", "/plan/settings/", "/plan/review/"]
    )
    def test_nothing_is_cut_off_at_320_pixels(self, demo: str, looking_around: Callable[..., Page], path: str) -> None:
        page = looking_around(viewport={"width": 320, "height": 640}, bypass_csp=True)
        page.goto(demo + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


class TestTheKeyboardAlone:
    def test_reaches_the_page_and_a_figures_entries(self, demo: str, looking_around: Callable[..., Page]) -> None:
        page = looking_around()
        page.goto(f"{demo}/balance/")
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
        page.keyboard.press("Enter")
        for _ in range(30):
            page.keyboard.press("Tab")
            if "Made of" in page.evaluate("document.activeElement.textContent"):
                break
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="All entries that count")).to_be_visible()


class TestSearch:
    def test_is_a_key_away(self, demo: str, looking_around: Callable[..., Page]) -> None:
        page = looking_around()
        page.goto(f"{demo}/balance/")
        page.keyboard.press("Control+k")
        page.keyboard.type("rules")
        page.keyboard.press("Enter")
        page.get_by_role("link", name="Rules", exact=True).last.click()
        expect(page.get_by_role("heading", name="A new rule")).to_be_visible()


class TestPrinting:
    @pytest.mark.parametrize("theme", ["auto", "dark"])
    def test_is_dark_on_white_whatever_the_screen_is(
        self, demo: str, looking_around: Callable[..., Page], theme: str
    ) -> None:
        page = looking_around(color_scheme="dark", bypass_csp=True)
        page.goto(f"{demo}/balance/")
        page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
        page.emulate_media(media="print", color_scheme="dark")
        colours = "(({backgroundColor, color}) => [backgroundColor, color])(getComputedStyle(document.documentElement))"
        assert page.evaluate(colours) == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]

    def test_leaves_the_frame_away(self, demo: str, looking_around: Callable[..., Page]) -> None:
        page = looking_around()
        page.goto(f"{demo}/balance/")
        page.emulate_media(media="print")
        expect(page.get_by_role("navigation", name="Main", exact=True)).to_be_hidden()
        expect(page.locator("#lead")).to_be_visible()
        page.pdf(path=SCREENSHOTS / "balance-printed.pdf")
