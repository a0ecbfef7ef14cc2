"""A calendar of 5,000 entries kept in step from end to end: asked for, laid out, classified, and saved.

    .venv/bin/python benchmarks/calendar_in_step.py [--entries 5000] [--changes 50]

Starts a real calendar server (Radicale) on this machine and an empty embedded database, connects an account, and times
the first reading, one in which nothing is new, and one after another client has changed some entries. The share of the
server and of asking it is what `caldav.changes` and `caldav.fetch` alone take for the same; the rest is ours.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.apps.calendar_texts import calendar, entry  # noqa: E402  # after the path is set
from tests.radicale_server import PASSWORD, USER, Radicale, running_radicale  # noqa: E402

from equipoise.adapters import caldav  # noqa: E402

START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
TITLES = ("Budget review", "1:1 Tom", "Where do we want to be in 2030", "Stand-up", "Pitch for a new customer")


def main() -> None:
    """Fill the server, connect, and print what each reading takes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, default=5000)
    parser.add_argument("--changes", type=int, default=50)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, running_radicale(Path(folder) / "radicale") as server:
        remote = server.make_calendar("work")
        server.upload(remote, [_entry(number, 0) for number in range(asked.entries)])
        read = _connected(Path(folder) / "data", server, remote)
        token = ""
        for label, changes in (("first reading", 0), ("nothing new", 0), (f"{asked.changes} changes", asked.changes)):
            for number in range(changes):
                server.put_entry(remote, f"e{number}", calendar(_entry(number, 1)).decode())
            seconds, count = _timed(read)
            alone, token = _asking_alone(server, remote, token)
            print(f"{label:>14}: {seconds:6.2f} s, of which asking the server {alone:6.2f} s; {count:,} entries read")


def _entry(number: int, version: int) -> str:
    start = START + timedelta(hours=number)
    times = [f"{each:%Y%m%dT%H%M%SZ}" for each in (start, start + timedelta(minutes=45 + version))]
    return entry(f"e{number}", f"{TITLES[number % len(TITLES)]} {number}", *times).strip() + "\r\n"


def _connected(data: Path, server: Radicale, remote: str) -> Callable[[], int]:
    """An account in a new database, with one calendar chosen; what reads it once and says how many entries came."""
    data.mkdir()
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "equipoise.config.settings",
        "EQUIPOISE_DATA": str(data),
        "EQUIPOISE_PRIVATE_FEEDS": "1",
    }
    import django  # noqa: PLC0415  # after the settings are named
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    call_command("migrate", verbosity=0)
    from equipoise.apps.calendars import accounts, queries, syncing  # noqa: PLC0415
    from equipoise.apps.people.models import Person  # noqa: PLC0415

    now = datetime.now(UTC)
    lena = Person.objects.create(name="Lena", email="lena@agency.example", joined_at=now)
    account = accounts.connect(
        actor=lena, person=lena, address=server.address, username=USER, password=PASSWORD, now=now
    )
    accounts.choose_calendars(actor=lena, account=account, read=[remote], write_to="", erase_others=False, now=now)
    (chosen,) = queries.calendars_of_account(account)

    def read() -> int:
        outcome = syncing.read_in_step(chosen.pk, clock=lambda: datetime.now(UTC))
        return 0 if outcome is None else outcome.entries

    return read


def _timed(read: Callable[[], int]) -> tuple[float, int]:
    begun = time.perf_counter()
    count = read()
    return time.perf_counter() - begun, count


def _asking_alone(server: Radicale, remote: str, token: str) -> tuple[float, str]:
    """Seconds for the same questions, with nothing done with the answers; and the token for the next ones."""
    begun = time.perf_counter()
    found = caldav.changes(server.account, remote, token, allow_private_hosts=True)
    hrefs = [href for href, _etag in found.changed]
    for _object in caldav.fetch(server.account, remote, hrefs, allow_private_hosts=True):
        pass
    return time.perf_counter() - begun, found.token


if __name__ == "__main__":
    main()
