import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from click.testing import CliRunner, Result
from icalendar import Calendar
from tests.cli.calendar_files import calendar, event

from equipoise.cli.app import equipoise

SCHEMA = json.loads(
    (Path(__file__).resolve().parents[2] / "docs" / "reference" / "plan.schema.json").read_text(encoding="utf-8")
)
WEEK = ("--week", "2026-11-23", "--zone", "Europe/Berlin")
FRAME = """
[hours]
days = ["mon", "tue", "wed", "thu", "fri"]
start = "08:00"
end = "18:00"

[limits]
minutes_a_day = 480
buffer = 15

[targets]
vision = [120, 240]
"""
STRATEGY = """
[[blocks]]
title = "Strategy"
facet = "vision"
minutes = 90
count = 2
earliest = "09:00"
latest = "17:00"
value = 80
split = false
"""
Planned = Callable[..., Result]


@pytest.fixture
def plan(tmp_path: Path) -> Planned:
    def run(wishes: str, *words: str, events: tuple[str, ...] = ()) -> Result:
        file, toml = tmp_path / "calendar.ics", tmp_path / "wishes.toml"
        file.write_text(calendar(*events), encoding="utf-8", newline="")
        toml.write_text(wishes, encoding="utf-8")
        given = ["plan", "--calendar", str(file), "--wishes", str(toml), *WEEK, *words]
        return CliRunner().invoke(equipoise, given)

    return run


def record(result: Result) -> dict[str, Any]:
    assert result.exit_code in {0, 5}, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    jsonschema.validate(found, SCHEMA)
    return found


def meeting(uid: str, start: str, minutes: int, *more: str) -> str:
    return event(uid, f"Meeting {uid}", start, minutes, *more)


class TestPlan:
    def test_answers_as_the_schema_says(self, plan: Planned) -> None:
        found = record(plan(FRAME + STRATEGY, "--format", "json", events=(meeting("a", "20261123T083000Z", 60),)))
        assert found["status"] == "optimal"
        assert found["objective"] == found["bound"]
        assert found["facets"] == {"vision": {"minutes": 180, "target_low": 120, "target_high": 240}}
        assert [block["title"] for block in found["blocks"]] == ["Strategy"] * 2
        assert found["fixed"] == {"entries": 1, "left_aside": {}}
        for block in found["blocks"]:
            start, end = (datetime.fromisoformat(block[name]) for name in ("start", "end"))
            assert (end - start).total_seconds() == 90 * 60
            assert start.hour >= 9
            assert end.hour * 60 + end.minute <= 17 * 60
            assert block["reason"].endswith(".")

    def test_takes_any_day_of_the_week(self, plan: Planned) -> None:
        found = record(plan(FRAME + STRATEGY, "--week", "2026-11-29", "--format", "json"))
        assert found["week"] == {"monday": "2026-11-23", "zone": "Europe/Berlin"}

    def test_keeps_the_buffer_from_an_entry(self, plan: Planned) -> None:
        wishes = (
            FRAME + '[[blocks]]\ntitle = "A"\nminutes = 30\nearliest = "mon 08:00"\nlatest = "mon 12:00"\nvalue = 1\n'
        )
        found = record(plan(wishes, "--format", "json", events=(meeting("a", "20261123T070000Z", 60),)))
        assert [block["start"] for block in found["blocks"]] == ["2026-11-23T09:15:00+01:00"]

    def test_leaves_aside_what_takes_no_time(self, plan: Planned) -> None:
        events = (
            meeting("free", "20261123T080000Z", 60, "TRANSP:TRANSPARENT"),
            meeting("off", "20261123T090000Z", 60, "STATUS:CANCELLED"),
            meeting("no", "20261124T090000Z", 60, "ATTENDEE;PARTSTAT=DECLINED:mailto:lena@example.org"),
            meeting("yes", "20261125T090000Z", 60),
        )
        found = record(plan(FRAME, "--format", "json", "--me", "lena@example.org", events=events))
        assert found["fixed"] == {"entries": 1, "left_aside": {"cancelled": 1, "declined": 1, "shown as free": 1}}

    def test_places_a_block_without_a_value_whatever_else(self, plan: Planned) -> None:
        must = '[[blocks]]\ntitle = "Must"\nminutes = 60\nearliest = "tue 09:00"\nlatest = "tue 10:00"\n'
        other = must.replace("Must", "Worth much") + "value = 1000\n"
        found = record(plan(FRAME + other + must, "--format", "json"))
        assert [block["title"] for block in found["blocks"]] == ["Must"]
        assert [(each["title"], each["why"]) for each in found["left_out"]] == [("Worth much", "no_room")]

    def test_names_what_is_too_long_and_where_most_room_is(self, plan: Planned) -> None:
        days = (f"202611{day}T080000Z" for day in range(23, 28))
        events = tuple(meeting(str(number), start, 240) for number, start in enumerate(days))
        long = '[[blocks]]\ntitle = "Long"\nminutes = 300\n'
        result = plan(FRAME + long + STRATEGY, "--format", "json", events=events)
        found = record(result)
        assert (result.exit_code, found["status"]) == (5, "infeasible")
        assert [block["title"] for block in found["blocks"]] == ["Strategy"] * 2
        (sentence,) = found["conflicts"]
        assert "'Long' needs 300 minutes unbroken" in sentence
        assert "285 minutes (Monday 13:15 to 18:00)" in sentence

    def test_names_two_wishes_for_one_hour(self, plan: Planned) -> None:
        one = '[[blocks]]\ntitle = "One"\nminutes = 60\nearliest = "tue 09:00"\nlatest = "tue 10:00"\n'
        result = plan(FRAME + one + one.replace("One", "Two") + STRATEGY, "--format", "json")
        (sentence,) = record(result)["conflicts"]
        assert "'One'" in sentence
        assert "'Two'" in sentence
        assert "Strategy" not in sentence

    def test_moves_only_what_is_marked(self, plan: Planned) -> None:
        frame = FRAME.replace("18:00", "11:00").replace('"tue", "wed", "thu", "fri"', "")
        wishes = frame + '[[movable]]\ntitle = "meeting a"\n\n[[blocks]]\ntitle = "Long"\nminutes = 105\nvalue = 9\n'
        events = (meeting("a", "20261123T081500Z", 45),)
        found = record(plan(wishes, "--format", "json", events=events))
        assert [each["title"] for each in found["moves"]] == ["Meeting a"]
        assert record(plan(wishes.replace("meeting a", "x"), "--format", "json", events=events))["moves"] == []

    def test_keeps_the_way_to_an_entry_free(self, plan: Planned) -> None:
        wishes = FRAME + '[[travel]]\ntitle = "a"\nminutes = 60\n\n[[blocks]]\ntitle = "A"\nminutes = 30\nvalue = 1\n'
        wishes += 'earliest = "mon"\nlatest = "mon"\n'
        found = record(plan(wishes, "--format", "json", events=(meeting("a", "20261123T070000Z", 60),)))
        assert [block["start"] for block in found["blocks"]] == ["2026-11-23T10:00:00+01:00"]

    def test_tells_it_in_words(self, plan: Planned) -> None:
        result = plan(FRAME + STRATEGY)
        assert result.exit_code == 0
        assert "2 of 2 blocks placed, 3 h in all. No plan is worth more (proven)." in result.stdout
        assert "Monday 23 November" in result.stdout
        assert max(len(line) for line in result.stdout.splitlines()) <= 80

    def test_writes_a_calendar_that_updates_on_a_second_import(self, plan: Planned, tmp_path: Path) -> None:
        out = tmp_path / "plan.ics"
        uids = []
        for events in ((), (meeting("a", "20261123T080000Z", 120),)):
            result = plan(FRAME + STRATEGY, "--format", "ics", "--output", str(out), events=events)
            assert (result.exit_code, result.stdout) == (0, "")
            found = Calendar.from_ical(out.read_bytes())
            uids.append({str(each["uid"]) for each in found.walk("VEVENT")})
            assert {str(each["summary"]) for each in found.walk("VEVENT")} == {"Strategy"}
        assert uids[0] == uids[1]
        assert len(uids[0]) == 2

    def test_says_the_same_but_for_the_seconds(self, plan: Planned) -> None:
        first, second = (record(plan(FRAME + STRATEGY, "--format", "json")) for _ in range(2))
        del first["seconds"], second["seconds"]
        assert first == second

    def test_reads_calendars_named_one_after_the_other(self, tmp_path: Path) -> None:
        toml = tmp_path / "w.toml"
        toml.write_text(FRAME, encoding="utf-8")
        files = [tmp_path / f"{name}.ics" for name in "ab"]
        for number, file in enumerate(files):
            file.write_text(calendar(meeting(str(number), f"2026112{4 + number}T080000Z", 60)), encoding="utf-8")
        words = ["plan", "--calendar", *map(str, files), "--wishes", str(toml), *WEEK, "--format", "json"]
        assert record(CliRunner().invoke(equipoise, words))["fixed"]["entries"] == 2

    def test_writes_nothing_but_json_in_a_process_of_its_own(self, tmp_path: Path) -> None:
        toml = tmp_path / "w.toml"
        toml.write_text(FRAME + STRATEGY, encoding="utf-8")
        command = [str(Path(sys.executable).parent / "equipoise"), "plan", "--wishes", str(toml), *WEEK]
        done = subprocess.run([*command, "--format", "json"], capture_output=True, check=True, env=dict(os.environ))
        assert json.loads(done.stdout)["status"] == "optimal"
        assert done.stderr == b""

    def test_plans_around_a_work_calendar(self, plan: Planned, shared: Path, tmp_path: Path) -> None:
        toml = tmp_path / "w.toml"
        toml.write_text(FRAME + STRATEGY, encoding="utf-8")
        file = shared / "calendars" / "scrubbed_work_calendar.ics"
        words = ["plan", "--calendar", str(file), "--wishes", str(toml), "--zone", "Europe/Berlin", "--format", "json"]
        for week in ("2012-04-16", "2011-05-09", "2010-12-06"):
            found = record(CliRunner().invoke(equipoise, [*words, "--week", week]))
            assert found["status"] == "optimal"
            assert found["fixed"]["entries"] > 10


class TestErrors:
    @pytest.mark.parametrize(
        ("wishes", "sentence"),
        [
            ("[hours", "no TOML"),
            ("[hour]\n", "'hour' is not known here"),
            ('[hours]\ndays = ["mo"]\n', "[hours]: days must be a list of days"),
            ("[hours]\ndays = []\n", "[hours]: days must be a list of days"),
            ('[hours]\nstart = "18:00"\nend = "08:00"\n', "[hours]: end must come after start"),
            ('[hours]\nstart = "25:00"\n', '[hours]: start must be a time of day such as "09:00", and is "25:00"'),
            ("[limits]\nminutes_a_day = -1\n", "[limits]: minutes_a_day must be a whole number from 0"),
            ("[limits]\nbuffer = true\n", "[limits]: buffer must be a whole number"),
            ("[limits]\nbuffer = 1.5\n", "[limits]: buffer must be a whole number"),
            ("limits = 3\n", "limits must be a table, written [limits]"),
            ("[targets]\nvission = [1, 2]\n", "[targets]: 'vission' is no facet"),
            ("[targets]\nvision = [2, 1]\n", "[targets]: vision must run from a lower to a higher"),
            ("[targets]\nvision = 5\n", "[targets]: vision must be two whole numbers"),
            ("[blocks]\ntitle = 'A'\n", "blocks must be tables, each written [[blocks]]"),
            ("[[blocks]]\nminutes = 5\n", "[[blocks]] 1: title is missing"),
            ("[[blocks]]\ntitle = 'A'\n", "[[blocks]] 1: minutes is missing"),
            ("[[blocks]]\ntitle = 'A'\nminutes = 0\n", "[[blocks]] 1: minutes must be a whole number from 1"),
            ("[[blocks]]\ntitle = 'A'\nminutes = 5\nfacet = 'art'\n", "[[blocks]] 1: facet must be a facet"),
            ("[[blocks]]\ntitle = 'A'\nminutes = 5\nvalue = 'x'\n", "[[blocks]] 1: value must be a number"),
            ("[[blocks]]\ntitle = 'A'\nminutes = 5\nvalue = nan\n", "[[blocks]] 1: value must be a number"),
            ("[[blocks]]\ntitle = 'A'\nminutes = 5\ncount = 1000\n", "[[blocks]] 1: count must be a whole number"),
            ("[[blocks]]\ntitle = 'A'\nminutes = 5\nearliest = 'soon'\n", "[[blocks]] 1: earliest must be a time"),
            ("[[blocks]]\ntitle = 'A'\nminutes = 5\nlatest = 9999-12-31T23:59:59Z\n", "[[blocks]] 1: latest must be"),
            ("[[blocks]]\ntitle = 'A'\nminutes = 5\nsplit = 1\n", "[[blocks]] 1: split must be true or false"),
            ("[[blocks]]\ntitle = 'A'\nminutes = 5\nminuets = 1\n", "[[blocks]] 1: 'minuets' is not known here"),
            ("[lunch]\nstart = '12:00'\nend = '12:30'\nminutes = 45\n", "[lunch]: minutes must fit"),
        ],
    )
    def test_name_table_and_key(self, plan: Planned, wishes: str, sentence: str) -> None:
        result = plan(wishes)
        assert result.exit_code == 3
        assert sentence in result.stderr
        assert "wishes.toml" in result.stderr
        assert "Traceback" not in result.output

    def test_name_a_missing_file(self, tmp_path: Path) -> None:
        result = CliRunner().invoke(equipoise, ["plan", "--wishes", str(tmp_path / "no.toml"), *WEEK])
        assert result.exit_code == 3
        assert "Cannot read" in result.stderr

    def test_name_a_calendar_that_is_none(self, tmp_path: Path) -> None:
        toml = tmp_path / "w.toml"
        toml.write_text("", encoding="utf-8")
        words = ["plan", "--calendar", str(tmp_path / "no.ics"), "--wishes", str(toml), *WEEK]
        assert CliRunner().invoke(equipoise, words).exit_code == 3

    def test_refuse_a_file_that_is_no_text(self, tmp_path: Path) -> None:
        toml = tmp_path / "w.toml"
        toml.write_bytes(b"\xff\xfe\x00")
        result = CliRunner().invoke(equipoise, ["plan", "--wishes", str(toml), *WEEK])
        assert result.exit_code == 3
        assert "no text in UTF-8" in result.stderr


class TestMoments:
    @pytest.mark.parametrize(
        ("written", "start"),
        [
            ('"13:00"', "2026-11-23T13:00"),
            ("13:00:00", "2026-11-23T13:00"),
            ('"tue"', "2026-11-24T08:00"),
            ('"Tuesday 10:00"', "2026-11-24T10:00"),
            ("2026-11-25", "2026-11-25T08:00"),
            ('"2026-11-25"', "2026-11-25T08:00"),
            ("2026-11-25T10:00:00", "2026-11-25T10:00"),
            ("2026-11-25T10:00:00Z", "2026-11-25T11:00"),
            ('"2026-11-25 10:00"', "2026-11-25T10:00"),
        ],
    )
    def test_are_read_as_people_write_them(self, plan: Planned, written: str, start: str) -> None:
        wishes = f'{FRAME}[[blocks]]\ntitle = "A"\nminutes = 30\nvalue = 1\nearliest = {written}\n'
        (block,) = record(plan(wishes, "--format", "json"))["blocks"]
        assert block["start"].startswith(start)
