"""The question put to the planner for one week: what stands there, what is wished for, and what was learned."""

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import chain, count, islice
from zoneinfo import ZoneInfo

from django.core.cache import cache
from django.utils.text import slugify
from django.utils.translation import gettext as _

from equipoise.apps.calendars import queries as calendars
from equipoise.apps.change import queries as change
from equipoise.apps.people.models import Person
from equipoise.apps.planner import fixed, mapping, one_to_ones, outcomes, queries
from equipoise.apps.planner.models import Block
from equipoise.core.facets import FACETS, Purpose
from equipoise.core.intervals import Span
from equipoise.core.planning.habits import Habits, WhyNot
from equipoise.core.planning.week import Energy, Fixed, Hours, Lunch, Moment, Week, Wish
from equipoise.core.timeuse.reading import measure_time

USUAL_WEEKS = 8
"""The person's usual hours of leading and managing are those of so many weeks before."""
KEPT_SECONDS = 3600

POINTS: Mapping[str, float | None] = {"must": None, "high": 150.0, "normal": 100.0, "low": 50.0}
DUE_POINTS, LONG_DUE_POINTS = 120.0, 180.0
"""A one-to-one that is due, and one that is due twice over."""
ONE_TO_ONE = "one-to-one:"
ONE_TO_ONE_MINUTES = 30
MOST_ONE_TO_ONES = 8
"""So many are proposed for one week, those not seen for longest; the others come next week."""
NOT_AGAIN = -200.0
"""Points of a part of the day at which a block was refused in this very week."""
PROPOSED_AGAIN = (WhyNot.WRONG_TIME.value, WhyNot.TOO_LONG.value)
GRID_MINUTES = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the planner is asked.

    Attributes:
        week: The frame.
        standing: What stands in the week, accepted blocks too.
        wishes: What is wished for.
        why: The reasons behind each wish, as plain values, by its key.
        numbers: Numbers free for blocks of each wish, by its key.
        before: Where blocks were proposed before, by wish and number as the planner counts them.
        points: Learned preferences by wish, weekday and hour.
        own_targets: Facets whose target the person set.
    """

    week: Week
    standing: tuple[Fixed, ...]
    wishes: tuple[Wish, ...]
    why: Mapping[str, list[dict[str, object]]]
    numbers: Mapping[str, tuple[int, ...]]
    before: Mapping[tuple[str, int], datetime]
    points: Mapping[tuple[str, int, int], float]
    own_targets: frozenset[Purpose]


def question(person: Person, monday: date, *, now: datetime) -> Question:
    """Gather what the planner is asked for a person's week."""
    wanted = queries.settings_of(person)
    habits = outcomes.habits_of(person, now=now)
    blocks = queries.blocks_of(person, monday)
    wishes, why = _wishes(person, monday, habits, now=now)
    numbers = {wish.key: _free_numbers(wish, blocks) for wish in wishes}
    open_wishes = [replace(wish, count=len(numbers[wish.key])) for wish in wishes if numbers[wish.key]]
    return Question(
        week=_frame(person, wanted, monday, now=now),
        standing=_standing(person, wanted, monday, blocks),
        wishes=tuple(open_wishes),
        why=why,
        numbers=numbers,
        before=_before(blocks, numbers, ZoneInfo(person.zone)),
        points=_points(open_wishes, habits, blocks, ZoneInfo(person.zone)),
        own_targets=frozenset(wanted.targets),
    )


def targets_of(person: Person, wanted: mapping.Wanted, *, today: date) -> dict[Purpose, tuple[int, int]]:
    """Minutes a week by facet, low and high: as the person set them, else as the situation calls for."""
    called = _called_for_hours(person, today, usual_hours)
    hours = {**called, **wanted.targets}
    return {facet: (_minutes(low), _minutes(high)) for facet, (low, high) in sorted(hours.items())}


def called_for_hours_kept(person: Person, *, today: date) -> dict[Purpose, tuple[float, float]]:
    """Hours a week by facet that the situation calls for: its share of the usual hours of leading and managing.

    Empty without a scan of the situation, and without two weeks of evidence. For pages: the usual hours are kept until
    the person's evidence changes.
    """
    return _called_for_hours(person, today, _usual_hours_kept)


def _called_for_hours(
    person: Person, today: date, hours_of: Callable[[Person, date], float | None]
) -> dict[Purpose, tuple[float, float]]:
    called = change.called_for(person, on=today)
    usual = hours_of(person, queries.monday_of(today)) if called else None
    if called is None or usual is None:
        return {}
    return {facet: (band.low * usual, band.high * usual) for facet, band in called.facets.items()}


def usual_hours(person: Person, before: date) -> float | None:
    """Hours a week the person usually leads and manages; `None` when that cannot be told yet."""
    found = calendars.evidence(person, start=before - USUAL_WEEKS * queries.WEEK, end=before)
    reading = measure_time(found.counted, found.probabilities)
    if reading.leading.weekly is None or reading.managing.weekly is None:
        return None
    return reading.leading.weekly.value + reading.managing.weekly.value


def _usual_hours_kept(person: Person, before: date) -> float | None:
    depends_on = (person.pk, person.evidence_version, person.zone, person.work_from, person.work_until, before)
    key = "usual-hours-" + "-".join(map(str, depends_on))
    found: tuple[float | None] | None = cache.get(key)
    if found is None:
        found = (usual_hours(person, before),)
        cache.set(key, found, KEPT_SECONDS)
    return found[0]


def _frame(person: Person, wanted: mapping.Wanted, monday: date, *, now: datetime) -> Week:
    zone = ZoneInfo(person.zone)
    lunch = wanted.lunch
    today = now.astimezone(zone).date()
    return Week(
        monday=monday,
        zone=zone,
        hours={day: Hours(opens=opens, closes=closes) for day, (opens, closes) in wanted.hours.items()},
        minutes_a_day=wanted.minutes_a_day,
        buffer_minutes=wanted.buffer_minutes,
        grid_minutes=GRID_MINUTES,
        lunch=Lunch(between=Hours(opens=lunch.opens, closes=lunch.closes), minutes=lunch.minutes) if lunch else None,
        protected=_spans(wanted, mapping.NOTHING, monday, zone),
        no_meetings=_spans(wanted, mapping.MEETINGS, monday, zone),
        targets=targets_of(person, wanted, today=today),
        focus_hours=_focus_hours(wanted.focus),
        not_before=now if today >= monday else None,
    )


def _spans(wanted: mapping.Wanted, kind: str, monday: date, zone: ZoneInfo) -> tuple[Span, ...]:
    return tuple(
        Span(
            start=datetime.combine(monday + timedelta(days=day), each.opens, tzinfo=zone),
            end=datetime.combine(monday + timedelta(days=day), each.closes, tzinfo=zone),
        )
        for each in wanted.kept_free
        if each.kind == kind
        for day in each.days
    )


def _focus_hours(focus: str) -> Hours | None:
    noon = time(12)
    return {
        "morning": Hours(opens=time(0), closes=noon),
        "afternoon": Hours(opens=noon, closes=time(0)),
    }.get(focus)


def _standing(person: Person, wanted: mapping.Wanted, monday: date, blocks: Sequence[Block]) -> tuple[Fixed, ...]:
    words = [word.casefold() for word in wanted.travel_words]
    entries = fixed.standing(person, start=monday, end=monday + queries.WEEK, without=[block.uid for block in blocks])
    theirs = [
        Fixed(
            key=f"{each.entry_id}@{each.start.isoformat()}",
            title=each.title,
            start=each.start,
            end=each.end,
            purpose=each.purpose if each.purpose in FACETS else None,
            movable=each.movable,
            travel_minutes=wanted.travel_minutes if any(word in each.title.casefold() for word in words) else 0,
        )
        for each in entries
    ]
    ours = [
        Fixed(
            key=block.uid, title=block.title, start=block.starts_at, end=block.ends_at, purpose=Purpose(block.purpose)
        )
        for block in blocks
        if block.state in queries.TAKEN
    ]
    return (*theirs, *ours)


def _wishes(
    person: Person, monday: date, habits: Habits, *, now: datetime
) -> tuple[list[Wish], dict[str, list[dict[str, object]]]]:
    """What is due this week, with the reasons for each."""
    wishes: list[Wish] = []
    why: dict[str, list[dict[str, object]]] = {}
    last_weeks = outcomes.last_weeks(person, before=monday)
    for kind in queries.kinds_of(person):
        last = last_weeks.get(kind.key)
        if kind.on and (last is None or (monday - last).days >= 7 * kind.every_weeks):
            wishes.append(_wish_of(kind, habits))
            why[kind.key] = [{"kind": "wish", "times": kind.times, "every": kind.every_weeks, "minutes": kind.minutes}]
    day = max(monday, now.astimezone(ZoneInfo(person.zone)).date())
    due_now = [due for due in one_to_ones.of(person, on=day) if due.due_by(monday + timedelta(days=6))]
    for due in due_now[:MOST_ONE_TO_ONES]:
        wish = _one_to_one(due, taken=why)
        wishes.append(wish)
        why[wish.key] = [{"kind": "due", "name": due.called, "days": due.days, "cadence": due.cadence_days}]
    return wishes, why


def _wish_of(kind: mapping.Kind, habits: Habits) -> Wish:
    points = POINTS[kind.worth]
    shorter = habits.too_long.get(kind.key, 0.0) * (kind.longest - kind.minutes)
    return Wish(
        key=kind.key,
        title=kind.title,
        purpose=kind.purpose,
        minutes=kind.minutes,
        longest=max(kind.minutes, kind.longest - GRID_MINUTES * round(shorter / GRID_MINUTES)),
        count=kind.times,
        days=frozenset(kind.days) or None,
        earliest=Moment(clock=kind.earliest) if kind.earliest else None,
        latest=Moment(clock=kind.latest) if kind.latest else None,
        value=None if points is None else points * habits.worth.get(kind.key, 1.0),
        apart=kind.times > 1,
        energy=Energy(kind.energy),
    )


def _one_to_one(due: one_to_ones.Due, *, taken: Container[str]) -> Wish:
    stem = ONE_TO_ONE + slugify(due.name, allow_unicode=True)[:40]
    long = due.days is None or due.days >= 2 * due.cadence_days
    return Wish(
        key=next(key for key in chain((stem,), (f"{stem}-{number}" for number in count(2))) if key not in taken),
        title=_("1:1 %(name)s") % {"name": due.called},
        purpose=Purpose.PEOPLE,
        minutes=ONE_TO_ONE_MINUTES,
        value=LONG_DUE_POINTS if long else DUE_POINTS,
        energy=Energy.TALK,
    )


def _free_numbers(wish: Wish, blocks: Sequence[Block]) -> tuple[int, ...]:
    """Numbers for the blocks still wished for: without those the owner took, and those refused for the week."""
    answered = [block for block in blocks if block.kind == wish.key and block.state != Block.State.PROPOSED]
    used = {block.number for block in answered}
    settled = {
        block.number
        for block in answered
        if not (block.state == Block.State.REFUSED and block.why_refused in PROPOSED_AGAIN)
    }
    left = max(0, wish.count - len(settled))
    return tuple(islice((number for number in count(1) if number not in used), left))


def _before(
    blocks: Sequence[Block], numbers: Mapping[str, tuple[int, ...]], zone: ZoneInfo
) -> dict[tuple[str, int], datetime]:
    """Where open blocks were proposed, numbered as the planner counts them."""
    return {
        (block.kind, numbers[block.kind].index(block.number) + 1): block.starts_at.astimezone(zone)
        for block in blocks
        if block.state == Block.State.PROPOSED and block.number in numbers.get(block.kind, ())
    }


def _points(
    wishes: Sequence[Wish], habits: Habits, blocks: Sequence[Block], zone: ZoneInfo
) -> dict[tuple[str, int, int], float]:
    """Learned preferences of these wishes; all one-to-ones share what was learned of any."""
    points: dict[tuple[str, int, int], float] = {}
    for wish in wishes:
        kind = outcomes.kind_learned(wish.key)
        points |= {(wish.key, day, hour): found for (of, day, hour), found in habits.points.items() if of == kind}
    for block in blocks:
        if block.state == Block.State.REFUSED and block.why_refused == WhyNot.WRONG_TIME.value:
            slot = outcomes.slot_of(block.proposed_start, zone)
            for hour in slot.hours:
                points[block.kind, slot.weekday, hour] = NOT_AGAIN
    return points


def _minutes(hours: float) -> int:
    return 5 * round(60 * hours / 5)
