"""What became of earlier proposals, as preferences for the next one.

Every block that was proposed tells something: it was kept where it was put, moved, dropped, or refused. These are
votes for and against a part of a weekday, for each kind of block. Votes fade with time, and a single one hardly
counts: people move things for many reasons, and only what comes back is a habit. The formula stands in
`docs/methods/habits.md`; the sizes are choices of ours, not findings.

    s = sum of votes x 0.5 ** (weeks ago / 12)
    points = 30 x sign(s) x s^2 / (s^2 + 3^2)

so that one move of this week is worth 3 of 30 points, three are worth 15, and six are worth 24.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

MOST_POINTS = 30.0
HALF_AT = 3.0
"""Votes at which half of the points are given."""
HALF_LIFE_WEEKS = 12.0
SAME_PART_ELSEWHERE = 0.25
"""What a vote for a part of one weekday says about the same part of the other weekdays."""
HOURS_OF_PARTS = (range(12), range(12, 17), range(17, 24))
"""Morning, afternoon, evening."""
LEAST = 0.05
"""Points below this are none."""


class Outcome(StrEnum):
    """What became of a proposed block."""

    KEPT = "kept"
    MOVED = "moved"
    DROPPED = "dropped"
    REFUSED = "refused"


class WhyNot(StrEnum):
    """Why a block was refused."""

    TOO_LONG = "too_long"
    WRONG_TIME = "wrong_time"
    NOT_THIS_WEEK = "not_this_week"
    NOT_NEEDED = "not_needed"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A weekday (0 is Monday) and an hour of its clock (0 to 23), in the owner's zone."""

    weekday: int
    hour: int

    @property
    def part(self) -> int:
        """Morning, afternoon or evening: 0, 1, 2."""
        return next(number for number, hours in enumerate(HOURS_OF_PARTS) if self.hour in hours)

    @property
    def hours(self) -> range:
        """The hours of its part of the day."""
        return HOURS_OF_PARTS[self.part]


@dataclass(frozen=True, slots=True, kw_only=True)
class Experience:
    """What became of one block.

    Attributes:
        kind: The kind of block (the key of its wish).
        planned: Where it was put.
        outcome: What became of it.
        found: Where it was moved to; `None` unless it was moved.
        why: Why it was refused; `None` when not said.
        weeks_ago: Whole weeks since then, 0 or more.
    """

    kind: str
    planned: Slot
    outcome: Outcome
    found: Slot | None = None
    why: WhyNot | None = None
    weeks_ago: int = 0

    @property
    def weight(self) -> float:
        """How much it still counts, 0 to 1."""
        return float(0.5 ** (max(0, self.weeks_ago) / HALF_LIFE_WEEKS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """What was learned.

    Attributes:
        points: Preference in points by kind, weekday and hour; what is not there is 0.
        worth: Factor on the worth of a kind, 0 to 1; what is not there is 1. "Not needed" lowers it.
        too_long: How much of the way from a kind's longest to its shortest length to go, 0 to 1.
    """

    points: Mapping[tuple[str, int, int], float]
    worth: Mapping[str, float]
    too_long: Mapping[str, float]

    def at(self, kind: str, slot: Slot) -> float:
        """The preference for a kind of block at a time, in points."""
        return self.points.get((kind, slot.weekday, slot.hour), 0.0)


def learn_habits(experiences: Iterable[Experience]) -> Habits:
    """What a person's blocks so far tell about the next ones.

    Args:
        experiences: What became of each block, in any order. None at all gives no habits.

    Example:
        >>> monday, tuesday = Slot(weekday=0, hour=9), Slot(weekday=1, hour=14)
        >>> moved = Experience(kind="strategy", planned=monday, outcome=Outcome.MOVED, found=tuesday)
        >>> learn_habits([moved]).at("strategy", tuesday)
        3.0
        >>> learn_habits([moved] * 3).at("strategy", tuesday)
        15.0
        >>> learn_habits([moved] * 3).at("strategy", monday)
        -15.0
    """
    votes: dict[tuple[str, int, int], float] = {}
    unneeded: dict[str, float] = {}
    long: dict[str, float] = {}
    for each in experiences:
        for slot, vote in _votes(each):
            key = (each.kind, slot.weekday, slot.part)
            votes[key] = votes.get(key, 0.0) + vote * each.weight
        if each.why is WhyNot.NOT_NEEDED:
            unneeded[each.kind] = unneeded.get(each.kind, 0.0) + each.weight
        if each.why is WhyNot.TOO_LONG:
            long[each.kind] = long.get(each.kind, 0.0) + each.weight
    return Habits(
        points=_points(votes),
        worth={kind: 1 - _shrunken(sum_) for kind, sum_ in unneeded.items()},
        too_long={kind: _shrunken(sum_) for kind, sum_ in long.items()},
    )


def _votes(each: Experience) -> list[tuple[Slot, float]]:
    """Votes of one block for and against parts of weekdays."""
    if each.outcome is Outcome.KEPT:
        return [(each.planned, 0.5)]
    if each.outcome is Outcome.MOVED and each.found is not None:
        same = (each.found.weekday, each.found.part) == (each.planned.weekday, each.planned.part)
        return [(each.found, 0.5)] if same else [(each.planned, -1.0), (each.found, 1.0)]
    if each.outcome is Outcome.DROPPED:
        return [(each.planned, -0.5)]
    if each.outcome is Outcome.REFUSED and each.why is WhyNot.WRONG_TIME:
        return [(each.planned, -1.0)]
    return []


def _points(votes: Mapping[tuple[str, int, int], float]) -> dict[tuple[str, int, int], float]:
    """Points by hour, from votes by part of a weekday."""
    kinds = sorted({kind for kind, _, _ in votes})
    points: dict[tuple[str, int, int], float] = {}
    for kind in kinds:
        for part, hours in enumerate(HOURS_OF_PARTS):
            by_day = [votes.get((kind, weekday, part), 0.0) for weekday in range(7)]
            for weekday, own in enumerate(by_day):
                others = sum(by_day) - own
                found = _signed(own + SAME_PART_ELSEWHERE * others)
                if abs(found) >= LEAST:
                    points.update({(kind, weekday, hour): found for hour in hours})
    return points


def _signed(votes: float) -> float:
    size = MOST_POINTS * _shrunken(votes)
    return size if votes > 0 else -size


def _shrunken(votes: float) -> float:
    """The share of the full effect that so many votes have, 0 to 1."""
    return votes * votes / (votes * votes + HALF_AT * HALF_AT)
