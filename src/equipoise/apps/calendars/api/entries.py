"""Operations on entries: what each is for and how sure that is, corrections, rules, and what is worth asking about."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import Field

from equipoise.apps.calendars import actions, mapping, models, queries
from equipoise.apps.people.models import Person
from equipoise.apps.people.requests import actor_of, person_of
from equipoise.core.facets import PURPOSES, Purpose
from equipoise.core.timeuse.entries import Answer, Recurrence, Relation
from equipoise.core.timeuse.entries import Entry as CalendarEntry
from equipoise.core.timeuse.purposes import Origin
from equipoise.platform.access import Audience
from equipoise.platform.api import (
    Day,
    Flag,
    Id,
    Line,
    Page,
    Paging,
    Scope,
    Sent,
    answers,
    operation,
    page_of,
    page_of_values,
)

router = Router(tags=["Calendar entries"])

LONGEST_PERIOD, USUAL_PERIOD = timedelta(weeks=104), timedelta(weeks=4)
LOOK_AROUND = timedelta(days=366)
"""A period further away from the days the calendars cover holds nothing and is not looked at."""
REVIEWED = timedelta(weeks=12)
FOUND_AT_MOST = 100

Probability = Annotated[float, Field(ge=0, le=1)]
PurposeSent = Annotated[Purpose, Field(strict=False)]
WordsAsked = Annotated[
    str, Field(min_length=1, max_length=100, pattern=r"^[^\u0000]*$", description="Words of the title, in any case.")
]


class Probabilities(Schema):
    """How likely each purpose is; they add up to 1."""

    vision: Probability
    change: Probability
    people: Probability
    inspiration: Probability
    execution: Probability
    stability: Probability
    process: Probability
    oversight: Probability
    other: Probability
    unclear: Probability


class Verdict(Schema):
    """What an entry is for, and who says so."""

    purpose: Purpose
    probabilities: Probabilities
    origin: Origin
    correction_id: int | None = Field(description="The correction that holds, if one does.")


class Taking(Schema):
    """One time an entry takes place."""

    starts_at: datetime
    ends_at: datetime


class CalendarEntryTold(Schema):
    """One entry of a calendar with its times, and what it is for."""

    id: int
    uid: str = Field(description="The calendar's own identifier.")
    title: str = Field(description="Empty when private.")
    all_day: bool
    cancelled: bool
    free: bool
    private: bool
    answer: Answer
    attendees: int | None
    relation: Relation | None
    recurring: Recurrence
    movable: bool = Field(description="Whether the owner says it may be moved when a week is planned.")
    times: list[Taking]
    hours: float = Field(description="What counts of these times, double-booked time shared.")
    verdict: Verdict | None = Field(description="Null when none of these times counts.")


class PurposeSaid(Sent):
    """What all entries of a series are for."""

    purpose: PurposeSent


class Correction(Schema):
    """What the owner says all entries of a series are for."""

    id: int
    purpose: Purpose
    said_at: datetime


class CorrectionUndone(Schema):
    """What holds now that a correction was taken back."""

    holds: Correction | None = Field(description="The correction it had replaced, if there was one.")


class Movability(Sent):
    """Whether an entry may be moved when a week is planned."""

    movable: Flag


class Doubt(Schema):
    """A series worth asking about: its hours in the last weeks, and what the model makes of it."""

    entry_id: int
    title: str
    hours: float
    times: int
    verdict: Verdict


class SeriesFound(Schema):
    """A series found by its title, and the last day it takes place."""

    entry_id: int
    title: str
    day: date


class RuleForPurpose(Sent):
    """A rule that says what entries with some words in the title are for."""

    words: Line = Field(max_length=200)
    purpose: PurposeSent
    all_day_counts: Flag = Field(default=False, description="Whether all-day entries with them count as working hours.")


class RuleForAllDay(Sent):
    """A rule by which all-day entries with some words in the title count as working hours."""

    words: Line = Field(max_length=200)
    purpose: None = None
    all_day_counts: Literal[True]


class Rule(Schema):
    """A rule of the owner: entries whose title has these words are for this, or count as working hours."""

    id: int
    words: str
    purpose: Purpose | None
    all_day_counts: bool
    made_at: datetime


class RuleKept(Rule):
    """A rule of the owner, and how many entries it fits."""

    fits: int


@router.get("/entries", response=answers(Page[CalendarEntryTold]), operation_id="list_entries")
@operation("own calendar", scope=Scope.READ, audience=Audience.ASSISTED)
def list_entries(
    request: HttpRequest,
    paging: Query[Paging],
    start: Annotated[Day | None, Field(description="First day; four weeks before the end when not given.")] = None,
    end: Annotated[Day | None, Field(description="Day after the last one; tomorrow when not given.")] = None,
) -> dict[str, Any]:
    """Entries that take place in a period of at most 104 weeks, in time, with what they are for."""
    person = person_of(request)
    period = _period(person, start, end)
    found = [] if period is None else _found_in(person, *period)
    page = page_of_values(request, found, paging, key=lambda each: (each.first.isoformat(), each.entry.line))
    movable = queries.movable_series(person)
    return {**page, "items": [_entry_found(each, movable) for each in page["items"]]}


@router.get("/entries/{entry_id}", response=answers(CalendarEntryTold), operation_id="get_entry")
@operation("own calendar entry", scope=Scope.READ, audience=Audience.ASSISTED)
def get_entry(request: HttpRequest, entry_id: Id) -> CalendarEntryTold:
    """One entry with all its times; the hours are as written, shared with no other."""
    person = person_of(request)
    row = queries.entry_of(person, entry_id)
    entry = mapping.entry_of(row)
    (verdict,) = queries.verdicts(person, [entry])
    times = [Taking(starts_at=each.starts_at, ends_at=each.ends_at) for each in row.occurrences.all()]
    hours = sum((each.ends_at - each.starts_at).total_seconds() for each in times) / 3600
    return _entry(entry, times, hours, verdict, movable=row.series in queries.movable_series(person))


@router.put("/entries/{entry_id}/purpose", response=answers(Correction), operation_id="correct_entry")
@operation("own correction", scope=Scope.WRITE, audience=Audience.ASSISTED)
def correct(request: HttpRequest, entry_id: Id, sent: PurposeSaid) -> models.Correction:
    """Say what an entry is for, in all its repeats."""
    row = queries.entry_of(person_of(request), entry_id)
    return actions.correct(actor=actor_of(request), entry=row, purpose=sent.purpose, now=timezone.now())


@router.put("/entries/{entry_id}/movable", response=answers(Movability), operation_id="mark_entry_movable")
@operation("own entry's freedom", scope=Scope.WRITE, audience=Audience.ASSISTED)
def mark_movable(request: HttpRequest, entry_id: Id, sent: Movability) -> Movability:
    """Say whether an entry may be moved when a week is planned; only the owner's own may."""
    row = queries.entry_of(person_of(request), entry_id)
    if not queries.may_be_moved(row):
        raise Http404
    actions.mark_movable(actor=actor_of(request), entry=row, movable=sent.movable, now=timezone.now())
    return sent


@router.get("/corrections", response=answers(Page[Correction]), operation_id="list_corrections")
@operation("own correction", scope=Scope.READ, audience=Audience.ASSISTED)
def list_corrections(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """The corrections that hold."""
    return page_of(request, queries.corrections_of(person_of(request)), paging, order=("-said_at", "-id"))


@router.delete("/corrections/{correction_id}", response=answers(CorrectionUndone), operation_id="undo_correction")
@operation("own correction", scope=Scope.WRITE, audience=Audience.ASSISTED)
def undo(request: HttpRequest, correction_id: Id) -> dict[str, models.Correction | None]:
    """Take a correction back; the one it had replaced holds again."""
    row = queries.correction_of(person_of(request), correction_id)
    return {"holds": actions.undo_correction(actor=actor_of(request), correction=row, now=timezone.now())}


@router.get("/doubts", response=answers(Page[Doubt]), operation_id="list_doubts")
@operation("own calendar", scope=Scope.READ, audience=Audience.ASSISTED)
def list_doubts(request: HttpRequest) -> Page[Doubt]:
    """The series of the last twelve weeks whose correction would tell most, the most telling first."""
    person = person_of(request)
    reach = queries.reach(person)
    if reach is None:
        return Page(items=[])
    end = min(reach.last, _today(person)) + timedelta(days=1)
    found = queries.doubts(person, start=max(reach.first, end - REVIEWED), end=end)
    return Page(
        items=[
            Doubt(
                entry_id=each.entry.pk,
                title=each.entry.title,
                hours=each.hours,
                times=each.times,
                verdict=verdict_told(each.verdict),
            )
            for each in found
        ]
    )


@router.get("/series", response=answers(Page[SeriesFound]), operation_id="find_series")
@operation("own calendar entries", scope=Scope.READ, audience=Audience.ASSISTED)
def find_series(request: HttpRequest, words: WordsAsked) -> dict[str, Any]:
    """The series with these words in their title, the latest first; a hundred at most."""
    asked = " ".join(words.split())
    return {"items": queries.search(person_of(request), asked, limit=FOUND_AT_MOST) if asked else []}


@router.get("/rules", response=answers(Page[Rule]), operation_id="list_rules")
@operation("own rule", scope=Scope.READ, audience=Audience.ASSISTED)
def list_rules(request: HttpRequest) -> Page[Rule]:
    """The rules in the order they are tried: the first that fits decides."""
    return Page(items=[Rule(**_rule_fields(row)) for row in queries.rules_of(person_of(request))])


@router.post("/rules", response=answers(RuleKept, status=201), operation_id="make_rule")
@operation("own rule", scope=Scope.WRITE, audience=Audience.ASSISTED)
def make_rule(request: HttpRequest, sent: RuleForPurpose | RuleForAllDay) -> Status[RuleKept]:
    """Make a rule, or change the one with the same words."""
    person = person_of(request)
    row = actions.make_rule(
        actor=actor_of(request),
        person=person,
        words=sent.words,
        purpose=sent.purpose,
        all_day_counts=sent.all_day_counts,
        now=timezone.now(),
    )
    return Status(201, _kept(person, row))


@router.get("/rules/{rule_id}", response=answers(RuleKept), operation_id="get_rule")
@operation("own rule", scope=Scope.READ, audience=Audience.ASSISTED)
def get_rule(request: HttpRequest, rule_id: Id) -> RuleKept:
    """One rule, and how many entries it fits."""
    person = person_of(request)
    return _kept(person, queries.rule_of(person, rule_id))


@router.delete("/rules/{rule_id}", response=answers(None, status=204), operation_id="drop_rule")
@operation("own rule", scope=Scope.WRITE, audience=Audience.ASSISTED)
def drop_rule(request: HttpRequest, rule_id: Id) -> Status[None]:
    """Take a rule away."""
    row = queries.rule_of(person_of(request), rule_id)
    actions.drop_rule(actor=actor_of(request), rule=row, now=timezone.now())
    return Status(204, None)


def _today(person: Person) -> date:
    return timezone.localdate(timezone=ZoneInfo(person.zone))


def _period(person: Person, start: date | None, end: date | None) -> tuple[date, date] | None:
    """The days asked for, as far as there may be entries; nothing when there is none to look at."""
    reach = queries.reach(person)
    if reach is None:
        return None
    last = min(end or _today(person) + timedelta(days=1), reach.last + LOOK_AROUND)
    first = max(start or last - USUAL_PERIOD, reach.first - LOOK_AROUND, last - LONGEST_PERIOD)
    return (first, last) if first < last else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """One entry with its times in a period, the first first, what counts of them, and what it is for."""

    entry: CalendarEntry
    times: Sequence[tuple[datetime, datetime]]
    hours: float
    verdict: queries.Verdict | None

    @property
    def first(self) -> datetime:
        """When it takes place first."""
        return self.times[0][0]


def _found_in(person: Person, start: date, end: date) -> list[_Found]:
    found = queries.evidence_kept(person, start=start, end=end)
    verdicts = {entry.line: each for entry, each in zip(found.counted.entries, found.verdicts, strict=True)}
    hours: dict[int, float] = {}
    for each in found.counted.times:
        hours[each.occurrence.entry.line] = hours.get(each.occurrence.entry.line, 0.0) + each.hours
    entries = {one.entry.line: one.entry for one in found.occurrences}
    times: dict[int, list[tuple[datetime, datetime]]] = {}
    for one in found.occurrences:
        times.setdefault(one.entry.line, []).append((one.start, one.end))
    return [
        _Found(entry=entry, times=sorted(times[key]), hours=hours.get(key, 0.0), verdict=verdicts.get(key))
        for key, entry in entries.items()
    ]


def _entry_found(found: _Found, movable: Container[str]) -> CalendarEntryTold:
    times = [Taking(starts_at=start, ends_at=end) for start, end in found.times]
    return _entry(found.entry, times, found.hours, found.verdict, movable=found.entry.series in movable)


def _entry(
    entry: CalendarEntry, times: list[Taking], hours: float, verdict: queries.Verdict | None, *, movable: bool
) -> CalendarEntryTold:
    return CalendarEntryTold(
        id=entry.line,
        uid=entry.uid,
        title=entry.title,
        all_day=entry.all_day,
        cancelled=entry.cancelled,
        free=entry.free,
        private=entry.private,
        answer=entry.answer,
        attendees=entry.attendees,
        relation=entry.relation,
        recurring=entry.recurring,
        movable=movable,
        times=times,
        hours=hours,
        verdict=None if verdict is None else verdict_told(verdict),
    )


def verdict_told(verdict: queries.Verdict) -> Verdict:
    """What an entry is for, as it is answered."""
    likely = {purpose.value: value for purpose, value in zip(PURPOSES, verdict.probabilities, strict=True)}
    return Verdict(
        purpose=verdict.purpose,
        probabilities=Probabilities(**likely),
        origin=verdict.origin,
        correction_id=verdict.correction_id,
    )


def _rule_fields(row: models.Rule) -> dict[str, Any]:
    return {
        "id": row.pk,
        "words": row.words,
        "purpose": row.purpose or None,
        "all_day_counts": row.all_day_counts,
        "made_at": row.made_at,
    }


def _kept(person: Person, row: models.Rule) -> RuleKept:
    return RuleKept(**_rule_fields(row), fits=queries.entries_that_fit(person, row))
