"""What is done with webhooks; each act is one transaction with its entry in the audit trail."""

from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from equipoise.adapters.web import NoWebAddress, split
from equipoise.apps.integrations.models import Webhook
from equipoise.apps.integrations.webhooks.acts import groups_for
from equipoise.apps.integrations.webhooks.signing import new_secret
from equipoise.apps.people.models import Person
from equipoise.platform import audit, vault
from equipoise.platform.models import AuditEntry

MOST = 20
"""So many webhooks a person, or the organisation, may have."""


class AddressUnfit(ValueError):
    """Nothing is sent to such an address; the message says why."""


class TooManyWebhooks(ValueError):
    """There are as many as there may be; the message says so."""


def check_address(address: str) -> None:
    """Hold an address to what may be sent to.

    Raises:
        AddressUnfit: It is no https address, or http to what is not a private network that is allowed.
    """
    try:
        parts = split(address)
    except NoWebAddress as error:
        raise AddressUnfit(_("This is no web address. Give one that begins with https://.")) from error
    if parts.scheme != "https" and not settings.PRIVATE_FEEDS:
        raise AddressUnfit(_("Give an address that begins with https://, so that nobody on the way can change it."))


@transaction.atomic
def make_webhook(
    *, actor: Person | None, person: Person | None, name: str, address: str, groups: Collection[str], now: datetime
) -> tuple[Webhook, str]:
    """Make a webhook; it is told of acts from now on. Gives it with its secret, which is shown this once.

    Raises:
        AddressUnfit: Nothing is sent there.
        TooManyWebhooks: There are enough.
    """
    check_address(address)
    if Webhook.objects.filter(person=person).count() >= MOST:
        raise TooManyWebhooks(_("There are %(most)s webhooks already. End one first.") % {"most": MOST})
    secret = new_secret()
    webhook = Webhook.objects.create(
        person=person,
        name=name,
        sealed_address=vault.seal(address),
        sealed_secret=vault.seal(secret),
        groups=_known(groups, person),
        made_at=now,
        made_by_id=actor.pk if actor else None,
        read_up_to=latest_entry(),
    )
    _record(actor, webhook, "webhook made", now)
    return webhook, secret


def latest_entry() -> int:
    """The number of the latest act in the trail."""
    return AuditEntry.objects.aggregate(latest=Max("pk"))["latest"] or 0


@transaction.atomic
def change_webhook(
    *, actor: Person | None, webhook: Webhook, name: str, address: str | None, groups: Collection[str], now: datetime
) -> None:
    """Change what a webhook is called and told of, and where it is if an address is given.

    Raises:
        AddressUnfit: Nothing is sent there.
    """
    if address is not None:
        check_address(address)
        webhook.sealed_address = vault.seal(address)
    webhook.name, webhook.groups = name, _known(groups, webhook.person)
    webhook.save(update_fields=["name", "groups", "sealed_address"])
    _record(actor, webhook, "webhook changed", now)


@transaction.atomic
def renew_secret(*, actor: Person | None, webhook: Webhook, now: datetime) -> str:
    """Give a webhook another secret, in place of the one it had; it is shown this once."""
    secret = new_secret()
    webhook.sealed_secret = vault.seal(secret)
    webhook.save(update_fields=["sealed_secret"])
    _record(actor, webhook, "webhook changed", now)
    return secret


@transaction.atomic
def pause(*, actor: Person | None, webhook: Webhook, why: str, now: datetime) -> None:
    """Send nothing for now; what happens meanwhile is told once it goes on, if that is within 14 days."""
    if not Webhook.objects.filter(pk=webhook.pk, paused_at=None).update(paused_at=now, paused_why=why):
        return
    webhook.paused_at, webhook.paused_why = now, why
    _record(actor, webhook, "webhook paused", now)


@transaction.atomic
def resume(*, actor: Person | None, webhook: Webhook, now: datetime) -> None:
    """Go on sending, with what waited first."""
    fresh = {"paused_at": None, "paused_why": "", "failures": 0, "failing_since": None, "next_try_at": None}
    if not Webhook.objects.filter(pk=webhook.pk, paused_at__isnull=False).update(**fresh):
        return
    webhook.refresh_from_db()
    _record(actor, webhook, "webhook changed", now)


@transaction.atomic
def end_webhook(*, actor: Person | None, webhook: Webhook, now: datetime) -> None:
    """End a webhook, with all that was told and still waits."""
    number, person_id = webhook.pk, webhook.person_id
    if not Webhook.objects.filter(pk=number).delete()[0]:
        return
    audit.record(
        actor_id=actor.pk if actor else None,
        subject_id=person_id,
        verb="webhook ended",
        now=now,
        detail={"webhook": number},
    )


def _known(groups: Collection[str], person: Person | None) -> list[str]:
    return [name for name in groups_for(organisation=person is None) if name in groups]


def _record(actor: Person | None, webhook: Webhook, verb: str, now: datetime) -> None:
    audit.record(
        actor_id=actor.pk if actor else None,
        subject_id=webhook.person_id,
        verb=verb,
        now=now,
        detail={"webhook": webhook.pk},
    )
