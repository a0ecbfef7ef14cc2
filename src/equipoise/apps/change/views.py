"""Pages of the situation: what it calls for, the scan, a band of one's own."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from equipoise.apps.change import actions, mapping, pictures, queries
from equipoise.apps.change.forms import BandForm, ScanForm
from equipoise.apps.change.words import (
    CONSEQUENCES,
    GRADE_WORDS,
    QUESTION_WORDS,
    TARGET_NAMES,
    because,
    choices_of,
    sentence,
)
from equipoise.apps.people.requests import actor_of, person_of
from equipoise.core.situation.profile import Reason
from equipoise.core.situation.rules import RULES
from equipoise.core.situation.signals import SignalKind
from equipoise.platform.access import Audience, page
from equipoise.platform.finding import found_or_404
from equipoise.platform.templatetags.notes import UNDO

BOTH = ("GET", "POST")
CITATIONS = {rule.key: rule.citations for rule in RULES}


@page("own situation", audience=Audience.ASSISTED)
def situation(request: HttpRequest) -> HttpResponse:
    """What the situation calls for, and why."""
    person = person_of(request)
    found = queries.situation(person, on=timezone.localdate())
    if found is None:
        return render(request, "change/empty.html", {"section": "situation"})
    context = {
        **_told(found, timezone.localdate()),
        "due": queries.is_scan_due(found, timezone.localdate()),
        "scans": queries.scans_of(person),
        "own_bands": [(TARGET_NAMES[each.target], each) for each in queries.overrides_of(person)],
    }
    return render(request, "change/situation.html", context)


@page("own situation", audience=Audience.ASSISTED)
def past_scan(request: HttpRequest, scan_id: int) -> HttpResponse:
    """What one scan said, as the rules of its day had it."""
    person = person_of(request)
    found = found_or_404(lambda: queries.situation_of_scan(person, scan_id))
    answered = [
        (words, dict(choices_of(key)).get(found.scan.answers.get(key, ""), "")) for key, words in QUESTION_WORDS.items()
    ]
    said_on = timezone.localtime(found.scan.made_at).date()
    return render(request, "change/past_scan.html", {**_told(found, said_on), "answered": answered})


@page("own situation", audience=Audience.ASSISTED, methods=BOTH)
def scan(request: HttpRequest) -> HttpResponse:
    """Twelve questions on one page; a scan before is where one begins."""
    person, today = person_of(request), timezone.localdate()
    before = queries.situation(person, on=today)
    known = {} if before else queries.answers_known(person, on=today)
    form = ScanForm(request.POST or None, today=today, initial=before.scan.answers if before else known)
    if request.method == "POST" and form.is_valid():
        actions.keep_scan(actor=actor_of(request), person=person, answers=form.answers, now=timezone.now())
        messages.success(request, _("Kept. This is what your situation calls for."))
        return redirect("change:situation")
    context = {"section": "situation", "form": form, "before": before, "known": known}
    return render(request, "change/scan.html", context, status=400 if form.errors else 200)


@page("own situation", audience=Audience.ASSISTED, methods=BOTH)
def own_band(request: HttpRequest) -> HttpResponse:
    """Set a band in place of what was worked out."""
    person = person_of(request)
    target = (request.POST or request.GET).get("band", mapping.LEADING)
    found = queries.situation(person, on=timezone.localdate())
    if target not in mapping.TARGETS:
        raise Http404
    if found is None:
        return redirect("change:situation")
    band = mapping.band_of(found.called_for, target)
    scale, digits = (1, 2) if mapping.is_axis(target) else (100, 0)
    initial = {name: round(scale * getattr(band, name), digits) for name in ("low", "high")}
    form = BandForm(request.POST or None, target=target, initial=initial)
    if request.method == "POST" and form.is_valid():
        kept = actions.set_band(
            actor=actor_of(request),
            person=person,
            target=target,
            band=form.band,
            reason=form.cleaned_data["reason"],
            now=timezone.now(),
        )
        _say_with_undo(request, _("Your own band holds now."), "change:drop-band", kept.pk)
        return redirect("change:situation")
    context = {
        "section": "situation",
        "form": form,
        "target": target,
        "name": TARGET_NAMES[target],
        "computed": mapping.band_of(found.profile.called_for, target),
        "is_axis": mapping.is_axis(target),
    }
    return render(request, "change/own_band.html", context, status=400 if form.errors else 200)


@page("own situation", audience=Audience.ASSISTED, methods=("POST",))
def drop_band(request: HttpRequest, override_id: int) -> HttpResponse:
    """Go by what was worked out again."""
    person = person_of(request)
    override = found_or_404(lambda: queries.override_of(person, override_id))
    actions.drop_band(actor=actor_of(request), override=override, now=timezone.now())
    _say_with_undo(request, _("What was worked out holds again."), "change:bring-band-back", override.pk)
    return redirect("change:situation")


@page("own situation", audience=Audience.ASSISTED, methods=("POST",))
def bring_band_back(request: HttpRequest, override_id: int) -> HttpResponse:
    """Let a band that was dropped hold again."""
    person = person_of(request)
    override = found_or_404(lambda: queries.override_of(person, override_id))
    actions.bring_band_back(actor=actor_of(request), override=override, now=timezone.now())
    _say_with_undo(request, _("Your own band holds again."), "change:drop-band", override.pk)
    return redirect("change:situation")


def _told(found: queries.Situation, on: date) -> dict[str, Any]:
    """What the pages about a situation show, as things stood on a day."""
    return {
        "section": "situation",
        "found": found,
        "because": because(found.profile, found.scan.answers, on),
        "leading": pictures.leading_picture(found),
        "axes": pictures.axis_pictures(found),
        "facets": pictures.facet_pictures(found),
        "reasons": _reason_words(found, on),
        "grades": GRADE_WORDS,
    }


def _reason_words(found: queries.Situation, on: date) -> list[dict[str, Any]]:
    """The reasons in words, one for each signal with the rules it set off, in their order."""
    by_kind: dict[SignalKind, list[Reason]] = {}
    for reason in found.called_for.reasons:
        by_kind.setdefault(reason.signal.kind, []).append(reason)
    return [
        {
            "fact": sentence(reasons[0], found.scan.answers, on),
            "towards": _towards(sum(reason.leading_points for reason in reasons)),
            "rules": [_rule_words(reason) for reason in reasons],
        }
        for reasons in by_kind.values()
    ]


def _rule_words(reason: Reason) -> dict[str, Any]:
    return {
        "consequence": CONSEQUENCES.get(reason.rule, ""),
        "grade": reason.grade.value,
        "pulls": list(reason.pulls.items()),
        "citations": CITATIONS.get(reason.rule, ()),
    }


def _towards(leading_points: float) -> str:
    if leading_points == 0:
        return ""
    return "leading" if leading_points > 0 else "managing"


def _say_with_undo(request: HttpRequest, text: str, name: str, override_id: int) -> None:
    messages.success(request, text, extra_tags=UNDO + reverse(name, args=[override_id]))
