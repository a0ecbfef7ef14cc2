"""The audit trail, for auditors."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from equipoise.apps.people.requests import actor_of
from equipoise.apps.privacy.trail import actions, queries
from equipoise.apps.privacy.trail.forms import SoughtForm
from equipoise.platform.access import Audience, page
from equipoise.platform.audit import Check


@page("the audit trail", audience=Audience.AUDITOR)
def trail(request: HttpRequest) -> HttpResponse:
    """Acts, newest first, by who, on whom, what and when."""
    return _page(request, None)


@page("the audit trail", audience=Audience.AUDITOR, methods=("POST",))
def check(request: HttpRequest) -> HttpResponse:
    """The same, with what a check of the whole chain found."""
    return _page(request, actions.check(actor=actor_of(request), now=timezone.now()))


@page("the audit trail", audience=Audience.AUDITOR, methods=("POST",))
def export(request: HttpRequest) -> HttpResponseBase:
    """What was looked for, as a table."""
    viewer, now = actor_of(request), timezone.now()
    sought = SoughtForm(request.POST, verbs=queries.verbs(viewer)).sought()
    actions.note_export(actor=viewer, now=now)
    response = StreamingHttpResponse(queries.as_table(viewer, sought), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="equipoise-trail-{now:%Y-%m-%d}.csv"'
    return response


def _page(request: HttpRequest, found: Check | None) -> HttpResponse:
    viewer = actor_of(request)
    form = SoughtForm(request.GET, verbs=queries.verbs(viewer))
    before = request.GET.get("before", "")
    number = int(before) if before.isascii() and before.isdigit() and len(before) < 18 else None
    asked = request.GET.copy()
    asked.pop("before", None)
    context = {
        "section": "settings",
        "form": form,
        "found": queries.acts(viewer, form.sought(), before=number),
        "asked": asked.urlencode(),
        "first_page": number is None,
        "check": found,
    }
    return render(request, "privacy/trail.html", context)
