"""Operations on weeks and their blocks: propose, answer, take back, bring out into calendars, look back."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal, cast
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from pydantic import Field

from equipoise.apps.calendars import tasks as calendar_tasks
from equipoise.apps.people.models import Person
from equipoise.apps.people.requests import actor_of, person_of
from equipoise.apps.planner import actions, carrying, fixed, models, out, outcomes, queries, words
from equipoise.apps.planner.weekpage import Shown, WeekPage, week_page
from equipoise.core.facets import Purpose
from equipoise.core.planning.habits import Outcome, WhyNot
from equipoise.platform.access import Audience
from equipoise.platform.api import CannotBe, Clock, Day, Id, Scope, Sent, ShortText, Whole, answers, operation

router = Router(tags=["Plan"])

FURTHEST = timedelta(weeks=104)
CALENDAR_TYPE = "text/calendar; charset=utf-8"
AS_CALENDAR = {"responses": {200: {"content": {"text/calendar": {"schema": {"type": "string"}}}}}}

Week = Annotated[Day, Field(description="Any day of the week; at most 104 weeks from today.")]
BlockState = Literal["proposed", "accepted", "shifted", "refused", "withdrawn"]
Why = Annotated[WhyNot, Field(strict=False)]


class Block(Schema):
    """A block of a week: proposed, and then what the person and time made of it."""

    id: int
    monday: date
    title: str
    kind: str
    purpose: Purpose
    state: BlockState
    starts_at: datetime
    ends_at: datetime
    proposed_start: datetime
    proposed_end: datetime
    reasons: list[str] = Field(description="Why it is there, the weightiest first.")
    overlaps: list[str] = Field(description="Titles of entries at that time; empty ones are private.")
    why_refused: WhyNot | None
    why_words: str
    written: bool = Field(description="Whether it is carried over to the calendar that is written to.")
    seen_at: datetime | None
    gone_at: datetime | None = Field(description="When it was found deleted in the calendar.")
    decided_at: datetime | None


class FacetHours(Schema):
    """Hours of a facet in a week: what stands, what is proposed or accepted, and what is wished for."""

    facet: Purpose
    standing: float
    planned: float
    low: float | None
    high: float | None


class PlannedWeek(Schema):
    """A week's plan."""

    monday: date
    proposed_at: datetime | None
    status: str = Field(description="How good the plan is, in a sentence; empty when none was proposed.")
    said: list[str] = Field(description="What is left out or in conflict.")
    moves: list[str] = Field(description="Movable entries that would make room elsewhere; only you move them.")
    blocks: list[Block]
    facets: list[FacetHours]
    waiting: int
    taken: int
    writes_to: str = Field(description="The calendar accepted blocks can be written to; empty when none is chosen.")
    unwritten: int
    over: bool


class Decided(Schema):
    """What was done to blocks, and the number by which it is taken back; null when there was nothing to do."""

    decision_id: int | None
    blocks: list[Block]


class Shift(Sent):
    """Another time for a block, within its week, on the owner's clock."""

    weekday: Annotated[Whole, Field(ge=0, le=6, description="0 is Monday.")]
    starts: Clock
    minutes: Annotated[Whole, Field(ge=5, le=720)] | None = Field(None, description="Its length stays when not given.")


class BlockRefusal(Sent):
    """Why a block is refused, if the person likes to say."""

    why: Why | None = None
    words: Annotated[ShortText, Field(max_length=300)] = ""


class WritingBegun(Schema):
    """How many blocks are on their way into the calendar that is written to."""

    blocks: int


class Feed(Schema):
    """The private address at which accepted blocks can be subscribed to."""

    made_at: datetime


class FeedMade(Schema):
    """The feed's address, told this once: whoever has it sees the accepted blocks."""

    address: str


class BlockTally(Schema):
    """Blocks and their hours as proposed."""

    blocks: int
    hours: float


class Came(Schema):
    """What was accepted, and what became of it; the last four add up to the first."""

    planned: BlockTally
    kept: BlockTally
    moved: BlockTally
    dropped: BlockTally
    ahead: BlockTally


class FacetCame(Came):
    """What became of the blocks of a facet."""

    facet: Purpose


class BlockCame(Schema):
    """What became of a block; null while it is ahead or was never answered."""

    id: int
    title: str
    purpose: Purpose
    outcome: Outcome | None


class WeekReview(Schema):
    """A week's plan beside what happened."""

    monday: date
    over: bool
    total: Came
    facets: list[FacetCame]
    refused: int
    unanswered: int
    blocks: list[BlockCame]


@router.get("/plan/weeks/{week}", response=answers(PlannedWeek), operation_id="get_week")
@operation("own plan", scope=Scope.READ, audience=Audience.ASSISTED)
def get_week(request: HttpRequest, week: Week) -> PlannedWeek:
    """A week's plan: its blocks with their reasons, and how good it is."""
    return _planned(person_of(request), _monday(week))


@router.post("/plan/weeks/{week}/proposals", response=answers(PlannedWeek, status=201), operation_id="propose_week")
@operation("own plan", scope=Scope.WRITE, audience=Audience.ASSISTED)
def propose(request: HttpRequest, week: Week) -> Status[PlannedWeek]:
    """Propose a week, or propose it again; what was accepted stays."""
    person, monday = person_of(request), _monday(week)
    if monday < queries.monday_of(timezone.localdate()):
        raise CannotBe(_("That week is over; nothing was changed."))
    try:
        actions.propose(actor=actor_of(request), person=person, monday=monday, now=timezone.now())
    except actions.PlanFailed as error:
        raise CannotBe(
            _("The week could not be planned. Nothing was changed; look at your planner settings.")
        ) from error
    return Status(201, _planned(person, monday))


@router.post("/plan/weeks/{week}/acceptances", response=answers(Decided), operation_id="accept_week")
@operation("own plan", scope=Scope.WRITE, audience=Audience.ASSISTED)
def accept_week(request: HttpRequest, week: Week) -> Decided:
    """Accept every block of a week that waits for an answer and is not over."""
    person, now = person_of(request), timezone.now()
    found = queries.blocks_of(person, _monday(week))
    waiting = [each for each in found if each.state == models.Block.State.PROPOSED and each.ends_at > now]
    decision = actions.accept(actor=actor_of(request), person=person, blocks=waiting, now=now)
    return _decided(person, decision, [each.pk for each in waiting])


@router.post("/plan/weeks/{week}/writings", response=answers(WritingBegun, status=202), operation_id="write_week")
@operation("own plan", scope=Scope.WRITE, audience=Audience.ASSISTED)
def write(request: HttpRequest, week: Week) -> Status[WritingBegun]:
    """Have the accepted blocks of a week written to the chosen calendar, in the background."""
    person = person_of(request)
    try:
        count = carrying.write_week(actor=actor_of(request), person=person, monday=_monday(week), now=timezone.now())
    except carrying.NoCalendarToWriteTo as error:
        raise CannotBe(_("No calendar to write to is chosen. Nothing was written.")) from error
    calendar_tasks.write_soon(person, now=timezone.now())
    return Status(202, WritingBegun(blocks=count))


@router.get(
    "/plan/weeks/{week}/calendar", response=answers(None), operation_id="get_week_calendar", openapi_extra=AS_CALENDAR
)
@operation("own plan", scope=Scope.READ, audience=Audience.ASSISTED)
def get_calendar(request: HttpRequest, week: Week) -> HttpResponse:
    """The accepted blocks of a week as an .ics file."""
    found = queries.taken_blocks(person_of(request), _monday(week))
    return HttpResponse(out.calendar(found), content_type=CALENDAR_TYPE)


@router.get("/plan/weeks/{week}/review", response=answers(WeekReview), operation_id="get_week_review")
@operation("own plan", scope=Scope.READ, audience=Audience.ASSISTED)
def get_review(request: HttpRequest, week: Week) -> WeekReview:
    """What was planned for a week, and what became of it; 404 when nothing was proposed."""
    person, monday, now = person_of(request), _monday(week), timezone.now()
    found = outcomes.review(person, monday, now=now)
    if found is None:
        raise Http404
    return WeekReview(
        monday=monday,
        over=monday < queries.week_in_view(person, now=now),
        total=Came(**_came(found.total)),
        facets=[FacetCame(facet=each.facet, **_came(each)) for each in found.facets],
        refused=found.refused,
        unanswered=found.unanswered,
        blocks=[
            BlockCame(id=block.pk, title=block.title, purpose=Purpose(block.purpose), outcome=outcome)
            for block, outcome in found.blocks
        ],
    )


@router.get("/plan/blocks/{block_id}", response=answers(Block), operation_id="get_block")
@operation("own plan", scope=Scope.READ, audience=Audience.ASSISTED)
def get_block(request: HttpRequest, block_id: Id) -> Block:
    """One block."""
    person = person_of(request)
    return _one(person, queries.block_of(person, block_id))


@router.post("/plan/blocks/{block_id}/acceptances", response=answers(Decided), operation_id="accept_block")
@operation("own plan", scope=Scope.WRITE, audience=Audience.ASSISTED)
def accept(request: HttpRequest, block_id: Id) -> Decided:
    """Accept a block, also one that was refused or taken back."""
    person = person_of(request)
    block = queries.block_of(person, block_id)
    decision = actions.accept(actor=actor_of(request), person=person, blocks=[block], now=timezone.now())
    return _decided(person, decision, [block.pk])


@router.post("/plan/blocks/{block_id}/shifts", response=answers(Decided), operation_id="shift_block")
@operation("own plan", scope=Scope.WRITE, audience=Audience.ASSISTED)
def shift(request: HttpRequest, block_id: Id, sent: Shift) -> Decided:
    """Put a block at another time, which accepts it; what is in the way is told, not refused."""
    person = person_of(request)
    block = queries.block_of(person, block_id)
    day = block.monday + timedelta(days=sent.weekday)
    start = datetime.combine(day, sent.starts, tzinfo=ZoneInfo(person.zone)).astimezone(ZoneInfo("UTC"))
    length = timedelta(minutes=sent.minutes) if sent.minutes else block.ends_at - block.starts_at
    decision = actions.shift(
        actor=actor_of(request), person=person, block=block, start=start, end=start + length, now=timezone.now()
    )
    return _decided(person, decision, [block.pk])


@router.post("/plan/blocks/{block_id}/refusals", response=answers(Decided), operation_id="refuse_block")
@operation("own plan", scope=Scope.WRITE, audience=Audience.ASSISTED)
def refuse(request: HttpRequest, block_id: Id, sent: BlockRefusal) -> Decided:
    """Refuse a block, or take an accepted one back."""
    person = person_of(request)
    block = queries.block_of(person, block_id)
    decision = actions.refuse(
        actor=actor_of(request), person=person, block=block, why=sent.why, words=sent.words, now=timezone.now()
    )
    return _decided(person, decision, [block.pk])


@router.delete("/plan/decisions/{decision_id}", response=answers(Decided), operation_id="undo_decision")
@operation("own plan", scope=Scope.WRITE, audience=Audience.ASSISTED)
def undo(request: HttpRequest, decision_id: Id) -> Decided:
    """Take an answer back; blocks that were changed again since stay as they are."""
    person = person_of(request)
    decision = queries.decision_of(person, decision_id)
    try:
        blocks = actions.undo(actor=actor_of(request), person=person, decision=decision, now=timezone.now())
    except actions.NothingToUndo as error:
        raise CannotBe(_("It was changed again since, so it stays as it is now.")) from error
    return _decided(person, None, [block.pk for block in blocks])


@router.get("/plan/feed", response=answers(Feed), operation_id="get_feed")
@operation("own plan feed", scope=Scope.READ, audience=Audience.ASSISTED)
def get_feed(request: HttpRequest) -> models.Feed:
    """When the private feed was made; 404 when there is none. Its address was told once."""
    found = queries.has_feed(person_of(request))
    if found is None:
        raise Http404
    return found


@router.post("/plan/feed", response=answers(FeedMade, status=201), operation_id="make_feed")
@operation("own plan feed", scope=Scope.WRITE, audience=Audience.ASSISTED)
def make_feed(request: HttpRequest) -> Status[FeedMade]:
    """Make the private feed, or give it a new address; the old one ends."""
    token = actions.make_feed(actor=actor_of(request), person=person_of(request), now=timezone.now())
    address = request.build_absolute_uri(reverse("planner:feed", args=[token]))
    return Status(201, FeedMade(address=address))


@router.delete("/plan/feed", response=answers(None, status=204), operation_id="end_feed")
@operation("own plan feed", scope=Scope.WRITE, audience=Audience.ASSISTED)
def end_feed(request: HttpRequest) -> Status[None]:
    """End the feed: its address answers nobody any more."""
    actions.end_feed(actor=actor_of(request), person=person_of(request), now=timezone.now())
    return Status(204, None)


def _monday(day: date) -> date:
    """The Monday of a day's week.

    Raises:
        Http404: The week is too far away for a plan.
    """
    if abs(day - timezone.localdate()) > FURTHEST:
        raise Http404
    return queries.monday_of(day)


def _planned(person: Person, monday: date) -> PlannedWeek:
    now = timezone.now()
    weeks = queries.weeks_of(person, in_view=queries.week_in_view(person, now=now), asked=monday)
    found = week_page(person, monday, weeks=weeks, now=now)
    return PlannedWeek(
        monday=monday,
        proposed_at=found.proposal.made_at if found.proposal else None,
        status=found.status,
        said=list(found.said),
        moves=list(found.moves),
        blocks=[_block(each.block, each.overlaps) for each in _all_of(found)],
        facets=[
            FacetHours(
                facet=Purpose(each.facet), standing=each.fixed, planned=each.planned, low=each.low, high=each.high
            )
            for each in found.facets
        ],
        waiting=found.waiting,
        taken=found.taken,
        writes_to=found.writes_to,
        unwritten=found.unwritten,
        over=found.over,
    )


def _all_of(found: WeekPage) -> Iterable[Shown]:
    every = [*(each for day in found.days for each in day.blocks), *found.elsewhere, *found.refused]
    return sorted({each.block.pk: each for each in every}.values(), key=lambda each: (each.start, each.block.pk))


def _decided(person: Person, decision: models.Decision | None, keys: Sequence[int]) -> Decided:
    blocks = [_one(person, queries.block_of(person, key)) for key in keys]
    return Decided(decision_id=decision.pk if decision else None, blocks=blocks)


def _one(person: Person, row: models.Block) -> Block:
    there = fixed.in_the_way(person, row.starts_at, row.ends_at, without=[row.uid])
    return _block(row, [each.title for each in there])


def _block(row: models.Block, overlaps: Sequence[str]) -> Block:
    return Block(
        id=row.pk,
        monday=row.monday,
        title=row.title,
        kind=row.kind,
        purpose=Purpose(row.purpose),
        state=cast("BlockState", row.state),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        proposed_start=row.proposed_start,
        proposed_end=row.proposed_end,
        reasons=words.reason_sentences(row.reasons, row.displaced),
        overlaps=list(overlaps),
        why_refused=WhyNot(row.why_refused) if row.why_refused else None,
        why_words=row.why_words,
        written=row.written,
        seen_at=row.seen_at,
        gone_at=row.gone_at,
        decided_at=row.decided_at,
    )


def _came(row: outcomes.FacetReview) -> dict[str, Any]:
    return {
        name: BlockTally(blocks=getattr(row, name).blocks, hours=getattr(row, name).hours)
        for name in ("planned", "kept", "moved", "dropped", "ahead")
    }
