"""Several real workers on one database file, and one that is killed while the mail leaves: never two mails."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.smtp_server import MailServer, mail_server

PREPARE = """
from datetime import date, timedelta
from django.core.management import call_command
call_command("migrate", verbosity=0, interactive=False)
from equipoise.apps.growth import actions as growth
from equipoise.apps.growth.mapping import Content
from equipoise.apps.insights.digest import actions
from equipoise.apps.people import actions as people
lena = people.add_owner(email="lena@agency.example", zone="Europe/Berlin", language="en", now=BEFORE)
growth.begin(
    actor=lena, person=lena, rhythm="weekly", start=date(2026, 11, 2), content=Content(parts=()), now=BEFORE
)
actions.turn_on(actor=lena, person=lena, now=BEFORE)
"""
TICK = """
from django.conf import settings
settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
from django.utils import timezone
timezone.now = lambda: NOW
from equipoise.apps.insights.digest import tasks
tasks.tick(NOW)
"""
STATE = """
from equipoise.apps.insights.models import MondayMailSent
print(*MondayMailSent.objects.values_list("state", flat=True))
"""
START = """
from datetime import UTC, datetime, timedelta
import django
django.setup()
BEFORE = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 30, 6, 30, tzinfo=UTC) + timedelta(minutes={minutes})
"""


class Workers:
    """Processes on one data folder, that send through one mail server."""

    def __init__(self, data: Path, port: int) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("EQUIPOISE_", "DJANGO_"))}
        self._environment = {
            **kept,
            "DJANGO_SETTINGS_MODULE": "equipoise.config.settings",
            "EQUIPOISE_DATA": str(data),
            "EQUIPOISE_SMTP_HOST": "127.0.0.1",
            "EQUIPOISE_SMTP_PORT": str(port),
            "EQUIPOISE_SMTP_SECURITY": "none",
            "EQUIPOISE_MAIL_FROM": "equipoise@agency.example",
            "EQUIPOISE_PUBLIC_ADDRESS": "https://equipoise.agency.example",
        }

    def start(self, code: str, *, minutes: int = 0) -> "subprocess.Popen[str]":
        whole = START.replace("{minutes}", str(minutes)) + code
        return subprocess.Popen(
            [sys.executable, "-c", whole],
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, code: str, *, minutes: int = 0) -> str:
        process = self.start(code, minutes=minutes)
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
        return out.strip()


@pytest.fixture
def post() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture
def workers(tmp_path: Path, post: MailServer) -> Workers:
    found = Workers(tmp_path / "data", post.port)
    found.run(PREPARE)
    return found


class TestSeveralWorkers:
    def test_send_one_mail(self, workers: Workers, post: MailServer) -> None:
        together = [workers.start(TICK) for _ in range(3)]
        for process in together:
            _out, err = process.communicate(timeout=60)
            assert process.returncode == 0, err
        assert len(post.taken) == 1
        assert workers.run(STATE) == "sent"


class TestAWorkerThatIsKilled:
    def test_while_the_mail_leaves_makes_no_second_one(self, workers: Workers, post: MailServer) -> None:
        post.answers["END"] = "pause"
        process = workers.start(TICK)
        deadline = time.monotonic() + 60
        while not post.taken and time.monotonic() < deadline:
            time.sleep(0.05)
        process.kill()
        process.communicate()
        post.answers.clear()
        assert len(post.taken) == 1
        workers.run(TICK, minutes=30)
        workers.run(TICK, minutes=300)
        assert len(post.taken) == 1
        assert workers.run(STATE) == "leaving"
