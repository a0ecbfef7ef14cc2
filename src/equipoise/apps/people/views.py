"""Pages about the person: sign-in, settings, password, help; and the pages for errors."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from equipoise.apps.people import actions, queries
from equipoise.apps.people.assistants import acting
from equipoise.apps.people.assistants.queries import assisted_by
from equipoise.apps.people.forms import SettingsForm
from equipoise.apps.people.middleware import BACKEND
from equipoise.apps.people.models import Person
from equipoise.apps.people.requests import acting_in, actor_of, person_of
from equipoise.core.facets import AXES
from equipoise.platform.access import Audience, page
from equipoise.platform.uploads import MEGABYTES

BOTH = ("GET", "POST")


@page("own settings", methods=BOTH)
def settings(request: HttpRequest) -> HttpResponse:
    """How the person is recognised and shown things."""
    person = person_of(request)
    zone = person.zone
    form = SettingsForm(request.POST) if request.method == "POST" else SettingsForm(initial=_settings_of(person))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_settings(person=person, now=timezone.now(), **form.cleaned_data)
        except actions.AddressTaken as error:
            form.add_error("email", str(error))
        else:
            with translation.override(person.language):
                messages.success(request, _("Saved."))
                if person.zone != zone:
                    messages.info(request, _("Entries without a time zone keep the old one until you read them again."))
            return redirect("people:settings")
    status = 400 if form.errors else 200
    return render(request, "people/settings.html", {"section": "settings", "form": form}, status=status)


@page("the demo agency", audience=Audience.SIGNED_IN, methods=("POST",))
def look_as(request: HttpRequest) -> HttpResponse:
    """Look at the demo agency as somebody else of it; only from inside the demo agency."""
    other = queries.demo_person(request.POST.get("key", "")) if actor_of(request).is_demo else None
    if other is None:
        raise Http404
    acting.stop(request)
    login(request, other, backend=BACKEND)
    return redirect("insights:this-week")


@page("help", audience=Audience.SIGNED_IN)
def help_page(request: HttpRequest) -> HttpResponse:
    """The words and the rules, in short."""
    return render(request, "people/help.html", {"section": "help", "axes": AXES})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that a request made no sense, was too large, or came under a name the server does not know."""
    if isinstance(exception, DisallowedHost):
        sentence = _("This server is not known by the name in the address. Whoever runs it can add it: --public-name.")
        return _error(request, 400, _("Another name, please"), sentence)
    if isinstance(exception, RequestDataTooBig):
        sentence = _("A file may have %(most)s MB at most. Export a shorter period, or one calendar at a time.")
        return _error(request, 413, _("The file is too large"), sentence % {"most": MEGABYTES})
    return _error(request, 400, _("That did not work"), _("The request was not complete. Go back and try again."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that a request was refused; to an assistant, that the page is the owner's alone."""
    assistance = acting_in(request)
    if assistance is not None:
        sentence = _("You act for %(name)s, but this page is theirs alone. Nothing was changed.")
        return _error(request, 403, _("Not for assistants"), sentence % {"name": assistance.owner.name})
    return _error(request, 403, _("Not allowed"), _("This page is not open to you."))


def forgery_suspected(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that a form came from a page that has expired, or was opened for somebody else, or from elsewhere."""
    if isinstance(request.user, Person) and (acting_in(request) or assisted_by(request.user)):
        sentence = _("It was opened before you switched whom you act for, or long ago. Go back and load it anew.")
    else:
        sentence = _("The page was open too long. Go back and load it anew.")
    return _error(request, 403, _("Please try again"), sentence)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that nothing is there, or nothing one may see."""
    return _error(request, 404, _("Nothing here"), _("There is no such page, or it is not yours to see."))


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that the fault is ours."""
    return _error(
        request, 500, _("Something went wrong"), _("The fault is on our side. Nothing was changed; try again.")
    )


def _error(request: HttpRequest, status: int, heading: str, sentence: str) -> HttpResponse:
    return render(request, "people/error.html", {"heading": heading, "sentence": sentence}, status=status)


def _settings_of(person: Any) -> dict[str, Any]:
    fields = ("name", "email", "zone", "language", "theme", "work_from", "work_until", "unplanned_hours")
    return {name: getattr(person, name) for name in fields} | {"more_addresses": "\n".join(person.more_addresses)}
