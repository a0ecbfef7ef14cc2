"""Operations on what a person's weeks must leave room for: settings, kinds of blocks, one-to-ones."""

from collections.abc import Iterable, Sequence
from datetime import date, time
from typing import Annotated, Literal

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from pydantic import Field, PlainSerializer, WithJsonSchema

from equipoise.apps.people.requests import actor_of, person_of
from equipoise.apps.planner import actions, mapping, one_to_ones, queries
from equipoise.core.facets import Purpose
from equipoise.platform.access import Audience
from equipoise.platform.api import CannotBe, Clock, Flag, Id, Line, Number, Page, Scope, Sent, Whole, answers, operation

router = Router(tags=["Planner settings"])

MOST_KINDS = 40

ClockTime = Annotated[
    Clock,
    PlainSerializer(lambda value: f"{value:%H:%M}", return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^([01][0-9]|2[0-3]):[0-5][0-9]$", "examples": ["09:30"]}),
]
Weekday = Annotated[Whole, Field(ge=0, le=6, description="0 is Monday.")]
Weekdays = Annotated[list[Weekday], Field(max_length=7)]
Hours = Annotated[Number, Field(ge=0, le=60)]
FacetKey = Literal["vision", "change", "people", "inspiration", "execution", "stability", "process", "oversight"]
TravelWord = Annotated[
    str,
    Field(
        max_length=80,
        pattern=r"^[^\u0000-\u001f\u007f-\u009f,]*[^\s\u0000-\u001f\u007f-\u00a0,][^\u0000-\u001f\u007f-\u009f,]*$",
    ),
]
KindKey = Annotated[str, Field(max_length=60, pattern=r"^[-a-zA-Z0-9_]+$")]


class DayHours(Sent):
    """Working hours on a weekday."""

    weekday: Weekday
    opens: ClockTime
    closes: ClockTime


class LunchBreak(Sent):
    """A break of so many minutes somewhere between two times."""

    opens: ClockTime
    closes: ClockTime
    minutes: Annotated[Whole, Field(ge=15, le=180)]


class SpanKeptFree(Sent):
    """A span kept free each week: of everything (nothing is put there), or of talk with others."""

    name: Annotated[str, Field(max_length=80, pattern=r"^[^\u0000-\u001f\u007f]*$")]
    kind: Literal["nothing", "meetings"]
    weekdays: Annotated[list[Weekday], Field(min_length=1, max_length=7)]
    opens: ClockTime
    closes: ClockTime


class FacetTarget(Sent):
    """Hours a week of a facet, as the person wants them."""

    facet: FacetKey
    low: Hours
    high: Hours


class PlannerSettings(Sent):
    """What the weeks must leave room for; a weekday without hours is off."""

    hours: Annotated[list[DayHours], Field(min_length=1, max_length=7)]
    kept_free: Annotated[list[SpanKeptFree], Field(max_length=12)]
    lunch: LunchBreak | None
    buffer_minutes: Annotated[Whole, Field(ge=0, le=120)]
    minutes_a_day: Annotated[Whole, Field(ge=60, le=1440)]
    travel_words: Annotated[list[TravelWord], Field(max_length=20)]
    travel_minutes: Annotated[Whole, Field(ge=0, le=480)]
    focus: Literal["any", "morning", "afternoon"]
    targets: Annotated[list[FacetTarget], Field(max_length=8)]


class BlockKindFields(Sent):
    """What a kind of block is like."""

    title: Line
    purpose: FacetKey
    minutes: Annotated[Whole, Field(ge=15, le=720, description="At least, unbroken.")]
    longest: Annotated[Whole, Field(ge=15, le=720)]
    times: Annotated[Whole, Field(ge=1, le=14, description="How many, in a week in which it is due.")]
    every_weeks: Annotated[Whole, Field(ge=1, le=52)]
    weekdays: Annotated[Weekdays, Field(description="None means all.")]
    earliest: ClockTime | None
    latest: ClockTime | None
    worth: Literal["must", "high", "normal", "low"]
    energy: Literal["focus", "talk", "any"]
    on: Flag


class BlockKind(BlockKindFields):
    """A kind of block, by its key; `own` tells that the person added it."""

    key: str
    own: bool


class OneToOneToWatch(Sent):
    """Somebody to be seen alone, and how often."""

    name: Line
    cadence_days: Annotated[Whole, Field(ge=1, le=366)]
    on: Flag = True


class OneToOneKept(Schema):
    """Somebody on the own list; `on` is false when they are not to be proposed."""

    id: int
    name: str
    cadence_days: int
    on: bool


class OneToOneDue(Schema):
    """Somebody to be seen alone, with the days the calendar has them on."""

    one_to_one_id: int | None = Field(description="Null for a report who is not on the own list.")
    name: str
    cadence_days: int
    last: date | None
    coming: date | None
    days_since: int | None
    is_overdue: bool


@router.get("/plan/settings", response=answers(PlannerSettings), operation_id="get_planner_settings")
@operation("own planner settings", scope=Scope.READ, audience=Audience.ASSISTED)
def get_settings(request: HttpRequest) -> PlannerSettings:
    """Hours, breaks, limits, travel, focus and targets."""
    return _settings(queries.settings_of(person_of(request)))


@router.put("/plan/settings", response=answers(PlannerSettings), operation_id="change_planner_settings")
@operation("own planner settings", scope=Scope.WRITE, audience=Audience.ASSISTED)
def change_settings(request: HttpRequest, sent: PlannerSettings) -> PlannerSettings:
    """Change them all; the next proposal goes by it."""
    person = person_of(request)
    actions.change_settings(actor=actor_of(request), person=person, wanted=_wanted(sent), now=timezone.now())
    return _settings(queries.settings_of(person))


@router.get("/plan/kinds", response=answers(Page[BlockKind]), operation_id="list_block_kinds")
@operation("own planner settings", scope=Scope.READ, audience=Audience.ASSISTED)
def list_kinds(request: HttpRequest) -> Page[BlockKind]:
    """The kinds of blocks that are wanted, switched-off ones too."""
    return Page(items=[_kind(each) for each in queries.kinds_of(person_of(request))])


@router.post("/plan/kinds", response=answers(BlockKind, status=201), operation_id="add_block_kind")
@operation("own planner settings", scope=Scope.WRITE, audience=Audience.ASSISTED)
def add_kind(request: HttpRequest, sent: BlockKindFields) -> Status[BlockKind]:
    """Add a kind of block."""
    person = person_of(request)
    if len(queries.kinds_of(person)) >= MOST_KINDS:
        raise CannotBe(_("That is the most kinds of blocks there can be. Drop one first."))
    made = _kind_wanted(sent, actions.free_key(person, sent.title), own=True)
    actions.change_kind(actor=actor_of(request), person=person, kind=made, now=timezone.now())
    return Status(201, _kind(queries.kind_of(person, made.key)))


@router.get("/plan/kinds/{key}", response=answers(BlockKind), operation_id="get_block_kind")
@operation("own planner settings", scope=Scope.READ, audience=Audience.ASSISTED)
def get_kind(request: HttpRequest, key: KindKey) -> BlockKind:
    """One kind of block."""
    return _kind(queries.kind_of(person_of(request), key))


@router.put("/plan/kinds/{key}", response=answers(BlockKind), operation_id="change_block_kind")
@operation("own planner settings", scope=Scope.WRITE, audience=Audience.ASSISTED)
def change_kind(request: HttpRequest, key: KindKey, sent: BlockKindFields) -> BlockKind:
    """Change a kind of block; a default one stands in the person's own way from then on."""
    person = person_of(request)
    known = queries.kind_of(person, key)
    made = _kind_wanted(sent, known.key, own=known.own)
    actions.change_kind(actor=actor_of(request), person=person, kind=made, now=timezone.now())
    return _kind(queries.kind_of(person, key))


@router.delete("/plan/kinds/{key}", response=answers(None, status=204), operation_id="drop_block_kind")
@operation("own planner settings", scope=Scope.WRITE, audience=Audience.ASSISTED)
def drop_kind(request: HttpRequest, key: KindKey) -> Status[None]:
    """Drop an own kind of block, or have a default one as it was."""
    person = person_of(request)
    known = queries.kind_of(person, key)
    actions.drop_kind(actor=actor_of(request), person=person, key=known.key, now=timezone.now())
    return Status(204, None)


@router.get("/plan/one-to-ones", response=answers(Page[OneToOneDue]), operation_id="list_one_to_ones")
@operation("own planner settings", scope=Scope.READ, audience=Audience.ASSISTED)
def list_one_to_ones(request: HttpRequest) -> Page[OneToOneDue]:
    """Everybody who is to be seen alone, the longest ago first; never seen ones last."""
    found = one_to_ones.of_kept(person_of(request), on=timezone.localdate())
    return Page(
        items=[
            OneToOneDue(
                one_to_one_id=each.one_to_one_id,
                name=each.name,
                cadence_days=each.cadence_days,
                last=each.last,
                coming=each.coming,
                days_since=each.days,
                is_overdue=each.is_overdue,
            )
            for each in found
        ]
    )


@router.post("/plan/one-to-ones", response=answers(OneToOneKept, status=201), operation_id="watch_one_to_one")
@operation("own planner settings", scope=Scope.WRITE, audience=Audience.ASSISTED)
def watch(request: HttpRequest, sent: OneToOneToWatch) -> Status[object]:
    """Add somebody to be seen alone, or change how often; `on: false` has a report not proposed."""
    row = actions.watch_one_to_one(
        actor=actor_of(request),
        person=person_of(request),
        name=sent.name,
        cadence_days=sent.cadence_days,
        on=sent.on,
        now=timezone.now(),
    )
    return Status(201, row)


@router.get("/plan/one-to-ones/{one_to_one_id}", response=answers(OneToOneKept), operation_id="get_one_to_one")
@operation("own planner settings", scope=Scope.READ, audience=Audience.ASSISTED)
def get_one_to_one(request: HttpRequest, one_to_one_id: Id) -> object:
    """Somebody on the own list."""
    return queries.one_to_one_of(person_of(request), one_to_one_id)


@router.delete(
    "/plan/one-to-ones/{one_to_one_id}", response=answers(None, status=204), operation_id="unwatch_one_to_one"
)
@operation("own planner settings", scope=Scope.WRITE, audience=Audience.ASSISTED)
def unwatch(request: HttpRequest, one_to_one_id: Id) -> Status[None]:
    """Take somebody off the own list."""
    person = person_of(request)
    row = queries.one_to_one_of(person, one_to_one_id)
    actions.drop_one_to_one(actor=actor_of(request), person=person, one_to_one=row, now=timezone.now())
    return Status(204, None)


def _settings(wanted: mapping.Wanted) -> PlannerSettings:
    lunch = wanted.lunch
    return PlannerSettings.model_construct(
        hours=[
            DayHours(weekday=day, opens=opens, closes=closes) for day, (opens, closes) in sorted(wanted.hours.items())
        ],
        kept_free=[
            SpanKeptFree.model_construct(
                name=each.name, kind=_kept_free_of(each.kind), weekdays=list(each.days), opens=each.opens,
                closes=each.closes,
            )
            for each in wanted.kept_free
        ],
        lunch=LunchBreak(opens=lunch.opens, closes=lunch.closes, minutes=lunch.minutes) if lunch else None,
        buffer_minutes=wanted.buffer_minutes,
        minutes_a_day=wanted.minutes_a_day,
        travel_words=list(wanted.travel_words),
        travel_minutes=wanted.travel_minutes,
        focus=wanted.focus,
        targets=[
            FacetTarget.model_construct(facet=facet.value, low=low, high=high)
            for facet, (low, high) in wanted.targets.items()
        ],
    )  # fmt: skip


def _kept_free_of(kind: str) -> Literal["nothing", "meetings"]:
    return "meetings" if kind == mapping.MEETINGS else "nothing"


def _wanted(sent: PlannerSettings) -> mapping.Wanted:
    """What was sent, as a value.

    Raises:
        CannotBe: A span ends before it starts, a break does not fit, or a weekday or facet is said twice.
    """
    lunch = sent.lunch
    spans = [(each.opens, each.closes) for each in sent.hours] + [(each.opens, each.closes) for each in sent.kept_free]
    _must_run_forwards([*spans, *([(lunch.opens, lunch.closes)] if lunch else [])])
    if lunch and _minutes(lunch.closes) - _minutes(lunch.opens) < lunch.minutes:
        raise CannotBe(_("So long a lunch does not fit between the two times."))
    _must_be_said_once([each.weekday for each in sent.hours])
    _must_be_said_once([each.facet for each in sent.targets])
    if any(each.high < each.low for each in sent.targets):
        raise CannotBe(_("Give both hours, the second not smaller, or none."))
    return mapping.Wanted(
        hours={each.weekday: (each.opens, each.closes) for each in sent.hours},
        kept_free=tuple(
            mapping.KeptFree(
                kind=each.kind, name=each.name.strip(), days=_days(each.weekdays), opens=each.opens, closes=each.closes
            )
            for each in sent.kept_free
        ),
        lunch=mapping.Lunch(opens=lunch.opens, closes=lunch.closes, minutes=lunch.minutes) if lunch else None,
        buffer_minutes=sent.buffer_minutes,
        minutes_a_day=sent.minutes_a_day,
        travel_words=tuple(" ".join(each.split()) for each in sent.travel_words),
        travel_minutes=sent.travel_minutes,
        focus=sent.focus,
        targets={Purpose(each.facet): (each.low, each.high) for each in sent.targets},
    )


def _must_run_forwards(spans: Iterable[tuple[time, time]]) -> None:
    if any(closes <= opens for opens, closes in spans):
        raise CannotBe(_("It must end after it starts."))


def _must_be_said_once(keys: Sequence[object]) -> None:
    if len(set(keys)) < len(keys):
        raise CannotBe(_("Say each weekday and each facet once."))


def _minutes(clock: time) -> int:
    return 60 * clock.hour + clock.minute


def _days(weekdays: Sequence[int]) -> tuple[int, ...]:
    return tuple(sorted(set(weekdays)))


def _kind(kind: mapping.Kind) -> BlockKind:
    fields = mapping.kind_fields(kind)
    return BlockKind.model_construct(key=kind.key, own=kind.own, weekdays=fields.pop("days"), **fields)


def _kind_wanted(sent: BlockKindFields, key: str, *, own: bool) -> mapping.Kind:
    """What was sent, as a value.

    Raises:
        CannotBe: The longest block is shorter than the shortest, or none fits between the times.
    """
    if sent.longest < sent.minutes:
        raise CannotBe(_("At most cannot be less than at least."))
    if sent.earliest and sent.latest and _minutes(sent.latest) - _minutes(sent.earliest) < sent.minutes:
        raise CannotBe(_("Between the two times there is no room for such a block."))
    return mapping.Kind(
        key=key,
        title=sent.title,
        purpose=Purpose(sent.purpose),
        minutes=sent.minutes,
        longest=sent.longest,
        times=sent.times,
        every_weeks=sent.every_weeks,
        days=_days(sent.weekdays),
        earliest=sent.earliest,
        latest=sent.latest,
        worth=sent.worth,
        energy=sent.energy,
        on=sent.on,
        own=own,
    )
