"""Pages about one's own data."""

import json

from django.contrib import messages
from django.contrib.auth import logout
from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from equipoise.apps.calendars import checking
from equipoise.apps.calendars import queries as calendars
from equipoise.apps.change import queries as change
from equipoise.apps.growth import queries as growth
from equipoise.apps.people.assistants import queries as assistants
from equipoise.apps.people.forms import EraseForm
from equipoise.apps.people.requests import actor_of, person_of
from equipoise.apps.planner import queries as planner
from equipoise.apps.privacy.own_data import actions, queries
from equipoise.apps.privacy.own_data.words import act_name
from equipoise.platform.access import Audience, page


@page("own data")
def overview(request: HttpRequest) -> HttpResponse:
    """What is kept, who sees it, and who did what to it."""
    person = person_of(request)
    only_assistants, names = request.GET.get("by") == "assistants", assistants.assistant_names(person)
    found = checking.sorted_for(person, by=names) if only_assistants else []
    context = {
        "section": "settings",
        "calendars": calendars.calendars_of(person),
        "corrections": calendars.corrections_count(person),
        "rules": calendars.rules_of(person),
        "scans": change.scans_of(person),
        "reflections": growth.how_many(person),
        "blocks": planner.how_many(person),
        "plan_feed": planner.has_feed(person),
        "only_assistants": only_assistants,
        "trail": [(act, act_name(act.did)) for act in queries.trail(person, assistants_only=only_assistants)],
        "assistants_now": [each for each in assistants.assistances_of(person) if each.ended_at is None],
        "had_assistants": bool(names),
        "sorted_for": [(each, names[each.said_by_id]) for each in found],
    }
    return render(request, "privacy/your_data.html", context)


@page("own assisting", audience=Audience.SIGNED_IN)
def assisting(request: HttpRequest) -> HttpResponse:
    """For whom somebody may act, and what they did for them."""
    actor = actor_of(request)
    context = {
        "section": "assisting",
        "acts_for": assistants.assisted_by(actor),
        "acts": [(act, act_name(act.did)) for act in queries.done_as_assistant(actor)],
    }
    return render(request, "privacy/assisting.html", context)


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
        request, "privacy/erase.html", {"section": "settings", "form": form}, status=400 if form.errors else 200
    )
