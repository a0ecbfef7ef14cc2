"""Lets teams and roles follow a directory's groups. Only what a group gave is taken away by it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime

from django.db import transaction

from equipoise.apps.people.models import Grant, Membership, Person, Team
from equipoise.apps.people.organising import actions as organising
from equipoise.apps.people.standing import holding_on
from equipoise.apps.provisioning.models import DirectoryGroup, DirectoryMember, DirectoryUser, GivenMembership
from equipoise.platform import audit
from equipoise.platform.access import Role

SOURCE = "scim"
"""The source of roles that a directory's groups give."""


class RoleKept(ValueError):
    """The last administrator would lose the role; the message names them."""


@transaction.atomic
def mean(
    *,
    actor: Person,
    group: DirectoryGroup,
    team: Team | None,
    new_team: bool,
    leads: bool,
    role: Role | None,
    now: datetime,
) -> None:
    """Say what a group means from now on; what it gave before and does not give any more ends.

    Args:
        actor: The administrator.
        group: The group.
        team: The team its members belong to.
        new_team: Whether to make a team of the group's name instead.
        leads: Whether its members lead the team.
        role: The role its members have.
        now: When.

    Raises:
        RoleKept: When nobody would be left who can administer.
    """
    if new_team:
        team = _team_of(group, actor=actor, now=now)
    group.team, group.leads, group.role = team, leads and team is not None, role.value if role else ""
    group.save(update_fields=["team", "leads", "role"])
    fit_all(by=actor, now=now)
    audit.record(
        actor_id=actor.pk,
        subject_id=None,
        verb="meaning of a group set",
        now=now,
        detail={"group": group.pk, "team": group.team_id, "role": group.role},
    )


def _team_of(group: DirectoryGroup, *, actor: Person, now: datetime) -> Team:
    """The team that was made of a group, or a new one."""
    key = f"group-{group.key}"
    found = Team.objects.filter(key=key, demo=False, ended_on=None).first()
    return found or organising.add_team(
        actor=actor, demo=False, name=group.name[:120], key=key, parent=None, on=now.date(), now=now
    )


@transaction.atomic
def fit_all(*, by: Person | None, now: datetime) -> None:
    """Let the teams and roles that come from groups be what the groups say now.

    Raises:
        RoleKept: When nobody would be left who can administer.
    """
    meant = list(DirectoryGroup.objects.exclude(team=None, role="").select_related("team"))
    belong = _belonging({group.pk for group in meant})
    _fit_teams(meant, belong, by=by, now=now)
    for role, _name in DirectoryGroup.ROLES:
        holders = [belong[group.pk] for group in meant if group.role == role]
        _fit_role(Role(role), {pk: user for each in holders for pk, user in each.items()}, by=by, now=now)


def forget(*, person_id: int) -> None:
    """Note that somebody who left has nothing of any group any more."""
    GivenMembership.objects.filter(user__person_id=person_id).delete()


def _belonging(group_ids: Collection[int]) -> Mapping[int, dict[int, DirectoryUser]]:
    """The users of each of some groups who have not left, through all groups within them, by number."""
    if not group_ids:
        return {}
    below: dict[int, list[int]] = defaultdict(list)
    inside: dict[int, list[int]] = defaultdict(list)
    for group_id, user_id, nested_id in DirectoryMember.objects.values_list("group_id", "user_id", "nested_id"):
        if nested_id:
            below[group_id].append(nested_id)
        else:
            inside[group_id].append(user_id)
    reached = {group_id: _reached(group_id, below) for group_id in group_ids}
    wanted = {user_id for each in reached.values() for group_id in each for user_id in inside[group_id]}
    users = DirectoryUser.objects.filter(person__is_active=True).select_related("person").in_bulk(list(wanted))
    return {
        group_id: {pk: users[pk] for each in groups for pk in inside[each] if pk in users}
        for group_id, groups in reached.items()
    }


def _reached(group_id: int, below: Mapping[int, list[int]]) -> list[int]:
    """A group and those within it, through all levels; a circle of groups is gone round once."""
    found: dict[int, None] = {}
    waiting = [group_id]
    while waiting:
        at = waiting.pop()
        if at not in found:
            found[at] = None
            waiting += below[at]
    return list(found)


def _fit_teams(
    meant: Collection[DirectoryGroup],
    belong: Mapping[int, Mapping[int, DirectoryUser]],
    *,
    by: Person | None,
    now: datetime,
) -> None:
    """Give and take memberships, so that they are those of the groups; what others gave is left alone."""
    wanted = {
        (group.pk, pk, group.team_id): user for group in meant if group.team_id for pk, user in belong[group.pk].items()
    }
    rows = {
        (each.group_id, each.user_id, each.team_id): each
        for each in GivenMembership.objects.select_related("user__person", "team")
    }
    stale = [each for key, each in rows.items() if key not in wanted]
    GivenMembership.objects.filter(pk__in=[each.pk for each in stale]).delete()
    by_groups = {(user_id, team_id) for _group, user_id, team_id in rows}
    teams = {group.team.pk: group.team for group in meant if group.team}
    held = _held(teams, on=now.date())
    leads = {(pk, group.team_id) for group in meant if group.leads for pk in belong[group.pk]}
    for (group_id, user_id, team_id), user in wanted.items():
        at = held.get((user.person_id, team_id))
        if at is not None and (user_id, team_id) not in by_groups:
            continue
        if (group_id, user_id, team_id) not in rows:
            GivenMembership.objects.create(group_id=group_id, user=user, team_id=team_id)
        to_lead = (user_id, team_id) in leads
        if at is not to_lead:
            held[user.person_id, team_id] = to_lead
            by_groups.add((user_id, team_id))
            organising.join_team(
                actor=by, person=user.person, team=teams[team_id], leads=to_lead, on=now.date(), now=now
            )
    _take(stale, {(user_id, team_id) for _group, user_id, team_id in wanted}, by=by, now=now)


def _held(team_ids: Iterable[int], *, on: date) -> dict[tuple[int, int], bool]:
    """Who belongs to some teams on a day, and whether they lead it."""
    rows = Membership.objects.filter(holding_on(on), team_id__in=list(team_ids))
    return {
        (person_id, team_id): leads for person_id, team_id, leads in rows.values_list("person_id", "team_id", "leads")
    }


def _take(
    rows: Collection[GivenMembership], still: Collection[tuple[int, int]], *, by: Person | None, now: datetime
) -> None:
    """End what groups gave, where no other group gives the same."""
    for user, team in {(each.user_id, each.team_id): (each.user, each.team) for each in rows}.values():
        if (user.pk, team.pk) not in still:
            organising.leave_team(actor=by, person=user.person, team=team, on=now.date(), now=now)


def _fit_role(role: Role, wanted: Mapping[int, DirectoryUser], *, by: Person | None, now: datetime) -> None:
    persons = {user.person_id: user.person for user in wanted.values()}
    held = Grant.objects.filter(role=role.value, source=SOURCE, ended_at=None).select_related("person")
    holding = {grant.person_id: grant.person for grant in held}
    for pk in persons.keys() - holding.keys():
        organising.grant(actor=by, person=persons[pk], role=role, source=SOURCE, now=now)
    for pk in holding.keys() - persons.keys():
        try:
            organising.take_role(actor=by, person=holding[pk], role=role, source=SOURCE, now=now)
        except organising.LastAdministrator as error:
            raise RoleKept(str(error)) from error
