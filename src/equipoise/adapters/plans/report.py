"""What is told of a plan: the plan, and what it was made from."""

from collections.abc import Mapping
from dataclasses import dataclass

from equipoise.core.planning.week import Fixed, Plan, Week, Wish


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanReport:
    """A plan with its frame.

    Attributes:
        week: The frame.
        wishes: What was wished for.
        fixed: The entries of the week that count as fixed.
        left_aside: How many entries of the week do not count as fixed, by reason in plain words.
        plan: The answer.
    """

    week: Week
    wishes: tuple[Wish, ...]
    fixed: tuple[Fixed, ...]
    left_aside: Mapping[str, int]
    plan: Plan
