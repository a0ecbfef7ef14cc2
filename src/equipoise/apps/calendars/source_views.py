"""Pages of the calendars themselves: what is read, kept in step, connected and disconnected."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from equipoise.adapters.ics import CalendarError
from equipoise.apps.calendars import accounts, actions, queries, syncing, tasks
from equipoise.apps.calendars.forms import AccountForm, AccountPasswordForm, CalendarForm, ChoiceForm
from equipoise.apps.calendars.words import failure_sentence
from equipoise.apps.people.models import Person
from equipoise.apps.people.requests import actor_of, person_of
from equipoise.platform import vault
from equipoise.platform.access import Audience, page
from equipoise.platform.finding import found_or_404
from equipoise.platform.uploads import MEGABYTES

BOTH = ("GET", "POST")
POST = ("POST",)


@page("own calendars", audience=Audience.ASSISTED, methods=BOTH)
def sources(request: HttpRequest) -> HttpResponse:
    """The calendars that are read, with how they stand, and a form for one more."""
    person = person_of(request)
    form = CalendarForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        if person.is_demo and form.cleaned_data["address"]:
            form.add_error("address", _demo_refusal())
        else:
            return redirect("calendars:import", hand_in(actor_of(request), person, form))
    calendars = queries.calendars_of(person)
    context = {
        "section": "calendar",
        "tab": "sources",
        "form": form,
        "files": [calendar for calendar in calendars if not calendar.is_in_step],
        "addresses": [calendar for calendar in calendars if calendar.sealed_address],
        "accounts": [
            (account, [calendar for calendar in calendars if calendar.account_id == account.pk])
            for account in queries.accounts_of(person)
        ],
        "outbox": queries.outbox(person),
        "most": MEGABYTES,
        "is_demo": person.is_demo,
    }
    return render(request, "calendars/sources.html", context, status=400 if form.errors else 200)


def _demo_refusal() -> str:
    return _("The demo agency connects to nothing: its people are invented, and everybody here can look at them.")


def hand_in(actor: Person, person: Person, form: CalendarForm) -> int:
    """Start reading what a valid form holds; the number of the import."""
    file, address = form.cleaned_data["file"], form.cleaned_data["address"]
    job = actions.hand_in_calendar(
        actor=actor,
        person=person,
        upload=file,
        address=address,
        name=file.name if file else "",
        now=timezone.now(),
    )
    tasks.read_import.enqueue(job.pk)
    return job.pk


@page("own calendars", audience=Audience.ASSISTED, methods=POST)
def read_again(request: HttpRequest, calendar_id: int) -> HttpResponse:
    """Read a calendar that is kept in step now."""
    person = person_of(request)
    calendar = found_or_404(lambda: queries.subscription_of(person, calendar_id))
    job = actions.ask_again(actor=actor_of(request), calendar=calendar, now=timezone.now())
    tasks.read_import.enqueue(job.pk)
    return redirect("calendars:import", job.pk)


@page("own calendars", audience=Audience.ASSISTED, methods=POST)
def pause(request: HttpRequest, calendar_id: int) -> HttpResponse:
    """Read a calendar no more by itself, or again."""
    person = person_of(request)
    calendar = found_or_404(lambda: queries.subscription_of(person, calendar_id))
    wanted = request.POST.get("paused") == "yes"
    accounts.pause(actor=actor_of(request), calendar=calendar, paused=wanted, now=timezone.now())
    sentence = _("“%(name)s” is paused.") if wanted else _("“%(name)s” is kept in step again.")
    messages.success(request, sentence % {"name": calendar.name})
    return redirect("calendars:sources")


@page("own calendars", audience=Audience.ASSISTED, methods=BOTH)
def erase(request: HttpRequest, calendar_id: int) -> HttpResponse:
    """Ask once, then erase a calendar for good."""
    person = person_of(request)
    calendar = found_or_404(lambda: queries.calendar_of(person, calendar_id))
    if request.method == "POST":
        actions.erase_calendar(actor=actor_of(request), calendar=calendar, now=timezone.now())
        messages.success(request, _("“%(name)s” and all its entries are erased.") % {"name": calendar.name})
        return redirect("calendars:sources")
    return render(request, "calendars/erase.html", {"section": "calendar", "calendar": calendar})


@page("own calendars", audience=Audience.ASSISTED, methods=BOTH)
def disconnect(request: HttpRequest, calendar_id: int) -> HttpResponse:
    """Ask what is to be kept, then forget the address of a calendar."""
    person = person_of(request)
    calendar = found_or_404(lambda: queries.subscription_of(person, calendar_id))
    if request.method == "POST":
        wanted = request.POST.get("read") == "erase"
        accounts.disconnect_calendar(actor=actor_of(request), calendar=calendar, erase=wanted, now=timezone.now())
        messages.success(request, _("“%(name)s” is disconnected.") % {"name": calendar.name})
        return redirect("calendars:sources")
    context = {"section": "calendar", "name": calendar.name, "is_account": False}
    return render(request, "calendars/disconnect.html", context)


@page("own calendar account", audience=Audience.ASSISTED, methods=BOTH)
def connect(request: HttpRequest) -> HttpResponse:
    """Connect an account with a calendar server."""
    person = person_of(request)
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if person.is_demo:
            form.add_error(None, _demo_refusal())
        elif (account_id := _connect(request, person, form)) is not None:
            return redirect("calendars:account", account_id)
    context = {"section": "calendar", "form": form, "is_demo": person.is_demo}
    return render(request, "calendars/connect.html", context)


def _connect(request: HttpRequest, person: Person, form: AccountForm) -> int | None:
    """Ask the server; the number of the account, or nothing, and why on the form."""
    try:
        account = accounts.connect(
            actor=actor_of(request),
            person=person,
            address=form.cleaned_data["address"],
            username=form.cleaned_data["username"],
            password=form.cleaned_data["password"],
            now=timezone.now(),
        )
    except CalendarError as error:
        form.add_error(None, failure_sentence(syncing.kind_of(error)))
        return None
    return account.pk


@page("own calendar account", audience=Audience.ASSISTED, methods=BOTH)
def account(request: HttpRequest, account_id: int) -> HttpResponse:
    """Choose which calendars of an account are read, and which one is written to."""
    person = person_of(request)
    row = found_or_404(lambda: queries.account_of(person, account_id))
    readable = [each["address"] for each in row.offered]
    writable = [each["address"] for each in row.offered if each["writable"]]
    form = ChoiceForm(request.POST or None, readable=readable, writable=writable)
    if request.method == "POST" and form.is_valid():
        jobs = accounts.choose_calendars(
            actor=actor_of(request),
            account=row,
            read=form.cleaned_data["read"],
            write_to=form.cleaned_data["write_to"],
            erase_others=form.cleaned_data["erase_others"],
            now=timezone.now(),
        )
        for job in jobs:
            tasks.read_import.enqueue(job.pk)
        messages.success(request, _("Your choice is kept."))
        return redirect("calendars:import", jobs[0].pk) if len(jobs) == 1 else redirect("calendars:sources")
    before = queries.calendars_of_account(row)
    context = {
        "section": "calendar",
        "account": row,
        "form": form,
        "read": [calendar.remote for calendar in before],
        "is_new": not before,
        "write_to": next((calendar.remote for calendar in before if calendar.written_to), ""),
        "elsewhere": next((each for each in queries.writable_calendars(person) if each.written_to), None),
    }
    return render(request, "calendars/account.html", context, status=400 if form.errors else 200)


@page("own calendar account", audience=Audience.ASSISTED, methods=POST)
def look_again(request: HttpRequest, account_id: int) -> HttpResponse:
    """Ask the server of an account anew which calendars it has."""
    person = person_of(request)
    row = found_or_404(lambda: queries.account_of(person, account_id))
    try:
        accounts.look_again(actor=actor_of(request), account=row, now=timezone.now())
    except (CalendarError, vault.KeyLost) as error:
        messages.error(request, failure_sentence(syncing.kind_of(error)))
    return redirect("calendars:account", account_id)


@page("own calendar account", audience=Audience.ASSISTED, methods=BOTH)
def password(request: HttpRequest, account_id: int) -> HttpResponse:
    """Give the password of an account again."""
    person = person_of(request)
    row = found_or_404(lambda: queries.account_of(person, account_id))
    form = AccountPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["password"]
        try:
            accounts.try_password(row, given)
        except CalendarError as error:
            form.add_error("password", failure_sentence(syncing.kind_of(error)))
        else:
            accounts.renew_password(actor=actor_of(request), account=row, password=given, now=timezone.now())
            messages.success(request, _("The password is kept; what waited goes on."))
            return redirect("calendars:sources")
    return render(request, "calendars/password.html", {"section": "calendar", "account": row, "form": form})


@page("own calendar account", audience=Audience.ASSISTED, methods=BOTH)
def disconnect_account(request: HttpRequest, account_id: int) -> HttpResponse:
    """Ask what is to be kept, then forget an account."""
    person = person_of(request)
    row = found_or_404(lambda: queries.account_of(person, account_id))
    if request.method == "POST":
        wanted = request.POST.get("read")
        if wanted not in {"erase", "keep"}:
            raise Http404
        accounts.disconnect(actor=actor_of(request), account=row, erase=wanted == "erase", now=timezone.now())
        messages.success(request, _("The account is disconnected, and its password is forgotten."))
        return redirect("calendars:sources")
    context = {"section": "calendar", "name": str(row), "is_account": True}
    return render(request, "calendars/disconnect.html", context)
