"""Accepted blocks in the calendar they are written to: put there when asked, and kept in step with the plan.

Only entries that Equipoise wrote are ever touched. A block its owner moved or deleted there stays as they left it.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import partial

from django.db import transaction
from django.utils import translation

from equipoise.apps.calendars import actions as calendars
from equipoise.apps.calendars import queries as entries
from equipoise.apps.people.models import Person
from equipoise.apps.people.turns import one_at_a_time
from equipoise.apps.planner import out, queries
from equipoise.apps.planner.models import Block
from equipoise.core.facets import Purpose


class NoCalendarToWriteTo(LookupError):
    """No connected calendar was chosen to write to."""


@transaction.atomic
def write_week(*, actor: Person, person: Person, monday: date, now: datetime) -> int:
    """Have the accepted blocks of a week stand in the chosen calendar; how many were not there already.

    Raises:
        NoCalendarToWriteTo: When there is none.
    """
    one_at_a_time(person.pk)
    calendar = entries.chosen_calendar(person)
    if calendar is None:
        raise NoCalendarToWriteTo
    there = {each.uid: each for each in entries.written(person)}
    missing = [block for block in queries.taken_blocks(person, monday) if not _stands(block, there.get(block.uid))]
    put = partial(calendars.write_entry, actor=actor, person=person, calendar=calendar, now=now)
    for block in missing:
        _write(put, person, block)
    Block.objects.filter(pk__in=[block.pk for block in missing]).update(written=True)
    return len(missing)


@transaction.atomic
def keep_in_step(*, actor: Person, person: Person, blocks: Iterable[Block], now: datetime) -> None:
    """Carry changes of blocks over to the calendar they were written to; others are left to `write_week`."""
    mine = [block for block in blocks if block.written]
    if not mine:
        return
    calendar = entries.chosen_calendar(person)
    there = {each.uid: each for each in entries.written(person)}
    for block in mine:
        if block.state not in queries.TAKEN:
            calendars.withdraw_entry(actor=actor, person=person, uid=block.uid, now=now)
        elif calendar is not None and not _stands(block, there.get(block.uid)):
            put = partial(calendars.write_entry, actor=actor, person=person, calendar=calendar, now=now)
            _write(put, person, block)


def waiting(person: Person, blocks: Iterable[Block]) -> int:
    """How many of these accepted blocks are not in the chosen calendar yet, nor on their way there."""
    there = {each.uid: each for each in entries.written(person)}
    return sum(block.state in queries.TAKEN and not _stands(block, there.get(block.uid)) for block in blocks)


def _stands(block: Block, state: entries.WrittenState | None) -> bool:
    """Whether a block is where it should be in the calendar, or on its way there."""
    if state is None or state.failed or state.gone_at is not None:
        return False
    here = (block.starts_at, block.ends_at)
    return here in {(state.planned_start, state.planned_end), (state.seen_start, state.seen_end)}


def _write(put: Callable[..., None], person: Person, block: Block) -> None:
    with translation.override(person.language):
        description = out.description(block)
    put(
        uid=block.uid,
        title=block.title,
        start=block.starts_at,
        end=block.ends_at,
        description=description,
        purpose=Purpose(block.purpose),
    )
