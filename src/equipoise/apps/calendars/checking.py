"""What others sorted for a person, so that the person can check it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from equipoise.apps.calendars.models import Correction, Entry
from equipoise.apps.people.models import Person
from equipoise.core.facets import Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class SortedFor:
    """A correction that holds, made by somebody else for the owner.

    Attributes:
        entry_id: One entry of the series.
        title: Its title; empty for a private entry.
        purpose: What it is said to be for.
        said_by_id: Who said so.
        said_at: When.
    """

    entry_id: int
    title: str
    purpose: Purpose
    said_by_id: int
    said_at: datetime


def sorted_for(person: Person, *, by: Collection[int], limit: int = 100) -> list[SortedFor]:
    """The latest corrections of a person's entries that certain others made, newest first; series still in a calendar.

    Args:
        person: Whose entries they are.
        by: Numbers of those who may have made them.
        limit: How many at most.
    """
    found = list(Correction.objects.filter(owner=person, replaced=False, said_by_id__in=by)[:limit])
    rows = Entry.objects.filter(owner=person, series__in={each.series for each in found}).order_by("-pk")
    shown = {series: (pk, title) for pk, series, title in rows.values_list("pk", "series", "title")}
    return [
        SortedFor(
            entry_id=shown[each.series][0],
            title=shown[each.series][1],
            purpose=Purpose(each.purpose),
            said_by_id=each.said_by_id,
            said_at=each.said_at,
        )
        for each in found
        if each.series in shown
    ]
