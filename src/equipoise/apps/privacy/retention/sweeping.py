"""What erases each kind of record by its time."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from django.db import transaction
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from equipoise.apps.calendars import keeping as calendars
from equipoise.apps.people import keeping as people
from equipoise.apps.privacy.models import Package
from equipoise.apps.privacy.own_data import packing
from equipoise.apps.signin import keeping as signin


class Sweep(Protocol):
    """Erases what is older than a moment, so many at most, and says how many that were."""

    def __call__(self, *, before: datetime, most: int) -> int:
        """How many were erased."""


@transaction.atomic
def erase_packages(*, before: datetime, most: int) -> int:
    """Erase what was packed before a moment, with its files; how many."""
    going = list(Package.objects.filter(asked_at__lt=before).order_by("pk")[:most])
    packing.drop(going)
    return Package.objects.filter(pk__in=[each.pk for each in going]).delete()[0]


@transaction.atomic
def erase_done_work(*, before: datetime, most: int) -> int:
    """Erase what is known of work in the background that ended before a moment; how many."""
    ended = (TaskResultStatus.SUCCESSFUL, TaskResultStatus.FAILED)
    old = DBTaskResult.objects.filter(finished_at__lt=before, status__in=ended)
    going = list(old.values_list("pk", flat=True)[:most])
    return int(DBTaskResult.objects.filter(pk__in=going).delete()[0])


SWEEPS: Mapping[str, Sweep] = {
    "calendars": calendars.erase_entries,
    "readings": calendars.erase_readings,
    "joining": people.erase_joinings,
    "sessions": signin.erase_sessions,
    "exports": erase_packages,
    "queue": erase_done_work,
}
"""By kind of record. Who left is erased by `erasing`, and the trail shortens itself."""
