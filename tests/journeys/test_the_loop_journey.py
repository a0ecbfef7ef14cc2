"""The whole loop: scan, gap, plan, accept, write to a real calendar server, change it with another client, learn."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from caldav.davclient import DAVClient
from playwright.sync_api import Page, expect
from tests.journeys.conftest import SCREENSHOTS, running
from tests.khal_client import listed, made_home, sync
from tests.radicale_server import PASSWORD, USER, Radicale, running_radicale

from equipoise.adapters.demo_agency import agency, calendar_of

pytestmark = pytest.mark.browser
Open = Callable[..., Page]

LENA = agency().person("lena")
TODAY = datetime.now(UTC).date()
MONDAY = TODAY - timedelta(days=TODAY.weekday()) + timedelta(days=7)
"""The week after this one, so that none of it is over."""


@pytest.fixture
def remote(tmp_path: Path) -> Iterator[Radicale]:
    """A calendar server with one calendar."""
    with running_radicale(tmp_path / "radicale") as server:
        server.make_calendar("plans")
        yield server


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    """Equipoise, allowed to ask servers on this machine."""
    with running(tmp_path / "data", EQUIPOISE_PRIVATE_FEEDS="1") as address:
        yield address


@pytest.fixture(params=["demo_agency", "scrubbed_work_calendar"])
def work(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """Lena's calendar of the demo agency, and a real one of many years."""
    if request.param != "demo_agency":
        shared: Path = request.getfixturevalue("shared")
        return shared / "calendars" / f"{request.param}.ics"
    file = tmp_path / "demo_agency.ics"
    file.write_bytes(calendar_of(LENA.key, until=TODAY))
    return file


def hand_in(page: Page, served: str, file: Path) -> None:
    page.goto(f"{served}/welcome/calendar/")
    page.get_by_label("Your e-mail address").fill(LENA.address)
    page.get_by_label("An .ics file").set_input_files(file)
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_role("heading", name="Balance", exact=True)).to_be_visible(timeout=60_000)


def scan(page: Page, served: str) -> None:
    page.goto(f"{served}/situation/scan/")
    for question in page.locator("form fieldset").filter(has=page.get_by_role("radio")).all():
        question.get_by_role("radio").nth(1).check()
    page.get_by_role("button", name="See what it calls for").click()
    page.wait_for_url(f"{served}/situation/")
    page.goto(f"{served}/balance/")
    expect(page.locator("#lead")).to_contain_text("is called for (")


def connect(page: Page, served: str, remote: Radicale) -> None:
    page.goto(f"{served}/calendar/accounts/connect")
    page.get_by_label("Server").fill(remote.address)
    page.get_by_label("User name").fill(USER)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Connect").click()
    page.get_by_role("group", name="Write accepted blocks into").get_by_role("radio", name="Plans").check()
    page.get_by_role("button", name="Keep this choice").click()
    expect(page.get_by_text("Your choice is kept.")).to_be_visible()
    page.goto(f"{served}/calendar/sources/")
    expect(page.get_by_text("Blocks are written here")).to_be_visible()


def lying(remote: Radicale) -> dict[str, datetime]:
    """What another client finds in the calendar: titles and starts."""
    with DAVClient(url=remote.address, username=USER, password=PASSWORD) as client:
        (found,) = client.principal().calendars()  # type: ignore[no-untyped-call]
        components = [event.icalendar_component for event in found.events()]
        return {str(each["SUMMARY"]): each.decoded("DTSTART").astimezone(UTC) for each in components}


def move(remote: Radicale, title: str, by: timedelta) -> datetime:
    """Another client moves an entry; where to."""
    with DAVClient(url=remote.address, username=USER, password=PASSWORD) as client:
        (found,) = client.principal().calendars()  # type: ignore[no-untyped-call]
        event = next(each for each in found.events() if each.icalendar_component["SUMMARY"] == title)
        component = event.icalendar_component
        start, end = component.decoded("DTSTART") + by, component.decoded("DTEND") + by
        for name, moment in (("DTSTART", start), ("DTEND", end)):
            del component[name]
            component.add(name, moment)
        event.save()
        return datetime.fromisoformat(start.isoformat()).astimezone(UTC)


def wait_for(page: Page, holds: Callable[[], bool]) -> None:
    """Until the worker has done it; it looks every half a minute."""
    for _ in range(150):
        if holds():
            return
        page.wait_for_timeout(500)
    pytest.fail("It was not done in time.")


def shown(start: datetime) -> str:
    """Half an hour as khal shows it."""
    local = start.astimezone(ZoneInfo("Europe/Berlin"))
    return f"{local:%H:%M}-{local + timedelta(minutes=30):%H:%M}"


def week_of(day: date) -> str:
    return f"/?week={day}"


class TestTheLoop:
    def test_goes_round(self, served: str, watched: Open, remote: Radicale, work: Path, tmp_path: Path) -> None:
        page = watched(timezone_id="Europe/Berlin", viewport={"width": 1280, "height": 900})
        hand_in(page, served, work)
        scan(page, served)

        page.goto(f"{served}/plan/settings/")
        page.get_by_label("Name", exact=True).fill("Zora Okafor")
        page.get_by_role("button", name="Add", exact=True).click()
        page.goto(served + week_of(MONDAY))
        expect(page.locator(".lead-in").first).to_be_visible()
        page.get_by_role("button", name="Propose next week").click()
        expect(page.get_by_text("best possible plan")).to_be_visible()
        expect(page.locator(".plan-block", has_text="1:1 Zora").locator(".reason")).to_contain_text(
            "one-to-one with Zora"
        )
        page.get_by_role("button", name="Accept all").click()
        expect(page.get_by_role("status")).to_contain_text("accepted")

        connect(page, served, remote)
        page.goto(served + week_of(MONDAY))
        accepted = page.locator(".plan-block.accepted").count()
        page.get_by_role("button", name="Write to my calendar").click()
        expect(page.get_by_role("status")).to_contain_text("on their way to your calendar")
        wait_for(page, lambda: len(lying(remote)) > 0)
        page.wait_for_timeout(1000)
        there = lying(remote)
        assert "1:1 Zora" in there
        assert len(there) <= accepted

        home = made_home(tmp_path / "home", "plans")
        sync(home, remote, "plans")
        assert f"{shown(there['1:1 Zora'])} 1:1 Zora people" in listed(home, MONDAY, days=7)

        moved_to = move(remote, "1:1 Zora", timedelta(minutes=30))

        def is_read_back() -> bool:
            page.goto(f"{served}/calendar/sources/")
            page.get_by_role("button", name="Read now Plans").click()
            page.wait_for_load_state()
            page.goto(served + week_of(MONDAY))
            return page.locator(".plan-block.shifted").count() > 0

        wait_for(page, is_read_back)
        block = page.locator(".plan-block.shifted")
        expect(block.locator(".block-title")).to_contain_text("1:1 Zora")
        local = page.evaluate("iso => new Date(iso).toTimeString().slice(0, 5)", moved_to.isoformat())
        expect(block.locator(".block-when")).to_contain_text(local)
        page.goto(f"{served}/plan/review/?week={MONDAY}")
        expect(page.get_by_role("row", name="1:1 Zora").last).to_contain_text("moved")
        page.goto(served + week_of(MONDAY))
        page.get_by_role("button", name="Propose again").click()
        expect(block.locator(".block-title")).to_contain_text("1:1 Zora")
        expect(block.locator(".block-when")).to_contain_text(local)
        SCREENSHOTS.mkdir(exist_ok=True)
        page.screenshot(path=SCREENSHOTS / f"loop-{work.stem}.png", full_page=True)
        assert lying(remote)["1:1 Zora"] == moved_to
        sync(home, remote, "plans")
        assert f"{shown(moved_to)} 1:1 Zora people" in listed(home, MONDAY, days=7)
