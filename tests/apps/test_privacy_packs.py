"""What is kept of people, told from the register and the settings as they are."""

import re

import pytest
from django.test import Client
from pytest_django import Settings
from tests.cast import NOW, Cast

from equipoise.apps.people.models import Person
from equipoise.apps.privacy.models import Retention
from equipoise.platform.records import Ground, kinds


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def downloaded(client: Client, what: str, kind: str = "md", language: str = "en") -> str:
    answer = client.get("/organisation/privacy-pack/download", {"what": what, "as": kind, "language": language})
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment;")
    return answer.content.decode()


class TestWhatIsKeptOfPeople:
    @pytest.mark.parametrize("who", ["lena", "tom", "ines", "ada", "vera", "sam"])
    def test_is_read_by_everybody_here(self, cast: Cast, who: str) -> None:
        page = signed_in(getattr(cast, who)).get("/privacy/").content.decode()
        for kind in kinds():
            if kind.ground is not Ground.NONE:
                assert str(kind.name).replace("'", "&#x27;") in page

    def test_says_the_times_an_administrator_chose(self, cast: Cast) -> None:
        Retention.objects.create(kind="readings", days=45, changed_at=NOW, changed_by_id=cast.ada.pk)
        assert "45 days." in signed_in(cast.tom).get("/privacy/").content.decode()

    def test_says_the_settings_as_they_are(self, cast: Cast, settings: Settings) -> None:
        client = signed_in(cast.tom)
        assert "off; none is sent" in client.get("/privacy/").content.decode()
        settings.PUBLIC_ADDRESS, settings.EMAIL_HOST = "https://eq.example", "mail.example"
        settings.PRIVATE_FEEDS = True
        page = client.get("/privacy/").content.decode()
        assert "sent through mail.example" in page
        assert "allowed" in page


class TestThePacks:
    @pytest.mark.parametrize("who", ["ada", "ines", "vera"])
    @pytest.mark.parametrize("what", ["record", "council", "statement"])
    def test_are_read_by_those_who_answer_for_it(self, cast: Cast, who: str, what: str) -> None:
        assert signed_in(getattr(cast, who)).get("/organisation/privacy-pack/", {"what": what}).status_code == 200

    @pytest.mark.parametrize("who", ["lena", "tom", "otto"])
    def test_are_not_offered_to_others(self, cast: Cast, who: str) -> None:
        client = signed_in(getattr(cast, who))
        assert client.get("/organisation/privacy-pack/").status_code == 403
        assert client.get("/organisation/privacy-pack/download").status_code == 403

    def test_hold_the_same_as_markdown_and_as_a_page(self, cast: Cast) -> None:
        client = signed_in(cast.ada)
        for what in ("record", "council", "statement"):
            markdown, page = downloaded(client, what), downloaded(client, what, "html")
            headings = re.findall(r"^## (.*)$", markdown, re.MULTILINE)
            assert headings
            assert re.findall(r"<h2>(.*?)</h2>", page) == headings
            assert "<script" not in page
            assert "http" not in page

    def test_write_tables_that_hold_together(self, cast: Cast) -> None:
        markdown = downloaded(signed_in(cast.ada), "record")
        for block in re.findall(r"(?:^\|.*\n)+", markdown, re.MULTILINE):
            assert len({len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}) == 1

    def test_say_what_it_does_not_do_and_how_to_check_it(self, cast: Cast) -> None:
        told = downloaded(signed_in(cast.ines), "council")
        assert "It ranks nobody" in told
        assert "## How to check it" in told

    def test_leave_open_what_only_the_organisation_knows(self, cast: Cast) -> None:
        assert "Controller, with address: ________" in downloaded(signed_in(cast.ada), "record")

    @pytest.mark.parametrize("asked", [{"what": "x"}, {"as": "exe"}, {"language": "../en"}])
    def test_are_not_made_of_anything_else(self, cast: Cast, asked: dict[str, str]) -> None:
        assert signed_in(cast.ada).get("/organisation/privacy-pack/download", asked).status_code == 404

    def test_hold_nothing_of_anybody(self, cast: Cast) -> None:
        told = downloaded(signed_in(cast.ada), "record") + downloaded(signed_in(cast.ada), "council")
        assert not any(person.name in told or person.email in told for person in Person.objects.all())
