"""The mail that brings a link."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.core.mail import EmailMessage
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from equipoise.apps.people.models import Person
from equipoise.platform.templatetags.dates import moment


def letter_to(person: Person, *, link: str, until: datetime) -> EmailMessage:
    """The mail in the person's language, with nothing in it but the link and what it is for."""
    with translation.override(person.language), timezone.override(ZoneInfo(person.zone)):
        lines = [
            _("Hello %(name)s,") % {"name": person.name},
            _("this link lets you set a password for Equipoise, and sign in with %(email)s:") % {"email": person.email},
            link,
            _("It works once, until %(moment)s. If you did not expect it, leave it: nothing happens.")
            % {"moment": moment(until)},
        ]
        return EmailMessage(
            subject=_("Your password for Equipoise"),
            body="\n\n".join(lines) + "\n",
            to=[person.email],
            headers={"Auto-Submitted": "auto-generated"},
        )
