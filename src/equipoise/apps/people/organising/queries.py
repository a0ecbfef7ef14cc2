"""Who is in the organisation, in which teams, who reports to whom, and since when.

All of it is what everybody of the organisation may know of each other. What holds by date is asked for a day. People
and teams of the demo agency and those of the organisation never see each other.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, QuerySet

from equipoise.apps.people import standing
from equipoise.apps.people.joining.queries import with_open_joining
from equipoise.apps.people.models import Grant, Membership, Person, Position, ReportingLine, Team, TeamPlace
from equipoise.apps.people.organising import dated

PAGE = 50
"""So many people stand on one page of the directory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Somebody in the directory: what they are, their teams (number and name), and whom they report to first."""

    person: Person
    title: str
    teams: tuple[tuple[int, str], ...]
    manager: Person | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """One page of the directory; `count` is how many are found in all."""

    rows: tuple[Row, ...]
    count: int
    number: int
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Belonging:
    """Somebody belongs to a team, or leads it, since a day; `until` is set when it is planned to end."""

    person: Person
    team: Team
    leads: bool
    since: date
    until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What everybody may know of a person on a day."""

    person: Person
    position: Position | None
    belongings: tuple[Belonging, ...]
    managers: tuple[ReportingLine, ...]
    reports: tuple[ReportingLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A team in the tree: who leads it, how many belong to it, and the teams below."""

    team: Team
    leads: tuple[Person, ...]
    count: int
    below: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamProfile:
    """What everybody may know of a team on a day; `above` begins at the top."""

    team: Team
    above: tuple[Team, ...]
    below: tuple[Team, ...]
    leads: tuple[Belonging, ...]
    members: tuple[Belonging, ...]

    @property
    def everybody(self) -> tuple[Belonging, ...]:
        """The leads first."""
        return self.leads + self.members


@dataclass(frozen=True, slots=True, kw_only=True)
class Yours:
    """Somebody in a team, as its lead sees them: what they are, and whether a link for them is still open."""

    person: Person
    leads: bool
    position: Position | None
    since: date
    link_open: bool
    came: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """Something that held from a day until the day before another, in words; `name` is the person or team it is about.

    `what` is "position", "line", "further line", "member" or "lead" of somebody; "team member", "team lead" or "place"
    of a team.
    """

    what: str
    name: str
    words: str
    from_day: date
    until_day: date | None


def person_around(viewer: Person, person_id: int) -> Person:
    """Somebody in the viewer's world who has not left.

    Raises:
        Person.DoesNotExist: When nobody there has this number.
    """
    return standing.around(viewer).get(pk=person_id)


def person_ever_around(viewer: Person, person_id: int) -> Person:
    """Somebody in the viewer's world, also when they have left; for those who administer it.

    Raises:
        Person.DoesNotExist: When nobody there has this number.
    """
    return standing.ever_around(viewer).get(pk=person_id)


def team_around(viewer: Person, team_id: int) -> Team:
    """A team in the viewer's world that has not ended.

    Raises:
        Team.DoesNotExist: When none there has this number.
    """
    return standing.teams_around(viewer).get(pk=team_id)


def team_ever_around(viewer: Person, team_id: int) -> Team:
    """A team in the viewer's world, also one that has ended.

    Raises:
        Team.DoesNotExist: When none there has this number.
    """
    return Team.objects.get(demo=viewer.is_demo, pk=team_id)


def directory(
    viewer: Person, *, words: str = "", team: Team | None = None, left: bool = False, number: int = 1, on: date
) -> Directory:
    """A page of everybody in the viewer's world, or of those found by words, or in a team and those below it.

    Words are looked for in names, positions, addresses and teams, whatever their case and accents.
    """
    people = standing.ever_around(viewer).filter(is_active=False) if left else standing.around(viewer)
    if team is not None:
        people = people & standing.members_of(standing.with_all_below([team.pk], on=on), on=on)
    ids = _found(people, words, on=on) if words.strip() else list(people.values_list("pk", flat=True))
    pages = max(-(-len(ids) // PAGE), 1)
    number = min(max(number, 1), pages)
    return Directory(
        rows=_rows(ids[(number - 1) * PAGE : number * PAGE], on=on), count=len(ids), number=number, pages=pages
    )


def _found(people: QuerySet[Person], words: str, *, on: date) -> list[int]:
    wanted = _plain(words).split()
    rows = list(people.values_list("pk", "name", "email"))
    titles, teams = _titles(on=on), _team_names(on=on)
    texts = ((pk, _plain(" ".join((name, email, titles.get(pk, ""), *teams.get(pk, ()))))) for pk, name, email in rows)
    return [pk for pk, text in texts if all(word in text for word in wanted)]


def _plain(text: str) -> str:
    """Without case and accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


def _titles(*, on: date) -> dict[int, str]:
    return dict(Position.objects.filter(standing.holding_on(on)).values_list("person_id", "title"))


def _team_names(*, on: date) -> Mapping[int, list[str]]:
    names: dict[int, list[str]] = defaultdict(list)
    for person_id, name in Membership.objects.filter(standing.holding_on(on)).values_list("person_id", "team__name"):
        names[person_id].append(name)
    return names


def _rows(ids: Sequence[int], *, on: date) -> tuple[Row, ...]:
    """The rows of some people, in the order of their numbers as given; four queries, however many they are."""
    holding = standing.holding_on(on)
    people = Person.objects.in_bulk(list(ids))
    titles = dict(Position.objects.filter(holding, person_id__in=ids).values_list("person_id", "title"))
    lines = ReportingLine.objects.filter(holding, person_id__in=ids, main=True).select_related("manager")
    managers = {line.person_id: line.manager for line in lines}
    teams: dict[int, list[tuple[int, str]]] = defaultdict(list)
    memberships = Membership.objects.filter(holding, person_id__in=ids).order_by("-leads", "team__name")
    for person_id, team_id, name in memberships.values_list("person_id", "team_id", "team__name"):
        teams[person_id].append((team_id, name))
    return tuple(
        Row(
            person=people[pk], title=titles.get(pk, ""), teams=tuple(teams[pk]), manager=managers.get(pk)
        )
        for pk in ids
    )  # fmt: skip


def profile(person: Person, *, on: date) -> Profile:
    """What a person is on a day."""
    holding = standing.holding_on(on)
    managers = ReportingLine.objects.filter(holding, person=person).select_related("manager")
    reports = ReportingLine.objects.filter(holding, manager=person, person__is_active=True).select_related("person")
    return Profile(
        person=person,
        position=standing.position_of(person, on=on),
        belongings=_belongings(Membership.objects.filter(person=person), on=on),
        managers=tuple(managers),
        reports=tuple(reports.order_by("-main", "person__name")),
    )


def _belongings(rows: QuerySet[Membership], *, on: date) -> tuple[Belonging, ...]:
    found = rows.filter(standing.holding_on(on)).select_related("person", "team").order_by("-leads", "person__name")
    return tuple(
        Belonging(person=row.person, team=row.team, leads=row.leads, since=row.from_day, until=row.until_day)
        for row in found
    )


def tree(viewer: Person, *, on: date) -> tuple[Node, ...]:
    """The teams of the viewer's world as they stood on a day; four queries, however many they are."""
    holding = standing.holding_on(on)
    teams = Team.objects.filter(demo=viewer.is_demo).in_bulk()
    below: dict[int | None, list[int]] = defaultdict(list)
    for team_id, parent_id in TeamPlace.objects.filter(holding).values_list("team_id", "parent_id"):
        if team_id in teams:
            below[parent_id].append(team_id)
    belonging = Membership.objects.filter(holding, team__demo=viewer.is_demo)
    counts = dict(belonging.order_by().values("team_id").annotate(count=Count("pk")).values_list("team_id", "count"))
    leads: dict[int, list[Person]] = defaultdict(list)
    for row in belonging.filter(leads=True).select_related("person").order_by("person__name"):
        leads[row.team_id].append(row.person)

    def nodes(parent_id: int | None) -> tuple[Node, ...]:
        return tuple(node(teams[each]) for each in sorted(below[parent_id], key=lambda each: teams[each].name))

    def node(team: Team) -> Node:
        count = counts.get(team.pk, 0)
        return Node(team=team, leads=tuple(leads[team.pk]), count=count, below=nodes(team.pk))

    return nodes(None)


def team_choices(viewer: Person, *, on: date) -> list[tuple[int, str]]:
    """All teams to choose from, each with its way from the top ("House / Client services"); two queries."""
    names = dict(standing.teams_around(viewer).values_list("pk", "name"))
    below = standing.children_of(on=on)
    found: list[tuple[int, str]] = []

    def add(parent_id: int | None, above: str) -> None:
        for team_id in below.get(parent_id, ()):
            if team_id in names:
                found.append((team_id, f"{above}{names[team_id]}"))
                add(team_id, f"{above}{names[team_id]} / ")

    add(None, "")
    return found


def team_profile(team: Team, *, on: date) -> TeamProfile:
    """What a team is on a day."""
    parents = dict(TeamPlace.objects.filter(standing.holding_on(on)).values_list("team_id", "parent_id"))
    way: list[int] = []
    at = parents.get(team.pk)
    while at is not None and at not in way:
        way.append(at)
        at = parents.get(at)
    teams = Team.objects.in_bulk([*way, *(pk for pk, parent in parents.items() if parent == team.pk)])
    found = _belongings(Membership.objects.filter(team=team), on=on)
    return TeamProfile(
        team=team,
        above=tuple(teams[pk] for pk in reversed(way)),
        below=tuple(sorted((each for each in teams.values() if parents.get(each.pk) == team.pk), key=lambda t: t.name)),
        leads=tuple(each for each in found if each.leads),
        members=tuple(each for each in found if not each.leads),
    )


def yours(belongings: Sequence[Belonging], *, on: date, now: datetime) -> tuple[Yours, ...]:
    """The people of a team, as its lead sees them."""
    ids = [each.person.pk for each in belongings]
    positions = {row.person_id: row for row in Position.objects.filter(standing.holding_on(on), person_id__in=ids)}
    open_links = with_open_joining(ids, now=now)
    return tuple(
        Yours(
            person=each.person,
            leads=each.leads,
            position=positions.get(each.person.pk),
            since=each.since,
            link_open=each.person.pk in open_links,
            came=each.person.last_login is not None,
        )
        for each in belongings
    )


def history_of_person(person: Person) -> tuple[Past, ...]:
    """All a person was and is in the organisation, the latest first; for administrators and people partners."""
    rows = [_past("position", row, person.name, _position_words(row)) for row in Position.objects.filter(person=person)]
    lines = ReportingLine.objects.filter(person=person).select_related("manager")
    rows += [_past("line" if row.main else "further line", row, person.name, row.manager.name) for row in lines]
    memberships = Membership.objects.filter(person=person).select_related("team")
    rows += [_past("lead" if row.leads else "member", row, person.name, row.team.name) for row in memberships]
    return _latest_first(rows)


def history_of_team(team: Team, *, with_people: bool, today: date) -> tuple[Past, ...]:
    """Where a team stood or is to stand, the latest first; with those who belonged to it for its leads and partners.

    What holds today is left out of it, but for its place: the team's page says it anyway.
    """
    memberships = Membership.objects.filter(team=team).exclude(standing.holding_on(today)).select_related("person")
    if not with_people:
        memberships = memberships.none()
    rows = [_past("team lead" if row.leads else "team member", row, row.person.name, team.name) for row in memberships]
    places = TeamPlace.objects.filter(team=team).select_related("parent")
    rows += [_past("place", row, team.name, row.parent.name if row.parent else "") for row in places]
    return _latest_first(rows)


def _past(what: str, row: Position | ReportingLine | Membership | TeamPlace, name: str, words: str) -> Past:
    return Past(what=what, name=name, words=words, from_day=row.from_day, until_day=row.until_day)


def _position_words(row: Position) -> str:
    told = (row.title, row.get_level_display() if row.level else "", row.get_function_display() if row.function else "")
    return " · ".join(str(each) for each in told if each)


def _latest_first(rows: Iterable[Past]) -> tuple[Past, ...]:
    return tuple(sorted(rows, key=lambda each: (each.from_day, each.until_day or date.max), reverse=True))


def roles_given(person: Person) -> list[Grant]:
    """The roles a person was given and still has."""
    return list(Grant.objects.filter(person=person, ended_at=None).order_by("role", "source"))


def belonging_of(person: Person, team: Team, *, on: date) -> Membership:
    """How somebody belongs to a team on a day.

    Raises:
        Membership.DoesNotExist: When they do not.
    """
    return Membership.objects.filter(standing.holding_on(on)).get(person=person, team=team)


def position_began(person: Person, *, today: date) -> date | None:
    """The day on which what somebody is now began; no change can begin earlier."""
    return dated.began(Position.objects.filter(person=person), today=today)


def planned_position(person: Person, *, today: date) -> Position | None:
    """What somebody is to become on a day ahead; any change before that day drops it."""
    return Position.objects.filter(person=person, from_day__gt=today).order_by("from_day").first()


def lines_began(person: Person, *, today: date) -> date | None:
    """The day on which the latest line of somebody's began; no change can begin earlier."""
    return dated.began(ReportingLine.objects.filter(person=person), today=today)


def place_began(team: Team, *, today: date) -> date | None:
    """The day on which a team came to stand where it stands; no change can begin earlier."""
    return dated.began(TeamPlace.objects.filter(team=team), today=today)


def latest_began(person: Person, *, today: date) -> date | None:
    """The day on which the latest of all that somebody is began; they cannot have left before it."""
    memberships = dated.began(Membership.objects.filter(person=person), today=today)
    days = (position_began(person, today=today), lines_began(person, today=today), memberships)
    return max((day for day in days if day is not None), default=None)


def leaving_by(*, now: datetime) -> list[int]:
    """Numbers of those whose day of leaving may have come, somewhere on earth; on their own clock it is looked at."""
    latest = (now.astimezone(UTC) + timedelta(hours=14)).date()
    return list(Person.objects.filter(is_active=True, left_on__lte=latest).values_list("pk", flat=True))


def today_of(person: Person, now: datetime) -> date:
    """The day on a person's clock."""
    return now.astimezone(ZoneInfo(person.zone)).date()


def names_to_choose(viewer: Person, *, most: int = 500) -> list[str]:
    """Everybody in the viewer's world as they can be typed in, with their address; none when there are too many."""
    rows = list(standing.around(viewer).values_list("name", "email")[: most + 1])
    return [f"{name} <{email}>" for name, email in rows] if len(rows) <= most else []


def people_named(viewer: Person, typed: str) -> list[Person]:
    """Who is meant by a name, an address, or both as `names_to_choose` gives them; several have the same name."""
    around = standing.around(viewer)
    address = typed.rpartition("<")[2].rstrip("> ").strip() if typed.rstrip().endswith(">") else typed.strip()
    by_address = list(around.filter(email__iexact=address)) if "@" in address else []
    wanted = _plain(" ".join(typed.split()))
    return by_address or [person for person in around if _plain(person.name) == wanted]
