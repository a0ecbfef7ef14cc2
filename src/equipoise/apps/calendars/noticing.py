"""What the owner did in their calendar with entries that Equipoise wrote: noted, and never written over."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from equipoise.apps.calendars.models import Calendar, Written
from equipoise.core.timeuse.entries import Occurrence


def seen(calendar: Calendar, etags: Mapping[str, str], occurrences: Iterable[Occurrence], *, now: datetime) -> None:
    """Note where entries of Equipoise's own lie among what was just read.

    What the owner changed there counts: a change of ours that waits to be written gives way, unless only the version
    differs.

    Args:
        calendar: The calendar that was read.
        etags: The version of each object that was read, by its path.
        occurrences: When its entries take place.
        now: When it was read.
    """
    first: dict[str, Occurrence] = {}
    for occurrence in occurrences:
        first.setdefault(occurrence.entry.uid, occurrence)
    for row in Written.objects.select_for_update().filter(owner_id=calendar.owner_id, uid__in=first):
        if row.calendar_id != calendar.pk and not calendar.writable:
            continue  # a copy in a calendar that takes no entries, perhaps somebody else's: ours stays where it is
        found = first[row.uid]
        if found.entry.cancelled:
            _note_gone(row, now)
        else:
            _note_seen(row, calendar, found, etags)
        row.save()


def _note_seen(row: Written, calendar: Calendar, found: Occurrence, etags: Mapping[str, str]) -> None:
    href = found.entry.source
    theirs = etags.get(href, "") != row.etag
    moved = (found.start, found.end) != (row.planned_start, row.planned_end)
    as_before = (found.start, found.end) == (row.seen_start, row.seen_end)
    if row.state == Written.State.WAITING and theirs and moved and not as_before and row.href:
        row.state, row.due_at = Written.State.DONE, None
    row.seen_start, row.seen_end, row.gone_at = found.start, found.end, None
    row.calendar, row.href, row.etag = calendar, href, etags.get(href, "")


def gone(calendar: Calendar, removed: Collection[str] | None, listed: Collection[str], *, now: datetime) -> None:
    """Note which entries of Equipoise's own are not in the calendar any more.

    Args:
        calendar: The calendar that was read.
        removed: The paths the server says are gone; `None` when it listed all there are.
        listed: The paths it listed.
        now: When.
    """
    for row in Written.objects.select_for_update().filter(calendar=calendar, gone_at=None).exclude(href=""):
        if row.href in removed if removed is not None else row.href not in listed:
            _note_gone(row, now)
            row.save()


def _note_gone(row: Written, now: datetime) -> None:
    row.gone_at, row.state, row.due_at = now, Written.State.DONE, None
    row.href = row.etag = ""
