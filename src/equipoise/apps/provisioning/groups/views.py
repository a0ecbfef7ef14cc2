"""Pages for administrators: what the groups of a directory mean here."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from equipoise.apps.people.requests import actor_of
from equipoise.apps.provisioning.groups import actions, queries
from equipoise.apps.provisioning.groups.forms import MeaningForm
from equipoise.platform.access import Audience, page
from equipoise.platform.finding import found_or_404

ONLY = Audience.ADMINISTRATOR
FRAME = {"section": "people", "administers": True}


@page("groups of a directory", audience=ONLY)
def groups(request: HttpRequest) -> HttpResponse:
    """All groups, and how a directory is connected."""
    viewer = actor_of(request)
    told = {
        "groups": queries.groups_around(viewer),
        "provisioned": queries.provisioned(viewer),
        "address": request.build_absolute_uri(reverse("scim:root")).rstrip("/"),
    }
    return render(request, "groups/list.html", FRAME | told)


@page("groups of a directory", audience=ONLY, methods=("GET", "POST"))
def group(request: HttpRequest, group_id: int) -> HttpResponse:
    """One group: who is in it, and a form to say what it means."""
    actor = actor_of(request)
    found = found_or_404(lambda: queries.group_around(actor, group_id))
    form = MeaningForm(request.POST or None, group=found, teams=queries.teams_to_mean(actor))
    if request.method == "POST" and form.is_valid():
        try:
            actions.mean(actor=actor, group=found, now=timezone.now(), **form.chosen())
        except actions.RoleKept as error:
            form.add_error("meaning", str(error))
        else:
            messages.success(request, _("“%(group)s” is set.") % {"group": found.name})
            return redirect("groups:groups")
    told = {"group": found, "form": form, "members": queries.members_shown(found)}
    return render(request, "groups/group.html", FRAME | told, status=400 if form.errors else 200)
