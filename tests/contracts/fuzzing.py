"""Try every operation of the API as Schemathesis does: examples, bounds, chance, chains of calls, with all its checks.

A real server with the demo agency, in a folder of its own. Run it for longer by hand:

    python -m tests.contracts.fuzzing --examples 50 --stateful --who administrator
"""

import argparse
import http.client
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from schemathesis.transport import requests as transport

COMMAND = (sys.executable, "-c", "from equipoise.cli.app import main; main()")
WHO = {
    "person": ("--scope", "write"),
    "administrator": ("--scope", "write", "--person", "ada.wojcik@kestrel-and-finch.example"),
    "organisation": ("--scope", "write", "--organisation"),
    "reader": ("--scope", "read"),
    "directory": ("--scope", "scim"),
}
PATIENCE_SECONDS = 300


@contextmanager
def server(folder: str) -> Iterator[str]:
    """A server with the demo agency, until it is no longer needed; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = ("serve", "--data", folder, "--demo", "--no-browser", "--no-worker", "--port", str(port))
    process = subprocess.Popen([*COMMAND, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield f"http://127.0.0.1:{port}/api/v1/openapi.json"
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int) -> None:
    """Wait until the description is given; the first time all of the application is loaded for it."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        asked = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
        try:
            asked.request("GET", "/api/v1/openapi.json")
            asked.getresponse().read()
        except (OSError, http.client.HTTPException):
            time.sleep(0.3)
        else:
            return
        finally:
            asked.close()
    raise TimeoutError


def token(folder: str, who: str) -> str:
    """A token with which everything may be tried that such a caller may do."""
    made = subprocess.run(
        [*COMMAND, "token", "create", "--data", folder, *WHO[who]], capture_output=True, text=True, check=True
    )
    return made.stdout.strip()


def failures(address: str, secret: str, *, examples: int, seed: int, stateful: bool) -> tuple[list[str], int]:
    """What Schemathesis finds, in its words, and how many scenarios it tried."""
    # It counts connections in the pools of urllib3, whose stand-in (urllib3-future) keeps them otherwise.
    transport._count_opened_connections = lambda session: 0
    config = SchemathesisConfig.from_dict({
        "seed": seed,
        "headers": {"Authorization": f"Bearer {secret}"},
        "generation": {"max-examples": examples, "database": "none"},
        "phases": {"stateful": {"enabled": stateful}},
    })  # fmt: skip
    schema = schemathesis.openapi.from_url(address, config=config)
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
        with server(folder) as address:
            secret = token(folder, asked.who)
            found, tried = failures(address, secret, examples=asked.examples, seed=asked.seed, stateful=asked.stateful)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print("\n\n".join(dict.fromkeys(found)))
    print(f"{tried} scenarios, {len(found)} failures")
    return 1 if found or not tried else 0


if __name__ == "__main__":
    sys.exit(main())
