"""Print the hours and leading shares the demo agency was planned with, and how long it takes to make.

Run with `python -m equipoise.adapters.demo_agency.summary 2026-11-25`.
"""

import sys
from datetime import date
from statistics import fmean, pstdev
from time import process_time

from equipoise.adapters.demo_agency.calendars import calendar_of
from equipoise.adapters.demo_agency.meetings import Plan
from equipoise.adapters.demo_agency.people import agency
from equipoise.adapters.demo_agency.planning import plan_agency
from equipoise.adapters.demo_agency.weeks import FIRST_WEEK
from equipoise.core.facets import FACETS, LEADING, PURPOSES, Purpose


def summary(until: date) -> str:
    """A table: for each person hours a week, the leading share and its spread over weeks, and shares by purpose."""
    start = process_time()
    plan = plan_agency(until)
    planned = process_time()
    first = calendar_of("lena", until=until)
    one = process_time()
    size = len(first) + sum(len(calendar_of(person.key, until=until)) for person in agency().people[1:])
    end = process_time()
    head = f"{'person':9}{'h/week':>7}{'leading':>8}{'spread':>7}  " + " ".join(f"{name[:6]:>6}" for name in PURPOSES)
    foot = (
        f"CPU time: plan {planned - start:.2f} s, one calendar with the plan {one - start:.2f} s, "
        f"all forty {end - start:.2f} s, {size / 1e6:.1f} MB"
    )
    return "\n".join([head, *(_row(plan, person.key) for person in agency().people), foot])


def _row(plan: Plan, key: str) -> str:
    weeks = [hours for week in range(FIRST_WEEK, 0) if _work(hours := plan.hours.get((key, week), {})) > 3]
    total = {purpose: sum(hours.get(purpose, 0.0) for hours in weeks) for purpose in PURPOSES}
    shares = [_leading(hours) for hours in weeks]
    worked = sum(total.values())
    parts = " ".join(f"{total[purpose] / worked:6.2f}" for purpose in PURPOSES)
    mean = fmean(sum(hours.values()) for hours in weeks)
    return f"{key:9}{mean:7.1f}{_leading(total):8.2f}{pstdev(shares):7.2f}  {parts}"


def _work(hours: dict[Purpose, float]) -> float:
    return sum(hours.get(purpose, 0.0) for purpose in FACETS)


def _leading(hours: dict[Purpose, float]) -> float:
    return sum(hours.get(purpose, 0.0) for purpose in LEADING) / _work(hours)


if __name__ == "__main__":
    day = date.fromisoformat(sys.argv[1]) if len(sys.argv) > 1 else date(2026, 11, 25)
    sys.stdout.write(summary(day) + "\n")
