"""Pages for making links, for seeing which are open, and the page such a link opens."""

from allauth.account.utils import perform_login
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from equipoise.apps.people import attempts
from equipoise.apps.people.joining import actions, queries
from equipoise.apps.people.joining.forms import JoinForm
from equipoise.apps.people.models import Joining, Person
from equipoise.apps.people.organising.queries import person_around
from equipoise.apps.people.requests import actor_of
from equipoise.platform.access import Audience, page
from equipoise.platform.callers import host_of
from equipoise.platform.finding import found_or_404

BOTH = ("GET", "POST")
GUESSES = "joining"


@page("joining links", audience=Audience.ADMINISTRATOR)
def joinings(request: HttpRequest) -> HttpResponse:
    """All links that are open."""
    found = queries.open_joinings(actor_of(request), now=timezone.now())
    return render(request, "people/joining/open.html", {"section": "people", "joinings": found})


@page("joining link of a person", audience=Audience.ADMINISTRATOR, methods=("POST",))
def make(request: HttpRequest, person_id: int) -> HttpResponse:
    """Make a link, to hand over or to send; the one to hand over is shown on the answer, and never again."""
    actor, person = actor_of(request), _coming(request, person_id)
    try:
        if request.POST.get("by") == "mail":
            actions.ask_for_mail(actor=actor, person=person, now=timezone.now())
            messages.success(request, _("The link is on its way to %(email)s.") % {"email": person.email})
            return redirect("people:person", person.pk)
        secret = actions.make_link(actor=actor, person=person, now=timezone.now())
    except actions.PasswordNeeded:
        messages.error(request, _("Set a password of your own first: without one, this machine lets in you alone."))
        return redirect("account_set_password")
    except actions.NoMailServer as error:
        raise Http404 from error
    link = request.build_absolute_uri(reverse("people:join", args=[secret]))
    return render(request, "people/joining/link.html", {"section": "people", "person_added": person, "link": link})


@page("joining link of a person", audience=Audience.ADMINISTRATOR, methods=("POST",))
def revoke(request: HttpRequest, person_id: int) -> HttpResponse:
    """Take a link back."""
    person = _coming(request, person_id)
    actions.revoke(actor=actor_of(request), person=person, now=timezone.now())
    messages.success(request, _("The link for %(name)s is taken back.") % {"name": person.name})
    return redirect("people:person", person.pk)


def _coming(request: HttpRequest, person_id: int) -> Person:
    """Whom a link can be for; the people of the demo agency have no passwords."""
    person = found_or_404(lambda: person_around(actor_of(request), person_id))
    if person.is_demo:
        raise Http404
    return person


@page("joining link to whoever holds it", audience=Audience.ANYONE, methods=BOTH)
def join(request: HttpRequest, joining_secret: str) -> HttpResponse:
    """Set a password by a link, and come in."""
    host = host_of(request)
    try:
        return _join(request, queries.joining_for(joining_secret, now=timezone.now()), joining_secret)
    except Joining.DoesNotExist:  # a good link is never held up by what others guess from behind the same proxy
        if attempts.too_many(GUESSES, host):
            return _no_link(request, 429, _("Too many tries. Wait a quarter of an hour, then try again."))
        attempts.note_failure(GUESSES, host)
        return _no_link(
            request, 404, _("It was used, taken back, or is older than a week. Ask for a new one; nothing was changed.")
        )


def _join(request: HttpRequest, found: Joining, secret: str) -> HttpResponse:
    if isinstance(request.user, Person) and request.user.pk != found.person_id and not request.user.is_demo:
        return render(request, "people/joining/join.html", {"joining": found, "other": request.user})
    form = JoinForm(request.POST or None, person=found.person)
    if request.method == "POST" and form.is_valid():
        person = actions.join(secret=secret, password=form.cleaned_data["password"], now=timezone.now())
        return _come_in(request, person)
    status = 400 if form.errors else 200
    return render(request, "people/joining/join.html", {"joining": found, "form": form}, status=status)


def _come_in(request: HttpRequest, person: Person) -> HttpResponse:
    """Let in the way the sign-in page does, with all that is asked there: a second step, or a server elsewhere."""
    messages.success(request, _("Welcome, %(name)s. Your password is set.") % {"name": person.name})
    answer: HttpResponse = perform_login(request, person, redirect_url=reverse("people:directory"))
    return answer


def _no_link(request: HttpRequest, status: int, sentence: str) -> HttpResponse:
    context = {"heading": _("This link opens nothing"), "sentence": sentence}
    return render(request, "people/error.html", context, status=status)
