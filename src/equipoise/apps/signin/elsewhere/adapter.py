"""Signing in elsewhere: what django-allauth asks us about it."""

import logging
from typing import Any

import requests
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from allauth.socialaccount.providers.base.constants import AuthError
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from equipoise.apps.people.forms import NameField
from equipoise.apps.signin import queries
from equipoise.apps.signin.elsewhere import actions
from equipoise.apps.signin.elsewhere.door import session_for
from equipoise.apps.signin.elsewhere.queries import provider_with, secret_of
from equipoise.apps.signin.models import Provider
from equipoise.platform.vault import KeyLost

logger = logging.getLogger(__name__)


class Elsewhere(DefaultSocialAccountAdapter):
    """Lets in whom a provider of the organisation vouches for."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """The providers an administrator connected."""
        apps = [_app(row) for row in queries.providers()]
        return [
            app
            for app in apps
            if provider in {None, app.provider, app.provider_id} and client_id in {None, app.client_id}
        ]

    def get_requests_session(self) -> requests.Session:
        """Questions go through our own door, to the networks the provider in the address may stand in."""
        match = getattr(context.request, "resolver_match", None)
        key = (match.kwargs if match else {}).get("provider_id", "")
        return session_for(Provider.objects.filter(key=key).first())

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Nobody makes an account for themselves."""
        return False

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: SocialAccount) -> str:
        """Back to the page about signing in."""
        return reverse("mfa_index")

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> None:
        """Back to the beginning, with a word of what happened; the log says more to whoever runs the server."""
        if error != AuthError.CANCELLED:
            reason = exception or (extra_context or {}).get("saml_last_error_reason") or error
            logger.warning("Sign-in at %s failed: %s", provider.name, reason)
            told = _(
                "%(name)s did not answer, or not in a way that can be trusted. Try again, or ask your administrator."
            )
            messages.error(request, told % {"name": provider.name})
        raise ImmediateHttpResponse(redirect("account_login"))

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Decide who it is, before anything is done."""
        provider = provider_with(sociallogin.account.provider)
        known = sociallogin.user if sociallogin.is_existing else None
        told = told_by(provider, sociallogin)
        try:
            person = actions.admit(provider=provider, known=known, told=told, now=timezone.now())
        except actions.NotLetIn as error:
            if known is not None:
                actions.take_roles(provider=provider, person=known, now=timezone.now())
            page = render(request, "signin/not_let_in.html", {"reason": str(error)}, status=403)
            raise ImmediateHttpResponse(page) from error
        # What the provider told is not kept: only its mark for the person.
        account = SocialAccount.objects.get(provider=provider.key, uid=told.subject)
        SocialAccount.objects.filter(pk=account.pk).update(extra_data={})
        sociallogin.user, sociallogin.account = person, account
        sociallogin.state["process"] = "login"


def told_by(provider: Provider, sociallogin: SocialLogin) -> actions.Told:
    """What a provider tells of somebody, in our terms."""
    claims = claims_of(sociallogin.account.extra_data)
    addresses = [each for each in sociallogin.email_addresses if each.email]
    checked = next((each for each in addresses if each.verified is True), None)
    first = checked or next(iter(addresses), None)
    return actions.Told(
        subject=sociallogin.account.uid,
        name=NameField(required=False).clean(_name(claims)),
        email=first.email.lower() if first else "",
        is_checked=checked is not None or (provider.vouches and first is not None),
        groups=frozenset(_texts(claims.get(provider.groups_claim))),
    )


def claims_of(told: dict[str, Any]) -> dict[str, Any]:
    """All that was told: by OpenID both in the token and on request, by SAML as attributes."""
    if "id_token" in told or "userinfo" in told:
        return {**(told.get("id_token") or {}), **(told.get("userinfo") or {})}
    return told


NAMES = (
    "name",
    "displayName",
    "urn:oid:2.16.840.1.113730.3.1.241",
    "http://schemas.microsoft.com/identity/claims/displayname",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name",
)


def _name(claims: dict[str, Any]) -> str:
    return next((text for name in NAMES for text in _texts(claims.get(name)) if text and "@" not in text), "")[:120]


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [str(each) for each in value if isinstance(each, str)] if isinstance(value, list | tuple) else []


def _app(row: Provider) -> SocialApp:
    if row.kind == Provider.Kind.OPENID.value:
        return SocialApp(
            provider="openid_connect",
            provider_id=row.key,
            name=row.name,
            client_id=row.client_id,
            secret=_secret(row),
            settings={"server_url": row.issuer, "oauth_pkce_enabled": True},
        )
    return SocialApp(
        provider="saml",
        provider_id=row.key,
        name=row.name,
        client_id=row.key,
        settings={
            "idp": {"entity_id": row.entity_id, "sso_url": row.sign_on_address, "x509cert": row.certificate},
            "advanced": {"reject_idp_initiated_sso": True, "allow_single_label_domains": True},
        },
    )


def _secret(row: Provider) -> str:
    try:
        return secret_of(row)
    except KeyLost:
        return ""
