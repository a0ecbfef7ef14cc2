"""The choice as a mixed-integer program, and its solution read back.

One yes-or-no for each place. At each start of a place, at most one of the places that hold this minute (their buffer
after them included) is taken: these are the largest sets of places that exclude each other, so that the relaxation is
tight. Equal blocks of a wish share their places and need no order among them.
"""

import math
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from equipoise.core.planning.frame import Day, Stands
from equipoise.core.planning.places import Choice, Item, Place
from equipoise.core.planning.points import CROWDED, EXTRA_PART, FULL_DAY
from equipoise.core.planning.program import Answer, Program
from equipoise.core.planning.ruler import Stretch
from equipoise.core.planning.selection import Selection

TAKEN = 0.5
DAY_MINUTES = 25 * 60
"""No day is longer."""


class Musts(Enum):
    """How blocks that must be placed enter the program."""

    ALL = "all"
    MOST = "most"
    SO_MANY = "so_many"


@dataclass(slots=True)
class Model:
    """A choice as a program.

    Attributes:
        choice: What it is made from.
        program: The program.
        place_columns: The column of each place.
        whole_columns: By item that may be split: the column that says whether all of it is placed.
        stay_columns: By moving entry: the column that says it stays.
        move_columns: By moving entry: the columns of its places.
        break_columns: By weekday: the columns of the starts of its break.
    """

    choice: Choice
    program: Program = field(default_factory=Program)
    place_columns: list[int] = field(default_factory=list)
    whole_columns: dict[int, int] = field(default_factory=dict)
    stay_columns: list[int] = field(default_factory=list)
    move_columns: list[list[int]] = field(default_factory=list)
    break_columns: dict[int, list[int]] = field(default_factory=dict)

    def read(self, answer: Answer) -> Selection:
        """What an answer takes."""
        values = answer.values
        return Selection(
            places=tuple(number for number, column in enumerate(self.place_columns) if values[column] > TAKEN),
            moves=tuple(
                (number, place)
                for number, columns in enumerate(self.move_columns)
                for place, column in enumerate(columns)
                if values[column] > TAKEN
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What is asked of blocks that must be placed.

    Attributes:
        musts: All of them; as many as can be, whatever else; or at least `so_many`.
        so_many: How many blocks.
        scored: Whether points count; else any solution is as good as another.
    """

    musts: Musts = Musts.ALL
    so_many: int = 0
    scored: bool = True

    @property
    def counts(self) -> bool:
        """Whether places, targets and moves count."""
        return self.scored and self.musts is not Musts.MOST


ALL = Demand()


def model_of(choice: Choice, demand: Demand = ALL) -> Model:
    """Write a choice as a program."""
    model = Model(choice=choice)
    _add_columns(model, demand)
    own: list[list[int]] = [[] for _ in choice.items]
    for number, place in enumerate(choice.places):
        own[place.item].append(number)
    for number, item in enumerate(choice.items):
        _add_item(model, number, item, own[number], demand=demand)
    _add_order(model)
    if demand.counts:
        _add_dominance(model, own)
    if demand.musts is Musts.SO_MANY:
        model.program.row(_must_terms(model), low=demand.so_many)
    if demand.counts:
        _add_targets(model)
        _add_even_days(model)
    _add_exclusions(model)
    for day in choice.frame.days:
        _add_day(model, day)
    return model


def _add_columns(model: Model, demand: Demand) -> None:
    choice, program = model.choice, model.program
    worth = _WORTHS[demand.musts] if demand.scored else _nothing
    for place in choice.places:
        model.place_columns.append(program.column(points=worth(choice.items[place.item], place)))
    for number, item in enumerate(choice.items):
        if item.split is not None:
            model.whole_columns[number] = program.column(points=worth(item, None))
    counts = demand.counts
    for moving in choice.movings:
        model.stay_columns.append(program.column())
        model.move_columns.append([program.column(points=place.points if counts else 0) for place in moving.places])
        taken = [*model.move_columns[-1], model.stay_columns[-1]]
        program.row(((column, 1.0) for column in taken), low=1, high=1)


def _points(item: Item, place: Place | None) -> float:
    """Points of a place, or of all parts of an item together."""
    if place is None:
        return item.value - EXTRA_PART * item.worth
    return place.points + (item.value if item.split is None else EXTRA_PART * item.worth)


def _must(item: Item, place: Place | None) -> float:
    """One for each block that must be placed."""
    return float(item.wish.must and (place is None) == (item.split is not None))


def _nothing(item: Item, place: Place | None) -> float:
    del item, place
    return 0.0


_WORTHS = {Musts.ALL: _points, Musts.SO_MANY: _points, Musts.MOST: _must}


def _add_item(model: Model, number: int, item: Item, own: Sequence[int], *, demand: Demand) -> None:
    program, places = model.program, model.choice.places
    counts = demand.counts
    all_of_it = item.wish.must and demand.musts is Musts.ALL
    if item.split is not None:
        whole = model.whole_columns[number]
        parts = [(model.place_columns[each], float(places[each].minutes)) for each in own]
        program.row([*parts, (whole, -float(item.split))], low=0, high=0)
        if all_of_it:
            program.row([(whole, 1.0)], low=1, high=1)
        return
    terms = [(model.place_columns[each], 1.0) for each in own]
    program.row(terms, low=item.blocks if all_of_it else 0, high=item.blocks)
    if item.blocks == 1 and item.a_day is None:
        return
    for weekday in range(len(model.choice.frame.days)):
        that_day = [(model.place_columns[each], 1.0) for each in own if places[each].weekday == weekday]
        if len(that_day) > 1 and item.a_day is not None:
            program.row(that_day, high=item.a_day)
        if len(that_day) > 1 and item.a_day != 1 and item.blocks > 1 and counts:
            beyond = program.column(points=CROWDED * item.worth, upper=item.blocks, whole=False)
            program.row([*that_day, (beyond, -1.0)], high=1)


def _add_order(model: Model) -> None:
    """Of equal blocks that may be split, the first is placed first."""
    items = model.choice.items
    for number, column in model.whole_columns.items():
        if number + 1 in model.whole_columns and items[number + 1].wish is items[number].wish:
            model.program.row([(column, 1.0), (model.whole_columns[number + 1], -1.0)], low=0)


def _add_dominance(model: Model, own: Sequence[Sequence[int]]) -> None:
    """Of two blocks of one length, the one that is worth no less wherever the other may lie is placed first.

    Were it left out and the other placed, it could take the other's place without a loss; so no best plan is lost, and
    the search need not try both ways.
    """
    worths = {
        number: _worths(model, own[number])
        for number, item in enumerate(model.choice.items)
        if own[number] and _is_simple(item)
    }
    for better in worths:
        for other in worths:
            if better != other and _dominates(model, better, other, worths):
                terms = [(model.place_columns[each], 1.0) for each in own[better]]
                model.program.row([*terms, *((model.place_columns[each], -1.0) for each in own[other])], low=0)


def _is_simple(item: Item) -> bool:
    """Whether an item is one block of one length that need not be placed."""
    wish = item.wish
    return not wish.must and wish.longest is None and item.split is None and item.blocks == 1 and item.a_day is None


def _worths(model: Model, own: Sequence[int]) -> dict[int, float]:
    """The points of a block by its start."""
    places = [model.choice.places[each] for each in own]
    return {place.start: _points(model.choice.items[place.item], place) for place in places}


def _dominates(model: Model, better: int, other: int, worths: Mapping[int, Mapping[int, float]]) -> bool:
    one, two = model.choice.items[better].wish, model.choice.items[other].wish
    counted = {one.purpose, two.purpose} & set(model.choice.targets)
    if one.minutes != two.minutes or (one.purpose is not two.purpose and counted):
        return False
    own, others = worths[better], worths[other]
    if any(start not in own or own[start] < worth for start, worth in others.items()):
        return False
    return better < other or own != others


def _must_terms(model: Model) -> list[tuple[int, float]]:
    items = model.choice.items
    pieces = [
        (column, 1.0)
        for place, column in zip(model.choice.places, model.place_columns, strict=True)
        if items[place.item].wish.must and items[place.item].split is None
    ]
    return pieces + [(column, 1.0) for number, column in model.whole_columns.items() if items[number].wish.must]


def _add_targets(model: Model) -> None:
    choice, program = model.choice, model.program
    for purpose, target in choice.targets.items():
        terms = [
            (column, float(place.minutes))
            for place, column in zip(choice.places, model.place_columns, strict=True)
            if choice.items[place.item].wish.purpose is purpose
        ]
        if not terms:
            continue
        for size, points in target.pieces(choice.rate):
            column = program.column(points=points, upper=size, whole=False)
            terms.append((column, -1.0))
        program.row(terms, low=0, high=0)


def _add_even_days(model: Model) -> None:
    """Minutes of a day beyond the week's even share cost a little."""
    choice, program = model.choice, model.program
    if math.isinf(choice.even):
        return
    for day in choice.frame.days:
        terms = [
            (column, float(place.minutes))
            for place, column in zip(choice.places, model.place_columns, strict=True)
            if place.weekday == day.weekday
        ]
        if terms:
            beyond = program.column(points=FULL_DAY * choice.rate, upper=DAY_MINUTES, whole=False)
            program.row([*terms, (beyond, -1.0)], high=choice.even)


def _add_day(model: Model, day: Day) -> None:
    """Rows of one day: the daily limit, and the break."""
    placed = [
        (column, place)
        for place, column in zip(model.choice.places, model.place_columns, strict=True)
        if place.weekday == day.weekday
    ]
    placed += [(column, place) for column, place, _ in _moved(model) if place.weekday == day.weekday]
    _add_limit(model, day, placed)
    if day.lunch:
        _add_lunch(model, day, placed)


def _moved(model: Model) -> Iterator[tuple[int, Place, Stands]]:
    for moving, columns in zip(model.choice.movings, model.move_columns, strict=True):
        for place, column in zip(moving.places, columns, strict=True):
            yield column, place, moving.stands


def _held_by(stands: Stands, start: int, end: int, buffer: int) -> Stretch:
    """What an entry holds against places that hold their buffer after them."""
    return start - (stands.apart - buffer), end + stands.apart


def _add_exclusions(model: Model) -> None:
    """At most one place a minute, and none beside a movable entry that stays."""
    buffer = model.choice.frame.buffer
    held = [
        (column, (place.start, place.end + buffer))
        for place, column in zip(model.choice.places, model.place_columns, strict=True)
    ]
    held += [(column, _held_by(stands, place.start, place.end, buffer)) for column, place, stands in _moved(model)]
    for terms in _largest_sets(held):
        model.program.row(((column, 1.0) for column in terms), high=1)
    for number, moving in enumerate(model.choice.movings):
        first, last = _held_by(moving.stands, *moving.stands.stretch, buffer)
        own, stays = set(model.move_columns[number]), model.stay_columns[number]
        near = [
            (column, (max(start, first), min(end, last)))
            for column, (start, end) in held
            if column not in own and start < last and first < end
        ]
        for terms in _largest_sets(near, least=1):
            model.program.row([*((column, 1.0) for column in terms), (stays, 1.0)], high=1)


def _largest_sets(held: Sequence[tuple[int, Stretch]], *, least: int = 2) -> Iterator[list[int]]:
    """The largest sets of stretches that share a minute, of `least` stretches or more, in the order of time."""
    starts = sorted({first for _, (first, _) in held})
    ends = sorted({last for _, (_, last) in held})
    sets: list[list[int]] = [[] for _ in starts]
    for column, (first, last) in held:
        for at in range(bisect_left(starts, first), bisect_left(starts, last)):
            sets[at].append(column)
    for at, first in enumerate(starts):
        following = starts[at + 1] if at + 1 < len(starts) else ends[-1]
        if bisect_left(ends, first + 1) < bisect_left(ends, following + 1) and len(sets[at]) >= least:
            yield sets[at]


def _add_limit(model: Model, day: Day, placed: Sequence[tuple[int, Place]]) -> None:
    """Minutes placed on a day, less those of entries that leave it, keep to its room."""
    if day.over or not placed:
        return
    terms = [(column, float(place.minutes)) for column, place in placed]
    room = float(day.room)
    for number, moving in enumerate(model.choice.movings):
        if day.span[0] <= moving.stands.start and moving.stands.end <= day.span[1]:
            terms.append((model.stay_columns[number], float(moving.frees)))
            room += moving.frees
    if sum(minutes for _, minutes in terms) > room:
        model.program.row(terms, high=room)


def _add_lunch(model: Model, day: Day, placed: Sequence[tuple[int, Place]]) -> None:
    """One of the starts of the break stays free."""
    window = (day.lunch[0], day.lunch[-1] + day.lunch_minutes)
    near = [
        (column, (max(place.start, window[0]), min(place.end, window[1])))
        for column, place in placed
        if place.start < window[1] and window[0] < place.end
    ]
    if not near:
        return
    breaks = [(model.program.column(), (start, start + day.lunch_minutes)) for start in day.lunch]
    model.break_columns[day.weekday] = [column for column, _ in breaks]
    model.program.row(((column, 1.0) for column, _ in breaks), low=1, high=1)
    for terms in _largest_sets([*near, *breaks]):
        model.program.row(((column, 1.0) for column in terms), high=1)


def start_of(model: Model, selection: Selection) -> list[float]:
    """A selection in which nothing moves, as values of the whole-numbered columns; the solver finds the others."""
    choice, values = model.choice, [0.0] * len(model.program.points)
    chosen = [choice.places[number] for number in selection.places]
    for number in selection.places:
        values[model.place_columns[number]] = 1.0
    for number in {place.item for place in chosen} & set(model.whole_columns):
        values[model.whole_columns[number]] = 1.0
    for column in model.stay_columns:
        values[column] = 1.0
    for weekday, columns in model.break_columns.items():
        day = choice.frame.days[weekday]
        there = [place for place in chosen if place.weekday == weekday]
        for column, start in zip(columns, day.lunch, strict=True):
            if all(place.end <= start or start + day.lunch_minutes <= place.start for place in there):
                values[column] = 1.0
                break
    return values
