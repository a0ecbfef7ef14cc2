"""What holds of every plan, whatever the week."""

import pytest
from benchmarks.plan_checking import faults_of
from hypothesis import HealthCheck, given, settings
from tests.core.plan_weeks import small_weeks, whole_weeks

from equipoise.core.planning.frame import frame_of
from equipoise.core.planning.places import Choice, choice_of
from equipoise.core.planning.planner import plan_week
from equipoise.core.planning.selection import choose_greedily, filled, musts_in, points_of
from equipoise.core.planning.week import Fixed, Status, Week, Wish

Given = tuple[Week, tuple[Fixed, ...], tuple[Wish, ...]]
GUARD = 600.0
"""Seconds that the last guard leaves, so that the steps of the search decide and not the clock."""
unhurried = settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.too_slow])


class TestPlanWeek:
    @given(whole_weeks())
    @unhurried
    def test_keeps_every_rule_and_is_never_worse_than_greedy(self, found: Given) -> None:
        frame, entries, wishes = found
        plan = plan_week(frame, entries, wishes, seconds=GUARD)
        assert faults_of(plan, frame, entries, wishes) == []
        choice = choice_of(frame_of(frame, entries), wishes)
        greedy = choose_greedily(choice)
        if musts_in(choice, greedy) == sum(each.count for each in wishes if each.must):
            assert plan.objective >= points_of(choice, greedy) - 1e-6

    @given(whole_weeks())
    @unhurried
    def test_says_the_same_twice(self, found: Given) -> None:
        first, second = (plan_week(*found, seconds=GUARD) for _ in range(2))
        assert (first.blocks, first.moves, first.left_out) == (second.blocks, second.moves, second.left_out)
        assert (first.status, first.objective, first.conflicts) == (second.status, second.objective, second.conflicts)

    @given(whole_weeks())
    @unhurried
    def test_names_a_conflict_where_what_must_be_placed_cannot(self, found: Given) -> None:
        plan = plan_week(*found, seconds=GUARD)
        missing = {each.wish for each in plan.left_out} & {each.key for each in found[2] if each.must}
        if missing:
            assert plan.status is Status.INFEASIBLE
            assert plan.conflicts

    @given(small_weeks())
    @unhurried
    def test_finds_what_trying_every_plan_finds(self, found: Given) -> None:
        frame, entries, wishes = found
        choice = choice_of(frame_of(frame, entries), wishes)
        plan = plan_week(frame, entries, wishes, seconds=GUARD)
        assert plan.status in {Status.OPTIMAL, Status.INFEASIBLE}
        assert plan.objective == pytest.approx(best_of_all(choice), abs=1e-6)


def best_of_all(choice: Choice) -> float:
    """The points of the best plan, found by trying every set of places in turn."""
    filling, best = filled(choice, ()), 0.0

    def go_on(number: int) -> None:
        nonlocal best
        if number == len(choice.places):
            best = max(best, points_of(choice, filling.selection))
            return
        place = choice.places[number]
        many = sum(choice.places[each].item == place.item for each in filling.taken)
        if many < choice.items[place.item].blocks and filling.fits(place):
            filling.take(number)
            go_on(number + 1)
            filling.give_back(number)
        go_on(number + 1)

    go_on(0)
    return best
