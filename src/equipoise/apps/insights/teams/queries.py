"""What may be seen of teams and the organisation, by whom; and whose calendar counts."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import Q

from equipoise.apps.insights.models import ClosedMonth, CountedIn, TeamPicture
from equipoise.apps.insights.teams import demo, mapping, months
from equipoise.apps.insights.teams.groups import Scope, everybody
from equipoise.apps.insights.teams.mapping import SHARE, Told
from equipoise.apps.people import standing
from equipoise.apps.people.models import Membership, Person, Team
from equipoise.core.anonymity.rules import ReleaseRules
from equipoise.platform.access import Role


def rules() -> ReleaseRules:
    """The thresholds of what is released from now on."""
    return ReleaseRules(least=settings.LEAST_PEOPLE)


def rules_of(month: ClosedMonth) -> ReleaseRules:
    """The thresholds a month was released under."""
    return ReleaseRules(least=month.least, least_for_parts=month.least_for_parts)


def counts_in(person: Person) -> bool:
    """Whether a person's calendar counts in the next picture."""
    return person.pk in counting([person])


def counting(people: Collection[Person]) -> set[int]:
    """Whose calendars count, of some people: who chose it, and of the demo agency who did not choose otherwise."""
    rows = CountedIn.objects.filter(owner__in=[each.pk for each in people])
    chosen = dict(rows.values_list("owner_id", "wanted"))
    return {each.pk for each in people if chosen.get(each.pk, each.is_demo)}


def due_months(*, demo_agency: bool, now: datetime) -> list[date]:
    """The first days of the months that are over, not made and claimed by nobody, the latest first.

    Of the organisation this is the latest alone, and none while it has fewer people than a picture needs.
    """
    wanted = [months.latest_closed(now)]
    while demo_agency and len(wanted) < demo.LOOKS_BACK_MONTHS:
        wanted.append(months.first_day_before(wanted[-1]))
    if len(everybody(demo=demo_agency)) < rules().least:
        return []
    in_hand = Q(made_at__isnull=False) | Q(claimed_until__gt=now)
    rows = ClosedMonth.objects.filter(in_hand, demo=demo_agency, first_day__in=wanted)
    taken = set(rows.values_list("first_day", flat=True))
    return [first_day for first_day in wanted if first_day not in taken]


def months_made(person: Person) -> list[ClosedMonth]:
    """The months with pictures in the person's world, the latest first."""
    return list(ClosedMonth.objects.filter(demo=person.is_demo, made_at__isnull=False))


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One group's picture of a month.

    Attributes:
        scope: Everybody, a team with all below it, or its own members.
        team_id: The team; `None` for everybody.
        team: Its name; empty for everybody.
        told: What is told; `None` when the group is not shown.
    """

    scope: Scope
    team_id: int | None
    team: str
    told: Told | None


def pictures(person: Person, month: ClosedMonth, *, on: date) -> list[Picture]:
    """What a person may see of a month: everybody first, then teams in the order of their names.

    Everybody sees the whole organisation and their own teams, leads all teams below theirs, people partners every team.
    """
    rows = TeamPicture.objects.filter(month=month, month__demo=person.is_demo).select_related("team")
    allowed = teams_seen_by(person, on=on)
    seen = [row for row in rows if row.scope == Scope.WHOLE or row.team_id in allowed]
    found = [
        Picture(
            scope=Scope(row.scope),
            team_id=row.team_id,
            team=row.team.name if row.team else "",
            told=mapping.told_of(row.told),
        )
        for row in seen
    ]
    return sorted(found, key=lambda each: (each.scope != Scope.WHOLE, each.team.casefold(), each.scope == Scope.OWN))


def teams_seen_by(person: Person, *, on: date) -> frozenset[int]:
    """Numbers of the teams whose pictures a person may see on a day."""
    world = Team.objects.filter(demo=person.is_demo)
    if person.pk is None:  # a program of the organisation belongs to no team
        return frozenset()
    if Role.PARTNER in standing.roles_of(person, on=on):
        return frozenset(world.values_list("pk", flat=True))
    own = Membership.objects.filter(standing.holding_on(on), person=person).values_list("team_id", flat=True)
    return frozenset(world.filter(pk__in={*own, *standing.led_by(person, on=on)}).values_list("pk", flat=True))


def team_of(person: Person, team_id: int, *, on: date) -> Team:
    """One team whose pictures the person may see.

    Raises:
        Team.DoesNotExist: When it is not there, or not for them to see.
    """
    if team_id not in teams_seen_by(person, on=on):
        raise Team.DoesNotExist
    return Team.objects.get(pk=team_id)


def teams_below(team: Team, *, on: date) -> Iterable[int]:
    """Numbers of the teams directly below one on a day."""
    return standing.children_of(on=on).get(team.pk, ())


def export(person: Person) -> dict[str, object]:
    """Whether the person's calendar counts, and in which released pictures it did, as plain values for an export."""
    chosen = CountedIn.objects.filter(owner=person).values("wanted", "changed_at").first()
    return {
        "counted_in": {
            "wanted": counts_in(person),
            "changed_at": chosen["changed_at"] if chosen else None,
            "pictures": [
                {"month": f"{row.month.first_day:%Y-%m}", "group": row.scope, "team": row.team.name if row.team else ""}
                for row in TeamPicture.objects.filter(month__demo=person.is_demo).select_related("month", "team")
                if set(row.sets.get(SHARE, ())) & set(_marks(person, row.month))
            ],
        }
    }


def _marks(person: Person, month: ClosedMonth) -> list[str]:
    return mapping.marks_of(person.pk, demo=month.demo, month=month.first_day, question=SHARE)
