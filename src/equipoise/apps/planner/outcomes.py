"""What became of blocks: learned from as habits, shown beside what was planned, and said when it stands out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from equipoise.apps.people.models import Person
from equipoise.apps.planner import queries
from equipoise.apps.planner.models import Block
from equipoise.core.facets import FACETS, Purpose
from equipoise.core.planning.habits import Experience, Habits, Outcome, Slot, WhyNot, learn_habits

LEARNED_FROM = timedelta(weeks=52)
NOTICED_WEEKS = 8
NOTICED_FROM = 3
"""A kind of block that was moved or dropped is said from so many blocks on."""


def kind_learned(kind: str) -> str:
    """The kind under which a block is learned from: one-to-ones with anybody are one kind."""
    return kind.partition(":")[0]


def slot_of(moment: datetime, zone: ZoneInfo) -> Slot:
    """The weekday and hour of a moment on the owner's clock."""
    local = moment.astimezone(zone)
    return Slot(weekday=local.weekday(), hour=local.hour)


def outcome_of(block: Block, *, now: datetime) -> Outcome | None:
    """What became of a block; `None` while that is open, or when it never was answered."""
    if block.state == Block.State.REFUSED:
        return Outcome.REFUSED
    if block.state == Block.State.WITHDRAWN:
        return Outcome.DROPPED
    if block.state == Block.State.SHIFTED:
        return Outcome.MOVED
    if block.state == Block.State.ACCEPTED and block.ends_at <= now:
        return Outcome.KEPT
    return None


def habits_of(person: Person, *, now: datetime) -> Habits:
    """What the person's blocks of the last year teach."""
    zone = ZoneInfo(person.zone)
    blocks = queries.blocks_since(person, now - LEARNED_FROM)
    return learn_habits(each for block in blocks if (each := _experience(block, zone, now=now)) is not None)


def _experience(block: Block, zone: ZoneInfo, *, now: datetime) -> Experience | None:
    outcome = outcome_of(block, now=now)
    if outcome is None:
        return None
    return Experience(
        kind=kind_learned(block.kind),
        planned=slot_of(block.proposed_start, zone),
        outcome=outcome,
        found=slot_of(block.starts_at, zone) if outcome is Outcome.MOVED else None,
        why=WhyNot(block.why_refused) if block.why_refused else None,
        weeks_ago=max(0, (now - block.proposed_start).days // 7),
    )


def last_weeks(person: Person, *, before: date) -> dict[str, date]:
    """The latest week before a Monday in which each kind of block was taken."""
    rows = Block.objects.filter(person=person, monday__lt=before, state__in=queries.TAKEN).values_list("kind", "monday")
    found: dict[str, date] = {}
    for kind, monday in rows:
        found[kind] = max(found.get(kind, monday), monday)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Blocks and their hours."""

    blocks: int = 0
    hours: float = 0.0

    def plus(self, block: Block) -> "Tally":
        """With one block more, by its length as proposed."""
        return Tally(blocks=self.blocks + 1, hours=self.hours + _hours(block))


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetReview:
    """What was planned for a facet, and what became of it. All four parts add up to `planned`."""

    facet: Purpose
    planned: Tally = Tally()
    kept: Tally = Tally()
    moved: Tally = Tally()
    dropped: Tally = Tally()
    ahead: Tally = Tally()


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A week's plan beside what happened.

    Attributes:
        monday: The week.
        facets: By facet, those with a planned block only.
        total: All facets together.
        refused: How many blocks were refused.
        unanswered: How many were never answered.
        blocks: Every block with what became of it; `None` while open.
    """

    monday: date
    facets: tuple[FacetReview, ...]
    total: FacetReview
    refused: int
    unanswered: int
    blocks: tuple[tuple[Block, Outcome | None], ...]


def review(person: Person, monday: date, *, now: datetime) -> Review | None:
    """Planned against what happened; `None` when nothing was proposed for the week."""
    return review_of(queries.blocks_of(person, monday), monday, now=now)


def review_of(blocks: Sequence[Block], monday: date, *, now: datetime) -> Review | None:
    """The same of the blocks of a week."""
    if not blocks:
        return None
    told = tuple((block, outcome_of(block, now=now)) for block in blocks)
    by_facet = {facet: FacetReview(facet=facet) for facet in FACETS}
    total = FacetReview(facet=Purpose.OTHER)
    for block, outcome in told:
        if block.state in {Block.State.PROPOSED, Block.State.REFUSED}:
            continue
        facet = Purpose(block.purpose)
        by_facet[facet] = _counted(by_facet[facet], block, outcome)
        total = _counted(total, block, outcome)
    return Review(
        monday=monday,
        facets=tuple(row for row in by_facet.values() if row.planned.blocks),
        total=total,
        refused=sum(block.state == Block.State.REFUSED for block in blocks),
        unanswered=sum(block.state == Block.State.PROPOSED for block in blocks),
        blocks=told,
    )


def _counted(row: FacetReview, block: Block, outcome: Outcome | None) -> FacetReview:
    part = {Outcome.KEPT: "kept", Outcome.MOVED: "moved", Outcome.DROPPED: "dropped", None: "ahead"}[outcome]
    tallies = {name: getattr(row, name) for name in ("planned", "kept", "moved", "dropped", "ahead")}
    return FacetReview(
        facet=row.facet, **{**tallies, "planned": row.planned.plus(block), part: tallies[part].plus(block)}
    )


def _hours(block: Block) -> float:
    return (block.proposed_end - block.proposed_start).total_seconds() / 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Restless:
    """A kind of block that keeps being moved or dropped.

    Attributes:
        title: What it is called.
        moved: How many of its blocks were moved or dropped.
        of: Of how many that were accepted.
        monday: A week to look at.
    """

    title: str
    moved: int
    of: int
    monday: date


def restless(person: Person, *, now: datetime) -> list[Restless]:
    """Kinds of blocks of which most were moved or dropped in the last weeks, the most often first."""
    by_kind: dict[str, list[Block]] = {}
    for block in queries.blocks_since(person, now - timedelta(weeks=NOTICED_WEEKS)):
        if outcome_of(block, now=now) in {Outcome.KEPT, Outcome.MOVED, Outcome.DROPPED}:
            by_kind.setdefault(kind_learned(block.kind), []).append(block)
    found = [each for blocks in by_kind.values() if (each := _restless(blocks, now=now)) is not None]
    return sorted(found, key=lambda each: (-each.moved, each.title))


def _restless(blocks: Iterable[Block], *, now: datetime) -> Restless | None:
    mine = list(blocks)
    moved = sum(outcome_of(block, now=now) is not Outcome.KEPT for block in mine)
    if len(mine) < NOTICED_FROM or 2 * moved <= len(mine):
        return None
    latest = max(mine, key=lambda block: block.starts_at)
    return Restless(title=latest.title, moved=moved, of=len(mine), monday=latest.monday)
