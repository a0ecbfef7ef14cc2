"""How many people a figure must rest on.

Five for a figure of a group and ten for a breakdown of it are what survey software holds to (docs/methods/
release-rules.md names whose); that a small count can be told at all rests on Sweeney 2002, "k-anonymity"
(doi:10.1142/S0218488502001648). The numbers are frozen with what was released under them.
"""

from dataclasses import dataclass

FLOOR = 3
LEAST = 5
LEAST_FOR_PARTS = 10


class RulesTooLoose(ValueError):
    """A threshold lies below what is ever allowed; raise it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRules:
    """The thresholds of a release.

    Attributes:
        least: A figure rests on at least so many people, and so does whatever two figures differ by.
        least_for_parts: A group is broken down into parts only from so many people on.

    Raises:
        RulesTooLoose: When `least` lies below 3, or the parts need fewer than twice as many.

    Example:
        >>> ReleaseRules().least, ReleaseRules(least=8).least_for_parts
        (5, 16)
    """

    least: int = LEAST
    least_for_parts: int = 0

    def __post_init__(self) -> None:
        """Refuse what is too loose; without a number of their own, parts need twice the least."""
        if not self.least_for_parts:
            object.__setattr__(self, "least_for_parts", max(2 * self.least, LEAST_FOR_PARTS))
        if self.least < FLOOR:
            raise RulesTooLoose(f"At least {FLOOR} people must stand behind a figure, not {self.least}.")
        if self.least_for_parts < 2 * self.least:
            raise RulesTooLoose(
                f"A part has at least {self.least} people and leaves as many, so a breakdown needs {2 * self.least} "
                f"people, not {self.least_for_parts}."
            )
