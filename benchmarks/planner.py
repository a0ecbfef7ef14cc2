"""Fifty weeks planned: worth and time beside a greedy planner, and the bound that no plan can pass.

    .venv/bin/python benchmarks/planner.py [--weeks 50] [--verbose]

Each week (see `planning_weeks.py`) is planned twice in this one process: by the greedy planner, which takes wishes by
worth a minute and puts each where it adds most, and by `plan_week`. Both follow the same rules and are counted by the
same points. Every plan is checked by `plan_checking.py`, which shares no code with the model, and planned once more to
see that the answer is the same. Fails when a plan breaks a rule, is worth less than the greedy one, or differs; the
times are for reading.
"""

import argparse
import statistics
import sys
import time
from dataclasses import dataclass

from plan_checking import faults_of
from planning_weeks import Given, invented_week

from equipoise.core.planning.frame import frame_of
from equipoise.core.planning.places import choice_of
from equipoise.core.planning.planner import plan_week
from equipoise.core.planning.selection import choose_greedily, points_of
from equipoise.core.planning.week import Plan, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One week, planned by both."""

    seed: int
    places: int
    entry_hours: float
    greedy: float
    greedy_seconds: float
    plan: Plan
    seconds: float
    processor: float
    faults: list[str]

    @property
    def in_time(self) -> bool:
        """Whether the optimum was proven within two seconds, reading and explaining included."""
        return self.plan.status is Status.OPTIMAL and self.seconds <= 2.0


def plan_both(seed: int) -> Measured:
    """Plan one week greedily and well."""
    given = invented_week(seed)
    begun = time.perf_counter()
    choice = choice_of(frame_of(given.week, given.fixed), given.wishes, before=given.before)
    greedy = points_of(choice, choose_greedily(choice))
    greedy_seconds = time.perf_counter() - begun
    begun, processor = time.perf_counter(), time.process_time()
    plan = plan_week(given.week, given.fixed, given.wishes, before=given.before)
    seconds, processor = time.perf_counter() - begun, time.process_time() - processor
    faults = faults_of(plan, given.week, given.fixed, given.wishes)
    if plan.objective < greedy - 1e-6:
        faults.append(f"worth {plan.objective}, and the greedy plan {greedy}")
    if _places(plan) != _places(plan_week(given.week, given.fixed, given.wishes, before=given.before)):
        faults.append("another plan the second time")
    return Measured(
        seed=seed,
        places=len(choice.places),
        entry_hours=_hours(given),
        greedy=greedy,
        greedy_seconds=greedy_seconds,
        plan=plan,
        seconds=seconds,
        processor=processor,
        faults=faults,
    )


def _hours(given: Given) -> float:
    return sum(each.span.hours for each in given.fixed)


def _places(plan: Plan) -> list[tuple[object, ...]]:
    return [(each.wish, each.number, each.start, each.end) for each in plan.blocks]


def main() -> int:
    """Plan all weeks and print the table."""
    words = argparse.ArgumentParser(description="Plan invented weeks beside a greedy planner.")
    words.add_argument("--weeks", type=int, default=50)
    words.add_argument("--first", type=int, default=0)
    asked = words.parse_args()
    plan_both(asked.first)  # the solver is loaded once
    print("seed  entries h  places  greedy worth    s   plan worth   bound  placed    s  status    plan/greedy")
    found = []
    for seed in range(asked.first, asked.first + asked.weeks):
        each = plan_both(seed)
        found.append(each)
        print(
            f"{seed:>4}  {each.entry_hours:>9.1f}  {each.places:>6}  {each.greedy:>12.1f} {each.greedy_seconds:>4.2f}"
            f"  {each.plan.objective:>11.1f} {each.plan.bound:>7.1f}  {len(each.plan.blocks):>6} {each.seconds:>4.2f}"
            f"  {each.plan.status.value:<9} {each.plan.objective / each.greedy:>10.3f}",
            flush=True,
        )
        for fault in each.faults:
            print(f"      FAULT: {fault}")
    _sum_up(found)
    return 1 if any(each.faults for each in found) else 0


def _sum_up(found: list[Measured]) -> None:
    ratios = [each.plan.objective / each.greedy for each in found]
    times, processor = [each.seconds for each in found], [each.processor for each in found]
    proven = sum(each.in_time for each in found)
    print(f"Proven optimal within 2 s: {proven} of {len(found)} ({100 * proven / len(found):.0f} %)")
    print(f"Seconds: median {statistics.median(times):.2f}, within 1 s {sum(each <= 1 for each in times)}, ", end="")
    print(f"longest {max(times):.2f}")
    print(f"Seconds of the processor: median {statistics.median(processor):.2f}, ", end="")
    print(f"within 1 s {sum(each <= 1 for each in processor)}, longest {max(processor):.2f}")
    print(f"Worth against greedy: mean {statistics.mean(ratios):.3f}, lowest {min(ratios):.3f}")
    print(f"Plans with a fault: {sum(bool(each.faults) for each in found)}")


if __name__ == "__main__":
    sys.exit(main())
