"""Rows to values of the core, and back."""

from collections.abc import Iterable, Iterator
from datetime import time

from equipoise.apps.calendars import models
from equipoise.core.timeuse.counting import AllDayRule, CountingRules
from equipoise.core.timeuse.entries import Answer, Entry, Occurrence, Recurrence, Relation


def entry_of(row: models.Entry, *, source: str = "") -> Entry:
    """The core's entry; the row's key travels in `line`, which a stored entry has no other use for."""
    return Entry(
        uid=row.uid,
        series=row.series,
        title=row.title,
        description=row.description,
        all_day=row.all_day,
        cancelled=row.cancelled,
        free=row.free,
        private=row.private,
        answer=Answer(row.answer),
        attendees=row.attendees,
        relation=Relation(row.relation) if row.relation else None,
        recurring=Recurrence(row.recurring),
        organiser_self=row.organiser_self,
        source=source,
        line=row.pk,
    )


def occurrences_of(rows: Iterable[models.Occurrence]) -> Iterator[Occurrence]:
    """The core's occurrences; the occurrences of one row share one entry. Rows come with their entries."""
    entries: dict[int, Entry] = {}
    for row in rows:
        entry = entries.get(row.entry_id)
        if entry is None:
            entry = entries[row.entry_id] = entry_of(row.entry)
        yield Occurrence(entry=entry, start=row.starts_at, end=row.ends_at)


def entry_row(entry: Entry, *, calendar: models.Calendar, minutes: float, probabilities: list[float]) -> models.Entry:
    """A row to be saved for one entry that was read."""
    return models.Entry(
        owner_id=calendar.owner_id,
        calendar=calendar,
        uid=entry.uid[:400],
        series=entry.series[:400],
        title=entry.title,
        description=entry.description,
        minutes=minutes,
        all_day=entry.all_day,
        cancelled=entry.cancelled,
        free=entry.free,
        private=entry.private,
        answer=entry.answer.value,
        attendees=entry.attendees,
        relation=entry.relation.value if entry.relation else "",
        recurring=entry.recurring.value,
        organiser_self=entry.organiser_self,
        probabilities=probabilities,
    )


def counting_rules(rules: Iterable[models.Rule], *, opens: time, closes: time) -> CountingRules:
    """The owner's rules that count all-day entries as working hours."""
    return CountingRules(
        all_day=tuple(
            AllDayRule(words=(rule.words,), opens=opens, closes=closes) for rule in rules if rule.all_day_counts
        )
    )
