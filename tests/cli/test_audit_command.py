"""`equipoise audit check` says from outside whether anybody meddled with the trail."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

WRITE = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "equipoise.config.settings"
import django
django.setup()
from django.core.management import call_command
from django.utils import timezone
call_command("migrate", verbosity=0)
from equipoise.platform import audit
for number in range(4):
    audit.record(actor_id=1, subject_id=2, verb="calendar read", now=timezone.now(), detail={"entries": number})
"""


def run(*arguments: str, data: Path) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("EQUIPOISE_", "DJANGO_"))}
    environment = {**inherited, "EQUIPOISE_DATA": str(data)}
    return subprocess.run(
        [sys.executable, *arguments], env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def check(data: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = "from equipoise.cli.app import main; main()"
    return run("-c", command, "audit", "check", "--data", str(data), *more, data=data)


def on_database(data: Path, statement: str) -> None:
    with sqlite3.connect(data / "equipoise.sqlite3") as connection:
        connection.execute(statement)
    connection.close()


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with four acts in its trail."""
    data = tmp_path_factory.mktemp("audited")
    done = run("-c", WRITE, data=data)
    assert done.returncode == 0, done.stderr
    return data


class TestAuditCheck:
    """In this order: what is whole first, then what was done to it."""

    def test_ends_with_0_and_a_mark_while_the_chain_is_whole(self, written: Path) -> None:
        done = check(written)
        assert done.returncode == 0
        assert "4 entries are there" in done.stdout
        assert "The chain is whole." in done.stdout
        mark = done.stdout.rpartition("Mark: ")[2].strip()
        assert check(written, "--known", mark).returncode == 0
        assert check(written, "--known", mark.replace("4:", "3:")).returncode == 1

    def test_ends_with_1_where_an_entry_was_changed(self, written: Path) -> None:
        on_database(written, "update platform_auditentry set actor_id = 9 where id = 2")
        done = check(written)
        assert done.returncode == 1
        assert "broken at 2" in done.stdout
        on_database(written, "update platform_auditentry set actor_id = 1 where id = 2")
        assert check(written).returncode == 0

    def test_ends_with_1_where_the_end_was_cut_off(self, written: Path) -> None:
        on_database(written, "delete from platform_auditentry where id = 4")
        done = check(written)
        assert done.returncode == 1
        assert "The end is not what was written last" in done.stdout

    def test_ends_with_3_and_a_sentence_where_there_is_no_database(self, tmp_path: Path) -> None:
        done = check(tmp_path / "nowhere")
        assert done.returncode == 3
        assert "There is no folder" in done.stderr
        assert "Traceback" not in done.stderr
        empty = check(tmp_path)
        assert empty.returncode == 3
        assert "Traceback" not in empty.stderr
