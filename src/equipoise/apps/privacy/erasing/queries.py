"""Who waits to be erased, and when."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from equipoise.apps.people import standing
from equipoise.apps.people.models import Grant, Person, Team
from equipoise.apps.privacy.retention.queries import days_in_force, days_of, takes_hold_at
from equipoise.platform.access import Role

KIND = "people"
"""The kind of record whose time says when who left is erased."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaver:
    """Somebody who left and is not erased yet; nothing of what they keep.

    Attributes:
        person_id: Their number.
        name: Their name.
        left_on: The day they left.
        erased_on: The day on which everything of theirs is erased.
        started: Whether an administrator, or they themselves, set that day.
    """

    person_id: int
    name: str
    left_on: date | None
    erased_on: date
    started: bool


def is_alone(person: Person) -> bool:
    """Whether this is somebody's own machine: no team, and nobody else but those who assist."""
    teams = Team.objects.filter(demo=False, ended_on=None)
    others = standing.around(person).exclude(pk=person.pk)
    members = others.filter(Q(invited=False) | Q(assisting=None) | ~Q(memberships=None) | ~Q(grants=None))
    return not person.is_demo and not teams.exists() and not members.exists()


def is_last_administrator(person: Person) -> bool:
    """Whether nobody could administer the organisation without this person."""
    held = Grant.objects.filter(role=Role.ADMINISTRATOR.value, ended_at=None, person__is_active=True)
    held = held.filter(person__demo_key="", person__erase_after=None) | held.filter(person=person)
    theirs = held.filter(person=person).exists()
    return theirs and not held.exclude(person=person).exists() and not is_alone(person)


def _left(viewer: Person) -> QuerySet[Person]:
    gone = Person.objects.filter(is_active=False)
    return gone.exclude(demo_key="") if viewer.is_demo else gone.filter(demo_key="")


def leavers(viewer: Person) -> list[Leaver]:
    """Everybody who left, the next to be erased first."""
    days, holds_at = days_of(KIND), takes_hold_at(KIND)
    first_day = holds_at.date() if holds_at else date.min
    found = [_leaver(person, days, first_day) for person in _left(viewer)]
    return sorted(found, key=lambda each: (each.erased_on, each.name))


def leaver_of(viewer: Person, person_id: int) -> Person:
    """Somebody who left.

    Raises:
        Person.DoesNotExist: When there is none of this number, or they are still here, or belong elsewhere.
    """
    return _left(viewer).get(pk=person_id)


def _leaver(person: Person, days: int | None, first_day: date) -> Leaver:
    by_itself = max((person.left_on or person.joined_at.date()) + timedelta(days=days or 0), first_day)
    set_on = person.erase_after.date() if person.erase_after else None
    return Leaver(
        person_id=person.pk,
        name=person.name,
        left_on=person.left_on,
        erased_on=by_itself if set_on is None else min(by_itself, set_on),
        started=set_on is not None,
    )


def due(*, now: datetime) -> list[int]:
    """Numbers of those whose waiting is over: who asked for it, and who left long enough ago."""
    last_day = now.date() - timedelta(days=days_in_force(KIND, now=now) or 0)
    left = Q(is_active=False, left_on__lte=last_day)
    return list(
        Person.objects.filter(Q(erase_after__lte=now) | left, demo_key="").order_by("pk").values_list("pk", flat=True)
    )
