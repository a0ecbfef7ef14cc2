"""Pages of the plan: answers to blocks, ways out, settings, and the week after."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from equipoise.apps.calendars import tasks as calendar_tasks
from equipoise.apps.calendars.words import in_quotes, quoted
from equipoise.apps.people.models import Person
from equipoise.apps.people.requests import actor_of, person_of
from equipoise.apps.planner import (
    actions,
    carrying,
    fixed,
    forms,
    one_to_ones,
    out,
    outcomes,
    queries,
    weekplan,
)
from equipoise.apps.planner.words import OUTCOME_NAMES
from equipoise.core.planning.habits import WhyNot
from equipoise.platform import vault
from equipoise.platform.access import Audience, page
from equipoise.platform.finding import found_or_404
from equipoise.platform.returning import page_of_ours
from equipoise.platform.templatetags.notes import UNDO

BOTH = ("GET", "POST")
NAMED_IN_A_WARNING = 3
MOST_KINDS = 40
FURTHEST = timedelta(weeks=104)
FEED_KEY = "feed-just-made"
CALENDAR_TYPE = "text/calendar; charset=utf-8"


@page("own plan", audience=Audience.ASSISTED, methods=("POST",))
def propose(request: HttpRequest) -> HttpResponse:
    """Propose a week, or propose it again; what was accepted stays."""
    person = person_of(request)
    monday = _week_posted(request)
    if monday < queries.monday_of(timezone.localdate()):
        messages.warning(request, _("That week is over; nothing was changed."))
        return redirect(_back(request, monday))
    try:
        proposal = actions.propose(actor=actor_of(request), person=person, monday=monday, now=timezone.now())
    except actions.PlanFailed:
        messages.error(request, _("The week could not be planned. Nothing was changed; look at your planner settings."))
        return redirect(_back(request, monday))
    count = queries.waiting_count(person, monday, now=proposal.made_at)
    sentence = ngettext("%(count)d block proposed.", "%(count)d blocks proposed.", count) % {"count": count}
    messages.success(request, sentence)
    return redirect(_back(request, monday))


@page("own plan", audience=Audience.ASSISTED, methods=("POST",))
def accept(request: HttpRequest, block_id: int) -> HttpResponse:
    """Accept a block."""
    person = person_of(request)
    block = found_or_404(lambda: queries.block_of(person, block_id))
    decision = actions.accept(actor=actor_of(request), person=person, blocks=[block], now=timezone.now())
    _told(request, decision, _("“%(title)s” is accepted.") % {"title": quoted(block.title)})
    return redirect(_back(request, block.monday, block.pk))


@page("own plan", audience=Audience.ASSISTED, methods=("POST",))
def accept_all(request: HttpRequest) -> HttpResponse:
    """Accept every block of a week that waits for an answer and is not over."""
    person = person_of(request)
    monday, now = _week_posted(request), timezone.now()
    waiting = [each for each in queries.blocks_of(person, monday) if each.state == "proposed" and each.ends_at > now]
    decision = actions.accept(actor=actor_of(request), person=person, blocks=waiting, now=now)
    sentence = ngettext("%(count)d block accepted.", "%(count)d blocks accepted.", len(waiting))
    _told(request, decision, sentence % {"count": len(waiting)})
    return redirect(_back(request, monday))


@page("own plan", audience=Audience.ASSISTED, methods=("POST",))
def shift(request: HttpRequest, block_id: int) -> HttpResponse:
    """Put a block at a time the person chooses; what is in the way is told, not refused."""
    person = person_of(request)
    block = found_or_404(lambda: queries.block_of(person, block_id))
    form = forms.ShiftForm(request.POST, monday=block.monday, zone=ZoneInfo(person.zone))
    if not form.is_valid():
        messages.error(request, _("Choose a day of this week and a time, such as 14:30. Nothing was moved."))
        return redirect(_back(request, block.monday, block.pk))
    start = form.starts_at
    end = start + (form.length or block.ends_at - block.starts_at)
    decision = actions.shift(
        actor=actor_of(request), person=person, block=block, start=start, end=end, now=timezone.now()
    )
    told = {"title": quoted(block.title), "when": _when(start, end, person)}
    _told(request, decision, _("“%(title)s” is now %(when)s.") % told)
    _warn_of_overlaps(request, person, start, end, block.uid)
    return redirect(_back(request, block.monday, block.pk))


@page("own plan", audience=Audience.ASSISTED, methods=("POST",))
def refuse(request: HttpRequest, block_id: int) -> HttpResponse:
    """Refuse a block, or take an accepted one back; why is up to the person."""
    person = person_of(request)
    block = found_or_404(lambda: queries.block_of(person, block_id))
    form = forms.RefuseForm(request.POST)
    form.is_valid()
    why = WhyNot(form.cleaned_data["why"]) if form.cleaned_data.get("why") else None
    words = form.cleaned_data.get("words", "")
    decision = actions.refuse(
        actor=actor_of(request), person=person, block=block, why=why, words=words, now=timezone.now()
    )
    sentence = _("“%(title)s” is off the plan.") % {"title": quoted(block.title)}
    if why and why.value in weekplan.PROPOSED_AGAIN:
        sentence += " " + _("Propose again to see it elsewhere.")
    _told(request, decision, sentence)
    return redirect(_back(request, block.monday))


@page("own plan", audience=Audience.ASSISTED, methods=("POST",))
def undo(request: HttpRequest, decision_id: int) -> HttpResponse:
    """Take an answer back."""
    person = person_of(request)
    decision = found_or_404(lambda: queries.decision_of(person, decision_id))
    try:
        blocks = actions.undo(actor=actor_of(request), person=person, decision=decision, now=timezone.now())
    except actions.NothingToUndo:
        messages.warning(request, _("It was changed again since, so it stays as it is now."))
        return redirect(_back(request, queries.monday_of(timezone.localdate())))
    messages.success(request, _("Taken back."))
    return redirect(_back(request, blocks[0].monday, blocks[0].pk if len(blocks) == 1 else None))


@page("own plan", audience=Audience.ASSISTED)
def download(request: HttpRequest) -> HttpResponse:
    """The accepted blocks of a week as an .ics file."""
    person = person_of(request)
    monday = _week_asked(request, person)
    response = HttpResponse(out.calendar(queries.taken_blocks(person, monday)), content_type=CALENDAR_TYPE)
    response["Content-Disposition"] = f'attachment; filename="equipoise-week-{monday}.ics"'
    return response


@page("own plan", audience=Audience.ASSISTED, methods=("POST",))
def write(request: HttpRequest) -> HttpResponse:
    """Have the accepted blocks of a week written to the chosen calendar, in the background."""
    person = person_of(request)
    monday = _week_posted(request)
    try:
        count = carrying.write_week(actor=actor_of(request), person=person, monday=monday, now=timezone.now())
    except carrying.NoCalendarToWriteTo:
        messages.error(request, _("No calendar to write to is chosen. Nothing was written."))
        return redirect(_back(request, monday))
    calendar_tasks.write_soon(person, now=timezone.now())
    sentence = ngettext(
        "%(count)d block is on its way to your calendar.", "%(count)d blocks are on their way to your calendar.", count
    ) % {"count": count}
    messages.success(request, sentence if count else _("Your calendar has every accepted block already."))
    return redirect(_back(request, monday))


@page("accepted blocks of whoever has the feed's address", audience=Audience.ANYONE)
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The accepted blocks, for a calendar that subscribes to the secret address."""
    fed = found_or_404(lambda: queries.fed_by(token, now=timezone.now()))
    with translation.override(fed.person.language):
        body = out.calendar(fed.blocks)
    tag = out.tag_of(body)
    known = {each.strip().removeprefix("W/") for each in request.headers.get("If-None-Match", "").split(",")}
    response = HttpResponseNotModified() if known & {tag, "*"} else HttpResponse(body, content_type=CALENDAR_TYPE)
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex"
    return response


@page("own plan feed", audience=Audience.ASSISTED, methods=("POST",))
def make_feed(request: HttpRequest) -> HttpResponse:
    """Make the private feed, or give it a new address; the next page shows it this once."""
    person = person_of(request)
    token = actions.make_feed(actor=actor_of(request), person=person, now=timezone.now())
    request.session[FEED_KEY] = {"person": person.pk, "token": vault.seal(token)}
    return redirect("planner:feed-address")


@page("own plan feed", audience=Audience.ASSISTED)
def feed_address(request: HttpRequest) -> HttpResponse:
    """The address of the feed just made; once, for nothing that shows it is kept."""
    made = request.session.pop(FEED_KEY, None)
    if made is None or made["person"] != person_of(request).pk:
        messages.info(request, _("The address was shown once. If you lost it, make a new one; the old one ends."))
        return redirect(reverse("planner:settings") + "#feed")
    address = request.build_absolute_uri(reverse("planner:feed", args=[vault.unseal(made["token"])]))
    response = render(request, "planner/feed.html", {"section": "calendar", "tab": "planner", "address": address})
    response["Cache-Control"] = "no-store"
    return response


@page("own plan feed", audience=Audience.ASSISTED, methods=("POST",))
def end_feed(request: HttpRequest) -> HttpResponse:
    """End the feed."""
    actions.end_feed(actor=actor_of(request), person=person_of(request), now=timezone.now())
    messages.success(request, _("The feed's address answers nobody any more."))
    return redirect(reverse("planner:settings") + "#feed")


@page("own planner settings", audience=Audience.ASSISTED, methods=BOTH)
def settings(request: HttpRequest) -> HttpResponse:
    """Hours, breaks, limits and targets; the kinds of blocks; one-to-ones; and the feed."""
    person = person_of(request)
    wanted = queries.settings_of(person)
    form = forms.PlannerForm(request.POST or None, wanted=wanted)
    rows = forms.KeptFreeRows(request.POST or None, initial=forms.kept_free_initial(wanted), prefix="free")
    if request.method == "POST" and form.is_valid() and rows.is_valid():
        kept_free = tuple(row.value() for row in rows if not row.is_empty)
        actions.change_settings(
            actor=actor_of(request), person=person, wanted=form.wanted(kept_free), now=timezone.now()
        )
        messages.success(request, _("Kept. The next proposal goes by it."))
        return redirect("planner:settings")
    today = timezone.localdate()
    context = {
        "section": "calendar",
        "tab": "planner",
        "form": form,
        "rows": rows,
        "kinds": queries.kinds_of(person),
        "people": one_to_ones.of_kept(person, on=today),
        "person_form": forms.OneToOneForm(initial={"cadence_days": one_to_ones.CADENCE_DAYS}),
        "feed": queries.has_feed(person),
        "called_for": weekplan.called_for_hours_kept(person, today=today),
    }
    wrong = request.method == "POST"
    return render(request, "planner/settings.html", context, status=400 if wrong else 200)


@page("own planner settings", audience=Audience.ASSISTED, methods=BOTH)
def kind(request: HttpRequest) -> HttpResponse:
    """One kind of block: `?kind=` names it; without, a new one."""
    person = person_of(request)
    key = request.GET.get("kind", "")
    known = found_or_404(lambda: queries.kind_of(person, key)) if key else None
    initial = forms.KindForm.initial_of(known) if known else NEW_KIND
    form = forms.KindForm(request.POST or None, initial=initial)
    if known is None and len(queries.kinds_of(person)) >= MOST_KINDS:
        messages.warning(request, _("That is the most kinds of blocks there can be. Drop one first."))
        return redirect(reverse("planner:settings") + "#kinds")
    if request.method == "POST" and form.is_valid():
        own = known is None or known.own
        made = form.kind(key or actions.free_key(person, form.cleaned_data["title"]), own=own)
        actions.change_kind(actor=actor_of(request), person=person, kind=made, now=timezone.now())
        messages.success(
            request, _("“%(title)s” is kept. The next proposal goes by it.") % {"title": quoted(made.title)}
        )
        return redirect(reverse("planner:settings") + "#kinds")
    context = {"section": "calendar", "tab": "planner", "form": form, "kind": known}
    return render(request, "planner/kind.html", context, status=400 if form.errors else 200)


NEW_KIND = {
    "purpose": "vision", "minutes": 60, "longest": 60, "times": 1, "every_weeks": 1, "worth": "normal",
    "energy": "any", "on": True,
}  # fmt: skip


@page("own planner settings", audience=Audience.ASSISTED, methods=("POST",))
def drop_kind(request: HttpRequest) -> HttpResponse:
    """Drop an own kind of block, or have a default one as it was."""
    person = person_of(request)
    known = found_or_404(lambda: queries.kind_of(person, request.POST.get("kind", "")))
    actions.drop_kind(actor=actor_of(request), person=person, key=known.key, now=timezone.now())
    messages.success(
        request, _("“%(title)s” is dropped.") % {"title": quoted(known.title)} if known.own else _("As it was.")
    )
    return redirect(reverse("planner:settings") + "#kinds")


@page("own planner settings", audience=Audience.ASSISTED, methods=("POST",))
def watch(request: HttpRequest) -> HttpResponse:
    """Add somebody to be seen alone, or change how often."""
    form = forms.OneToOneForm(request.POST)
    if form.is_valid():
        actions.watch_one_to_one(
            actor=actor_of(request),
            person=person_of(request),
            name=form.cleaned_data["name"],
            cadence_days=form.cleaned_data["cadence_days"],
            on="off" not in request.POST,
            now=timezone.now(),
        )
        messages.success(request, _("Kept."))
    else:
        messages.error(request, _("Give a name, and a number of days from 1 to 366."))
    return redirect(reverse("planner:settings") + "#people")


@page("own planner settings", audience=Audience.ASSISTED, methods=("POST",))
def unwatch(request: HttpRequest, one_to_one_id: int) -> HttpResponse:
    """Take somebody off the own list."""
    person = person_of(request)
    row = found_or_404(lambda: queries.one_to_one_of(person, one_to_one_id))
    actions.drop_one_to_one(actor=actor_of(request), person=person, one_to_one=row, now=timezone.now())
    messages.success(request, _("“%(name)s” is off your list.") % {"name": quoted(row.name)})
    return redirect(reverse("planner:settings") + "#people")


@page("own plan", audience=Audience.ASSISTED)
def review(request: HttpRequest) -> HttpResponse:
    """What was planned for a week, and what became of it."""
    person = person_of(request)
    now = timezone.now()
    in_view = queries.week_in_view(person, now=now)
    monday = _week_asked(request, person, otherwise=in_view - timedelta(days=7))
    found = outcomes.review(person, monday, now=now)
    context = {
        "section": "this-week",
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "before": monday - timedelta(days=7),
        "after": monday + timedelta(days=7),
        "review": found,
        "over": monday < in_view,
        "blocks": [(block, OUTCOME_NAMES[outcome]) for block, outcome in found.blocks] if found else [],
    }
    return render(request, "planner/review.html", context)


def _told(request: HttpRequest, decision: object, sentence: str) -> None:
    """Tell what was done, with a way back; or that it was done already."""
    key = getattr(decision, "pk", None)
    if key is None:
        messages.warning(request, _("Nothing was changed: it has been answered already."))
        return
    messages.success(request, sentence, extra_tags=UNDO + reverse("planner:undo", args=[key]))


def _warn_of_overlaps(request: HttpRequest, person: Person, start: datetime, end: datetime, uid: str) -> None:
    titles = _in_the_way(person, start, end, uid)
    if titles:
        messages.warning(request, _("At that time there is %(titles)s already.") % {"titles": ", ".join(titles)})


def _in_the_way(person: Person, start: datetime, end: datetime, uid: str) -> Sequence[str]:
    """Titles of entries and of accepted blocks at that time."""
    standing = [each.title for each in fixed.in_the_way(person, start, end, without=[uid])]
    blocks = [block.title for block in queries.taken_between(person, start, end) if block.uid != uid]
    named = [in_quotes(title) if title else _("a private entry") for title in (*standing, *blocks)]
    return list(dict.fromkeys(named))[:NAMED_IN_A_WARNING]


def _when(start: datetime, end: datetime, person: Person) -> str:
    zone = ZoneInfo(person.zone)
    local = start.astimezone(zone)
    return f"{WEEKDAYS[local.weekday()]} {local:%H:%M}–{end.astimezone(zone):%H:%M}"


def _week_posted(request: HttpRequest) -> date:
    form = forms.WeekForm(request.POST)
    if not form.is_valid() or _nearby(form.cleaned_data["week"]) != form.cleaned_data["week"]:
        raise Http404
    return queries.monday_of(form.cleaned_data["week"])


def _week_asked(request: HttpRequest, person: Person, otherwise: date | None = None) -> date:
    form = forms.WeekForm(request.GET)
    if form.is_valid():
        return queries.monday_of(_nearby(form.cleaned_data["week"]))
    return otherwise or queries.week_in_view(person, now=timezone.now())


def _nearby(day: date) -> date:
    """The day, or the nearest that a plan may be about."""
    today = timezone.localdate()
    return min(max(day, today - FURTHEST), today + FURTHEST)


def _back(request: HttpRequest, monday: date, block_id: int | None = None) -> str:
    """Where the person came from, at the block."""
    address = page_of_ours(request, request.POST.get("next", "")) or f"{reverse('insights:this-week')}?week={monday}"
    return address.partition("#")[0] + (f"#b{block_id}" if block_id else "#plan")
