"""How what holds by date is changed: the old row ends where the new one begins, and what was is never overwritten."""

from datetime import date
from typing import TypeVar

from django.db.models import Q, QuerySet

from equipoise.apps.people.models.organisation import Dated

D = TypeVar("D", bound=Dated)


def end(rows: QuerySet[D], *, on: date) -> int:
    """Let rows end on a day; what was planned to begin that day or later never will be. Gives how many.

    A row that was planned to end later ends on the day, too, since what was to follow it no longer does.
    """
    never, _ = rows.filter(from_day__gte=on).delete()
    return never + rows.filter(Q(until_day=None) | Q(until_day__gt=on), from_day__lt=on).update(until_day=on)


def began(rows: QuerySet[D], *, today: date) -> date | None:
    """On which day the latest of some rows that began until today did; `None` when none has."""
    return rows.filter(from_day__lte=today).order_by("-from_day").values_list("from_day", flat=True).first()
