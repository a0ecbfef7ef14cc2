"""What is done to calendars; each act is one transaction with its entry in the audit trail."""

import logging
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, cast

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F
from django.utils.crypto import get_random_string

from equipoise.adapters.classifier import load_classifier
from equipoise.adapters.ics import CalendarError, CalendarReading, Problem, Upload
from equipoise.adapters.ics.web import Fetched, fetch_if_changed
from equipoise.apps.calendars import leases, mapping, outbox, storing, syncing
from equipoise.apps.calendars.discretion import discreet, plain_address
from equipoise.apps.calendars.leases import Lease, LeaseLost
from equipoise.apps.calendars.models import Calendar, Correction, Entry, Import, Movable, Rule
from equipoise.apps.calendars.steps import Steps
from equipoise.apps.calendars.storing import (
    CLASSIFIED_AT_ONCE,
    Classified,
    PersonGone,
    classify,
    evidence_changed,
    free_name,
    model_mark,
    replace_entries,
)
from equipoise.apps.people.models import Person
from equipoise.apps.people.turns import one_at_a_time
from equipoise.core.facets import Purpose
from equipoise.core.timeuse.entries import Entry as CalendarEntry
from equipoise.core.timeuse.notes import with_essence
from equipoise.platform import audit, vault

UPLOADS = "imports"
ATTEMPTS, ATTEMPTS_IN_STEP = 2, 6
"""A reading that was cut off is begun this often, one of an account, which goes on where it was, more often; one that
takes the worker down with it is not begun for ever."""

INTERRUPTED, OUR_FAULT = "Interrupted", syncing.OUR_FAULT
"""Kinds of failure beside the names of the reader's own errors."""

PROBLEMS_KEPT = 200
FORGOTTEN_AFTER = timedelta(hours=1)

SINCE, AHEAD = storing.SINCE, storing.AHEAD
write_entry, withdraw_entry = outbox.write_entry, outbox.withdraw_entry

_log = logging.getLogger(__name__)


@transaction.atomic
def hand_in_calendar(
    *, actor: Person, person: Person, upload: BinaryIO | None, address: str, name: str, now: datetime
) -> Import:
    """Keep an uploaded file, or an address, to be read in the background. An address is read again by itself later.

    An address is called by what may be shown of it, and sealed: whoever knows it can read the calendar.
    """
    kept = ""
    if upload is not None:
        kept = default_storage.save(f"{UPLOADS}/{get_random_string(24)}.calendar", File(upload))
    called = discreet(address) if upload is None else Path(name).name
    audit.record(actor_id=actor.pk, subject_id=person.pk, verb="calendar handed in", now=now)
    return Import.objects.create(
        owner=person,
        name=called[:200],
        sealed_address=vault.seal(address) if upload is None else "",
        upload=kept,
        started_at=now,
    )


@transaction.atomic
def ask_again(*, actor: Person, calendar: Calendar, now: datetime) -> Import:
    """Have a calendar that is kept in step be read now."""
    audit.record(actor_id=actor.pk, subject_id=calendar.owner_id, verb="calendar handed in", now=now)
    return Import.objects.create(owner_id=calendar.owner_id, name=calendar.name, calendar=calendar, started_at=now)


def carry_out_import(import_id: int, *, clock: Callable[[], datetime]) -> None:
    """Read, sort and save one calendar that was handed in; on trouble nothing of it is saved.

    The calendar of the same name is replaced whole. Corrections and rules stay.
    """
    lease = leases.take(Import, import_id, now=clock())
    if lease is None:
        return
    try:
        job = Import.objects.select_related("owner").filter(pk=import_id, finished_at=None).first()
        if job is not None:
            Import.objects.filter(pk=import_id).update(attempts=F("attempts") + 1)
            _carry_out(job, lease, clock)
    finally:
        lease.release()


def _carry_out(job: Import, lease: Lease, clock: Callable[[], datetime]) -> None:
    try:
        if job.calendar_id is not None:
            outcome = syncing.read_in_step(job.calendar_id, clock=clock, job=job, job_lease=lease)
            if outcome is None:
                _fail(job.pk, _why_not_asked(job), "", clock())
            else:
                _succeed(job, outcome, clock())
        else:
            _read_and_save(job, Steps(job, (lease,), clock))
    except LeaseLost:
        _log.warning("Import %s ended: another worker took over", job.pk)
        return
    except PersonGone:
        _log.warning("Import %s ended: its person is no longer there", job.pk)
    except syncing.Busy:
        _fail(job.pk, syncing.BUSY, "", clock())
    except vault.KeyLost:
        _fail(job.pk, syncing.KEY_LOST, "", clock())
    except CalendarError as error:
        _fail(job.pk, type(error).__name__, discreet(str(error)), clock())
    except Exception:  # noqa: BLE001 - whatever goes wrong, the person is told and nothing is half saved
        _log.exception("Import %s failed", job.pk)
        _fail(job.pk, OUR_FAULT, "", clock())
    if job.upload:  # a worker that is stopped here comes back to it
        default_storage.delete(job.upload)


def _why_not_asked(job: Import) -> str:
    """Why a calendar is not read though somebody asked: its account waits for a password, or it was disconnected."""
    refusal = Import.objects.filter(pk=job.pk).values_list("calendar__account__refusal", flat=True).first()
    return refusal or outbox.DISCONNECTED


def give_up_interrupted(*, now: datetime) -> list[int]:
    """Give up the readings that were cut off too often, and delete uploads no reading waits for.

    A reading that another worker is at is left alone.

    Returns:
        The numbers of the readings that are to be taken up again, in the order they came.
    """
    unfinished = list(Import.objects.filter(finished_at=None).order_by("started_at", "pk"))
    cut_off = [job for job in unfinished if job.attempts and leases.is_free(job, now=now)]
    hopeless = {job.pk for job in cut_off if job.attempts >= (ATTEMPTS_IN_STEP if job.calendar_id else ATTEMPTS)}
    for job in cut_off:
        if job.pk in hopeless:
            _fail(job.pk, INTERRUPTED, "", now)
            if job.upload:
                default_storage.delete(job.upload)
    _delete_uploads_but({job.upload for job in Import.objects.filter(finished_at=None)}, now)
    return [job.pk for job in cut_off if job.pk not in hopeless]


def drop_uploads(person_id: int) -> None:
    """Delete what a person handed in and nobody has read yet."""
    for job in Import.objects.filter(owner_id=person_id).exclude(upload=""):
        default_storage.delete(job.upload)


def _delete_uploads_but(wanted: set[str], now: datetime) -> None:
    """Delete uploads that were forgotten; one of this moment may have its row only in a moment."""
    if not default_storage.exists(UPLOADS):
        return
    for each in default_storage.listdir(UPLOADS)[1]:
        name = f"{UPLOADS}/{each}"
        if name not in wanted and now - default_storage.get_modified_time(name) > FORGOTTEN_AFTER:
            default_storage.delete(name)


@transaction.atomic
def store_reading(*, person: Person, name: str, reading: CalendarReading, now: datetime) -> Calendar:
    """Save a reading that is at hand already (the demo agency's)."""
    classified = classify(reading.occurrences, lambda _done, _total: None)
    return _replace_file(person, name, classified, now)


@transaction.atomic
def correct(*, actor: Person, entry: Entry, purpose: Purpose, now: datetime) -> Correction:
    """Say what all entries of a series are for. The correction it replaces is kept, so that it can come back."""
    one_at_a_time(entry.owner_id)
    Correction.objects.filter(owner_id=entry.owner_id, series=entry.series, replaced=False).update(replaced=True)
    made = Correction.objects.create(
        owner_id=entry.owner_id, series=entry.series, purpose=purpose.value, said_at=now, said_by_id=actor.pk
    )
    audit.record(
        actor_id=actor.pk, subject_id=entry.owner_id, verb="entry corrected", now=now, detail={"purpose": purpose.value}
    )
    evidence_changed(entry.owner_id)
    return made


@transaction.atomic
def undo_correction(*, actor: Person, correction: Correction, now: datetime) -> Correction | None:
    """Take a correction back; the one it had replaced holds again and is returned.

    One that somebody took back or replaced in the meantime stays as it is now.
    """
    owner_id, series = correction.owner_id, correction.series
    one_at_a_time(owner_id)
    if not Correction.objects.filter(pk=correction.pk, replaced=False).delete()[0]:
        return Correction.objects.filter(owner_id=owner_id, series=series, replaced=False).first()
    before = Correction.objects.filter(owner_id=owner_id, series=series).first()
    if before is not None:
        before.replaced = False
        before.save(update_fields=["replaced"])
    audit.record(actor_id=actor.pk, subject_id=owner_id, verb="correction undone", now=now)
    evidence_changed(owner_id)
    return before


@transaction.atomic
def make_rule(
    *, actor: Person, person: Person, words: str, purpose: Purpose | None, all_day_counts: bool, now: datetime
) -> Rule:
    """Make a rule for a person's entries, or change the one with the same words."""
    one_at_a_time(person.pk)
    rule, _made = Rule.objects.update_or_create(
        owner=person,
        words=" ".join(words.split()),
        defaults={"purpose": purpose.value if purpose else "", "all_day_counts": all_day_counts, "made_at": now},
    )
    audit.record(actor_id=actor.pk, subject_id=person.pk, verb="rule made", now=now)
    evidence_changed(person.pk)
    return rule


@transaction.atomic
def drop_rule(*, actor: Person, rule: Rule, now: datetime) -> None:
    """Take a rule away."""
    owner_id = rule.owner_id
    rule.delete()
    audit.record(actor_id=actor.pk, subject_id=owner_id, verb="rule dropped", now=now)
    evidence_changed(owner_id)


@transaction.atomic
def erase_calendar(*, actor: Person, calendar: Calendar, now: datetime) -> None:
    """Erase a calendar with all its entries for good."""
    entries = calendar.entries.count()
    owner_id = calendar.owner_id
    outbox.give_up(calendar)
    calendar.delete()
    audit.record(actor_id=actor.pk, subject_id=owner_id, verb="calendar erased", now=now, detail={"entries": entries})
    evidence_changed(owner_id)


@transaction.atomic
def mark_movable(*, actor: Person, entry: Entry, movable: bool, now: datetime) -> None:
    """Say whether an entry, in all its repeats, may be moved when a week is planned. Nothing moves it by itself."""
    rows = Movable.objects.filter(owner_id=entry.owner_id, series=entry.series)
    if movable == rows.exists():
        return
    if movable:
        Movable.objects.create(owner_id=entry.owner_id, series=entry.series, said_at=now, said_by_id=actor.pk)
        audit.record(actor_id=actor.pk, subject_id=entry.owner_id, verb="entry marked movable", now=now)
    else:
        rows.delete()
        audit.record(actor_id=actor.pk, subject_id=entry.owner_id, verb="entry marked fixed", now=now)
    evidence_changed(entry.owner_id)


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
        evidence_changed(calendar.owner_id)
    return count


def _read_rows_anew(rows: list[Entry], told: list[CalendarEntry], mark: str) -> None:
    read = load_classifier().read(told, [row.minutes for row in rows])
    for row, scores, vector in zip(rows, read.scores, read.vectors, strict=True):
        row.scores, row.vector, row.model = mapping.packed_scores(scores), mapping.packed_vector(vector), mark
    Entry.objects.bulk_update(rows, ["scores", "vector", "model"])


def _read_and_save(job: Import, steps: Steps) -> None:
    """Read a file, or an address for the first time."""
    now = steps.clock()
    steps.say(0, 0, state=Import.State.READING)
    fetched = None
    if job.sealed_address:
        fetched = fetch_if_changed(
            vault.unseal(job.sealed_address),
            etag="",
            modified="",
            report=steps.heard,
            allow_private_hosts=settings.PRIVATE_FEEDS,
        )
    with default_storage.open(job.upload) if job.upload else nullcontext() as file:
        source = Upload(name=job.name, content=fetched.data if fetched else cast("BinaryIO", file))
        reading, classified = syncing.read_whole(source, job.owner, now, steps)
    _save(job, reading, classified, fetched, steps.clock())


@transaction.atomic
def _save(
    job: Import, reading: CalendarReading, classified: Sequence[Classified], fetched: Fetched | None, now: datetime
) -> None:
    if not one_at_a_time(job.owner_id):
        raise PersonGone
    if not Import.objects.filter(pk=job.pk, finished_at=None).exists():
        raise LeaseLost
    if fetched is None:
        _replace_file(job.owner, job.name, classified, now)
    else:
        _replace_subscription(job, fetched, classified, now)
    outcome = syncing.Outcome(
        at=now, entries=len(classified), occurrences=len(reading.occurrences), problems=reading.problems
    )
    _succeed(job, outcome, now)


def _succeed(job: Import, outcome: syncing.Outcome, now: datetime) -> None:
    """Write down what a reading brought."""
    lost = sum(problem.entry_lost for problem in outcome.problems)
    done = Import.objects.filter(pk=job.pk, finished_at=None).update(
        entries=outcome.entries,
        occurrences=outcome.occurrences,
        lost=lost,
        altered=len(outcome.problems) - lost,
        problems=[_plain(each) for each in sorted(outcome.problems, key=lambda each: not each.entry_lost)][
            :PROBLEMS_KEPT
        ],
        state=Import.State.DONE,
        sealed_address="",
        finished_at=now,
    )
    if not done:
        raise LeaseLost


def _plain(problem: Problem) -> dict[str, object]:
    return {
        "source": problem.source.replace("\0", ""),
        "line": problem.line,
        "reason": problem.reason.replace("\0", ""),
        "lost": problem.entry_lost,
    }


def _replace_file(person: Person, name: str, classified: Sequence[Classified], now: datetime) -> Calendar:
    """Save a calendar in place of the file of the same name."""
    one_at_a_time(person.pk)
    mine = Calendar.objects.filter(owner=person)
    calendar = mine.filter(name=name, sealed_address="", account=None).first() or mine.create(
        owner=person, name=free_name(person, name)
    )
    calendar.read_at, calendar.zone = now, calendar.owner.zone
    _replace(calendar, classified, now)
    return calendar


def _replace_subscription(job: Import, fetched: Fetched, classified: Sequence[Classified], now: datetime) -> Calendar:
    """Save a calendar in place of the one of the same address; it is read again by itself from now on."""
    address = vault.unseal(job.sealed_address)
    mine = Calendar.objects.filter(owner=job.owner)
    calendar = mine.filter(address_mark__in=vault.digests(plain_address(address))).first()
    if calendar is None:  # its mark cannot be made any more when the key was lost: it waits for its address
        waiting = mine.filter(trouble_kind=syncing.KEY_LOST, shown_address=discreet(address), account=None)
        calendar = waiting.first() or mine.create(owner=job.owner, name=free_name(job.owner, job.name))
    syncing.keep_address(calendar, fetched.address)
    calendar.token, calendar.whole_at = syncing.content_mark(fetched.data), now
    calendar.etag, calendar.modified = fetched.etag, fetched.modified
    syncing.note_success(calendar, now=now)
    _replace(calendar, classified, now)
    return calendar


def _replace(calendar: Calendar, classified: Sequence[Classified], now: datetime) -> None:
    calendar.save()
    replace_entries(calendar, classified)
    audit.record(
        actor_id=None,
        subject_id=calendar.owner_id,
        verb="calendar read",
        now=now,
        detail={"entries": len(classified)},
    )
    evidence_changed(calendar.owner_id)


def _fail(import_id: int, kind: str, sentence: str, now: datetime) -> None:
    Import.objects.filter(pk=import_id, finished_at=None).update(
        state=Import.State.FAILED, failure_kind=kind, failure=sentence, sealed_address="", finished_at=now
    )
