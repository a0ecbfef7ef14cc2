"""Pages for administrators and people partners: positions, reporting lines, and who belongs to which team."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from equipoise.apps.people.actions import AddressTaken
from equipoise.apps.people.organising import actions, queries
from equipoise.apps.people.organising.forms import BelongingForm, LinesForm, NewMemberForm, PositionForm
from equipoise.apps.people.organising.views import entitled
from equipoise.apps.people.requests import actor_of
from equipoise.platform.access import Audience, page
from equipoise.platform.finding import found_or_404

ARRANGE = (Audience.ADMINISTRATOR, Audience.PARTNER)
BOTH = ("GET", "POST")
REFUSALS = (
    AddressTaken,
    actions.LastAdministrator,
    actions.NotHere,
    actions.OtherWorld,
    actions.TooDeep,
    actions.WouldBeCircle,
)


def done(form: Form, act: Callable[[datetime], object]) -> bool:
    """Whether a valid form was carried out; what speaks against it is said on the form."""
    if not form.is_valid():
        return False
    try:
        act(timezone.now())
    except REFUSALS as error:
        form.add_error(None, str(error))
    return not form.errors


def asked(request: HttpRequest, template: str, form: Form, **more: object) -> HttpResponse:
    """A page with a form; 400 while something speaks against it."""
    context = entitled(request) | {"form": form, **more}
    return render(request, f"people/organisation/{template}.html", context, status=400 if form.errors else 200)


@page("position of a person", audience=ARRANGE, methods=BOTH)
def position(request: HttpRequest, person_id: int) -> HttpResponse:
    """Say what somebody is from a day on."""
    actor, today = actor_of(request), timezone.localdate()
    person = found_or_404(lambda: queries.person_around(actor, person_id))
    now_held = queries.profile(person, on=today).position
    form = PositionForm(
        request.POST or None,
        today=today,
        not_before=queries.position_began(person, today=today),
        initial={"title": now_held.title, "level": now_held.level, "function": now_held.function} if now_held else {},
    )
    if done(form, lambda now: actions.set_position(actor=actor, person=person, now=now, **form.cleaned_data)):
        messages.success(request, _("The position of %(name)s is kept.") % {"name": person.name})
        return redirect("people:person", person.pk)
    return asked(request, "position", form, other=person, planned=queries.planned_position(person, today=today))


@page("reporting lines of a person", audience=ARRANGE, methods=BOTH)
def lines(request: HttpRequest, person_id: int) -> HttpResponse:
    """Say to whom somebody reports from a day on."""
    actor, today = actor_of(request), timezone.localdate()
    person = found_or_404(lambda: queries.person_around(actor, person_id))
    form = LinesForm(
        request.POST or None,
        viewer=actor,
        person=person,
        today=today,
        not_before=queries.lines_began(person, today=today),
        initial=LinesForm.initial_of(queries.profile(person, on=today)),
    )
    if done(form, lambda now: actions.set_lines(actor=actor, person=person, now=now, **form.cleaned_data)):
        messages.success(request, _("The reporting lines of %(name)s are kept.") % {"name": person.name})
        return redirect("people:person", person.pk)
    return asked(request, "lines", form, other=person, names=queries.names_to_choose(actor))


@page("members of a team", audience=ARRANGE, methods=BOTH)
def add_member(request: HttpRequest, team_id: int) -> HttpResponse:
    """Let somebody belong to a team from a day on."""
    actor, today = actor_of(request), timezone.localdate()
    team = found_or_404(lambda: queries.team_around(actor, team_id))
    form = NewMemberForm(request.POST or None, viewer=actor, today=today)

    def join(now: datetime) -> None:
        who, leads, on = (form.cleaned_data[name] for name in ("member", "leads", "on"))
        actions.join_team(actor=actor, person=who, team=team, leads=leads, on=on, now=now)

    if done(form, join):
        messages.success(request, _("%(name)s is in the team.") % {"name": form.cleaned_data["member"].name})
        return redirect("people:team", team.pk)
    return asked(request, "add_member", form, team=team, names=queries.names_to_choose(actor))


@page("members of a team", audience=ARRANGE, methods=BOTH)
def belonging(request: HttpRequest, team_id: int, person_id: int) -> HttpResponse:
    """Make somebody in a team its lead or a member, or take them out, from a day on."""
    actor, today = actor_of(request), timezone.localdate()
    team = found_or_404(lambda: queries.team_around(actor, team_id))
    person = found_or_404(lambda: queries.person_around(actor, person_id))
    held = found_or_404(lambda: queries.belonging_of(person, team, on=today))
    form = BelongingForm(
        request.POST or None,
        today=today,
        not_before=held.from_day,
        initial={"becomes": "lead" if held.leads else "member"},
    )

    def become(now: datetime) -> None:
        becomes, on = form.cleaned_data["becomes"], form.cleaned_data["on"]
        if becomes == "out":
            actions.leave_team(actor=actor, person=person, team=team, on=on, now=now)
        else:
            actions.join_team(actor=actor, person=person, team=team, leads=becomes == "lead", on=on, now=now)

    if done(form, become):
        messages.success(request, _("Kept: %(name)s in %(team)s.") % {"name": person.name, "team": team.name})
        return redirect("people:team", team.pk)
    return asked(request, "belonging", form, team=team, other=person, held=held)
