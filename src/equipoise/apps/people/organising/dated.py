"""How what holds by date is changed: the old row ends where the new one begins, and what was is never overwritten."""

from datetime import date
from typing import TypeVar

from django.db.models import QuerySet

from equipoise.apps.people.models.organisation import Dated

D = TypeVar("D", bound=Dated)


def end(rows: QuerySet[D], *, on: date) -> int:
    """Let rows that still hold end on a day; what would have begun that day or later never was. Gives how many."""
    open_rows = rows.filter(until_day=None)
    never, _ = open_rows.filter(from_day__gte=on).delete()
    return never + open_rows.update(until_day=on)
