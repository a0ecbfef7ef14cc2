"""Forms for tokens and webhooks."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from equipoise.apps.integrations.webhooks.acts import GROUP_NAMES, groups_for
from equipoise.apps.people.forms import NameField
from equipoise.platform.api import Scope

SCOPES = [
    (Scope.READ.value, _("Read")),
    (Scope.WRITE.value, _("Read and change")),
    (Scope.SCIM.value, _("Keep people and groups in step with a directory (SCIM)")),
]


class TokenForm(forms.Form):
    """What a token is for, what it allows, and for how long."""

    name = NameField(
        label=_("What is it for?"), max_length=120, strip=True, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    scope = forms.ChoiceField(label=_("What it may do"), widget=forms.RadioSelect, initial=Scope.READ.value)
    days = forms.TypedChoiceField(
        label=_("It ends by itself after"),
        coerce=int,
        choices=[(30, _("30 days")), (90, _("90 days")), (365, _("a year")), (0, _("never"))],
        initial=90,
    )

    def __init__(self, *args: Any, organisation: bool, **kwargs: Any) -> None:
        """For a person, or for the organisation, whose tokens may also serve directories."""
        super().__init__(*args, **kwargs)
        chosen = self.fields["scope"]
        chosen.choices = SCOPES if organisation else SCOPES[:2]  # type: ignore[attr-defined]


class WebhookForm(forms.Form):
    """What an address is called, where it is, and what it is told of."""

    name = NameField(
        label=_("What is it called?"), max_length=120, strip=True, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    address = forms.CharField(
        label=_("Its address"),
        max_length=2000,
        help_text=_("Begins with https://. It is told kinds of acts and numbers, never what anything holds."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "url", "spellcheck": "false"}),
    )
    groups = forms.MultipleChoiceField(label=_("Tell it of"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, organisation: bool, known: bool = False, **kwargs: Any) -> None:
        """For a person or for the organisation; of one that is known the address may be left as it is."""
        super().__init__(*args, **kwargs)
        names = groups_for(organisation=organisation)
        self.fields["groups"].choices = [(name, GROUP_NAMES[name]) for name in names]  # type: ignore[attr-defined]
        if known:
            self.fields["address"].required = False
            self.fields["address"].help_text = _("Leave it empty to keep the address it has.")
