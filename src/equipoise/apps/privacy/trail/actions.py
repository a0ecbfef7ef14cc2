"""What an auditor does with the trail is told in the trail."""

from datetime import datetime

from django.db import transaction

from equipoise.apps.people.models import Person
from equipoise.platform import audit


@transaction.atomic
def note_export(*, actor: Person, now: datetime) -> None:
    """Write down that the trail was taken along."""
    audit.record(actor_id=actor.pk, subject_id=None, verb="trail exported", now=now)


@transaction.atomic
def check(*, actor: Person, now: datetime) -> audit.Check:
    """Check the whole chain, and write down what came of it."""
    found = audit.check()
    audit.record(actor_id=actor.pk, subject_id=None, verb="trail checked", now=now, detail={"whole": found.whole})
    return found
