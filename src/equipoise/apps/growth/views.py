"""Pages of reflection: for the person alone, never for an assistant or an administrator."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from equipoise.apps.growth import actions, queries
from equipoise.apps.growth.asking import asked_now, may_look_back
from equipoise.apps.growth.forms import BeginForm, ReflectionForm, RemindersForm, WordsForm
from equipoise.apps.growth.markdown import as_markdown, period_name
from equipoise.apps.people.requests import actor_of, person_of
from equipoise.platform.access import page
from equipoise.platform.finding import found_or_404
from equipoise.platform.templatetags.notes import UNDO

BOTH = ("GET", "POST")


@page("own reflections")
def overview(request: HttpRequest) -> HttpResponse:
    """What can be looked back at, and what was."""
    person = person_of(request)
    reminders = queries.reminders(person)
    context = {
        "section": "growth",
        "offers": queries.offers(person, today=timezone.localdate()),
        "reflections": queries.reflections(person),
        "removed": queries.removed(person),
        "removed_days": actions.REMOVED_DAYS,
        "intention": queries.intention(person, today=timezone.localdate()),
        "reminders": RemindersForm(initial={"weekly": reminders.weekly, "monthly": reminders.monthly}),
    }
    return render(request, "growth/overview.html", context)


@page("own reflections", methods=BOTH)
def search(request: HttpRequest) -> HttpResponse:
    """The reflections with some words; the words are posted, so that they stay out of addresses and logs."""
    form = WordsForm(request.POST)
    words = " ".join(form.cleaned_data["words"].split()) if request.method == "POST" and form.is_valid() else ""
    if not words:
        return redirect("growth:reflections")
    found = queries.search(person_of(request), words)
    return render(request, "growth/search.html", {"section": "growth", "words": words, "found": found})


@page("own reflections", methods=("POST",))
def begin(request: HttpRequest) -> HttpResponse:
    """Begin to look back at a week or month, or take up what was begun."""
    person, form = person_of(request), BeginForm(request.POST)
    if not form.is_valid():
        raise Http404
    rhythm, start = form.cleaned_data["rhythm"], form.cleaned_data["start"]
    if not may_look_back(rhythm, start, today=timezone.localdate()):
        messages.info(request, _("That is too long ago, or yet to come. Here is what you can look back at now."))
        return redirect("growth:reflections")
    row = actions.begin(
        actor=actor_of(request),
        person=person,
        rhythm=rhythm,
        start=start,
        content=asked_now(person, rhythm, start),
        now=timezone.now(),
    )
    return redirect("growth:write", row.pk)


@page("own reflection")
def reflection(request: HttpRequest, reflection_id: int) -> HttpResponse:
    """One finished reflection, as it was written; a draft is gone on with."""
    found = queries.kept(found_or_404(lambda: queries.reflection_of(person_of(request), reflection_id)))
    if found.row.finished_at is None and found.content is not None:
        return redirect("growth:write", reflection_id)
    return render(request, "growth/reflection.html", {"section": "growth", "found": found})


@page("own reflection", methods=BOTH)
def write(request: HttpRequest, reflection_id: int) -> HttpResponse:
    """The questions, to be answered in any order; kept as one writes."""
    found = queries.kept(found_or_404(lambda: queries.reflection_of(person_of(request), reflection_id)))
    if found.content is None:
        return redirect("growth:reflection", reflection_id)
    monthly = found.row.rhythm == found.row.Rhythm.MONTHLY
    form = ReflectionForm(request.POST or None, content=found.content, monthly=monthly)
    if request.method == "POST" and form.is_valid():
        if getattr(request, "htmx", False):
            return _kept_so_far(request, found, form)
        answer = _kept(request, found, form)
        if answer is not None:
            return answer
    context = {
        "section": "growth",
        "found": found,
        "form": form,
        "pen": request.POST.get("pen") or get_random_string(22),
        "since": found.row.kept_at.isoformat(),
    }
    return render(request, "growth/write.html", context, status=400 if form.errors else 200)


def _kept_so_far(request: HttpRequest, found: queries.Kept, form: ReflectionForm) -> HttpResponse:
    """Keep while one writes, and say when; 409 when another page was quicker."""
    now = timezone.now()
    try:
        actions.keep(actor=actor_of(request), reflection=found.row, words=form.words, now=now)
    except actions.WrittenElsewhere:
        return HttpResponse(status=409)
    return render(request, "growth/kept.html", {"kept_at": now})


def _kept(request: HttpRequest, found: queries.Kept, form: ReflectionForm) -> HttpResponse | None:
    """Keep by a button; `None` when it was not, and the form says why."""
    act = actions.finish if request.POST.get("do") == "finish" else actions.keep
    try:
        act(actor=actor_of(request), reflection=found.row, words=form.words, now=timezone.now())
    except actions.NothingWritten:
        form.add_error(None, _("Nothing is written yet. One line is enough."))
        return None
    except actions.WrittenElsewhere:
        form.add_error(
            None,
            _(
                "You wrote on another page since you opened this one. What you wrote here stands below and is not kept "
                "yet: keep it now to replace the other, or open the reflection anew to see that."
            ),
        )
        return None
    if act is actions.keep:
        messages.success(request, _("Kept for later. Go on whenever you like."))
        return redirect("growth:reflections")
    messages.success(request, _("Kept. Nobody but you can read it."))
    return redirect("growth:reflection", found.row.pk)


@page("own reflection", methods=("POST",))
def remove(request: HttpRequest, reflection_id: int) -> HttpResponse:
    """Take a reflection away; it can be put back for some days."""
    row = found_or_404(lambda: queries.reflection_of(person_of(request), reflection_id))
    actions.remove(actor=actor_of(request), reflection=row, now=timezone.now())
    sentence = _("%(period)s is removed.") % {"period": period_name(row)}
    messages.success(request, sentence, extra_tags=UNDO + reverse("growth:put-back", args=[row.pk]))
    return redirect("growth:reflections")


@page("own reflection", methods=("POST",))
def put_back(request: HttpRequest, removed_id: int) -> HttpResponse:
    """Put a removed reflection back."""
    row = found_or_404(lambda: queries.removed_reflection_of(person_of(request), removed_id))
    try:
        actions.put_back(actor=actor_of(request), reflection=row, now=timezone.now())
    except actions.OneIsThere:
        messages.error(request, _("There is another reflection on it by now. Remove that one first."))
    else:
        messages.success(request, _("%(period)s is back.") % {"period": period_name(row)})
    return redirect("growth:reflections")


@page("own reflection", methods=("POST",))
def erase(request: HttpRequest, removed_id: int) -> HttpResponse:
    """Erase a removed reflection for good."""
    row = found_or_404(lambda: queries.removed_reflection_of(person_of(request), removed_id))
    actions.erase(actor=actor_of(request), reflection=row, now=timezone.now())
    messages.success(request, _("%(period)s is erased for good.") % {"period": period_name(row)})
    return redirect("growth:reflections")


@page("own reflections", methods=("POST",))
def reminders(request: HttpRequest) -> HttpResponse:
    """Choose what to be reminded of."""
    form = RemindersForm(request.POST)
    if form.is_valid():
        actions.choose_reminders(
            actor=actor_of(request), person=person_of(request), now=timezone.now(), **form.cleaned_data
        )
        messages.success(request, _("Saved."))
    return redirect("growth:reflections")


@page("own reflections", methods=("POST",))
def download(request: HttpRequest) -> HttpResponse:
    """All reflections as one Markdown file."""
    person, now = person_of(request), timezone.now()
    actions.note_download(actor=actor_of(request), person=person, now=now)
    response = HttpResponse(as_markdown(queries.reflections(person)), content_type="text/markdown; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="reflections-{now:%Y-%m-%d}.md"'
    return response
