"""Pages for administrators: tables of people and teams in and out, and how a whole organisation moves."""

from collections.abc import Sequence

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from equipoise.adapters.spreadsheets import MOST_BYTES, MOST_ROWS, WorkbookUnreadable
from equipoise.apps.people.models import Person
from equipoise.apps.people.requests import actor_of
from equipoise.apps.provisioning.models import SpreadsheetImport
from equipoise.apps.provisioning.spreadsheets import actions, exporting, queries, tasks
from equipoise.apps.provisioning.spreadsheets.forms import LeaversForm, TableForm
from equipoise.apps.provisioning.spreadsheets.parsing import NoColumns
from equipoise.apps.provisioning.spreadsheets.showing import shown
from equipoise.apps.provisioning.spreadsheets.words import IN_THE_WAY, refusal_sentence
from equipoise.platform.access import Audience, page
from equipoise.platform.finding import found_or_404

ONLY = Audience.ADMINISTRATOR
RECORD = "tables of people and teams"
BOTH, POST = ("GET", "POST"), ("POST",)
FRAME = {"section": "people", "administers": True, "tab": "import"}
State = SpreadsheetImport.State


@page(RECORD, audience=ONLY, methods=BOTH)
def imports(request: HttpRequest) -> HttpResponse:
    """Hand a table in; templates, what is there as tables, and all imports so far."""
    actor = actor_of(request)
    form = TableForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        made = _handed_in(actor, form)
        if made is not None:
            return redirect("spreadsheets:import", made.pk)
    context = {
        "form": form,
        "imports": queries.imports_around(actor),
        "most": MOST_BYTES // 1_000_000,
        "most_rows": MOST_ROWS,
        "states": State,
    }
    return render(request, "spreadsheets/imports.html", FRAME | context, status=400 if form.errors else 200)


def _handed_in(actor: Person, form: TableForm) -> SpreadsheetImport | None:
    """What was read, or nothing, and why on the form."""
    files = [(each.name, each.read()) for each in form.cleaned_data["file"]]
    try:
        return actions.hand_in(actor=actor, files=files, now=timezone.now())
    except (WorkbookUnreadable, NoColumns) as error:
        names = ", ".join(name for name, _content in files)
        form.add_error("file", refusal_sentence(error, names))
        return None


@page(RECORD, audience=ONLY)
def template(request: HttpRequest, table: str) -> HttpResponse:
    """An empty table to fill in."""
    kind = _kind(table)
    content = exporting.template(kind, language=_language(request), now=timezone.now())
    return _download(content, kind, f"template-{kind}")


@page(RECORD, audience=ONLY)
def export(request: HttpRequest, table: str) -> HttpResponse:
    """People and teams as they stand, as a table."""
    kind = _kind(table)
    content = exporting.export(
        kind, actor=actor_of(request), language=_language(request), today=timezone.localdate(),
        now=timezone.now(),
    )  # fmt: skip
    return _download(content, kind, kind)


def _language(request: HttpRequest) -> str:
    return str(getattr(request, "LANGUAGE_CODE", "en"))


def _kind(table: str) -> str:
    if table not in exporting.KINDS:
        raise Http404
    return table


def _download(content: bytes, kind: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=exporting.KINDS[kind], headers=headers)


@page(RECORD, audience=ONLY)
def one_import(request: HttpRequest, spreadsheet_id: int) -> HttpResponse:
    """What a table would do, or what has become of it."""
    actor = actor_of(request)
    row = found_or_404(lambda: queries.import_around(actor, spreadsheet_id))
    if getattr(request, "htmx", False) and row.state == State.RUNNING:  # the page asks whether it is done
        return HttpResponse(status=204)
    return _shown(request, actor, row)


def _shown(request: HttpRequest, actor: Person, row: SpreadsheetImport, *, status: int = 200) -> HttpResponse:
    if getattr(request, "htmx", False):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    context = {"row": row, "states": State, "today": timezone.localdate()}
    if row.state != State.PLANNED:
        context["can_undo"] = queries.can_undo(row)
        return render(request, "spreadsheets/done.html", FRAME | context, status=status)
    number = request.GET.get("page", "1")
    context |= shown(
        row,
        queries.plan_of(row, actor=actor, now=timezone.now()),
        tab=request.GET.get("show", ""),
        number=int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1,
        language=_language(request),
    )
    return render(request, "spreadsheets/plan.html", FRAME | context, status=status)


@page(RECORD, audience=ONLY, methods=POST)
def leavers(request: HttpRequest, spreadsheet_id: int) -> HttpResponse:
    """Keep who of those who are not in the table shall leave."""
    actor = actor_of(request)
    row = found_or_404(lambda: queries.waiting_around(actor, spreadsheet_id))
    missing = queries.plan_of(row, actor=actor, now=timezone.now()).missing
    form = LeaversForm(request.POST, missing=[person.pk for person in missing])
    if form.is_valid():
        chosen = form.cleaned_data
        found_or_404(lambda: actions.choose_leavers(actor=actor, planned=row, now=timezone.now(), **chosen))
        messages.success(request, _("Your choice is kept. Nobody leaves before you carry it out."))
    else:
        messages.error(request, _("Give the day they leave on, and choose among those listed."))
    return redirect("spreadsheets:import", row.pk)


@page(RECORD, audience=ONLY, methods=POST)
def confirm(request: HttpRequest, spreadsheet_id: int) -> HttpResponse:
    """Carry out what was looked at."""
    actor, now = actor_of(request), timezone.now()
    row = found_or_404(lambda: queries.waiting_around(actor, spreadsheet_id))
    try:
        size = found_or_404(
            lambda: actions.agree(
                actor=actor,
                planned=row,
                digest=request.POST.get("digest", ""),
                without_errors=request.POST.get("without_errors") == "on",
                now=now,
            )
        )
    except actions.LooksOtherNow:
        messages.warning(request, _("Something has changed since you looked. Nothing was written; look again."))
    except actions.StillWrong:
        messages.error(request, _("Some rows are wrong. Mend them in the file, or choose to leave them out."))
    except actions.NothingToDo:
        messages.info(request, _("There is nothing to change."))
    else:
        if size > tasks.AT_ONCE:
            tasks.carry_out.enqueue(row.pk, actor.pk)
        else:
            actions.carry_out(actor=actor, import_id=row.pk, now=now)
    return redirect("spreadsheets:import", row.pk)


@page(RECORD, audience=ONLY, methods=POST)
def drop(request: HttpRequest, spreadsheet_id: int) -> HttpResponse:
    """Forget a table that waits."""
    actor = actor_of(request)
    row = found_or_404(lambda: queries.waiting_around(actor, spreadsheet_id))
    found_or_404(lambda: actions.drop(actor=actor, planned=row, now=timezone.now()))
    messages.success(request, _("“%(name)s” is dropped. Nothing was changed.") % {"name": row.name})
    return redirect("spreadsheets:imports")


@page(RECORD, audience=ONLY, methods=BOTH)
def undo(request: HttpRequest, carried_out_id: int) -> HttpResponse:
    """Ask once, then let everything be as before an import; or say what is in the way."""
    actor = actor_of(request)
    row = found_or_404(lambda: queries.done_around(actor, carried_out_id))
    if request.method == "POST":
        try:
            found_or_404(lambda: actions.undo(actor=actor, done=row, now=timezone.now()))
        except actions.NotUndone as error:
            return _asked(request, row, error.in_the_way, status=409)
        messages.success(request, _("Everything is as it was before “%(name)s”.") % {"name": row.name})
        return redirect("spreadsheets:import", row.pk)
    return _asked(request, row, queries.in_the_way(row))


def _asked(
    request: HttpRequest, row: SpreadsheetImport, found: Sequence[queries.InTheWay], *, status: int = 200
) -> HttpResponse:
    told = [(each.name, IN_THE_WAY[each.why]) for each in found[:200]]
    context = {"row": row, "in_the_way": told, "more": len(found) - len(told)}
    return render(request, "spreadsheets/undo.html", FRAME | context, status=status)


@page("how a whole organisation moves", audience=ONLY)
def archive(request: HttpRequest) -> HttpResponse:
    """How everything is taken along; the command line does it."""
    context = {"data": settings.DATA_FOLDER}
    return render(request, "spreadsheets/archive.html", FRAME | context)
