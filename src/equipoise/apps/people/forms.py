"""Forms about a person."""

import unicodedata
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from equipoise.apps.people.models import Person

_TURNING = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))


def zone_choices() -> list[tuple[str, str]]:
    """All zones of the time zone database that name a place, and UTC."""
    places = sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/")))
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in places)]


class NameField(forms.CharField):
    """What somebody is called: one line, without signs that override the direction of writing on others' pages."""

    def to_python(self, value: Any) -> str:
        """Read it, and leave out what is no part of a name."""
        read = super().to_python(value) or ""
        return " ".join("".join(" " if _is_control(c) else c for c in read if c not in _TURNING).split())


def _is_control(letter: str) -> bool:
    return letter != "\0" and unicodedata.category(letter) in {"Cc", "Zl", "Zp"}


class SettingsForm(forms.Form):
    """How a person is recognised, and how they want to be shown things."""

    name = NameField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("You are recognised by it in your calendar, and sign in with it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    more_addresses = forms.CharField(
        label=_("More addresses of yours"),
        required=False,
        help_text=_("One a line. Aliases and old addresses your calendar may know you by."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    zone = forms.ChoiceField(label=_("Time zone"), choices=zone_choices)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    theme = forms.ChoiceField(label=_("Colours"), choices=Person.Theme.choices)
    work_from = forms.TimeField(
        label=_("Working day starts"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    work_until = forms.TimeField(
        label=_("Working day ends"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    unplanned_hours = forms.FloatField(
        label=_("Hours of unplanned talk a week"),
        required=False,
        min_value=0,
        max_value=80,
        help_text=_("Corridor talk, calls and drop-ins that no calendar shows. Leave empty if you don't know."),
        widget=forms.NumberInput(attrs={"step": "0.5", "inputmode": "decimal"}),
    )

    def clean_more_addresses(self) -> list[str]:
        """One address a line; each must be one."""
        addresses = [line.strip().lower() for line in self.cleaned_data["more_addresses"].splitlines() if line.strip()]
        for address in addresses:
            try:
                validate_email(address)
            except ValidationError as error:
                raise ValidationError(_("“%(line)s” is not an e-mail address.") % {"line": address}) from error
        return addresses

    def clean(self) -> dict[str, Any]:
        """A working day ends after it starts."""
        cleaned = super().clean() or self.cleaned_data
        start, end = cleaned.get("work_from"), cleaned.get("work_until")
        if start and end and end <= start:
            self.add_error("work_until", _("The working day must end after it starts."))
        return cleaned


class UnplannedHoursForm(forms.Form):
    """One question: how many hours a week are unplanned talk?"""

    unplanned_hours = SettingsForm.base_fields["unplanned_hours"]


class PasswordForm(forms.Form):
    """A new password, once; the browser shows it on request."""

    password = forms.CharField(
        label=_("New password"),
        strip=False,
        help_text=_("At least 12 characters. A few words are easier to keep than a puzzle."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        """For the person whose password it will be."""
        super().__init__(*args, **kwargs)
        self._person = person

    def clean_password(self) -> str:
        """Refuse what is short, common, or made of the person's own name."""
        password: str = self.cleaned_data["password"]
        validate_password(password, self._person)
        return password


class EraseForm(forms.Form):
    """Erasing everything is confirmed by typing one's own address."""

    email = forms.CharField(
        label=_("Type your e-mail address to confirm"), widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        """For the person whose records go."""
        super().__init__(*args, **kwargs)
        self._person = person

    def clean_email(self) -> str:
        """Only the own address will do."""
        if self.cleaned_data["email"].strip().lower() != self._person.email:
            raise ValidationError(_("That is not your address. Nothing was erased."))
        return self._person.email
