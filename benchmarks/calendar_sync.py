"""Bringing a calendar of 5,000 entries in step over CalDAV: Equipoise against the caldav library.

    .venv/bin/python benchmarks/calendar_sync.py [--entries 5000] [--changes 50] [--rounds 3]

Starts a real calendar server (Radicale) on this machine, fills it, and lets both read the whole calendar and then,
after another client has changed some entries, only what changed. Both must end with the same entries. The library is
asked the quick way for the first reading (a list, then its multiget by the hundred) and the way it documents for the
second (`sync()`). Prints the best of the rounds: seconds on the clock, most of which the server takes, and the
reader's own processor seconds.
"""

import argparse
import gc
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from caldav.davclient import DAVClient  # noqa: E402  # after the path is set
from tests.radicale_server import PASSWORD, USER, Radicale, running_radicale  # noqa: E402

from equipoise.adapters import caldav  # noqa: E402
from equipoise.adapters.ics.writing import EntryToWrite, written_entry  # noqa: E402

BATCH = 100
START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
Held = dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds on the clock, and processor seconds of the reader alone."""

    clock: float
    processor: float


def text(number: int, title: str) -> bytes:
    """One made-up entry."""
    start = START + timedelta(hours=number)
    return written_entry(
        EntryToWrite(
            uid=f"benchmark-{number}@example.org",
            title=f"{title} {number}",
            start=start,
            end=start + timedelta(minutes=45),
            description="What stands in an ordinary entry, two lines of it.\nAnd the place, and a link.",
            stamp=START,
        )
    )


def path_of(url: str) -> str:
    """The same name for an entry on both sides."""
    return caldav.href_of(url)


class Ours:
    """Equipoise: a list of what changed, and its texts by the hundred."""

    name = "Equipoise"

    def __init__(self, server: Radicale, calendar: str) -> None:
        """A reader that has read nothing yet."""
        self.account, self.calendar = server.account, calendar
        self.token, self.held = "", Held()

    def read(self) -> None:
        """Read what is new, changed or gone since last time, or everything."""
        found = caldav.changes(self.account, self.calendar, self.token, allow_private_hosts=True)
        for href in found.removed:
            self.held.pop(href, None)
        hrefs = [href for href, _ in found.changed]
        for each in caldav.fetch(self.account, self.calendar, hrefs, allow_private_hosts=True):
            self.held[each.href] = each.data
        self.token = found.token


class Theirs:
    """The caldav library."""

    name = "caldav library"

    def __init__(self, server: Radicale, calendar: str) -> None:
        """A reader that has read nothing yet."""
        client: Any = DAVClient(url=server.address, username=USER, password=PASSWORD)
        self.calendar: Any = client.calendar(url=calendar)
        self.collection: Any = None
        self.held = Held()

    def read(self) -> None:
        """Read everything the first time, and what changed afterwards."""
        if self.collection is None:
            self.collection = self.calendar.get_objects_by_sync_token(load_objects=False)
            urls = [each.url for each in self.collection.objects]
            for first in range(0, len(urls), BATCH):
                for each in self.calendar.multiget(urls[first : first + BATCH]):
                    self.held[path_of(str(each.url))] = each.data.encode()
            return
        updated, deleted = self.collection.sync()
        for each in deleted:
            self.held.pop(path_of(str(each.url)), None)
        for each in updated:
            self.held[path_of(str(each.url))] = each.data.encode()


def timed(call: Callable[[], None]) -> Took:
    """How long one call takes."""
    gc.collect()
    clock, processor = time.perf_counter(), time.process_time()
    call()
    return Took(time.perf_counter() - clock, time.process_time() - processor)


def fill(server: Radicale, entries: int) -> str:
    """A calendar of so many entries, read once so that the server has it at hand for both."""
    calendar = server.make_calendar("work")
    folder = server.folder / "store" / "collection-root" / USER / "work"
    for number in range(entries):
        (folder / f"{number}.ics").write_bytes(text(number, "Planned"))
    caldav.changes(server.account, calendar, allow_private_hosts=True)
    return calendar


def measure(entries: int, changes: int, rounds: int) -> int:
    """Run, print, and give the exit code: 1 where the two end with different entries."""
    first: dict[str, list[Took]] = {}
    later: dict[str, list[Took]] = {}
    same = True
    with tempfile.TemporaryDirectory() as folder, running_radicale(Path(folder)) as server:
        calendar = fill(server, entries)
        for number in range(rounds):
            readers: list[Ours | Theirs] = [Ours(server, calendar), Theirs(server, calendar)]
            for reader in readers if number % 2 else reversed(readers):
                first.setdefault(reader.name, []).append(timed(reader.read))
            for changed in range(changes):
                server.put_entry(calendar, str(changed), text(changed, f"Moved {number}").decode())
            for reader in readers if number % 2 else reversed(readers):
                later.setdefault(reader.name, []).append(timed(reader.read))
            same = same and _agree(*readers)
    print(f"CalDAV, a Radicale on this machine, {entries:,} entries, best of {rounds} rounds")
    _report(f"first reading, {entries:,} entries", first)
    _report(f"afterwards, {changes} changed", later)
    print(f"  entries at the end                {'equal' if same else 'DIFFER'}")
    return 0 if same else 1


def _agree(mine: Ours | Theirs, theirs: Ours | Theirs) -> bool:
    """Whether both hold the same entries with the same lines."""
    return {href: data.split() for href, data in mine.held.items()} == {
        href: data.split() for href, data in theirs.held.items()
    }


def _report(what: str, took: dict[str, list[Took]]) -> None:
    print(f"  {what}")
    best = {name: Took(min(t.clock for t in all_), min(t.processor for t in all_)) for name, all_ in took.items()}
    for name in (Ours.name, Theirs.name):
        print(f"    {name:<16} {best[name].clock:8.2f} s on the clock {best[name].processor:8.2f} s of its own")
    mine, theirs = best[Ours.name], best[Theirs.name]
    print(f"    {'ratio':<16} {theirs.clock / mine.clock:8.1f} {theirs.processor / mine.processor:23.1f}")


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", default=5_000, type=int)
    parser.add_argument("--changes", default=50, type=int)
    parser.add_argument("--rounds", default=3, type=int)
    chosen = parser.parse_args()
    return measure(chosen.entries, chosen.changes, chosen.rounds)


if __name__ == "__main__":
    sys.exit(main())
