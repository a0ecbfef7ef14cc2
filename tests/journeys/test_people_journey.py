"""Ada builds a team, adds Tom and hands him a link; he comes in, sees who is who and no more, and leaves again."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.apps.calendar_texts import LENAS
from tests.journeys.conftest import looked_at

pytestmark = pytest.mark.browser
Open = Callable[..., Page]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DARK = {"viewport": {"width": 1280, "height": 860}, "color_scheme": "dark"}
LIGHT = {"viewport": {"width": 1280, "height": 860}, "color_scheme": "light"}
ADAS, TOMS = "a boat, a lamp, a hill", "ten green lamps glow"


def begin(page: Page, server: str, path: Path) -> None:
    """Ada hands in her calendar, and sets the password that is asked for before others come in."""
    page.goto(server)
    page.get_by_role("link", name="Start with your own calendar").click()
    page.get_by_label("Your e-mail address").fill("ada@agency.example")
    page.get_by_label("An .ics file").set_input_files(path)
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_role("heading", name="Balance", exact=True)).to_be_visible(timeout=20_000)
    page.goto(f"{server}/settings/security/first-password/")
    page.get_by_label("New password").fill(ADAS)
    page.get_by_role("button", name="Set it").click()


def add_team(page: Page, server: str, name: str) -> None:
    page.goto(f"{server}/people/teams/")
    page.get_by_role("link", name="Add a team").first.click()
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()


def add_tom(page: Page) -> str:
    """Add Tom to the team, and make the link to hand over."""
    page.get_by_role("navigation", name="Main", exact=True).get_by_role("link", name="People").click()
    looked_at(page, "people-alone")
    page.get_by_role("link", name="Add somebody").first.click()
    page.get_by_label("Name", exact=True).fill("Tom Okafor")
    page.get_by_label("E-mail address").fill("tom@agency.example")
    page.get_by_label("Position", exact=True).fill("Project lead")
    page.get_by_label("Function").select_option("production")
    page.get_by_label("Team").select_option("Client services")
    page.get_by_label("Reports to").fill("Ada")
    looked_at(page, "people-add-dark")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("Tom Okafor is added")
    looked_at(page, "people-added-dark")
    page.get_by_role("button", name="Make a link to hand over").click()
    looked_at(page, "people-link-dark")
    return page.get_by_label("Link", exact=True).input_value()


def come_in(page: Page, link: str) -> None:
    """Tom opens the link, is told what will not do, and comes in."""
    page.goto(link)
    expect(page.get_by_role("heading", name="Welcome, Tom Okafor")).to_be_visible()
    page.get_by_label("A password for this server").fill("short")
    page.get_by_role("button", name="Set it and come in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    looked_at(page, "people-join-phone")
    page.get_by_label("A password for this server").fill(TOMS)
    page.get_by_role("button", name="Set it and come in").click()
    expect(page.get_by_role("heading", name="People", exact=True)).to_be_visible()
    expect(page.get_by_role("table")).to_contain_text("Project lead")
    looked_at(page, "people-directory-phone")


class TestSomebodyWhoIsAdded:
    def test_comes_in_by_a_link_sees_who_is_who_and_leaves(self, server: str, watched: Open, tmp_path: Path) -> None:
        path = tmp_path / "ada.ics"
        path.write_bytes(LENAS)
        ada = watched(timezone_id="Europe/Berlin", bypass_csp=True, **DARK)
        begin(ada, server, path)
        add_team(ada, server, "Client services")
        link = add_tom(ada)

        tom = watched(bypass_csp=True, **PHONE)
        come_in(tom, link)
        tom.get_by_role("link", name="Client services").first.click()
        expect(tom.get_by_role("heading", name="Client services")).to_be_visible()
        assert tom.get_by_role("link", name="Rename, move or end").count() == 0
        assert tom.get_by_role("heading", name="Your team").count() == 0
        looked_at(tom, "people-team-phone")
        assert tom.goto(f"{server}/people/add/").status == 403  # type: ignore[union-attr]

        ada.goto(f"{server}/people/teams/")
        ada.get_by_role("link", name="Client services").click()
        ada.get_by_role("link", name="Change Tom Okafor").click()
        ada.get_by_label("From that day on").select_option("lead")
        ada.get_by_role("button", name="Keep it").click()
        tom.goto(f"{server}/people/teams/")
        tom.get_by_role("link", name="Client services").click()
        expect(tom.get_by_role("heading", name="Your team")).to_be_visible()
        looked_at(tom, "people-lead-phone")

        ada.get_by_role("link", name="Tom Okafor").first.click()
        ada.get_by_role("link", name="Let them leave").click()
        looked_at(ada, "people-leaving-dark")
        ada.get_by_role("button", name="Let them leave").click()
        expect(ada.get_by_role("status").first).to_contain_text("Tom Okafor has left")
        tom.goto(f"{server}/people/")
        expect(tom.get_by_role("heading", name="Sign in")).to_be_visible()
        tom.get_by_label("E-mail address").fill("tom@agency.example")
        tom.get_by_label("Password").fill(TOMS)
        tom.get_by_role("button", name="Sign in", exact=True).click()
        expect(tom.get_by_role("alert")).to_contain_text("do not match")


class TestTheDirectoryOfTheDemoAgency:
    def test_finds_as_one_types_and_by_keyboard(self, demo: str, looking_around: Open) -> None:
        page = looking_around(bypass_csp=True, **LIGHT)
        page.goto(f"{demo}/people/")
        expect(page.get_by_role("status").first).to_contain_text("40 people")
        page.get_by_label("Find", exact=True).press_sequentially("producer")
        expect(page.locator("#found")).to_contain_text("2 people")
        expect(page).to_have_url(f"{demo}/people/?q=producer&team=")
        page.get_by_label("Find", exact=True).fill("nobody like this")
        expect(page.get_by_text("Nobody was found")).to_be_visible()
        page.get_by_label("Find", exact=True).fill("")
        page.get_by_label("In team").select_option(label="Kestrel & Finch / Client services")
        expect(page.locator("#found")).to_contain_text("9 people")
        looked_at(page, "people-light")
        page.get_by_role("link", name="Lena Hartmann").first.press("Enter")
        expect(page.get_by_role("heading", name="Lena Hartmann")).to_be_visible()
        looked_at(page, "people-person-light")

    def test_works_without_scripts(self, demo: str, looking_around: Open, watched: Open) -> None:
        with_scripts = looking_around(**LIGHT)
        page = watched(java_script_enabled=False, storage_state=with_scripts.context.storage_state(), **LIGHT)
        page.goto(f"{demo}/people/")
        page.get_by_label("Find", exact=True).fill("producer")
        page.get_by_role("button", name="Find", exact=True).click()
        expect(page.locator("#found")).to_contain_text("2 people")
