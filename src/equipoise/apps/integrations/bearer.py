"""Lets programs in by their token: `Authorization: Bearer eqp_…`. No session and no cookie counts."""

from functools import cache
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from equipoise.apps.integrations import actions, queries
from equipoise.apps.integrations.models import Token
from equipoise.apps.people import standing
from equipoise.apps.people.assistants import queries as assistants
from equipoise.apps.people.models import Assistance, Person
from equipoise.platform.api import Refusal, Scope, TokenHeld

ACTING_FOR = "Acting-For"


class Bearer(HttpBearer):
    """The way into every operation of the API."""

    def authenticate(self, request: HttpRequest, token: str) -> TokenHeld | None:
        """What the token allows; the request's user becomes its person. Looked up once for a request."""
        held: TokenHeld | None = getattr(request, "token", None)
        return held or let_in(request, token)


def let_in(request: HttpRequest, secret: str) -> TokenHeld | None:
    """Make the request one of the token's person; `None` when the token does not hold.

    Raises:
        Http404: The header `Acting-For` names no assistance by which this person acts for anybody.
        Refusal: The header is no number, or the token is the organisation's.
    """
    now = timezone.now()
    try:
        token = queries.token_for(secret, now=now)
    except Token.DoesNotExist:
        return None
    actions.note_use(token, today=now.date())
    request.user = token.person or AnonymousUser()
    request.acting = None  # type: ignore[attr-defined]
    person = token.person
    if person is not None:
        today = now.astimezone(ZoneInfo(person.zone)).date()
        request.roles = cache(lambda: standing.roles_of(person, on=today))  # type: ignore[attr-defined]
    if ACTING_FOR in request.headers:
        request.acting = _acting(person, request.headers[ACTING_FOR])  # type: ignore[attr-defined]
    held = _held(token, request.acting)  # type: ignore[attr-defined]
    request.token = held  # type: ignore[attr-defined]
    return held


def _acting(person: Person | None, said: str) -> Assistance:
    if person is None:
        raise Refusal(403, _("Not allowed"), _("A token of the organisation acts for nobody; use a personal token."))
    if not (said.isascii() and said.isdigit() and len(said) < 19):
        raise Refusal(422, _("What was sent will not do"), _("“Acting-For” takes the number of an assistance."))
    try:
        return assistants.assisted_of(person, int(said))
    except Assistance.DoesNotExist as error:
        raise Http404 from error


def _held(token: Token, acting: Assistance | None) -> TokenHeld:
    person = acting.owner if acting else token.person
    return TokenHeld(
        token_id=token.pk,
        scopes=frozenset(map(Scope, token.scopes)),
        organisation=token.person_id is None,
        zone=person.zone if person else "UTC",
        language=token.person.language if token.person else "",
    )
