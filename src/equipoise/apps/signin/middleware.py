"""Keeps the list of sessions, and leads to setting up a second step whoever needs one."""

import time
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from equipoise.apps.people.models import Person
from equipoise.apps.signin import queries
from equipoise.platform.access import ROLE_OF, Role, roles_of

Handler = Callable[[HttpRequest], HttpResponse]
SEEN = "session_seen"
SEEN_SECONDS = 600
DEMANDED_OF = {Role.ADMINISTRATOR, Role.PARTNER, Role.AUDITOR} & set(ROLE_OF.values())
OPEN_MEANWHILE = ("mfa_", "account_", "usersessions_", "help")


def sessions_listed(get_response: Handler) -> Handler:
    """Note where and when somebody is signed in, however they came in; every ten minutes anew."""

    def middleware(request: HttpRequest) -> HttpResponse:
        person = request.user
        if isinstance(person, Person) and not person.is_demo and (person.has_usable_password() or person.invited):
            _note(request)
        return get_response(request)

    return middleware


def _note(request: HttpRequest) -> None:
    key, at = request.session.get(SEEN) or ("", 0)
    if key != request.session.session_key or at + SEEN_SECONDS < time.time():
        UserSession.objects.create_from_request(request)
        request.session[SEEN] = (request.session.session_key, int(time.time()))


def second_factor_asked(get_response: Handler) -> Handler:
    """While the administrator demands a second step, whoever has a role and none is led to set one up."""

    def process_view(request: HttpRequest, *_view: object) -> HttpResponseBase | None:
        name = request.resolver_match.url_name if request.resolver_match else ""
        if (name or "").startswith(OPEN_MEANWHILE) or not _lacks_second_step(request):
            return None
        messages.info(request, _("Your role needs a second step at sign-in. Set one up to go on."))
        return redirect("mfa_index")

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    middleware.process_view = process_view  # type: ignore[attr-defined]
    return middleware


def _lacks_second_step(request: HttpRequest) -> bool:
    person = request.user
    if not isinstance(person, Person) or person.is_demo or not person.has_usable_password():
        return False
    if not queries.policy().second_factor or not DEMANDED_OF & roles_of(request):
        return False
    return not queries.signed_in_elsewhere(request) and not queries.has_second_step(person)
