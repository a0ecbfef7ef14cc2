"""Pages for naming assistants, for becoming one, and the switch between the own pages and the owner's."""

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from equipoise.apps.people import attempts
from equipoise.apps.people.actions import AddressTaken
from equipoise.apps.people.assistants import acting, actions, queries
from equipoise.apps.people.assistants.forms import AssistantForm, NewAssistantForm
from equipoise.apps.people.middleware import BACKEND
from equipoise.apps.people.models import Assistance, Invitation, Person
from equipoise.apps.people.requests import acting_in, actor_of, person_of
from equipoise.platform.access import Audience, page
from equipoise.platform.callers import host_of
from equipoise.platform.finding import found_or_404

BOTH = ("GET", "POST")
GUESSES = "invitation"


@page("own assistants", methods=BOTH)
def assistants(request: HttpRequest) -> HttpResponse:
    """Who acts for the owner, who is invited, and a form for one more."""
    person = person_of(request)
    form = AssistantForm(request.POST or None)
    link = None
    if request.method == "POST" and form.is_valid():
        try:
            token = actions.invite_assistant(
                actor=actor_of(request), person=person, now=timezone.now(), **form.cleaned_data
            )
        except actions.PasswordNeeded:
            form.add_error(None, _("Set a password of your own first."))
        except actions.OwnInvitation as error:
            form.add_error("email", str(error))
        else:
            link = request.build_absolute_uri(reverse("people:invitation", args=[token]))
    now = timezone.now()
    context = {
        "section": "settings",
        "form": AssistantForm() if link else form,
        "link": link,
        "link_for": form.cleaned_data.get("name") if link else "",
        "assistances": queries.assistances_of(person),
        "invitations": queries.open_invitations(person, now=now),
    }
    return render(request, "people/assistants.html", context, status=400 if form.errors else 200)


@page("own assistants", methods=("POST",))
def end(request: HttpRequest, assistance_id: int) -> HttpResponse:
    """Let somebody no longer act for the owner."""
    assistance = found_or_404(lambda: queries.assistance_of(person_of(request), assistance_id))
    actions.end_assistance(actor=actor_of(request), assistance=assistance, now=timezone.now())
    messages.success(request, _("%(name)s no longer acts for you.") % {"name": assistance.assistant.name})
    messages.info(
        request, _("What they know, they know: give a private feed a new address, and an account a new password.")
    )
    return redirect("people:assistants")


@page("own assistants", methods=("POST",))
def revoke(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """Take an invitation back."""
    invitation = found_or_404(lambda: queries.invitation_of(person_of(request), invitation_id))
    actions.revoke_invitation(actor=actor_of(request), invitation=invitation, now=timezone.now())
    messages.success(request, _("The invitation for %(name)s is taken back.") % {"name": invitation.name})
    return redirect("people:assistants")


@page("invitation to whoever holds its link", audience=Audience.ANYONE, methods=BOTH)
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Become somebody's assistant: with the account one is signed in with, or with a new one."""
    host = host_of(request)
    try:
        found = queries.invitation_for(secret, now=timezone.now())
        if isinstance(request.user, Person) and not request.user.is_demo:
            return _take_as_oneself(request, found, secret)
        if queries.has_account(found.email):
            return render(request, "people/invitation.html", {"invitation": found, "has_account": True})
        return _take_anew(request, found, secret)
    except Invitation.DoesNotExist:  # a good link is never held up by what others guess from behind the same proxy
        if attempts.too_many(GUESSES, host):
            return _no_invitation(request, 429, _("Too many tries. Wait a quarter of an hour, then try again."))
        attempts.note_failure(GUESSES, host)
        return _no_invitation(
            request, 404, _("It was used, taken back, or is older than a week. Ask for a new one; nothing was changed.")
        )


def _take_as_oneself(request: HttpRequest, found: Invitation, secret: str) -> HttpResponse:
    actor = actor_of(request)
    if request.method == "POST":
        try:
            assistance = actions.take_invitation(actor=actor, token=secret, now=timezone.now())
        except actions.OwnInvitation as error:
            return _no_invitation(request, 400, str(error))
        return _act(request, assistance)
    return render(request, "people/invitation.html", {"invitation": found, "is_own": actor.pk == found.owner_id})


def _take_anew(request: HttpRequest, found: Invitation, secret: str) -> HttpResponse:
    person = Person(name=request.POST.get("name", found.name), email=found.email)
    form = NewAssistantForm(request.POST or None, person=person, initial={"name": found.name})
    if request.method == "POST" and form.is_valid():
        try:
            assistance = actions.take_with_new_account(
                token=secret, language=(get_language() or "en")[:2], now=timezone.now(), **form.cleaned_data
            )
        except AddressTaken as error:
            form.add_error(None, str(error))
        else:
            login(request, assistance.assistant, backend=BACKEND)
            return _act(request, assistance)
    context = {"invitation": found, "form": form}
    return render(request, "people/invitation.html", context, status=400 if form.errors else 200)


@page("own assisting", audience=Audience.SIGNED_IN, methods=("POST",))
def begin(request: HttpRequest, assisted_id: int) -> HttpResponse:
    """Act for an owner from now on."""
    return _act(request, found_or_404(lambda: queries.assisted_of(actor_of(request), assisted_id)))


@page("own assisting", audience=Audience.SIGNED_IN, methods=("POST",))
def back(request: HttpRequest) -> HttpResponse:
    """Back to the own pages."""
    acting.stop(request)
    return redirect("insights:this-week")


@page("own assisting", audience=Audience.SIGNED_IN, methods=("POST",))
def leave(request: HttpRequest, assisted_id: int) -> HttpResponse:
    """No longer act for an owner, by the assistant's own wish."""
    assistance = found_or_404(lambda: queries.assisted_of(actor_of(request), assisted_id))
    actions.end_assistance(actor=actor_of(request), assistance=assistance, now=timezone.now())
    if acting_in(request) == assistance:
        acting.stop(request)
    messages.success(request, _("You no longer act for %(name)s.") % {"name": assistance.owner.name})
    return redirect("privacy:assisting")


def _act(request: HttpRequest, assistance: Assistance) -> HttpResponse:
    actions.note_acting(assistance=assistance, now=timezone.now())
    acting.begin(request, assistance)
    return redirect("insights:this-week")


def _no_invitation(request: HttpRequest, status: int, sentence: str) -> HttpResponse:
    context = {"heading": _("This link opens nothing"), "sentence": sentence}
    return render(request, "people/error.html", context, status=status)
