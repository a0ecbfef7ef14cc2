"""Rows to values of the core, and back."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from equipoise.apps.calendars import models
from equipoise.apps.calendars.marks import marked
from equipoise.core.facets import PURPOSES
from equipoise.core.timeuse.counting import AllDayRule, CountingRules
from equipoise.core.timeuse.entries import Answer, Entry, Occurrence, Recurrence, Relation
from equipoise.core.timeuse.purpose_model import Reading

KEY_LENGTH = 400


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
        others=tuple(row.others),
        recurring=Recurrence(row.recurring),
        organiser_self=row.organiser_self,
        source=source,
        line=row.pk,
    )


def occurrences_of(rows: Iterable[models.Occurrence], *, zone: ZoneInfo) -> Iterator[Occurrence]:
    """The core's occurrences; the occurrences of one row share one entry. Rows come with entries and calendars.

    All-day entries are days, not times: one read in another zone takes the same days in this one.
    """
    entries: dict[int, Entry] = {}
    for row in rows:
        entry = entries.get(row.entry_id)
        if entry is None:
            entry = entries[row.entry_id] = entry_of(row.entry)
        start, end = row.starts_at, row.ends_at
        if entry.all_day and row.entry.calendar.zone != zone.key:
            read_in = ZoneInfo(row.entry.calendar.zone)
            start, end = _same_day(start, read_in, zone), _same_day(end, read_in, zone)
        yield Occurrence(entry=entry, start=start, end=end)


def _same_day(moment: datetime, read_in: ZoneInfo, zone: ZoneInfo) -> datetime:
    """Midnight in `zone` of the day that begins at this moment in `read_in`, where clocks may skip midnight."""
    day = (moment.astimezone(read_in) + timedelta(hours=2)).date()
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def entry_row(
    entry: Entry,
    *,
    calendar: models.Calendar,
    minutes: float,
    scores: NDArray[np.float64],
    vector: NDArray[np.float32],
    model: str,
) -> models.Entry:
    """A row to be saved for one entry that was read."""
    return models.Entry(
        owner_id=calendar.owner_id,
        calendar=calendar,
        uid=_fitting(entry.uid),
        series=_fitting(entry.series),
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
        others=marked(entry.others),
        recurring=entry.recurring.value,
        organiser_self=entry.organiser_self,
        scores=packed_scores(scores),
        vector=packed_vector(vector),
        model=model,
    )


def counting_rules(rules: Iterable[models.Rule], *, opens: time, closes: time) -> CountingRules:
    """The owner's rules that count all-day entries as working hours."""
    return CountingRules(
        all_day=tuple(
            AllDayRule(words=(rule.words,), opens=opens, closes=closes) for rule in rules if rule.all_day_counts
        )
    )


def packed_scores(scores: NDArray[np.float64]) -> bytes:
    """Ten scores as they are stored."""
    return scores.astype("<f4").tobytes()


def packed_vector(vector: NDArray[np.float32]) -> bytes:
    """The features of one entry as they are stored."""
    return vector.astype("<f2").tobytes()


class StoredReadings:
    """What the model read from stored entries, in place of the model."""

    def __init__(self, rows: Iterable[tuple[int, bytes | memoryview, bytes | memoryview]]) -> None:
        """From rows of key, scores and vector."""
        self._rows = {key: (bytes(scores), bytes(vector)) for key, scores, vector in rows}
        self._size = next((len(vector) // 2 for _, vector in self._rows.values()), 0)

    def read(self, entries: Sequence[Entry], minutes: Sequence[float | None] | None = None) -> Reading:  # noqa: ARG002
        """The stored reading of each entry; the length of the entries played its part when they were read."""
        stored = [self._rows[entry.line] for entry in entries]
        scores = np.array([np.frombuffer(each, "<f4") for each, _ in stored], np.float64)
        vectors = np.array([np.frombuffer(each, "<f2") for _, each in stored], np.float32)
        return Reading(scores=scores.reshape(-1, len(PURPOSES)), vectors=vectors.reshape(len(stored), self._size))


def _fitting(key: str) -> str:
    """A key that fits its column: a longer one ends in a digest of the whole."""
    if len(key) <= KEY_LENGTH:
        return key
    return key[: KEY_LENGTH - 65] + "-" + hashlib.sha256(key.encode()).hexdigest()
