"""Reading a calendar and expanding two years of it: Equipoise against icalendar with recurring-ical-events.

    .venv/bin/python benchmarks/calendar_expansion.py [CALENDAR.ics] [--from 2019-01-01] [--rounds 3]

Without a calendar it makes one: 5,000 entries, 300 of them repeating, with exceptions and changed occurrences. Both
sides read the same bytes from the disk and must give the same starts, ends and UIDs. Prints the best of the rounds,
in processor seconds.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

for variable in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
    os.environ.pop(variable, None)

import icalendar  # noqa: E402  # after the environment is set
import recurring_ical_events  # noqa: E402

from equipoise.adapters.ics import read_calendar  # noqa: E402

ZONE = ZoneInfo("Europe/Berlin")
Found = list[tuple[datetime, datetime, str]]
RULES = (
    "FREQ=DAILY",
    "FREQ=WEEKLY",
    "FREQ=WEEKLY;BYDAY=MO,WE,FR",
    "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    "FREQ=WEEKLY;INTERVAL=2",
    "FREQ=MONTHLY",
    "FREQ=MONTHLY;BYDAY=-1FR",
    "FREQ=YEARLY",
)


def made_up(entries: int = 5000, rules: int = 300) -> str:
    """A calendar of three years, the same each time."""
    rng = random.Random(20261125)  # noqa: S311  # a benchmark's dice
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Equipoise//benchmark//EN"]
    for number in range(entries):
        repeats = number < rules
        begin = datetime(2018, 7, 1, 8) + timedelta(days=rng.randrange(900), minutes=15 * rng.randrange(36))  # noqa: DTZ001
        if repeats:
            begin = _on_weekday(begin)
        lines += _entry(number, begin, RULES[number % len(RULES)] if repeats else "", rng)
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


def _on_weekday(begin: datetime) -> datetime:
    """A Monday, or the month's last Friday where that is nearer: a start every rule above meets is not needed."""
    return begin - timedelta(days=begin.weekday())


def _entry(number: int, begin: datetime, rule: str, rng: random.Random) -> list[str]:
    end = begin + timedelta(minutes=rng.choice((15, 30, 45, 60, 90)))
    stamp = "%Y%m%dT%H%M%S"
    lines = [
        "BEGIN:VEVENT",
        f"UID:benchmark-{number}@example.org",
        "DTSTAMP:20200101T000000Z",
        f"DTSTART;TZID=Europe/Berlin:{begin:{stamp}}",
        f"DTEND;TZID=Europe/Berlin:{end:{stamp}}",
        f"SUMMARY:Meeting number {number} about the plan",
        "DESCRIPTION:What we said last time\\, what is open\\, and what we will do about it until",
        "  the next time we meet.",
        "ORGANIZER;CN=Lena:mailto:lena@example.org",
        "ATTENDEE;CUTYPE=INDIVIDUAL;PARTSTAT=ACCEPTED;CN=Ravi:mailto:ravi@example.org",
        "ATTENDEE;CUTYPE=INDIVIDUAL;PARTSTAT=NEEDS-ACTION;CN=Tom:mailto:tom@example.org",
        "SEQUENCE:0",
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
    ]
    if not rule:
        return [*lines, "END:VEVENT"]
    left_out, moved = begin + timedelta(days=28), begin + timedelta(days=56)
    changed = [line for line in lines if not line.startswith(("DTSTART", "DTEND"))]
    return [
        *lines,
        f"RRULE:{rule}",
        f"EXDATE;TZID=Europe/Berlin:{left_out:{stamp}}",
        "END:VEVENT",
        *changed,
        f"RECURRENCE-ID;TZID=Europe/Berlin:{moved:{stamp}}",
        f"DTSTART;TZID=Europe/Berlin:{moved + timedelta(hours=2):{stamp}}",
        f"DTEND;TZID=Europe/Berlin:{moved + timedelta(hours=3):{stamp}}",
        "END:VEVENT",
    ]


def ours(path: Path, start: datetime, end: datetime) -> Found:
    """Equipoise, as everybody calls it: titles, people and problems are read too."""
    reading = read_calendar([path], start=start, end=end, zone=ZONE, me=["lena@example.org"])
    return [(found.start, found.end, found.entry.uid) for found in reading.occurrences]


def peer(path: Path, start: datetime, end: datetime) -> Found:
    """The loop of icalendar and recurring-ical-events."""
    calendar = icalendar.Calendar.from_ical(path.read_bytes())
    return [
        (_utc(event.start), _utc(event.end), str(event.get("UID")))
        for event in recurring_ical_events.of(calendar).between(start, end)
    ]


def _utc(written: date) -> datetime:
    if not isinstance(written, datetime):
        return datetime(written.year, written.month, written.day, tzinfo=ZONE).astimezone(UTC)
    return (written if written.tzinfo else written.replace(tzinfo=ZONE)).astimezone(UTC)


def timed(call: Callable[[], Found]) -> tuple[float, Found]:
    """Processor seconds and result of one call; neither uses more than one core, and a busy machine counts less."""
    begin = time.process_time()
    found = call()
    return time.process_time() - begin, found


def main() -> int:
    """Measure and print; the exit code is 1 where the two disagree."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("calendar", nargs="?", type=Path)
    parser.add_argument("--from", dest="begin", default="2019-01-01", type=date.fromisoformat)
    parser.add_argument("--rounds", default=3, type=int)
    chosen = parser.parse_args()
    start = datetime(chosen.begin.year, chosen.begin.month, chosen.begin.day, tzinfo=UTC)
    end = start.replace(year=start.year + 2)
    with tempfile.TemporaryDirectory() as folder:
        path = chosen.calendar or Path(folder, "made_up.ics")
        if chosen.calendar is None:
            path.write_text(made_up(), encoding="utf-8", newline="")
        rounds = [
            (timed(lambda: ours(path, start, end)), timed(lambda: peer(path, start, end))) for _ in range(chosen.rounds)
        ]
    (_, found), (_, peer_found) = rounds[0]
    seconds = min(mine[0] for mine, _ in rounds)
    return report(path, seconds, found, min(theirs[0] for _, theirs in rounds), peer_found)


def report(path: Path, seconds: float, found: Found, peer_seconds: float, peer_found: Found) -> int:
    """Print the figures, and the differences if there are any."""
    print(f"{path.name}, two years, processor seconds, best of the rounds")
    print(f"  Equipoise                           {seconds:7.3f} s  {len(found):7,} occurrences")
    print(f"  icalendar + recurring-ical-events   {peer_seconds:7.3f} s  {len(peer_found):7,} occurrences")
    print(f"  ratio                               {peer_seconds / seconds:7.1f}")
    only_mine, only_theirs = Counter(found) - Counter(peer_found), Counter(peer_found) - Counter(found)
    if not only_mine and not only_theirs:
        print("  instances                             equal")
        return 0
    print(
        f"  instances                           differ: {only_mine.total()} only here, {only_theirs.total()} only there"
    )
    for label, some in (("here", only_mine), ("there", only_theirs)):
        for occurrence in sorted(some)[:5]:
            print(f"    only {label}: {occurrence}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
