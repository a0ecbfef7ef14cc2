"""Acting for an owner: kept in the session, and looked at anew with every request."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRefresh

from equipoise.apps.people.assistants import queries
from equipoise.apps.people.models import Assistance, Person
from equipoise.apps.people.requests import actor_of

KEY = "acts by assistance"

Handler = Callable[[HttpRequest], HttpResponse]


def middleware(get_response: Handler) -> Handler:
    """Answer with the owner's records, on the owner's clock, while the assistance holds.

    Once it has ended, the next request does nothing but lead back to the own pages.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        kept = request.session.get(KEY) if isinstance(request.user, Person) else None
        if not isinstance(kept, int):
            return get_response(request)
        try:
            assistance = queries.assisted_of(actor_of(request), kept)
        except ObjectDoesNotExist:
            return _lead_back(request)
        request.acting = assistance  # type: ignore[attr-defined]
        with timezone.override(ZoneInfo(assistance.owner.zone)):
            return get_response(request)

    return answer


def begin(request: HttpRequest, assistance: Assistance) -> None:
    """Act for the owner from now on. Forms on pages that are still open elsewhere no longer go through."""
    request.session.cycle_key()
    request.session[KEY] = assistance.pk
    rotate_token(request)


def stop(request: HttpRequest) -> None:
    """Act for oneself from now on. Forms on pages that are still open elsewhere no longer go through."""
    if request.session.pop(KEY, None) is not None:
        rotate_token(request)


def _lead_back(request: HttpRequest) -> HttpResponse:
    stop(request)
    messages.warning(request, _("You no longer act for somebody else: it was ended. These are your own pages."))
    return HttpResponseClientRefresh() if getattr(request, "htmx", False) else redirect("insights:this-week")
