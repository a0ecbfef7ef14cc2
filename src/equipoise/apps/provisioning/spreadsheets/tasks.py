"""Work done in the background."""

from datetime import datetime

from django.utils import timezone
from django_tasks import task

from equipoise.apps.people.models import Person
from equipoise.apps.provisioning.spreadsheets import actions

AT_ONCE = 50
"""Up to so many people and teams are written while the page waits; more in the background."""


@task()
def carry_out(import_id: int, actor_id: int) -> None:
    """Carry out a table that was agreed to."""
    actor = Person.objects.filter(pk=actor_id, is_active=True).first()
    if actor is not None:
        actions.carry_out(actor=actor, import_id=import_id, now=timezone.now())


def tick(now: datetime) -> None:
    """Forget what waits no longer; safe with several workers."""
    actions.forget_old(now=now)
