"""One person takes their data along and has it erased; an auditor finds the acts, and that the trail is whole."""

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.cast import PASSWORD
from tests.journeys.conftest import SCREENSHOTS, running
from tests.journeys.test_every_page import violations

PLAY = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "equipoise.config.settings"
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from tests.cast import play
play()
"""
TIME_PASSES = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "equipoise.config.settings"
import django
django.setup()
from datetime import timedelta
from equipoise.apps.people.models import Person
for person in Person.objects.exclude(erase_after=None):
    person.erase_after -= timedelta(days=15)
    person.save(update_fields=["erase_after"])
from django.utils import timezone
from equipoise.apps.privacy import tasks
tasks.tick(timezone.now())
"""

pytestmark = pytest.mark.browser


def in_python(script: str, data: Path) -> None:
    root = Path(__file__).resolve().parents[2]
    environment = {**os.environ, "EQUIPOISE_DATA": str(data), "PYTHONPATH": f"{root / 'src'}:{root}"}
    subprocess.run([sys.executable, "-c", script], env=environment, check=True, timeout=120)


def signed_in(browser: Browser, address: str, who: str, *, bypass_csp: bool = False) -> Page:
    page = browser.new_context(accept_downloads=True, bypass_csp=bypass_csp).new_page()
    page.goto(f"{address}/sign-in/")
    page.get_by_label("E-mail address").fill(f"{who}@agency.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(f"{address}/")
    return page


class TestAPersonWhoWantsToBeForgotten:
    def test_takes_everything_along_and_is_erased_after_the_waiting_time(
        self, browser: Browser, tmp_path: Path
    ) -> None:
        data = tmp_path / "data"
        data.mkdir()
        in_python(PLAY, data)
        with running(data, "--no-worker") as address:
            tom = signed_in(browser, address, "tom")
            tom.goto(f"{address}/your-data/")
            with tom.expect_download() as download:
                tom.get_by_role("button", name="Download everything").click()
            with zipfile.ZipFile(io.BytesIO(Path(download.value.path()).read_bytes())) as archive:
                told = json.loads(archive.read("everything.json"))
            assert told["person"]["name"] == "Tom Okafor"
            assert told["memberships"][0]["team"] == "Client services"

            tom.get_by_role("link", name="Erase everything").click()
            tom.get_by_label("Type your e-mail address to confirm").fill("tom@agency.example")
            tom.get_by_role("button", name="Erase everything").click()
            expect(tom.get_by_text("Everything about you is erased on")).to_be_visible()
            tom.get_by_role("button", name="Erase nothing").click()
            expect(tom.get_by_text("Nothing is erased.")).to_be_visible()

            tom.goto(f"{address}/your-data/erase")
            tom.get_by_label("Type your e-mail address to confirm").fill("tom@agency.example")
            tom.get_by_role("button", name="Erase everything").click()
            in_python(TIME_PASSES, data)
            tom.goto(f"{address}/your-data/")
            expect(tom).to_have_url(f"{address}/sign-in/?next=/your-data/")

            vera = signed_in(browser, address, "vera")
            vera.goto(f"{address}/organisation/trail/")
            expect(vera.get_by_role("cell", name="person erased")).to_be_visible()
            assert "Tom Okafor" not in vera.content()
            vera.get_by_role("button", name="Check the chain").click()
            expect(vera.get_by_text("The chain is whole.")).to_be_visible()


PAGES = {
    "erase": ("ada", "/your-data/erase"),
    "retention": ("ada", "/organisation/retention/"),
    "leavers": ("ada", "/organisation/leavers/"),
    "for-the-council": ("ines", "/organisation/privacy-pack/?what=council"),
    "trail": ("vera", "/organisation/trail/"),
}


class TestThePagesOfThoseWhoAnswerForIt:
    def test_pass_axe_and_fit_a_narrow_screen(self, browser: Browser, tmp_path: Path) -> None:
        data = tmp_path / "data"
        data.mkdir()
        in_python(PLAY, data)
        SCREENSHOTS.mkdir(exist_ok=True)
        found: dict[str, list[str]] = {}
        with running(data, "--no-worker") as address:
            for name, (who, path) in PAGES.items():
                page = signed_in(browser, address, who, bypass_csp=True)
                for look, width in (("light", 1280), ("dark", 320)):
                    page.set_viewport_size({"width": width, "height": 860})
                    page.emulate_media(color_scheme=look)  # type: ignore[arg-type]
                    page.goto(address + path)
                    page.screenshot(path=SCREENSHOTS / f"{name}-{look}.png", full_page=True)
                    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                    found[f"{name} {look}"] = violations(page) + ([f"{wide} px too wide"] if wide > 0 else [])
        assert {name: each for name, each in found.items() if each} == {}
