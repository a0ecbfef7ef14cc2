"""The behaviour index: how leader-like a person's interactions are, on the scale of chief executives' diaries.

Bandiera, Prat, Hansen and Sadun (2020, doi:10.1086/705331) found two pure behaviours in the diaries of 1,114 chief
executives; the index is the share of a person's interactions that follows the first. A new person is scored by EM
with the fixed log ratios of what each activity says for one behaviour against the other. The weights are those of
Kurczynski, Christensen and Hansen (MIT licence). It is a style, not a grade, and noisy: always read the range.
See docs/methods/behaviour-index.md.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from equipoise.core.facets import PURPOSES, Purpose
from equipoise.core.intervals import Floats
from equipoise.core.timeuse.counting import Counted, CountedTime
from equipoise.core.timeuse.uncertainty import LEVEL, Interval

CLIP = math.log(50)
PRIOR = 1.0
STEPS = 300
LEAST_HOURS = 10.0
LEAST_ACTIVITIES = 15
BLOCKS_PER_HOUR = 4.0
REPLICATES = 400
SHIFTS = 50
SEED = 20200401
_GRID = (np.arange(200) + 0.5) / 200


class Kind(StrEnum):
    """The form an interaction takes."""

    MEETING = "meeting"
    BUSINESS_MEAL = "business_meal"
    CONFERENCE_CALL = "conference_call"
    PHONE_CALL = "phone_call"
    PUBLIC_EVENT = "public_event"
    SITE_VISIT = "site_visit"
    VIDEO_CONFERENCE = "video_conference"
    WORK_LEISURE = "workrelated_leisure"


class Company(StrEnum):
    """How many other people take part."""

    ONE = "one_ppl"
    SEVERAL = "two_plus_ppl"
    UNKNOWN = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """One interaction.

    Attributes:
        kind: Its form.
        minutes: Its length, which decides the band (up to 15, up to 30, up to 60 minutes, longer).
        blocks: Its weight, in quarters of an hour.
        planned: Whether it was planned ahead.
        company: How many others.
        functions: The functions they hold, in the words of the weights; `None` when not known.
    """

    kind: Kind
    minutes: float
    blocks: float
    planned: bool
    company: Company
    functions: frozenset[str] | None

    @property
    def band(self) -> str:
        """The band of length, as the weights name it."""
        bands = ((15, "15m"), (30, "30m"), (60, "1hr"))
        return next((name for most, name in bands if self.minutes <= most), "1hrplus")

    @property
    def form(self) -> tuple[str, str, str, str]:
        """All but the functions: kind, band, planned, company."""
        return self.kind.value, self.band, "planned" if self.planned else "unplanned", self.company.value


Form = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What each activity says for leader-like against manager-like behaviour.

    Attributes:
        known: Log ratio by form and functions.
        terms: Log ratios that add up for what is not known: `constant`, `several_functions`, and one for each value
            of kind, band, planned, company and function; a value without a term adds nothing.
        spread_of_functions: Standard deviation of the log ratio among activities of one form.
    """

    known: Mapping[tuple[Form, frozenset[str]], float]
    terms: Mapping[str, float]
    spread_of_functions: float

    def log_ratio(self, activity: Activity) -> float:
        """ln(P(activity | leader-like) / P(activity | manager-like)), within plus or minus ln 50.

        An activity never seen, or one whose functions are not known, is put together from its features.
        """
        functions = activity.functions
        names = ["constant", *activity.form, *sorted(functions or ())]
        if functions is not None and len(functions) > 1:
            names.append("several_functions")
        together = sum(self.terms.get(name, 0.0) for name in names)
        found = together if functions is None else self.known.get((activity.form, functions), together)
        return min(max(found, -CLIP), CLIP)


def behaviour_index(activities: Sequence[Activity], weights: Weights) -> Interval | None:
    """The leader-like share of a person's interactions, 0 to 1, with a 90 % range.

    The range joins three doubts: which activities happened to be seen (bootstrap over activities), how little each of
    them says (the posterior of the share within each sample), and, where the functions of the people are not known,
    that the person may meet other functions than most do (one shift of the log ratios in each sample, since a person's
    functions are the same from week to week). With no function known the range is wide, and rightly so.

    Returns:
        `None` under 10 hours or 15 activities: not enough evidence.
    """
    blocks = np.array([activity.blocks for activity in activities])
    if len(activities) < LEAST_ACTIVITIES or float(blocks.sum()) < LEAST_HOURS * BLOCKS_PER_HOUR:
        return None
    ratios = np.array([weights.log_ratio(activity) for activity in activities])
    unknown = np.array([activity.functions is None for activity in activities])
    rng = np.random.Generator(np.random.PCG64(SEED))
    shifts = weights.spread_of_functions * rng.standard_normal(REPLICATES)
    low, high = _range(ratios, blocks, unknown, shifts, rng)
    value = _mean_share(ratios, blocks, unknown, shifts[:SHIFTS]) if unknown.any() else leader_share(ratios, blocks)
    return Interval(value=value, low=min(low, value), high=max(high, value))


def leader_share(log_ratios: Floats, blocks: Floats) -> float:
    """EM for the leader-like share theta with fixed log ratios and one prior block on each side.

    Args:
        log_ratios: Shape (n,), clipped; each ln(P(activity | leader-like) / P(activity | manager-like)).
        blocks: Shape (n,), quarters of an hour of each.

    Example:
        >>> leader_share(np.array([0.0]), np.array([8.0]))
        0.5
    """
    return float(_em(np.exp(log_ratios)[np.newaxis, :], blocks)[0])


def _mean_share(log_ratios: Floats, blocks: Floats, unknown: NDArray[np.bool_], shifts: Floats) -> float:
    """The leader-like share, averaged over shifts of what is said by activities whose functions are not known."""
    columns: Floats = np.column_stack((log_ratios, unknown)).astype(np.float64)
    kinds, places = np.unique(columns, axis=0, return_inverse=True)
    shifted = np.clip(kinds[:, 0] + shifts[:, np.newaxis] * kinds[:, 1], -CLIP, CLIP)
    return float(_em(np.exp(shifted), np.bincount(places, weights=blocks).astype(np.float64)).mean())


def _em(odds: Floats, blocks: Floats) -> Floats:
    """The EM of `leader_share` for several rows of odds at once; shape (rows,)."""
    theta: Floats = np.full((len(odds), 1), 0.5)
    total = float(blocks.sum())
    for _ in range(STEPS):
        leading = theta * odds / (theta * odds + 1 - theta)
        theta = (PRIOR + leading @ blocks[:, np.newaxis]) / (2 * PRIOR + total)
    return theta[:, 0]


def _range(
    log_ratios: Floats, blocks: Floats, unknown: NDArray[np.bool_], shifts: Floats, rng: np.random.Generator
) -> tuple[float, float]:
    """Ends of the 90 % range, from the posterior averaged over bootstrap samples of activities."""
    draws = rng.multinomial(len(blocks), np.full(len(blocks), 1 / len(blocks)), size=len(shifts)) * blocks
    posterior = PRIOR * np.log(_GRID * (1 - _GRID)) + np.zeros((len(shifts), 1))
    for ratio, open_ in sorted(set(zip(log_ratios.tolist(), unknown.tolist(), strict=True))):
        gathered = draws[:, (log_ratios == ratio) & (unknown == open_)].sum(axis=1, keepdims=True)
        odds = np.exp(np.clip(ratio + shifts * open_, -CLIP, CLIP))[:, np.newaxis] if open_ else math.exp(ratio)
        posterior = posterior + gathered * np.log(_GRID * odds + 1 - _GRID)
    masses = np.exp(posterior - posterior.max(axis=1, keepdims=True))
    mixed = (masses / masses.sum(axis=1, keepdims=True)).mean(axis=0)
    edges = _GRID + 0.5 / len(_GRID)
    low, high = np.interp([(1 - LEVEL) / 2, (1 + LEVEL) / 2], np.cumsum(mixed) / mixed.sum(), edges)
    return float(low), float(high)


def activities_of(
    counted: Counted, probabilities: Floats, *, functions: Sequence[frozenset[str] | None] = ()
) -> tuple[Activity, ...]:
    """The interactions of counted time, as far as a calendar can tell.

    Only entries known to have somebody else in them count; private ones and those likeliest to be outside work do
    not. Each is a planned meeting.

    Args:
        counted: What `count_time` gave.
        probabilities: Shape (entries, 10), in the order of `PURPOSES`.
        functions: The functions of the others at each of `counted.times`, `None` where they are not known; nothing at
            all when none is.
    """
    known = functions or (None,) * len(counted.times)
    outside_work = PURPOSES.index(Purpose.OTHER)
    likeliest = probabilities.argmax(axis=1) if len(counted.entries) else np.zeros(0, dtype=np.intp)
    return tuple(
        _activity(each, met)
        for each, met in zip(counted.times, known, strict=True)
        if (each.occurrence.entry.attendees or 0) >= 1
        and not each.occurrence.entry.private
        and int(likeliest[each.entry_number]) != outside_work
    )


def _activity(time: CountedTime, functions: frozenset[str] | None) -> Activity:
    return Activity(
        kind=Kind.MEETING,
        minutes=sum(span.seconds for span in time.spans) / 60,
        blocks=BLOCKS_PER_HOUR * time.hours,
        planned=True,
        company=Company.ONE if time.occurrence.entry.attendees == 1 else Company.SEVERAL,
        functions=functions,
    )
