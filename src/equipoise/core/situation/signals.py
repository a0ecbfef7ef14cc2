"""Signals: what is known about a situation, as values with their source and date."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class SignalKind(StrEnum):
    """What a signal tells; asked in the scan, or measured from what is kept elsewhere."""

    WIDE_SPAN = "wide_span"
    NEW_IN_ROLE = "new_in_role"
    CHANGE_UNDER_WAY = "change_under_way"
    UNCERTAINTY = "uncertainty"
    WEAK_DELIVERY = "weak_delivery"
    WEAK_PROCESS = "weak_process"
    TEAM_STRAIN = "team_strain"
    INEXPERIENCED_TEAM = "inexperienced_team"
    AUTONOMOUS_TEAM = "autonomous_team"
    LARGE_COMPLEX = "large_complex"
    SMALL_SIMPLE = "small_simple"
    CRISIS = "crisis"
    LATE_COMMITMENTS = "late_commitments"
    GOAL_TURNOVER = "goal_turnover"
    NEW_JOINERS = "new_joiners"
    PROCESS_ALARMS = "process_alarms"
    FALLING_PULSE = "falling_pulse"
    EXPLORING = "exploring"


SCAN = "scan"
"""Source of what a person said; every other source is a measurement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One thing known about a situation.

    Attributes:
        kind: What it tells.
        value: How strongly, from 0 (not at all) to 1 (fully).
        source: Where it comes from: `SCAN`, or the name of a measurement.
        on: The day it was said or measured.

    Raises:
        ValueError: When `value` lies outside 0..1.
    """

    kind: SignalKind
    value: float
    source: str
    on: date

    def __post_init__(self) -> None:
        """Refuse a strength that is none."""
        if not 0.0 <= self.value <= 1.0:
            raise ValueError(f"A signal's value lies between 0 and 1, but {self.value} was given for {self.kind}.")


def latest(signals: Iterable[Signal]) -> tuple[Signal, ...]:
    """One signal for each kind, in the order of kinds: the latest.

    Of one day the measured counts before the said, then the stronger. The order of `signals` does not matter.
    """
    chosen: dict[SignalKind, Signal] = {}
    for each in sorted(signals, key=lambda each: (each.on, each.source != SCAN, each.value, each.source)):
        chosen[each.kind] = each
    return tuple(chosen[kind] for kind in SignalKind if kind in chosen)
