"""Forms about calendars."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from equipoise.apps.calendars.words import PURPOSE_NAMES
from equipoise.core.facets import Purpose


class CalendarForm(forms.Form):
    """One calendar: a file or an address."""

    file = forms.FileField(
        label=_("An .ics file"),
        required=False,
        help_text=_("Export it from Outlook, Google, Apple or Nextcloud. A .zip of .ics files will do, too."),
        widget=forms.ClearableFileInput(attrs={"accept": ".ics,.ical,.icalendar,.zip,text/calendar"}),
    )
    address = forms.CharField(
        label=_("Or the address of a calendar"),
        required=False,
        max_length=2000,
        help_text=_("It begins with https:// or webcal://. Only the calendar is asked for; nothing about you is sent."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_address(self) -> str:
        """An address the reader can follow."""
        address: str = self.cleaned_data["address"].strip()
        if address and not address.lower().startswith(("https://", "http://", "webcal://", "webcals://")):
            raise ValidationError(_("A calendar's address begins with https:// or webcal://."))
        return address

    def clean(self) -> dict[str, Any]:
        """Exactly one of the two."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and bool(cleaned.get("file")) == bool(cleaned.get("address")):
            raise ValidationError(_("Choose a file, or give an address: one of the two."))
        return cleaned


class AccountForm(forms.Form):
    """An account with a calendar server."""

    address = forms.CharField(
        label=_("Server"),
        max_length=2000,
        help_text=_("Its name or address, such as cloud.example.org; the calendars there are looked up."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )
    username = forms.CharField(
        label=_("User name"),
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=1000,
        strip=False,
        help_text=_("Best a password made for this program alone (an app password). It is kept encrypted."),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    def clean_address(self) -> str:
        """A host name or a web address."""
        address: str = self.cleaned_data["address"].strip()
        scheme, found, rest = address.partition("://")
        host = rest if found else address
        if (found and scheme.lower() not in {"https", "http"}) or not host or any(map(str.isspace, host)):
            raise ValidationError(_("Give the name of a server, or an address that begins with https://."))
        return address


class AccountPasswordForm(forms.Form):
    """The password of an account, again."""

    password = forms.CharField(
        label=_("Password"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )


class ChoiceForm(forms.Form):
    """Which calendars of an account are read, and which one is written to."""

    read = forms.MultipleChoiceField(required=False)
    write_to = forms.ChoiceField(required=False)
    erase_others = forms.BooleanField(required=False)

    def __init__(self, *args: Any, readable: list[str], writable: list[str], **kwargs: Any) -> None:
        """With the addresses of the calendars that can be chosen."""
        super().__init__(*args, **kwargs)
        self.fields["read"].choices = [(address, address) for address in readable]  # type: ignore[attr-defined]
        self.fields["write_to"].choices = [("", ""), *((address, address) for address in writable)]  # type: ignore[attr-defined]


class OwnCalendarForm(CalendarForm):
    """The first run: one calendar, and how to recognise its owner."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("To recognise you among the people invited. It stays on this machine."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    zone = forms.CharField(required=False, widget=forms.HiddenInput)
    field_order = ("email", "file", "address")


class RuleForm(forms.Form):
    """A rule: words in the title, and what they mean."""

    words = forms.CharField(label=_("When the title has"), max_length=200, strip=True)
    purpose = forms.ChoiceField(label=_("it is for"), required=False)
    all_day_counts = forms.BooleanField(
        label=_("Count all-day entries with these words as working hours"),
        required=False,
        help_text=_("Off-sites are often entered as all-day. Otherwise, all-day entries take no time."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """With the purposes in the reader's language."""
        super().__init__(*args, **kwargs)
        self.fields["purpose"].choices = [("", _("whatever it looks like")), *PURPOSE_NAMES.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A rule says something."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not cleaned.get("purpose") and not cleaned.get("all_day_counts"):
            raise ValidationError(_("Say what such entries are for, or that they count as working hours."))
        return cleaned


class PurposeForm(forms.Form):
    """What an entry is for."""

    purpose = forms.ChoiceField(choices=[(purpose.value, purpose.value) for purpose in Purpose])
