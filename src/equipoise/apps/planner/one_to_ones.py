"""Who is due to be seen alone: the person's reports and whom they added, by what the calendar holds."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from equipoise.apps.calendars import queries as calendars
from equipoise.apps.people.models import Person
from equipoise.apps.planner.models import OneToOne
from equipoise.core.timeuse.entries import Answer, Entry, Occurrence

CADENCE_DAYS = 14
LOOKS_BACK = timedelta(days=180)
ALONE = re.compile(r"\b(1\s?[:/x-]\s?1|1\s?on\s?1|one[\s-](?:on|to)[\s-]one|o2o|vier[\s-]augen)\b", re.IGNORECASE)
"""Titles that say that two meet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Somebody to be seen alone.

    Attributes:
        name: The whole name.
        called: What the block is called by: the first name where it is the only one, else the whole name.
        cadence_days: How often they are to be seen.
        last: The day they were seen last; `None` when the calendar holds no such day.
        coming: The next day on which the calendar already has them.
        one_to_one_id: The row of the person's own list, if there is one.
        days: Days since `last` on the day asked about.
    """

    name: str
    called: str
    cadence_days: int
    last: date | None
    coming: date | None
    one_to_one_id: int | None
    days: int | None

    @property
    def is_overdue(self) -> bool:
        """Whether more days than the cadence went by, on the day asked about; not when there never was one."""
        return self.days is not None and self.days > self.cadence_days

    def due_by(self, day: date) -> bool:
        """Whether they should be seen by a day, and are not in the calendar until then."""
        if self.coming is not None and self.coming <= day:
            return False
        return self.last is None or (day - self.last).days >= self.cadence_days


def of(person: Person, *, on: date) -> list[Due]:
    """Everybody the person means to see alone, the longest ago first; never seen ones last."""
    rows = {row.name: row for row in OneToOne.objects.filter(person=person)}
    reports = [report.name for report in person.reports.filter(is_active=True)]
    names = [name for name in dict.fromkeys([*reports, *rows]) if name not in rows or rows[name].on]
    if not names:
        return []
    held = calendars.occurrences(person, start=on - LOOKS_BACK, end=on + timedelta(days=14))
    found = [_due(name, names, rows.get(name), held, on=on, zone=ZoneInfo(person.zone)) for name in names]
    return sorted(found, key=lambda due: (due.days is None, -(due.days or 0), due.name))


def _due(
    name: str, names: Sequence[str], row: OneToOne | None, held: Sequence[Occurrence], *, on: date, zone: ZoneInfo
) -> Due:
    called = _called(name, names)
    days = sorted(
        each.start.astimezone(zone).date() for each in held if is_one_to_one(each.entry, called=called, name=name)
    )
    last = max((day for day in days if day < on), default=None)
    return Due(
        name=name,
        called=called,
        cadence_days=row.cadence_days if row else CADENCE_DAYS,
        last=last,
        coming=min((day for day in days if day >= on), default=None),
        one_to_one_id=row.pk if row else None,
        days=(on - last).days if last else None,
    )


def _called(name: str, names: Sequence[str]) -> str:
    first = name.split(maxsplit=1)[0]
    return name if sum(other.split()[0].casefold() == first.casefold() for other in names) > 1 else first


def is_one_to_one(entry: Entry, *, called: str, name: str) -> bool:
    """Whether an entry is the two alone: its title names them, and says so or has one guest."""
    if entry.cancelled or entry.all_day or entry.private or entry.answer is Answer.DECLINED:
        return False
    named = any(re.search(rf"\b{re.escape(each)}\b", entry.title, re.IGNORECASE) for each in (called, name))
    return named and (entry.attendees == 1 or (entry.attendees is None and ALONE.search(entry.title) is not None))
