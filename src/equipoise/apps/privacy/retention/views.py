"""The page on which an administrator says for how long records are kept."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from equipoise.apps.people.requests import actor_of
from equipoise.apps.privacy.retention import actions, queries
from equipoise.apps.privacy.retention.forms import RetentionForm
from equipoise.platform.access import Audience, page


@page("retention by kind of record", audience=Audience.ADMINISTRATOR, methods=("GET", "POST"))
def retention(request: HttpRequest) -> HttpResponse:
    """For how long each kind of record is kept."""
    actor = actor_of(request)
    form = RetentionForm(request.POST or None, kept=queries.to_choose())
    if request.method == "POST":
        if actor.is_demo:
            raise Http404
        if form.is_valid():
            actions.choose(actor=actor, days=form.days(), now=timezone.now())
            messages.success(request, _("Saved. A shorter time takes hold after 14 days."))
            return redirect("privacy:retention")
    context = {"section": "settings", "form": form, "kept": queries.all_kept()}
    return render(request, "privacy/retention.html", context, status=400 if form.errors else 200)
