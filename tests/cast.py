"""The people who play in every test: Lena's service team, Sam who assists her, and Otto, who belongs to nobody."""

from dataclasses import dataclass
from datetime import UTC, datetime

from equipoise.apps.people.models import Assistance, Person

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
JOINED = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
PASSWORD = "three plain words"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Lena leads client services; Tom and Grace are in her team; Sam is her assistant; Ravi runs projects; Ines cares
    for people, Ada for the machines; Otto is an outsider."""

    lena: Person
    ravi: Person
    tom: Person
    grace: Person
    ines: Person
    ada: Person
    sam: Person
    otto: Person


def play() -> Cast:
    """Put the cast into the database."""
    lena = _person("lena", "Lena Hartmann")
    sam = _person("sam", "Sam Ortiz", invited=True)
    Assistance.objects.create(owner=lena, assistant=sam, named_at=JOINED, named_by_id=lena.pk)
    return Cast(
        lena=lena,
        ravi=_person("ravi", "Ravi Menon"),
        tom=_person("tom", "Tom Okafor", boss=lena),
        grace=_person("grace", "Grace Lindqvist", boss=lena),
        ines=_person("ines", "Ines Duarte"),
        ada=_person("ada", "Ada Novak"),
        sam=sam,
        otto=_person("otto", "Otto Fremd"),
    )


def _person(key: str, name: str, boss: Person | None = None, *, invited: bool = False) -> Person:
    person = Person(
        name=name,
        email=f"{key}@agency.example",
        zone="Europe/Berlin",
        language="en",
        joined_at=JOINED,
        reports_to=boss,
        invited=invited,
    )
    person.set_password(PASSWORD)
    person.save()
    return person
