"""Pages by which administrators connect the servers at which people sign in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from equipoise.adapters.web import WebError
from equipoise.apps.people.organising.actions import LastAdministrator
from equipoise.apps.people.requests import actor_of
from equipoise.apps.signin import actions as policies
from equipoise.apps.signin.elsewhere import actions, openid, queries, saml
from equipoise.apps.signin.elsewhere.forms import OpenIDForm, ProviderForm, SamlForm
from equipoise.apps.signin.forms import LostForm, PolicyForm
from equipoise.apps.signin.queries import local_administrators, person_with, policy, providers
from equipoise.apps.signin.views import outside_the_demo
from equipoise.platform.access import Audience, View, page
from equipoise.platform.finding import found_or_404

if TYPE_CHECKING:
    from equipoise.apps.signin.models import Provider

FORMS: dict[str, type[ProviderForm]] = {"oidc": OpenIDForm, "saml": SamlForm}


def administering(*methods: str) -> Callable[[View], View]:
    """A page for administrators of the organisation; the demo agency's have nothing to connect."""

    def declare(view: View) -> View:
        declared = page("sign-on of the organisation", audience=Audience.ADMINISTRATOR, methods=methods)
        return declared(outside_the_demo(view))

    return declare


@administering("GET", "POST")
def sign_on(request: HttpRequest) -> HttpResponse:
    """All providers, and what is asked of everybody."""
    now = policy()
    initial = {"second_factor": now.second_factor, "only_elsewhere": now.only_elsewhere}
    form = PolicyForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            policies.set_policy(actor=actor_of(request), now=timezone.now(), **form.cleaned_data)
        except policies.NobodyCouldSignIn as error:
            form.add_error("only_elsewhere", str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("sign-on")
    context = {
        "section": "people",
        "form": form,
        "lost": LostForm(),
        "providers": providers(),
        "locals": local_administrators(),
    }
    return render(request, "signin/sign_on.html", context, status=400 if form.errors else 200)


@administering("POST")
def clear_steps(request: HttpRequest) -> HttpResponse:
    """Help somebody who lost phone and codes: their password alone lets them in until they set up a step anew."""
    form = LostForm(request.POST)
    email = form.cleaned_data["lost_by"] if form.is_valid() else ""
    try:
        person = person_with(actor_of(request), email)
    except ObjectDoesNotExist:
        messages.error(request, _("Nobody here has this address. Nothing was changed."))
        return redirect("sign-on")
    policies.clear_steps(actor=actor_of(request), person=person, now=timezone.now())
    told = _("%(name)s signs in without a second step now. Make sure that it was really them who asked.")
    messages.success(request, told % {"name": person.name})
    return redirect("sign-on")


@administering("GET", "POST")
def connect(request: HttpRequest, kind: str) -> HttpResponse:
    """Connect one more provider."""
    if kind not in FORMS:
        raise Http404
    key = request.POST.get("key", "")
    if not queries.is_free(key, kind):
        key = queries.next_key(kind)
    form = FORMS[kind](request.POST or None)
    if request.method == "POST" and form.is_valid():
        provider = actions.connect_provider(
            actor=actor_of(request), kind=kind, key=key, wanted=form.wanted(), now=timezone.now()
        )
        messages.success(request, _("%(name)s is connected. Test it now.") % {"name": provider.name})
        return redirect("change-sign-on", provider.pk)
    return _form(request, form, kind, key, None)


@administering("GET", "POST")
def change(request: HttpRequest, connection_id: int) -> HttpResponse:
    """Change how a provider is reached and what it may do."""
    provider = found_or_404(lambda: queries.provider_of(actor_of(request), connection_id))
    form = FORMS[provider.kind](request.POST or None, provider=provider)
    if request.method == "POST" and form.is_valid():
        actions.change_provider(actor=actor_of(request), provider=provider, wanted=form.wanted(), now=timezone.now())
        messages.success(request, _("Saved."))
        return redirect("change-sign-on", provider.pk)
    return _form(request, form, provider.kind, provider.key, provider)


def _form(request: HttpRequest, form: ProviderForm, kind: str, key: str, provider: Provider | None) -> HttpResponse:
    context = {
        "section": "people",
        "form": form,
        "kind": kind,
        "key": key,
        "provider": provider,
        "addresses": queries.addresses_of(request, kind, key),
        "first": [form[name] for name in form.first],
    }
    return render(request, "signin/provider.html", context, status=400 if form.errors else 200)


@administering("POST")
def test(request: HttpRequest, connection_id: int) -> HttpResponse:
    """Ask a provider whether it answers, and tell by which key it signs."""
    provider = found_or_404(lambda: queries.provider_of(actor_of(request), connection_id))
    try:
        messages.success(request, _key_told(provider))
    except WebError as error:
        messages.error(request, _("%(what)s. Check the address.") % {"what": error})
    except openid.WrongProvider as error:
        messages.error(request, _("What answers is no OpenID provider of this name (%(what)s).") % {"what": error})
    except saml.WrongMetadata:
        messages.error(request, _("Its certificate cannot be read. Give it anew."))
    return redirect("change-sign-on", provider.pk)


def _key_told(provider: Provider) -> str:
    if provider.kind == "oidc":
        names = openid.key_names(provider.issuer, own_network=provider.own_network)
        return _("The provider answers. It signs with: %(keys)s") % {"keys": ", ".join(names)}
    certificate = saml.certificate_of(provider.certificate)
    told = {"mark": certificate.mark, "day": date_format(certificate.until.date())}
    return _("Its certificate holds until %(day)s. SHA-256: %(mark)s") % told


@administering("POST")
def disconnect(request: HttpRequest, connection_id: int) -> HttpResponse:
    """Let nobody sign in there any more."""
    provider = found_or_404(lambda: queries.provider_of(actor_of(request), connection_id))
    try:
        actions.disconnect_provider(actor=actor_of(request), provider=provider, now=timezone.now())
    except (LastAdministrator, actions.StillNeeded) as error:
        messages.error(request, str(error))
        return redirect("change-sign-on", connection_id)
    messages.success(request, _("%(name)s is disconnected.") % {"name": provider.name})
    return redirect("sign-on")
