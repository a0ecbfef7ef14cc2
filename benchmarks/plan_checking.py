"""Checks a plan against the rules, written apart from the model: with moments and local clocks, minute by minute.

Nothing here is shared with the planner but the values that go in and come out.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta

from equipoise.core.planning.week import Block, Energy, Fixed, Moment, Plan, Status, Week, Wish

MINUTE = timedelta(minutes=1)
Pair = tuple[datetime, datetime]


def faults_of(plan: Plan, week: Week, fixed: Sequence[Fixed], wishes: Sequence[Wish]) -> list[str]:
    """What a plan does wrong, in words; nothing when it keeps all rules."""
    standing = _after_moves(plan, fixed)
    return [
        *_place_faults(plan, week),
        *_neighbour_faults(plan, week, standing),
        *_day_faults(plan, week, fixed, standing),
        *_wish_faults(plan, week, wishes),
        *_move_faults(plan, week, fixed, standing),
        *_sum_faults(plan, week),
    ]


def _seconds(moment: datetime) -> float:
    return moment.timestamp()


def _after_moves(plan: Plan, fixed: Sequence[Fixed]) -> list[tuple[Fixed, Pair]]:
    moved = {move.key: (move.moved_to, move.moved_end) for move in plan.moves}
    return [
        (each, moved.get(each.key, (each.start, each.end)))
        for each in fixed
        if _seconds(each.start) < _seconds(each.end)
    ]


def _inside_hours(start: datetime, end: datetime, week: Week) -> bool:
    first, last = start.astimezone(week.zone), end.astimezone(week.zone)
    hours = week.hours.get(first.weekday())
    if hours is None or not week.monday <= first.date() <= week.monday + timedelta(days=6):
        return False
    if last.date() != first.date():
        return hours.closes == time(0) and first.time() >= hours.opens and last.time() == time(0)
    closes = hours.closes if hours.closes != time(0) else time(23, 59, 59)
    return hours.opens <= first.time() and last.time() <= closes


def _overlap(one: Pair, other: Pair) -> bool:
    return _seconds(one[0]) < _seconds(other[1]) and _seconds(other[0]) < _seconds(one[1])


def _place_faults(plan: Plan, week: Week) -> Iterator[str]:
    for block in plan.blocks:
        local = block.start.astimezone(week.zone)
        if not _inside_hours(block.start, block.end, week):
            yield f"{block.title} at {local} lies outside the working hours"
        if (local.hour * 60 + local.minute) % week.grid_minutes or local.second:
            yield f"{block.title} at {local} is off the grid"
        if any(_overlap((block.start, block.end), (each.start, each.end)) for each in week.protected):
            yield f"{block.title} at {local} lies in protected time"
        if week.not_before is not None and _seconds(block.start) < _seconds(week.not_before):
            yield f"{block.title} at {local} begins too early"
        if not block.reasons:
            yield f"{block.title} at {local} has no reason"


def _apart(one: Pair, other: Pair) -> float:
    """Minutes between two times; negative when they overlap."""
    return max(_seconds(one[0]) - _seconds(other[1]), _seconds(other[0]) - _seconds(one[1])) / 60


def _neighbour_faults(plan: Plan, week: Week, standing: Sequence[tuple[Fixed, Pair]]) -> Iterator[str]:
    for number, block in enumerate(plan.blocks):
        own = (block.start, block.end)
        for other in plan.blocks[:number]:
            if _apart(own, (other.start, other.end)) < week.buffer_minutes:
                yield f"{block.title} at {block.start} is too near to {other.title} at {other.start}"
        for entry, there in standing:
            if _apart(own, there) < max(week.buffer_minutes, entry.travel_minutes):
                yield f"{block.title} at {block.start} is too near to {entry.title} at {there[0]}"


def _local_minutes(pairs: Sequence[Pair], week: Week, day: int) -> set[int]:
    """The minutes, counted from the epoch, of some times within one local day."""
    first = datetime.combine(week.day(day), time(), tzinfo=week.zone)
    last = datetime.combine(week.day(day) + timedelta(days=1), time(), tzinfo=week.zone)
    found: set[int] = set()
    for start, end in pairs:
        low, high = max(_seconds(start), _seconds(first)), min(_seconds(end), _seconds(last))
        found.update(range(int(low // 60), int(-(-high // 60))))
    return found


def _day_faults(
    plan: Plan, week: Week, fixed: Sequence[Fixed], standing: Sequence[tuple[Fixed, Pair]]
) -> Iterator[str]:
    for day in range(7):
        there = _local_minutes([pair for _, pair in standing], week, day)
        blocks = [each for each in plan.blocks if each.start.astimezone(week.zone).date() == week.day(day)]
        proposed = _local_minutes([(each.start, each.end) for each in blocks], week, day)
        if blocks and len(there | proposed) > week.minutes_a_day:
            yield f"day {day} has {len(there | proposed)} minutes of {week.minutes_a_day}"
        yield from _lunch_faults(week, day, fixed, there | proposed)


def _lunch_faults(week: Week, day: int, fixed: Sequence[Fixed], taken: set[int]) -> Iterator[str]:
    if week.lunch is None or day not in week.hours:
        return
    between = week.lunch.between
    last_day = week.day(day) + timedelta(days=between.closes == time(0))
    opens = int(_seconds(datetime.combine(week.day(day), between.opens, tzinfo=week.zone)) // 60)
    closes = int(_seconds(datetime.combine(last_day, between.closes, tzinfo=week.zone)) // 60)
    before = _local_minutes([(each.start, each.end) for each in fixed if each.start < each.end], week, day)
    window = range(opens, closes)
    if _longest_run(window, before) >= week.lunch.minutes > _longest_run(window, taken):
        yield f"day {day} leaves no break of {week.lunch.minutes} minutes"


def _longest_run(window: range, taken: set[int]) -> int:
    longest = run = 0
    for minute in window:
        run = 0 if minute in taken else run + 1
        longest = max(longest, run)
    return longest


def _wish_faults(plan: Plan, week: Week, wishes: Sequence[Wish]) -> Iterator[str]:
    by_wish: dict[str, list[Block]] = defaultdict(list)
    for block in plan.blocks:
        by_wish[block.wish].append(block)
    left = {(each.wish, each.number) for each in plan.left_out}
    for wish in wishes:
        own = by_wish.pop(wish.key, [])
        numbers = {block.number for block in own}
        if numbers | {number for key, number in left if key == wish.key} != set(range(1, wish.count + 1)):
            yield f"{wish.title} has blocks {sorted(numbers)} of {wish.count} and the others are not left out"
        if wish.must and len(numbers) < wish.count and plan.status is not Status.INFEASIBLE:
            yield f"{wish.title} must be placed and is not"
        yield from _length_faults(wish, own)
        yield from _window_faults(wish, own, week)
    if by_wish:
        yield f"nobody wished for {sorted(by_wish)}"


def _length_faults(wish: Wish, own: Sequence[Block]) -> Iterator[str]:
    for number in {block.number for block in own}:
        parts = [block.minutes for block in own if block.number == number]
        if wish.split:
            fits = sum(parts) == wish.minutes and min(parts) >= min(wish.part_minutes, wish.minutes)
        else:
            fits = len(parts) == 1 and wish.minutes <= parts[0] <= (wish.longest or wish.minutes)
        if not fits:
            yield f"{wish.title} {number} has parts of {parts} minutes"


def _window_faults(wish: Wish, own: Sequence[Block], week: Week) -> Iterator[str]:
    for block in own:
        start, end = block.start.astimezone(week.zone), block.end.astimezone(week.zone)
        if wish.days is not None and start.weekday() not in wish.days:
            yield f"{wish.title} lies on a {start:%A}"
        if wish.earliest is not None and not _after(start, wish.earliest, week):
            yield f"{wish.title} at {start} begins before {wish.earliest}"
        if wish.latest is not None and not _until(start, end, wish.latest, week):
            yield f"{wish.title} to {end} ends after {wish.latest}"
        quiet = any(_overlap((start, end), (each.start, each.end)) for each in week.no_meetings)
        if wish.energy is Energy.TALK and quiet:
            yield f"{wish.title} at {start} lies in time without meetings"


def _after(start: datetime, earliest: Moment, week: Week) -> bool:
    if earliest.day is None and earliest.weekday is None:
        return start.time() >= (earliest.clock or time())
    day = earliest.day or week.day(earliest.weekday or 0)
    return _seconds(start) >= _seconds(datetime.combine(day, earliest.clock or time(), tzinfo=week.zone))


def _until(start: datetime, end: datetime, latest: Moment, week: Week) -> bool:
    if latest.day is None and latest.weekday is None:
        clock = latest.clock or time()
        midnight = clock == time()
        bound = datetime.combine(start.date() + timedelta(days=midnight), clock, tzinfo=week.zone)
        return _seconds(end) <= _seconds(bound)
    day = latest.day or week.day(latest.weekday or 0)
    if latest.clock is None:
        day, clock = day + timedelta(days=1), time()
    else:
        clock = latest.clock
    return _seconds(end) <= _seconds(datetime.combine(day, clock, tzinfo=week.zone))


def _move_faults(
    plan: Plan, week: Week, fixed: Sequence[Fixed], standing: Sequence[tuple[Fixed, Pair]]
) -> Iterator[str]:
    entries = {each.key: each for each in fixed}
    moved = {move.key for move in plan.moves}
    for entry, there in standing:
        if entry.key not in moved:
            continue
        if not entries[entry.key].movable:
            yield f"{entry.title} moves and must not"
        if not _inside_hours(*there, week):
            yield f"{entry.title} moves out of the working hours"
        for other, place in standing:
            least = max(week.buffer_minutes, entry.travel_minutes, other.travel_minutes)
            if other is not entry and _apart(there, place) < least:
                yield f"{entry.title} moves too near to {other.title}"


def _sum_faults(plan: Plan, week: Week) -> Iterator[str]:
    if plan.objective > plan.bound + 1e-6:
        yield f"the bound {plan.bound} lies below the objective {plan.objective}"
    for purpose, facet in plan.facets.items():
        own = sum(each.minutes for each in plan.blocks if each.purpose is purpose)
        if facet.proposed != own:
            yield f"{purpose} has {own} minutes proposed, not {facet.proposed}"
        if purpose in week.targets and (facet.target_low, facet.target_high) != week.targets[purpose]:
            yield f"{purpose} shows another target"
