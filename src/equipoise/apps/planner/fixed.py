"""What stands in a week already, as the person's calendars have it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from equipoise.apps.calendars import queries as calendars
from equipoise.apps.people.models import Person
from equipoise.core.facets import Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One time an entry takes place.

    Attributes:
        key: Names the entry and the time.
        uid: The calendar's own identifier of the entry.
        title: Empty when private.
        start: Aware; when it counts from.
        end: Aware; when it counts until.
        purpose: What it is for, by the likeliest.
        movable: Whether the owner said it may be moved.
    """

    key: str
    uid: str
    title: str
    start: datetime
    end: datetime
    purpose: Purpose
    movable: bool = False


def standing(person: Person, *, start: date, end: date, without: Iterable[str] = ()) -> list[Standing]:
    """The entries that take time in a period of days.

    Args:
        person: Whose.
        start: The first day.
        end: The day after the last.
        without: Identifiers of entries that are blocks of Equipoise's own.
    """
    ours = set(without)
    return [
        Standing(
            key=f"{each.entry_id}@{each.start.isoformat()}",
            uid=each.uid,
            title=each.title,
            start=each.start,
            end=each.end,
            purpose=each.purpose,
            movable=each.movable,
        )
        for each in calendars.fixed_in_week(person, start, end)
        if each.uid not in ours
    ]


def in_the_way(person: Person, start: datetime, end: datetime, *, without: Iterable[str] = ()) -> list[Standing]:
    """The entries that share a moment with a span."""
    first, last = start.date() - timedelta(days=1), end.date() + timedelta(days=2)
    found = standing(person, start=first, end=last, without=without)
    return [each for each in found if each.start < end and start < each.end]
