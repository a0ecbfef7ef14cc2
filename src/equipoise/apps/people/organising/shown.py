"""How people and teams are told to programs: what everybody in the organisation may know, and nothing more."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from ninja import Schema
from pydantic import Field

from equipoise.apps.people import standing
from equipoise.apps.people.models import Membership, Person, Position, ReportingLine, Team
from equipoise.apps.people.models.organisation import Function, Level
from equipoise.apps.people.organising.queries import Node, Past
from equipoise.platform.access import Role


class PositionShown(Schema):
    """What somebody is in the organisation."""

    title: str
    level: Level
    function: Function
    since: date


class TeamOfPerson(Schema):
    """A team somebody belongs to or leads; `until` is the first day they no longer do, when that is planned."""

    team_id: int
    name: str
    leads: bool
    since: date
    until: date | None


class LineShown(Schema):
    """To whom somebody reports; one line is the main one."""

    manager_id: int
    name: str
    main: bool
    since: date


class PersonShown(Schema):
    """Somebody of the organisation, as on a day."""

    id: int
    name: str
    email: str
    left_on: date | None
    position: PositionShown | None
    teams: list[TeamOfPerson]
    reports_to: list[LineShown]


class TeamShown(Schema):
    """A team, as on a day; without a parent it stands at the top."""

    id: int
    name: str
    key: str
    parent_id: int | None
    lead_ids: list[int]
    member_count: Annotated[int, Field(description="Who belongs to it directly, leads among them")]
    ended_on: date | None


class MemberShown(Schema):
    """Somebody belongs to a team or leads it; `until` is the first day they no longer do, when that is planned."""

    team_id: int
    person_id: int
    name: str
    leads: bool
    since: date
    until: date | None


class RoleHeld(StrEnum):
    """What somebody is in the organisation, beside being a member of it."""

    ADMINISTRATOR = Role.ADMINISTRATOR.value
    PARTNER = Role.PARTNER.value
    AUDITOR = Role.AUDITOR.value
    LEAD = Role.LEAD.value


class RoleShown(Schema):
    """A role somebody has; `source` is "hand" for what an administrator gave, else the directory that gives it."""

    role: RoleHeld
    source: str
    given_at: datetime


class PastShown(Schema):
    """What held from a day until the day before another.

    `what` is "position", "line", "further line", "member", "lead" or "place".
    """

    what: str
    words: str
    from_day: date
    until_day: date | None


def people_shown(people: Sequence[Person], *, on: date) -> list[PersonShown]:
    """People in the order given; three queries, however many they are."""
    ids = [person.pk for person in people]
    holding = standing.holding_on(on)
    positions = {row.person_id: row for row in Position.objects.filter(holding, person_id__in=ids).order_by("from_day")}
    lines: dict[int, list[LineShown]] = defaultdict(list)
    for line in ReportingLine.objects.filter(holding, person_id__in=ids).select_related("manager"):
        lines[line.person_id].append(
            LineShown(manager_id=line.manager_id, name=line.manager.name, main=line.main, since=line.from_day)
        )
    teams: dict[int, list[TeamOfPerson]] = defaultdict(list)
    memberships = Membership.objects.filter(holding, person_id__in=ids).select_related("team")
    for row in memberships.order_by("-leads", "team__name", "pk"):
        teams[row.person_id].append(
            TeamOfPerson(
                team_id=row.team_id, name=row.team.name, leads=row.leads, since=row.from_day, until=row.until_day
            )
        )
    return [
        PersonShown(
            id=person.pk,
            name=person.name,
            email=person.email,
            left_on=person.left_on,
            position=_position(positions.get(person.pk)),
            teams=teams[person.pk],
            reports_to=lines[person.pk],
        )
        for person in people
    ]


def _position(held: Position | None) -> PositionShown | None:
    if held is None:
        return None
    return PositionShown(
        title=held.title, level=Level(held.level), function=Function(held.function), since=held.from_day
    )


def teams_shown(nodes: Iterable[Node], *, parent_id: int | None = None) -> list[TeamShown]:
    """All teams of a tree, one after the other."""
    found = []
    for node in nodes:
        found.append(_team(node.team, parent_id, [lead.pk for lead in node.leads], node.count))
        found += teams_shown(node.below, parent_id=node.team.pk)
    return found


def _team(team: Team, parent_id: int | None, lead_ids: list[int], count: int) -> TeamShown:
    return TeamShown(
        id=team.pk,
        name=team.name,
        key=team.key,
        parent_id=parent_id,
        lead_ids=lead_ids,
        member_count=count,
        ended_on=team.ended_on,
    )


def past_shown(rows: Iterable[Past]) -> list[PastShown]:
    """What was, the latest first."""
    return [PastShown(what=row.what, words=row.words, from_day=row.from_day, until_day=row.until_day) for row in rows]
