"""The vocabulary: four axes, each with a leading and a managing pole, and what an entry can be for.

Everything Equipoise measures, asks, plans and shows is said in these words. Both poles of an axis are
equally worthy.
"""

from dataclasses import dataclass
from enum import StrEnum


class Purpose(StrEnum):
    """What a calendar entry is for: one of the eight facets, or `OTHER`, or `UNCLEAR`."""

    VISION = "vision"
    CHANGE = "change"
    PEOPLE = "people"
    INSPIRATION = "inspiration"
    EXECUTION = "execution"
    STABILITY = "stability"
    PROCESS = "process"
    OVERSIGHT = "oversight"
    OTHER = "other"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """One axis: a leading pole against a managing pole."""

    name: str
    leading: Purpose
    managing: Purpose


AXES: tuple[Axis, ...] = (
    Axis(name="horizon", leading=Purpose.VISION, managing=Purpose.EXECUTION),
    Axis(name="movement", leading=Purpose.CHANGE, managing=Purpose.STABILITY),
    Axis(name="attention", leading=Purpose.PEOPLE, managing=Purpose.PROCESS),
    Axis(name="influence", leading=Purpose.INSPIRATION, managing=Purpose.OVERSIGHT),
)
LEADING: tuple[Purpose, ...] = tuple(axis.leading for axis in AXES)
MANAGING: tuple[Purpose, ...] = tuple(axis.managing for axis in AXES)
FACETS: tuple[Purpose, ...] = LEADING + MANAGING
PURPOSES: tuple[Purpose, ...] = (*FACETS, Purpose.OTHER, Purpose.UNCLEAR)
"""The order of every probability vector and of every column of hours by purpose."""
