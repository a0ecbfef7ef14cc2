"""Second steps and passkeys: what django-allauth asks us about them."""

import base64
import secrets
from typing import ClassVar

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from equipoise.apps.people.models import Person
from equipoise.platform import vault


class Factors(DefaultMFAAdapter):
    """Seals what the codes are made of."""

    error_messages: ClassVar[dict[str, str | Promise]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("That did not match. Wait for the next code, or try again."),
    }

    def encrypt(self, text: str) -> str:
        """Seal it with the key of the server."""
        return vault.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Open it again; with the key lost, no code matches what is given in its place."""
        try:
            return vault.unseal(encrypted_text)
        except vault.KeyLost:
            return base64.b32encode(secrets.token_bytes(20)).decode("ascii")

    def _get_site_name(self) -> str:
        return "Equipoise"

    def generate_authenticator_name(self, user: Person, type: Authenticator.Type) -> str:  # noqa: A002 - theirs
        """A name to begin with."""
        count = Authenticator.objects.filter(user=user, type=type).count() + 1
        return _("Passkey") if count == 1 else _("Passkey %(number)s") % {"number": count}
