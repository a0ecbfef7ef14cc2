"""What became of the last weeks' blocks of somebody in the demo agency, so that one sees what is learned from it.

Everything here is invented, as the agency is: strategic time that keeps giving way to the afternoon, and others that
were mostly kept. Blocks lie in time that was free.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import translation

from equipoise.apps.people.models import Person
from equipoise.apps.people.turns import one_at_a_time
from equipoise.apps.planner import fixed, queries
from equipoise.apps.planner.mapping import Kind, default_kinds
from equipoise.apps.planner.models import Block

WEEKS = 6
STORY = {
    "strategy": ("shifted", "shifted", "accepted", "shifted", "withdrawn", "shifted"),
    "recognition": ("accepted",) * WEEKS,
    "operations": ("accepted", "accepted", "shifted", "accepted", "accepted", "accepted"),
}
"""What became of one block a week of each kind, the longest ago first."""
MORNING, AFTERNOON = (time(9), time(12)), (time(13), time(17))
STEP = timedelta(minutes=30)


@transaction.atomic
def tell_last_weeks(*, person: Person, now: datetime) -> int:
    """Invent the blocks of the weeks behind somebody of the demo agency, once; how many."""
    one_at_a_time(person.pk)
    zone = ZoneInfo(person.zone)
    this_monday = queries.monday_of(now.astimezone(zone).date())
    first = this_monday - timedelta(weeks=WEEKS)
    if Block.objects.filter(person=person, monday__lt=this_monday).exists():
        return 0
    taken = [(each.start, each.end) for each in fixed.standing(person, start=first, end=this_monday)]
    with translation.override(person.language):
        kinds = {kind.key: kind for kind in default_kinds()}
    made = [
        block
        for week in range(WEEKS)
        for key, states in STORY.items()
        if (block := _block(person, kinds[key], state=states[week], monday=first + timedelta(weeks=week), taken=taken))
    ]
    return len(Block.objects.bulk_create(made))


def _block(
    person: Person, kind: Kind, *, state: str, monday: date, taken: list[tuple[datetime, datetime]]
) -> Block | None:
    """One block, where it was proposed and where it went; `None` when the week had no room."""
    zone = ZoneInfo(person.zone)
    length = timedelta(minutes=kind.minutes)
    proposed = next(_free(monday, MORNING, length, taken, zone), None)
    moved = next(_free(monday, AFTERNOON, length, taken, zone), None) if state == "shifted" else proposed
    if proposed is None or moved is None:
        return None
    taken.append((moved, moved + length))
    decided = datetime.combine(monday, time(8), tzinfo=zone)
    return Block(
        person=person,
        monday=monday,
        uid=f"{uuid4().hex}@equipoise",
        kind=kind.key,
        title=kind.title,
        purpose=kind.purpose.value,
        proposed_start=proposed,
        proposed_end=proposed + length,
        starts_at=moved,
        ends_at=moved + length,
        state=state,
        reasons=[{"kind": "wish", "times": kind.times, "every": kind.every_weeks, "minutes": kind.minutes}],
        made_at=decided,
        changed_at=decided,
        decided_at=decided,
        decided_by_id=person.pk,
    )


def _free(
    monday: date,
    between: tuple[time, time],
    length: timedelta,
    taken: Sequence[tuple[datetime, datetime]],
    zone: ZoneInfo,
) -> Iterator[datetime]:
    """Free times of a length in a part of the day, the earliest weekday first."""
    for day in range(5):
        start, last = (datetime.combine(monday + timedelta(days=day), clock, tzinfo=zone) for clock in between)
        while start + length <= last:
            if all(end <= start or start + length <= begun for begun, end in taken):
                yield start
            start += STEP
