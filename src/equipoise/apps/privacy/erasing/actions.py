"""What is done about erasing a person; each act is one transaction with its entry in the audit trail."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from equipoise.apps.calendars import actions as calendars
from equipoise.apps.people.assistants import actions as assistants
from equipoise.apps.people.models import Person
from equipoise.apps.people.turns import one_at_a_time
from equipoise.apps.privacy.erasing import queries
from equipoise.apps.privacy.own_data import packing
from equipoise.apps.signin import keeping as sign_in
from equipoise.platform import audit

WAITING = timedelta(days=14)
"""So long whoever asked for erasing can take it back."""


class LastAdministrator(ValueError):
    """Nobody would be left who can administer; the message says what to do."""


class NotAlone(ValueError):
    """Erasing at once is for a machine of one's own; in an organisation there is a waiting time."""


@transaction.atomic
def ask_for_erasing(*, actor: Person, person: Person, now: datetime) -> datetime:
    """Begin the waiting time, after which everything of a person is erased; asked again, it begins no later.

    Returns:
        When it is over.

    Raises:
        LastAdministrator: When nobody else can administer.
    """
    _refuse_last_administrator(person)
    one_at_a_time(person.pk)
    person.refresh_from_db(fields=["erase_after"])
    if person.erase_after is None:
        person.erase_after = now + WAITING
        person.save(update_fields=["erase_after"])
        audit.record(actor_id=actor.pk, subject_id=person.pk, verb="erasing asked for", now=now)
    return person.erase_after


@transaction.atomic
def take_back(*, actor: Person, person: Person, now: datetime) -> None:
    """Erase nothing after all."""
    if Person.objects.filter(pk=person.pk, erase_after__isnull=False).update(erase_after=None):
        audit.record(actor_id=actor.pk, subject_id=person.pk, verb="erasing taken back", now=now)


@transaction.atomic
def erase_at_once(*, person: Person, now: datetime) -> None:
    """Erase the person of an own machine, without a waiting time.

    Raises:
        NotAlone: When there are others here.
    """
    if not queries.is_alone(person):
        raise NotAlone
    erase_everything(person=person, now=now)


@transaction.atomic
def erase_everything(*, person: Person, now: datetime, by_itself: bool = False) -> None:
    """Erase a person with all their records for good. The trail keeps that it was done, without a name."""
    person_id = person.pk
    one_at_a_time(person_id)  # whoever adds to it meanwhile finds nobody
    calendars.drop_uploads(person_id)
    packing.drop_files(person_id)
    sign_in.erase_sessions_of(person)
    assistants.end_all_assisting(person=person, now=now)
    person.delete()
    audit.record(actor_id=None if by_itself else person_id, subject_id=person_id, verb="person erased", now=now)


@transaction.atomic
def carry_out(person_id: int, *, now: datetime) -> bool:
    """Erase somebody whose waiting is over; whether it was done now. Of several workers one does it.

    A last administrator stays until there is another.
    """
    if not one_at_a_time(person_id) or person_id not in queries.due(now=now):
        return False
    person = Person.objects.get(pk=person_id)
    if person.is_active and queries.is_last_administrator(person):
        return False
    erase_everything(person=person, now=now, by_itself=True)
    return True


def _refuse_last_administrator(person: Person) -> None:
    if queries.is_last_administrator(person):
        raise LastAdministrator(_("You are the last administrator. Make somebody else one first."))
