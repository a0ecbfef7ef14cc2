"""From what was read of a calendar to rows: what the model says of each entry, and each time it takes place."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from statistics import median

import numpy as np
from django.db.models import F, QuerySet
from numpy.typing import NDArray

from equipoise.adapters.classifier import load_classifier
from equipoise.apps.calendars import mapping
from equipoise.apps.calendars.models import LASTING, Calendar, Entry, Occurrence, Resource
from equipoise.apps.people.models import Person
from equipoise.core.timeuse.entries import Entry as CalendarEntry
from equipoise.core.timeuse.entries import Occurrence as CalendarOccurrence
from equipoise.core.timeuse.notes import essence, house_lines_of

AHEAD = timedelta(days=370)
"""Entries are kept up to this far ahead of the day they are read."""
SINCE = datetime(1900, 1, 1, tzinfo=UTC)
"""Entries are kept from this day on; phones date birthdays without a year to 1604."""

CLASSIFIED_AT_ONCE = 500
PROBE = CalendarEntry(uid="probe", series="probe", title="Strategy, budget and people review", attendees=4)


class PersonGone(Exception):
    """The person erased everything while their calendar was being read."""


@dataclass(frozen=True, slots=True)
class Classified:
    """One entry with its times and what the model read from it."""

    entry: CalendarEntry
    times: list[tuple[datetime, datetime]]
    minutes: float
    scores: NDArray[np.float64]
    vector: NDArray[np.float32]


def classify(
    occurrences: Iterable[CalendarOccurrence],
    say: Callable[[int, int], None],
    *,
    beside: Sequence[CalendarEntry] = (),
) -> list[Classified]:
    """What the model says of each entry.

    Args:
        occurrences: When the entries take place.
        say: Told how many of how many are done.
        beside: Other entries of the same calendar; lines that stand under most of them say nothing.
    """
    times: dict[CalendarEntry, list[tuple[datetime, datetime]]] = {}
    for occurrence in occurrences:
        times.setdefault(occurrence.entry, []).append((occurrence.start, occurrence.end))
    entries = list(times)
    house = house_lines_of([*beside, *entries])
    told = [_told(entry, house) for entry in entries]
    minutes = [median((end - start).total_seconds() / 60 for start, end in times[entry]) for entry in entries]
    classifier = load_classifier()
    classified: list[Classified] = []
    for first in range(0, len(entries), CLASSIFIED_AT_ONCE):
        last = first + CLASSIFIED_AT_ONCE
        read = classifier.read(told[first:last], minutes[first:last])
        classified += [
            Classified(entry, times[entry], length, scores, vector)
            for entry, length, scores, vector in zip(
                entries[first:last], minutes[first:last], read.scores, read.vectors, strict=True
            )
        ]
        say(len(classified), len(entries))
    return classified


def _told(entry: CalendarEntry, house: frozenset[str]) -> CalendarEntry:
    return replace(entry, description=essence(entry.description, house_lines=house)) if entry.description else entry


def model_mark() -> str:
    """A mark that differs between models: a digest of what the model says of one entry."""
    told = load_classifier().read([PROBE], [60.0])
    return hashlib.sha256(told.scores.tobytes() + told.vectors.tobytes()).hexdigest()[:16]


def replace_entries(calendar: Calendar, classified: Sequence[Classified]) -> None:
    """Save these entries in place of all that the calendar had; one that was there before keeps its number."""
    before = Entry.objects.filter(calendar=calendar)
    numbers = _numbers(before)
    before.delete()
    _save(calendar, classified, numbers, {})


def replace_objects(calendar: Calendar, resources: Sequence[Resource], classified: Sequence[Classified]) -> None:
    """Save entries in place of those that these objects of the calendar had; each entry's source is its path."""
    before = Entry.objects.filter(calendar=calendar, resource__in=resources)
    numbers = _numbers(before)
    before.delete()
    _save(calendar, classified, numbers, {resource.href: resource for resource in resources})


def _numbers(rows: QuerySet[Entry]) -> dict[str, list[int]]:
    """The rows' numbers by identifier, so that addresses of pages go on leading to the same entry."""
    found: dict[str, list[int]] = {}
    for number, uid in rows.order_by("-pk").values_list("pk", "uid"):
        found.setdefault(uid, []).append(number)
    return found


def _save(
    calendar: Calendar,
    classified: Sequence[Classified],
    numbers: Mapping[str, list[int]],
    resources: Mapping[str, Resource],
) -> None:
    mark = model_mark()
    rows = []
    for each in classified:
        row = mapping.entry_row(
            each.entry, calendar=calendar, minutes=each.minutes, scores=each.scores, vector=each.vector, model=mark
        )
        row.resource = resources.get(each.entry.source)
        if numbers.get(row.uid):
            row.pk = numbers[row.uid].pop()
        rows.append(row)
    Entry.objects.bulk_create(rows, batch_size=1000)
    Occurrence.objects.bulk_create(
        (
            Occurrence(
                owner_id=calendar.owner_id, entry=row, starts_at=start, ends_at=end, lasting=end - start > LASTING
            )
            for row, each in zip(rows, classified, strict=True)
            for start, end in each.times
        ),
        batch_size=4000,
    )


def free_name(person: Person, name: str) -> str:
    """The name, with a number behind it where another address or a file of the person's is called so, too."""
    taken = set(Calendar.objects.filter(owner=person).values_list("name", flat=True))
    numbered = (f"{name[:190]} ({number})" for number in range(2, len(taken) + 3))
    return next(each for each in (name, *numbered) if each not in taken)


def evidence_changed(person_id: int) -> None:
    """Readings kept for this person no longer hold."""
    Person.objects.filter(pk=person_id).update(evidence_version=F("evidence_version") + 1)
