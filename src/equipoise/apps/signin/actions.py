"""What is done about signing in; each act is one transaction with its entry in the audit trail."""

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext as _

from equipoise.apps.people.models import Person
from equipoise.apps.signin import queries
from equipoise.apps.signin.models import Policy
from equipoise.platform import audit


class NobodyCouldSignIn(ValueError):
    """No administrator would be left who can sign in with a password of this server; the message says what to do."""


@transaction.atomic
def note_sign_in(*, person: Person, way: str, now: datetime) -> None:
    """Write down that somebody signed in, and by what: a password, a passkey, or a server elsewhere."""
    audit.record(actor_id=person.pk, subject_id=person.pk, verb="signed in", now=now, detail={"with": way})


@transaction.atomic
def note_step(*, person: Person, verb: str, now: datetime) -> None:
    """Write down that somebody changed what they sign in with."""
    audit.record(actor_id=person.pk, subject_id=person.pk, verb=verb, now=now)


@transaction.atomic
def end_session(*, actor: Person, session: UserSession, now: datetime) -> None:
    """End one session of somebody."""
    session.end()
    audit.record(actor_id=actor.pk, subject_id=session.user_id, verb="session ended", now=now)


@transaction.atomic
def set_policy(*, actor: Person, second_factor: bool, only_elsewhere: bool, now: datetime) -> None:
    """Say what is asked of everybody who signs in.

    Raises:
        NobodyCouldSignIn: When only servers elsewhere would let in, and no administrator has a password here.
    """
    if only_elsewhere and not queries.local_administrators():
        raise NobodyCouldSignIn(
            _("No administrator has a password on this server. Set one first, for the day the provider is away.")
        )
    Policy.objects.update_or_create(pk=1, defaults={"second_factor": second_factor, "only_elsewhere": only_elsewhere})
    audit.record(
        actor_id=actor.pk,
        subject_id=None,
        verb="sign-in policy set",
        now=now,
        detail={"second_factor": second_factor, "only_elsewhere": only_elsewhere},
    )
    transaction.on_commit(lambda: cache.delete(queries.POLICY))
