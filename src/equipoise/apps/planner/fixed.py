"""What stands in a week already, as the person's calendars have it."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from equipoise.apps.calendars import queries as calendars
from equipoise.apps.people.models import Person


def standing(person: Person, *, start: date, end: date, without: Iterable[str] = ()) -> list[calendars.Fixed]:
    """The entries that take time in a period of days.

    Args:
        person: Whose.
        start: The first day.
        end: The day after the last.
        without: Identifiers of entries that are blocks of Equipoise's own.
    """
    ours = set(without)
    return [each for each in calendars.fixed_in_week(person, start, end) if each.uid not in ours]


def in_the_way(person: Person, start: datetime, end: datetime, *, without: Iterable[str] = ()) -> list[calendars.Fixed]:
    """The entries that share a moment with a span."""
    first, last = start.date() - timedelta(days=1), end.date() + timedelta(days=2)
    found = standing(person, start=first, end=last, without=without)
    return [each for each in found if each.start < end and start < each.end]
