"""A mixed-integer program, put together row by row and solved by HiGHS.

One thread, a fixed seed and a limit on the search tree make the answer the same each time; the clock is only the last
guard. Huangfu and Hall (2018), Parallelizing the dual revised simplex method, doi:10.1007/s12532-017-0130-5.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from importlib import import_module
from typing import Any

import numpy as np

SEED = 1
CLOSE = 1e-6
"""Relative distance of bound and value at which the optimum is proven."""


class Found(Enum):
    """How a search ended."""

    OPTIMUM = "optimum"
    SOMETHING = "something"
    NOTHING = "nothing"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the search found.

    Attributes:
        found: How it ended; `NOTHING` when a limit came before any solution.
        values: One number a column; empty without a solution.
        bound: No solution has more points.
        seconds: How long it took.
    """

    found: Found
    values: tuple[float, ...]
    bound: float
    seconds: float


@dataclass(slots=True)
class Program:
    """Columns with points to be made as many as possible, under rows."""

    points: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    row_low: list[float] = field(default_factory=list)
    row_high: list[float] = field(default_factory=list)
    row_starts: list[int] = field(default_factory=lambda: [0])
    row_columns: list[int] = field(default_factory=list)
    row_values: list[float] = field(default_factory=list)

    def column(self, *, points: float = 0.0, upper: float = 1.0, whole: bool = True) -> int:
        """Add a column from 0 to `upper`, and say its number."""
        self.points.append(points)
        self.upper.append(upper)
        self.whole.append(whole)
        return len(self.points) - 1

    def row(self, terms: Iterable[tuple[int, float]], *, low: float = -np.inf, high: float = np.inf) -> None:
        """Add a row: the sum of columns times values lies from `low` to `high`."""
        for number, value in terms:
            self.row_columns.append(number)
            self.row_values.append(value)
        self.row_starts.append(len(self.row_columns))
        self.row_low.append(low)
        self.row_high.append(high)

    def solve(self, *, seconds: float, nodes: int, start: Sequence[float] = ()) -> Answer:
        """Search for the most points.

        Args:
            seconds: The last guard, on the clock.
            nodes: The limit that is meant to come first.
            start: A solution to begin with; empty for none.
        """
        if not self.points:
            return self._without_columns()
        # Loading it costs a sixth of a second, which only planning shall pay.
        highspy: Any = import_module("highspy")
        solver = _quiet(highspy)
        for name, value in _options(seconds, nodes).items():
            solver.setOptionValue(name, value)
        solver.passModel(self._as_lp(highspy))
        if start:
            given = highspy.HighsSolution()
            given.col_value = list(start)
            solver.setSolution(given)
        solver.run()
        return _answer(highspy, solver)

    def _without_columns(self) -> Answer:
        holds = all(low <= 0 <= high for low, high in zip(self.row_low, self.row_high, strict=True))
        found = Found.OPTIMUM if holds else Found.IMPOSSIBLE
        return Answer(found=found, values=(), bound=0.0, seconds=0.0)

    def _as_lp(self, highspy: Any) -> Any:
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(self.points), len(self.row_low)
        lp.sense_ = highspy.ObjSense.kMaximize
        lp.col_cost_ = np.array(self.points)
        lp.col_lower_, lp.col_upper_ = np.zeros(len(self.points)), np.array(self.upper)
        lp.row_lower_, lp.row_upper_ = np.array(self.row_low), np.array(self.row_high)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.array(self.row_starts)
        lp.a_matrix_.index_ = np.array(self.row_columns)
        lp.a_matrix_.value_ = np.array(self.row_values)
        kinds = {True: highspy.HighsVarType.kInteger, False: highspy.HighsVarType.kContinuous}
        lp.integrality_ = [kinds[each] for each in self.whole]
        return lp


def _quiet(highspy: Any) -> Any:
    """A solver that says nothing on standard output, not even its name when it is made."""

    class Quiet(highspy.Highs):  # type: ignore[misc]
        def enableCallbacks(self) -> None:  # noqa: N802 - the solver's name for it
            self.setOptionValue("output_flag", False)  # noqa: FBT003 - the solver's way
            super().enableCallbacks()

    return Quiet()


def _options(seconds: float, nodes: int) -> dict[str, object]:
    return {
        "output_flag": False,
        "threads": 1,
        "parallel": "off",
        "random_seed": SEED,
        "mip_rel_gap": CLOSE,
        "mip_abs_gap": CLOSE,
        "mip_max_nodes": nodes,
        "time_limit": seconds,
    }


def _answer(highspy: Any, solver: Any) -> Answer:
    status, info = solver.getModelStatus(), solver.getInfo()
    statuses = highspy.HighsModelStatus
    has_solution = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    if status == statuses.kOptimal:
        found = Found.OPTIMUM
    elif status in {statuses.kInfeasible, statuses.kUnboundedOrInfeasible}:
        found = Found.IMPOSSIBLE
    else:
        found = Found.SOMETHING if has_solution else Found.NOTHING
    values = tuple(solver.getSolution().col_value) if found in {Found.OPTIMUM, Found.SOMETHING} else ()
    # Where the search is over, the bound it reports may be an older one; it is the value itself, to within `CLOSE`.
    bound = float(info.objective_function_value if found is Found.OPTIMUM else info.mip_dual_bound)
    return Answer(found=found, values=values, bound=bound, seconds=float(solver.getRunTime()))
