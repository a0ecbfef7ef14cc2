"""Work done in the background."""

from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from equipoise.apps.calendars import actions


@task()
def read_import(import_id: int) -> None:
    """Read one calendar that was handed in."""
    actions.carry_out_import(import_id, clock=timezone.now)


def take_up_unfinished() -> int:
    """Queue anew the readings that a stopped worker left unfinished; how many.

    Call it when a worker starts, while no other one works on this database.
    """
    DBTaskResult.objects.filter(task_path=read_import.module_path).delete()
    waiting = actions.give_up_interrupted(now=timezone.now())
    for import_id in waiting:
        read_import.enqueue(import_id)
    return len(waiting)
