"""Lets the owner of an own machine in without ceremony, and shows pages in the person's language and zone."""

from collections.abc import Callable
from functools import cache
from zoneinfo import ZoneInfo

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from equipoise.apps.people import queries, standing
from equipoise.apps.people.models import Person

Handler = Callable[[HttpRequest], HttpResponse]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PROGRAMS = ("/api/", "/scim/")
"""Programs come with a token; no session is begun for them."""


def local_owner(get_response: Handler) -> Handler:
    """Sign the local owner in, while no other machine can reach the server and no password is set."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PROGRAMS) and not request.user.is_authenticated:
            person = queries.let_in_at_once()
            if person is not None:
                login(request, person, backend=BACKEND)
        return get_response(request)

    return middleware


def language_and_zone(get_response: Handler) -> Handler:
    """Speak the person's language and count in their zone; before sign-in, the browser's language."""

    def middleware(request: HttpRequest) -> HttpResponse:
        person = request.user
        if isinstance(person, Person):
            language, zone = person.language, ZoneInfo(person.zone)
        else:
            language, zone = translation.get_language_from_request(request), ZoneInfo("UTC")
        with translation.override(language), timezone.override(zone):
            request.LANGUAGE_CODE = language
            response = get_response(request)
            response.headers.setdefault("Content-Language", language)
            return response

    return middleware


def roles(get_response: Handler) -> Handler:
    """Look up what the signed-in person is in the organisation, when it is first asked for."""

    def middleware(request: HttpRequest) -> HttpResponse:
        person = request.user
        if isinstance(person, Person):
            today = timezone.localdate()
            request.roles = cache(lambda: standing.roles_of(person, on=today))  # type: ignore[attr-defined]
        return get_response(request)

    return middleware
