"""The REST API, put together from the operations of all features, and its description (OpenAPI 3.1)."""

import json
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import path
from django.utils import translation
from ninja import NinjaAPI

from equipoise.apps.calendars.api import router as calendars
from equipoise.apps.change.api import router as change
from equipoise.apps.growth.api import router as growth
from equipoise.apps.insights.api import router as insights
from equipoise.apps.insights.teams.api import router as balance_of_teams
from equipoise.apps.integrations.api import router as tokens
from equipoise.apps.integrations.bearer import Bearer
from equipoise.apps.integrations.webhooks.api import router as webhooks
from equipoise.apps.people.api import router as oneself
from equipoise.apps.people.assistants.api import router as assistants
from equipoise.apps.people.joining.api import router as joining
from equipoise.apps.people.organising.api import people, teams
from equipoise.apps.planner.api import router as planner
from equipoise.apps.privacy.api import router as privacy
from equipoise.apps.provisioning.api import router as tables
from equipoise.platform.access import Audience, page
from equipoise.platform.api import declared_urls, described, tell_problems
from equipoise.platform.api.parsing import StrictParser

TAGS = {
    "Oneself": "Who the token acts as, and their settings.",
    "Assistants": "Who acts for whom. `Acting-For` takes the number of an assistance.",
    "People": "Everybody of the organisation: positions, reporting lines, roles, coming and leaving.",
    "Teams": "The tree of teams by date, and who belongs to them.",
    "Tables and groups": "Tables of people and teams that were read in, and what groups of a directory stand for.",
    "Calendars": "Calendars read from files, addresses and calendar servers.",
    "Calendar entries": "Entries, what they are for, and rules that say so.",
    "This week": "Where the week stands.",
    "Balance": "How much of the time goes into leading and managing, with how sure that is.",
    "Balance of teams": "Teams and units, in groups of five or more only.",
    "Situation": "What the situation calls for, and bands of one's own.",
    "Plan": "A week as it is proposed: accept, change or refuse.",
    "Planner settings": "Working hours, kinds of blocks, one-to-ones.",
    "Reflections": "One's own, and nobody else's.",
    "Monday mail": "The mail on Monday morning.",
    "Privacy": "One's own data, erasure, how long records are kept, the trail.",
    "Tokens": "Tokens are listed and ended here; they are made on the pages or the command line.",
    "Webhooks": "Addresses that are told that something was done (Standard Webhooks), never what it held.",
}
"""What the operations are about, in the order of the main job."""

DESCRIPTION = """Everything a person can do in the pages, with the same access and the same thresholds.

Send a token: `Authorization: Bearer eqp_…`. Lists come in pages: `next` is the cursor of the page after. Problems are
told by RFC 9457. Headers that hold for whole kinds of operations stand under `components.parameters`.
"""

api = NinjaAPI(
    title="Equipoise",
    version="1",
    description=DESCRIPTION,
    openapi_extra={"tags": [{"name": name, "description": words} for name, words in TAGS.items()]},
    auth=Bearer(),
    parser=StrictParser(),
    openapi_url="",
    docs_url=None,
    urls_namespace="api",
)
tell_problems(api)
ROUTERS = (
    oneself,
    assistants,
    people,
    joining,
    teams,
    calendars,
    change,
    planner,
    growth,
    insights,
    balance_of_teams,
    privacy,
    tables,
    tokens,
    webhooks,
)
for router in ROUTERS:
    api.add_router("", router)


@cache
def _described() -> bytes:
    with translation.override("en"):
        return json.dumps(described(api, prefix="/api/v1/"), ensure_ascii=False).encode()


@page("the API's description", audience=Audience.ANYONE)
def description(request: HttpRequest) -> HttpResponseBase:
    """The description programs read."""
    return HttpResponse(_described(), content_type="application/json")


app_name = "api"
urlpatterns = [path("openapi.json", description, name="openapi"), *declared_urls(api)]
