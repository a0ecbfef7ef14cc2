"""What is done about signing in; each act is one transaction with its entry in the audit trail."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext as _

from equipoise.apps.people.models import Person
from equipoise.apps.signin import queries
from equipoise.apps.signin.models import Policy
from equipoise.platform import audit

ADDED = {
    "totp": "authenticator app set up",
    "webauthn": "passkey added",
    "recovery_codes": "recovery codes made",
}
TAKEN = {"totp": "authenticator app taken away", "webauthn": "passkey taken away"}


class NobodyCouldSignIn(ValueError):
    """Nobody, or no administrator with a password of this server, could sign in then; the message says what to do."""


@transaction.atomic
def note_sign_in(*, person: Person, way: str, now: datetime) -> None:
    """Write down that somebody signed in, and by what: a password, a passkey, or a server elsewhere."""
    audit.record(actor_id=person.pk, subject_id=person.pk, verb="signed in", now=now, detail={"with": way})


@contextmanager
def noting_steps(*, person: Person, now: datetime) -> Iterator[None]:
    """Hold what is done inside, and write down in the same transaction what somebody signs in with from then on."""
    with transaction.atomic():
        before = queries.steps_of(person)
        yield
        after = queries.steps_of(person)
        for name, verb in ADDED.items():
            if after[name] - before[name]:
                audit.record(actor_id=person.pk, subject_id=person.pk, verb=verb, now=now)
        for name, verb in TAKEN.items():
            if before[name] - after[name]:
                audit.record(actor_id=person.pk, subject_id=person.pk, verb=verb, now=now)


@transaction.atomic
def clear_steps(*, actor: Person, person: Person, now: datetime) -> None:
    """Take away the second steps, passkeys and codes of somebody who lost them; the password stays asked for."""
    Authenticator.objects.filter(user=person).delete()
    audit.record(actor_id=actor.pk, subject_id=person.pk, verb="second steps taken away", now=now)


@transaction.atomic
def end_session(*, actor: Person, session: UserSession, now: datetime) -> None:
    """End one session of somebody."""
    session.end()
    audit.record(actor_id=actor.pk, subject_id=session.user_id, verb="session ended", now=now)


@transaction.atomic
def set_policy(*, actor: Person, second_factor: bool, only_elsewhere: bool, now: datetime) -> None:
    """Say what is asked of everybody who signs in.

    Raises:
        NobodyCouldSignIn: When only servers elsewhere would let in, and there is none, or no administrator has a
            password here.
    """
    if only_elsewhere and not queries.providers():
        raise NobodyCouldSignIn(_("Connect a server first at which people sign in."))
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
