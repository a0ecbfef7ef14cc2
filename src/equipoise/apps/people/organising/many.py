"""Add many people at once, with all they are: what thousands of single acts would do, in a few steps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from equipoise.apps.people.actions import AddressTaken
from equipoise.apps.people.models import Membership, Person, Position, ReportingLine, Team
from equipoise.apps.people.organising.actions import OtherWorld
from equipoise.platform import audit

AT_A_TIME = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """Somebody to be added.

    Attributes:
        email: By it they sign in, and others of those who are added name them.
        name: What they are called.
        zone: Their time zone.
        language: Theirs.
        on: Day from which all below holds.
        position: Title, level and function; all empty for none.
        teams: Teams they belong to, and whether they lead them.
        manager: Whom they report to first: somebody who is here, or the address of another newcomer.
        others: Further ones likewise.
    """

    email: str
    name: str
    zone: str
    language: str
    on: date
    position: tuple[str, str, str] = ("", "", "")
    teams: Mapping[Team, bool] = field(default_factory=dict)
    manager: Person | str | None = None
    others: Sequence[Person | str] = ()


@transaction.atomic
def add_people(*, actor: Person, newcomers: Sequence[Newcomer], now: datetime) -> dict[str, Person]:
    """Add people to the organisation; they come in by a link, or by signing in elsewhere. Gives them by address.

    Nobody must report to themselves through others; whoever calls it has looked. Each stands in the trail.

    Raises:
        AddressTaken: When somebody signs in with one of the addresses.
        OtherWorld: When anybody or anything of the demo agency is meant.
    """
    _refuse_demo(actor, newcomers)
    _refuse_taken([each.email for each in newcomers])
    people = {each.email: _person(each, now) for each in newcomers}
    Person.objects.bulk_create(people.values(), batch_size=AT_A_TIME)
    Position.objects.bulk_create(
        (
            Position(person=people[each.email], title=title, level=level, function=function, from_day=each.on)
            for each in newcomers
            for title, level, function in [each.position]
            if title or level or function
        ),
        batch_size=AT_A_TIME,
    )
    Membership.objects.bulk_create(
        (
            Membership(person=people[each.email], team=team, leads=leads, from_day=each.on)
            for each in newcomers
            for team, leads in each.teams.items()
        ),
        batch_size=AT_A_TIME,
    )
    ReportingLine.objects.bulk_create(
        (line for each in newcomers for line in _lines(each, people)), batch_size=AT_A_TIME
    )
    ids = [person.pk for person in people.values()]
    audit.record_for_each(actor_id=actor.pk, subject_ids=ids, verb="person added", now=now)
    return people


def _person(each: Newcomer, now: datetime) -> Person:
    return Person(
        name=each.name,
        email=each.email,
        zone=each.zone,
        language=each.language,
        joined_at=now,
        invited=True,
        password=make_password(None),
    )


def _lines(each: Newcomer, people: Mapping[str, Person]) -> list[ReportingLine]:
    person = people[each.email]
    told = [(each.manager, True), *((other, False) for other in each.others)]
    found = {
        (people[manager] if isinstance(manager, str) else manager): main
        for manager, main in reversed(told)
        if manager is not None
    }
    return [
        ReportingLine(person=person, manager=manager, main=main, from_day=each.on)
        for manager, main in found.items()
        if manager.pk != person.pk
    ]


def _refuse_demo(actor: Person, newcomers: Sequence[Newcomer]) -> None:
    managers = (manager for each in newcomers for manager in (each.manager, *each.others))
    if (
        actor.is_demo
        or any(team.demo for each in newcomers for team in each.teams)
        or any(isinstance(manager, Person) and manager.is_demo for manager in managers)
    ):
        raise OtherWorld(_("The demo agency and your organisation do not mix."))


def _refuse_taken(addresses: Sequence[str]) -> None:
    for start in range(0, len(addresses), AT_A_TIME):
        some = addresses[start : start + AT_A_TIME]
        taken = Person.objects.annotate(address=Lower("email")).filter(address__in=some).order_by("pk").first()
        if taken is not None:
            raise AddressTaken(_("Somebody else here uses %(email)s. Give another address.") % {"email": taken.email})
