"""Making a link by which somebody sets a password, sending it, taking it back, and using it.

A mail leaves at most once: it is marked as leaving before it leaves. If the server stops in between, or the mail server
falls silent, it is not sent again by itself; the administrator sees that, and may make a new link.
"""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from equipoise.apps.people import actions
from equipoise.apps.people.joining import queries
from equipoise.apps.people.joining.letter import letter_to
from equipoise.apps.people.models import Joining, Person
from equipoise.apps.people.queries import opens_without_password
from equipoise.platform import audit
from equipoise.platform.post import Outcome, hand_over

VALID = timedelta(days=7)
"""So long a link can be used."""
PAUSE = timedelta(minutes=10)
"""After so long a mail that the server would not take for now is tried again."""

BECOMES = {
    Outcome.SENT: Joining.Mail.SENT,
    Outcome.LATER: Joining.Mail.WAITING,
    Outcome.REFUSED: Joining.Mail.REFUSED,
    Outcome.UNCLEAR: Joining.Mail.LEAVING,
}


class PasswordNeeded(ValueError):
    """Whoever uses this machine is let in as its owner; nobody else could come in on it."""


class NoMailServer(ValueError):
    """This server sends no mail."""


@transaction.atomic
def make_link(*, actor: Person, person: Person, now: datetime) -> str:
    """Make a link by which a person sets a password; an earlier one opens nothing any more.

    Returns:
        The secret of the link to hand over. It is shown once; only a digest of it is kept.

    Raises:
        PasswordNeeded: When this machine lets its owner in without a password.
    """
    if opens_without_password():
        raise PasswordNeeded
    secret = secrets.token_urlsafe(32)
    _instead_of_earlier(actor, person, secret, now=now)
    audit.record(actor_id=actor.pk, subject_id=person.pk, verb="joining link made", now=now)
    return secret


@transaction.atomic
def ask_for_mail(*, actor: Person, person: Person, now: datetime) -> None:
    """Have a link sent to a person's address; an earlier one opens nothing any more.

    Raises:
        NoMailServer: When this server sends no mail.
        PasswordNeeded: When this machine lets its owner in without a password.
    """
    if not queries.can_be_mailed():
        raise NoMailServer
    if opens_without_password():
        raise PasswordNeeded
    _instead_of_earlier(actor, person, secrets.token_urlsafe(32), now=now, mail=Joining.Mail.WAITING, next_try_at=now)
    audit.record(actor_id=actor.pk, subject_id=person.pk, verb="joining link made", now=now, detail={"by": "mail"})


def _instead_of_earlier(actor: Person, person: Person, secret: str, *, now: datetime, **more: object) -> None:
    Joining.objects.filter(person=person, taken_at=None).delete()
    Joining.objects.create(
        person=person,
        digest=queries.digest_of(secret),
        made_at=now,
        made_by_id=actor.pk,
        expires_at=now + VALID,
        **more,
    )


@transaction.atomic
def revoke(*, actor: Person, person: Person, now: datetime) -> None:
    """Take a person's link back; it leads nowhere from now on."""
    gone, _ = Joining.objects.filter(person=person, taken_at=None).delete()
    if gone:
        audit.record(actor_id=actor.pk, subject_id=person.pk, verb="joining link taken back", now=now)


@transaction.atomic
def join(*, secret: str, password: str, now: datetime) -> Person:
    """Set a person's password by a link; all sessions they had end, and the link opens nothing any more.

    Raises:
        Joining.DoesNotExist: When the link is no longer good.
    """
    found = queries.joining_for(secret, now=now)
    joining = Joining.objects.select_for_update().get(pk=found.pk, taken_at=None)
    joining.taken_at = now
    joining.save(update_fields=["taken_at"])
    person = found.person
    actions.set_password(person=person, password=password, now=now)
    audit.record(actor_id=person.pk, subject_id=person.pk, verb="joining link used", now=now)
    return person


def send(joining_id: int, *, now: datetime) -> None:
    """Give a link that waits its secret and hand the mail over; nothing when another worker was quicker."""
    secret = secrets.token_urlsafe(32)
    waiting = Joining.objects.filter(pk=joining_id, mail=Joining.Mail.WAITING, taken_at=None, next_try_at__lte=now)
    changed = {"mail": Joining.Mail.LEAVING, "digest": queries.digest_of(secret), "expires_at": now + VALID}
    if not waiting.filter(person__is_active=True).update(**changed):
        return
    joining = Joining.objects.select_related("person").get(pk=joining_id)
    link = settings.PUBLIC_ADDRESS + reverse("people:join", args=[secret])
    _becomes(joining, hand_over(letter_to(joining.person, link=link, until=joining.expires_at)), now)


@transaction.atomic
def _becomes(joining: Joining, outcome: Outcome, now: datetime) -> None:
    leaving = Joining.objects.filter(pk=joining.pk, mail=Joining.Mail.LEAVING)
    attempts = joining.attempts + 1
    pause = PAUSE * 2 ** min(attempts - 1, 4)
    leaving.update(mail=BECOMES[outcome], attempts=attempts, next_try_at=now + pause)
    if outcome is Outcome.SENT:
        audit.record(actor_id=None, subject_id=joining.person_id, verb="joining mail sent", now=now)
