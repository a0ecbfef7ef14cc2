"""Invented weeks to plan: eight entries a day in runs with gaps between them, and 25 blocks wished for.

The proportions are those of a manager's week: 40 entries of 27 to 31 hours, 25 blocks of 17 to 20 hours, five days of
ten hours, at most eight of them taken. A seed gives the same week each time.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from equipoise.core.facets import FACETS
from equipoise.core.planning.week import Energy, Fixed, Hours, Lunch, Moment, Week, Wish

MONDAY = date(2026, 11, 23)
ZONE = ZoneInfo("Europe/Berlin")
DAYS = range(5)
OPENS, CLOSES = 8, 18
ENTRIES_A_DAY = 8
BLOCKS = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a planner is given for one week."""

    week: Week
    fixed: tuple[Fixed, ...]
    wishes: tuple[Wish, ...]
    before: Mapping[tuple[str, int], datetime]


def invented_week(seed: int) -> Given:
    """One week: the same for the same seed."""
    rng = random.Random(seed)  # noqa: S311 - invents, guards nothing
    fixed = tuple(entry for day in DAYS for entry in _day(rng, day))
    wishes = tuple(_wish(rng, number) for number in range(BLOCKS))
    return Given(
        week=Week(
            monday=MONDAY,
            zone=ZONE,
            hours={day: Hours(opens=time(OPENS), closes=time(CLOSES)) for day in DAYS},
            minutes_a_day=480,
            buffer_minutes=15,
            lunch=Lunch(between=Hours(opens=time(11, 30), closes=time(14)), minutes=30),
            targets=dict.fromkeys(rng.sample(FACETS, 4), (60, 180)),
            focus_hours=Hours(opens=time(8), closes=time(12)),
        ),
        fixed=fixed,
        wishes=wishes,
        before={(wish.key, 1): _somewhen(rng) for wish in wishes[::2]},
    )


def _at(day: int, minute: int) -> datetime:
    return datetime.combine(MONDAY + timedelta(days=day), time(minute // 60, minute % 60), tzinfo=ZONE)


def _day(rng: random.Random, day: int) -> list[Fixed]:
    """Three runs of entries, with what is left of the day spread around them."""
    lengths = [rng.choice([30, 30, 30, 45, 45, 60]) for _ in range(ENTRIES_A_DAY)]
    cuts = sorted(rng.sample(range(1, ENTRIES_A_DAY), 2))
    weights = [rng.random() for _ in range(4)]
    free = (CLOSES - OPENS) * 60 - sum(lengths)
    minute, found = OPENS * 60, []
    for number, length in enumerate(lengths):
        if number in {0, *cuts}:
            minute += int(free * weights[[0, *cuts].index(number)] / sum(weights)) // 15 * 15
        start = _at(day, minute)
        end = start + timedelta(minutes=length)
        found.append(Fixed(key=f"{day}-{number}", title=f"Entry {day}-{number}", start=start, end=end))
        minute += length
    return found


def _wish(rng: random.Random, number: int) -> Wish:
    days, earliest, latest = None, None, None
    kind = rng.random()
    if kind < 0.15:
        days = frozenset(rng.sample(DAYS, 2))
    elif kind < 0.3:
        earliest, latest = Moment(clock=time(rng.choice([8, 9, 13]))), Moment(clock=time(rng.choice([15, 17, 18])))
    return Wish(
        key=f"w{number}",
        title=f"Wish {number}",
        minutes=rng.choice([30, 30, 30, 30, 45, 45, 60, 90]),
        purpose=rng.choice(FACETS),
        value=float(rng.randrange(20, 100)),
        energy=rng.choice(list(Energy)),
        days=days,
        earliest=earliest,
        latest=latest,
    )


def _somewhen(rng: random.Random) -> datetime:
    return _at(rng.choice(DAYS), rng.randrange(OPENS * 4, (CLOSES - 1) * 4) * 15)
