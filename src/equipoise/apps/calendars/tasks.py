"""Work done in the background, and what the worker looks for by itself."""

import contextlib
from datetime import datetime, timedelta

from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from equipoise.adapters.ics import CalendarError
from equipoise.apps.calendars import actions, outbox, syncing
from equipoise.apps.calendars.storing import PersonGone
from equipoise.apps.people.models import Person
from equipoise.platform import vault

TAKEN_UP_AFTER = timedelta(minutes=10)
"""What was queued and not done so long after is queued again; its worker may have died."""


@task()
def read_import(import_id: int) -> None:
    """Read one calendar that was handed in."""
    actions.carry_out_import(import_id, clock=timezone.now)


@task()
def read_in_step(calendar_id: int) -> None:
    """Take over what is new in one calendar that is kept in step; what goes wrong is noted there."""
    with contextlib.suppress(syncing.Busy, CalendarError, vault.KeyLost, PersonGone):
        syncing.read_in_step(calendar_id, clock=timezone.now)


@task()
def write_out(calendar_id: int) -> None:
    """Bring one calendar the entries that wait for it."""
    outbox.write_out(calendar_id, clock=timezone.now)


def tick(now: datetime) -> None:
    """Queue what is due; called every half minute or so by every worker, of which one wins each calendar."""
    take_up_unfinished(now)
    for calendar_id in syncing.claim_due_readings(now=now, until=now + TAKEN_UP_AFTER):
        read_in_step.enqueue(calendar_id)
    for calendar_id in outbox.claim_due_writings(now=now, until=now + TAKEN_UP_AFTER):
        write_out.enqueue(calendar_id)


def write_soon(person: Person, *, now: datetime) -> None:
    """Queue what a person's calendars wait for; whoever does not call it waits for the next tick."""
    for calendar_id in outbox.claim_due_writings(now=now, until=now + TAKEN_UP_AFTER, person=person):
        write_out.enqueue(calendar_id)


def take_up_unfinished(now: datetime) -> int:
    """Queue anew the readings whose worker is gone; how many."""
    waiting = _queued(read_import.module_path)
    cut_off = [each for each in actions.give_up_interrupted(now=now) if each not in waiting]
    for import_id in cut_off:
        read_import.enqueue(import_id)
    return len(cut_off)


def _queued(path: str) -> set[int]:
    """The numbers of what waits in the queue already."""
    ready = DBTaskResult.objects.filter(task_path=path, status=TaskResultStatus.READY)
    return {each["args"][0] for each in ready.values_list("args_kwargs", flat=True)}
