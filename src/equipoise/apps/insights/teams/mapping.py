"""What is told of a group, as values and as rows; and the marks by which releases are compared."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from equipoise.core.anonymity.figures import CountBand, Spread, count_band, spread, told_parts
from equipoise.core.anonymity.pieces import choose
from equipoise.core.anonymity.rules import ReleaseRules
from equipoise.core.balance.gaps import MATERIAL, gap_of
from equipoise.core.facets import AXES
from equipoise.core.situation.profile import Band
from equipoise.core.timeuse.uncertainty import Interval
from equipoise.platform import vault

LEAN_STEP = 0.1
"""A lean runs over twice the width of a share, so it is told in twice the steps."""
SHARE_EDGES = (0.0, 0.2, 0.35, 0.5, 1.0)
"""Where the parts of the distribution begin and end, as shares of leading."""
SHARE, CALLED = "share", "called"
"""What is asked of a group; the axes are asked by their names."""


class Fit(StrEnum):
    """How somebody's month stands beside what their situation called for."""

    MORE_LEADING = "more_leading"
    ABOUT_RIGHT = "about_right"
    MORE_MANAGING = "more_managing"
    CANNOT_TELL = "cannot_tell"
    NOT_SAID = "not_said"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonMonth:
    """What one person's calendar says of a month; held while pictures are made, never kept.

    Attributes:
        share: The leading share, with its range.
        leans: The lean by axis; one that cannot be told is not there.
        called: What the situation called for; `None` when the person said nothing of it.
    """

    share: Interval
    leans: Mapping[str, float]
    called: Band | None

    @property
    def fit(self) -> Fit:
        """How it stands beside what was called for."""
        if self.called is None:
            return Fit.NOT_SAID
        return Fit(gap_of(self.share, self.called, material=MATERIAL["share"]).state.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is told of a group that is shown; every figure is rounded, every count a band.

    Attributes:
        counted: How many people it rests on.
        members: How many belong to the group.
        share: The leading share: the middle, and the middle half.
        called: What situations call for: the middle of where these bands begin, and of where they end; `None` when too
            few said so, or it could tell of a few.
        axes: The lean by axis; `None` where it is not told.
        parts: How many lie in each part of `SHARE_EDGES`; `None` when the group is not broken down.
        fits: How many, by `Fit`; `None` when the group is not broken down.
    """

    counted: CountBand
    members: CountBand
    share: Spread
    called: Band | None
    axes: Mapping[str, Spread | None]
    parts: tuple[CountBand | None, ...] | None
    fits: Mapping[Fit, CountBand | None] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What comes of one group.

    Attributes:
        told: What is told; `None` when the group is not shown.
        sets: The people behind each figure that is told.
    """

    told: Told | None
    sets: Mapping[str, frozenset[int]]


Groups = Mapping[Any, frozenset[int]]
Before = Mapping[str, Sequence[frozenset[object]]]


def release(
    groups: Groups, people: Mapping[int, PersonMonth], before: Before, rules: ReleaseRules
) -> dict[Any, Release]:
    """Decide for each group whether it is shown, and what of it.

    Args:
        groups: Everybody who belongs to each group.
        people: Those who count, with what their month says.
        before: The people behind every figure ever released for this month, by what was asked.
        rules: The thresholds.
    """
    counted = {name: group & people.keys() for name, group in groups.items()}
    shown = choose(counted, before.get(SHARE, ()), rules)
    asked: dict[str, dict[Any, frozenset[int]]] = {SHARE: {name: counted[name] for name in shown}}
    for question, able in _able(people).items():
        those = {name: counted[name] & able for name in groups if name in shown}
        chosen = choose(those, before.get(question, ()), rules)
        asked[question] = {name: those[name] for name in chosen}
    return {name: _release(name, groups[name], asked, people, rules) for name in groups}


def _able(people: Mapping[int, PersonMonth]) -> dict[str, frozenset[int]]:
    """Of whom each question beside the share can be asked."""
    said = {CALLED: frozenset(each for each, month in people.items() if month.called is not None)}
    return said | {
        axis.name: frozenset(each for each, month in people.items() if axis.name in month.leans) for axis in AXES
    }


def _release(
    name: object,
    members: frozenset[int],
    asked: Mapping[str, Mapping[Any, frozenset[int]]],
    people: Mapping[int, PersonMonth],
    rules: ReleaseRules,
) -> Release:
    sets = {question: those[name] for question, those in asked.items() if name in those}
    if SHARE not in sets:
        return Release(told=None, sets={})
    return Release(told=_told(len(members), sets, people, rules), sets=sets)


def _told(
    members: int, sets: Mapping[str, frozenset[int]], people: Mapping[int, PersonMonth], rules: ReleaseRules
) -> Told:
    months = [people[each] for each in sets[SHARE]]
    parts = told_parts(
        {part: sum(_part(each) == part for each in months) for part in range(len(SHARE_EDGES) - 1)}, rules
    )
    return Told(
        counted=count_band(len(months), rules),
        members=count_band(members, rules),
        share=spread([each.share.value for each in months], rules=rules),
        called=_called([people[each].called for each in sets.get(CALLED, ())], rules),
        axes={axis.name: _axis(axis.name, sets, people, rules) for axis in AXES},
        parts=tuple(parts.values()) if parts else None,
        fits=told_parts({fit: sum(each.fit is fit for each in months) for fit in Fit}, rules),
    )


def _part(month: PersonMonth) -> int:
    """In which part of the distribution a person's share lies."""
    return next(part for part, end in enumerate(SHARE_EDGES[1:]) if month.share.value < end or end == SHARE_EDGES[-1])


def _called(bands: Iterable[Band | None], rules: ReleaseRules) -> Band | None:
    said = [band for band in bands if band is not None]
    if not said:
        return None
    ends = [spread([getattr(band, end) for band in said], rules=rules).middle for end in ("low", "high")]
    return Band(low=ends[0], high=ends[1])


def _axis(
    axis: str, sets: Mapping[str, frozenset[int]], people: Mapping[int, PersonMonth], rules: ReleaseRules
) -> Spread | None:
    if axis not in sets:
        return None
    return spread([people[each].leans[axis] for each in sets[axis]], step=LEAN_STEP, rules=rules)


def row_of(told: Told | None) -> dict[str, Any]:
    """What is told, as a row keeps it; nothing for a group that is not shown."""
    return asdict(told) if told else {}


def told_of(row: Mapping[str, Any]) -> Told | None:
    """What a row tells; `None` for a group that is not shown."""
    if not row:
        return None
    return Told(
        counted=CountBand(**row["counted"]),
        members=CountBand(**row["members"]),
        share=Spread(**row["share"]),
        called=Band(**row["called"]) if row["called"] else None,
        axes={axis: Spread(**found) if found else None for axis, found in row["axes"].items()},
        parts=None if row["parts"] is None else tuple(_band_of(each) for each in row["parts"]),
        fits=None if row["fits"] is None else {Fit(fit): _band_of(each) for fit, each in row["fits"].items()},
    )


def _band_of(row: Mapping[str, Any] | None) -> CountBand | None:
    return CountBand(**row) if row else None


def marks_of(person_id: int, *, demo: bool, month: date, question: str) -> list[str]:
    """The marks of a person behind a figure of a month, by every key of the vault, the first one first.

    Another month or question has other marks: they tell that two releases share somebody, not who it is.
    """
    world = "demo" if demo else "organisation"
    return [mark[:32] for mark in vault.digests(f"counted {world} {month:%Y-%m} {question} {person_id}")]
