"""A week as a grid: days side by side, a row a quarter of an hour, lanes where entries overlap."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from equipoise.apps.calendars.queries import Evidence, Verdict
from equipoise.core.timeuse.counting import Counted
from equipoise.core.timeuse.entries import Entry, Occurrence

ROWS_AN_HOUR = 4
FIRST_HOUR, LAST_HOUR = 8, 18
LANES = 4
SURE, LIKELY = 0.8, 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One entry on one day of the grid.

    Attributes:
        entry: What it is.
        start: When it starts, in the owner's zone.
        end: When it ends.
        row: First row of the grid, from 1.
        rows: How many rows it takes.
        lane: Which of the lanes side by side, from 1.
        lanes: How many lanes there are at that time, at most `LANES`.
        verdict: What it is for; `None` when it takes no time.
    """

    entry: Entry
    start: datetime
    end: datetime
    row: int
    rows: int
    lane: int
    lanes: int
    verdict: Verdict | None

    @property
    def sureness(self) -> str:
        """How sure the purpose is: sure, likely or unsure."""
        if self.verdict is None or self.verdict.confidence >= SURE:
            return "sure"
        return "likely" if self.verdict.confidence >= LIKELY else "unsure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day of the grid."""

    date: date
    blocks: tuple[Block, ...]
    all_day: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekGrid:
    """A week: its days, and the hours the grid shows."""

    days: tuple[Day, ...]
    hours: tuple[int, ...]


def lay_out(occurrences: Sequence[Occurrence], evidence: Evidence, *, monday: date, zone: ZoneInfo) -> WeekGrid:
    """Lay out a week; the weekend is shown only when it holds something.

    Args:
        occurrences: All that touch the week, counted or not.
        evidence: What counts of it, and what for.
        monday: The first day.
        zone: The owner's zone.
    """
    verdicts = _verdict_by_entry(evidence.counted, evidence.verdicts)
    all_days = [monday + timedelta(days=step) for step in range(7)]
    timed = [each for each in occurrences if not each.entry.all_day and each.start < each.end]
    by_day = {day: _spans_on(day, timed, zone) for day in all_days}
    first, last = _hours_shown(by_day)
    days = []
    for day in all_days:
        all_day = tuple(
            each.entry
            for each in occurrences
            if each.entry.all_day and each.start.astimezone(zone).date() <= day < each.end.astimezone(zone).date()
        )
        if day.weekday() < 5 or by_day[day] or all_day:
            blocks = _blocks(by_day[day], verdicts, first_hour=first, day=day)
            days.append(Day(date=day, blocks=blocks, all_day=all_day))
    return WeekGrid(days=tuple(days), hours=tuple(range(first, last)))


Spanned = tuple[Occurrence, datetime, datetime]


def _verdict_by_entry(counted: Counted, verdicts: Sequence[Verdict]) -> dict[int, Verdict]:
    return {entry.line: verdict for entry, verdict in zip(counted.entries, verdicts, strict=True)}


def _spans_on(day: date, occurrences: Sequence[Occurrence], zone: ZoneInfo) -> list[Spanned]:
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    following = midnight + timedelta(days=1)
    return [
        (each, max(each.start.astimezone(zone), midnight), min(each.end.astimezone(zone), following))
        for each in occurrences
        if each.start < following and each.end > midnight
    ]


def _hours_shown(by_day: dict[date, list[Spanned]]) -> tuple[int, int]:
    spans = [span for spans in by_day.values() for span in spans]
    first = min([FIRST_HOUR, *(start.hour for _, start, _ in spans)])
    ends = (end.hour + (end.minute > 0) if end.date() == start.date() else 24 for _, start, end in spans)
    return first, max([LAST_HOUR, *ends])


def _blocks(spans: Sequence[Spanned], verdicts: dict[int, Verdict], *, first_hour: int, day: date) -> tuple[Block, ...]:
    blocks: list[Block] = []
    for cluster in _clusters(sorted(spans, key=lambda span: (span[1], span[2], span[0].entry.uid))):
        lanes = _lanes(cluster)
        width = min(max(lanes) + 1, LANES)
        for (occurrence, start, end), lane in zip(cluster, lanes, strict=True):
            row = _row(start, first_hour, day, up=False)
            blocks.append(
                Block(
                    entry=occurrence.entry,
                    start=start,
                    end=end,
                    row=row + 1,
                    rows=max(1, _row(end, first_hour, day, up=True) - row),
                    lane=min(lane, LANES - 1) + 1,
                    lanes=width,
                    verdict=verdicts.get(occurrence.entry.line),
                )
            )
    return tuple(blocks)


def _clusters(spans: Sequence[Spanned]) -> list[list[Spanned]]:
    """Groups of entries that overlap each other in a chain."""
    clusters: list[list[Spanned]] = []
    until: datetime | None = None
    for span in spans:
        if until is None or span[1] >= until:
            clusters.append([])
            until = span[2]
        clusters[-1].append(span)
        until = max(until, span[2])
    return clusters


def _lanes(cluster: Sequence[Spanned]) -> list[int]:
    """The first free lane for each entry of a cluster."""
    free_from: list[datetime] = []
    lanes = []
    for _, start, end in cluster:
        lane = next((number for number, free in enumerate(free_from) if free <= start), len(free_from))
        if lane == len(free_from):
            free_from.append(end)
        else:
            free_from[lane] = end
        lanes.append(lane)
    return lanes


def _row(moment: datetime, first_hour: int, day: date, *, up: bool) -> int:
    hours_into = 24 * (moment.date() - day).days + moment.hour
    minutes = 60 * (hours_into - first_hour) + moment.minute
    return -(-minutes * ROWS_AN_HOUR // 60) if up else minutes * ROWS_AN_HOUR // 60
