"""Try every operation of the API as Schemathesis does: examples, bounds, chance, chains of calls, with all its checks.

A whole application with the demo agency, in a folder of its own, called in process by its WSGI interface. Run it for
longer by hand:

    python -m tests.contracts.fuzzing --examples 50 --stateful --who administrator
"""

# ruff: noqa: PLC0415 - the settings must stand in the environment before anything of Django is imported

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

WHO = ("person", "administrator", "organisation")


def prepare(folder: str) -> None:
    """A fresh database with the demo agency in it."""
    os.environ |= {"EQUIPOISE_DATA": folder, "EQUIPOISE_HOSTS": "localhost", "EQUIPOISE_DEMO": "1"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "equipoise.config.settings"
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from equipoise.apps.insights.welcome.actions import load_demo_agency

    call_command("migrate", verbosity=0, interactive=False)
    (Path(folder) / "static").mkdir()
    load_demo_agency(language="en", now=timezone.now())


def token(who: str) -> str:
    """A token with which everything may be tried that such a caller may do."""
    from django.utils import timezone

    from equipoise.apps.integrations.actions import make_token
    from equipoise.apps.integrations.queries import holder_unsaid
    from equipoise.apps.people.models import Grant, Person
    from equipoise.platform.access import Role
    from equipoise.platform.api import Scope

    person: Person | None = None if who == "organisation" else holder_unsaid()
    if who == "administrator":
        person = Grant.objects.filter(role=Role.ADMINISTRATOR, ended_at=None).order_by("pk")[0].person
    return make_token(actor=None, person=person, name=who, scopes={Scope.WRITE}, expires_at=None, now=timezone.now())


def failures(*, who: str, examples: int, seed: int, stateful: bool) -> tuple[list[str], int]:
    """What Schemathesis finds, in its words, and how many scenarios it tried."""
    import schemathesis
    from schemathesis.config import SchemathesisConfig
    from schemathesis.engine import events, from_schema

    from equipoise.config.wsgi import application

    headers = {"Authorization": f"Bearer {token(who)}"}
    config = SchemathesisConfig.from_dict(
        {
            "seed": seed,
            "headers": headers,
            "generation": {"max-examples": examples, "database": "none"},
            "phases": {"stateful": {"enabled": stateful}},
        }
    )
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application, config=config)
    found: list[str] = []
    tried = 0
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            tried += 1
            found += _told(event)
        if isinstance(event, events.NonFatalError):
            found.append(f"{event.label}: {event.info.title}: {event.info}")
        if isinstance(event, events.FatalError):
            found.append(repr(event.exception))
    return found, tried


def _told(event: Any) -> list[str]:
    told = []
    for checks in event.recorder.checks.values():
        for check in checks:
            if check.failure_info is not None:
                what, how = check.failure_info.failure, check.failure_info.code_sample
                told.append(f"{event.recorder.label}: {check.name}: {what}\n{how}")
    return told


def main() -> int:
    """Say what was found; 1 when anything was."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--who", choices=WHO, default="person")
    parser.add_argument("--examples", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--stateful", action="store_true")
    asked = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="equipoise-fuzzing-")
    try:
        prepare(folder)
        found, tried = failures(who=asked.who, examples=asked.examples, seed=asked.seed, stateful=asked.stateful)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print("\n\n".join(dict.fromkeys(found)))
    print(f"{tried} scenarios, {len(found)} failures")
    return 1 if found or not tried else 0


if __name__ == "__main__":
    sys.exit(main())
