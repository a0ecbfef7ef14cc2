"""What holds of every plan, whatever the week."""

from benchmarks.plan_checking import faults_of
from hypothesis import HealthCheck, given, settings
from tests.core.plan_weeks import whole_weeks

from equipoise.core.planning.frame import frame_of
from equipoise.core.planning.places import choice_of
from equipoise.core.planning.planner import plan_week
from equipoise.core.planning.selection import choose_greedily, musts_in, points_of
from equipoise.core.planning.week import Fixed, Status, Week, Wish

Given = tuple[Week, tuple[Fixed, ...], tuple[Wish, ...]]
GUARD = 600.0
"""Seconds that the last guard leaves, so that the steps of the search decide and not the clock."""
unhurried = settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])


class TestPlanWeek:
    @given(whole_weeks())
    @unhurried
    def test_keeps_every_rule(self, found: Given) -> None:
        frame, entries, wishes = found
        assert faults_of(plan_week(frame, entries, wishes, seconds=GUARD), frame, entries, wishes) == []

    @given(whole_weeks())
    @unhurried
    def test_is_never_worse_than_greedy(self, found: Given) -> None:
        frame, entries, wishes = found
        choice = choice_of(frame_of(frame, entries), wishes)
        greedy = choose_greedily(choice)
        plan = plan_week(frame, entries, wishes, seconds=GUARD)
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
