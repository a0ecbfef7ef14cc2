"""The REST API, put together from the operations of all features, and its description (OpenAPI 3.1)."""

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import path
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
from equipoise.apps.people.organising.api import people, teams
from equipoise.apps.planner.api import router as planner
from equipoise.apps.privacy.api import router as privacy
from equipoise.platform.access import Audience, page
from equipoise.platform.api import declared_urls, described, tell_problems
from equipoise.platform.api.parsing import StrictParser

api = NinjaAPI(
    title="Equipoise",
    version="1",
    description="Everything a person can do in the pages. Same access, same thresholds.",
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
    teams,
    calendars,
    change,
    planner,
    growth,
    insights,
    balance_of_teams,
    privacy,
    tokens,
    webhooks,
)
for router in ROUTERS:
    api.add_router("", router)


@page("the API's description", audience=Audience.ANYONE)
def description(request: HttpRequest) -> HttpResponseBase:
    """The description programs read."""
    return JsonResponse(described(api, prefix="/api/v1/"))


app_name = "api"
urlpatterns = [path("openapi.json", description, name="openapi"), *declared_urls(api)]
