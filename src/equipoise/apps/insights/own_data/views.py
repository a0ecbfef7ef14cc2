"""Pages about one's own data."""

import json

from django.contrib import messages
from django.contrib.auth import logout
from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from equipoise.apps.calendars import queries as calendars
from equipoise.apps.insights.own_data import actions, queries
from equipoise.apps.insights.own_data.words import act_name
from equipoise.apps.people.forms import EraseForm
from equipoise.apps.people.requests import person_of
from equipoise.platform import audit
from equipoise.platform.access import page


@page("own data")
def overview(request: HttpRequest) -> HttpResponse:
    """What is kept, who sees it, and who did what to it."""
    person = person_of(request)
    context = {
        "section": "settings",
        "calendars": calendars.calendars_of(person),
        "corrections": calendars.corrections_count(person),
        "rules": calendars.rules_of(person),
        "trail": [(act, act_name(act.verb)) for act in audit.concerning(person.pk)],
    }
    return render(request, "insights/your_data.html", context)


@page("own data", methods=("POST",))
def export(request: HttpRequest) -> HttpResponse:
    """Everything kept about the person, as one file."""
    person = person_of(request)
    now = timezone.now()
    actions.note_export(person=person, now=now)
    body = json.dumps(queries.everything(person, now=now), cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
    response = HttpResponse(body, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="equipoise-{now:%Y-%m-%d}.json"'
    return response


@page("own data", methods=("GET", "POST"))
def erase(request: HttpRequest) -> HttpResponse:
    """Erase everything about the person, after they typed their address."""
    person = person_of(request)
    if person.is_demo:
        raise Http404
    form = EraseForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        actions.erase_everything(person=person, now=timezone.now())
        logout(request)
        messages.success(request, _("Everything about you is erased."))
        return redirect("insights:welcome")
    return render(
        request, "insights/erase.html", {"section": "settings", "form": form}, status=400 if form.errors else 200
    )
