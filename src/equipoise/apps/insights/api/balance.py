"""Operations on the balance: a period's reading, what it is made of, and unplanned talk."""

from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from equipoise.apps.calendars.api.entries import Verdict, verdict_told
from equipoise.apps.calendars.queries import Reach
from equipoise.apps.change import queries as change
from equipoise.apps.insights import periods, queries
from equipoise.apps.insights.api.shown import StandingTold, TimeRead, reading_told, standing_told
from equipoise.apps.insights.welcome import actions as welcome
from equipoise.apps.people import actions as people
from equipoise.apps.people.models import Person
from equipoise.apps.people.requests import actor_of, person_of
from equipoise.core.facets import LEADING, MANAGING, PURPOSES
from equipoise.platform.access import Audience
from equipoise.platform.api import Day, Number, Page, Paging, Scope, Sent, Whole, answers, operation, page_of_values

router = Router(tags=["Balance"])

POLES = {"leading": LEADING, "managing": MANAGING}

WeeksAsked = Annotated[Whole, Field(ge=1, le=periods.MOST, description="How many weeks.")]
UntilAsked = Annotated[
    Day | None, Field(description="A day of the week after the last; the latest weeks if not given.")
]
PurposeAsked = Literal[
    "leading", "managing", "vision", "change", "people", "inspiration", "execution", "stability", "process",
    "oversight", "other", "unclear",
]  # fmt: skip


class BalanceTold(Schema):
    """The balance of whole weeks: where the hours went, and where that stands beside what was called for then."""

    reading: TimeRead
    before: TimeRead | None = Field(description="As many weeks just before, where there is any evidence of them.")
    standing: StandingTold


class PartTold(Schema):
    """One series behind a figure: its hours in the period, and how many of them go to the purpose asked about."""

    entry_id: int
    title: str
    private: bool
    times: int
    hours: float
    part: float
    verdict: Verdict


class UnplannedHours(Sent):
    """Hours of talk a week that no calendar shows; null for not known."""

    hours_per_week: Annotated[Number, Field(ge=0, le=80)] | None


@router.get("/balance", response=answers(BalanceTold), operation_id="get_balance", by_alias=True)
@operation("own balance", scope=Scope.READ, audience=Audience.ASSISTED)
def get_balance(request: HttpRequest, weeks: WeeksAsked = periods.USUAL, until: UntilAsked = None) -> BalanceTold:
    """The balance of some whole weeks; 404 before a calendar was read."""
    person, today = person_of(request), timezone.localdate()
    reach = _reach(person)
    period = _period(reach, weeks, until)
    now, before = queries.balances(person, [period, period.before])
    on = today if period.is_latest(last=reach.last, today=today) else period.last
    return BalanceTold(
        reading=reading_told(now),
        before=reading_told(before) if before.reading.counted.counted.hours > 0 else None,
        standing=standing_told(queries.standing(person, now, change.situation(person, on=on), on)),
    )


@router.get("/balance/parts", response=answers(Page[PartTold]), operation_id="list_balance_parts")
@operation("own balance", scope=Scope.READ, audience=Audience.ASSISTED)
def list_parts(
    request: HttpRequest,
    paging: Query[Paging],
    purpose: PurposeAsked,
    weeks: WeeksAsked = periods.USUAL,
    until: UntilAsked = None,
) -> dict[str, Any]:
    """The series behind the hours of a purpose or a pole, the largest part first."""
    person = person_of(request)
    purposes = POLES.get(purpose) or tuple(each for each in PURPOSES if each.value == purpose)
    found = queries.parts(queries.balance(person, _period(_reach(person), weeks, until)), purposes)
    page = page_of_values(request, found, paging, key=lambda each: (-each.part, each.title, each.entry_id))
    return {**page, "items": [_part(each) for each in page["items"]]}


@router.get("/balance/unplanned-hours", response=answers(UnplannedHours), operation_id="get_unplanned_hours")
@operation("own balance", scope=Scope.READ, audience=Audience.ASSISTED)
def get_unplanned_hours(request: HttpRequest) -> UnplannedHours:
    """How many hours a week are unplanned talk, as the person put it."""
    return UnplannedHours.model_construct(hours_per_week=person_of(request).unplanned_hours)


@router.put("/balance/unplanned-hours", response=answers(UnplannedHours), operation_id="say_unplanned_hours")
@operation("own balance", scope=Scope.WRITE, audience=Audience.ASSISTED)
def say_unplanned_hours(request: HttpRequest, sent: UnplannedHours) -> UnplannedHours:
    """Keep how many hours a week are unplanned talk."""
    people.say_unplanned_hours(
        actor=actor_of(request), person=person_of(request), hours=sent.hours_per_week, now=timezone.now()
    )
    return sent


def _reach(person: Person) -> Reach:
    """The days there is evidence for.

    Raises:
        Http404: There is none yet.
    """
    reach = welcome.reach_of(person, now=timezone.now())
    if reach is None:
        raise Http404
    return reach


def _period(reach: Reach, weeks: int, until: Day | None) -> periods.Period:
    return periods.asked(
        weeks=str(weeks),
        until=until.isoformat() if until else "",
        first=reach.first,
        last=reach.last,
        today=timezone.localdate(),
    )


def _part(part: queries.Part) -> PartTold:
    return PartTold(
        entry_id=part.entry_id,
        title=part.title,
        private=part.private,
        times=part.times,
        hours=part.hours,
        part=part.part,
        verdict=verdict_told(part.verdict),
    )
