"""An administrator hands tables in, sees all that is wrong, carries the rest out, looks at it, and undoes it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.journeys.conftest import looked_at, running
from tests.journeys.test_people_journey import DARK, LIGHT, PHONE

pytestmark = pytest.mark.browser

OWNER = {"EQUIPOISE_OWNER_EMAIL": "ada@agency.example", "EQUIPOISE_OWNER_PASSWORD": "a boat, a lamp, a hill"}
TEAMS = "Name;Kürzel;Gehört zu\nHaus;H;\nVertrieb;V;Haus\n"
PEOPLE = (
    "Vorname;Nachname;E-Mail;Ebene;Abteilung;Leitet;Berichtet an;Rolle\n"
    "Jo;Winter;jo@agency.example;member;V;;kim@agency.example;Administrator\n"
    "Kim;Sommer;kim@agency.example;team_lead;Haus / Vertrieb;ja;;\n"
    "Nobody;Here;no address;boss;Nowhere;;x@agency.example;\n"
)


def signed_in(page: Page, server: str, way: str) -> Page:
    page.goto(f"{server}/sign-in/?next={way}")
    page.get_by_label("E-mail address").fill(OWNER["EQUIPOISE_OWNER_EMAIL"])
    page.get_by_label("Password", exact=True).fill(OWNER["EQUIPOISE_OWNER_PASSWORD"])
    page.get_by_role("button", name="Sign in", exact=True).click()
    return page


def test_tables_come_in_and_go_out_again(tmp_path: Path, watched: Callable[..., Page]) -> None:
    files = [tmp_path / "leute.csv", tmp_path / "teams.csv"]
    for file, text in zip(files, (PEOPLE, TEAMS), strict=True):
        file.write_text(text, encoding="cp1252")
    with running(tmp_path / "data", **OWNER) as server:
        page = signed_in(watched(**LIGHT), server, "/organisation/import/")
        looked_at(page, "import")
        page.get_by_label("Tables of people, teams or both").set_input_files(files)
        page.get_by_role("button", name="See what would change").click()
        plan = page.url
        expect(page.get_by_role("row", name="boss")).to_contain_text("is no level")
        expect(page.get_by_text("roles are given by hand")).to_be_visible()
        looked_at(page, "import-errors")
        for name, look in (("dark", DARK), ("phone", PHONE), ("narrow", {"viewport": {"width": 320, "height": 700}})):
            other = signed_in(watched(**look), server, "/organisation/import/")
            for tab in ("changes", "errors", "missing"):
                other.goto(f"{plan}?show={tab}")
                looked_at(other, f"import-{tab}-{name}")
        page.get_by_label("Leave 1 row with errors out, and carry out the rest").check()
        page.get_by_role("button", name="Carry out 4 changes").click()
        expect(page.get_by_text("2 people added")).to_be_visible()
        looked_at(page, "import-done")
        page.goto(f"{server}/people/?q=Kim")
        expect(page.get_by_role("link", name="Vertrieb")).to_be_visible()
        with page.expect_download() as download:
            page.goto(f"{server}/organisation/import/")
            page.get_by_role("link", name="Excel", exact=True).click()
        download.value.save_as(tmp_path / "out.xlsx")
        page.get_by_label("Tables of people, teams or both").set_input_files(tmp_path / "out.xlsx")
        page.get_by_role("button", name="See what would change").click()
        expect(page.get_by_text("All that the table says is so already.")).to_be_visible()
        page.get_by_role("button", name="Drop it").click()
        page.get_by_role("link", name="leute.csv").click()
        page.get_by_role("link", name="Undo it").click()
        looked_at(page, "import-undo")
        page.get_by_role("button", name="Undo it").click()
        expect(page.get_by_role("heading", name="Undone")).to_be_visible()
        page.goto(f"{server}/people/?q=Kim")
        expect(page.get_by_text("Nobody was found.")).to_be_visible()
        page.goto(f"{server}/organisation/archive/")
        looked_at(page, "archive")
