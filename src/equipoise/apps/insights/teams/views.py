"""Pages of the balance of teams and of the organisation."""

import csv
import io
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRefresh

from equipoise.apps.insights.models import ClosedMonth
from equipoise.apps.insights.teams import actions, months, queries, tasks
from equipoise.apps.insights.teams.groups import Scope
from equipoise.apps.insights.teams.lines import lines
from equipoise.apps.insights.teams.pictures import drawn
from equipoise.apps.people.models import Person, Team
from equipoise.apps.people.requests import person_of
from equipoise.platform.access import Audience, page

SEEN_BY = (Audience.MEMBER, Audience.LEAD, Audience.PARTNER)
RECORD = "balance of teams"


@page(RECORD, audience=SEEN_BY)
def overview(request: HttpRequest) -> HttpResponse:
    """The whole organisation, the teams one may see, and whether one's own calendar counts."""
    person, now = person_of(request), timezone.now()
    context = _frame(request, person, now)
    if getattr(request, "htmx", False):  # the page asks whether what is being made is there
        return HttpResponse(status=204) if context["being_made"] else HttpResponseClientRefresh()
    month = context["month"]
    found = queries.pictures(person, month, on=timezone.localdate()) if isinstance(month, ClosedMonth) else []
    context |= {
        "whole": next((drawn(each) for each in found if each.scope == Scope.WHOLE), None),
        "teams": [drawn(each) for each in found if each.scope == Scope.UNIT],
        "counts_in": queries.counts_in(person),
        "next_month": months.next_to_close(now),
        "next_at": months.closed_at(months.next_to_close(now)),
    }
    return render(request, "insights/teams/overview.html", context)


@page(RECORD, audience=SEEN_BY)
def team(request: HttpRequest, balance_team_id: int) -> HttpResponse:
    """One team with all below it, its own members, and the teams directly below."""
    person, today = person_of(request), timezone.localdate()
    try:
        shown = queries.team_of(person, balance_team_id, on=today)
    except Team.DoesNotExist as error:
        raise Http404 from error
    context = _frame(request, person, timezone.now())
    month, below = context["month"], set(queries.teams_below(shown, on=today))
    found = queries.pictures(person, month, on=today) if isinstance(month, ClosedMonth) else []
    context |= {
        "team": shown,
        "pictures": [drawn(each) for each in found if each.team_id == shown.pk],
        "teams": [drawn(each) for each in found if each.team_id in below and each.scope == Scope.UNIT],
    }
    return render(request, "insights/teams/team.html", context)


@page(RECORD, audience=SEEN_BY)
def table(request: HttpRequest) -> HttpResponse:
    """Everything one may see of a month, as CSV; the same figures as the page, and none while there is no month."""
    person = person_of(request)
    month = _month_asked(request, queries.months_made(person))
    found = queries.pictures(person, month, on=timezone.localdate()) if month else []
    body = io.StringIO()
    csv.writer(body).writerows(lines(month.first_day if month else None, found))
    name = f"balance-of-teams-{month.first_day:%Y-%m}.csv" if month else "balance-of-teams.csv"
    response = HttpResponse("\ufeff" + body.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@page("own part in the balance of teams", methods=("POST",))
def count_in(request: HttpRequest) -> HttpResponse:
    """Let one's calendar count from the next picture on, or no longer."""
    wanted = request.POST.get("wanted") == "yes"
    actions.count_in(person=person_of(request), wanted=wanted, now=timezone.now())
    if wanted:
        messages.success(request, _("Your calendar counts from the next picture on."))
    else:
        messages.success(request, _("Your calendar counts no longer, from the next picture on."))
    return redirect("insights:organisation-balance")


def _frame(request: HttpRequest, person: Person, now: datetime) -> dict[str, object]:
    """The month that is shown, those beside it, and whether one is being made."""
    if person.is_demo:
        tasks.begin(demo=True, now=now)
    made = queries.months_made(person)
    month = _month_asked(request, made)
    order = [each.first_day for each in reversed(made)]
    at = order.index(month.first_day) if month else 0
    return {
        "section": "balance",
        "month": month,
        "rules": queries.rules_of(month) if month else queries.rules(),
        "before": order[at - 1] if at > 0 else None,
        "after": order[at + 1] if month and at + 1 < len(order) else None,
        "being_made": not made and person.is_demo,
    }


def _month_asked(request: HttpRequest, made: list[ClosedMonth]) -> ClosedMonth | None:
    """The month an address asks for; without one, or with one that is not made, the latest."""
    asked = request.GET.get("month", "")
    return next((each for each in made if f"{each.first_day:%Y-%m}" == asked), made[0] if made else None)
