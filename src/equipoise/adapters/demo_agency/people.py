"""Who works at the demo agency: people, teams and reporting lines."""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from functools import cache

from equipoise.adapters.demo_agency.texts import rows

DOMAIN = "kestrel-and-finch.example"
ZONE = "Europe/Berlin"
WEEKDAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")


class Function(StrEnum):
    """What someone works on, in the words of the published study of executives' time (see the demo's page)."""

    STRATEGY = "strategy"
    MARKETING = "mkting"
    PRODUCTION = "production"
    FINANCE = "finance"
    HR = "hr"
    COO = "coo"
    ADMIN = "admin"
    IT = "it"


class UnknownPerson(LookupError):
    """Nobody of this key works at the demo agency."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingHours:
    """The hours someone works, the same on each of their days; weekdays count from 0 (Monday)."""

    weekdays: tuple[int, ...]
    start: time
    end: time


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One of the forty.

    Attributes:
        key: Short name by which tests and data refer to the person.
        name: Full name.
        address: Mail address, in the reserved top level `example`.
        title: What stands on the card.
        function: What they work on.
        level: 1 (first years) to 5 (owner and managing director).
        team: Key of the team they belong to.
        reports_to: Key of their boss; `None` for the owner.
        zone: IANA name of their time zone.
        hours: When they work.
        joined: Their first day.
    """

    key: str
    name: str
    address: str
    title: str
    function: Function
    level: int
    team: str
    reports_to: str | None
    zone: str
    hours: WorkingHours
    joined: date

    @property
    def first_name(self) -> str:
        """The name colleagues use."""
        return self.name.split()[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """A team or unit; `parent` is the key of the unit above, `None` at the top; `lead` is a person's key."""

    key: str
    name: str
    parent: str | None
    lead: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """The whole house."""

    name: str
    domain: str
    zone: str
    owner: str
    teams: tuple[Team, ...]
    people: tuple[Person, ...]

    def person(self, key: str) -> Person:
        """The person of this key.

        Raises:
            UnknownPerson: Nobody has this key.
        """
        for person in self.people:
            if person.key == key:
                return person
        raise UnknownPerson(f"Nobody at {self.name} has the key {key!r}; the keys are those in agency().people.")

    def members(self, team: str) -> tuple[Person, ...]:
        """Everybody whose own team this is (not those of the teams below it), the lead among them."""
        return tuple(person for person in self.people if person.team == team)

    def reports(self, key: str) -> tuple[Person, ...]:
        """Those who report to this person directly."""
        return tuple(person for person in self.people if person.reports_to == key)


@cache
def agency() -> Agency:
    """The demo agency: an advertising agency of forty people in Berlin, all invented.

    Example:
        >>> agency().person("lena").title
        'Head of client services'
    """
    return Agency(
        name="Kestrel & Finch",
        domain=DOMAIN,
        zone=ZONE,
        owner="yara",
        teams=tuple(
            Team(key=key, name=name, parent=parent or None, lead=lead)
            for key, name, parent, lead in rows("teams.txt", fields=4)
        ),
        people=tuple(_person(row) for row in rows("people.txt", fields=12)),
    )


def _person(row: tuple[str, ...]) -> Person:
    key, name, local, title, function, level, team, boss, days, start, end, joined = row
    first, last = (WEEKDAYS.index(day) for day in days.split("-"))
    return Person(
        key=key,
        name=name,
        address=f"{local}@{DOMAIN}",
        title=title,
        function=Function(function),
        level=int(level),
        team=team,
        reports_to=boss or None,
        zone=ZONE,
        hours=WorkingHours(
            weekdays=tuple(range(first, last + 1)), start=time.fromisoformat(start), end=time.fromisoformat(end)
        ),
        joined=date.fromisoformat(joined),
    )
