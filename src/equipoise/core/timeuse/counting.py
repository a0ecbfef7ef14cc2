"""What counts: which times of a calendar are work time, how much of it each entry gets, and what is left out.

The rules are stated in docs/methods/what-counts.md. Whatever is read is either counted or left out for one stated
reason, so that counted + left out = everything, in entries and in hours.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from statistics import median
from zoneinfo import ZoneInfo

import numpy as np

from equipoise.core.intervals import SECONDS_PER_HOUR, Floats, Span, clip, share_clock
from equipoise.core.timeuse.entries import Answer, Entry, Occurrence
from equipoise.core.timeuse.weeks import Week, midnight, weeks_between

DAY_SECONDS = 24 * SECONDS_PER_HOUR


class Reason(StrEnum):
    """Why time is not counted; the first that holds, in this order."""

    OUTSIDE_PERIOD = "outside_period"
    CANCELLED = "cancelled"
    DECLINED = "declined"
    FREE = "free"
    ALL_DAY = "all_day"
    ZERO_LENGTH = "zero_length"
    DAY_OR_LONGER = "day_or_longer"
    SHARED = "shared"


@dataclass(frozen=True, slots=True, kw_only=True)
class AllDayRule:
    """An owner's rule: an all-day entry takes the working hours of each working day it covers.

    Off-sites are often entered all day, and shown as free by habit; so this rule also overrides "free".

    Attributes:
        words: The entry counts when its title holds one of these (case ignored); empty means every all-day entry.
        opens: When the working day begins, in the owner's zone.
        closes: When it ends, later the same day.
        weekdays: Days of work, 0 for Monday to 6 for Sunday.
    """

    words: tuple[str, ...] = ()
    opens: time = time(9)
    closes: time = time(17)
    weekdays: frozenset[int] = frozenset(range(5))

    def __post_init__(self) -> None:
        """Refuse a working day that ends before it begins."""
        if self.closes <= self.opens:
            raise ValueError(f"The working day must close after it opens, but it runs {self.opens} to {self.closes}.")

    def covers(self, entry: Entry) -> bool:
        """Whether an entry falls under this rule."""
        title = entry.title.casefold()
        return entry.all_day and (not self.words or any(word.casefold() in title for word in self.words))

    def working_hours(self, occurrence: Occurrence, zone: ZoneInfo) -> tuple[Span, ...]:
        """The working hours of the days an all-day occurrence covers."""
        day, last = occurrence.start.astimezone(zone).date(), occurrence.end.astimezone(zone).date()
        return tuple(self._hours_of(each, zone) for each in _days(day, last) if each.weekday() in self.weekdays)

    def _hours_of(self, day: date, zone: ZoneInfo) -> Span:
        return Span(
            start=datetime.combine(day, self.opens, tzinfo=zone), end=datetime.combine(day, self.closes, tzinfo=zone)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CountingRules:
    """The owner's own rules of what counts.

    Attributes:
        all_day: Tried in turn on an all-day entry; the first that covers it decides.
    """

    all_day: tuple[AllDayRule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """How many entries (each time one takes place), and how many hours."""

    entries: int
    hours: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedTime:
    """One counted time of an entry.

    Attributes:
        occurrence: As read.
        entry_number: Index of its entry in `Counted.entries`.
        spans: When it counts, clipped to the period; several only for an all-day entry of several days.
        hours: Its share of the clock: 1/k of the time in which k counted entries run at once.
        by_week: The same hours by index of the week in `Counted.weeks`.
    """

    occurrence: Occurrence
    entry_number: int
    spans: tuple[Span, ...]
    hours: float
    by_week: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What was counted and what was left out.

    Attributes:
        start: First day of the period.
        end: The day after its last day.
        zone: The owner's zone.
        weeks: The ISO weeks of the period.
        times: The counted times, in the order given.
        entries: The distinct entries behind them, in order of first appearance.
        minutes: The usual (median) length of each entry's counted times before sharing, in minutes.
        counted: Entries and hours counted.
        left_out: Entries and hours left out, by reason; every reason is there, in the order of `Reason`. `SHARED`
            holds hours only: those of counted entries that went to others running at the same time.
        everything: Entries and hours given, counted or not.
    """

    start: date
    end: date
    zone: ZoneInfo
    weeks: tuple[Week, ...]
    times: tuple[CountedTime, ...]
    entries: tuple[Entry, ...]
    minutes: tuple[float, ...]
    counted: Amount
    left_out: Mapping[Reason, Amount]
    everything: Amount


@dataclass(slots=True)
class _Tally:
    """Running sums by reason; in seconds, which add up without rounding."""

    entries: dict[Reason, int] = field(default_factory=lambda: dict.fromkeys(Reason, 0))
    seconds: dict[Reason, float] = field(default_factory=lambda: dict.fromkeys(Reason, 0.0))

    def add(self, reason: Reason, seconds: float, *, entries: int = 1) -> None:
        """Leave out so much time."""
        self.entries[reason] += entries
        self.seconds[reason] += seconds

    def amounts(self) -> dict[Reason, Amount]:
        """The sums as frozen amounts."""
        return {
            reason: Amount(entries=self.entries[reason], hours=self.seconds[reason] / SECONDS_PER_HOUR)
            for reason in Reason
        }


def count_time(
    occurrences: Sequence[Occurrence],
    *,
    start: date,
    end: date,
    zone: ZoneInfo,
    rules: CountingRules | None = None,
) -> Counted:
    """Decide what counts, clip it to the period and share the time of entries that run at once.

    The hours of everything are the hours of each occurrence from start to end; for an all-day entry an owner's rule
    covers, they are its working hours. Hours of a counted entry before or after the period go to `OUTSIDE_PERIOD`.

    Args:
        occurrences: What was read, whole (not clipped).
        start: First day of the period, in `zone`.
        end: The day after its last day.
        zone: The owner's zone.
        rules: The owner's own rules.

    Raises:
        PeriodBackwards: When `end` is not after `start`.
    """
    weeks = weeks_between(start, end, zone)
    period = Span(start=midnight(start, zone), end=midnight(end, zone))
    rules = rules or CountingRules()
    tally, kept, total = _Tally(), [], 0.0
    for occurrence in occurrences:
        working = _working_hours(occurrence, rules, zone)
        spans = working or (Span(start=occurrence.start, end=occurrence.end),)
        seconds = sum(span.seconds for span in spans)
        total += seconds
        reason = _reason(occurrence, spans, period, covered=bool(working))
        if reason is not None:
            tally.add(reason, seconds)
            continue
        inside = tuple(part for span in spans if (part := clip(span, to=period)) is not None)
        tally.add(Reason.OUTSIDE_PERIOD, seconds - sum(span.seconds for span in inside), entries=0)
        kept.append((occurrence, inside))
    times = _share(kept, weeks, tally)
    entries, minutes = _distinct(times)
    return Counted(
        start=start,
        end=end,
        zone=zone,
        weeks=weeks,
        times=times,
        entries=entries,
        minutes=minutes,
        counted=Amount(entries=len(times), hours=math.fsum(each.hours for each in times)),
        left_out=tally.amounts(),
        everything=Amount(entries=len(occurrences), hours=total / SECONDS_PER_HOUR),
    )


def _working_hours(occurrence: Occurrence, rules: CountingRules, zone: ZoneInfo) -> tuple[Span, ...]:
    """The working hours an owner's rule gives an all-day occurrence; none where no rule or no working day does."""
    rule = next((rule for rule in rules.all_day if rule.covers(occurrence.entry)), None)
    return rule.working_hours(occurrence, zone) if rule else ()


def _reason(occurrence: Occurrence, spans: Sequence[Span], period: Span, *, covered: bool) -> Reason | None:
    """Why an occurrence is left out; `None` when it counts."""
    entry = occurrence.entry
    length = occurrence.end.timestamp() - occurrence.start.timestamp()
    tests = (
        (Reason.OUTSIDE_PERIOD, not any(_touches(span, period) for span in spans)),
        (Reason.CANCELLED, entry.cancelled),
        (Reason.DECLINED, entry.answer is Answer.DECLINED),
        (Reason.FREE, entry.free and not covered),
        (Reason.ALL_DAY, entry.all_day and not covered),
        (Reason.ZERO_LENGTH, length == 0),
        (Reason.DAY_OR_LONGER, length >= DAY_SECONDS and not covered),
    )
    return next((reason for reason, holds in tests if holds), None)


def _touches(span: Span, period: Span) -> bool:
    if span.start == span.end:
        return period.start <= span.start < period.end
    return span.start < period.end and span.end > period.start


def _share(
    kept: Sequence[tuple[Occurrence, tuple[Span, ...]]], weeks: Sequence[Week], tally: _Tally
) -> tuple[CountedTime, ...]:
    """Share the clock among the spans kept, and split each share by week."""
    owners = np.array([number for number, (_, spans) in enumerate(kept) for _ in spans], dtype=np.intp)
    starts = np.array([span.start.timestamp() for _, spans in kept for span in spans], dtype=np.float64)
    ends = np.array([span.end.timestamp() for _, spans in kept for span in spans], dtype=np.float64)
    pieces = _pieces_by_week(starts, ends, weeks)
    clock = share_clock(starts, ends)
    shares = clock.between(pieces.starts, pieces.ends) / SECONDS_PER_HOUR
    by_week: list[dict[int, float]] = [{} for _ in kept]
    for span, week, hours in zip(pieces.spans.tolist(), pieces.weeks.tolist(), shares.tolist(), strict=True):
        own = by_week[owners[span]]
        own[week] = own.get(week, 0.0) + hours
    lost = math.fsum((ends - starts).tolist()) - SECONDS_PER_HOUR * math.fsum(shares.tolist())
    tally.add(Reason.SHARED, lost if lost > 1e-3 else 0.0, entries=0)
    return tuple(_counted_times(kept, by_week))


@dataclass(frozen=True, slots=True)
class _Pieces:
    """Spans cut at the week boundaries: index of the span, index of the week, start and end in seconds."""

    spans: np.ndarray
    weeks: np.ndarray
    starts: Floats
    ends: Floats


def _pieces_by_week(starts: Floats, ends: Floats, weeks: Sequence[Week]) -> _Pieces:
    edges = np.array([week.span.start.timestamp() for week in weeks] + [weeks[-1].span.end.timestamp()])
    first = np.searchsorted(edges, starts, side="right") - 1
    last = np.searchsorted(edges, ends, side="left") - 1
    counts = last - first + 1
    spans = np.repeat(np.arange(starts.size), counts)
    steps = np.arange(spans.size) - np.repeat(np.cumsum(counts) - counts, counts)
    at = first[spans] + steps
    return _Pieces(
        spans=spans,
        weeks=at,
        starts=np.maximum(starts[spans], edges[at]),
        ends=np.minimum(ends[spans], edges[at + 1]),
    )


def _counted_times(
    kept: Sequence[tuple[Occurrence, tuple[Span, ...]]], by_week: Sequence[Mapping[int, float]]
) -> Iterator[CountedTime]:
    numbers: dict[Entry, int] = {}
    for (occurrence, spans), hours in zip(kept, by_week, strict=True):
        number = numbers.setdefault(occurrence.entry, len(numbers))
        yield CountedTime(
            occurrence=occurrence,
            entry_number=number,
            spans=spans,
            hours=math.fsum(hours.values()),
            by_week=tuple(sorted(hours.items())),
        )


def _distinct(times: Sequence[CountedTime]) -> tuple[tuple[Entry, ...], tuple[float, ...]]:
    entries: dict[int, Entry] = {}
    lengths: dict[int, list[float]] = {}
    for each in times:
        entries[each.entry_number] = each.occurrence.entry
        lengths.setdefault(each.entry_number, []).append(sum(span.seconds for span in each.spans) / 60)
    return tuple(entries.values()), tuple(float(median(each)) for each in lengths.values())


def _days(first: date, end: date) -> Iterator[date]:
    for step in range((end - first).days):
        yield first + timedelta(days=step)
