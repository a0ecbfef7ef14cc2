"""Which wishes cannot hold, and the smallest set of what stands against them.

A deletion filter: take every cause that can be lifted, lift one after the other, and leave lifted whatever the rest
is still in conflict without. What remains conflicts, and without any one of its causes it does not. Chinneck (2008),
Feasibility and Infeasibility in Optimization, section 6.2, doi:10.1007/978-0-387-74932-7.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from equipoise.core.intervals import Span
from equipoise.core.planning.budget import Budget
from equipoise.core.planning.frame import Frame, Lifted, frame_of
from equipoise.core.planning.model import Demand, Musts, model_of
from equipoise.core.planning.places import choice_of
from equipoise.core.planning.program import Found
from equipoise.core.planning.ruler import Stretch
from equipoise.core.planning.selection import choose_greedily, musts_in
from equipoise.core.planning.week import WEEKDAYS, Block, Cause, Conflict, Fixed, Hurdle, LeftOut, Week, Why, Wish

NODES_EACH = 200
SOLVES = 60
"""Searches made to explain one plan, so that explaining ends in time."""
LEAST_SECONDS = 0.02
FEW_PLACES = 40
"""A wish with so few places is worth a word on which other wish takes them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflicts:
    """What was found.

    Attributes:
        found: The conflicts.
        alone: Keys of wishes that fit nowhere, or not as often as wished, even in a week without other wishes.
    """

    found: tuple[Conflict, ...] = ()
    alone: frozenset[str] = frozenset()

    def explain(self, left_out: Sequence[LeftOut]) -> tuple[LeftOut, ...]:
        """The blocks left out, with those marked that fit nowhere."""
        return tuple(
            LeftOut(wish=each.wish, number=each.number, title=each.title, why=Why.FITS_NOWHERE)
            if each.wish in self.alone
            else each
            for each in left_out
        )


NO_CONFLICTS = Conflicts()


@dataclass(slots=True)
class _Trials:
    """Tries whether wishes fit when some hurdles are lifted."""

    week: Week
    fixed: Sequence[Fixed]
    budget: Budget
    solves: int = 0
    sure: bool = True
    known: dict[tuple[tuple[str, ...], frozenset[Lifted]], bool] = field(default_factory=dict)

    def fit(self, wishes: Sequence[Wish], lifted: frozenset[Lifted] = frozenset()) -> bool:
        """Whether all of these wishes can be placed; assumed where the search has no answer in its limits."""
        key = (tuple(wish.key for wish in wishes), lifted)
        if key not in self.known:
            self.known[key] = self._try(wishes, lifted)
        return self.known[key]

    def _try(self, wishes: Sequence[Wish], lifted: frozenset[Lifted]) -> bool:
        if self.solves >= SOLVES or self.budget.left < LEAST_SECONDS:
            self.sure = False
            return True
        musts = [replace(wish, value=None, longest=None) for wish in wishes]
        choice = choice_of(frame_of(self.week, self.fixed, lifted), musts)
        if musts_in(choice, choose_greedily(choice)) == sum(wish.count for wish in wishes):
            return True
        self.solves += 1
        model = model_of(choice, Demand(musts=Musts.ALL, scored=False))
        answer = model.program.solve(seconds=self.budget.left, nodes=NODES_EACH)
        self.budget.solved += answer.seconds
        self.sure = self.sure and answer.found is not Found.NOTHING and not choice.thinned
        return answer.found is not Found.IMPOSSIBLE


def find_conflicts(
    week: Week,
    fixed: Sequence[Fixed],
    wishes: Sequence[Wish],
    left_out: Sequence[LeftOut],
    *,
    blocks: Sequence[Block],
    musts: bool,
    budget: Budget,
) -> Conflicts:
    """Say which wishes cannot hold.

    Args:
        week: The week.
        fixed: What stands in it.
        wishes: All wishes.
        left_out: The blocks that were not placed.
        blocks: Those that were, with what each displaced.
        musts: Whether not all that must be placed could be.
        budget: The time there is.

    Returns:
        A conflict for each wish that cannot hold even alone; for each that has few places and cannot hold beside one
        other wish; and where what must be placed cannot be placed together, the smallest set of it.
    """
    trials = _Trials(week=week, fixed=fixed, budget=budget)
    missing = {each.wish for each in left_out}
    alone = [wish for wish in wishes if wish.key in missing and not trials.fit([wish])]
    found = [_smallest(trials, [wish]) for wish in alone]
    together = [wish for wish in wishes if wish.must and wish not in alone]
    known = musts and not any(wish.must for wish in alone)
    if together and (known or (musts and not trials.fit(together))):
        found.append(_smallest(trials, _fewest(trials, together)))
    else:
        found += [_smallest(trials, pair) for pair in _clashes(trials, wishes, blocks, alone)]
    return Conflicts(found=tuple(found), alone=frozenset(wish.key for wish in alone))


def _clashes(
    trials: _Trials, wishes: Sequence[Wish], blocks: Sequence[Block], alone: Sequence[Wish]
) -> Iterator[list[Wish]]:
    """Pairs of wishes that cannot both hold, where one with few places was displaced by the other."""
    by_key = {wish.key: wish for wish in wishes}
    pairs = dict.fromkeys((block.wish, each.wish) for block in blocks for each in block.displaced)
    frame = frame_of(trials.week, trials.fixed)
    few: dict[str, bool] = {}
    for winner, loser in pairs:
        one, other = by_key[winner], by_key[loser]
        if one in alone or other in alone:
            continue
        if loser not in few:
            few[loser] = len(choice_of(frame, [other]).places) <= FEW_PLACES
        if few[loser] and not trials.fit([one, other]):
            yield [one, other]


def _fewest(trials: _Trials, wishes: Sequence[Wish]) -> list[Wish]:
    """Wishes of which none can be spared, or the others fit."""
    kept = list(wishes)
    for wish in sorted(wishes, key=lambda each: each.minutes * each.count):
        rest = [each for each in kept if each is not wish]
        if rest and not trials.fit(rest):
            kept = rest
    return kept


def _smallest(trials: _Trials, wishes: Sequence[Wish]) -> Conflict:
    """The conflict of wishes that do not fit together, with the fewest hurdles that explain it."""
    trials.sure = True
    frame = frame_of(trials.week, trials.fixed)
    hurdles = _hurdles(frame, wishes)
    lifted: frozenset[Lifted] = frozenset()
    for hurdle in hurdles:
        more = lifted | {hurdle}
        if not trials.fit(wishes, more):
            lifted = more
    left = [_cause(frame, wishes, hurdle) for hurdle in hurdles if hurdle not in lifted]
    stretch = _longest_stretch(frame, wishes[0]) if len(wishes) == 1 else None
    return Conflict(
        causes=(*(_wish_cause(wish) for wish in wishes), *left),
        proven=trials.sure,
        stretch=None if stretch is None else _span(frame, stretch),
        stretch_minutes=0 if stretch is None else stretch[1] - stretch[0],
    )


def _hurdles(frame: Frame, wishes: Sequence[Wish]) -> list[Lifted]:
    """What may be lifted, from what is least to what is most telling; the last stay longest in the set."""
    week = frame.week
    found: list[Lifted] = []
    found += [Lifted(hurdle=Hurdle.BUFFER)] if week.buffer_minutes or _travel(frame) else []
    found += [Lifted(hurdle=Hurdle.LUNCH)] if week.lunch else []
    found += [Lifted(hurdle=Hurdle.NO_MEETINGS)] if week.no_meetings else []
    found += [Lifted(hurdle=Hurdle.PROTECTED)] if week.protected else []
    found += [Lifted(hurdle=Hurdle.NOT_BEFORE)] if week.not_before else []
    found += [Lifted(hurdle=Hurdle.APART, wish=wish.key) for wish in wishes if wish.apart]
    days = [day.weekday for day in frame.days if day.weekday in week.hours]
    standing = {frame.ruler.weekday(each.start) for each in frame.stands}
    found += [Lifted(hurdle=Hurdle.FIXED, weekday=weekday) for weekday in range(WEEKDAYS) if weekday in standing]
    found += [Lifted(hurdle=Hurdle.DAILY_LIMIT, weekday=weekday) for weekday in days]
    found += [
        Lifted(hurdle=Hurdle.WINDOW, wish=wish.key) for wish in wishes if wish.earliest or wish.latest or wish.days
    ]
    found += [Lifted(hurdle=Hurdle.HOURS)]
    return found


def _travel(frame: Frame) -> bool:
    return any(each.entry.travel_minutes for each in frame.stands)


def _wish_cause(wish: Wish) -> Cause:
    minutes = wish.part_minutes if wish.split else wish.minutes
    return Cause(hurdle=Hurdle.WISH, wish=wish.key, title=wish.title, minutes=minutes, count=wish.count)


def _cause(frame: Frame, wishes: Sequence[Wish], lifted: Lifted) -> Cause:
    title = next((wish.title for wish in wishes if wish.key == lifted.wish), None)
    sizes = {
        Hurdle.BUFFER: frame.week.buffer_minutes,
        Hurdle.DAILY_LIMIT: frame.week.minutes_a_day,
        Hurdle.LUNCH: frame.week.lunch.minutes if frame.week.lunch else None,
        Hurdle.FIXED: None if lifted.weekday is None else frame.days[lifted.weekday].fixed_minutes,
    }
    return Cause(
        hurdle=lifted.hurdle,
        wish=lifted.wish,
        title=title,
        weekday=lifted.weekday,
        minutes=sizes.get(lifted.hurdle),
    )


def _longest_stretch(frame: Frame, wish: Wish) -> Stretch | None:
    """The longest stretch in which a block of a wish may lie, the first of equals."""
    windows = [stretch for day in frame.days for stretch in frame.window(wish, day)]
    return max(windows, key=lambda each: (each[1] - each[0], -each[0]), default=None)


def _span(frame: Frame, stretch: Stretch) -> Span:
    return Span(start=frame.ruler.moment(stretch[0]), end=frame.ruler.moment(stretch[1]))
