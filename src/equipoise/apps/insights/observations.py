"""What is worth saying about a period: at most three sentences, each with its evidence one click away."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from equipoise.apps.calendars.words import figure, purpose_name
from equipoise.apps.insights.queries import Balance
from equipoise.core.balance.gaps import Comparison, State
from equipoise.core.facets import FACETS, Purpose
from equipoise.core.timeuse.reading import Notice
from equipoise.core.timeuse.uncertainty import Interval

AT_MOST = 3
HARDLY = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One sentence, and where its evidence is.

    Attributes:
        sentence: In the reader's language.
        page: Name of the page with the evidence.
        query: What that page is asked for.
        link: The words of the link.
        asks: Whether it asks something of the person, rather than tells them something.
    """

    sentence: str
    page: str
    query: str
    link: str
    asks: bool = False


def observe(
    now: Balance, before: Balance | None, planned: Sequence[Observation] = (), *, comparison: Comparison | None = None
) -> list[Observation]:
    """The observations that hold, the most telling first: the plan, what is called for, then the hours."""
    found = [
        *planned,
        *_gap(now, comparison),
        *_changes(now, before),
        *_hardly_any(now),
        *_much_unclear(now),
        *_unplanned(now),
    ]
    return found[:AT_MOST]


def _gap(now: Balance, comparison: Comparison | None) -> list[Observation]:
    """The axis with the largest gap, of those larger than their uncertainty."""
    gaps = [(axis, gap) for axis, gap in comparison.axes.items() if gap.state.is_gap] if comparison else []
    if not gaps:
        return []
    axis, gap = max(gaps, key=lambda each: each[1].size or 0.0)
    short = axis.leading if gap.state is State.MORE_LEADING else axis.managing
    weekly = now.reading.purposes[short].weekly
    return [
        Observation(
            sentence=_("More %(facet)s is called for. It gets %(hours)s h a week.")
            % {"facet": purpose_name(short), "hours": figure(weekly.value if weekly else 0.0, 1)},
            page="insights:made-of",
            query=_query(now, short),
            link=_("See the entries"),
        )
    ]


def _changes(now: Balance, before: Balance | None) -> list[Observation]:
    """Facets whose hours a week changed by more than both ranges allow, the largest change first."""
    if before is None:
        return []
    moved = []
    for purpose in FACETS:
        here, there = now.reading.purposes[purpose].weekly, before.reading.purposes[purpose].weekly
        if here and there and larger_than_noise(here, there):
            moved.append((abs(here.value - there.value), purpose, here.value, there.value))
    moved.sort(key=lambda each: (-each[0], each[1]))
    return [
        Observation(
            sentence=_("%(facet)s: %(now)s h a week, before %(before)s. The change is larger than its uncertainty.")
            % {"facet": purpose_name(purpose), "now": figure(here, 1), "before": figure(there, 1)},
            page="insights:made-of",
            query=_query(now, purpose),
            link=_("See the entries"),
        )
        for _size, purpose, here, there in moved[:2]
    ]


def larger_than_noise(one: Interval, other: Interval) -> bool:
    """Whether two figures differ by more than the 90 % range of their difference."""
    difference = one.value - other.value
    sides = (one.low, other.high) if difference > 0 else (one.high, other.low)
    return abs(difference) > math.hypot(one.value - sides[0], other.value - sides[1])


def _hardly_any(now: Balance) -> list[Observation]:
    """Facets of which there is surely next to nothing."""
    found = []
    for purpose in FACETS:
        weekly = now.reading.purposes[purpose].weekly
        if weekly and weekly.high < HARDLY:
            found.append(
                Observation(
                    sentence=ngettext(
                        "Hardly any time for %(facet)s in %(weeks)d week: at most %(high)s h.",
                        "Hardly any time for %(facet)s in %(weeks)d weeks: at most %(high)s h a week.",
                        now.period.weeks,
                    )
                    % {
                        "facet": purpose_name(purpose),
                        "weeks": now.period.weeks,
                        "high": figure(weekly.high, 1),
                    },
                    page="insights:made-of",
                    query=_query(now, purpose),
                    link=_("See the entries"),
                )
            )
    return found[:1]


def _much_unclear(now: Balance) -> list[Observation]:
    if Notice.MUCH_UNCLEAR not in now.reading.notices:
        return []
    share = now.reading.purposes[Purpose.UNCLEAR].hours / now.reading.counted.counted.hours
    return [
        Observation(
            sentence=_("%(share)s %% of the hours cannot be told. A few answers help.")
            % {"share": figure(100 * share, 0)},
            page="calendars:review",
            query="",
            link=_("Review"),
        )
    ]


def _unplanned(now: Balance) -> list[Observation]:
    if Notice.UNPLANNED_UNKNOWN not in now.reading.notices:
        return []
    return [
        Observation(
            sentence=_("How many hours a week are unplanned talk? No calendar shows them, and most are managing."),
            page="insights:balance",
            query="#unplanned",
            link=_("Say"),
            asks=True,
        )
    ]


def _query(now: Balance, purpose: Purpose) -> str:
    return f"?purpose={purpose.value}&weeks={now.period.weeks}&until={now.period.end}"
