"""The people who play in every test: Lena's service team and those around it, and Otto, who belongs to nobody."""

from dataclasses import dataclass
from datetime import UTC, datetime

from equipoise.apps.people.models import Assistance, Grant, Membership, Person, ReportingLine, Team, TeamPlace
from equipoise.platform.access import Role

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
JOINED = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
PASSWORD = "three plain words"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Lena leads client services; Tom and Grace are in her team; Sam is her assistant; Ravi leads the house above it;
    Ines is the people partner, Ada the administrator, Vera the auditor; Otto has an account and belongs to no team."""

    lena: Person
    ravi: Person
    tom: Person
    grace: Person
    ines: Person
    ada: Person
    sam: Person
    vera: Person
    otto: Person


def play() -> Cast:
    """Put the cast into the database."""
    lena = _person("lena", "Lena Hartmann")
    sam = _person("sam", "Sam Ortiz", invited=True)
    Assistance.objects.create(owner=lena, assistant=sam, named_at=JOINED, named_by_id=lena.pk)
    ravi, tom, grace = _person("ravi", "Ravi Menon"), _person("tom", "Tom Okafor"), _person("grace", "Grace Lindqvist")
    ines, ada, vera = _person("ines", "Ines Duarte"), _person("ada", "Ada Novak"), _person("vera", "Vera Kovacs")
    house = _team("House", parent=None, lead=ravi)
    _team("Client services", parent=house, lead=lena, members=(tom, grace))
    for person, role in ((ada, Role.ADMINISTRATOR), (ines, Role.PARTNER), (vera, Role.AUDITOR)):
        Grant.objects.create(person=person, role=role, given_at=JOINED)
    for person, manager in ((tom, lena), (grace, lena)):
        ReportingLine.objects.create(person=person, manager=manager, from_day=JOINED.date())
    otto = _person("otto", "Otto Fremd")
    return Cast(lena=lena, ravi=ravi, tom=tom, grace=grace, ines=ines, ada=ada, sam=sam, vera=vera, otto=otto)


def _team(name: str, *, parent: Team | None, lead: Person, members: tuple[Person, ...] = ()) -> Team:
    team = Team.objects.create(name=name, made_at=JOINED)
    TeamPlace.objects.create(team=team, parent=parent, from_day=JOINED.date())
    for person in (lead, *members):
        Membership.objects.create(team=team, person=person, leads=person == lead, from_day=JOINED.date())
    return team


def _person(key: str, name: str, *, invited: bool = False) -> Person:
    person = Person(
        name=name, email=f"{key}@agency.example", zone="Europe/Berlin", language="en", joined_at=JOINED, invited=invited
    )
    person.set_password(PASSWORD)
    person.save()
    return person
