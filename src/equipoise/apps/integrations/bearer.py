"""Lets programs in by their token: `Authorization: Bearer eqp_…`. No session and no cookie counts."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from equipoise.apps.integrations import actions, queries
from equipoise.apps.integrations.models import Token
from equipoise.platform.api import Scope, TokenHeld


class Bearer(HttpBearer):
    """The way into every operation of the API."""

    def authenticate(self, request: HttpRequest, token: str) -> TokenHeld | None:
        """What the token allows; the request's user becomes its person."""
        return let_in(request, token)


def let_in(request: HttpRequest, secret: str) -> TokenHeld | None:
    """Make the request one of the token's person; `None` when the token does not hold."""
    now = timezone.now()
    try:
        token = queries.token_for(secret, now=now)
    except Token.DoesNotExist:
        return None
    actions.note_use(token, today=now.date())
    request.user = token.person or AnonymousUser()
    held = TokenHeld(
        token_id=token.pk, scopes=frozenset(map(Scope, token.scopes)), organisation=token.person_id is None
    )
    request.token = held  # type: ignore[attr-defined]
    return held
