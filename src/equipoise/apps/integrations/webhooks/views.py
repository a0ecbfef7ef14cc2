"""Pages of webhooks: one's own under the settings, the organisation's for administrators."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from equipoise.apps.integrations.forms import WebhookForm
from equipoise.apps.integrations.models import Webhook
from equipoise.apps.integrations.views import OWN, THEIRS, Side, framed
from equipoise.apps.integrations.webhooks import actions, queries, telling
from equipoise.apps.integrations.webhooks.acts import GROUP_NAMES
from equipoise.apps.people.requests import actor_of
from equipoise.platform.access import Audience, page
from equipoise.platform.finding import found_or_404

BOTH = ("GET", "POST")
ONLY = Audience.ADMINISTRATOR
SHOWN = 50
"""So many messages stand in the log on a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A webhook as the list shows it."""

    webhook: Webhook
    address: str
    groups: tuple[str, ...]


def _row(webhook: Webhook) -> Row:
    names = tuple(str(GROUP_NAMES[group]) for group in webhook.groups if group in GROUP_NAMES)
    return Row(webhook=webhook, address=queries.address_shown(webhook), groups=names)


@page("own webhooks", methods=BOTH)
def webhooks(request: HttpRequest) -> HttpResponse:
    """One's own webhooks, and a form for one more."""
    return _webhooks(request, OWN)


@page("own webhooks", methods=BOTH)
def webhook(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """One webhook: what it is told of, and what it was told."""
    return _webhook(request, OWN, webhook_id)


@page("own webhooks", methods=("POST",))
def act(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Pause it, let it go on, send a test, give it another secret, or end it."""
    return _act(request, OWN, webhook_id)


@page("webhooks of the organisation", audience=ONLY, methods=BOTH)
def organisation_webhooks(request: HttpRequest) -> HttpResponse:
    """The organisation's webhooks, and a form for one more."""
    return _webhooks(request, THEIRS)


@page("webhooks of the organisation", audience=ONLY, methods=BOTH)
def organisation_webhook(request: HttpRequest, organisation_webhook_id: int) -> HttpResponse:
    """One of the organisation's: what it is told of, and what it was told."""
    return _webhook(request, THEIRS, organisation_webhook_id)


@page("webhooks of the organisation", audience=ONLY, methods=("POST",))
def act_for_organisation(request: HttpRequest, organisation_webhook_id: int) -> HttpResponse:
    """Pause it, let it go on, send a test, give it another secret, or end it."""
    return _act(request, THEIRS, organisation_webhook_id)


def _webhooks(request: HttpRequest, side: Side) -> HttpResponse:
    person = side.whose(request)
    form = WebhookForm(request.POST or None, organisation=side.organisation)
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = actions.make_webhook(
                actor=actor_of(request), person=person, now=timezone.now(), **form.cleaned_data
            )
        except actions.AddressUnfit as error:
            form.add_error("address", str(error))
        except actions.TooManyWebhooks as error:
            form.add_error(None, str(error))
        else:
            return _shown(request, side, made, secret=secret)
    rows = [_row(each) for each in queries.webhooks_of(person)]
    context = framed(request, side, form=form, rows=rows)
    return render(request, "integrations/webhooks.html", context, status=400 if form.errors else 200)


def _webhook(request: HttpRequest, side: Side, webhook_id: int) -> HttpResponse:
    found = _found(request, side, webhook_id)
    form = WebhookForm(
        request.POST or None,
        organisation=side.organisation,
        known=True,
        initial={"name": found.name, "groups": found.groups},
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_webhook(
                actor=actor_of(request),
                webhook=found,
                name=form.cleaned_data["name"],
                address=form.cleaned_data["address"] or None,
                groups=form.cleaned_data["groups"],
                now=timezone.now(),
            )
        except actions.AddressUnfit as error:
            form.add_error("address", str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect(_page_of(side), found.pk)
    return _shown(request, side, found, form=form)


def _found(request: HttpRequest, side: Side, webhook_id: int) -> Webhook:
    person = side.whose(request)
    return found_or_404(lambda: queries.webhook_of(person, webhook_id))


def _page_of(side: Side) -> str:
    return "integrations:organisation-webhook" if side.organisation else "integrations:webhook"


def _shown(
    request: HttpRequest, side: Side, found: Webhook, *, form: WebhookForm | None = None, secret: str = ""
) -> HttpResponse:
    known = {"name": found.name, "groups": found.groups}
    form = form or WebhookForm(organisation=side.organisation, known=True, initial=known)
    context = framed(
        request,
        side,
        row=_row(found),
        form=form,
        secret=secret,
        deliveries=queries.deliveries_of(found)[:SHOWN],
        act=f"{_page_of(side)}-act",
        change=_page_of(side),
    )
    return render(request, "integrations/webhook.html", context, status=400 if form.errors else 200)


def _act(request: HttpRequest, side: Side, webhook_id: int) -> HttpResponse:
    found, actor, now = _found(request, side, webhook_id), actor_of(request), timezone.now()
    what = request.POST.get("do", "")
    if what == "renew":
        return _shown(request, side, found, secret=actions.renew_secret(actor=actor, webhook=found, now=now))
    if what == "end":
        actions.end_webhook(actor=actor, webhook=found, now=now)
        messages.success(request, _("“%(name)s” is told nothing any more.") % {"name": found.name})
        return redirect(side.webhooks)
    simple: dict[str, Callable[[], None]] = {
        "pause": lambda: actions.pause(actor=actor, webhook=found, why=Webhook.Paused.BY_HAND, now=now),
        "resume": lambda: actions.resume(actor=actor, webhook=found, now=now),
        "test": lambda: _test(request, found),
    }
    if what in simple:
        simple[what]()
    return redirect(_page_of(side), found.pk)


def _test(request: HttpRequest, found: Webhook) -> None:
    result = telling.send_test(found, now=timezone.now())
    if result.taken:
        messages.success(request, _("The address took the test: %(answer)s.") % {"answer": result.words})
    else:
        messages.error(request, _("The address did not take the test. %(answer)s") % {"answer": result.words})
