"""Pages about erasing: one's own records, and those of people who left."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from equipoise.apps.people.requests import actor_of, person_of
from equipoise.apps.privacy.erasing import actions, queries
from equipoise.apps.privacy.erasing.forms import ErasingForm
from equipoise.apps.privacy.retention.queries import days_of
from equipoise.platform.access import Audience, page
from equipoise.platform.finding import found_or_404


@page("own data", methods=("GET", "POST"))
def erase(request: HttpRequest) -> HttpResponse:
    """Ask for everything about the person to be erased, after they typed their address."""
    person = person_of(request)
    if person.is_demo:
        raise Http404
    alone = queries.is_alone(person)
    form = ErasingForm(request.POST or None, person=person, alone=alone)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data.get("at_once"):
            actions.erase_at_once(person=person, now=timezone.now())
            logout(request)
            messages.success(request, _("Everything about you is erased."))
            return redirect("insights:welcome")
        try:
            actions.ask_for_erasing(actor=actor_of(request), person=person, now=timezone.now())
        except actions.LastAdministrator as error:
            form.add_error(None, str(error))
        else:
            return redirect("privacy:your-data")
    context = {"section": "settings", "form": form, "alone": alone, "days": actions.WAITING.days}
    return render(request, "privacy/erase.html", context, status=400 if form.errors else 200)


@page("own data", methods=("POST",))
def keep(request: HttpRequest) -> HttpResponse:
    """Take asking for erasing back."""
    actions.take_back(actor=actor_of(request), person=person_of(request), now=timezone.now())
    messages.success(request, _("Nothing is erased. Your calendars are read again."))
    return redirect("privacy:your-data")


@page("people who left", audience=Audience.ADMINISTRATOR)
def leavers(request: HttpRequest) -> HttpResponse:
    """Who left, and when everything of theirs is erased."""
    context = {
        "section": "settings",
        "leavers": queries.leavers(person_of(request)),
        "days": days_of(queries.KIND),
        "waiting": actions.WAITING.days,
    }
    return render(request, "privacy/leavers.html", context)


@page("people who left", audience=Audience.ADMINISTRATOR, methods=("POST",))
def erase_leaver(request: HttpRequest, leaver_id: int) -> HttpResponse:
    """Begin erasing somebody who left, sooner than by itself."""
    left = found_or_404(lambda: queries.leaver_of(person_of(request), leaver_id))
    if left.is_demo:
        raise Http404
    actions.ask_for_erasing(actor=actor_of(request), person=left, now=timezone.now())
    return redirect("privacy:leavers")


@page("people who left", audience=Audience.ADMINISTRATOR, methods=("POST",))
def keep_leaver(request: HttpRequest, leaver_id: int) -> HttpResponse:
    """Let somebody who left be erased by itself again, and no sooner."""
    left = found_or_404(lambda: queries.leaver_of(person_of(request), leaver_id))
    actions.take_back(actor=actor_of(request), person=left, now=timezone.now())
    return redirect("privacy:leavers")
