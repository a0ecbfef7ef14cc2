"""Who is due to be seen alone: the person's reports and whom they added, by what the calendar holds."""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.core.cache import cache

from equipoise.apps.calendars import queries as calendars
from equipoise.apps.people.models import Person
from equipoise.apps.people.standing import reports_of
from equipoise.apps.planner.models import OneToOne
from equipoise.core.timeuse.entries import Answer, Entry

CADENCE_DAYS = 14
LOOKS_BACK, LOOKS_AHEAD = timedelta(days=180), timedelta(days=14)
KEPT_SECONDS = 3600
ALONE = re.compile(r"\b(1\s?[:/x-]\s?1|1\s?on\s?1|one[\s-](?:on|to)[\s-]one|o2o|vier[\s-]augen)\b", re.IGNORECASE)
"""Titles that say that two meet."""

Days = dict[str, list[date]]
"""The days on which the calendar has the person alone with somebody, by their name."""


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
    return _of(person, on, _days)


def of_kept(person: Person, *, on: date) -> list[Due]:
    """The same as `of`, for pages: the days they were seen are kept until the person's evidence changes."""
    return _of(person, on, _days_kept)


def _of(person: Person, on: date, days_of: Callable[[Person, Mapping[str, str], date], Days]) -> list[Due]:
    rows = {row.name: row for row in OneToOne.objects.filter(person=person)}
    reports = [report.name for report in reports_of(person, on=on)]
    names = [name for name in dict.fromkeys([*reports, *rows]) if name not in rows or rows[name].on]
    if not names:
        return []
    called = {name: _called(name, names) for name in names}
    days = days_of(person, called, on)
    found = [_due(name, called[name], rows.get(name), days[name], on=on) for name in names]
    return sorted(found, key=lambda due: (due.days is None, -(due.days or 0), due.name))


def _due(name: str, called: str, row: OneToOne | None, days: Sequence[date], *, on: date) -> Due:
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


def _days_kept(person: Person, called: Mapping[str, str], on: date) -> Days:
    names = hashlib.sha256(repr(sorted(called)).encode()).hexdigest()
    key = f"one-to-ones-{person.pk}-{person.evidence_version}-{person.zone}-{on}-{names}"
    found: Days | None = cache.get(key)
    if found is None:
        found = _days(person, called, on)
        cache.set(key, found, KEPT_SECONDS)
    return found


def _days(person: Person, called: Mapping[str, str], on: date) -> Days:
    zone = ZoneInfo(person.zone)
    found: Days = {name: [] for name in called}
    known: dict[int, list[str]] = {}  # with whom each entry is, looked at once however often it takes place
    named = {name: _named(name, short) for name, short in called.items()}
    for each in calendars.occurrences(person, start=on - LOOKS_BACK, end=on + LOOKS_AHEAD):
        if each.entry.line not in known:
            known[each.entry.line] = _alone_with(each.entry, named)
        for name in known[each.entry.line]:
            found[name].append(each.start.astimezone(zone).date())
    return found


def _called(name: str, names: Sequence[str]) -> str:
    first = name.split(maxsplit=1)[0]
    return name if sum(other.split()[0].casefold() == first.casefold() for other in names) > 1 else first


def _named(name: str, called: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{re.escape(called)}|{re.escape(name)})\b", re.IGNORECASE)


def _alone_with(entry: Entry, named: Mapping[str, re.Pattern[str]]) -> list[str]:
    """With whom an entry is for two alone: its title names them, and says so or has one guest."""
    if entry.cancelled or entry.all_day or entry.private or entry.answer is Answer.DECLINED:
        return []
    if entry.attendees != 1 and (entry.attendees is not None or ALONE.search(entry.title) is None):
        return []
    return [name for name, pattern in named.items() if pattern.search(entry.title)]
