"""Everything of a person as one archive: whole, readable elsewhere, and theirs alone."""

import csv
import hashlib
import io
import json
import zipfile
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from icalendar import Calendar as Parsed
from tests.apps.calendar_texts import LENAS
from tests.cast import NOW, Cast

from equipoise.adapters.ics import Upload, read_calendar
from equipoise.apps.calendars import actions as calendars
from equipoise.apps.integrations.actions import make_token
from equipoise.apps.people.models import Position
from equipoise.apps.privacy import tasks
from equipoise.apps.privacy.models import Package
from equipoise.apps.privacy.own_data import actions, packing
from equipoise.platform.api import Scope

FORMULA = '=HYPERLINK("http://x")'


@pytest.fixture
def lenas(cast: Cast) -> Cast:
    """The cast, with Lena's calendar read and a rule that looks like a formula."""
    reading = read_calendar(
        [Upload(name="lena.ics", content=LENAS)], me=cast.lena.addresses, start=None, end=NOW, zone=ZoneInfo("UTC")
    )
    calendars.store_reading(person=cast.lena, name="Lena's", reading=reading, now=NOW)
    calendars.make_rule(actor=cast.lena, person=cast.lena, words=FORMULA, purpose=None, all_day_counts=True, now=NOW)
    return cast


def opened(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


class TestTheArchive:
    def test_holds_everything_the_json_file_holds(self, lenas: Cast, as_lena: Client) -> None:
        files = opened(as_lena.post("/your-data/export", {"as": "zip"}).content)
        told = json.loads(as_lena.post("/your-data/export").content)
        packed = json.loads(files["everything.json"])
        assert {key for key in told if told[key] != packed[key]} <= {"exported_at", "trail"}

    def test_lists_its_files_with_rows_and_digests(self, lenas: Cast, as_lena: Client) -> None:
        files = opened(as_lena.post("/your-data/export", {"as": "zip"}).content)
        manifest = json.loads(files.pop("manifest.json"))
        assert {each["name"] for each in manifest["files"]} == set(files)
        for each in manifest["files"]:
            assert each["sha256"] == hashlib.sha256(files[each["name"]]).hexdigest()
            if each["name"].endswith(".csv"):
                assert len(table(files[each["name"]])) == each["rows"]

    def test_holds_entries_as_a_table_and_as_a_calendar(self, lenas: Cast, as_lena: Client) -> None:
        files = opened(as_lena.post("/your-data/export", {"as": "zip"}).content)
        rows = table(files["tables/calendars.csv"])
        events = Parsed.from_ical(files["calendars/1.ics"]).walk("VEVENT")
        titles = {row["title"] for row in rows}
        assert "1:1 Tom" in titles
        assert {str(event["summary"]) for event in events} <= titles | {"–"}
        assert len(events) == sum(row["start"] < row["end"] for row in rows)

    def test_lets_nothing_become_a_formula(self, lenas: Cast, as_lena: Client) -> None:
        files = opened(as_lena.post("/your-data/export", {"as": "zip"}).content)
        assert table(files["tables/rules.csv"])[0]["words"] == f"'{FORMULA}"

    def test_holds_ones_place_in_the_organisation_and_tokens_without_secrets(self, cast: Cast) -> None:
        Position.objects.create(person=cast.tom, title="Consultant", level="member", from_day=NOW.date())
        secret = make_token(
            actor=cast.tom, person=cast.tom, name="Script", scopes=[Scope.READ], expires_at=None, now=NOW
        )
        client = Client()
        client.force_login(cast.tom)
        told = json.loads(client.post("/your-data/export").content)
        assert told["memberships"][0]["team"] == "Client services"
        assert told["reporting_lines"][0]["to"] == "Lena Hartmann"
        assert told["positions"][0]["title"] == "Consultant"
        assert told["tokens"][0]["name"] == "Script"
        assert secret not in json.dumps(told)
        assert "digest" not in json.dumps(told["tokens"])


class TestALargeOne:
    @pytest.fixture(autouse=True)
    def _few_are_many(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(packing, "MANY_ENTRIES", 3)

    def test_is_packed_in_the_background_and_fetched(self, lenas: Cast, as_lena: Client) -> None:
        assert as_lena.post("/your-data/export", {"as": "zip"}).status_code == 302
        package = Package.objects.get()
        assert f"/your-data/packages/{package.pk}" in as_lena.get("/your-data/").content.decode()
        answer = as_lena.get(f"/your-data/packages/{package.pk}")
        assert "everything.json" in opened(answer.content)
        assert len(answer.content) == package.size

    def test_is_encrypted_while_it_waits(self, lenas: Cast, as_lena: Client) -> None:
        as_lena.post("/your-data/export", {"as": "zip"})
        with default_storage.open(Package.objects.get().file) as file:
            kept = file.read()
        assert not zipfile.is_zipfile(io.BytesIO(kept))
        assert b"everything" not in kept

    def test_is_nobody_elses(self, lenas: Cast, as_lena: Client, as_otto: Client) -> None:
        as_lena.post("/your-data/export", {"as": "zip"})
        assert as_otto.get(f"/your-data/packages/{Package.objects.get().pk}").status_code == 404

    def test_is_packed_once_at_a_time(self, lenas: Cast) -> None:
        first = actions.ask_for_package(actor=lenas.lena, person=lenas.lena, now=NOW)
        assert first is not None
        assert actions.ask_for_package(actor=lenas.lena, person=lenas.lena, now=NOW) is None
        actions.pack(first.pk, now=NOW)
        assert actions.ask_for_package(actor=lenas.lena, person=lenas.lena, now=NOW) is not None

    def test_is_taken_up_again_when_its_worker_died(self, lenas: Cast) -> None:
        package = actions.ask_for_package(actor=lenas.lena, person=lenas.lena, now=NOW)
        assert package is not None
        tasks.tick(NOW + timedelta(minutes=5))
        package.refresh_from_db()
        assert package.state == Package.State.WAITING
        tasks.tick(NOW + timedelta(minutes=11))
        package.refresh_from_db()
        assert package.state == Package.State.READY

    def test_says_when_it_failed_and_can_be_asked_for_again(
        self, lenas: Cast, as_lena: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(*_arguments: object) -> str:
            raise OSError("no space left")

        package = actions.ask_for_package(actor=lenas.lena, person=lenas.lena, now=NOW)
        assert package is not None
        with monkeypatch.context() as patched:
            patched.setattr(packing, "store", full)
            with pytest.raises(OSError, match="no space"):
                actions.pack(package.pk, now=NOW)
        assert "packing it failed" in as_lena.get("/your-data/").content.decode()
        assert actions.ask_for_package(actor=lenas.lena, person=lenas.lena, now=NOW) is not None

    def test_is_gone_with_the_person(self, lenas: Cast, as_lena: Client) -> None:
        as_lena.post("/your-data/export", {"as": "zip"})
        file = Package.objects.get().file
        packing.drop_files(lenas.lena.pk)
        assert not default_storage.exists(file)
        assert as_lena.get(f"/your-data/packages/{Package.objects.get().pk}").status_code == 404
