"""Pages of the first run."""

from zoneinfo import available_timezones

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language

from equipoise.apps.calendars.forms import OwnCalendarForm
from equipoise.apps.calendars.source_views import hand_in
from equipoise.apps.insights.welcome import actions
from equipoise.apps.people import actions as people
from equipoise.apps.people import queries
from equipoise.apps.people.middleware import BACKEND
from equipoise.apps.people.models import Person
from equipoise.platform.access import Audience, page
from equipoise.platform.uploads import MEGABYTES


def _may_begin() -> bool:
    """Only on an own machine, and only while nobody but the demo agency is there."""
    return not settings.OPENED and queries.is_nobodys()


@page("first run", audience=Audience.ANYONE)
def first_run(request: HttpRequest) -> HttpResponse:
    """Two ways to begin."""
    if not _may_begin():
        return redirect("insights:this-week")
    return render(request, "insights/welcome.html", {"form": OwnCalendarForm()})


@page("first run", audience=Audience.ANYONE, methods=("POST",))
def demo(request: HttpRequest) -> HttpResponse:
    """Look around with the demo agency."""
    if not _may_begin():
        return redirect("insights:this-week")
    actions.load_demo_agency(language=get_language() or "en", now=timezone.now())
    login(request, queries.demo_person(queries.LOOKED_AT_FIRST) or queries.demo_people()[0], backend=BACKEND)
    return redirect("insights:this-week")


@page("first run", audience=Audience.ANYONE, methods=("GET", "POST"))
def own_calendar(request: HttpRequest) -> HttpResponse:
    """Start with the own calendar: make the owner's account and read the calendar."""
    if not _may_begin():
        return redirect("insights:this-week")
    form = OwnCalendarForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            owner = _make_owner(form)
        except people.AddressTaken as error:
            form.add_error("email", str(error))
        except people.OwnerThere:
            return redirect("insights:this-week")
        else:
            login(request, owner, backend=BACKEND)
            return redirect("calendars:import", hand_in(owner, owner, form))
    context = {"form": form, "most": MEGABYTES}
    return render(request, "insights/own_calendar.html", context, status=400 if form.errors else 200)


def _make_owner(form: OwnCalendarForm) -> Person:
    asked = form.cleaned_data["zone"]
    return people.add_owner(
        email=form.cleaned_data["email"],
        zone=asked if asked in available_timezones() else "UTC",
        language=(get_language() or "en")[:2],
        now=timezone.now(),
    )
