"""Which tokens there are, and which hold."""

import hashlib
from datetime import datetime

from django.db.models import Q, QuerySet

from equipoise.apps.integrations.models import Token
from equipoise.apps.people import queries as people
from equipoise.apps.people.models import Person

PREFIX = "eqp_"
"""Every secret begins so, that scanners for leaked secrets know it."""


def digest_of(secret: str) -> str:
    """What is kept of a token's secret; the secret is long and random, so it needs no salt."""
    return hashlib.sha256(secret.encode()).hexdigest()


def token_for(secret: str, *, now: datetime) -> Token:
    """The token with this secret, if it holds.

    Raises:
        Token.DoesNotExist: When there is none, or it has ended, expired, or its person has left.
    """
    holds = Q(ended_at=None) & (Q(expires_at=None) | Q(expires_at__gt=now))
    theirs = Q(person=None) | Q(person__is_active=True)
    return Token.objects.select_related("person").get(holds & theirs, digest=digest_of(secret))


def tokens_of(person: Person | None) -> QuerySet[Token]:
    """The tokens of a person, or of the organisation, that have not been ended, the newest first."""
    return Token.objects.filter(person=person, ended_at=None)


def own_token_of(person: Person | None, token_id: int) -> Token:
    """One that has not been ended, of a person, or of the organisation.

    Raises:
        Token.DoesNotExist: When it is not there, has been ended, or is somebody else's.
    """
    return tokens_of(person).get(pk=token_id)


def all_tokens() -> list[Token]:
    """Every token there is or was, each with its person; for whoever runs the server."""
    return list(Token.objects.select_related("person"))


def holder_unsaid() -> Person | None:
    """Whose a token is when nobody says: the machine's owner, else whom the demo begins with, else the organisation."""
    return people.local_owner() or people.demo_person(people.LOOKED_AT_FIRST)


def holder_named(email: str) -> Person | None:
    """Who signs in with an address and has not left; `None` for nobody."""
    return Person.objects.filter(email__iexact=email, is_active=True).first()
