"""`equipoise worker` does the work in the background in a process of its own."""

import os
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from tests.cast import NOW

from equipoise.apps.planner import tasks as planner
from equipoise.cli import worker

COMMAND = [sys.executable, "-c", "from equipoise.cli.app import main; main()", "worker"]


def started(data: Path) -> "subprocess.Popen[str]":
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("EQUIPOISE_", "DJANGO_"))}
    return subprocess.Popen([*COMMAND, "--data", str(data)], env=inherited, stderr=subprocess.PIPE, text=True)


def migrated(data: Path) -> None:
    code = (
        "import django; django.setup(); from django.core.management import call_command as c; c('migrate', verbosity=0)"
    )
    environment = {"DJANGO_SETTINGS_MODULE": "equipoise.config.settings", "EQUIPOISE_DATA": str(data)}
    subprocess.run([sys.executable, "-c", code], env={**os.environ, **environment}, check=True)


class TestWorker:
    def test_refuses_a_folder_that_is_not_there(self, tmp_path: Path) -> None:
        process = started(tmp_path / "nothing")
        _, said = process.communicate(timeout=60)
        assert process.returncode == 3
        assert "Start equipoise serve" in said

    def test_refuses_a_database_nobody_made(self, tmp_path: Path) -> None:
        process = started(tmp_path)
        _, said = process.communicate(timeout=60)
        assert process.returncode == 3
        assert "is not up to date" in said
        assert "Traceback" not in said

    def test_works_until_it_is_told_to_stop(self, tmp_path: Path) -> None:
        migrated(tmp_path)
        process = started(tmp_path)
        assert process.stderr is not None
        assert "Working for" in process.stderr.readline()
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=60)
        assert process.returncode in {0, -signal.SIGTERM}
        assert "Traceback" not in said


class TestTickOnce:
    def test_names_functions_that_are_there(self) -> None:
        assert all(callable(worker._tick(name)) for name in worker.TICKS)

    def test_logs_trouble_when_it_begins_and_goes_on(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        def fails(now: datetime) -> None:
            raise OSError("the disk is full")

        monkeypatch.setattr(planner, "tick", fails)
        failing: set[str] = set()
        name = "equipoise.apps.planner.tasks.tick"
        worker.tick_once(name, NOW, failing)
        worker.tick_once(name, NOW, failing)
        assert failing == {name}
        assert len(caplog.records) == 1
        monkeypatch.setattr(planner, "tick", lambda now: None)
        worker.tick_once(name, NOW, failing)
        assert failing == set()
