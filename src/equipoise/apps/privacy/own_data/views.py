"""Pages about one's own data."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from equipoise.apps.calendars import checking
from equipoise.apps.calendars import queries as calendars
from equipoise.apps.change import queries as change
from equipoise.apps.growth import queries as growth
from equipoise.apps.people.assistants import queries as assistants
from equipoise.apps.people.requests import actor_of, person_of
from equipoise.apps.planner import queries as planner
from equipoise.apps.privacy.erasing.queries import is_alone
from equipoise.apps.privacy.own_data import actions, packing, queries, tasks
from equipoise.apps.privacy.own_data.words import act_name
from equipoise.platform.access import Audience, page
from equipoise.platform.finding import found_or_404
from equipoise.platform.vault import KeyLost


@page("own data")
def overview(request: HttpRequest) -> HttpResponse:
    """What is kept, who sees it, and who did what to it."""
    person = person_of(request)
    only_assistants, names = request.GET.get("by") == "assistants", assistants.assistant_names(person)
    found = checking.sorted_for(person, by=names) if only_assistants else []
    context = {
        "section": "settings",
        "packages": queries.packages_of(person),
        "alone": is_alone(person),
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
    """Everything kept about the person: as one JSON file, or packed with tables and calendars."""
    person, now = person_of(request), timezone.now()
    if request.POST.get("as") != "zip":
        actions.note_export(person=person, now=now)
        return _download(packing.as_json(queries.everything(person, now=now)), "json", now)
    if packing.is_large(person):
        package = actions.ask_for_package(actor=actor_of(request), person=person, now=now)
        if package is not None:
            tasks.pack.enqueue(package.pk)
        messages.success(request, _("It is being packed. Come back in a few minutes."))
        return redirect("privacy:your-data")
    actions.note_export(person=person, now=now)
    return _download(packing.archive_of(person, now=now), "zip", now)


@page("own data")
def package(request: HttpRequest, package_id: int) -> HttpResponse:
    """What was packed in the background."""
    found = found_or_404(lambda: queries.package_of(person_of(request), package_id))
    try:
        content = packing.fetch(found)
    except (FileNotFoundError, KeyLost) as error:
        raise Http404 from error
    return _download(content, "zip", found.asked_at)


def _download(content: bytes, kind: str, now: datetime) -> HttpResponse:
    response = HttpResponse(content, content_type=f"application/{kind}")
    response["Content-Disposition"] = f'attachment; filename="equipoise-{now:%Y-%m-%d}.{kind}"'
    return response
