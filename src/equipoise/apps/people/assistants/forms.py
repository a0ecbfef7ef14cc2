"""Forms for naming an assistant and for becoming one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from equipoise.apps.people.forms import NameField, PasswordForm


class AssistantForm(forms.Form):
    """Who shall act for the owner."""

    name = NameField(
        label=_("Their name"), max_length=120, strip=True, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    email = forms.EmailField(
        label=_("Their e-mail address"),
        help_text=_("They will sign in with it. No mail is sent."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class NewAssistantForm(PasswordForm):
    """The account of somebody who takes an invitation: what they are called, and a password."""

    name = NameField(
        label=_("Your name"), max_length=120, strip=True, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    field_order = ("name", "password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """For the person who is to be made."""
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("A password for this server")
