import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.cli.calendar_files import calendar, event, weekly_calendar

from equipoise.cli.app import equipoise

PERIOD = ("--from", "2026-01-05", "--to", "2026-03-02", "--zone", "Europe/Berlin", "--me", "lena@example.org")
Measure = Callable[..., Result]


@pytest.fixture
def measure() -> Measure:
    def run(*words: str | Path, stdin: bytes | None = None) -> Result:
        return CliRunner().invoke(equipoise, ["measure", *map(str, words)], input=stdin)

    return run


def alone(*words: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the installed command in a process of its own."""
    command = [str(Path(sys.executable).parent / "equipoise"), *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **environment})


def record(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


class TestMeasure:
    def test_answers_in_a_process_of_its_own(self, tmp_path: Path) -> None:
        file = weekly_calendar(tmp_path)
        done = alone("measure", file, *PERIOD)
        assert done.returncode == 0, done.stderr
        assert "You lead" in done.stdout
        assert done.stderr == ""

    def test_says_the_same_to_the_byte(self, tmp_path: Path) -> None:
        file = weekly_calendar(tmp_path)
        first, second = (alone("measure", file, *PERIOD, "--format", "json", PYTHONHASHSEED=seed) for seed in "12")
        assert first.stdout == second.stdout != ""

    def test_finds_leading_and_managing(self, tmp_path: Path, measure: Measure) -> None:
        found = record(measure(weekly_calendar(tmp_path), *PERIOD, "--format", "json"))
        assert found["period"] == {"from": "2026-01-05", "to": "2026-03-02", "zone": "Europe/Berlin"}
        assert found["counted"] == {"entries": 40, "hours": 40.0}
        assert found["leading"]["low"] <= found["leading"]["share"] <= found["leading"]["high"]
        assert found["leading"]["share"] + found["managing"]["share"] == pytest.approx(1)
        assert len(found["weeks"]) == 8

    def test_includes_the_first_day_and_not_the_last(self, tmp_path: Path, measure: Measure) -> None:
        file = tmp_path / "c.ics"
        file.write_text(
            calendar(event("a", "A", "20260105T000000", 60), event("b", "B", "20260106T000000", 60)), encoding="utf-8"
        )
        days = ("--from", "2026-01-05", "--to", "2026-01-06", "--zone", "Asia/Tokyo", "--format", "json")
        assert record(measure(file, *days))["counted"] == {"entries": 1, "hours": 1.0}

    def test_leaves_a_declined_invitation_out_by_the_owners_address(self, tmp_path: Path, measure: Measure) -> None:
        declined = event("d", "Party", "20260106T150000", 60, "ATTENDEE;PARTSTAT=DECLINED:mailto:lena@example.org")
        found = record(measure(weekly_calendar(tmp_path, declined), *PERIOD, "--format", "json"))
        assert found["left_out"]["declined"] == {"entries": 1, "hours": 1.0}

    def test_counts_an_all_day_offsite_as_working_hours(self, tmp_path: Path, measure: Measure) -> None:
        offsite = (
            "BEGIN:VEVENT\r\nUID:o\r\nSUMMARY:Leadership off-site\r\nTRANSP:TRANSPARENT\r\n"
            "DTSTART;VALUE=DATE:20260116\r\nDTEND;VALUE=DATE:20260118\r\nEND:VEVENT\r\n"
        )
        file = weekly_calendar(tmp_path, offsite, weeks=1)
        without = record(measure(file, *PERIOD, "--format", "json"))
        with_rule = record(
            measure(
                file, *PERIOD, "--format", "json", "--all-day-hours", "9:00-16:00", "--all-day-matching", "off-site"
            )
        )
        assert with_rule["counted"]["hours"] == without["counted"]["hours"] + 7

    def test_carries_unplanned_talk_as_its_own_line(self, tmp_path: Path, measure: Measure) -> None:
        file = weekly_calendar(tmp_path)
        known = record(measure(file, *PERIOD, "--format", "json", "--unplanned-hours", "5"))
        unknown = record(measure(file, *PERIOD, "--format", "json"))
        assert known["unplanned"]["hours_per_week"] == 5
        assert known["facets"] == unknown["facets"]
        assert unknown["unplanned"] is None
        assert any("Unplanned talk is not known" in warning for warning in unknown["warnings"])

    def test_reads_standard_input(self, tmp_path: Path, measure: Measure) -> None:
        data = weekly_calendar(tmp_path).read_bytes()
        assert record(measure("-", *PERIOD, "--format", "json", stdin=data))["counted"]["entries"] == 40

    @pytest.mark.parametrize(
        ("shape", "start"), [("csv", "week,"), ("svg", "<?xml"), ("html", "<!doctype"), ("text", "L")]
    )
    def test_writes_each_format_to_a_file(self, tmp_path: Path, measure: Measure, shape: str, start: str) -> None:
        out = tmp_path / f"out.{shape}"
        result = measure(weekly_calendar(tmp_path), *PERIOD, "--format", shape, "--output", out)
        assert result.exit_code == 0
        assert result.stdout == ""
        assert out.read_text(encoding="utf-8").startswith(start)

    def test_draws_with_plain_signs_where_others_are_unknown(self, tmp_path: Path) -> None:
        done = alone("measure", weekly_calendar(tmp_path), *PERIOD, PYTHONIOENCODING="ascii")
        assert done.returncode == 0, done.stderr
        assert done.stdout.isascii()

    def test_says_when_nothing_counts(self, tmp_path: Path, measure: Measure) -> None:
        file = weekly_calendar(tmp_path)
        result = measure(file, "--from", "2027-01-04", "--to", "2027-02-01", "--zone", "UTC")
        assert result.exit_code == 0
        assert "nothing can be measured" in " ".join(result.stdout.split())


class TestWithoutAPeriod:
    def test_takes_the_last_weeks_that_hold_evidence(self, tmp_path: Path, measure: Measure) -> None:
        file = tmp_path / "c.ics"
        file.write_text(
            calendar(event("a", "Sprint", "20190107T090000", 60, "RRULE:FREQ=WEEKLY;COUNT=20")), encoding="utf-8"
        )
        found = record(measure(file, "--zone", "Europe/Berlin", "--format", "json"))
        assert found["period"] == {"from": "2019-03-04", "to": "2019-05-27", "zone": "Europe/Berlin"}
        assert any("12 whole weeks" in warning for warning in found["warnings"])

    def test_refuses_when_all_lies_ahead(self, tmp_path: Path, measure: Measure) -> None:
        file = tmp_path / "c.ics"
        file.write_text(calendar(event("a", "Sprint", "29990107T090000", 60)), encoding="utf-8")
        result = measure(file, "--zone", "UTC")
        assert result.exit_code == 3
        assert "--from" in result.stderr


class TestTroubles:
    def test_measures_the_good_and_names_the_broken(self, tmp_path: Path, measure: Measure) -> None:
        broken = event("x", "Broken", "2026-13-45", 60)
        result = measure(weekly_calendar(tmp_path, broken), *PERIOD, "--format", "json")
        assert result.exit_code == 0
        assert record(result)["counted"]["entries"] == 40
        assert "calendar.ics:" in result.stderr
        assert "1 entry could not be read" in " ".join(record(result)["warnings"])

    @pytest.mark.parametrize(
        ("name", "content"),
        [("empty.ics", b""), ("page.ics", b"<html>no</html>"), ("none.ics", None), ("image.ics", bytes(range(256)))],
    )
    def test_refuses_what_is_no_calendar_in_one_sentence(
        self, tmp_path: Path, measure: Measure, name: str, content: bytes | None
    ) -> None:
        file = tmp_path / name
        if content is not None:
            file.write_bytes(content)
        result = measure(file, *PERIOD)
        assert result.exit_code == 3
        assert result.stdout == ""
        assert name in result.stderr
        assert len(result.stderr.strip().splitlines()) == 1

    def test_measures_nothing_when_one_of_two_is_no_calendar(self, tmp_path: Path, measure: Measure) -> None:
        other = tmp_path / "other.ics"
        other.write_text("nothing", encoding="utf-8")
        result = measure(weekly_calendar(tmp_path), other, *PERIOD)
        assert result.exit_code == 3
        assert result.stdout == ""

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (("--zone", "Mars/Olympus"), "no time zone"),
            (("--zone", "../../etc/passwd"), "no time zone"),
            (("--from", "2026-02-01", "--to", "2026-01-01"), "must end after it begins"),
            (("--from", "1.2.2026"), "--from"),
            (("--to", "0001-01-05"), "years 1900 to 2199"),
            (("--from", "9999-12-31"), "years 1900 to 2199"),
            (("--from", "1950-01-01", "--to", "2026-01-01"), "20 years at most"),
            (("--unplanned-hours", "-1"), "--unplanned-hours"),
            (("--all-day-hours", "17-9"), "working hours"),
            (("--all-day-hours", "9:00-25:00"), "working hours"),
            (("--format", "pdf"), "--format"),
        ],
    )
    def test_explains_wrong_usage(self, tmp_path: Path, measure: Measure, words: tuple[str, ...], said: str) -> None:
        result = measure(weekly_calendar(tmp_path), *words)
        assert result.exit_code == 2
        assert said in result.stderr

    def test_says_where_it_cannot_write(self, tmp_path: Path, measure: Measure) -> None:
        result = measure(weekly_calendar(tmp_path), *PERIOD, "--output", tmp_path / "no" / "out.txt")
        assert result.exit_code == 4
        assert "Cannot write" in result.stderr

    def test_never_shows_a_traceback(self, tmp_path: Path) -> None:
        script = (
            "import sys; from equipoise.cli import app; import equipoise.adapters.ics as ics;"
            "ics.read_calendar = lambda *a, **k: 1/0; sys.argv = ['equipoise', 'measure', 'x.ics']; app.main()"
        )
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
        assert done.returncode == 70
        assert "Traceback" not in done.stderr
        assert "ZeroDivisionError" in done.stderr


class TestHelp:
    def test_teaches_and_names_the_exit_codes(self, measure: Measure) -> None:
        text = measure("--help").stdout
        assert "Examples:" in text
        assert "Exit codes:" in text

    def test_of_the_whole_loads_nothing_heavy(self) -> None:
        done = alone("--help", PYTHONPROFILEIMPORTTIME="1")
        assert "measure" in done.stdout
        assert not any(f" {heavy}\n" in done.stderr for heavy in ("numpy", "polars", "django", "icalendar"))


class TestSharedCalendars:
    @pytest.mark.parametrize(
        ("name", "period"),
        [
            ("openstack_meetings.ics", ("2020-01-01", "2020-04-01")),
            ("official_agenda_pt.ics", ("2020-01-01", "2020-04-01")),
            ("scrubbed_work_calendar.ics", ("2018-01-01", "2018-07-01")),
            ("dutch_parliament", ("2026-01-01", "2027-01-01")),
        ],
    )
    def test_are_measured_and_add_up(self, shared: Path, measure: Measure, name: str, period: tuple[str, str]) -> None:
        days = ("--from", period[0], "--to", period[1], "--zone", "Europe/Berlin", "--format", "json")
        found = record(measure(shared / "calendars" / name, *days))
        assert found["counted"]["entries"] > 0
        facets = sum(each["hours"] for each in found["facets"].values())
        assert facets == pytest.approx(found["counted"]["hours"], abs=1e-4)
