"""Pages everybody of the organisation may open: the directory, a person, the tree of teams, a team.

They never show anything of a calendar, a balance, a plan or a reflection.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from equipoise.apps.people.joining import queries as joining
from equipoise.apps.people.organising import queries
from equipoise.apps.people.organising.forms import AsOfForm, FindForm
from equipoise.apps.people.organising.words import told
from equipoise.apps.people.requests import actor_of
from equipoise.apps.people.standing import led_by
from equipoise.platform.access import Audience, Role, page, roles_of
from equipoise.platform.finding import found_or_404


def entitled(request: HttpRequest) -> dict[str, Any]:
    """What whoever asks may do with people and teams, for templates."""
    roles = roles_of(request)
    administers = Role.ADMINISTRATOR in roles
    return {"section": "people", "administers": administers, "arranges": administers or Role.PARTNER in roles}


@page("directory of people", audience=Audience.MEMBER)
def directory(request: HttpRequest) -> HttpResponse:
    """Everybody, or those found."""
    viewer, today, context = actor_of(request), timezone.localdate(), entitled(request)
    form = FindForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    number = asked.get("team")
    team = found_or_404(lambda: queries.team_around(viewer, number)) if number else None
    left = bool(asked.get("left")) and context["arranges"]
    words = asked.get("q") or ""
    found = queries.directory(viewer, words=words, team=team, left=left, number=asked.get("page") or 1, on=today)
    context |= {
        "found": found, "words": words, "team": team, "left": left, "teams": queries.team_choices(viewer, on=today),
    }  # fmt: skip
    return render(request, "people/organisation/directory.html", context)


@page("person in the directory", audience=Audience.MEMBER)
def person(request: HttpRequest, person_id: int) -> HttpResponse:
    """What somebody is in the organisation; to those who administer it, also what they were."""
    viewer, now, context = actor_of(request), timezone.now(), entitled(request)
    look_up = queries.person_ever_around if context["arranges"] else queries.person_around
    found = found_or_404(lambda: look_up(viewer, person_id))
    context |= {"profile": queries.profile(found, on=timezone.localdate()), "today": timezone.localdate()}
    if context["arranges"]:
        context["history"] = [told(each) for each in queries.history_of_person(found)]
        context["roles"] = queries.roles_given(found)
    if context["administers"] and not found.is_demo:
        context["joining"] = joining.open_joining(found, now=now)
        context["by_mail"] = joining.can_be_mailed()
    return render(request, "people/organisation/person.html", context)


@page("teams", audience=Audience.MEMBER)
def teams(request: HttpRequest) -> HttpResponse:
    """The tree of teams, as it stands or stood on a day."""
    today = timezone.localdate()
    day = AsOfForm(request.GET).day_or(today)
    context = entitled(request) | {"nodes": queries.tree(actor_of(request), on=day), "day": day, "today": today}
    return render(request, "people/organisation/teams.html", context)


@page("team", audience=Audience.MEMBER)
def team(request: HttpRequest, team_id: int) -> HttpResponse:
    """Who belongs to a team and leads it, where it stands, and how that was."""
    viewer, today, context = actor_of(request), timezone.localdate(), entitled(request)
    found = found_or_404(lambda: queries.team_ever_around(viewer, team_id))
    profile = queries.team_profile(found, on=today)
    leads = found.pk in led_by(viewer, on=today)
    past = queries.history_of_team(found, with_people=leads or context["arranges"], today=today)
    context |= {"team": found, "profile": profile, "history": [told(each) for each in past]}
    if leads:
        context["yours"] = queries.yours(profile.everybody, on=today, now=timezone.now())
    return render(request, "people/organisation/team.html", context)
