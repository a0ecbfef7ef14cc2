"""Forms for signing in and for what one signs in with."""

from typing import Any

from allauth.account.forms import LoginForm, ReauthenticateForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as CodeReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from equipoise.apps.people.actions import set_password
from equipoise.apps.people.forms import PasswordForm
from equipoise.apps.people.models import Person


class SignInForm(LoginForm):
    """Address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """In our words, without texts inside the boxes."""
        super().__init__(*args, **kwargs)
        _word(self.fields["login"], _("E-mail address"), autocomplete="username webauthn")
        _word(self.fields["password"], _("Password"), autocomplete="current-password")


class PasswordAgainForm(ReauthenticateForm):
    """The password once more, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """In our words."""
        super().__init__(*args, **kwargs)
        _word(self.fields["password"], _("Your password"), autocomplete="current-password")


class FirstPasswordForm(PasswordForm):
    """A first password."""

    def __init__(self, *args: Any, user: Person, **kwargs: Any) -> None:
        """For the person whose password it will be."""
        super().__init__(*args, person=user, **kwargs)
        self.user = user

    def save(self) -> None:
        """Set it."""
        set_password(person=self.user, password=self.cleaned_data["password"], now=timezone.now())


class OtherPasswordForm(FirstPasswordForm):
    """Another password; the present one is asked for."""

    present = forms.CharField(
        label=_("Present password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ("present", "password")

    def clean_present(self) -> str:
        """Only with the one that holds."""
        if not self.user.check_password(self.cleaned_data["present"]):
            raise ValidationError(_("That is not your password. Try again."))
        return str(self.cleaned_data["present"])


class CodeForm(AuthenticateForm):
    """A code of the app, or one for emergencies."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """In our words."""
        super().__init__(*args, **kwargs)
        _word_code(self.fields["code"])


class CodeAgainForm(CodeReauthenticateForm):
    """A code once more, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """In our words."""
        super().__init__(*args, **kwargs)
        _word_code(self.fields["code"])


class FirstCodeForm(ActivateTOTPForm):
    """The first code of an app shows that it was set up right."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """In our words."""
        super().__init__(*args, **kwargs)
        _word_code(self.fields["code"])
        self.fields["code"].label = _("Code the app shows")


class NewPasskeyForm(AddWebAuthnForm):
    """A passkey to be made by the device."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """In our words."""
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name, to know it by")
        self.fields["name"].max_length = 60
        self.fields["passwordless"].label = _("It lets me in without a password")
        self.fields["passwordless"].help_text = _("The device then asks for its PIN, your finger or your face.")
        self.fields["passwordless"].initial = True


class PasskeyNameForm(EditWebAuthnForm):
    """What a passkey is called."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """In our words."""
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name, to know it by")


class LostForm(forms.Form):
    """Who lost what they sign in with."""

    lost_by = forms.EmailField(
        label=_("Their e-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off"}), required=True
    )


class PolicyForm(forms.Form):
    """What is asked of everybody who signs in."""

    second_factor = forms.BooleanField(
        label=_("Administrators, people partners and auditors need a second step"),
        help_text=_("Whoever has none is led to set one up. Who signs in elsewhere is asked for it there."),
        required=False,
    )
    only_elsewhere = forms.BooleanField(
        label=_("Sign in elsewhere only"),
        help_text=_("Passwords and passkeys of this server then let in administrators only, for lock-outs."),
        required=False,
    )


def _word(field: forms.Field, label: Any, **attributes: str) -> None:
    field.label, field.help_text = label, ""
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update(attributes)


def _word_code(field: forms.Field) -> None:
    _word(field, _("Code"), autocomplete="one-time-code", inputmode="numeric")
