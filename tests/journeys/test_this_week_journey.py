"""This week in a real browser: a week is proposed, a block moved by mouse, by keyboard and by form, and taken back."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any, ClassVar

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.journeys.conftest import SCREENSHOTS, running
from tests.journeys.test_every_page import LOOKS, violations

pytestmark = pytest.mark.browser
Open = Callable[..., Page]

WEEKS = count(1)
"""Every page opened here has a week of its own, so many weeks ahead."""


def coming_monday() -> date:
    today = datetime.now(UTC).date()
    return today - timedelta(days=today.weekday()) + timedelta(weeks=next(WEEKS))


@pytest.fixture(scope="module")
def agency(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with the demo agency of its own, since what is accepted stays."""
    with running(tmp_path_factory.mktemp("week")) as address:
        yield address


@pytest.fixture
def opened(agency: str, watched: Open) -> Open:
    """Opens a week of Lena's, newly proposed."""

    def open_week(**options: Any) -> Page:
        page = watched(**{"viewport": {"width": 1280, "height": 900}, **options})
        page.goto(f"{agency}/welcome/")
        look = page.get_by_role("button", name="Look around with the demo agency")
        if look.count():
            look.click()
            expect(page.locator(".lead-in").first).to_be_visible(timeout=30_000)
        page.goto(f"{agency}/?week={coming_monday()}")
        page.get_by_role("button", name="Propose").first.click()
        expect(page.get_by_role("status")).to_contain_text("proposed")
        return page

    return open_week


def grid_block(page: Page) -> Locator:
    """The first block on the grid that waits for an answer."""
    return page.locator("[data-block] > a.proposed").first


def card_of(page: Page, block: Locator) -> Locator:
    """The block's place in the list."""
    return page.locator(block.get_attribute("href") or "")


class TestDragging:
    def test_puts_a_block_where_it_is_dropped_and_undo_puts_it_back(self, opened: Open) -> None:
        page = opened()
        block = grid_block(page)
        title, card = block.locator(".entry-title").inner_text(), card_of(page, block)
        href = block.get_attribute("href")
        before = card.locator(".block-when").inner_text()
        friday = page.locator(".day-rows[data-day]").nth(4)
        block.scroll_into_view_if_needed()
        start, there = block.bounding_box(), friday.bounding_box()
        assert start is not None
        assert there is not None
        page.mouse.move(start["x"] + 20, start["y"] + 6)
        page.mouse.down()
        page.mouse.move(there["x"] + 40, start["y"] + 40, steps=8)
        expect(page.locator("li.moving")).to_have_count(1)
        page.mouse.up()
        expect(page.get_by_role("status")).to_contain_text(f"“{title}” is now Friday")
        expect(page.locator(f"{href} .state")).to_contain_text("moved by you")
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_role("status")).to_contain_text("Taken back")
        expect(page.locator(f"{href} .block-when")).to_have_text(before)

    def test_leaves_a_block_that_was_only_clicked(self, opened: Open) -> None:
        page = opened()
        block = grid_block(page)
        href = block.get_attribute("href") or ""
        block.click()
        assert page.url.endswith(href)
        expect(page.locator(href)).to_have_class("plan-block proposed")


class TestTheKeyboard:
    def test_moves_a_block_tells_where_it_is_and_keeps_it(self, opened: Open) -> None:
        page = opened()
        block = grid_block(page)
        href, title = block.get_attribute("href"), block.locator(".entry-title").inner_text()
        block.focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowDown")
        told = page.locator("[data-plan-says]").inner_text()
        assert told
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text(f"“{title}” is now {told.split(',')[0]}")
        expect(page.locator(f"{href} .block-when")).to_have_text(told.rpartition(", ")[2])
        expect(page.locator(str(href))).to_be_focused()

    def test_puts_a_block_back_on_escape(self, opened: Open) -> None:
        page = opened()
        block = grid_block(page)
        item = block.locator("..")
        before = item.get_attribute("class")
        block.focus()
        page.keyboard.press("ArrowDown")
        assert item.get_attribute("class") != before
        page.keyboard.press("Escape")
        expect(page.locator("[data-plan-says]")).to_have_text("Put back.")
        assert item.get_attribute("class") == before
        expect(block).to_be_focused()

    def test_lets_a_block_go_back_that_is_left_without_enter(self, opened: Open) -> None:
        page = opened()
        item = grid_block(page).locator("..")
        before = item.get_attribute("class")
        item.locator("a").focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        expect(item).to_have_class(str(before))


class TestWithoutJavascript:
    def test_a_block_is_shifted_refused_and_accepted_by_forms(self, opened: Open, agency: str) -> None:
        page = opened(java_script_enabled=False)
        card = page.locator(".plan-block.proposed").first
        number = card.get_attribute("id")
        card.locator("summary", has_text="Shift").click()
        card.get_by_label("Starts").fill("16:45")
        card.get_by_role("button", name="Put it there").click()
        expect(page.locator(f"#{number} .block-when")).to_contain_text("16:45")
        card = page.locator(".plan-block.proposed").first
        number = card.get_attribute("id")
        card.locator("summary", has_text="Refuse").click()
        card.get_by_label("Why?").select_option(label="too long")
        card.get_by_role("button", name="Refuse it").click()
        expect(page.get_by_role("status")).to_contain_text("off the plan")
        page.locator("summary", has_text="refused").click()
        page.locator(f"#{number}").get_by_role("button", name="Accept after all").click()
        expect(page.locator(f"#{number} .state")).to_contain_text("accepted")


class TestAcceptAll:
    def test_gives_a_file_to_download_and_can_be_undone(self, opened: Open) -> None:
        page = opened()
        page.get_by_role("button", name="Accept all").click()
        expect(page.get_by_role("status")).to_contain_text("accepted")
        with page.expect_download() as download:
            page.get_by_role("link", name="Download .ics").click()
        assert download.value.path().read_bytes().startswith(b"BEGIN:VCALENDAR")
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_role("button", name="Accept all")).to_be_visible()


@pytest.mark.parametrize("look", LOOKS)
class TestThePages:
    PATHS: ClassVar = {
        "plan": "/?{week}",
        "planner": "/plan/settings/",
        "planner-kind": "/plan/settings/kind/?kind=strategy",
        "plan-review": "/plan/review/?{week}",
        "plan-over": "/?week=2026-01-05",
    }

    def test_pass_axe_and_fit_the_screen(self, opened: Open, agency: str, look: str) -> None:
        SCREENSHOTS.mkdir(exist_ok=True)
        page = opened(**LOOKS[look], bypass_csp=True)
        week = page.url.partition("?")[2].partition("#")[0]
        page.locator(".plan-block.proposed").first.get_by_role("button", name="Accept").click()
        found: dict[str, list[str]] = {}
        for name, path in self.PATHS.items():
            page.goto(agency + path.format(week=week))
            for summary in page.locator(".plan-block summary").all()[:2]:
                summary.click()
            page.screenshot(path=SCREENSHOTS / f"{name}-{look}.png", full_page=True)
            width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            found[name] = violations(page) + ([f"{width} px too wide"] if width > 0 else [])
        assert {name: each for name, each in found.items() if each} == {}


class TestNarrow:
    def test_nothing_is_cut_off_at_320_pixels(self, opened: Open, agency: str) -> None:
        page = opened(viewport={"width": 320, "height": 640}, bypass_csp=True)
        review = page.url.replace("/?", "/plan/review/?")
        for address in (page.url, f"{agency}/plan/settings/", review):
            page.goto(address)
            assert page.evaluate("document.documentElement.scrollWidth") <= 320
