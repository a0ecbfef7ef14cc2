"""The mail that says that a webhook was paused."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from equipoise.apps.integrations.models import Webhook
from equipoise.apps.people.models import Person
from equipoise.platform.post import hand_over


def tell_paused(webhook: Webhook) -> None:
    """Tell whoever a webhook belongs to that it was paused, if this server sends mail; the page says so anyhow."""
    if settings.PUBLIC_ADDRESS:
        for person in _whose(webhook):
            hand_over(letter_to(person, webhook))


def _whose(webhook: Webhook) -> list[Person]:
    """The person, or whoever administers the organisation."""
    if webhook.person is not None:
        return [webhook.person]
    held = {"grants__role": "administrator", "grants__ended_at": None}
    return list(Person.objects.filter(is_active=True, demo_key="", **held).distinct())


def letter_to(person: Person, webhook: Webhook) -> EmailMessage:
    """The mail in the person's language, without the address the webhook tells."""
    name = "integrations:webhook" if webhook.person_id else "integrations:organisation-webhook"
    with translation.override(person.language), timezone.override(ZoneInfo(person.zone)):
        lines = [
            _("Hello %(name)s,") % {"name": person.name},
            _("the webhook “%(webhook)s” took nothing for three days, or said that it is gone. It is paused.")
            % {"webhook": webhook.name},
            _("See what it answered, and let it go on once it is mended:"),
            settings.PUBLIC_ADDRESS + reverse(name, args=[webhook.pk]),
        ]
        return EmailMessage(
            subject=_("A webhook is paused"),
            body="\n\n".join(lines) + "\n",
            to=[person.email],
            headers={"Auto-Submitted": "auto-generated"},
        )
