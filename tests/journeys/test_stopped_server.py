"""A server that died in the middle of a reading."""

import os
import sqlite3
import time
from pathlib import Path

import pytest
from tests.apps.calendar_texts import LENAS
from tests.journeys.conftest import running

pytestmark = pytest.mark.browser


def cut_off(data: Path) -> None:
    """Leave the data folder as a server leaves it that was killed while sorting."""
    (data / "uploads" / "imports").mkdir(parents=True, exist_ok=True)
    (data / "uploads" / "imports" / "x.calendar").write_bytes(LENAS)
    left_over = data / "uploads" / "imports" / "left-over.calendar"
    left_over.write_bytes(LENAS)
    os.utime(left_over, (0, 0))
    with sqlite3.connect(data / "equipoise.sqlite3") as database:
        (owner,) = database.execute("select id from people_person").fetchone()
        row = {
            "owner_id": owner, "name": "again.ics", "sealed_address": "", "lease": "", "upload": "imports/x.calendar",
            "state": "sorting",
            "steps_done": 0, "steps_total": 0, "entries": 0, "occurrences": 0, "lost": 0, "altered": 0,
            "problems": "[]", "failure_kind": "", "failure": "", "attempts": 1, "started_at": "2026-11-25 09:00:00",
        }  # fmt: skip
        marks = ", ".join(f":{name}" for name in row)
        database.execute(f"insert into calendars_import ({', '.join(row)}) values ({marks})", row)  # noqa: S608
    database.close()


class TestAReadingThatWasCutOff:
    def test_is_taken_up_when_the_server_starts_again(self, tmp_path: Path) -> None:
        owner = {"EQUIPOISE_OWNER_EMAIL": "lena@agency.example", "EQUIPOISE_OWNER_PASSWORD": "a boat, a lamp, a hill"}
        data = tmp_path / "data"
        with running(data, **owner):
            pass
        assert {each.stat().st_mode & 0o077 for each in (data, data / "equipoise.sqlite3", data / "secret.key")} == {0}
        cut_off(data)
        with running(data):
            deadline = time.monotonic() + 30
            while self.state(data) not in {"done", "failed"} and time.monotonic() < deadline:
                time.sleep(0.2)
            assert self.state(data) == "done"
        assert list((data / "uploads" / "imports").iterdir()) == []

    def state(self, data: Path) -> str:
        with sqlite3.connect(data / "equipoise.sqlite3") as database:
            found: tuple[str] = database.execute("select state from calendars_import").fetchone()
        database.close()
        return found[0]
