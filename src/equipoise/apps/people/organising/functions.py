"""What people work on, by the addresses they are known by in calendars: finance, production, ..., by date."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Q

from equipoise.apps.people import standing
from equipoise.apps.people.models import Person, Position


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldFunction:
    """What somebody with these addresses works on, from a day until the day before another."""

    addresses: tuple[str, ...]
    function: str
    from_day: date
    until_day: date | None


def functions_held(viewer: Person, *, first: date, last: date) -> tuple[HeldFunction, ...]:
    """What everybody in the viewer's world worked on at any time from a day to another, by their addresses."""
    held = Position.objects.filter(from_day__lte=last, person__in=standing.ever_around(viewer)).exclude(function="")
    rows = held.filter(Q(until_day=None) | Q(until_day__gt=first)).select_related("person")
    return tuple(
        HeldFunction(
            addresses=row.person.addresses, function=row.function, from_day=row.from_day, until_day=row.until_day
        )
        for row in rows
    )


def positions_version(viewer: Person) -> str:
    """What differs whenever a position in the viewer's world has changed."""
    rows = Position.objects.filter(person__in=standing.ever_around(viewer)).order_by()
    told = rows.aggregate(count=Count("pk"), latest=Max("pk"), still=Count("pk", filter=Q(until_day=None)))
    return "-".join(str(each) for each in told.values())
