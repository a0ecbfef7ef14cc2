"""How long a plan may take."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(slots=True)
class Budget:
    """Seconds for one plan.

    Attributes:
        seconds: How many there are.
        clock: Seconds on any clock; without one only the solver's time counts.
        begun: The clock at the beginning.
        solved: How long the solver took so far.
    """

    seconds: float
    clock: Callable[[], float] | None = None
    begun: float = 0.0
    solved: float = 0.0

    def __post_init__(self) -> None:
        """Look at the clock."""
        self.begun = self.clock() if self.clock else 0.0

    @property
    def spent(self) -> float:
        """Seconds gone."""
        return self.clock() - self.begun if self.clock else self.solved

    @property
    def left(self) -> float:
        """Seconds left, 0 or more."""
        return max(0.0, self.seconds - self.spent)
