"""Operations of the API on a person's situation: scans, what is called for and why, bands of one's own."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema, Status
from pydantic import Field, create_model

from equipoise.apps.change import actions, models, queries
from equipoise.apps.change.forms import EARLIEST, LONG_CHANGES, SINCE
from equipoise.apps.change.words import CONSEQUENCES, GRADE_WORDS, QUESTION_WORDS, because, choices_of, sentence
from equipoise.apps.people.requests import actor_of, person_of
from equipoise.core.facets import AXES, FACETS
from equipoise.core.situation.profile import Band, CalledFor, Reason
from equipoise.core.situation.roles import Role
from equipoise.core.situation.rules import RULES, Grade
from equipoise.core.situation.scan import CANNOT_SAY, QUESTIONS
from equipoise.core.situation.signals import SignalKind
from equipoise.platform.access import Audience
from equipoise.platform.api import (
    CannotBe,
    Day,
    Flag,
    Id,
    Number,
    Page,
    Paging,
    Scope,
    Sent,
    answers,
    operation,
    page_of,
)

router = Router(tags=["Situation"])

CITATIONS = {rule.key: rule.citations for rule in RULES}
AxisName = Literal["horizon", "movement", "attention", "influence"]
FacetName = Literal["vision", "change", "people", "inspiration", "execution", "stability", "process", "oversight"]
Share = Annotated[float, Field(ge=0, le=1)]
Lean = Annotated[float, Field(ge=-1, le=1)]
Why = Annotated[
    str, Field(min_length=1, max_length=500, pattern=r"^[^\u0000]*[^\s\u0000-\u001f\u007f-\u00a0][^\u0000]*$")
]


class ShareBand(Schema):
    """What is called for, as a share of the time led or managed."""

    low: Share
    high: Share


class LeanBand(Schema):
    """What is called for on an axis, from -1 (all managing) to +1 (all leading)."""

    low: Lean
    high: Lean


class Choice(Schema):
    """One answer a question offers."""

    key: str
    words: str


class LeanBands(Schema):
    """What is called for on each axis."""

    horizon: LeanBand
    movement: LeanBand
    attention: LeanBand
    influence: LeanBand


class FacetBands(Schema):
    """What is called for of each facet."""

    vision: ShareBand
    change: ShareBand
    people: ShareBand
    inspiration: ShareBand
    execution: ShareBand
    stability: ShareBand
    process: ShareBand
    oversight: ShareBand


class ScanQuestion(Schema):
    """One question of the scan."""

    key: str
    words: str
    choices: list[Choice]


def _answers_model() -> type[Sent]:
    """A closed model with a field for each question, which takes the keys of its choices."""
    fields: dict[str, Any] = {question.key: (Literal[(*question.choices, CANNOT_SAY)], ...) for question in QUESTIONS}
    return create_model(
        "ScanAnswers",
        __base__=Sent,
        __doc__="An answer to each question, and since when a large change has been under way.",
        **fields,
        change_since=(Day | None, Field(None, description="Kept beside a change of ways, of strategy, or a merger.")),
    )


ScanAnswers = _answers_model()


class Source(Schema):
    """Where a rule comes from; `doi` is empty where it has none, or none that was checked."""

    authors: str
    year: int
    where: str
    doi: str


class ReasonTold(Schema):
    """One rule at work: what set it off, how good its evidence is, and what it pulls."""

    rule: str
    fact: str = Field(description="What set it off, in a sentence.")
    consequence: str = Field(description="What follows, in a sentence.")
    signal: SignalKind
    value: float
    source: str
    on: date
    grade: Grade
    grade_words: str
    pulls: dict[str, float] = Field(description="Points by which it raised or lowered each facet.")
    leading_points: float = Field(description="By how much it moved the leading share.")
    citations: list[Source]


class Bands(Schema):
    """What a situation calls for."""

    leading: ShareBand
    axes: LeanBands
    facets: FacetBands


class CalledForTold(Bands):
    """What a situation calls for, with the reasons, the one that moves the leading share most first."""

    reasons: list[ReasonTold]


class ScanShown(Schema):
    """One round of answers."""

    id: int
    made_at: datetime
    rules: str = Field(description="The version of the rules it was made with.")
    answers: dict[str, str]


class ScanRead(ScanShown):
    """One round of answers, and what the rules of its day made of it."""

    role: Role
    because: str
    needs: dict[str, float] = Field(description="Points for each facet, 0 to 100.")
    unknown: list[SignalKind]
    called_for: CalledForTold


class SituationTold(Schema):
    """What the situation calls for today, with the person's own bands in their place."""

    scan: ScanRead = Field(description="The scan that holds, without own bands.")
    called_for: CalledForTold
    own: list[str] = Field(description="What the person set a band of their own for.")
    due_on: date = Field(description="The day a new scan is due.")
    is_due: bool


class OwnBandToSet(Sent):
    """A band of one's own: its two ends in any order, as a share of 0 to 1, and why."""

    target: Literal["leading", FacetName]
    one_end: Annotated[Number, Field(ge=0, le=1)]
    other_end: Annotated[Number, Field(ge=0, le=1)]
    reason: Why


class OwnLeanToSet(Sent):
    """A band of one's own on an axis: its two ends in any order, from -1 to +1, and why."""

    target: AxisName
    one_end: Annotated[Number, Field(ge=-1, le=1)]
    other_end: Annotated[Number, Field(ge=-1, le=1)]
    reason: Why


class OwnBand(Schema):
    """A band the person set in place of what was worked out."""

    id: int
    target: str
    low: Lean
    high: Lean
    computed_low: Lean
    computed_high: Lean
    reason: str
    made_at: datetime
    ended_at: datetime | None


class Holding(Sent):
    """Whether a band of one's own holds."""

    holds: Flag


@router.get("/situation", response=answers(SituationTold), operation_id="get_situation")
@operation("own situation", scope=Scope.READ, audience=Audience.ASSISTED)
def get_situation(request: HttpRequest) -> SituationTold:
    """What the situation calls for today, and why; 404 before the first scan."""
    today = timezone.localdate()
    found = queries.situation(person_of(request), on=today)
    if found is None:
        raise models.Scan.DoesNotExist
    return SituationTold(
        scan=_read(queries.situation_of_scan(person_of(request), found.scan.pk), today),
        called_for=_called_for(found.called_for, found.scan.answers, today),
        own=sorted(found.overrides),
        due_on=found.due,
        is_due=queries.is_scan_due(found, today),
    )


@router.get("/situation/questions", response=answers(Page[ScanQuestion]), operation_id="list_scan_questions")
@operation("own situation", scope=Scope.READ, audience=Audience.ASSISTED)
def list_questions(request: HttpRequest) -> Page[ScanQuestion]:
    """The twelve questions of the scan with the answers they offer, in the person's language."""
    return Page(
        items=[
            ScanQuestion(
                key=key,
                words=str(words),
                choices=[Choice(key=choice, words=str(told)) for choice, told in choices_of(key)],
            )
            for key, words in QUESTION_WORDS.items()
        ]
    )


@router.get("/scans", response=answers(Page[ScanShown]), operation_id="list_scans")
@operation("own situation", scope=Scope.READ, audience=Audience.ASSISTED)
def list_scans(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """All scans, newest first."""
    found = page_of(request, queries.scan_rows(person_of(request)), paging, order=("-made_at", "-id"))
    return {**found, "items": [_shown(row) for row in found["items"]]}


@router.post("/scans", response=answers(ScanRead, status=201), operation_id="keep_scan")
@operation("own situation", scope=Scope.WRITE, audience=Audience.ASSISTED)
def keep_scan(request: HttpRequest, sent: ScanAnswers) -> Status[ScanRead]:  # type: ignore[valid-type]
    """Keep a round of answers; from then on it says what is called for."""
    person, today = person_of(request), timezone.localdate()
    told = sent.model_dump()  # type: ignore[attr-defined]
    since = told.pop(SINCE)
    if since is not None and not EARLIEST <= since <= today:
        raise CannotBe(_("A change under way began today or earlier."))
    if since is not None and told["change"] in LONG_CHANGES:
        told[SINCE] = since.isoformat()
    row = actions.keep_scan(actor=actor_of(request), person=person, answers=told, now=timezone.now())
    return Status(201, _read(queries.situation_of_scan(person, row.pk), today))


@router.get("/scans/{scan_id}", response=answers(ScanRead), operation_id="get_scan")
@operation("own situation", scope=Scope.READ, audience=Audience.ASSISTED)
def get_scan(request: HttpRequest, scan_id: Id) -> ScanRead:
    """What one scan said, as the rules of its day had it."""
    found = queries.situation_of_scan(person_of(request), scan_id)
    return _read(found, timezone.localtime(found.scan.made_at).date())


@router.get("/own-bands", response=answers(Page[OwnBand]), operation_id="list_own_bands")
@operation("own situation", scope=Scope.READ, audience=Audience.ASSISTED)
def list_own_bands(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """All bands the person ever set, newest first; those that hold have no end."""
    return page_of(request, queries.override_rows(person_of(request)), paging, order=("-made_at", "-id"))


@router.post("/own-bands", response=answers(OwnBand, status=201), operation_id="set_own_band")
@operation("own situation", scope=Scope.WRITE, audience=Audience.ASSISTED)
def set_own_band(request: HttpRequest, sent: OwnBandToSet | OwnLeanToSet) -> Status[models.Override]:
    """Set a band in place of what was worked out; one set before for the same ends."""
    low, high = sorted((sent.one_end, sent.other_end))
    try:
        row = actions.set_band(
            actor=actor_of(request),
            person=person_of(request),
            target=sent.target,
            band=Band(low=low, high=high),
            reason=sent.reason,
            now=timezone.now(),
        )
    except actions.NothingToSet as error:
        raise CannotBe(_("There is no scan yet whose band could be set otherwise. Keep a scan first.")) from error
    return Status(201, row)


@router.get("/own-bands/{band_id}", response=answers(OwnBand), operation_id="get_own_band")
@operation("own situation", scope=Scope.READ, audience=Audience.ASSISTED)
def get_own_band(request: HttpRequest, band_id: Id) -> models.Override:
    """One band of one's own."""
    return queries.override_of(person_of(request), band_id)


@router.patch("/own-bands/{band_id}", response=answers(OwnBand), operation_id="hold_own_band")
@operation("own situation", scope=Scope.WRITE, audience=Audience.ASSISTED)
def hold_own_band(request: HttpRequest, band_id: Id, sent: Holding) -> models.Override:
    """Drop a band, so that what was worked out holds again, or bring one back; it stays in the history."""
    row = queries.override_of(person_of(request), band_id)
    act = actions.bring_band_back if sent.holds else actions.drop_band
    if sent.holds == (row.ended_at is not None):
        act(actor=actor_of(request), override=row, now=timezone.now())
    return queries.override_of(person_of(request), band_id)


def _shown(row: models.Scan) -> ScanShown:
    return ScanShown(id=row.pk, made_at=row.made_at, rules=row.version, answers=row.answers)


def _read(found: queries.Situation, on: date) -> ScanRead:
    profile, scan = found.profile, found.scan
    return ScanRead(
        id=scan.pk,
        made_at=scan.made_at,
        rules=scan.version,
        answers=scan.answers,
        role=profile.role,
        because=because(profile, scan.answers, on),
        needs={facet.value: points for facet, points in profile.needs.items()},
        unknown=sorted(profile.unknown),
        called_for=_called_for(profile.called_for, scan.answers, on),
    )


def bands_told(found: CalledFor) -> Bands:
    """What a situation calls for, as it is answered."""
    return Bands(
        leading=_share(found.leading),
        axes=LeanBands(**{axis.name: _lean(found.axes[axis]) for axis in AXES}),
        facets=FacetBands(**{facet.value: _share(found.facets[facet]) for facet in FACETS}),
    )


def _called_for(found: CalledFor, said: Mapping[str, str], on: date) -> CalledForTold:
    reasons = [_reason(reason, said, on) for reason in found.reasons]
    return CalledForTold(**dict(bands_told(found)), reasons=reasons)


def _share(band: Band) -> ShareBand:
    return ShareBand(low=band.low, high=band.high)


def _lean(band: Band) -> LeanBand:
    return LeanBand(low=band.low, high=band.high)


def _reason(reason: Reason, said: Mapping[str, str], on: date) -> ReasonTold:
    return ReasonTold(
        rule=reason.rule,
        fact=sentence(reason, said, on),
        consequence=str(CONSEQUENCES.get(reason.rule, "")),
        signal=reason.signal.kind,
        value=reason.signal.value,
        source=reason.signal.source,
        on=reason.signal.on,
        grade=reason.grade,
        grade_words=str(GRADE_WORDS[reason.grade.value]),
        pulls={facet.value: points for facet, points in reason.pulls.items()},
        leading_points=reason.leading_points,
        citations=[Source(**asdict(each)) for each in CITATIONS.get(reason.rule, ())],
    )
