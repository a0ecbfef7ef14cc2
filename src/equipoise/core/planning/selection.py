"""What was chosen, what it is worth, and a greedy choice to begin from and to measure against."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from equipoise.core.facets import Purpose
from equipoise.core.planning.places import Choice, Item, Place
from equipoise.core.planning.points import CROWDED, EXTRA_PART, FULL_DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Places taken, by their number in the choice, and entries moved, by theirs.

    Attributes:
        places: Numbers of places, ascending.
        moves: Number of the moving entry, and of its place.
    """

    places: tuple[int, ...] = ()
    moves: tuple[tuple[int, int], ...] = ()


NOTHING = Selection()


def points_of(choice: Choice, selection: Selection) -> float:
    """What a selection is worth; see `docs/methods/planner.md`."""
    chosen = [choice.places[number] for number in selection.places]
    points = sum(place.points for place in chosen)
    for number, item in enumerate(choice.items):
        own = [place for place in chosen if place.item == number]
        if own:
            points += _item_points(item, own)
    points += _full_days(choice, chosen)
    proposed = minutes_by_purpose(choice, chosen)
    points += sum(target.worth(proposed.get(purpose, 0), choice.rate) for purpose, target in choice.targets.items())
    return points + sum(choice.movings[number].places[place].points for number, place in selection.moves)


def most_points(choice: Choice) -> float:
    """Points that no selection can pass, found without a search: everything placed where it is worth most."""
    most = [0.0] * len(choice.items)
    for place in choice.places:
        most[place.item] = max(most[place.item], place.points)
    blocks = sum(item.blocks * (item.value + best) for item, best in zip(choice.items, most, strict=True))
    return blocks + sum(target.worth(target.to_low + target.to_high, choice.rate) for target in choice.targets.values())


def _item_points(item: Item, own: Sequence[Place]) -> float:
    if item.split is not None:
        return item.value + EXTRA_PART * item.worth * (len(own) - 1)
    days = len({place.weekday for place in own})
    return item.value * len(own) + CROWDED * item.worth * (len(own) - days)


def _full_days(choice: Choice, chosen: Iterable[Place]) -> float:
    """What days cost that hold more proposed minutes than the week's even share."""
    minutes: dict[int, int] = defaultdict(int)
    for place in chosen:
        minutes[place.weekday] += place.minutes
    beyond = sum(max(0.0, each - choice.even) for each in minutes.values())
    return FULL_DAY * choice.rate * beyond


def minutes_by_purpose(choice: Choice, chosen: Iterable[Place]) -> dict[Purpose, int]:
    """Proposed minutes by facet."""
    found: dict[Purpose, int] = {}
    for place in chosen:
        purpose = choice.items[place.item].wish.purpose
        if purpose is not None:
            found[purpose] = found.get(purpose, 0) + place.minutes
    return found


@dataclass(slots=True)
class Filling:
    """A week while it is being filled; nothing movable moves.

    Attributes:
        choice: What there is to choose from.
        taken: Numbers of the places taken.
        by_day: The same places by weekday.
        minutes: Minutes taken by facet.
    """

    choice: Choice
    taken: list[int] = field(default_factory=list)
    by_day: dict[int, list[Place]] = field(default_factory=lambda: defaultdict(list))
    minutes: dict[Purpose, int] = field(default_factory=lambda: defaultdict(int))

    def take(self, number: int) -> None:
        """Take a place."""
        place = self.choice.places[number]
        self.taken.append(number)
        self.by_day[place.weekday].append(place)
        purpose = self.choice.items[place.item].wish.purpose
        if purpose is not None:
            self.minutes[purpose] += place.minutes

    def give_back(self, number: int) -> None:
        """Give a place back that was taken."""
        place = self.choice.places[number]
        self.taken.remove(number)
        self.by_day[place.weekday].remove(place)
        purpose = self.choice.items[place.item].wish.purpose
        if purpose is not None:
            self.minutes[purpose] -= place.minutes

    def fits(self, place: Place) -> bool:
        """Whether a place is free beside what was taken, in the limit of its day, and leaves room for the break."""
        choice, frame = self.choice, self.choice.frame
        day, item, there = frame.days[place.weekday], choice.items[place.item], self.by_day[place.weekday]
        around = [*self.by_day[place.weekday - 1], *there, *self.by_day[place.weekday + 1]]
        if any(place.start < each.end + frame.buffer and each.start < place.end + frame.buffer for each in around):
            return False
        if any(_near(place, each.stands.kept_free) for each in choice.movings):
            return False
        if sum(each.minutes for each in there) + place.minutes > day.room:
            return False
        if item.a_day is not None and sum(each.item == place.item for each in there) >= item.a_day:
            return False
        return not day.lunch or any(
            all(each.end <= start or start + day.lunch_minutes <= each.start for each in [*there, place])
            for start in day.lunch
        )

    def gain(self, place: Place) -> float:
        """Points that a place in one piece adds."""
        choice, item = self.choice, self.choice.items[place.item]
        crowded = any(each.item == place.item for each in self.by_day[place.weekday])
        points = item.value + place.points + (CROWDED * item.worth if crowded else 0.0)
        there_already = sum(each.minutes for each in self.by_day[place.weekday])
        room = max(0.0, choice.even - there_already)
        points += FULL_DAY * choice.rate * max(0.0, place.minutes - room)
        purpose = item.wish.purpose
        if purpose is None or purpose not in choice.targets:
            return points
        target, there = choice.targets[purpose], self.minutes[purpose]
        return points + target.worth(there + place.minutes, choice.rate) - target.worth(there, choice.rate)

    @property
    def selection(self) -> Selection:
        """What was taken so far."""
        return Selection(places=tuple(sorted(self.taken)))


def filled(choice: Choice, numbers: Iterable[int]) -> Filling:
    """A week in which some places are taken."""
    filling = Filling(choice=choice)
    for number in numbers:
        filling.take(number)
    return filling


def _near(place: Place, kept_free: tuple[int, int]) -> bool:
    return place.start < kept_free[1] and kept_free[0] < place.end


def choose_greedily(choice: Choice) -> Selection:
    """Fill the week wish by wish: what must be placed first, then by worth a minute, each where it adds most.

    A block that must be placed may find no room, and then it is missing.
    """
    order = sorted(
        range(len(choice.items)),
        key=lambda number: (not choice.items[number].wish.must, -choice.items[number].density, number),
    )
    filling = Filling(choice=choice)
    places: dict[int, list[int]] = {number: [] for number in order}
    for number, place in enumerate(choice.places):
        places[place.item].append(number)
    for number in order:
        item = choice.items[number]
        if item.split is None:
            for _ in range(item.blocks):
                if not _take_best(filling, places[number], must=item.wish.must):
                    break
        else:
            _take_parts(filling, places[number], item)
    return filling.selection


def _take_best(filling: Filling, numbers: Sequence[int], *, must: bool) -> bool:
    """Take the place that adds most, if it adds anything; say whether one was taken."""
    best, most = None, 0.0
    for number in numbers:
        place = filling.choice.places[number]
        if filling.fits(place):
            gain = filling.gain(place)
            if gain > most or (best is None and must):
                best, most = number, gain
    if best is None:
        return False
    filling.take(best)
    return True


def _take_parts(filling: Filling, numbers: Sequence[int], item: Item) -> None:
    """Take the longest part that fits, again and again; give all back when they do not add up, or to too little."""
    places, taken, left = filling.choice.places, [], item.split or 0
    points = points_of(filling.choice, filling.selection)
    while left > 0:
        fitting = [
            number
            for number in numbers
            if _adds_up(left - places[number].minutes, item.wish.part_minutes) and filling.fits(places[number])
        ]
        if not fitting:
            break
        best = max(fitting, key=lambda number: (places[number].minutes, -number))
        filling.take(best)
        taken.append(best)
        left -= places[best].minutes
    worse = not item.wish.must and points_of(filling.choice, filling.selection) <= points
    if left > 0 or worse:
        for number in taken:
            filling.give_back(number)


def _adds_up(left: int, part: int) -> bool:
    return left == 0 or left >= part


def musts_in(choice: Choice, selection: Selection) -> int:
    """How many of the blocks that must be placed are."""
    chosen = [choice.places[number] for number in selection.places]
    whole = [place for place in chosen if choice.items[place.item].split is None]
    split = {place.item for place in chosen if choice.items[place.item].split is not None}
    return sum(choice.items[place.item].wish.must for place in whole) + sum(
        choice.items[item].wish.must for item in split
    )


def settled(choice: Choice, selection: Selection) -> Selection:
    """The same blocks, each as early on its day as it may lie without a loss; what is free stays in one piece.

    Left as it is where an entry moves, since a filled week knows nothing of moves.
    """
    if selection.moves:
        return selection
    filling = filled(choice, selection.places)
    earlier: dict[tuple[int, int, int], list[int]] = defaultdict(list)
    for number, place in enumerate(choice.places):
        earlier[place.item, place.weekday, place.minutes].append(number)
    for number in sorted(selection.places, key=lambda each: choice.places[each].start):
        own = choice.places[number]
        filling.give_back(number)
        fitting = (
            each
            for each in earlier[own.item, own.weekday, own.minutes]
            if choice.places[each].points >= own.points and filling.fits(choice.places[each])
        )
        filling.take(min(fitting, key=lambda each: choice.places[each].start, default=number))
    return filling.selection
