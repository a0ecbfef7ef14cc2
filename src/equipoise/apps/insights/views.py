"""This week, and Balance."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from equipoise.apps.calendars import queries as calendars
from equipoise.apps.calendars.words import REASON_NAMES
from equipoise.apps.change import queries as change
from equipoise.apps.insights import periods, pictures, queries, weekly
from equipoise.apps.insights.due import Known
from equipoise.apps.insights.observations import observe
from equipoise.apps.insights.welcome import actions as welcome
from equipoise.apps.people import actions as people
from equipoise.apps.people import queries as persons
from equipoise.apps.people.forms import UnplannedHoursForm
from equipoise.apps.people.requests import actor_of, person_of
from equipoise.apps.planner import queries as planner
from equipoise.apps.planner import tasks as planner_tasks
from equipoise.core.facets import LEADING, MANAGING, PURPOSES
from equipoise.core.timeuse.reading import TimeReading
from equipoise.platform.access import Audience, is_open, page

FIRST_PARTS = 40
JUMP_ENTRIES = 20
POLES = {"leading": LEADING, "managing": MANAGING}


@page("own balance", audience=Audience.ANYONE)
def this_week(request: HttpRequest) -> HttpResponse:
    """Monday's page: where one stands, what stands out, and what the week holds."""
    if not request.user.is_authenticated:
        return redirect("insights:welcome" if _first_run() else "account_login")
    person = person_of(request)
    reach = welcome.reach_of(person, now=timezone.now())
    if reach is None:
        running = calendars.running_import(person)
        return render(request, "insights/empty.html", {"section": "this-week", "running": running})
    moment, today = timezone.now(), timezone.localdate()
    now, before = queries.latest_balances(person, reach, today=today)
    situation = change.situation(person, on=today)
    standing = queries.standing(person, now, situation, today)
    planner_tasks.learn_once(person, moment)
    in_view = planner.week_in_view(person, now=moment)
    asked = weekly.week_asked(request.GET.get("week", ""), in_view=in_view)
    weeks = planner.weeks_of(person, in_view=in_view, asked=asked)
    monday = asked or weeks.to_open(person, now=moment)
    known = Known(reach=reach, situation=situation, waiting=weeks.waiting(now=moment))
    planned = weekly.observe_plan(person, now=moment)
    context = {
        "section": "this-week",
        "period": now.period,
        "reading": now.reading,
        "standing": standing,
        "observations": observe(now, before, planned, comparison=standing.comparison),
        **_share_bar(now.reading),
        **weekly.plan_shown(person, monday, weeks=weeks, asked=asked is not None, now=moment),
        "due": weekly.due_elsewhere(person, actor_of(request), known, now=moment),
        "ended": reach.last < monday,
    }
    return render(request, "insights/this_week.html", context)


@page("own balance", audience=Audience.ASSISTED)
def balance(request: HttpRequest) -> HttpResponse:
    """Four axes, hours by week, and what they are made of."""
    person = person_of(request)
    reach = welcome.reach_of(person, now=timezone.now())
    if reach is None:
        running = calendars.running_import(person)
        return render(request, "insights/empty.html", {"section": "balance", "running": running})
    period = _period_asked(request, reach)
    now, before = queries.balances(person, [period, period.before])
    compared = before if before.reading.counted.counted.hours > 0 else None
    today = timezone.localdate()
    on = today if period.is_latest(last=reach.last, today=today) else period.last
    standing = queries.standing(person, now, change.situation(person, on=on), on)
    context = {
        "section": "balance",
        "period": period,
        "standing": standing,
        "lengths": periods.LENGTHS,
        "reading": now.reading,
        "behaviour": now.behaviour,
        "before": compared,
        "axes": pictures.axis_pictures(now.reading, compared.reading if compared else None, standing.comparison),
        "columns": pictures.columns_picture(now.reading.weeks),
        "purposes": [(purpose, now.reading.purposes[purpose]) for purpose in PURPOSES],
        "left_out": [
            (REASON_NAMES[reason], amount)
            for reason, amount in now.reading.counted.left_out.items()
            if amount.entries or amount.hours > 0.005
        ],
        "unplanned_form": UnplannedHoursForm(initial={"unplanned_hours": person.unplanned_hours}),
        "has_before": period.before.end > reach.first,
        "has_after": period.after.start <= min(reach.last, today),
        "as_table": request.GET.get("view") == "table",
    }
    return render(request, "insights/balance.html", context)


@page("own balance", audience=Audience.ASSISTED)
def made_of(request: HttpRequest) -> HttpResponse:
    """The entries behind a figure, each to be corrected on the spot."""
    person = person_of(request)
    reach = welcome.reach_of(person, now=timezone.now())
    asked = request.GET.get("purpose", "")
    purposes = POLES.get(asked) or tuple(purpose for purpose in PURPOSES if asked in {"", purpose.value})
    if reach is None or not purposes:
        raise Http404
    period = _period_asked(request, reach)
    found = queries.balance(person, period)
    parts = queries.parts(found, purposes)
    shown = parts if request.GET.get("all") else parts[:FIRST_PARTS]
    context = {
        "section": "balance",
        "asked": asked,
        "period": period,
        "parts": shown,
        "series": len(parts),
        "more": len(parts) - len(shown),
        "total": sum(part.part for part in parts),
        "leading": LEADING,
        "managing": MANAGING,
        "purposes": PURPOSES,
    }
    return render(request, "insights/made_of.html", context)


@page("own calendar entries", audience=Audience.ASSISTED)
def jump(request: HttpRequest) -> HttpResponse:
    """Search and jump: pages by name, and the own entries by words of their title."""
    words = " ".join(request.GET.get("q", "").replace("\0", " ").split())[:100]
    context = {
        "section": "jump",
        "words": words,
        "pages": [
            (name, address)
            for name, address in _places()
            if words.casefold() in name.casefold() and is_open(request, address)
        ],
        "entries": calendars.search(person_of(request), words, limit=JUMP_ENTRIES) if words else [],
    }
    return render(request, "insights/jump.html", context)


@page("own balance", audience=Audience.ASSISTED, methods=("POST",))
def unplanned(request: HttpRequest) -> HttpResponse:
    """Keep how many hours a week are unplanned talk."""
    form = UnplannedHoursForm(request.POST)
    if form.is_valid():
        hours = form.cleaned_data["unplanned_hours"]
        people.say_unplanned_hours(actor=actor_of(request), person=person_of(request), hours=hours, now=timezone.now())
        messages.success(request, _("Kept."))
    else:
        messages.error(request, _("Give hours a week from 0 to 80, or leave it empty."))
    return redirect("insights:balance")


def _share_bar(reading: TimeReading) -> dict[str, float]:
    """The leading share with its range, as positions on a bar 100 units wide."""
    share = reading.leading.share
    if share is None:
        return {}
    return {"lead_width": 100 * share.value, "lead_low": 100 * share.low, "lead_high": 100 * share.high}


def _places() -> list[tuple[str, str]]:
    """Pages to jump to: name and address."""
    return [
        (_("This week"), reverse("insights:this-week")),
        (_("Balance"), reverse("insights:balance")),
        (_("Balance of teams and the organisation"), reverse("insights:organisation-balance")),
        (_("Change"), reverse("change:situation")),
        (_("Scan of your situation"), reverse("change:scan")),
        (_("Calendar"), reverse("calendars:week")),
        (_("Growth: reflection"), reverse("growth:reflections")),
        (_("Monday mail"), reverse("insights:digest")),
        (_("Review"), reverse("calendars:review")),
        (_("Rules"), reverse("calendars:rules")),
        (_("Add a calendar"), reverse("calendars:sources")),
        (_("Planner"), reverse("planner:settings")),
        (_("Planned and happened"), reverse("planner:review")),
        (_("Settings"), reverse("people:settings")),
        (_("Assistants"), reverse("people:assistants")),
        (_("Your data"), reverse("privacy:your-data")),
        (_("Help"), reverse("people:help")),
    ]


def _first_run() -> bool:
    return persons.opens_without_password() and persons.local_owner() is None


def _period_asked(request: HttpRequest, reach: calendars.Reach) -> periods.Period:
    return periods.asked(
        weeks=request.GET.get("weeks", ""),
        until=request.GET.get("until", ""),
        first=reach.first,
        last=reach.last,
        today=timezone.localdate(),
    )
