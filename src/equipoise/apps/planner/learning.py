"""What the owner does with blocks in their own calendar: found when it is read, and never written over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from equipoise.apps.calendars import queries as calendars
from equipoise.apps.people.models import Person
from equipoise.apps.people.turns import one_at_a_time
from equipoise.apps.planner import queries
from equipoise.apps.planner.models import Block
from equipoise.platform import audit

LOOKS_BACK = timedelta(weeks=8)
LOOKS_AHEAD = timedelta(weeks=8)
"""A block that was moved further than this is not found again, and taken for deleted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A block as it lies in a calendar that is read.

    Attributes:
        start: When it starts there; `None` when it is gone from there.
        end: When it ends.
        calendar_id: Which calendar.
    """

    start: datetime | None
    end: datetime | None
    calendar_id: int | None


def learn(*, person: Person, now: datetime) -> int:
    """Take over what the owner did with accepted blocks in their calendar; how many changed.

    A block they moved there is where they put it; one they deleted is off the plan. A calendar that still shows a
    block where it was seen last has not heard of a later change yet, and teaches nothing.
    """
    blocks = _watched(person, now)
    found = _seen(person, blocks, now=now) if blocks else {}
    news = any(_is_news(block, found.get(block.uid), now) for block in blocks)
    return _take_all_over(person, found, now) if news else 0


@transaction.atomic
def _take_all_over(person: Person, found: Mapping[str, Seen], now: datetime) -> int:
    one_at_a_time(person.pk)
    changed = [block for block in _watched(person, now) if _take_over(block, found.get(block.uid), now)]
    if changed:
        detail: audit.Detail = {"blocks": len(changed)}
        audit.record(actor_id=None, subject_id=person.pk, verb="blocks found changed", now=now, detail=detail)
    return len(changed)


def _watched(person: Person, now: datetime) -> list[Block]:
    since = now - LOOKS_BACK
    return list(Block.objects.filter(person=person, state__in=queries.TAKEN, starts_at__gte=since))


def _seen(person: Person, blocks: Sequence[Block], *, now: datetime) -> dict[str, Seen]:
    """Where each block lies in the calendars that are read; one that was never there is not told."""
    written = _seen_where_written(person)
    zone = ZoneInfo(person.zone)
    uids = {block.uid for block in blocks if block.uid not in written}
    start = (now - LOOKS_BACK).astimezone(zone).date()
    end = (now + LOOKS_AHEAD).astimezone(zone).date()
    lying = {
        each.entry.uid: each
        for each in calendars.occurrences(person, start=start, end=end)
        if each.entry.uid in uids and not each.entry.cancelled
    }
    read = {calendar.pk: calendar.read_at for calendar in calendars.calendars_of(person)}
    there = {
        uid: Seen(start=each.start, end=each.end, calendar_id=calendars.entry_of(person, each.entry.line).calendar_id)
        for uid, each in lying.items()
    }
    gone = {
        block.uid: Seen(start=None, end=None, calendar_id=block.seen_in)
        for block in blocks
        if block.uid in uids and block.uid not in there and _is_gone(block, read)
    }
    told = {uid: seen for uid, seen in written.items() if seen is not None}
    return {**there, **gone, **told}


def _seen_where_written(person: Person) -> dict[str, Seen | None]:
    """The same of blocks that were written to a calendar; one whose change waits for the server is not told yet."""
    found: dict[str, Seen | None] = {}
    for each in calendars.written(person):
        gone = each.gone_at is not None
        seen = Seen(
            start=None if gone else each.seen_start, end=None if gone else each.seen_end, calendar_id=each.calendar_id
        )
        found[each.uid] = None if each.waiting or (each.seen_start is None and not gone) else seen
    return found


def _is_gone(block: Block, read: Mapping[int, datetime | None]) -> bool:
    """Whether a block was in a calendar, and is not any more though that was read again.

    One that was seen there after it took place was kept; calendars drop what is long past.
    """
    if block.seen_at is None or block.seen_in is None or block.seen_at >= block.ends_at:
        return False
    again = read.get(block.seen_in)
    return again is not None and again > block.seen_at


def _is_news(block: Block, seen: Seen | None, now: datetime) -> bool:
    """Whether a block lies otherwise than when it was seen last, or was not seen yet since it took place."""
    if seen is None:
        return False
    as_before = (seen.start, seen.end, seen.calendar_id) == (block.seen_start, block.seen_end, block.seen_in)
    return not as_before or block.seen_at is None or block.seen_at < block.ends_at <= now


def _take_over(block: Block, seen: Seen | None, now: datetime) -> bool:
    """Whether the owner changed a block in their calendar; the block is saved as it is there."""
    if seen is None:
        return False
    if seen.start is None or seen.end is None:
        block.state, block.gone_at, block.changed_at = Block.State.WITHDRAWN, now, now
        block.save()
        return True
    at_first = block.seen_start is None and (seen.start, seen.end) == (block.proposed_start, block.proposed_end)
    as_before = (seen.start, seen.end) == (block.seen_start, block.seen_end)
    as_planned = (seen.start, seen.end) == (block.starts_at, block.ends_at)
    block.seen_start, block.seen_end, block.seen_in, block.seen_at = seen.start, seen.end, seen.calendar_id, now
    moved = not (at_first or as_before or as_planned)
    if moved:
        length = seen.end - seen.start or block.ends_at - block.starts_at  # a block without length is none
        block.starts_at, block.ends_at, block.changed_at = seen.start, seen.start + length, now
        block.state = block.taken_as
        block.sequence += 1
    block.save()
    return moved
