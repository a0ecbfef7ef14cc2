"""Short ways to say when things take place, for the tests of time."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from equipoise.core.facets import PURPOSES, Purpose
from equipoise.core.intervals import Floats
from equipoise.core.timeuse.counting import Counted, CountingRules, count_time
from equipoise.core.timeuse.entries import Entry, Occurrence

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 1, 5)


def at(day: int, clock: str = "00:00", month: int = 1) -> datetime:
    """A moment of 2026 in UTC."""
    hour, minute = clock.split(":")
    return datetime(2026, month, day, int(hour), int(minute), tzinfo=UTC)


def held(start: datetime, end: datetime, title: str = "Planning", **fields: Any) -> Occurrence:
    """One time of an entry; its title names its series too."""
    uid = fields.pop("uid", title)
    return Occurrence(
        entry=Entry(uid=uid, series=fields.pop("series", uid), title=title, **fields), start=start, end=end
    )


def count(
    *occurrences: Occurrence,
    start: date = MONDAY,
    end: date = date(2026, 1, 12),
    zone: ZoneInfo | None = None,
    rules: CountingRules | None = None,
) -> Counted:
    """Count in the first whole week of 2026, in UTC."""
    return count_time(occurrences, start=start, end=end, zone=zone or ZoneInfo("UTC"), rules=rules)


def surely(*purposes: Purpose) -> Floats:
    """Probabilities that leave no doubt."""
    rows = np.zeros((len(purposes), len(PURPOSES)))
    rows[np.arange(len(purposes)), [PURPOSES.index(purpose) for purpose in purposes]] = 1.0
    return rows
