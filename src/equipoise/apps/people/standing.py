"""What a person is in the organisation on a day: their roles, the teams they lead, and all teams below those."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Q, QuerySet

from equipoise.apps.people.models import Grant, Membership, Person, Position, ReportingLine, Team, TeamPlace
from equipoise.platform.access import Role


def holding_on(day: date) -> Q:
    """The rows that hold on a day."""
    return Q(from_day__lte=day) & (Q(until_day=None) | Q(until_day__gt=day))


def roles_of(person: Person, *, on: date) -> frozenset[Role]:
    """All roles a person has on a day; that of a lead comes from the tree of teams, the others are given."""
    given = {Role(role) for role in Grant.objects.filter(person=person, ended_at=None).values_list("role", flat=True)}
    leads = Membership.objects.filter(holding_on(on), person=person, leads=True, team__ended_on=None).exists()
    return frozenset(given | ({Role.LEAD} if leads else set()))


def around(person: Person) -> QuerySet[Person]:
    """Everybody in the person's world who has not left: the demo agency and the organisation never mix."""
    return ever_around(person).filter(is_active=True)


def ever_around(person: Person) -> QuerySet[Person]:
    """The same with those who have left; only for those who administer people."""
    return Person.objects.exclude(demo_key="") if person.is_demo else Person.objects.filter(demo_key="")


def teams_around(person: Person) -> QuerySet[Team]:
    """All teams in the person's world that have not ended."""
    return Team.objects.filter(demo=person.is_demo, ended_on=None)


def led_by(person: Person, *, on: date) -> frozenset[int]:
    """Numbers of the teams a person leads on a day, and of all below them."""
    led = Membership.objects.filter(holding_on(on), person=person, leads=True).values_list("team_id", flat=True)
    return with_all_below(led, on=on)


def with_all_below(team_ids: Iterable[int], *, on: date) -> frozenset[int]:
    """Some teams and, through all levels, those that stand under them on a day."""
    below = children_of(on=on)
    found: set[int] = set()
    waiting = list(team_ids)
    while waiting:
        team_id = waiting.pop()
        if team_id not in found:
            found.add(team_id)
            waiting += below.get(team_id, ())
    return frozenset(found)


def way_down(from_id: int, to_id: int, *, on: date) -> tuple[int, ...]:
    """The teams passed from one down to another that stands under it on a day; empty when it does not."""
    way = way_up(to_id, on=on)
    return tuple(reversed(way[: way.index(from_id) + 1])) if from_id in way else ()


def way_up(team_id: int, *, on: date) -> tuple[int, ...]:
    """A team and those it stands under on a day, up to the top."""
    parents = dict(TeamPlace.objects.filter(holding_on(on)).values_list("team_id", "parent_id"))
    way: list[int] = []
    at: int | None = team_id
    while at is not None and at not in way:
        way.append(at)
        at = parents.get(at)
    return tuple(way)


def levels_below(team_id: int, *, on: date) -> int:
    """How many levels of teams stand under one on a day; 0 when none does."""
    below, level, levels, seen = children_of(on=on), [team_id], 0, {team_id}
    while level := [each for parent in level for each in below.get(parent, ()) if each not in seen]:
        seen.update(level)
        levels += 1
    return levels


def children_of(*, on: date) -> Mapping[int | None, list[int]]:
    """Numbers of the teams that stand directly under each team on a day; under `None` those at the top."""
    below: dict[int | None, list[int]] = defaultdict(list)
    places = TeamPlace.objects.filter(holding_on(on), team__ended_on=None)
    for team_id, parent_id in places.order_by("team__name").values_list("team_id", "parent_id"):
        below[parent_id].append(team_id)
    return below


def members_of(team_ids: Iterable[int], *, on: date) -> QuerySet[Person]:
    """Who belongs to any of some teams on a day, each once."""
    rows = Membership.objects.filter(holding_on(on), team_id__in=list(team_ids))
    return Person.objects.filter(is_active=True, pk__in=rows.values("person_id"))


def reports_of(person: Person, *, on: date) -> QuerySet[Person]:
    """Who reports to somebody on a day, by any line."""
    lines = ReportingLine.objects.filter(holding_on(on), manager=person)
    return Person.objects.filter(is_active=True, pk__in=lines.values("person_id"))


def position_of(person: Person, *, on: date) -> Position | None:
    """The position somebody holds on a day."""
    return Position.objects.filter(holding_on(on), person=person).order_by("-from_day").first()
