"""Which tokens hold."""

import hashlib
from datetime import datetime

from django.db.models import Q

from equipoise.apps.integrations.models import Token

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
