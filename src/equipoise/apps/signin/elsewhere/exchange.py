"""The exchange with a provider: to it, and back. Made of the views of django-allauth."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import requests
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.saml import views as saml
from allauth.socialaccount.providers.saml.provider import SAMLProvider
from allauth.socialaccount.providers.saml.utils import build_saml_config
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from onelogin.saml2.settings import OneLogin_Saml2_Settings

from equipoise.apps.signin.elsewhere.openid import Adapter
from equipoise.platform.access import Audience, View, page

BOTH = ("GET", "POST")


def open_to_all(*methods: str) -> Callable[[View], View]:
    """A step of the exchange: whoever takes it is not signed in yet."""
    return page("sign-in", audience=Audience.ANYONE, methods=methods)


def onward(view: View) -> View:
    """Lead to the provider by a page instead of by the answer to a form.

    The content policy lets forms lead to this server only, and browsers hold the whole way to it.
    """

    @wraps(view)
    def led(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        place = response.headers.get("Location", "")
        if not place.startswith(("https://", "http://")):
            return response
        page = render(request, "signin/onward.html", {"place": place})
        page.cookies = response.cookies
        return page

    return led


def answered(view: View) -> View:
    """Say in words that a provider gave nothing usable."""

    @wraps(view)
    def checked(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        key = kwargs.get("provider_id") or kwargs.get("organization_slug")
        request.META.setdefault("HTTP_HOST", request.get_host())
        try:
            return view(request, **kwargs)
        except SocialApp.DoesNotExist as error:
            raise Http404 from error
        except (requests.RequestException, OAuth2Error, KeyError, TypeError, ValueError) as error:
            provider = get_adapter().get_provider(request, key)
            answer: HttpResponseBase = render_authentication_error(request, provider, exception=error)
            return answer

    return checked


@open_to_all(*BOTH)
@onward
@answered
def openid_begin(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """To an OpenID provider."""
    answer: HttpResponseBase = OAuth2LoginView.adapter_view(Adapter(request, provider_id))(request)
    return answer


@open_to_all("GET")
@answered
def openid_back(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Back from an OpenID provider."""
    answer: HttpResponseBase = OAuth2CallbackView.adapter_view(Adapter(request, provider_id))(request)
    return answer


saml_begin = open_to_all(*BOTH)(onward(answered(saml.login)))
saml_back = open_to_all("POST")(answered(saml.acs))
saml_finish = open_to_all("GET")(answered(saml.finish_acs))


@open_to_all("GET")
@answered
def saml_metadata(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """What a SAML provider has to know of this server; it offers no sign-out by the provider."""
    app = get_adapter().get_app(request, provider=SAMLProvider.id, client_id=organization_slug)
    config = build_saml_config(request, app.settings, organization_slug)
    del config["sp"]["singleLogoutService"]
    told = OneLogin_Saml2_Settings(settings=config, sp_validation_only=True).get_sp_metadata()
    return HttpResponse(told, content_type="application/samlmetadata+xml")


@open_to_all("GET")
def saml_sign_out(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """There is no sign-out by the provider: anybody could send people such a link. Sessions end here."""
    return redirect("account_login")


@open_to_all("GET")
def cancelled(request: HttpRequest) -> HttpResponse:
    """Back at the beginning, after somebody thought better of it at the provider."""
    return redirect("account_login")
