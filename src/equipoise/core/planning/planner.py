"""The plan of a week: the best places for what is wished for, each with its reason."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from equipoise.core.planning.budget import Budget
from equipoise.core.planning.conflicts import NO_CONFLICTS, find_conflicts
from equipoise.core.planning.frame import frame_of
from equipoise.core.planning.model import ALL, Demand, Musts, model_of, start_of
from equipoise.core.planning.places import Choice, choice_of
from equipoise.core.planning.program import Answer, Found
from equipoise.core.planning.reasons import blocks_of, facets_of, left_out_of, moves_of
from equipoise.core.planning.selection import (
    NOTHING,
    Selection,
    choose_greedily,
    most_points,
    musts_in,
    points_of,
    settled,
)
from equipoise.core.planning.week import Fixed, Plan, Status, Week, WeekRefused, Wish

MOST_SECONDS = 4.2
NODES = 1000
"""Nodes of the search tree after which the best plan found is taken, so that the answer does not hang on the clock."""
FOR_REASONS = 0.5
"""Seconds kept for saying why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A selection, and how it was found.

    Attributes:
        selection: What is taken.
        bound: No selection has more points.
        proven: Whether none has.
        possible: Whether all that must be placed is.
    """

    selection: Selection
    bound: float
    proven: bool
    possible: bool


def plan_week(
    week: Week,
    fixed: Sequence[Fixed],
    wishes: Sequence[Wish],
    *,
    before: Mapping[tuple[str, int], datetime] | None = None,
    habits: Mapping[tuple[str, int, int], float] | None = None,
    seconds: float = MOST_SECONDS,
    clock: Callable[[], float] | None = None,
) -> Plan:
    """Place blocks in a week so that they are worth most, and say why each lies where it lies.

    What is fixed stays. Blocks lie on the grid in the working hours, off protected time, and at the buffer's distance
    from everything; fixed and proposed minutes together keep to the daily limit; a break stays free. The same input
    gives the same plan. The rules, and the sizes of what counts, stand in `docs/methods/planner.md`.

    Args:
        week: Its days, hours, limits and targets.
        fixed: What stands in the calendar; what lies outside the week is left aside.
        wishes: What shall be placed.
        before: Where an earlier proposal had each block, by wish and number; leaving its place costs a little.
        habits: Learned preferences in points of an ordinary block of 100, by wish, weekday and hour.
        seconds: The last guard on the time of the search; the limit on its steps is meant to come first.
        clock: Seconds on any clock, to say how long the whole took; else `Plan.seconds` is the solver's time only.

    Raises:
        WeekRefused: When two wishes or two entries have the same key.
    """
    _refuse_doubles(fixed, wishes)
    budget = Budget(seconds=seconds, clock=clock)
    choice = choice_of(frame_of(week, fixed), wishes, before=before, habits=habits)
    chosen = _choose(choice, budget)
    left_out = left_out_of(choice, chosen.selection)
    blocks = blocks_of(choice, chosen.selection, before or {}, habits or {}, left_out)
    conflicts = NO_CONFLICTS
    if left_out:
        conflicts = find_conflicts(
            week, fixed, wishes, left_out, blocks=blocks, musts=not chosen.possible, budget=budget
        )
    objective = points_of(choice, chosen.selection)
    nothing = bool(wishes) and not chosen.selection.places and bool(conflicts.found)
    return Plan(
        status=_status(chosen, nothing=nothing),
        objective=objective,
        bound=max(chosen.bound, objective),
        blocks=blocks,
        moves=moves_of(choice, chosen.selection),
        left_out=conflicts.explain(left_out),
        conflicts=conflicts.found,
        facets=facets_of(choice, chosen.selection),
        seconds=budget.spent,
    )


def _refuse_doubles(fixed: Sequence[Fixed], wishes: Sequence[Wish]) -> None:
    for keys, what in (([each.key for each in fixed], "entries"), ([each.key for each in wishes], "wishes")):
        double = next((key for key in keys if keys.count(key) > 1), None)
        if double is not None:
            raise WeekRefused(f"Two {what} have the key '{double}'.")


def _status(chosen: Chosen, *, nothing: bool) -> Status:
    if nothing or not chosen.possible:
        return Status.INFEASIBLE
    return Status.OPTIMAL if chosen.proven else Status.FEASIBLE


def _choose(choice: Choice, budget: Budget) -> Chosen:
    """The best selection; where not all that must be placed can be, the best of those that place most of it."""
    greedy = choose_greedily(choice)
    answer, selection = _search(choice, ALL, greedy, budget, share=1.0)
    if answer.found is not Found.IMPOSSIBLE:
        return _better(choice, greedy, answer, selection, possible=answer.found is not Found.NOTHING)
    _, at_most = _search(choice, Demand(musts=Musts.MOST), greedy, budget, share=1 / 3)
    if musts_in(choice, at_most) < musts_in(choice, greedy):
        at_most = greedy
    demand = Demand(musts=Musts.SO_MANY, so_many=musts_in(choice, at_most))
    answer, selection = _search(choice, demand, at_most, budget, share=1 / 2)
    return _better(choice, at_most, answer, selection, possible=False)


def _search(
    choice: Choice, demand: Demand, start: Selection, budget: Budget, *, share: float
) -> tuple[Answer, Selection]:
    """Search in a share of the seconds left, less those kept for saying why."""
    model = model_of(choice, demand)
    seconds = max(0.0, share * budget.left - FOR_REASONS)
    answer = model.program.solve(seconds=seconds, nodes=NODES, start=start_of(model, start))
    budget.solved += answer.seconds
    return answer, model.read(answer) if answer.values else NOTHING


def _better(choice: Choice, start: Selection, answer: Answer, selection: Selection, *, possible: bool) -> Chosen:
    """What was found, or what the search began with where that is worth more and places as much."""
    found = selection if answer.values else start
    if musts_in(choice, start) >= musts_in(choice, found) and points_of(choice, start) > points_of(choice, found):
        found = start
    all_musts = sum(item.blocks for item in choice.items if item.wish.must)
    return Chosen(
        selection=settled(choice, found),
        bound=min(most_points(choice), answer.bound) if not choice.thinned else most_points(choice),
        proven=answer.found is Found.OPTIMUM and not choice.thinned,
        possible=possible or musts_in(choice, found) == all_musts,
    )
