"""What is done with tokens; each act is one transaction with its entry in the audit trail."""

import secrets
from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from equipoise.apps.integrations.models import Token
from equipoise.apps.integrations.queries import PREFIX, digest_of
from equipoise.apps.people.models import Person
from equipoise.platform import audit
from equipoise.platform.api import Scope


class ScopeUnfit(ValueError):
    """A person's token cannot have this scope: directories act for the organisation."""


@transaction.atomic
def make_token(
    *,
    actor: Person | None,
    person: Person | None,
    name: str,
    scopes: Collection[Scope],
    expires_at: datetime | None,
    now: datetime,
) -> str:
    """Make a token and give its secret, which is not kept and never shown again.

    Args:
        actor: Who makes it; `None` for whoever runs the server, on the command line.
        person: Whose it is; `None` for the organisation.
        name: What it is for.
        scopes: What it allows.
        expires_at: When it ends by itself; `None` for never.
        now: When.

    Raises:
        ScopeUnfit: When a person's token is to have the scope of directories.
    """
    if person is not None and Scope.SCIM in scopes:
        raise ScopeUnfit
    secret = PREFIX + secrets.token_urlsafe(32)
    token = Token.objects.create(
        person=person,
        name=name,
        digest=digest_of(secret),
        scopes=sorted(scope.value for scope in scopes),
        made_at=now,
        made_by_id=actor.pk if actor else None,
        expires_at=expires_at,
    )
    audit.record(
        actor_id=token.made_by_id,
        subject_id=person.pk if person else None,
        verb="token made",
        now=now,
        detail={"token": token.pk, "scopes": ", ".join(token.scopes)},
    )
    return secret


def note_use(token: Token, *, today: date) -> None:
    """Keep on which day a token was used last."""
    if token.used_on != today:
        Token.objects.filter(pk=token.pk).update(used_on=today)


@transaction.atomic
def end_token(*, actor: Person | None, token: Token, now: datetime) -> None:
    """End a token: from now on it opens nothing."""
    if not Token.objects.filter(pk=token.pk, ended_at=None).update(ended_at=now):
        return
    audit.record(
        actor_id=actor.pk if actor else None,
        subject_id=token.person_id,
        verb="token ended",
        now=now,
        detail={"token": token.pk},
    )
