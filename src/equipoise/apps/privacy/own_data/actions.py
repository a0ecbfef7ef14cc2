"""Take along and erase one's own data."""

from datetime import datetime

from django.db import transaction

from equipoise.apps.calendars import actions as calendars
from equipoise.apps.people.assistants import actions as assistants
from equipoise.apps.people.models import Person
from equipoise.apps.people.turns import one_at_a_time
from equipoise.platform import audit


@transaction.atomic
def note_export(*, person: Person, now: datetime) -> None:
    """Write down that a person took their data along."""
    audit.record(actor_id=person.pk, subject_id=person.pk, verb="data exported", now=now)


@transaction.atomic
def erase_everything(*, person: Person, now: datetime) -> None:
    """Erase a person with all their records for good. The trail keeps that it was done, without a name."""
    person_id = person.pk
    one_at_a_time(person_id)  # whoever adds to it meanwhile finds nobody
    calendars.drop_uploads(person_id)
    assistants.end_all_assisting(person=person, now=now)
    person.delete()
    audit.record(actor_id=person_id, subject_id=person_id, verb="person erased", now=now)
