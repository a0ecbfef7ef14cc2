"""Pages of tokens: one's own under the settings, the organisation's for administrators."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from equipoise.apps.integrations import actions, queries
from equipoise.apps.integrations.forms import TokenForm
from equipoise.apps.people.models import Person
from equipoise.apps.people.requests import actor_of, person_of
from equipoise.platform.access import Audience, Role, page, roles_of
from equipoise.platform.api import Scope
from equipoise.platform.finding import found_or_404

BOTH = ("GET", "POST")


def organisation_of(request: HttpRequest) -> None:
    """The organisation; an administrator of the demo agency administers nothing real."""
    if actor_of(request).is_demo:
        raise PermissionDenied


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """Whose tokens and webhooks a page is about: one's own, or the organisation's.

    Attributes:
        organisation: Whether it is the organisation's.
        whose: The person they belong to, or nobody.
        tokens: Name of the page of tokens.
        end_token: Name of the address that ends one.
        webhooks: Name of the page of webhooks.
    """

    organisation: bool
    whose: Callable[[HttpRequest], Person | None]
    tokens: str
    end_token: str
    webhooks: str


OWN = Side(
    organisation=False,
    whose=person_of,
    tokens="integrations:tokens",
    end_token="integrations:end-token",  # noqa: S106 - a name of an address
    webhooks="integrations:webhooks",
)
THEIRS = Side(
    organisation=True,
    whose=organisation_of,
    tokens="integrations:organisation-tokens",
    end_token="integrations:end-organisation-token",  # noqa: S106
    webhooks="integrations:organisation-webhooks",
)


def framed(request: HttpRequest, side: Side, **more: object) -> dict[str, Any]:
    """What every page of tokens and webhooks needs."""
    administers = Role.ADMINISTRATOR in roles_of(request) and not actor_of(request).is_demo
    return {"section": "settings", "side": side, "administers": administers, **more}


@page("own tokens", methods=BOTH)
def tokens(request: HttpRequest) -> HttpResponse:
    """One's own tokens, and a form for one more."""
    return _tokens(request, OWN)


@page("own tokens", methods=("POST",))
def end_token(request: HttpRequest, token_id: int) -> HttpResponse:
    """End one of one's own tokens."""
    return _end_token(request, OWN, token_id)


@page("tokens of the organisation", audience=Audience.ADMINISTRATOR, methods=BOTH)
def organisation_tokens(request: HttpRequest) -> HttpResponse:
    """The organisation's tokens, and a form for one more."""
    return _tokens(request, THEIRS)


@page("tokens of the organisation", audience=Audience.ADMINISTRATOR, methods=("POST",))
def end_organisation_token(request: HttpRequest, organisation_token_id: int) -> HttpResponse:
    """End one of the organisation's tokens."""
    return _end_token(request, THEIRS, organisation_token_id)


def _tokens(request: HttpRequest, side: Side) -> HttpResponse:
    person, secret = side.whose(request), None
    form = TokenForm(request.POST or None, organisation=side.organisation)
    if request.method == "POST" and form.is_valid():
        secret = _make(request, person, form)
        form = TokenForm(organisation=side.organisation)
    context = framed(request, side, form=form, secret=secret, tokens=queries.tokens_of(person), now=timezone.now())
    return render(request, "integrations/tokens.html", context, status=400 if form.errors else 200)


def _make(request: HttpRequest, person: Person | None, form: TokenForm) -> str:
    now, days = timezone.now(), form.cleaned_data["days"]
    return actions.make_token(
        actor=actor_of(request),
        person=person,
        name=form.cleaned_data["name"],
        scopes={Scope(form.cleaned_data["scope"])},
        expires_at=now + timedelta(days=days) if days else None,
        now=now,
    )


def _end_token(request: HttpRequest, side: Side, token_id: int) -> HttpResponse:
    person = side.whose(request)
    token = found_or_404(lambda: queries.own_token_of(person, token_id))
    actions.end_token(actor=actor_of(request), token=token, now=timezone.now())
    messages.success(request, _("“%(name)s” opens nothing any more.") % {"name": token.name})
    return redirect(side.tokens)
