"""The places each wish may take: every start on the grid, with every length allowed, that nothing fixed forbids."""

import math
from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from equipoise.core.facets import Purpose
from equipoise.core.planning.frame import Day, Frame, Stands
from equipoise.core.planning.points import (
    EACH_DAY_LATER,
    HABIT_UNIT,
    LONGER,
    MOST_BY_PLACE,
    MOVED,
    OUT_OF_FOCUS,
    SAME_DAY,
    SAME_START,
    TALK_IN_FOCUS,
    Target,
    targets_of,
    usual_worth,
    worth_of,
)
from equipoise.core.planning.ruler import Stretch, Stretches, minutes_of, shared
from equipoise.core.planning.week import Energy, Hurdle, Wish

MOST_LENGTHS = 10
"""Lengths tried of one block, evenly from the shortest to the longest."""

MOST_PARTS = 16
"""Lengths tried of one part of a block, and as many that make it whole."""

MOST_PLACES = 25_000
"""Beyond so many places in a week only some of the starts on the grid are tried, evenly."""

EMPTY_ENOUGH = 0.5
"""Wishes are spread among the days when they need so much of the room at most; else room decides where they lie."""

Before = Mapping[tuple[str, int], datetime]
Habits = Mapping[tuple[str, int, int], float]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a block, a part of one or a moved entry may lie.

    Attributes:
        item: Number of its item.
        weekday: Its day.
        start: Its first minute.
        end: The minute it ends at.
        points: What the place adds to, or takes from, the worth of the block.
    """

    item: int
    weekday: int
    start: int
    end: int
    points: float

    @property
    def minutes(self) -> int:
        """Its length."""
        return self.end - self.start


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What is placed as one: the blocks of a wish, or one block of a wish that may be split.

    Attributes:
        wish: Its wish.
        blocks: How many blocks at most.
        split: Minutes that the parts must add up to; `None` when blocks lie in one piece.
        worth: What shares are shares of.
        value: Points of each block placed.
        a_day: Most blocks on one day; `None` for no such limit.
    """

    wish: Wish
    blocks: int
    split: int | None
    worth: float
    value: float
    a_day: int | None

    @property
    def density(self) -> float:
        """Its worth a minute."""
        return self.worth / self.wish.minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class Moving:
    """A movable entry, with the places it may move to."""

    stands: Stands
    places: tuple[Place, ...]
    frees: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """All there is to choose from.

    Attributes:
        frame: The week.
        items: What may be placed.
        places: Where, item by item and in the order of time.
        movings: What may move.
        targets: What is missing to each target.
        rate: The usual worth of a wished minute.
        even: Wished minutes a day, if each day that has room held as many; infinite in a week with little room.
        thinned: Whether only some of the starts on the grid are there, for want of time for all.
    """

    frame: Frame
    items: tuple[Item, ...]
    places: tuple[Place, ...]
    movings: tuple[Moving, ...]
    targets: Mapping[Purpose, Target]
    rate: float
    even: float
    thinned: bool


def choice_of(
    frame: Frame,
    wishes: Sequence[Wish],
    *,
    before: Before | None = None,
    habits: Habits | None = None,
) -> Choice:
    """Find the places of all wishes in a week."""
    rate = usual_worth(wishes)
    items = tuple(item for wish in wishes for item in _items(frame, wish, rate))
    taste = _Taste(frame=frame, before=before or {}, habits=habits or {})
    every = _every(frame, items)
    places = tuple(place for number, item in enumerate(items) for place in _places(frame, number, item, taste, every))
    return Choice(
        frame=frame,
        items=items,
        places=places,
        movings=tuple(_movings(frame, rate)),
        targets=targets_of(frame.week, fixed_minutes(frame)),
        rate=rate,
        even=_even(frame, wishes, {place.weekday for place in places}),
        thinned=every > 1,
    )


def _even(frame: Frame, wishes: Sequence[Wish], weekdays: Collection[int]) -> float:
    """Minutes wished for in a week, shared evenly among the days on which anything can lie."""
    wished = sum(wish.minutes * wish.count for wish in wishes)
    room = sum(max(0, min(day.room, minutes_of(day.free))) for day in frame.days if day.weekday in weekdays)
    return wished / len(weekdays) if weekdays and wished <= EMPTY_ENOUGH * room else math.inf


def _every(frame: Frame, items: Sequence[Item]) -> int:
    """Each how-manieth start on the grid is tried, so that there are not too many places."""
    step = frame.week.grid_minutes
    amount = sum(
        len(lengths_of(item, step)) * max(0, end - start - shortest) // step
        for item in items
        for shortest in [lengths_of(item, step)[0]]
        for day in frame.days
        for start, end in frame.window(item.wish, day)
    )
    return -(-amount // MOST_PLACES) or 1


def fixed_minutes(frame: Frame) -> dict[Purpose, int]:
    """Minutes in the week of fixed entries, by purpose; each entry in full, also where two run at once."""
    found: dict[Purpose, int] = {}
    week = (frame.days[0].span[0], frame.days[-1].span[1])
    for each in frame.stands:
        if each.entry.purpose is not None:
            inside = minutes_of(shared((each.stretch,), (week,)))
            found[each.entry.purpose] = found.get(each.entry.purpose, 0) + inside
    return found


def _items(frame: Frame, wish: Wish, rate: float) -> Iterator[Item]:
    worth = worth_of(wish, rate)
    split = wish.split and wish.part_minutes < wish.minutes
    a_day = _a_day(frame, wish) if wish.apart and not split else None
    for _ in range(wish.count if split else 1):
        yield Item(
            wish=wish,
            blocks=1 if split else wish.count,
            split=wish.minutes if split else None,
            worth=worth,
            value=0.0 if wish.must else worth,
            a_day=a_day,
        )


def _a_day(frame: Frame, wish: Wish) -> int | None:
    """Most blocks of a wish a day: one, or more where there are more blocks than days with a place."""
    if frame.lifts(Hurdle.APART, wish=wish.key):
        return None
    days = sum(any(end - start >= wish.minutes for start, end in frame.window(wish, day)) for day in frame.days)
    return -(-wish.count // days) if days else 1


def lengths_of(item: Item, step: int) -> tuple[int, ...]:
    """Lengths a block, or a part of one, may have."""
    wish = item.wish
    if item.split is None:
        return _some(wish.minutes, wish.longest or wish.minutes, step)
    part, whole = wish.part_minutes, item.split
    wide = step
    while (whole - part) // wide > MOST_PARTS:
        wide += step
    lengths = set(range(-(-part // wide) * wide, whole - part + 1, wide))
    return tuple(sorted({whole} | lengths | {whole - length for length in lengths}))


def _some(shortest: int, longest: int, step: int) -> tuple[int, ...]:
    """Lengths from the shortest to the longest, in steps of the grid that grow until there are few enough."""
    wide = step
    while (longest - shortest) // wide + 2 > MOST_LENGTHS:
        wide += step
    return tuple(sorted({*range(shortest, longest, wide), longest}))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taste:
    """What makes one place better than another."""

    frame: Frame
    before: Before
    habits: Habits

    def share(self, wish: Wish, day: Day, stretch: Stretch, *, focus: Stretches, starts: frozenset[int]) -> float:
        """The share of a block's worth that a place adds, negative where it takes."""
        share, (start, end) = EACH_DAY_LATER * day.weekday, stretch
        if focus and wish.energy is not Energy.ANY:
            inside = minutes_of(shared(((start, end),), focus)) / (end - start)
            share += OUT_OF_FOCUS * (1 - inside) if wish.energy is Energy.FOCUS else TALK_IN_FOCUS * inside
        if start in starts:
            share += SAME_START
        elif any(day.span[0] <= each < day.span[1] for each in starts):
            share += SAME_DAY
        if self.habits:
            hour = self.frame.ruler.hour(start)
            share += self.habits.get((wish.key, day.weekday, hour), 0.0) / HABIT_UNIT
        return max(-MOST_BY_PLACE, min(MOST_BY_PLACE, share))

    def starts_before(self, wish: Wish) -> frozenset[int]:
        """Where an earlier proposal put blocks of a wish."""
        minute = self.frame.ruler.minute
        return frozenset(minute(start) for (key, _), start in self.before.items() if key == wish.key)


def _places(frame: Frame, number: int, item: Item, taste: _Taste, every: int) -> Iterator[Place]:
    wish, week = item.wish, frame.week
    lengths, starts_before = lengths_of(item, week.grid_minutes), taste.starts_before(item.wish)
    for day in frame.days:
        window = frame.window(wish, day)
        focus = () if week.focus_hours is None else (frame.ruler.hours(day.weekday, week.focus_hours),)
        longest = day.room + _may_leave(frame, day)
        for start, until in _starts(day, window, every):
            for length in lengths:
                if start + length > until or length > longest:
                    break
                share = taste.share(wish, day, (start, start + length), focus=focus, starts=starts_before)
                share *= 1.0 if item.split is None else length / item.split
                extra = 0.0 if item.split is not None else LONGER * item.density * (length - wish.minutes)
                yield Place(number, day.weekday, start, start + length, share * item.worth + extra)


def _starts(day: Day, window: Stretches, every: int) -> Iterator[Stretch]:
    """The starts on the grid in a window, and until when each has room."""
    for first, last in window:
        for start in day.grid[bisect_left(day.grid, first) : bisect_left(day.grid, last) : every]:
            yield start, last


def _may_leave(frame: Frame, day: Day) -> int:
    """Minutes of movable entries of a day."""
    if day.over:
        return 0
    return sum(each.end - each.start for each in frame.stands if each.movable and _starts_on(each, day))


def _starts_on(each: Stands, day: Day) -> bool:
    return day.span[0] <= each.start < day.span[1]


def _movings(frame: Frame, rate: float) -> Iterator[Moving]:
    for each in frame.stands:
        if not each.movable:
            continue
        length = each.end - each.start
        points = MOVED * rate * max(60, length)
        places = tuple(
            Place(-1, day.weekday, start, start + length, points)
            for day in frame.days
            for start in day.grid
            if start != each.start and not day.over and _fits(frame, day, each, start)
        )
        yield Moving(stands=each, places=places, frees=_alone(frame, each))


def _fits(frame: Frame, day: Day, moved: Stands, start: int) -> bool:
    """Whether a movable entry may move here: in the hours, with its distance to all that stays."""
    end = start + moved.end - moved.start
    if not any(first <= start and end <= last for first, last in day.free):
        return False
    more = moved.apart - frame.buffer
    near = (start - more, end + more)
    return not any(
        near[0] < other.kept_free[1] and other.kept_free[0] < near[1]
        for other in frame.stands
        if not other.movable and other is not moved
    )


def _alone(frame: Frame, each: Stands) -> int:
    """Minutes of an entry during which nothing else stands: what its day gains for sure when it leaves."""
    others = [other.stretch for other in frame.stands if other is not each]
    overlap = sum(minutes_of(shared((each.stretch,), (other,))) for other in others)
    return max(0, each.end - each.start - overlap)
