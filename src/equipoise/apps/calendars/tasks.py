"""Work done in the background."""

from django.utils import timezone
from django_tasks import task

from equipoise.apps.calendars import actions


@task()
def read_import(import_id: int) -> None:
    """Read one calendar that was handed in."""
    actions.carry_out_import(import_id, clock=timezone.now)
