"""Operations of the API on the balance of teams: the same pictures as the pages, to the same people."""

from datetime import date, datetime
from typing import Annotated, Literal, cast

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from equipoise.apps.insights.models import ClosedMonth
from equipoise.apps.insights.teams import actions, queries, tasks
from equipoise.apps.insights.teams.mapping import SHARE_EDGES, Told
from equipoise.apps.people.models import Person
from equipoise.apps.people.requests import person_of, viewer_of
from equipoise.core.anonymity.figures import CountBand, Spread
from equipoise.core.situation.profile import Band
from equipoise.platform.access import Audience
from equipoise.platform.api import Day, Flag, Id, Scope, Sent, answers, operation

router = Router(tags=["Balance of teams"])

RECORD = "balance of teams"
SEEN_BY = (Audience.MEMBER, Audience.LEAD, Audience.PARTNER)
GroupKind = Literal["whole", "unit", "own"]
MonthAsked = Annotated[Day | None, Field(description="Any day of the month; the latest month when left out.")]


class PeopleBand(Schema):
    """A count, told as a band, both ends included; without an upper end it is open."""

    low: int
    high: int | None


class MiddleHalf(Schema):
    """The rounded middle of a group's values, and between which its middle half lies."""

    middle: float
    low: float
    high: float


class CalledForBand(Schema):
    """What situations call for, as a share of the time led or managed."""

    low: float
    high: float


class SharePart(Schema):
    """How many people lead from `low` to less than `high` of the time; null when it is not told."""

    low: float
    high: float
    people: PeopleBand | None


class FitPart(Schema):
    """How many people's month stands so beside what their situation called for; null when it is not told."""

    fit: str
    people: PeopleBand | None


class GroupPicture(Schema):
    """What is told of one group in a month; of a group that is not shown, nothing but that."""

    group: GroupKind = Field(description="Everybody, a team with all below it, or a team's own members.")
    team_id: int | None
    team: str
    shown: bool
    counted: PeopleBand | None
    members: PeopleBand | None
    leading: MiddleHalf | None = Field(description="The share of leading in the time led or managed, 0 to 1.")
    called_for: CalledForBand | None
    axes: dict[str, MiddleHalf | None] = Field(description="The lean of each axis, -1 (managing) to +1 (leading).")
    parts: list[SharePart] | None
    fits: list[FitPart] | None


class BalanceOfTeams(Schema):
    """The pictures of a month that the asking person may see; `least` people stand behind every figure."""

    month: date | None = Field(description="Its first day; null while no month was closed.")
    made_at: datetime | None
    months: list[date] = Field(description="The first days of all months with pictures, the latest first.")
    least: int
    least_for_parts: int
    groups: list[GroupPicture]


class CountedInChoice(Sent):
    """Whether the own calendar counts in the next picture."""

    counts_in: Flag


@router.get("/organisation/balance", response=answers(BalanceOfTeams), operation_id="balance_of_teams")
@operation(RECORD, scope=Scope.READ, audience=SEEN_BY)
def balance_of_teams(request: HttpRequest, month: MonthAsked = None) -> BalanceOfTeams:
    """The whole organisation and the teams one may see; a token of the organisation sees the whole."""
    return _shown(viewer_of(request), month, team_id=None)


@router.get(
    "/organisation/balance/teams/{int:balance_team_id}", response=answers(BalanceOfTeams), operation_id="team_balance"
)
@operation(RECORD, scope=Scope.READ, audience=SEEN_BY)
def team_balance(request: HttpRequest, balance_team_id: Id, month: MonthAsked = None) -> BalanceOfTeams:
    """One team with all below it, and its own members."""
    viewer = viewer_of(request)
    team = queries.team_of(viewer, balance_team_id, on=timezone.localdate())
    return _shown(viewer, month, team_id=team.pk)


@router.get("/organisation/balance/counting", response=answers(CountedInChoice), operation_id="whether_counted")
@operation("own part in the balance of teams", scope=Scope.READ)
def whether_counted(request: HttpRequest) -> CountedInChoice:
    """Whether the own calendar counts in the next picture."""
    return CountedInChoice(counts_in=queries.counts_in(person_of(request)))


@router.put("/organisation/balance/counting", response=answers(CountedInChoice), operation_id="choose_whether_counted")
@operation("own part in the balance of teams", scope=Scope.WRITE)
def choose_whether_counted(request: HttpRequest, sent: CountedInChoice) -> CountedInChoice:
    """Let the own calendar count from the next picture on, or no longer."""
    actions.count_in(person=person_of(request), wanted=sent.counts_in, now=timezone.now())
    return sent


def _shown(viewer: Person, asked: date | None, *, team_id: int | None) -> BalanceOfTeams:
    if viewer.is_demo:
        tasks.begin(demo=True, now=timezone.now())
    made = queries.months_made(viewer)
    month = _month(made, asked)
    found = queries.pictures(viewer, month, on=timezone.localdate()) if month else []
    rules = queries.rules_of(month) if month else queries.rules()
    return BalanceOfTeams(
        month=month.first_day if month else None,
        made_at=month.made_at if month else None,
        months=[each.first_day for each in made],
        least=rules.least,
        least_for_parts=rules.least_for_parts,
        groups=[_group(each) for each in found if team_id in {None, each.team_id}],
    )


def _month(made: list[ClosedMonth], asked: date | None) -> ClosedMonth | None:
    """The month that was asked for, else the latest; `None` while there is none.

    Raises:
        Http404: When the month asked for has no pictures.
    """
    if asked is None:
        return made[0] if made else None
    found = next((each for each in made if each.first_day == asked.replace(day=1)), None)
    if found is None:
        raise Http404
    return found


def _group(picture: queries.Picture) -> GroupPicture:
    told = picture.told
    return GroupPicture(
        group=cast("GroupKind", picture.scope.value),
        team_id=picture.team_id,
        team=picture.team,
        shown=told is not None,
        counted=_people(told.counted) if told else None,
        members=_people(told.members) if told else None,
        leading=_middle(told.share) if told else None,
        called_for=_band(told.called) if told else None,
        axes={axis: _middle(lean) for axis, lean in told.axes.items()} if told else {},
        parts=_parts(told) if told else None,
        fits=[FitPart(fit=fit.value, people=_people(band)) for fit, band in told.fits.items()]
        if told and told.fits
        else None,
    )


def _parts(told: Told) -> list[SharePart] | None:
    if told.parts is None:
        return None
    ends = zip(SHARE_EDGES, SHARE_EDGES[1:], told.parts, strict=False)
    return [SharePart(low=low, high=high, people=_people(band)) for low, high, band in ends]


def _people(band: CountBand | None) -> PeopleBand | None:
    return PeopleBand(low=band.low, high=band.high) if band else None


def _middle(found: Spread | None) -> MiddleHalf | None:
    return MiddleHalf(middle=found.middle, low=found.low, high=found.high) if found else None


def _band(band: Band | None) -> CalledForBand | None:
    return CalledForBand(low=band.low, high=band.high) if band else None
