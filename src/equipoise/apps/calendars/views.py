"""Pages of the calendar: the week, one entry, the review, the rules, the calendars themselves."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from equipoise.apps.calendars import actions, mapping, queries, weekview
from equipoise.apps.calendars.forms import PurposeForm, RuleForm
from equipoise.apps.calendars.words import failure_sentence, purpose_name, quoted
from equipoise.apps.people.requests import actor_of, person_of
from equipoise.core.facets import LEADING, MANAGING, PURPOSES, Purpose
from equipoise.platform.access import Audience, page
from equipoise.platform.finding import found_or_404
from equipoise.platform.returning import page_of_ours
from equipoise.platform.templatetags.notes import UNDO

REVIEWED_WEEKS = 12
LOOK_AROUND = timedelta(days=7)
BOTH = ("GET", "POST")


@page("own calendar", audience=Audience.ASSISTED)
def week(request: HttpRequest) -> HttpResponse:
    """One week as a grid, with what each entry is for."""
    person = person_of(request)
    reach = queries.reach(person)
    if reach is None:
        return render(
            request, "calendars/empty.html", {"section": "calendar", "running": queries.running_import(person)}
        )
    monday = _monday_asked(request, reach)
    following = monday + timedelta(days=7)
    zone = ZoneInfo(person.zone)
    evidence = queries.evidence_kept(person, start=monday, end=following)
    context = {
        "section": "calendar",
        "tab": "week",
        "grid": weekview.lay_out(evidence.occurrences, evidence, monday=monday, zone=zone),
        "counted": evidence.counted,
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "before": monday - timedelta(days=7),
        "after": following,
        "today": timezone.localdate(),
        "reach": reach,
        "leading": LEADING,
        "managing": MANAGING,
    }
    return render(request, "calendars/week.html", context)


@page("own calendar entry", audience=Audience.ASSISTED)
def entry(request: HttpRequest, entry_id: int) -> HttpResponse:
    """One entry: when, who, what for and why, and how to correct it."""
    person = person_of(request)
    row = found_or_404(lambda: queries.entry_of(person, entry_id))
    (verdict,) = queries.verdicts(person, [mapping.entry_of(row)])
    context = {
        "section": "calendar",
        "entry": row,
        "verdict": verdict,
        "likeliest": _likeliest(verdict),
        "correction": queries.correction_for(person, row.series),
        "leading": LEADING,
        "managing": MANAGING,
        "may_move": queries.may_be_moved(row),
        "is_movable": row.series in queries.movable_series(person),
        "times": row.occurrences.all()[:5],
        "time_count": row.occurrences.count(),
        "back": _safe_next(request, reverse("calendars:week")),
    }
    return render(request, "calendars/entry.html", context)


@page("own correction", audience=Audience.ASSISTED, methods=("POST",))
def correct(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Say what an entry's series is for."""
    person = person_of(request)
    row = found_or_404(lambda: queries.entry_of(person, entry_id))
    form = PurposeForm(request.POST)
    if not form.is_valid():
        raise Http404
    purpose = Purpose(form.cleaned_data["purpose"])
    made = actions.correct(actor=actor_of(request), entry=row, purpose=purpose, now=timezone.now())
    sentence = _("“%(title)s” is now %(purpose)s, in all its repeats.") % {
        "title": quoted(row.title) or _("Private entry"),
        "purpose": purpose_name(purpose),
    }
    messages.success(request, sentence, extra_tags=UNDO + reverse("calendars:undo", args=[made.pk]))
    return redirect(_safe_next(request, reverse("calendars:entry", args=[entry_id])))


@page("own correction", audience=Audience.ASSISTED, methods=("POST",))
def undo(request: HttpRequest, correction_id: int) -> HttpResponse:
    """Take a correction back."""
    person = person_of(request)
    row = found_or_404(lambda: queries.correction_of(person, correction_id))
    actions.undo_correction(actor=actor_of(request), correction=row, now=timezone.now())
    messages.success(request, _("Taken back."))
    return redirect(_safe_next(request, reverse("calendars:week")))


@page("own calendar", audience=Audience.ASSISTED)
def review(request: HttpRequest) -> HttpResponse:
    """The series whose answer would tell most, one at a time."""
    person = person_of(request)
    reach = queries.reach(person)
    if reach is None:
        return render(request, "calendars/empty.html", {"section": "calendar"})
    end = min(reach.last, timezone.localdate()) + timedelta(days=1)
    doubts = queries.doubts(person, start=max(reach.first, end - timedelta(weeks=REVIEWED_WEEKS)), end=end)
    skipped = {part for part in request.GET.get("skip", "").split("-") if part.isdigit()}
    left = [doubt for doubt in doubts if str(doubt.entry.pk) not in skipped]
    doubt = left[0] if left else None
    context = {
        "section": "calendar",
        "tab": "review",
        "doubt": doubt,
        "likeliest": _likeliest(doubt.verdict) if doubt else [],
        "left": len(left),
        "corrected": queries.corrections_count(person),
        "skip": "-".join(sorted([*skipped, str(doubt.entry.pk)])) if doubt else "",
        "skipped": "-".join(sorted(skipped)),
        "leading": LEADING,
        "managing": MANAGING,
        "weeks": REVIEWED_WEEKS,
    }
    return render(request, "calendars/review.html", context)


@page("own rule", audience=Audience.ASSISTED, methods=BOTH)
def rules(request: HttpRequest) -> HttpResponse:
    """The owner's rules, and a form for a new one."""
    person = person_of(request)
    form = RuleForm(request.POST or None, initial={"words": request.GET.get("words", "")})
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["purpose"]
        rule = actions.make_rule(
            actor=actor_of(request),
            person=person,
            words=form.cleaned_data["words"],
            purpose=Purpose(chosen) if chosen else None,
            all_day_counts=form.cleaned_data["all_day_counts"],
            now=timezone.now(),
        )
        count = queries.entries_that_fit(person, rule)
        messages.success(request, _("Rule kept. It fits %(count)d entries.") % {"count": count})
        return redirect("calendars:rules")
    context = {"section": "calendar", "tab": "rules", "form": form, "rules": queries.rules_of(person)}
    return render(request, "calendars/rules.html", context, status=400 if form.errors else 200)


@page("own rule", audience=Audience.ASSISTED, methods=("POST",))
def drop_rule(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Take a rule away."""
    person = person_of(request)
    rule = found_or_404(lambda: queries.rule_of(person, rule_id))
    actions.drop_rule(actor=actor_of(request), rule=rule, now=timezone.now())
    messages.success(request, _("Rule for “%(words)s” dropped.") % {"words": rule.words})
    return redirect("calendars:rules")


@page("own entry's freedom", audience=Audience.ASSISTED, methods=("POST",))
def movable(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Say whether an entry may be moved when a week is planned."""
    person = person_of(request)
    row = found_or_404(lambda: queries.entry_of(person, entry_id))
    if not queries.may_be_moved(row):
        raise Http404
    wanted = request.POST.get("movable") == "yes"
    actions.mark_movable(actor=actor_of(request), entry=row, movable=wanted, now=timezone.now())
    messages.success(request, _("It may be moved.") if wanted else _("It stays where it is."))
    return redirect(_safe_next(request, reverse("calendars:entry", args=[entry_id])))


@page("own import", audience=Audience.ASSISTED)
def reading(request: HttpRequest, import_id: int) -> HttpResponse:
    """How far a reading is; asks again by itself until it is done."""
    person = person_of(request)
    job = found_or_404(lambda: queries.import_of(person, import_id))
    template = "calendars/import_progress.html" if getattr(request, "htmx", False) else "calendars/import.html"
    context = {"section": "calendar", "job": job, "failure": failure_sentence(job.failure_kind)}
    response = render(request, template, {**context, "said": request.GET.get("said") == job.state})
    if job.state == job.State.DONE and getattr(request, "htmx", False) and not job.problems and not job.calendar_id:
        response["HX-Redirect"] = reverse("insights:balance")
    return response


def _likeliest(verdict: queries.Verdict) -> list[tuple[str, float]]:
    pairs = zip((purpose.value for purpose in PURPOSES), verdict.probabilities, strict=True)
    return sorted(pairs, key=lambda pair: -pair[1])[:3]


def _monday_asked(request: HttpRequest, reach: queries.Reach) -> date:
    try:
        day = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        day = min(timezone.localdate(), reach.last)
    day = min(max(day, reach.first - LOOK_AROUND), max(reach.last, timezone.localdate()) + LOOK_AROUND)
    return day - timedelta(days=day.weekday())


def _safe_next(request: HttpRequest, otherwise: str) -> str:
    return page_of_ours(request, request.POST.get("next") or request.GET.get("next") or "") or otherwise
