"""Operations of the API on tokens: they are listed and ended here, and made on the pages or the command line.

A program that could make tokens would keep itself alive after its own was ended; so none can.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema

from equipoise.apps.integrations import actions, queries
from equipoise.apps.integrations.holders import oneself, organisation
from equipoise.apps.integrations.models import Token
from equipoise.apps.people.models import Person
from equipoise.apps.people.requests import acting_person
from equipoise.platform.access import Audience
from equipoise.platform.api import Id, Page, Paging, Scope, answers, operation, page_of

router = Router(tags=["Tokens"])


class TokenShown(Schema):
    """A token, without its secret; `used_on` is the last day it was used."""

    id: int
    name: str
    scopes: list[Scope]
    made_at: datetime
    expires_at: datetime | None
    used_on: date | None


def _serve(
    root: str, *, record: str, audience: Audience, of: str, whose: Callable[[HttpRequest], Person | None]
) -> None:
    """The same operations for a person's tokens and for the organisation's."""

    @router.get(root, response=answers(Page[TokenShown]), operation_id=f"list_tokens{of}", summary="List tokens")
    @operation(record, scope=Scope.READ, audience=audience)
    def list_tokens(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
        """All tokens that were not ended, the newest first."""
        return page_of(request, queries.tokens_of(whose(request)), paging, order=("-made_at", "-id"))

    @router.get(f"{root}/{{token_id}}", response=answers(TokenShown), operation_id=f"token{of}", summary="A token")
    @operation(record, scope=Scope.READ, audience=audience)
    def token(request: HttpRequest, token_id: Id) -> Token:
        """One token that was not ended."""
        return queries.own_token_of(whose(request), token_id)

    @router.delete(
        f"{root}/{{token_id}}", response=answers(None, status=204), operation_id=f"end_token{of}", summary="End a token"
    )
    @operation(record, scope=Scope.WRITE, audience=audience)
    def end_token(request: HttpRequest, token_id: Id) -> tuple[int, None]:
        """End a token: it opens nothing from now on."""
        found = queries.own_token_of(whose(request), token_id)
        actions.end_token(actor=acting_person(request), token=found, now=timezone.now())
        return 204, None


_serve("/me/tokens", record="own tokens", audience=Audience.SELF, of="", whose=oneself)
_serve(
    "/organisation/tokens",
    record="tokens of the organisation",
    audience=Audience.ADMINISTRATOR,
    of="_of_organisation",
    whose=organisation,
)
