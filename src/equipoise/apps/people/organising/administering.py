"""Pages for administrators: who is in the organisation, what roles they have, and how its teams stand."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from equipoise.apps.people.organising import actions, queries
from equipoise.apps.people.organising.arranging import asked, done
from equipoise.apps.people.organising.forms import (
    EndForm,
    LeavingForm,
    MoveForm,
    NewPersonForm,
    PersonForm,
    RoleForm,
    TeamForm,
    TeamNameForm,
)
from equipoise.apps.people.organising.views import entitled
from equipoise.apps.people.requests import actor_of
from equipoise.platform.access import Audience, Role, page
from equipoise.platform.finding import found_or_404

BOTH = ("GET", "POST")
ONLY = Audience.ADMINISTRATOR


@page("people of the organisation", audience=ONLY, methods=BOTH)
def add_person(request: HttpRequest) -> HttpResponse:
    """Add somebody."""
    actor, today = actor_of(request), timezone.localdate()
    form = NewPersonForm(request.POST or None, viewer=actor, today=today)
    added = []

    def add(now: datetime) -> None:
        added.append(actions.take_in(actor=actor, now=now, **form.cleaned_data))

    if done(form, add):
        (person,) = added
        messages.success(request, _("%(name)s is added. Next: hand over a link.") % {"name": person.name})
        return redirect("people:person", person.pk)
    return asked(request, "add_person", form, names=queries.names_to_choose(actor))


@page("people of the organisation", audience=ONLY, methods=BOTH)
def change_person(request: HttpRequest, person_id: int) -> HttpResponse:
    """Change what somebody is called and signs in with."""
    actor = actor_of(request)
    person = found_or_404(lambda: queries.person_around(actor, person_id))
    form = PersonForm(request.POST or None, initial={"name": person.name, "email": person.email})
    if done(form, lambda now: actions.change_person(actor=actor, person=person, now=now, **form.cleaned_data)):
        messages.success(request, _("Saved."))
        return redirect("people:person", person.pk)
    return asked(request, "change_person", form, other=person)


@page("roles of a person", audience=ONLY, methods=BOTH)
def roles(request: HttpRequest, person_id: int) -> HttpResponse:
    """What roles somebody has and who gave them; a form to give one more."""
    actor = actor_of(request)
    person = found_or_404(lambda: queries.person_around(actor, person_id))
    form = RoleForm(request.POST or None)
    if done(form, lambda now: actions.grant(actor=actor, person=person, role=Role(form.cleaned_data["role"]), now=now)):
        messages.success(request, _("The role is given."))
        return redirect("people:roles", person.pk)
    return asked(request, "roles", form, other=person, roles=queries.roles_given(person))


@page("roles of a person", audience=ONLY, methods=("POST",))
def take_role(request: HttpRequest, person_id: int) -> HttpResponse:
    """Take a role away that was given by hand; one a directory gave is taken away there."""
    actor = actor_of(request)
    person = found_or_404(lambda: queries.person_around(actor, person_id))
    form = RoleForm(request.POST)
    if done(
        form, lambda now: actions.take_role(actor=actor, person=person, role=Role(form.cleaned_data["role"]), now=now)
    ):
        messages.success(request, _("The role is taken away."))
        return redirect("people:person", person.pk) if person == actor else redirect("people:roles", person.pk)
    return asked(request, "roles", form, other=person, roles=queries.roles_given(person))


@page("people of the organisation", audience=ONLY, methods=BOTH)
def leaving(request: HttpRequest, person_id: int) -> HttpResponse:
    """Let somebody leave, today or from a day to come."""
    actor, today = actor_of(request), timezone.localdate()
    person = found_or_404(lambda: queries.person_around(actor, person_id))
    form = LeavingForm(request.POST or None, today=today, not_before=queries.latest_began(person, today=today))

    def leave(now: datetime) -> None:
        on = form.cleaned_data["on"]
        if on > queries.today_of(person, now):
            actions.plan_leaving(actor=actor, person=person, on=on, now=now)
        else:
            actions.leave(actor=actor, person=person, on=on, now=now)

    if done(form, leave):
        person.refresh_from_db()
        sentence = _("%(name)s will leave that day.") if person.is_active else _("%(name)s has left.")
        messages.success(request, sentence % {"name": person.name})
        return redirect(
            "people:directory" if person == actor else "people:person", *([] if person == actor else [person.pk])
        )
    return asked(request, "leaving", form, other=person, profile=queries.profile(person, on=today))


@page("people of the organisation", audience=ONLY, methods=("POST",))
def stay(request: HttpRequest, person_id: int) -> HttpResponse:
    """Let somebody stay who was to leave."""
    actor = actor_of(request)
    person = found_or_404(lambda: queries.person_around(actor, person_id))
    actions.drop_leaving(actor=actor, person=person, now=timezone.now())
    messages.success(request, _("%(name)s stays.") % {"name": person.name})
    return redirect("people:person", person.pk)


@page("people of the organisation", audience=ONLY, methods=("POST",))
def come_back(request: HttpRequest, person_id: int) -> HttpResponse:
    """Let somebody in again who left."""
    actor = actor_of(request)
    person = found_or_404(lambda: queries.person_ever_around(actor, person_id))
    actions.come_back(actor=actor, person=person, on=timezone.localdate(), now=timezone.now())
    messages.success(
        request, _("%(name)s is back. Give them their position, teams and lines anew.") % {"name": person.name}
    )
    return redirect("people:person", person.pk)


@page("teams", audience=ONLY, methods=BOTH)
def add_team(request: HttpRequest) -> HttpResponse:
    """Add a team."""
    actor, today = actor_of(request), timezone.localdate()
    form = TeamForm(request.POST or None, viewer=actor, today=today, initial={"parent": request.GET.get("under", "")})
    added = []

    def add(now: datetime) -> None:
        added.append(actions.add_team(actor=actor, demo=actor.is_demo, key="", now=now, **form.cleaned_data))

    if done(form, add):
        (team,) = added
        messages.success(request, _("The team is added. Next: say who belongs to it."))
        return redirect("people:team", team.pk)
    return asked(request, "add_team", form)


@page("team", audience=ONLY)
def change_team(request: HttpRequest, team_id: int) -> HttpResponse:
    """Forms to rename, move and end a team."""
    return _change_page(request, team_id)


@page("team", audience=ONLY, methods=("POST",))
def rename_team(request: HttpRequest, team_id: int) -> HttpResponse:
    """Give a team another name."""
    actor = actor_of(request)
    team = found_or_404(lambda: queries.team_around(actor, team_id))
    form = TeamNameForm(request.POST)
    if done(form, lambda now: actions.rename_team(actor=actor, team=team, now=now, **form.cleaned_data)):
        messages.success(request, _("Saved."))
        return redirect("people:team", team.pk)
    return _change_page(request, team_id, renaming=form, form=form)


@page("team", audience=ONLY, methods=("POST",))
def move_team(request: HttpRequest, team_id: int) -> HttpResponse:
    """Let a team stand under another from a day on."""
    actor, today = actor_of(request), timezone.localdate()
    team = found_or_404(lambda: queries.team_around(actor, team_id))
    began = queries.place_began(team, today=today)
    form = MoveForm(request.POST, viewer=actor, today=today, team_id=team_id, not_before=began)
    if done(form, lambda now: actions.move_team(actor=actor, team=team, now=now, **form.cleaned_data)):
        messages.success(request, _("The team is moved."))
        return redirect("people:team", team.pk)
    return _change_page(request, team_id, moving=form, form=form)


@page("team", audience=ONLY, methods=("POST",))
def end_team(request: HttpRequest, team_id: int) -> HttpResponse:
    """End a team from a day on; teams below move up."""
    actor, today = actor_of(request), timezone.localdate()
    team = found_or_404(lambda: queries.team_around(actor, team_id))
    form = EndForm(request.POST, today=today, not_before=queries.place_began(team, today=today))
    if form.is_valid() and form.cleaned_data["on"] > today:
        form.add_error("on", _("A team can end today or on a day before, not ahead."))
    if done(form, lambda now: actions.end_team(actor=actor, team=team, now=now, **form.cleaned_data)):
        messages.success(request, _("“%(team)s” is no more.") % {"team": team.name})
        return redirect("people:teams")
    return _change_page(request, team_id, ending=form, form=form)


def _change_page(request: HttpRequest, team_id: int, **forms: object) -> HttpResponse:
    """The page with all three forms, one of them perhaps with what speaks against it."""
    actor, today = actor_of(request), timezone.localdate()
    team = found_or_404(lambda: queries.team_around(actor, team_id))
    profile = queries.team_profile(team, on=today)
    under = {"parent": profile.above[-1].pk if profile.above else ""}
    context = {
        **entitled(request),
        "team": team,
        "profile": profile,
        "renaming": TeamNameForm(initial={"name": team.name}, auto_id="name_%s"),
        "moving": MoveForm(viewer=actor, today=today, team_id=team_id, initial=under, auto_id="move_%s"),
        "ending": EndForm(today=today, auto_id="end_%s"),
        **forms,
    }
    return render(request, "people/organisation/change_team.html", context, status=400 if forms else 200)
