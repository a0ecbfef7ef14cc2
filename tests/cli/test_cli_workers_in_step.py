"""Several workers at once, killed in the middle of reading a large calendar from a real server."""

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.apps.calendar_texts import entry
from tests.radicale_server import PASSWORD, USER, Radicale

WORKER = [sys.executable, "-c", "from equipoise.cli.app import main; main()", "worker"]
ENTRIES = 1500
START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
PREPARE = f"""
import django; django.setup()
from django.core.management import call_command
from django.utils import timezone
call_command("migrate", verbosity=0)
from equipoise.apps.calendars import accounts, tasks
from equipoise.apps.people.models import Person
now = timezone.now()
lena = Person.objects.create(name="Lena", email="lena@agency.example", joined_at=now)
account = accounts.connect(
    actor=lena, person=lena, address="%s", username="{USER}", password="{PASSWORD}", now=now
)
remote = account.offered[0]["address"]
for job in accounts.choose_calendars(
    actor=lena, account=account, read=[remote], write_to=remote, erase_others=False, now=now
):
    tasks.read_import.enqueue(job.pk)
"""


def environment(data: Path) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("EQUIPOISE_", "DJANGO_"))}
    own = {"EQUIPOISE_DATA": str(data), "DJANGO_SETTINGS_MODULE": "equipoise.config.settings"}
    return {**inherited, **own, "EQUIPOISE_PRIVATE_FEEDS": "1"}


def two_workers(data: Path) -> "list[subprocess.Popen[bytes]]":
    command = [*WORKER, "--data", str(data)]
    return [
        subprocess.Popen(command, env=environment(data), stderr=(data / f"worker{number}").open("ab"))
        for number in range(2)
    ]


def asked(data: Path, question: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(data / "equipoise.sqlite3", timeout=20)) as database:
        return database.execute(question).fetchall()


def wait_for(data: Path, question: str, is_so: Callable[[object], bool]) -> None:
    deadline = time.monotonic() + 120
    while not is_so(asked(data, question)[0][0]):
        assert time.monotonic() < deadline, (question, asked(data, question))
        time.sleep(0.02)


@pytest.fixture
def large(radicale: Radicale) -> Radicale:
    """A server with a large calendar."""
    remote = radicale.make_calendar("work")
    texts = []
    for number in range(ENTRIES):
        start = START + timedelta(hours=number)
        times = [f"{each:%Y%m%dT%H%M%SZ}" for each in (start, start + timedelta(minutes=45))]
        texts.append(entry(f"e{number}", f"Planning round {number}", *times).strip())
    radicale.upload(remote, texts)
    return radicale


class TestTwoWorkers:
    def test_lose_nothing_and_double_nothing_when_killed_in_the_middle(self, large: Radicale, tmp_path: Path) -> None:
        data = tmp_path / "data"
        data.mkdir()
        code = PREPARE % large.address
        subprocess.run([sys.executable, "-c", code], env=environment(data), check=True)
        workers = two_workers(data)
        try:
            wait_for(data, "select count(*) from calendars_entry", bool)
            for process in workers:
                process.kill()
                process.wait()
            (begun,) = asked(data, "select count(*) from calendars_entry")[0]
            assert isinstance(begun, int)
            assert begun < ENTRIES, "killed too late to tell anything"
            workers = two_workers(data)
            wait_for(data, "select token from calendars_calendar", bool)
            wait_for(data, "select state from calendars_import", lambda state: state == "done")
        finally:
            for process in workers:
                process.kill()
                process.wait()
        counted = "select count(*), count(distinct uid), count(distinct resource_id) from calendars_entry"
        assert asked(data, counted) == [(ENTRIES, ENTRIES, ENTRIES)]
        assert asked(data, "select count(*) from calendars_occurrence") == [(ENTRIES,)]
        assert asked(data, "select count(*) from calendars_resource") == [(ENTRIES,)]
        assert asked(data, "select lease from calendars_calendar") == [("",)]
        (again,) = asked(data, "select entries from calendars_import")[0]
        assert again == ENTRIES - begun
        assert "Traceback" not in "".join((data / f"worker{number}").read_text() for number in range(2))
