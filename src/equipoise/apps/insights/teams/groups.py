"""The groups a month is told of: the organisation, each team with all below it, and each team's own members."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from equipoise.apps.insights.models import TeamPicture
from equipoise.apps.people import standing
from equipoise.apps.people.models import Membership, Person, Team

Scope = TeamPicture.Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One group; `team_id` is `None` for the whole organisation."""

    scope: Scope
    team_id: int | None


def everybody(*, demo: bool) -> dict[int, Person]:
    """Everybody of the demo agency or of the organisation who has not left, by number."""
    people = Person.objects.filter(is_active=True)
    return {each.pk: each for each in (people.exclude(demo_key="") if demo else people.filter(demo_key=""))}


def groups_on(day: date, people: Mapping[int, Person], *, demo: bool) -> dict[Group, frozenset[int]]:
    """All groups of a day, with who belongs to each. A team without teams below it is one group, not two."""
    own = _own_members(day, people)
    below = standing.children_of(on=day)
    found = {Group(scope=Scope.WHOLE, team_id=None): frozenset(people)}
    for team_id in Team.objects.filter(demo=demo, ended_on=None).order_by("pk").values_list("pk", flat=True):
        under = list(_with_all_below(team_id, below))
        unit = frozenset[int]().union(*(own[each] for each in under))
        found[Group(scope=Scope.UNIT, team_id=team_id)] = unit
        if len(under) > 1:
            found[Group(scope=Scope.OWN, team_id=team_id)] = own[team_id]
    return found


def _own_members(day: date, people: Mapping[int, Person]) -> Mapping[int, frozenset[int]]:
    rows = Membership.objects.filter(standing.holding_on(day), person_id__in=list(people))
    own: dict[int, set[int]] = defaultdict(set)
    for team_id, person_id in rows.values_list("team_id", "person_id"):
        own[team_id].add(person_id)
    return defaultdict(frozenset, {team_id: frozenset(members) for team_id, members in own.items()})


def _with_all_below(team_id: int, below: Mapping[int | None, list[int]]) -> Iterator[int]:
    seen: set[int] = set()
    waiting = [team_id]
    while waiting:
        at = waiting.pop()
        if at not in seen:
            seen.add(at)
            yield at
            waiting += below.get(at, ())
