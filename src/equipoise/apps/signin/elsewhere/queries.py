"""What is known of the servers at which people sign in."""

import re

from django.http import HttpRequest
from django.urls import reverse

from equipoise.apps.people.models import Person
from equipoise.apps.signin.models import Provider
from equipoise.platform import vault
from equipoise.platform.access import Role

KEY = re.compile(r"(oidc|saml)-[1-9][0-9]{0,5}")


def provider_with(key: str) -> Provider:
    """The provider whose key stands in an address.

    Raises:
        Provider.DoesNotExist: When there is none.
    """
    return Provider.objects.get(key=key)


def provider_of(administrator: Person, provider_id: int) -> Provider:
    """A provider, for an administrator of the organisation.

    Raises:
        Provider.DoesNotExist: When there is none; for somebody of the demo agency there never is.
    """
    if administrator.is_demo:
        raise Provider.DoesNotExist
    return Provider.objects.get(pk=provider_id)


def is_free(key: str, kind: str) -> bool:
    """Whether a provider of this kind may have this key."""
    return bool(KEY.fullmatch(key)) and key.startswith(kind) and not Provider.objects.filter(key=key).exists()


def next_key(kind: str) -> str:
    """The key a further provider of a kind will have; its addresses can be told the other side beforehand."""
    last = Provider.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    return f"{kind}-{last + 1}"


def secret_of(provider: Provider) -> str:
    """What this server shows the provider to be known by.

    Raises:
        vault.KeyLost: When it was sealed with another key.
    """
    return vault.unseal(provider.sealed_secret) if provider.sealed_secret else ""


def groups_for(provider: Provider) -> dict[Role, list[str]]:
    """The groups that give each role."""
    found: dict[Role, list[str]] = {}
    for row in provider.group_roles.all():
        found.setdefault(Role(row.role), []).append(row.group)
    return found


def addresses_of(request: HttpRequest, kind: str, key: str) -> dict[str, str]:
    """What has to be told the other side of this server."""
    if kind == Provider.Kind.OPENID.value:
        return {"callback": request.build_absolute_uri(reverse("openid_connect_callback", args=[key]))}
    return {
        "metadata": request.build_absolute_uri(reverse("saml_metadata", args=[key])),
        "acs": request.build_absolute_uri(reverse("saml_acs", args=[key])),
    }
