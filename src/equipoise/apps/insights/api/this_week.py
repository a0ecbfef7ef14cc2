"""What Monday's page says: where one stands, what stands out, and what waits."""

from collections.abc import Sequence
from datetime import date

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from equipoise.apps.change import queries as change
from equipoise.apps.insights import due, queries, weekly
from equipoise.apps.insights.api.shown import StandingTold, TimeRead, reading_told, standing_told
from equipoise.apps.insights.observations import Observation, observe
from equipoise.apps.insights.welcome import actions as welcome
from equipoise.apps.people.requests import actor_of, person_of
from equipoise.apps.planner import queries as planner
from equipoise.platform.access import Audience
from equipoise.platform.api import Scope, answers, operation

router = Router(tags=["This week"])


class ObservationTold(Schema):
    """What stands out, in a sentence, and the page with its evidence."""

    sentence: str
    page: str


class DueTold(Schema):
    """What waits, in a sentence, and the page where it is done."""

    sentence: str
    page: str
    since: date | None


class ThisWeek(Schema):
    """Where one stands by the latest four weeks, what stands out, and what waits."""

    reading: TimeRead | None = Field(description="Null before a calendar was read.")
    standing: StandingTold | None
    observations: list[ObservationTold]
    due: list[DueTold]
    week_to_plan: date = Field(description="Its Monday; the plan is at `/plan/weeks/{week}`.")


@router.get("/this-week", response=answers(ThisWeek), operation_id="get_this_week", by_alias=True)
@operation("own balance", scope=Scope.READ, audience=Audience.ASSISTED)
def get_this_week(request: HttpRequest) -> ThisWeek:
    """Where one stands, what stands out, and what waits."""
    person, now, today = person_of(request), timezone.now(), timezone.localdate()
    reach = welcome.reach_of(person, now=now)
    waits = [
        DueTold(sentence=each.sentence, page=each.address, since=each.since)
        for each in due.due(person, due.known_of(person, now=now), actor=actor_of(request), now=now)
    ]
    monday = planner.week_to_open(person, now=now)
    if reach is None:
        return ThisWeek(reading=None, standing=None, observations=[], due=waits, week_to_plan=monday)
    latest, before = queries.latest_balances(person, reach, today=today)
    standing = queries.standing(person, latest, change.situation(person, on=today), today)
    noticed = observe(latest, before, weekly.observe_plan(person, now=now), comparison=standing.comparison)
    return ThisWeek(
        reading=reading_told(latest),
        standing=standing_told(standing),
        observations=_observations(noticed),
        due=waits,
        week_to_plan=monday,
    )


def _observations(found: Sequence[Observation]) -> list[ObservationTold]:
    return [ObservationTold(sentence=each.sentence, page=reverse(each.page) + each.query) for each in found]
