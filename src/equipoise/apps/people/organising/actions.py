"""What is done to people and teams; each act is one transaction with its entry in the audit trail.

`actor` is `None` where a directory or whoever runs the server acts. `on` is the day from which a change holds.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils.translation import gettext as _

from equipoise.apps.people.actions import refuse_taken
from equipoise.apps.people.assistants.actions import end_assistance
from equipoise.apps.people.models import (
    Assistance,
    Grant,
    Invitation,
    Joining,
    Membership,
    Person,
    Position,
    ReportingLine,
    Team,
    TeamPlace,
)
from equipoise.apps.people.organising import dated, refusals
from equipoise.apps.people.organising.refusals import (
    MOST_LEVELS,
    LastAdministrator,
    NotHere,
    OtherWorld,
    TooDeep,
    WouldBeCircle,
)
from equipoise.apps.people.turns import one_at_a_time
from equipoise.platform import audit
from equipoise.platform.access import Role

__all__ = [
    "MOST_LEVELS",
    "LastAdministrator",
    "NotHere",
    "OtherWorld",
    "TooDeep",
    "WouldBeCircle",
    "add_person",
    "add_team",
    "change_person",
    "come_back",
    "drop_leaving",
    "end_team",
    "grant",
    "join_team",
    "leave",
    "leave_as_planned",
    "leave_team",
    "move_team",
    "plan_leaving",
    "rename_team",
    "set_lines",
    "set_position",
    "take_in",
    "take_role",
]


@transaction.atomic
def add_person(
    *,
    actor: Person | None,
    name: str,
    email: str,
    now: datetime,
    zone: str = "UTC",
    language: str = "en",
    addresses: Sequence[str] = (),
) -> Person:
    """Add somebody who has no password yet: they come in by a link, or by signing in elsewhere.

    Raises:
        AddressTaken: When somebody signs in with this address.
    """
    refuse_taken(email, except_id=None)
    person = Person(
        name=name,
        email=email.lower(),
        more_addresses=[each.lower() for each in addresses],
        zone=zone,
        language=language,
        joined_at=now,
        invited=True,
        demo_key=_demo_key(actor, email),
    )
    person.set_unusable_password()
    person.save()
    _record(actor, person, "person added", now)
    return person


@transaction.atomic
def take_in(
    *,
    actor: Person,
    name: str,
    email: str,
    title: str,
    level: str,
    function: str,
    team: Team | None,
    manager: Person | None,
    on: date,
    now: datetime,
) -> Person:
    """Add somebody together with what they are from a day on; nothing is kept when any of it is refused.

    Raises:
        AddressTaken: When somebody signs in with this address.
        OtherWorld: When the team or the manager is of the demo agency and the actor is not, or the other way round.
    """
    person = add_person(actor=actor, name=name, email=email, zone=actor.zone, language=actor.language, now=now)
    set_position(actor=actor, person=person, title=title, level=level, function=function, on=on, now=now)
    if team is not None:
        join_team(actor=actor, person=person, team=team, leads=False, on=on, now=now)
    if manager is not None:
        set_lines(actor=actor, person=person, manager=manager, on=on, now=now)
    return person


def _demo_key(actor: Person | None, email: str) -> str:
    """Whoever is added from inside the demo agency belongs to it."""
    return f"added-{email.lower()}"[:60].replace("@", "-at-").replace(".", "-") if actor and actor.is_demo else ""


@transaction.atomic
def change_person(*, actor: Person | None, person: Person, name: str, email: str, now: datetime) -> None:
    """Change what somebody is called and signs in with.

    Raises:
        AddressTaken: When somebody else signs in with this address.
    """
    if (person.name, person.email) == (name, email.lower()):
        return
    refuse_taken(email, except_id=person.pk)
    person.name, person.email = name, email.lower()
    person.save(update_fields=["name", "email"])
    _record(actor, person, "person changed", now)


@transaction.atomic
def leave(*, actor: Person | None, person: Person, on: date, now: datetime) -> None:
    """Let somebody leave: from now on they are let in nowhere, and all they are in the organisation ends on the day.

    Nothing of theirs is erased.

    Raises:
        LastAdministrator: When nobody else can administer.
    """
    if not one_at_a_time(person.pk) or not Person.objects.filter(pk=person.pk, is_active=True).exists():
        return
    administered = refusals.refuse_last_administrator(person)
    person.is_active, person.left_on = False, on
    person.save(update_fields=["is_active", "left_on"])
    for rows in (person.memberships, person.reporting_lines, person.lines_to_them, person.positions):
        dated.end(rows.all(), on=on)
    Grant.objects.filter(person=person, ended_at=None).update(ended_at=now)
    Joining.objects.filter(person=person, taken_at=None).delete()
    Invitation.objects.filter(owner=person, taken_at=None).delete()
    for session in UserSession.objects.filter(user=person):
        session.end()
    for assistance in Assistance.objects.filter(assistant=person, ended_at=None).select_related("owner"):
        end_assistance(actor=actor or person, assistance=assistance, now=now)
    for assistance in Assistance.objects.filter(owner=person, ended_at=None):
        end_assistance(actor=actor or person, assistance=assistance, now=now)
    _record(actor, person, "person left", now, on=on.isoformat())
    if administered:
        refusals.refuse_no_administrator(person)


@transaction.atomic
def plan_leaving(*, actor: Person | None, person: Person, on: date, now: datetime) -> None:
    """Keep the day from which somebody will have left; until then everything stays as it is.

    Raises:
        LastAdministrator: When nobody else can administer.
    """
    if not one_at_a_time(person.pk) or not Person.objects.filter(pk=person.pk, is_active=True).exists():
        return
    refusals.refuse_last_administrator(person)
    person.left_on = on
    person.save(update_fields=["left_on"])
    _record(actor, person, "leaving planned", now, on=on.isoformat())


@transaction.atomic
def drop_leaving(*, actor: Person | None, person: Person, now: datetime) -> None:
    """Let somebody stay who was to leave."""
    if Person.objects.filter(pk=person.pk, is_active=True, left_on__isnull=False).update(left_on=None):
        person.left_on = None
        _record(actor, person, "leaving dropped", now)


@transaction.atomic
def leave_as_planned(*, person_id: int, now: datetime) -> bool:
    """Let somebody leave whose day has come, on their own clock; whether it was done by this call."""
    person = Person.objects.select_for_update().filter(pk=person_id, is_active=True, left_on__isnull=False).first()
    if person is None or person.left_on is None or now.astimezone(ZoneInfo(person.zone)).date() < person.left_on:
        return False
    leave(actor=None, person=person, on=person.left_on, now=now)
    return True


@transaction.atomic
def come_back(*, actor: Person | None, person: Person, on: date, now: datetime) -> None:
    """Let somebody in again who left; their teams, lines and roles are given anew, by whoever decides that."""
    if not one_at_a_time(person.pk) or Person.objects.filter(pk=person.pk, is_active=True).exists():
        return
    person.is_active, person.left_on, person.erase_after = True, None, None
    person.save(update_fields=["is_active", "left_on", "erase_after"])
    _record(actor, person, "person came back", now, on=on.isoformat())


@transaction.atomic
def add_team(
    *, actor: Person | None, demo: bool, name: str, key: str, parent: Team | None, on: date, now: datetime
) -> Team:
    """Add a team under another, or at the top.

    Raises:
        OtherWorld: When the parent belongs to the demo agency and the team does not, or the other way round.
        TooDeep: When more than `MOST_LEVELS` teams would stand under each other.
    """
    refusals.refuse_other_world(demo, parent)
    refusals.refuse_too_deep(None, parent, on=on)
    team = Team.objects.create(name=name, key=key, demo=demo, made_at=now)
    TeamPlace.objects.create(team=team, parent=parent, from_day=on)
    _record(actor, None, "team added", now, team=team.pk)
    return team


@transaction.atomic
def rename_team(*, actor: Person | None, team: Team, name: str, now: datetime) -> None:
    """Give a team another name."""
    if team.name == name:
        return
    team.name = name
    team.save(update_fields=["name"])
    _record(actor, None, "team renamed", now, team=team.pk)


@transaction.atomic
def move_team(*, actor: Person | None, team: Team, parent: Team | None, on: date, now: datetime) -> None:
    """Let a team stand under another, or at the top, from a day on.

    Raises:
        WouldBeCircle: When the other stands under the team.
        OtherWorld: When one belongs to the demo agency and the other does not.
        TooDeep: When more than `MOST_LEVELS` teams would stand under each other.
    """
    refusals.refuse_other_world(team.demo, parent)
    refusals.refuse_team_circle(team, parent, on=on)
    refusals.refuse_too_deep(team, parent, on=on)
    here = TeamPlace.objects.select_for_update().filter(team=team)
    if here.filter(parent=parent, until_day=None, from_day__lte=on).exists():
        return
    dated.end(here, on=on)
    TeamPlace.objects.create(team=team, parent=parent, from_day=on)
    _record(actor, None, "team moved", now, team=team.pk)
    refusals.refuse_team_circle(team, parent, on=on)


@transaction.atomic
def end_team(*, actor: Person | None, team: Team, on: date, now: datetime) -> None:
    """End a team: nobody belongs to it from the day on, and the teams below move up to where it stood."""
    if not Team.objects.select_for_update().filter(pk=team.pk, ended_on=None).exists():
        return
    here = TeamPlace.objects.filter(team=team, until_day=None).select_related("parent").first()
    for place in TeamPlace.objects.filter(parent=team, until_day=None).select_related("team"):
        move_team(actor=actor, team=place.team, parent=here.parent if here else None, on=on, now=now)
    dated.end(Membership.objects.filter(team=team), on=on)
    dated.end(TeamPlace.objects.filter(team=team), on=on)
    team.ended_on = on
    team.save(update_fields=["ended_on"])
    _record(actor, None, "team ended", now, team=team.pk)


@transaction.atomic
def join_team(*, actor: Person | None, person: Person, team: Team, leads: bool, on: date, now: datetime) -> None:
    """Let somebody belong to a team, or lead it, from a day on.

    Raises:
        OtherWorld: When one belongs to the demo agency and the other does not.
        NotHere: When they have left in the meantime.
    """
    if person.is_demo != team.demo:
        raise OtherWorld(_("The demo agency and your organisation do not mix."))
    refusals.all_here(person)
    here = Membership.objects.filter(person=person, team=team)
    if here.filter(leads=leads, until_day=None, from_day__lte=on).exists():
        return
    dated.end(here, on=on)
    Membership.objects.create(person=person, team=team, leads=leads, from_day=on)
    _record(actor, person, "lead of a team" if leads else "member of a team", now, team=team.pk)


@transaction.atomic
def leave_team(*, actor: Person | None, person: Person, team: Team, on: date, now: datetime) -> None:
    """Let somebody belong to a team no more, from a day on."""
    one_at_a_time(person.pk)
    if dated.end(Membership.objects.filter(person=person, team=team), on=on):
        _record(actor, person, "out of a team", now, team=team.pk)


@transaction.atomic
def set_lines(
    *,
    actor: Person | None,
    person: Person,
    manager: Person | None,
    others: Collection[Person] = (),
    on: date,
    now: datetime,
) -> None:
    """Say to whom somebody reports from a day on: the main line, and further ones.

    Raises:
        WouldBeCircle: When the manager reports to the person, directly or through others, by main lines.
        OtherWorld: When one belongs to the demo agency and another does not.
        NotHere: When one of them has left in the meantime.
    """
    if any(each.is_demo != person.is_demo for each in (manager, *others) if each is not None):
        raise OtherWorld(_("The demo agency and your organisation do not mix."))
    refusals.all_here(person, *(each for each in (manager, *others) if each is not None))
    wanted = {each.pk: False for each in others if each.pk != person.pk}
    if manager is not None:
        wanted[manager.pk] = True
    lines = ReportingLine.objects.filter(person=person)
    holding = lines.filter(until_day=None, from_day__lte=on)
    kept = {line.manager_id for line in holding if wanted.get(line.manager_id) == line.main}
    gone = dated.end(lines.exclude(until_day=None, manager_id__in=kept), on=on)
    new = [
        ReportingLine(person=person, manager_id=manager_id, main=main, from_day=on)
        for manager_id, main in wanted.items()
        if manager_id not in kept
    ]
    ReportingLine.objects.bulk_create(new)
    if gone or new:
        _record(actor, person, "reporting lines set", now)
        refusals.refuse_circle(person, manager, on=on)


@transaction.atomic
def set_position(
    *, actor: Person | None, person: Person, title: str, level: str, function: str, on: date, now: datetime
) -> None:
    """Say what somebody is from a day on; all empty ends the position.

    Raises:
        NotHere: When they have left in the meantime.
    """
    refusals.all_here(person)
    here = Position.objects.filter(person=person)
    if here.filter(title=title, level=level, function=function, until_day=None, from_day__lte=on).exists():
        return
    gone = dated.end(here, on=on)
    if title or level or function:
        Position.objects.create(person=person, title=title, level=level, function=function, from_day=on)
    elif not gone:
        return
    _record(actor, person, "position set", now)


@transaction.atomic
def grant(*, actor: Person | None, person: Person, role: Role, source: str = Grant.BY_HAND, now: datetime) -> None:
    """Give somebody a role, on behalf of a source.

    Raises:
        NotHere: When they have left in the meantime.
    """
    refusals.all_here(person)
    _made, new = Grant.objects.get_or_create(
        person=person,
        role=role.value,
        source=source,
        ended_at=None,
        defaults={"given_at": now, "given_by_id": actor.pk if actor else None},
    )
    if new:
        _record(actor, person, "role given", now, role=role.value, source=source)


@transaction.atomic
def take_role(*, actor: Person | None, person: Person, role: Role, source: str = Grant.BY_HAND, now: datetime) -> None:
    """Take a role away that a source gave.

    Raises:
        LastAdministrator: When nobody else can administer.
    """
    held = Grant.objects.select_for_update().filter(person=person, role=role.value, ended_at=None)
    if not held.filter(source=source).exists():
        return
    if role is Role.ADMINISTRATOR and held.count() == 1:
        refusals.refuse_last_administrator(person)
    held.filter(source=source).update(ended_at=now)
    _record(actor, person, "role taken", now, role=role.value, source=source)
    if role is Role.ADMINISTRATOR:
        refusals.refuse_no_administrator(person)


def _record(actor: Person | None, person: Person | None, verb: str, now: datetime, **detail: str | int) -> None:
    audit.record(
        actor_id=actor.pk if actor else None,
        subject_id=person.pk if person else None,
        verb=verb,
        now=now,
        detail=dict(detail),
    )
