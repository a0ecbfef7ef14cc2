"""What is done to calendars; each act is one transaction with its entry in the audit trail."""

import hashlib
import logging
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import BinaryIO, cast
from zoneinfo import ZoneInfo

import numpy as np
from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F
from django.utils.crypto import get_random_string
from numpy.typing import NDArray

from equipoise.adapters.classifier import load_classifier
from equipoise.adapters.ics import CalendarError, CalendarReading, Progress, Stage, Upload, read_calendar
from equipoise.adapters.ics.web import shown
from equipoise.apps.calendars import mapping
from equipoise.apps.calendars.models import LASTING, Calendar, Correction, Entry, Import, Occurrence, Rule
from equipoise.apps.people.models import Person
from equipoise.core.facets import Purpose
from equipoise.core.timeuse.entries import Entry as CalendarEntry
from equipoise.core.timeuse.notes import with_essence
from equipoise.platform import audit

AHEAD = timedelta(days=370)
"""Entries are kept up to this far ahead of the day they are read."""

SINCE = datetime(1900, 1, 1, tzinfo=UTC)
"""Entries are kept from this day on; phones date birthdays without a year to 1604."""

UPLOADS = "imports"
ATTEMPTS = 2
"""A reading that was cut off is begun this often; one that takes the worker down with it is not begun for ever."""

INTERRUPTED, OUR_FAULT = "Interrupted", "OurFault"
"""Kinds of failure beside the names of the reader's own errors."""

PROBLEMS_KEPT = 200
CLASSIFIED_AT_ONCE = 500
SAY_PROGRESS_EVERY = 0.2
PROBE = CalendarEntry(uid="probe", series="probe", title="Strategy, budget and people review", attendees=4)

_log = logging.getLogger(__name__)


class _ImportGone(Exception):
    """The person erased everything while their calendar was being read."""


@transaction.atomic
def hand_in_calendar(
    *, actor: Person, person: Person, upload: BinaryIO | None, address: str, name: str, now: datetime
) -> Import:
    """Keep an uploaded file, or an address, to be read in the background.

    An address is called by what may be shown of it: what lets one in (a password, a query) stays out of its name.
    """
    kept = ""
    if upload is not None:
        kept = default_storage.save(f"{UPLOADS}/{get_random_string(24)}.calendar", File(upload))
    called = shown(address) if upload is None else Path(name).name
    audit.record(actor_id=actor.pk, subject_id=person.pk, verb="calendar handed in", now=now)
    return Import.objects.create(owner=person, name=called[:200], address=address, upload=kept, started_at=now)


def carry_out_import(import_id: int, *, clock: Callable[[], datetime]) -> None:
    """Read, sort and save one calendar that was handed in; on trouble nothing of it is saved.

    The calendar of the same name is replaced whole. Corrections and rules stay.
    """
    job = Import.objects.select_related("owner").filter(pk=import_id, finished_at=None).first()
    if job is None:
        return
    try:
        job.attempts += 1
        reading = _read(job, clock())
        classified = _sort(job, reading)
        _save(job, reading, classified, clock())
    except _ImportGone:
        _log.warning("Import %s ended: its person is no longer there", import_id)
    except CalendarError as error:
        _fail(job.pk, type(error).__name__, str(error), clock())
    except Exception:  # noqa: BLE001 - whatever goes wrong, the person is told and nothing is half saved
        _log.exception("Import %s failed", import_id)
        _fail(job.pk, OUR_FAULT, "", clock())
    if job.upload:  # a worker that is stopped here comes back to it
        default_storage.delete(job.upload)


def give_up_interrupted(*, now: datetime) -> list[int]:
    """Give up the readings that were cut off too often, and delete uploads no reading waits for.

    Call it only while no worker is reading.

    Returns:
        The numbers of the readings that are to be taken up again, in the order they came.
    """
    unfinished = Import.objects.filter(finished_at=None)
    for job in unfinished.filter(attempts__gte=ATTEMPTS):
        _fail(job.pk, INTERRUPTED, "", now)
    jobs = list(unfinished.order_by("started_at", "pk"))
    _delete_uploads_but({job.upload for job in jobs})
    return [job.pk for job in jobs]


def drop_uploads(person_id: int) -> None:
    """Delete what a person handed in and nobody has read yet."""
    for job in Import.objects.filter(owner_id=person_id).exclude(upload=""):
        default_storage.delete(job.upload)


def _delete_uploads_but(wanted: set[str]) -> None:
    if default_storage.exists(UPLOADS):
        for name in default_storage.listdir(UPLOADS)[1]:
            if f"{UPLOADS}/{name}" not in wanted:
                default_storage.delete(f"{UPLOADS}/{name}")


@transaction.atomic
def store_reading(*, person: Person, name: str, reading: CalendarReading, now: datetime) -> Calendar:
    """Save a reading that is at hand already (the demo agency's)."""
    classified = _classify(reading, lambda _done, _total: None)
    return _replace_calendar(person, name, "", classified, now)


@transaction.atomic
def correct(*, actor: Person, entry: Entry, purpose: Purpose, now: datetime) -> Correction:
    """Say what all entries of a series are for. The correction it replaces is kept, so that it can come back."""
    _one_at_a_time(entry.owner_id)
    Correction.objects.filter(owner_id=entry.owner_id, series=entry.series, replaced=False).update(replaced=True)
    made = Correction.objects.create(
        owner_id=entry.owner_id, series=entry.series, purpose=purpose.value, said_at=now, said_by_id=actor.pk
    )
    audit.record(
        actor_id=actor.pk, subject_id=entry.owner_id, verb="entry corrected", now=now, detail={"purpose": purpose.value}
    )
    _evidence_changed(entry.owner_id)
    return made


@transaction.atomic
def undo_correction(*, actor: Person, correction: Correction, now: datetime) -> Correction | None:
    """Take a correction back; the one it had replaced holds again and is returned.

    One that somebody took back or replaced in the meantime stays as it is now.
    """
    owner_id, series = correction.owner_id, correction.series
    _one_at_a_time(owner_id)
    if not Correction.objects.filter(pk=correction.pk, replaced=False).delete()[0]:
        return Correction.objects.filter(owner_id=owner_id, series=series, replaced=False).first()
    before = Correction.objects.filter(owner_id=owner_id, series=series).first()
    if before is not None:
        before.replaced = False
        before.save(update_fields=["replaced"])
    audit.record(actor_id=actor.pk, subject_id=owner_id, verb="correction undone", now=now)
    _evidence_changed(owner_id)
    return before


@transaction.atomic
def make_rule(
    *, actor: Person, person: Person, words: str, purpose: Purpose | None, all_day_counts: bool, now: datetime
) -> Rule:
    """Make a rule for a person's entries, or change the one with the same words."""
    _one_at_a_time(person.pk)
    rule, _made = Rule.objects.update_or_create(
        owner=person,
        words=" ".join(words.split()),
        defaults={"purpose": purpose.value if purpose else "", "all_day_counts": all_day_counts, "made_at": now},
    )
    audit.record(actor_id=actor.pk, subject_id=person.pk, verb="rule made", now=now)
    _evidence_changed(person.pk)
    return rule


@transaction.atomic
def drop_rule(*, actor: Person, rule: Rule, now: datetime) -> None:
    """Take a rule away."""
    owner_id = rule.owner_id
    rule.delete()
    audit.record(actor_id=actor.pk, subject_id=owner_id, verb="rule dropped", now=now)
    _evidence_changed(owner_id)


@transaction.atomic
def erase_calendar(*, actor: Person, calendar: Calendar, now: datetime) -> None:
    """Erase a calendar with all its entries for good."""
    entries = calendar.entries.count()
    owner_id = calendar.owner_id
    calendar.delete()
    audit.record(actor_id=actor.pk, subject_id=owner_id, verb="calendar erased", now=now, detail={"entries": entries})
    _evidence_changed(owner_id)


def model_mark() -> str:
    """A mark that differs between models: a digest of what the model says of one entry."""
    told = load_classifier().read([PROBE], [60.0])
    return hashlib.sha256(told.scores.tobytes() + told.vectors.tobytes()).hexdigest()[:16]


def read_anew() -> int:
    """Have entries that an older model read be read by the one at hand; how many there were.

    Call it when the server starts, before pages are shown: readings of different models do not mix.
    """
    mark = model_mark()
    stale = Calendar.objects.filter(entries__in=Entry.objects.exclude(model=mark)).distinct()
    count = 0
    for calendar in stale:
        rows = list(calendar.entries.order_by("pk"))
        told = with_essence([mapping.entry_of(row) for row in rows])
        for first in range(0, len(rows), CLASSIFIED_AT_ONCE):
            part = slice(first, first + CLASSIFIED_AT_ONCE)
            _read_rows_anew(rows[part], told[part], mark)
        count += len(rows)
        _evidence_changed(calendar.owner_id)
    return count


def _read_rows_anew(rows: list[Entry], told: list[CalendarEntry], mark: str) -> None:
    read = load_classifier().read(told, [row.minutes for row in rows])
    for row, scores, vector in zip(rows, read.scores, read.vectors, strict=True):
        row.scores, row.vector, row.model = mapping.packed_scores(scores), mapping.packed_vector(vector), mark
    Entry.objects.bulk_update(rows, ["scores", "vector", "model"])


@dataclass(slots=True)
class _Steps:
    """Says how far a job is, not oftener than people can read."""

    job: Import
    said_at: float = field(default=0.0)

    def say(self, done: int, total: int, *, state: str | None = None) -> None:
        """Write the progress down, if it is time or a new state."""
        if state is None and time.monotonic() - self.said_at < SAY_PROGRESS_EVERY:
            return
        self.said_at = time.monotonic()
        self.job.steps_done, self.job.steps_total = done, max(total, done)
        self.job.state = state or self.job.state
        kept = ("steps_done", "steps_total", "state", "entries", "attempts")
        if not Import.objects.filter(pk=self.job.pk).update(**{name: getattr(self.job, name) for name in kept}):
            raise _ImportGone


def _read(job: Import, now: datetime) -> CalendarReading:
    steps = _Steps(job)
    steps.say(0, 0, state=Import.State.READING)

    def progress(at: Progress) -> None:
        if at.stage is Stage.READING:
            job.entries = at.done
        steps.say(at.done, at.total or 0)

    with default_storage.open(job.upload) if job.upload else nullcontext() as file:
        return read_calendar(
            [Upload(name=job.name, content=cast("BinaryIO", file)) if file else job.address],
            me=job.owner.addresses,
            start=SINCE,
            end=now + AHEAD,
            zone=ZoneInfo(job.owner.zone),
            progress=progress,
            allow_private_hosts=settings.PRIVATE_FEEDS,
        )


def _sort(job: Import, reading: CalendarReading) -> "list[_Classified]":
    steps = _Steps(job)
    steps.say(0, 0, state=Import.State.SORTING)
    return _classify(reading, steps.say)


@dataclass(frozen=True, slots=True)
class _Classified:
    """One entry with its times and what the model read from it."""

    entry: CalendarEntry
    times: list[tuple[datetime, datetime]]
    minutes: float
    scores: NDArray[np.float64]
    vector: NDArray[np.float32]


def _classify(reading: CalendarReading, say: Callable[[int, int], None]) -> list[_Classified]:
    times: dict[CalendarEntry, list[tuple[datetime, datetime]]] = {}
    for occurrence in reading.occurrences:
        times.setdefault(occurrence.entry, []).append((occurrence.start, occurrence.end))
    entries = list(times)
    told = with_essence(entries)
    minutes = [median((end - start).total_seconds() / 60 for start, end in times[entry]) for entry in entries]
    classifier = load_classifier()
    classified: list[_Classified] = []
    for first in range(0, len(entries), CLASSIFIED_AT_ONCE):
        last = first + CLASSIFIED_AT_ONCE
        read = classifier.read(told[first:last], minutes[first:last])
        classified += [
            _Classified(entry, times[entry], length, scores, vector)
            for entry, length, scores, vector in zip(
                entries[first:last], minutes[first:last], read.scores, read.vectors, strict=True
            )
        ]
        say(len(classified), len(entries))
    return classified


def _save(job: Import, reading: CalendarReading, classified: Sequence[_Classified], now: datetime) -> None:
    _Steps(job).say(0, len(classified), state=Import.State.SAVING)
    with transaction.atomic():
        _replace_calendar(job.owner, job.name, job.address, classified, now)
        job.entries = len(classified)
        job.occurrences = len(reading.occurrences)
        job.lost = sum(problem.entry_lost for problem in reading.problems)
        job.altered = len(reading.problems) - job.lost
        job.problems = [
            {"source": problem.source, "line": problem.line, "reason": problem.reason, "lost": problem.entry_lost}
            for problem in sorted(reading.problems, key=lambda problem: not problem.entry_lost)[:PROBLEMS_KEPT]
        ]
        job.state, job.finished_at = Import.State.DONE, now
        job.save()


def _replace_calendar(
    person: Person, name: str, address: str, classified: Sequence[_Classified], now: datetime
) -> Calendar:
    """Save a calendar in place of the one of the same address, or the file of the same name."""
    if not _one_at_a_time(person.pk):
        raise _ImportGone
    mine = Calendar.objects.filter(owner=person)
    (mine.filter(address=address) if address else mine.filter(address="", name=name)).delete()
    calendar = mine.create(owner=person, name=_free_name(person, name), address=address, zone=person.zone, read_at=now)
    mark = model_mark()
    rows = [
        mapping.entry_row(
            each.entry,
            calendar=calendar,
            minutes=each.minutes,
            scores=each.scores,
            vector=each.vector,
            model=mark,
        )
        for each in classified
    ]
    Entry.objects.bulk_create(rows, batch_size=1000)
    Occurrence.objects.bulk_create(
        (
            Occurrence(owner=person, entry=row, starts_at=start, ends_at=end, lasting=end - start > LASTING)
            for row, each in zip(rows, classified, strict=True)
            for start, end in each.times
        ),
        batch_size=4000,
    )
    audit.record(
        actor_id=None,
        subject_id=person.pk,
        verb="calendar read",
        now=now,
        detail={"entries": len(rows)},
    )
    _evidence_changed(person.pk)
    return calendar


def _free_name(person: Person, name: str) -> str:
    """The name, with a number behind it where another address or a file of the person's is called so, too."""
    taken = set(Calendar.objects.filter(owner=person).values_list("name", flat=True))
    numbered = (f"{name[:190]} ({number})" for number in range(2, len(taken) + 3))
    return next(each for each in (name, *numbered) if each not in taken)


def _fail(import_id: int, kind: str, sentence: str, now: datetime) -> None:
    Import.objects.filter(pk=import_id).update(
        state=Import.State.FAILED, failure_kind=kind, failure=sentence, finished_at=now
    )


def _one_at_a_time(person_id: int) -> bool:
    """Let acts on one person's evidence wait for each other until their transactions end; whether the person is there.

    The embedded database lets only one transaction write anyway.
    """
    return Person.objects.select_for_update().filter(pk=person_id).exists()


def _evidence_changed(person_id: int) -> None:
    """Readings kept for this person no longer hold."""
    Person.objects.filter(pk=person_id).update(evidence_version=F("evidence_version") + 1)
