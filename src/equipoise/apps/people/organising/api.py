"""Operations of the API on people and teams: everybody of the organisation reads, roles decide who changes."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import BaseModel, Field

from equipoise.apps.people import standing
from equipoise.apps.people.models import Person, Team
from equipoise.apps.people.models.organisation import Function, Level
from equipoise.apps.people.organising import actions, programs, queries
from equipoise.apps.people.organising.programs import refuse_before, told_as_conflict
from equipoise.apps.people.organising.shown import (
    MemberShown,
    PastShown,
    PersonShown,
    RoleHeld,
    RoleShown,
    TeamShown,
    past_shown,
    people_shown,
    teams_shown,
)
from equipoise.apps.people.requests import acting_person, viewer_of
from equipoise.apps.people.settings_sent import Language, Zone
from equipoise.platform.access import Audience, Role, roles_of
from equipoise.platform.api import (
    Address,
    CannotBe,
    Day,
    Flag,
    Id,
    Key,
    Line,
    Page,
    Paging,
    Scope,
    Sent,
    answers,
    operation,
    page_of,
    page_of_values,
    token_of,
)

people = Router(tags=["People"])
teams = Router(tags=["Teams"])

ONLY = Audience.ADMINISTRATOR
ARRANGE = (Audience.ADMINISTRATOR, Audience.PARTNER)
Title = Annotated[str, Field(max_length=120, pattern=r"^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*$")]


class GivenRole(StrEnum):
    """Roles that are given; whoever leads a team is its lead by that."""

    ADMINISTRATOR = Role.ADMINISTRATOR.value
    PARTNER = Role.PARTNER.value
    AUDITOR = Role.AUDITOR.value


class PositionSent(Sent):
    """What somebody is from a day on (today when left out); all empty ends the position."""

    title: Title = ""
    level: Level = Level.UNKNOWN
    function: Function = Function.UNKNOWN
    on: Day | None = None


class NewPerson(Sent):
    """Somebody new, with what they are from a day on (today when left out)."""

    name: Line
    email: Address
    zone: Zone = "UTC"
    language: Language = Language.ENGLISH
    more_addresses: Annotated[list[Address], Field(max_length=20, default_factory=list)]
    title: Title = ""
    level: Level = Level.UNKNOWN
    function: Function = Function.UNKNOWN
    team_id: Id | None = None
    manager_id: Id | None = None
    on: Day | None = None


class PersonChange(Sent):
    """What is to change; what is left out or null stays."""

    name: Line | None = None
    email: Address | None = None


class LinesSent(Sent):
    """To whom somebody reports from a day on (today when left out); lines not named end."""

    manager_id: Id | None = None
    other_manager_ids: Annotated[list[Id], Field(max_length=20, default_factory=list)]
    on: Day | None = None


class FromDay(Sent):
    """From which day; today when left out."""

    on: Day | None = None


class NewTeam(Sent):
    """A team, under another or at the top, from a day on (today when left out)."""

    name: Line
    key: Key = ""
    parent_id: Id | None = None
    on: Day | None = None


class TeamChange(Sent):
    """Another name."""

    name: Line


class PlaceSent(Sent):
    """Under which team one stands from a day on (today when left out); none for the top."""

    parent_id: Id | None
    on: Day | None = None


class BelongingSent(Sent):
    """Whether somebody leads the team, from a day on (today when left out)."""

    leads: Flag = False
    on: Day | None = None


class Asked(BaseModel):
    """Which people are asked for."""

    team_id: Id | None = None
    with_teams_below: Flag = False
    left: Flag = False
    on: Day | None = None


def _arranges(request: HttpRequest) -> bool:
    return token_of(request).organisation or bool(roles_of(request) & {Role.ADMINISTRATOR, Role.PARTNER})


def _day(said: date | None) -> date:
    return said or timezone.localdate()


def _one(person: Person, *, on: date | None = None) -> PersonShown:
    return people_shown([person], on=_day(on))[0]


def _person(request: HttpRequest, person_id: int) -> Person:
    look_up = queries.person_ever_around if _arranges(request) else queries.person_around
    return look_up(viewer_of(request), person_id)


@people.get("/people", response=answers(Page[PersonShown]), operation_id="list_people")
@operation("directory of people", scope=Scope.READ, audience=Audience.MEMBER)
def list_people(request: HttpRequest, paging: Query[Paging], asked: Query[Asked]) -> dict[str, Any]:
    """Everybody here by name, or those of a team; `left=true` gives those who left, to whoever arranges people."""
    viewer, day = viewer_of(request), _day(asked.on)
    if asked.left and not _arranges(request):
        raise PermissionDenied
    found = standing.ever_around(viewer).filter(is_active=False) if asked.left else standing.around(viewer)
    if asked.team_id is not None:
        team = queries.team_ever_around(viewer, asked.team_id)
        ids = standing.with_all_below([team.pk], on=day) if asked.with_teams_below else [team.pk]
        found = found.filter(pk__in=standing.members_of(ids, on=day).values("pk"))
    page = page_of(request, found, paging, order=("name", "id"))
    return {**page, "items": people_shown(page["items"], on=day)}


@people.post("/people", response=answers(PersonShown, status=201), operation_id="add_person")
@operation("people of the organisation", scope=Scope.WRITE, audience=ONLY)
def add_person(request: HttpRequest, body: NewPerson) -> tuple[int, PersonShown]:
    """Add somebody. They have no password yet: make them a link, or let them sign in elsewhere."""
    viewer, on = viewer_of(request), _day(body.on)
    person = programs.take_in(
        actor=acting_person(request),
        name=body.name,
        email=body.email,
        zone=body.zone,
        language=body.language.value,
        addresses=body.more_addresses,
        position=(body.title.strip(), body.level.value, body.function.value),
        team=queries.team_around(viewer, body.team_id) if body.team_id else None,
        manager=queries.person_around(viewer, body.manager_id) if body.manager_id else None,
        on=on,
        now=timezone.now(),
    )
    return 201, _one(person, on=on)


@people.get("/people/{person_id}", response=answers(PersonShown), operation_id="person")
@operation("person in the directory", scope=Scope.READ, audience=Audience.MEMBER)
def person(request: HttpRequest, person_id: Id, on: Day | None = None) -> PersonShown:
    """What somebody is in the organisation on a day."""
    return _one(_person(request, person_id), on=on)


@people.patch("/people/{person_id}", response=answers(PersonShown), operation_id="change_person")
@operation("people of the organisation", scope=Scope.WRITE, audience=ONLY)
def change_person(request: HttpRequest, person_id: Id, body: PersonChange) -> PersonShown:
    """Change what somebody is called or signs in with."""
    found = queries.person_around(viewer_of(request), person_id)
    with told_as_conflict():
        actions.change_person(
            actor=acting_person(request),
            person=found,
            name=body.name or found.name,
            email=body.email or found.email,
            now=timezone.now(),
        )
    return _one(found)


@people.post("/people/{person_id}/leave", response=answers(PersonShown), operation_id="leave")
@operation("people of the organisation", scope=Scope.WRITE, audience=ONLY)
def leave(request: HttpRequest, person_id: Id, body: FromDay) -> PersonShown:
    """Let somebody leave on a day: from then on they are let in nowhere. Nothing of theirs is erased by this."""
    found, on, today = queries.person_around(viewer_of(request), person_id), _day(body.on), timezone.localdate()
    refuse_before(on, queries.latest_began(found, today=today))
    act = actions.plan_leaving if on > today else actions.leave
    with told_as_conflict():
        act(actor=acting_person(request), person=found, on=on, now=timezone.now())
    return _one(found)


@people.post("/people/{person_id}/stay", response=answers(PersonShown), operation_id="stay")
@operation("people of the organisation", scope=Scope.WRITE, audience=ONLY)
def stay(request: HttpRequest, person_id: Id) -> PersonShown:
    """Let somebody stay who was to leave."""
    found = queries.person_around(viewer_of(request), person_id)
    actions.drop_leaving(actor=acting_person(request), person=found, now=timezone.now())
    return _one(found)


@people.post("/people/{person_id}/come-back", response=answers(PersonShown), operation_id="come_back")
@operation("people of the organisation", scope=Scope.WRITE, audience=ONLY)
def come_back(request: HttpRequest, person_id: Id) -> PersonShown:
    """Let somebody in again who left; position, teams, lines and roles are given anew."""
    found = queries.person_ever_around(viewer_of(request), person_id)
    actions.come_back(actor=acting_person(request), person=found, on=timezone.localdate(), now=timezone.now())
    return _one(found)


@people.put("/people/{person_id}/position", response=answers(PersonShown), operation_id="set_position")
@operation("position of a person", scope=Scope.WRITE, audience=ARRANGE)
def set_position(request: HttpRequest, person_id: Id, body: PositionSent) -> PersonShown:
    """Say what somebody is from a day on."""
    found, on = queries.person_around(viewer_of(request), person_id), _day(body.on)
    refuse_before(on, queries.position_began(found, today=timezone.localdate()))
    actions.set_position(
        actor=acting_person(request),
        person=found,
        title=body.title.strip(),
        level=body.level.value,
        function=body.function.value,
        on=on,
        now=timezone.now(),
    )
    return _one(found, on=on)


@people.put("/people/{person_id}/lines", response=answers(PersonShown), operation_id="set_lines")
@operation("reporting lines of a person", scope=Scope.WRITE, audience=ARRANGE)
def set_lines(request: HttpRequest, person_id: Id, body: LinesSent) -> PersonShown:
    """Say to whom somebody reports from a day on."""
    viewer, on = viewer_of(request), _day(body.on)
    found = queries.person_around(viewer, person_id)
    manager = queries.person_around(viewer, body.manager_id) if body.manager_id else None
    if person_id in {body.manager_id, *body.other_manager_ids}:
        raise CannotBe(_("Nobody reports to themselves."))
    others = [queries.person_around(viewer, each) for each in dict.fromkeys(body.other_manager_ids)]
    refuse_before(on, queries.lines_began(found, today=timezone.localdate()))
    with told_as_conflict():
        actions.set_lines(
            actor=acting_person(request), person=found, manager=manager, others=others, on=on, now=timezone.now()
        )
    return _one(found, on=on)


@people.get("/people/{person_id}/history", response=answers(list[PastShown]), operation_id="history_of_person")
@operation("people of the organisation", scope=Scope.READ, audience=ONLY)
def history_of_person(request: HttpRequest, person_id: Id) -> list[PastShown]:
    """All somebody was and is in the organisation, the latest first."""
    return past_shown(queries.history_of_person(queries.person_ever_around(viewer_of(request), person_id)))


@people.get("/people/{person_id}/roles", response=answers(list[RoleShown]), operation_id="roles_of_person")
@operation("roles of a person", scope=Scope.READ, audience=ONLY)
def roles_of_person(request: HttpRequest, person_id: Id) -> list[RoleShown]:
    """The roles somebody was given."""
    found = queries.person_ever_around(viewer_of(request), person_id)
    return _roles(found)


def _roles(found: Person) -> list[RoleShown]:
    given = queries.roles_given(found)
    return [RoleShown(role=RoleHeld(each.role), source=each.source, given_at=each.given_at) for each in given]


@people.put("/people/{person_id}/roles/{role}", response=answers(list[RoleShown]), operation_id="give_role")
@operation("roles of a person", scope=Scope.WRITE, audience=ONLY)
def give_role(request: HttpRequest, person_id: Id, role: GivenRole) -> list[RoleShown]:
    """Give somebody a role."""
    found = queries.person_around(viewer_of(request), person_id)
    actions.grant(actor=acting_person(request), person=found, role=Role(role.value), now=timezone.now())
    return _roles(found)


@people.delete("/people/{person_id}/roles/{role}", response=answers(None, status=204), operation_id="take_role")
@operation("roles of a person", scope=Scope.WRITE, audience=ONLY)
def take_role(request: HttpRequest, person_id: Id, role: GivenRole) -> tuple[int, None]:
    """Take a role away that was given by hand; what a directory gives, the directory takes."""
    found = queries.person_around(viewer_of(request), person_id)
    with told_as_conflict():
        actions.take_role(actor=acting_person(request), person=found, role=Role(role.value), now=timezone.now())
    return 204, None


@teams.get("/teams", response=answers(Page[TeamShown]), operation_id="list_teams")
@operation("teams", scope=Scope.READ, audience=Audience.MEMBER)
def list_teams(request: HttpRequest, paging: Query[Paging], on: Day | None = None) -> dict[str, Any]:
    """All teams as they stand or stood on a day, by number; the tree is in their parents."""
    found = teams_shown(queries.tree(viewer_of(request), on=_day(on)))
    return page_of_values(request, found, paging, key=lambda each: (each.id,))


@teams.post("/teams", response=answers(TeamShown, status=201), operation_id="add_team")
@operation("teams", scope=Scope.WRITE, audience=ONLY)
def add_team(request: HttpRequest, body: NewTeam) -> tuple[int, TeamShown]:
    """Add a team under another, or at the top."""
    viewer, on = viewer_of(request), _day(body.on)
    with told_as_conflict():
        team = actions.add_team(
            actor=acting_person(request),
            demo=viewer.is_demo,
            name=body.name,
            key=body.key,
            parent=queries.team_around(viewer, body.parent_id) if body.parent_id else None,
            on=on,
            now=timezone.now(),
        )
    return 201, _team_on(team, on=on)


@teams.get("/teams/{team_id}", response=answers(TeamShown), operation_id="team")
@operation("team", scope=Scope.READ, audience=Audience.MEMBER)
def team(request: HttpRequest, team_id: Id, on: Day | None = None) -> TeamShown:
    """A team as on a day; one that has ended is found on days before its end."""
    found, day = queries.team_ever_around(viewer_of(request), team_id), _day(on)
    if found.ended_on is not None and found.ended_on <= day:
        raise Team.DoesNotExist
    return _team_on(found, on=day)


def _team_on(found: Team, *, on: date) -> TeamShown:
    profile = queries.team_profile(found, on=on)
    return TeamShown(
        id=found.pk,
        name=found.name,
        key=found.key,
        parent_id=profile.above[-1].pk if profile.above else None,
        lead_ids=[each.person.pk for each in profile.leads],
        member_count=len(profile.leads) + len(profile.members),
        ended_on=found.ended_on,
    )


@teams.patch("/teams/{team_id}", response=answers(TeamShown), operation_id="rename_team")
@operation("team", scope=Scope.WRITE, audience=ONLY)
def rename_team(request: HttpRequest, team_id: Id, body: TeamChange) -> TeamShown:
    """Give a team another name."""
    found = queries.team_around(viewer_of(request), team_id)
    actions.rename_team(actor=acting_person(request), team=found, name=body.name, now=timezone.now())
    return _team_on(found, on=timezone.localdate())


@teams.put("/teams/{team_id}/place", response=answers(TeamShown), operation_id="move_team")
@operation("team", scope=Scope.WRITE, audience=ONLY)
def move_team(request: HttpRequest, team_id: Id, body: PlaceSent) -> TeamShown:
    """Let a team stand under another, or at the top, from a day on."""
    viewer, on = viewer_of(request), _day(body.on)
    found = queries.team_around(viewer, team_id)
    parent = queries.team_around(viewer, body.parent_id) if body.parent_id else None
    if parent == found:
        raise CannotBe(_("A team cannot stand under itself."))
    refuse_before(on, queries.place_began(found, today=timezone.localdate()))
    with told_as_conflict():
        actions.move_team(actor=acting_person(request), team=found, parent=parent, on=on, now=timezone.now())
    return _team_on(found, on=on)


@teams.delete("/teams/{team_id}", response=answers(None, status=204), operation_id="end_team")
@operation("team", scope=Scope.WRITE, audience=ONLY)
def end_team(request: HttpRequest, team_id: Id) -> tuple[int, None]:
    """End a team today: nobody belongs to it any more, and the teams below move up. What was stays."""
    found = queries.team_around(viewer_of(request), team_id)
    with told_as_conflict():
        actions.end_team(actor=acting_person(request), team=found, on=timezone.localdate(), now=timezone.now())
    return 204, None


@teams.get("/teams/{team_id}/history", response=answers(list[PastShown]), operation_id="history_of_team")
@operation("team", scope=Scope.READ, audience=Audience.MEMBER)
def history_of_team(request: HttpRequest, team_id: Id) -> list[PastShown]:
    """Where a team stood, the latest first; for its leads, partners and administrators also who belonged to it."""
    viewer, today = viewer_of(request), timezone.localdate()
    found = queries.team_ever_around(viewer, team_id)
    with_people = _arranges(request) or found.pk in standing.led_by(viewer, on=today)
    return past_shown(queries.history_of_team(found, with_people=with_people, today=today))


@teams.get("/teams/{team_id}/members", response=answers(Page[MemberShown]), operation_id="list_members")
@operation("team", scope=Scope.READ, audience=Audience.MEMBER)
def list_members(request: HttpRequest, team_id: Id, paging: Query[Paging], on: Day | None = None) -> dict[str, Any]:
    """Who belongs to a team on a day, leads among them."""
    found = queries.team_ever_around(viewer_of(request), team_id)
    return page_of_values(request, _members(found, on=_day(on)), paging, key=lambda each: (each.person_id,))


def _members(found: Team, *, on: date) -> list[MemberShown]:
    profile = queries.team_profile(found, on=on)
    return [
        MemberShown(
            team_id=found.pk,
            person_id=each.person.pk,
            name=each.person.name,
            leads=each.leads,
            since=each.since,
            until=each.until,
        )
        for each in (*profile.leads, *profile.members)
    ]


@teams.get("/teams/{team_id}/members/{person_id}", response=answers(MemberShown), operation_id="member")
@operation("members of a team", scope=Scope.READ, audience=Audience.MEMBER)
def member(request: HttpRequest, team_id: Id, person_id: Id, on: Day | None = None) -> MemberShown:
    """Whether somebody belongs to a team on a day."""
    found = queries.team_around(viewer_of(request), team_id)
    return _member(found, person_id, on=_day(on))


def _member(found: Team, person_id: int, *, on: date) -> MemberShown:
    belonging = next((each for each in _members(found, on=on) if each.person_id == person_id), None)
    if belonging is None:
        raise Person.DoesNotExist
    return belonging


@teams.put("/teams/{team_id}/members/{person_id}", response=answers(MemberShown), operation_id="set_member")
@operation("members of a team", scope=Scope.WRITE, audience=ARRANGE)
def set_member(request: HttpRequest, team_id: Id, person_id: Id, body: BelongingSent) -> MemberShown:
    """Let somebody belong to a team, or lead it, from a day on."""
    viewer, on, today = viewer_of(request), _day(body.on), timezone.localdate()
    found, who = queries.team_around(viewer, team_id), queries.person_around(viewer, person_id)
    held = next((each for each in _members(found, on=today) if each.person_id == person_id), None)
    refuse_before(on, held.since if held else None)
    with told_as_conflict():
        actions.join_team(
            actor=acting_person(request), person=who, team=found, leads=body.leads, on=on, now=timezone.now()
        )
    return _member(found, person_id, on=on)


@teams.delete("/teams/{team_id}/members/{person_id}", response=answers(None, status=204), operation_id="end_member")
@operation("members of a team", scope=Scope.WRITE, audience=ARRANGE)
def end_member(request: HttpRequest, team_id: Id, person_id: Id) -> tuple[int, None]:
    """Let somebody belong to a team no more, from today on."""
    viewer, today = viewer_of(request), timezone.localdate()
    found, who = queries.team_around(viewer, team_id), queries.person_around(viewer, person_id)
    _member(found, person_id, on=today)
    actions.leave_team(actor=acting_person(request), person=who, team=found, on=today, now=timezone.now())
    return 204, None


@teams.post("/teams/{team_id}/members/{person_id}/leave", response=answers(MemberShown), operation_id="leave_team")
@operation("members of a team", scope=Scope.WRITE, audience=ARRANGE)
def leave_team(request: HttpRequest, team_id: Id, person_id: Id, body: FromDay) -> MemberShown:
    """Plan the first day on which somebody belongs to a team no more; it lies ahead."""
    viewer, on, today = viewer_of(request), _day(body.on), timezone.localdate()
    found, who = queries.team_around(viewer, team_id), queries.person_around(viewer, person_id)
    belonging = _member(found, person_id, on=today)
    if on <= today:
        raise CannotBe(_("Give a day ahead; to end it today, delete the membership."))
    actions.leave_team(actor=acting_person(request), person=who, team=found, on=on, now=timezone.now())
    return MemberShown(**{**belonging.model_dump(), "until": on})
