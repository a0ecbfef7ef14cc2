"""Who may open what: every view says it here, and the table in the docs and its test are made from that."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from django_htmx.http import HttpResponseClientRefresh


class Role(StrEnum):
    """What somebody is in the organisation, beside being a member of it."""

    ADMINISTRATOR = "administrator"
    PARTNER = "people_partner"
    AUDITOR = "auditor"
    LEAD = "lead"


class Audience(StrEnum):
    """Who may open an address."""

    ANYONE = "anyone"
    SIGNED_IN = "the signed-in person, for themselves, also while acting for somebody else"
    SELF = "the signed-in person, own records only"
    ASSISTED = "the signed-in person, own records, or the assistant they named"
    MEMBER = "everybody of the organisation"
    LEAD = "whoever leads a team, for it and the teams below"
    PARTNER = "people partners"
    ADMINISTRATOR = "administrators"
    AUDITOR = "auditors"
    DIRECTORY = "whoever holds a token of the organisation with the scope scim"


ROLE_OF = {
    Audience.LEAD: Role.LEAD,
    Audience.PARTNER: Role.PARTNER,
    Audience.ADMINISTRATOR: Role.ADMINISTRATOR,
    Audience.AUDITOR: Role.AUDITOR,
}
"""The role that lets somebody in; the other audiences need none."""

FOR_ONESELF = {Audience.SELF, Audience.MEMBER, *ROLE_OF}
"""Audiences nobody belongs to on somebody else's behalf: while acting for another they are closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What one view allows.

    Attributes:
        audiences: Who may open it; one of them is enough.
        record: The kind of record it shows or changes, in words.
        methods: The HTTP methods it answers.
        scope: What a token must allow; empty for pages, which take no token.
    """

    audiences: tuple[Audience, ...]
    record: str
    methods: tuple[str, ...]
    scope: str = ""

    @property
    def audience(self) -> Audience:
        """The first of them."""
        return self.audiences[0]

    def lets_in(self, request: HttpRequest) -> bool:
        """Whether the signed-in person belongs to any of the audiences, as far as roles and acting decide it."""
        return any(_belongs(request, audience) for audience in self.audiences)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRow:
    """One line of the access table."""

    route: str
    name: str
    access: Access


View = Callable[..., HttpResponseBase]


def page(
    record: str, *, audience: Audience | tuple[Audience, ...] = Audience.SELF, methods: tuple[str, ...] = ("GET",)
) -> Callable[[View], View]:
    """Declare who may open a view, and hold it to that.

    Whoever is not signed in is sent to the sign-in page; whose the record is, the view's access query decides
    ("not found" for everybody else). Who lacks the role is refused, and so is an assistant who acts for the owner, on
    what is the owner's alone.
    """
    audiences = audience if isinstance(audience, tuple) else (audience,)
    access = Access(audiences=audiences, record=record, methods=methods)

    def declare(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method not in methods and not (request.method == "HEAD" and "GET" in methods):
                return HttpResponseNotAllowed(methods)
            if Audience.ANYONE not in audiences and not request.user.is_authenticated:
                return _to_sign_in(request)
            if not access.lets_in(request):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        checked.access = access  # type: ignore[attr-defined]
        return checked

    return declare


def _belongs(request: HttpRequest, audience: Audience) -> bool:
    if audience in FOR_ONESELF and acts_for_another(request):
        return False
    role = ROLE_OF.get(audience)
    return role is None or role in roles_of(request)


def roles_of(request: HttpRequest) -> frozenset[Role]:
    """The roles of whoever is signed in; the feature of people's middleware looks them up when first asked."""
    look_up: Callable[[], frozenset[Role]] | None = getattr(request, "roles", None)
    return frozenset() if look_up is None else look_up()


def acts_for_another(request: HttpRequest) -> bool:
    """Whether the signed-in person acts for somebody else; the feature of people's middleware says so."""
    return getattr(request, "acting", None) is not None


def is_open(request: HttpRequest, address: str) -> bool:
    """Whether a page may be opened by whoever asks, as far as roles and acting for somebody else decide it."""
    access = getattr(resolve(address).func, "access", None)
    return access is None or access.lets_in(request)


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """Send the page to sign in; a part of a page takes the whole page with it."""
    if getattr(request, "htmx", False):
        return HttpResponseClientRefresh()
    return redirect_to_login(request.get_full_path())


def access_table() -> Iterator[AccessRow]:
    """Every address of the application with what its view declares, in the order of the addresses.

    Raises:
        LookupError: When a view declares nothing.
    """
    yield from sorted(_walk(get_resolver().url_patterns, "/", ""), key=lambda row: row.route)


def _walk(patterns: list[URLPattern | URLResolver], prefix: str, namespace: str) -> Iterator[AccessRow]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, route, inner)
            continue
        for access in _declared(pattern.callback):
            if access is None:
                raise LookupError(f"The view at {route} does not say who may open it; declare it with @page.")
            yield AccessRow(route=route, name=f"{namespace}{pattern.name}", access=access)


def _declared(view: Callable[..., Any]) -> Iterator[Access | None]:
    """What a page declares, or each operation of the API at one address."""
    for methods, access in getattr(view, "operations", ()):
        yield access and replace(access, methods=methods)
    if not hasattr(view, "operations"):
        yield getattr(view, "access", None)
