"""Who may open what: every address is tried as the signed-in owner, as an outsider, and as nobody."""

import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from tests.apps.calendar_texts import LENAS
from tests.cast import NOW, Cast
from tools.reference import access_page

from equipoise.adapters.ics import Upload, read_calendar
from equipoise.apps.calendars import actions
from equipoise.apps.calendars.models import Calendar, Correction, Entry, Import, Rule
from equipoise.core.facets import Purpose
from equipoise.platform.access import AccessRow, Audience, access_table

ROWS = list(access_table())
KEYS = re.compile(r"<int:(\w+)>")


@pytest.fixture
def lenas_keys(cast: Cast) -> dict[str, int]:
    """One record of Lena's for every kind of key in the addresses."""
    reading = read_calendar(
        [Upload(name="lena.ics", content=LENAS)], me=cast.lena.addresses, start=None, end=NOW, zone=ZoneInfo("UTC")
    )
    calendar = actions.store_reading(person=cast.lena, name="Lena's", reading=reading, now=NOW)
    entry = Entry.objects.filter(owner=cast.lena).order_by("pk").first()
    assert entry is not None
    correction = actions.correct(actor=cast.lena, entry=entry, purpose=Purpose.PEOPLE, now=NOW)
    rule = actions.make_rule(actor=cast.lena, words="x", purpose=Purpose.OTHER, all_day_counts=False, now=NOW)
    job = Import.objects.create(owner=cast.lena, name="x.ics", started_at=timezone.now(), state=Import.State.DONE)
    return {
        "calendar_id": calendar.pk,
        "entry_id": entry.pk,
        "correction_id": correction.pk,
        "rule_id": rule.pk,
        "import_id": job.pk,
    }


def address(row: AccessRow, keys: dict[str, int]) -> str:
    return KEYS.sub(lambda found: str(keys[found.group(1)]), row.route)


def ask(client: Client, method: str, path: str) -> HttpResponse:
    return getattr(client, method.lower())(path)  # type: ignore[no-any-return]


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
class TestEveryAddress:
    def test_sends_nobody_away_to_sign_in(self, row: AccessRow, cast: Cast, lenas_keys: dict[str, int]) -> None:
        for method in row.access.methods:
            response = ask(Client(), method, address(row, lenas_keys))
            if row.access.audience is Audience.SELF:
                assert response.status_code == 302
                assert response["Location"].startswith("/sign-in/")
            else:
                assert response.status_code < 500

    def test_shows_an_outsider_nothing_of_lenas(
        self, row: AccessRow, as_otto: Client, lenas_keys: dict[str, int]
    ) -> None:
        path = address(row, lenas_keys)
        for method in row.access.methods:
            response = ask(as_otto, method, path)
            assert response.status_code < 500
            if KEYS.search(row.route):
                assert response.status_code == 404
            for word in (b"1:1 Tom", b"Budget review", b"Lena"):
                assert word not in response.content
        assert Calendar.objects.count() == Rule.objects.count() == Correction.objects.count() == 1

    def test_lets_the_owner_in(self, row: AccessRow, as_lena: Client, lenas_keys: dict[str, int]) -> None:
        if "GET" in row.access.methods:
            assert ask(as_lena, "GET", address(row, lenas_keys)).status_code in {200, 302}

    def test_refuses_a_method_it_does_not_name(
        self, row: AccessRow, as_lena: Client, lenas_keys: dict[str, int]
    ) -> None:
        for method in {"GET", "POST", "PUT", "DELETE"} - set(row.access.methods):
            assert ask(as_lena, method, address(row, lenas_keys)).status_code == 405


class TestTheAccessTable:
    def test_stands_in_the_docs_as_the_code_has_it(self) -> None:
        page = Path(__file__).parents[2] / "docs" / "reference" / "access.md"
        assert page.read_text(encoding="utf-8") == access_page()

    def test_says_post_for_every_change(self) -> None:
        changing = [row for row in ROWS if row.route.endswith(("purpose", "undo", "drop", "export", "unplanned"))]
        assert changing
        assert all(row.access.methods == ("POST",) for row in changing)
