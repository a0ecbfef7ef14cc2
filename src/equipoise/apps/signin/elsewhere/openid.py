"""OpenID Connect, held to what the standard asks (OpenID Connect Core 1.0 and Discovery 1.0, incorporating errata)."""

import json
from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest

from equipoise.apps.signin.elsewhere.door import asked

PATH = "/.well-known/openid-configuration"
NEEDED = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")


class WrongProvider(ValueError):
    """What stands at the address is no OpenID provider we can work with; the message says what is missing."""


class Adapter(OpenIDConnectOAuth2Adapter):
    """Checks that the provider is who it says, its signature, and that all it tells is about the same person."""

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the provider says of itself; its name must be the one the administrator gave (Discovery, 4.3)."""
        config: dict[str, Any] = super().openid_config
        if not same_issuer(config.get("issuer", ""), self.get_provider().app.settings["server_url"]):
            raise OAuth2Error("The provider calls itself by another name than the one it was connected by.")
        return config

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        """The token's claims, its signature checked although it came straight from the provider."""
        try:
            claims: dict[str, Any] = jwtkit.verify_and_decode(
                credential=id_token,
                keys_url=self.openid_config["jwks_uri"],
                issuer=self.openid_config["issuer"],
                audience=app.client_id,
                lookup_kid=jwtkit.lookup_kid_jwk,
            )
        except (KeyError, TypeError, ValueError) as error:
            raise OAuth2Error("Invalid id_token") from error
        return claims

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any) -> SocialLogin:
        """Who signed in; what is told on request must be about the one in the token (Core, 5.3.2)."""
        id_token = kwargs["response"].get("id_token")
        if not id_token:
            raise OAuth2Error("No id_token")
        claims = self._decode_id_token(app, id_token)
        told = self._fetch_user_info(token.token) if self.openid_config.get("userinfo_endpoint") else {}
        if told and told.get("sub") != claims.get("sub"):
            raise OAuth2Error("The answers are about different people.")
        data = {"userinfo": {**claims, **told}, "id_token": claims}
        return get_adapter().get_provider(request, self.provider_id).sociallogin_from_response(request, data)


def same_issuer(one: str, other: str) -> bool:
    """Whether two addresses name the same provider."""
    return one.removesuffix(PATH).rstrip("/") == other.removesuffix(PATH).rstrip("/")


def key_names(issuer: str, *, own_network: bool) -> list[str]:
    """The names of the keys a provider signs with now: to see that it answers, and is the right one.

    Raises:
        WebError: It does not answer.
        WrongProvider: What answers is no OpenID provider of this name.
    """
    address = issuer if issuer.endswith(PATH) else issuer.rstrip("/") + PATH
    config = _read(asked(address, own_network=own_network))
    missing = [name for name in NEEDED if not isinstance(config.get(name), str)]
    if missing:
        raise WrongProvider(", ".join(missing))
    if not same_issuer(config["issuer"], issuer):
        raise WrongProvider(config["issuer"])
    keys = _read(asked(config["jwks_uri"], own_network=own_network)).get("keys")
    return [str(key.get("kid", "-")) for key in keys or [] if isinstance(key, dict)]


def _read(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError as error:
        raise WrongProvider("JSON") from error
    if not isinstance(found, dict):
        raise WrongProvider("JSON")
    return found
