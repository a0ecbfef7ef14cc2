"""One week's plan as a page shows it: a grid, a list by day, and what is said about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from equipoise.apps.calendars import queries as calendars
from equipoise.apps.calendars import weekview
from equipoise.apps.people.models import Person
from equipoise.apps.planner import carrying, queries, words
from equipoise.apps.planner.models import Block, Proposal
from equipoise.core.facets import FACETS
from equipoise.core.timeuse.entries import Entry, Occurrence


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A block as pages show it.

    Attributes:
        block: The block.
        start: Where it is now, on the owner's clock.
        end: When it ends.
        reason: The weightiest reason, in one sentence.
        more: Further reasons.
        past: Whether it is over.
        overlaps: Titles of entries that share a moment with it; empty ones are private.
    """

    block: Block
    start: datetime
    end: datetime
    reason: str
    more: tuple[str, ...]
    past: bool
    overlaps: tuple[str, ...]

    @property
    def minutes(self) -> int:
        """Its length."""
        return round((self.end - self.start).total_seconds() / 60)

    @property
    def is_taken(self) -> bool:
        """Whether the owner accepted it."""
        return self.block.state in queries.TAKEN

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer."""
        return self.block.state == Block.State.PROPOSED


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Something on the grid: an entry of the calendar, or a block of the plan."""

    place: weekview.Block
    shown: Shown | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day: what stands on the grid, and its blocks for the list."""

    date: date
    items: tuple[Item, ...]
    all_day: tuple[Entry, ...]
    blocks: tuple[Shown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetRow:
    """Hours of a facet in the week: what stands, what is proposed or accepted, and what is wished for."""

    facet: str
    fixed: float
    planned: float
    low: float | None
    high: float | None

    @property
    def total(self) -> float:
        """All hours of the facet in the week."""
        return self.fixed + self.planned


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekPage:
    """All that is shown of a week's plan.

    Attributes:
        monday: The week.
        proposal: The latest proposal; `None` when none was made.
        days: The days of the grid.
        hours: The hours it shows.
        elsewhere: Accepted blocks that were moved to another week.
        refused: Blocks that were refused or taken back.
        status: How good the plan is, in one sentence.
        said: What is left out or in conflict, one sentence each.
        moves: Movable entries that would make room elsewhere, one sentence each; nobody but the owner moves them.
        facets: Hours by facet, those with a target or an hour.
        waiting: How many blocks wait for an answer.
        taken: How many are accepted.
        writes_to: The name of the calendar that accepted blocks can be written to; empty when none is chosen.
        unwritten: How many accepted blocks are not there yet.
        over: Whether the week's last working day is over.
    """

    monday: date
    proposal: Proposal | None
    days: tuple[Day, ...]
    hours: tuple[int, ...]
    elsewhere: tuple[Shown, ...]
    refused: tuple[Shown, ...]
    status: str
    said: tuple[str, ...]
    moves: tuple[str, ...]
    facets: tuple[FacetRow, ...]
    waiting: int
    taken: int
    writes_to: str
    unwritten: int
    over: bool

    @property
    def sunday(self) -> date:
        """The last day."""
        return self.monday + timedelta(days=6)


def week_page(person: Person, monday: date, *, weeks: queries.Weeks, now: datetime) -> WeekPage:
    """A week's plan as a page shows it; `weeks` holds it."""
    zone = ZoneInfo(person.zone)
    blocks = weeks.blocks[monday]
    proposal = queries.proposal_for(person, monday)
    ours = {block.uid for block in blocks}
    following = monday + timedelta(days=7)
    evidence = calendars.evidence_kept(person, start=monday, end=following)
    occurrences = [each for each in evidence.occurrences if each.entry.uid not in ours]
    busy = [each.occurrence for each in evidence.counted.times if each.occurrence.entry.uid not in ours]
    shown = {block.uid: _shown(block, busy, zone, now=now) for block in blocks}
    gridded = [each for each in shown.values() if each.is_open or each.is_taken]
    grid = weekview.lay_out(
        sorted([*occurrences, *map(_as_occurrence, gridded)], key=lambda each: each.start),
        evidence,
        monday=monday,
        zone=zone,
    )
    chosen = calendars.chosen_calendar(person)
    return WeekPage(
        monday=monday,
        proposal=proposal,
        days=tuple(_day(day, shown, gridded) for day in grid.days),
        hours=grid.hours,
        elsewhere=tuple(each for each in gridded if not monday <= each.start.date() < following),
        refused=tuple(each for each in shown.values() if not (each.is_open or each.is_taken)),
        status=_status(proposal, empty=not gridded),
        said=_said(proposal),
        moves=tuple(words.move_sentence(each, zone) for each in proposal.moves) if proposal else (),
        facets=_facets(proposal, gridded),
        waiting=sum(each.is_open and not each.past for each in shown.values()),
        taken=sum(each.is_taken for each in shown.values()),
        writes_to=chosen.name if chosen else "",
        unwritten=carrying.waiting(person, blocks) if chosen else 0,
        over=weeks.in_view > monday,
    )


def _shown(block: Block, busy: Sequence[Occurrence], zone: ZoneInfo, *, now: datetime) -> Shown:
    first, *more = words.reason_sentences(block.reasons, block.displaced)
    return Shown(
        block=block,
        start=block.starts_at.astimezone(zone),
        end=block.ends_at.astimezone(zone),
        reason=first,
        more=tuple(more),
        past=block.ends_at <= now,
        overlaps=tuple(
            each.entry.title
            for each in busy
            if not each.entry.all_day and each.start < block.ends_at and block.starts_at < each.end
        ),
    )


def _as_occurrence(shown: Shown) -> Occurrence:
    """A block as the grid lays entries out; it is found again by its identifier."""
    entry = Entry(uid=shown.block.uid, series=shown.block.uid, title=shown.block.title)
    return Occurrence(entry=entry, start=shown.block.starts_at, end=shown.block.ends_at)


def _day(day: weekview.Day, shown: dict[str, Shown], gridded: Sequence[Shown]) -> Day:
    return Day(
        date=day.date,
        items=tuple(Item(place=place, shown=shown.get(place.entry.uid)) for place in day.blocks),
        all_day=day.all_day,
        blocks=tuple(each for each in gridded if each.start.date() == day.date),
    )


def _status(proposal: Proposal | None, *, empty: bool) -> str:
    if proposal is None:
        return ""
    return words.status_sentence(proposal.status, proposal.objective, proposal.bound, empty=empty)


def _said(proposal: Proposal | None) -> tuple[str, ...]:
    if proposal is None:
        return ()
    conflicts = [words.conflict_sentence(each) for each in proposal.conflicts]
    told = {cause["title"] for each in proposal.conflicts for cause in each["causes"] if cause["hurdle"] == "wish"}
    left_out = [words.left_out_sentence(each) for each in proposal.left_out if each["title"] not in told]
    return tuple(dict.fromkeys([*conflicts, *left_out]))


def _facets(proposal: Proposal | None, gridded: Sequence[Shown]) -> tuple[FacetRow, ...]:
    """What stands comes from the proposal; what is planned is counted from the blocks as they are now."""
    kept = proposal.facets if proposal else {}
    rows = []
    for facet in FACETS:
        of_facet = kept.get(facet.value, {})
        planned = sum(each.minutes for each in gridded if each.block.purpose == facet.value) / 60
        low, high = of_facet.get("target_low"), of_facet.get("target_high")
        row = FacetRow(
            facet=facet.value,
            fixed=of_facet.get("standing", 0) / 60,
            planned=planned,
            low=None if low is None else low / 60,
            high=None if high is None else high / 60,
        )
        if row.total > 0 or row.low is not None:
            rows.append(row)
    return tuple(rows)
