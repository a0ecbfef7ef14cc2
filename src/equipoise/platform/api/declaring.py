"""Who may use an operation of the API, and with which scope of a token; the access table is made from that, too."""

import inspect
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import URLPattern
from ninja import NinjaAPI
from ninja.operation import Operation

from equipoise.platform.access import Access, Audience


class Scope(StrEnum):
    """What a token allows. Who may write may read."""

    READ = "read"
    WRITE = "write"
    SCIM = "scim"


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenHeld:
    """The token a request came with.

    Attributes:
        token_id: Its number.
        scopes: What it allows.
        organisation: Whether it is the organisation's, and acts for nobody; else it acts as the request's user.
        zone: The time zone days are counted in.
        language: The language problems are told in; empty for the one the request asks for.
    """

    token_id: int
    scopes: frozenset[Scope]
    organisation: bool
    zone: str = "UTC"
    language: str = ""

    def allows(self, scope: Scope) -> bool:
        """Whether it will do for a scope."""
        return scope in self.scopes or (scope is Scope.READ and Scope.WRITE in self.scopes)


class ScopeMissing(PermissionDenied):
    """The token is good, but not for this; the message says which scope is needed."""


class PersonMissing(PermissionDenied):
    """The token is the organisation's, but the records are one person's."""


ORGANISATION_MAY = frozenset({Audience.MEMBER, Audience.ADMINISTRATOR, Audience.DIRECTORY, Audience.ANYONE})
"""What a token of the organisation opens: what all see, and what administrators do. Never a person's own records."""


def token_of(request: HttpRequest) -> TokenHeld:
    """The token of a request that was let in."""
    token: TokenHeld = request.token  # type: ignore[attr-defined]
    return token


def check(request: HttpRequest, access: Access) -> None:
    """Hold a request to what an operation declares.

    Raises:
        ScopeMissing: The token lacks the scope.
        PersonMissing: The operation is about the asking person, and the token is the organisation's.
        PermissionDenied: The person lacks the role, or acts for somebody else on what is theirs alone.
    """
    token = token_of(request)
    if not token.allows(Scope(access.scope)):
        raise ScopeMissing(access.scope)
    if token.organisation and not ORGANISATION_MAY & set(access.audiences):
        raise PersonMissing
    if not token.organisation and not access.lets_in(request):
        raise PermissionDenied


def access_of(made: Operation) -> Access | None:
    """What an operation declares."""
    access: Access | None = getattr(made.view_func, "access", None)
    return access


def declared_urls(api: NinjaAPI) -> Sequence[URLPattern]:
    """The addresses of an API's operations, each with what its operations declare, for the access table."""
    found = [pattern for pattern in api.urls[0] if isinstance(pattern, URLPattern) and pattern.name != "api-root"]
    patterns = list({str(pattern.pattern): pattern for pattern in found}.values())  # one for all methods of an address
    for pattern in patterns:
        view = inspect.getclosurevars(pattern.callback).nonlocals["self"]
        pattern.callback.operations = [  # type: ignore[attr-defined]
            (tuple(each.methods), access_of(each)) for each in view.operations
        ]
        reading = next((each for each in view.operations if "GET" in each.methods), None)
        for each in view.operations:
            each.reading = reading  # what a condition (If-Match) is held against
    return patterns
