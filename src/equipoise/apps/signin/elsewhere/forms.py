"""Forms for the servers at which people sign in."""

import re
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from equipoise.adapters.web import WebError
from equipoise.apps.people.forms import NameField
from equipoise.apps.signin.elsewhere import saml
from equipoise.apps.signin.elsewhere.actions import Wanted
from equipoise.apps.signin.elsewhere.door import asked
from equipoise.apps.signin.elsewhere.queries import groups_for
from equipoise.apps.signin.models import Provider
from equipoise.platform.access import Role

DOMAIN = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?\.[a-z0-9-]{2,}")
PLAIN = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})


class LinesField(forms.CharField):
    """Several short texts, one a line."""

    def __init__(self, **kwargs: Any) -> None:
        """Nothing is needed."""
        super().__init__(required=False, widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}), **kwargs)

    def clean(self, value: Any) -> list[str]:
        """Each once, without what is empty."""
        lines = [line.strip() for line in str(super().clean(value)).splitlines()]
        if any(len(line) > 300 for line in lines):
            raise ValidationError(_("A line may have 300 letters at most."))
        return list(dict.fromkeys(line for line in lines if line))


class ProviderForm(forms.Form):
    """What holds for every provider, whatever its language."""

    name = NameField(
        label=_("Name"), max_length=60, help_text=_("It stands on the button: “Sign in with …”."), widget=PLAIN
    )
    own_network = forms.BooleanField(
        label=_("It stands in our own network"),
        help_text=_("Only then it is asked when its address is a private one."),
        required=False,
    )
    vouches = forms.BooleanField(
        label=_("It has checked every address it tells"),
        help_text=_(
            "Tick this for your organisation's own directory, where nobody can write somebody else's address into "
            "their account. Else people are found only by addresses it says it has checked."
        ),
        required=False,
    )
    adds_people = forms.BooleanField(
        label=_("Add whoever signs in there and is unknown here"),
        help_text=_("Else only people who were added before come in."),
        required=False,
    )
    domains = LinesField(
        label=_("Only from these mail domains"), help_text=_("One a line. Empty: from all. For people to be added.")
    )
    groups_claim = forms.CharField(
        label=_("Where it tells the groups"),
        max_length=200,
        initial="groups",
        help_text=_("The name of the claim or attribute."),
        widget=PLAIN,
    )
    needed_groups = LinesField(
        label=_("Only people in one of these groups"), help_text=_("One a line. Empty: everybody it lets in.")
    )
    administrators = LinesField(label=_("Groups that make an administrator"), help_text=_("One a line."))
    partners = LinesField(label=_("Groups that make a people partner"), help_text=_("One a line."))
    auditors = LinesField(label=_("Groups that make an auditor"), help_text=_("One a line."))

    first: ClassVar[tuple[str, ...]] = ("name",)
    """What stands first: where the provider is."""

    def __init__(self, *args: Any, provider: Provider | None = None, **kwargs: Any) -> None:
        """For a provider that is there, or a new one."""
        self.provider = provider
        if provider is not None:
            kwargs["initial"] = {**self.initial_of(provider), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)

    def initial_of(self, provider: Provider) -> dict[str, Any]:
        """What the form holds at first."""
        plain = ("name", "own_network", "vouches", "adds_people", "groups_claim")
        groups = groups_for(provider)
        return {name: getattr(provider, name) for name in plain} | {
            "domains": "\n".join(provider.domains),
            "needed_groups": "\n".join(provider.needed_groups),
            "administrators": "\n".join(groups.get(Role.ADMINISTRATOR, [])),
            "partners": "\n".join(groups.get(Role.PARTNER, [])),
            "auditors": "\n".join(groups.get(Role.AUDITOR, [])),
        }

    def clean_domains(self) -> list[str]:
        """Names of domains, without anything before them."""
        domains = [each.lower().lstrip("@") for each in self.cleaned_data["domains"]]
        for domain in domains:
            if not DOMAIN.fullmatch(domain):
                raise ValidationError(_("“%(line)s” is no mail domain.") % {"line": domain})
        return domains

    def wanted(self) -> Wanted:
        """What was given, as the act wants it."""
        return Wanted(**self.told())

    def told(self) -> dict[str, Any]:
        """What was given, by the names of the act."""
        cleaned = self.cleaned_data
        plain = ("name", "own_network", "vouches", "adds_people", "domains", "groups_claim", "needed_groups")
        return {name: cleaned[name] for name in plain} | {
            "groups": {
                Role.ADMINISTRATOR: cleaned["administrators"],
                Role.PARTNER: cleaned["partners"],
                Role.AUDITOR: cleaned["auditors"],
            }
        }


class OpenIDForm(ProviderForm):
    """An OpenID provider."""

    issuer = forms.URLField(
        label=_("Its address (issuer)"),
        max_length=300,
        assume_scheme="https",
        help_text=_("As it calls itself, such as https://login.example.org/realms/ours."),
    )
    client_id = forms.CharField(
        label=_("Client ID"), max_length=300, help_text=_("By which it knows this server."), widget=PLAIN
    )
    secret = forms.CharField(
        label=_("Client secret"),
        required=False,
        max_length=1000,
        help_text=_("It is encrypted and never shown again. Empty keeps the one there is."),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    field_order = ("name", "issuer", "client_id", "secret", "own_network", "vouches")
    first: ClassVar[tuple[str, ...]] = ("name", "issuer", "client_id", "secret", "own_network", "vouches")

    def initial_of(self, provider: Provider) -> dict[str, Any]:
        """With where it is."""
        return {**super().initial_of(provider), "issuer": provider.issuer, "client_id": provider.client_id}

    def clean(self) -> dict[str, Any]:
        """Secrets go unencrypted nowhere but inside the own network."""
        cleaned = super().clean() or self.cleaned_data
        if str(cleaned.get("issuer", "")).startswith("http://") and not cleaned.get("own_network"):
            self.add_error("issuer", _("It must begin with https://, unless it stands in your own network."))
        return cleaned

    def told(self) -> dict[str, Any]:
        """With where it is."""
        cleaned = self.cleaned_data
        return {**super().told(), **{name: cleaned[name] for name in ("issuer", "client_id", "secret")}}


class SamlForm(ProviderForm):
    """A SAML provider: by the address of its metadata, by the metadata themselves, or by what stands in them."""

    metadata_address = forms.URLField(
        label=_("Address of its metadata"),
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text=_("They are read when you save. Save again once the provider has changed its certificate."),
    )
    metadata = forms.CharField(
        label=_("Or its metadata, pasted"),
        required=False,
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
    )
    entity_id = forms.CharField(label=_("Or its name (entity ID)"), max_length=300, required=False, widget=PLAIN)
    sign_on_address = forms.URLField(
        label=_("Its sign-on address (HTTP-Redirect)"), max_length=500, required=False, assume_scheme="https"
    )
    certificate = forms.CharField(
        label=_("Its certificate"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
    )
    first: ClassVar[tuple[str, ...]] = (
        "name",
        "own_network",
        "metadata_address",
        "metadata",
        "entity_id",
        "sign_on_address",
        "certificate",
        "vouches",
    )
    field_order = first

    def initial_of(self, provider: Provider) -> dict[str, Any]:
        """With where it is."""
        names = ("metadata_address", "entity_id", "sign_on_address", "certificate")
        return {**super().initial_of(provider), **{name: getattr(provider, name) for name in names}}

    def clean(self) -> dict[str, Any]:
        """Read what was given; the fullest wins."""
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        name = next(
            (each for each in ("metadata", "metadata_address", "certificate") if cleaned.get(each)), "metadata_address"
        )
        try:
            found = self._read(name, cleaned)
        except WebError as error:
            self.add_error(name, _("%(what)s. Correct the address, or paste the metadata.") % {"what": error})
        except (saml.WrongMetadata, UnicodeDecodeError):
            self.add_error(name, _("That does not describe a SAML provider: name, sign-on address and certificate."))
        else:
            cleaned |= {
                "entity_id": found.entity_id,
                "sign_on_address": found.sign_on_address,
                "certificate": found.certificate,
            }
        return cleaned

    @staticmethod
    def _read(name: str, cleaned: dict[str, Any]) -> saml.Description:
        if name == "metadata":
            return saml.read_metadata(cleaned["metadata"])
        if name == "metadata_address" and cleaned["metadata_address"]:
            body = asked(cleaned["metadata_address"], own_network=cleaned["own_network"])
            return saml.read_metadata(body.decode())
        if not (cleaned["entity_id"] and cleaned["sign_on_address"] and cleaned["certificate"]):
            raise saml.WrongMetadata
        return saml.Description(
            entity_id=cleaned["entity_id"],
            sign_on_address=cleaned["sign_on_address"],
            certificate=saml.pem(cleaned["certificate"]),
        )

    def told(self) -> dict[str, Any]:
        """With where it is."""
        names = ("metadata_address", "entity_id", "sign_on_address", "certificate")
        return {**super().told(), **{name: self.cleaned_data[name] for name in names}}
