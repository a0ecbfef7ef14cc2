"""Half-open spans of time, and how spans that run at once share the clock.

A span holds its start and not its end, so spans that touch do not overlap. Sharing is decided by a sweep: while k
spans run at once, each of them gets 1/k of the time, so that the shares of all spans add up to the time on the clock
during which at least one of them ran.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SECONDS_PER_HOUR = 3600.0


class SpanBackwards(ValueError):
    """A span would end before it starts, or one of its ends has no time zone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The time from `start` up to, and not including, `end`; both aware datetimes.

    Raises:
        SpanBackwards: When `end` lies before `start`, or one of them is naive.

    Example:
        >>> from datetime import UTC, datetime
        >>> Span(start=datetime(2026, 1, 5, 9, tzinfo=UTC), end=datetime(2026, 1, 5, 10, 30, tzinfo=UTC)).hours
        1.5
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        """Refuse a span that runs backwards or floats."""
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise SpanBackwards("A span needs a time zone on both ends.")
        if self.end < self.start:
            raise SpanBackwards(f"A span cannot end at {self.end} when it starts at {self.start}.")

    @property
    def seconds(self) -> float:
        """Length on the clock in seconds, right across a change to or from summer time."""
        return self.end.timestamp() - self.start.timestamp()

    @property
    def hours(self) -> float:
        """Length on the clock in hours."""
        return self.seconds / SECONDS_PER_HOUR


def clip(span: Span, *, to: Span) -> Span | None:
    """The part of `span` inside `to`; `None` when they share no moment (a span without length has none)."""
    start, end = max(span.start, to.start), min(span.end, to.end)
    return Span(start=start, end=end) if start < end else None


def overlaps(one: Span, other: Span) -> bool:
    """Whether two spans share a moment; touching ends do not."""
    return max(one.start, other.start) < min(one.end, other.end)


def union(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same time as separate spans in order, those that touch or overlap joined; empty spans vanish."""
    joined: list[Span] = []
    for span in sorted(spans, key=lambda each: (each.start, each.end)):
        if span.start == span.end:
            continue
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(start=joined[-1].start, end=max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return tuple(joined)


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedClock:
    """What a span that runs throughout has been given by each moment.

    Attributes:
        points: Moments at which a span begins or ends, ascending.
        given: Time given to a running span from the first point to each point, in the unit of `points`.
    """

    points: Floats
    given: Floats

    def between(self, starts: Floats, ends: Floats) -> Floats:
        """The time given between two moments of a span that runs between them (arrays of one shape)."""
        if self.points.size == 0:
            return np.zeros_like(starts)
        given: Floats = np.interp(ends, self.points, self.given) - np.interp(starts, self.points, self.given)
        return given


def share_clock(starts: Floats, ends: Floats) -> SharedClock:
    """Sweep over spans and share the time in which several run.

    Args:
        starts: When each span begins, in any unit counted from any origin.
        ends: When each span ends, in the same unit; not before its start.

    Returns:
        A clock on which `between(starts, ends)` gives each span's share; the shares add up to the union's length.

    Example:
        >>> clock = share_clock(np.array([0.0, 1.0]), np.array([2.0, 2.0]))
        >>> clock.between(np.array([0.0, 1.0]), np.array([2.0, 2.0])).tolist()
        [1.5, 0.5]
    """
    moments = np.concatenate((starts, ends))
    order = np.argsort(moments, kind="stable")
    points = moments[order]
    steps = np.where(order < starts.size, 1, -1)
    running = np.cumsum(steps)[:-1]
    pieces = np.divide(np.diff(points), running, out=np.zeros(max(points.size - 1, 0)), where=running > 0)
    given = np.concatenate((np.zeros(min(points.size, 1)), np.cumsum(pieces)))
    return SharedClock(points=points, given=given)
