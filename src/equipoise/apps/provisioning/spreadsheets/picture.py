"""What is known of all people and teams, read at once, to hold a table beside it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from equipoise.apps.people.models import Grant, Membership, Person, Position, ReportingLine, Team, TeamPlace
from equipoise.platform.access import Role

SLASH = " / "


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownTeam:
    """A team as it stands."""

    pk: int
    name: str
    key: str
    parent: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPerson:
    """Somebody as they stand; `teams` says of each whether they lead it, `since` when the latest of it all began."""

    pk: int
    name: str
    email: str
    joined: date
    active: bool
    left_on: date | None
    language: str
    zone: str
    position: tuple[str, str, str] = ("", "", "")
    teams: Mapping[int, bool] = field(default_factory=dict)
    manager: int | None = None
    others: frozenset[int] = frozenset()
    since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """All of them.

    Attributes:
        people: By number; also who left.
        by_address: Numbers by every address they are known by.
        elsewhere: Addresses of the other world (the demo agency, or the organisation).
        teams: That have not ended, by number.
        keys_of_ended_teams: In small letters; none of them can be given again.
        administrators: Who can administer.
    """

    people: Mapping[int, KnownPerson]
    by_address: Mapping[str, int]
    elsewhere: frozenset[str]
    teams: Mapping[int, KnownTeam]
    keys_of_ended_teams: frozenset[str]
    administrators: frozenset[int]

    def path(self, team_id: int) -> str:
        """A team with its way from the top ("House / Sales")."""
        way: list[str] = []
        seen: set[int] = set()
        at: int | None = team_id
        while at is not None and at in self.teams and at not in seen:
            seen.add(at)
            way.append(self.teams[at].name)
            at = self.teams[at].parent
        return SLASH.join(reversed(way))


def picture(*, demo: bool, today: date) -> Picture:
    """The organisation, or the demo agency, as it stands and is planned; eight queries, however many they are."""
    rows = list(_people(demo=demo))
    teams = _teams(demo=demo, today=today)
    dated = _Dated.read(today)
    people = {
        row.pk: KnownPerson(
            pk=row.pk,
            name=row.name,
            email=row.email,
            joined=row.joined_at.date(),
            active=row.is_active,
            left_on=row.left_on,
            language=row.language,
            zone=row.zone,
            position=dated.positions.get(row.pk, ("", "", "")),
            teams={pk: leads for pk, leads in dated.teams[row.pk].items() if pk in teams},
            manager=dated.managers.get(row.pk),
            others=frozenset(dated.others[row.pk]),
            since=dated.since.get(row.pk),
        )
        for row in rows
    }
    by_address: dict[str, int] = {row.email.lower(): row.pk for row in rows}
    for row in rows:
        for address in row.addresses:
            by_address.setdefault(address, row.pk)
    return Picture(
        people=people,
        by_address=by_address,
        elsewhere=frozenset(row.email.lower() for row in _people(demo=not demo)),
        teams=teams,
        keys_of_ended_teams=frozenset(
            key.casefold()
            for key in Team.objects.filter(demo=demo, ended_on__isnull=False).values_list("key", flat=True)
            if key
        ),
        administrators=_administrators() & people.keys(),
    )


def _people(*, demo: bool) -> Iterable[Person]:
    everybody = Person.objects.exclude(demo_key="") if demo else Person.objects.filter(demo_key="")
    return everybody.only(
        "name", "email", "more_addresses", "joined_at", "is_active", "left_on", "demo_key", "language", "zone"
    )


def _teams(*, demo: bool, today: date) -> dict[int, KnownTeam]:
    places = TeamPlace.objects.filter(_now_or_planned(today)).order_by("-from_day")
    parents = dict(places.values_list("team_id", "parent_id"))
    rows = Team.objects.filter(demo=demo, ended_on=None)
    return {row.pk: KnownTeam(pk=row.pk, name=row.name, key=row.key, parent=parents.get(row.pk)) for row in rows}


def _administrators() -> frozenset[int]:
    held = Grant.objects.filter(role=Role.ADMINISTRATOR.value, ended_at=None, person__is_active=True)
    return frozenset(held.values_list("person_id", flat=True))


def _now_or_planned(today: date) -> Q:
    return Q(until_day=None) | Q(until_day__gt=today)


@dataclass(slots=True, kw_only=True)
class _Dated:
    """What holds today or is planned, by person; where several rows do, the one that holds first."""

    positions: dict[int, tuple[str, str, str]] = field(default_factory=dict)
    teams: dict[int, dict[int, bool]] = field(default_factory=lambda: defaultdict(dict))
    managers: dict[int, int] = field(default_factory=dict)
    others: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    since: dict[int, date] = field(default_factory=dict)

    @classmethod
    def read(cls, today: date) -> "_Dated":
        found, holds = cls(), _now_or_planned(today)
        rows = Position.objects.filter(holds).order_by("from_day")
        for person_id, day, *words in rows.values_list("person_id", "from_day", "title", "level", "function"):
            found.positions.setdefault(person_id, (words[0], words[1], words[2]))
            found._began(person_id, day)
        memberships = Membership.objects.filter(holds).order_by("from_day")
        for person_id, day, team_id, leads in memberships.values_list("person_id", "from_day", "team_id", "leads"):
            found.teams[person_id].setdefault(team_id, leads)
            found._began(person_id, day)
        lines = ReportingLine.objects.filter(holds).order_by("from_day")
        for person_id, day, manager_id, main in lines.values_list("person_id", "from_day", "manager_id", "main"):
            if main:
                found.managers.setdefault(person_id, manager_id)
            else:
                found.others[person_id].add(manager_id)
            found._began(person_id, day)
        return found

    def _began(self, person_id: int, day: date) -> None:
        self.since[person_id] = max(day, self.since.get(person_id, day))
