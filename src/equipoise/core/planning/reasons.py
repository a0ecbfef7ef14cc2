"""A selection put into words' values: the blocks with their reasons, what was left out, and the minutes by facet."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from equipoise.core.facets import PURPOSES, Purpose
from equipoise.core.planning.places import Choice, Place, fixed_minutes
from equipoise.core.planning.selection import Selection, filled, minutes_by_purpose
from equipoise.core.planning.week import (
    Because,
    Block,
    BlockName,
    Energy,
    FacetMinutes,
    LeftOut,
    Move,
    Reason,
    Why,
)

HABIT_COUNTS = 5.0
"""Points from which a learned preference is worth a word."""

Numbered = tuple[Place, int, int, int]
"""A place, the number of its block, its part, and how many parts the block has."""


def blocks_of(
    choice: Choice,
    selection: Selection,
    before: Mapping[tuple[str, int], datetime],
    habits: Mapping[tuple[str, int, int], float],
    left_out: Sequence[LeftOut],
) -> tuple[Block, ...]:
    """The blocks in the order of time."""
    chosen = [choice.places[number] for number in selection.places]
    moment = choice.frame.ruler.moment
    blocks, many = [], Counter(each.item for each in choice.places)
    missing = {each.wish for each in left_out}
    others = [each for each in choice.places if choice.items[each.item].wish.key in missing]
    for place, number, part, parts in sorted(_numbered(choice, chosen), key=lambda each: each[0].start):
        wish = choice.items[place.item].wish
        blocks.append(
            Block(
                wish=wish.key,
                number=number,
                part=part,
                parts=parts,
                title=wish.title,
                purpose=wish.purpose,
                start=moment(place.start),
                end=moment(place.end),
                reasons=tuple(_reasons(choice, chosen, place, before, habits, only=many[place.item] == 1)),
                displaced=_displaced(choice, selection, place, others, left_out),
            )
        )
    return tuple(blocks)


def _numbered(choice: Choice, chosen: Sequence[Place]) -> list[Numbered]:
    """Places with the number of their block, counted over the wish in the order of time."""
    by_wish: dict[str, list[list[Place]]] = defaultdict(list)
    split: dict[int, list[Place]] = {}
    for place in sorted(chosen, key=lambda each: each.start):
        item = choice.items[place.item]
        if item.split is not None and place.item in split:
            split[place.item].append(place)
            continue
        block = [place]
        if item.split is not None:
            split[place.item] = block
        by_wish[item.wish.key].append(block)
    return [
        (place, number, part, len(block))
        for blocks in by_wish.values()
        for number, block in enumerate(blocks, start=1)
        for part, place in enumerate(block, start=1)
    ]


def _reasons(
    choice: Choice,
    chosen: Sequence[Place],
    place: Place,
    before: Mapping[tuple[str, int], datetime],
    habits: Mapping[tuple[str, int, int], float],
    *,
    only: bool,
) -> list[Reason]:
    wish, ruler = choice.items[place.item].wish, choice.frame.ruler
    found = [*_target_reason(choice, chosen, place)]
    found.append(Reason(kind=Because.MUST) if wish.must else Reason(kind=Because.WORTH, value=wish.value))
    focus = choice.frame.week.focus_hours
    if focus is not None and wish.energy is Energy.FOCUS:
        first, last = ruler.hours(place.weekday, focus)
        found += [Reason(kind=Because.FOCUS_HOURS)] if first <= place.start and place.end <= last else []
    if any(key == wish.key and ruler.minute(start) == place.start for (key, _), start in before.items()):
        found.append(Reason(kind=Because.AS_BEFORE))
    if habits.get((wish.key, place.weekday, ruler.hour(place.start)), 0.0) >= HABIT_COUNTS:
        found.append(Reason(kind=Because.HABIT))
    if only:
        found.append(Reason(kind=Because.ONLY_PLACE))
    return found


def _target_reason(choice: Choice, chosen: Sequence[Place], place: Place) -> list[Reason]:
    """That a facet is short of its target without the block."""
    purpose = choice.items[place.item].wish.purpose
    if purpose is None or purpose not in choice.frame.week.targets:
        return []
    low, high = choice.frame.week.targets[purpose]
    there = fixed_minutes(choice.frame).get(purpose, 0)
    others = there + minutes_by_purpose(choice, chosen).get(purpose, 0) - place.minutes
    if others >= low:
        return []
    return [Reason(kind=Because.TARGET, purpose=purpose, minutes=others, low=low, high=high)]


def _displaced(
    choice: Choice, selection: Selection, place: Place, others: Sequence[Place], left_out: Sequence[LeftOut]
) -> tuple[BlockName, ...]:
    """Blocks left out that would fit if this place were free."""
    if not left_out:
        return ()
    filling = filled(choice, (each for each in selection.places if choice.places[each] is not place))
    buffer = choice.frame.buffer
    fitting = {
        choice.items[each.item].wish.key
        for each in others
        if each.start < place.end + buffer
        and place.start < each.end + buffer
        and each.item != place.item
        and choice.items[each.item].split is None
        and filling.fits(each)
    }
    return tuple(BlockName(wish=each.wish, number=each.number) for each in left_out if each.wish in fitting)


def left_out_of(choice: Choice, selection: Selection) -> tuple[LeftOut, ...]:
    """Blocks that were not placed, in the order of the wishes."""
    chosen = [choice.places[number] for number in selection.places]
    placed: dict[str, int] = defaultdict(int)
    for place, number, _, _ in _numbered(choice, chosen):
        key = choice.items[place.item].wish.key
        placed[key] = max(placed[key], number)
    filling = filled(choice, selection.places)
    found: list[LeftOut] = []
    for wish in {item.wish.key: item.wish for item in choice.items}.values():
        missing = range(placed[wish.key] + 1, wish.count + 1)
        if not missing:
            continue
        own = [each for each in choice.places if choice.items[each.item].wish is wish]
        room = not wish.split and any(filling.fits(each) for each in own)
        why = Why.NOT_WORTH_IT if room else Why.NO_ROOM
        found += [LeftOut(wish=wish.key, number=number, title=wish.title, why=why) for number in missing]
    return tuple(found)


def moves_of(choice: Choice, selection: Selection) -> tuple[Move, ...]:
    """Entries proposed to move."""
    moment = choice.frame.ruler.moment
    found = []
    for number, place in selection.moves:
        moving = choice.movings[number]
        entry = moving.stands.entry
        to = moment(moving.places[place].start)
        found.append(Move(key=entry.key, title=entry.title, start=entry.start, end=entry.end, moved_to=to))
    return tuple(found)


def facets_of(choice: Choice, selection: Selection) -> dict[Purpose, FacetMinutes]:
    """Minutes of each facet that has a target or a minute."""
    there = fixed_minutes(choice.frame)
    proposed = minutes_by_purpose(choice, (choice.places[number] for number in selection.places))
    targets = choice.frame.week.targets
    found = {}
    for purpose in PURPOSES:
        if purpose in targets or purpose in there or purpose in proposed:
            low, high = targets.get(purpose, (None, None))
            found[purpose] = FacetMinutes(
                fixed=there.get(purpose, 0), proposed=proposed.get(purpose, 0), target_low=low, target_high=high
            )
    return found
