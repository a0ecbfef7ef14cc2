"""Pages of the Monday mail: on or off, what it would hold, and the link from a mail that turns it off."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from equipoise.apps.insights.digest import actions, queries
from equipoise.apps.insights.digest.forms import MondayMailForm
from equipoise.apps.insights.digest.letter import compose
from equipoise.apps.people.models import Person
from equipoise.apps.people.requests import actor_of, person_of
from equipoise.platform.access import Audience, page

BOTH = ("GET", "POST")
ONE_CLICK = "One-Click"


@page("own Monday mail", methods=BOTH)
def digest(request: HttpRequest) -> HttpResponse:
    """Turn the mail on or off, and see what it would hold at this moment."""
    person = person_of(request)
    form = MondayMailForm(request.POST)
    if request.method == "POST" and form.is_valid():
        if person.is_demo:
            raise Http404
        if form.cleaned_data["wanted"]:
            actions.turn_on(actor=actor_of(request), person=person, now=timezone.now())
            messages.success(request, _("The Monday mail is on."))
        else:
            actions.turn_off(actor=actor_of(request), person=person, now=timezone.now())
            messages.success(request, _("The Monday mail is off."))
        return redirect("insights:digest")
    context = {
        "section": "settings",
        "form": MondayMailForm(initial={"wanted": queries.is_wanted(person)}),
        "can_be_sent": queries.can_be_sent(),
        "letter": compose(person, now=timezone.now()),
        "latest": queries.latest(person),
        "leaves_at": queries.LEAVES_AT,
    }
    return render(request, "insights/digest/settings.html", context)


@csrf_exempt
@page("Monday mail, by the link in it", audience=Audience.ANYONE, methods=BOTH)
def off(request: HttpRequest, digest_token: str) -> HttpResponse:
    """Turn the mail off without signing in.

    Mail programs post here by themselves (RFC 8058); they have no cookie, and the signed link is their leave.
    Everybody else is asked first, by a form of our own.
    """
    if request.method == "POST" and request.POST.get("List-Unsubscribe") == ONE_CLICK:
        return _turn_off(request, digest_token)
    return _ask(request, digest_token)


@csrf_protect
def _ask(request: HttpRequest, token: str) -> HttpResponse:
    if request.method == "POST":
        return _turn_off(request, token)
    return render(request, "insights/digest/off.html", {"known": _person(token) is not None})


def _turn_off(request: HttpRequest, token: str) -> HttpResponse:
    person = _person(token)
    if person is None:
        return render(request, "insights/digest/off.html", {"known": False}, status=404)
    actions.turn_off(actor=None, person=person, now=timezone.now())
    return render(request, "insights/digest/off.html", {"known": True, "done": True})


def _person(token: str) -> Person | None:
    try:
        return queries.person_by(token)
    except Person.DoesNotExist:
        return None
