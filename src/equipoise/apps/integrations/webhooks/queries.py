"""Which webhooks there are, and what waits to be told."""

from datetime import datetime

from django.db.models import Q, QuerySet

from equipoise.adapters.web import shown
from equipoise.apps.integrations.models import Delivery, Webhook
from equipoise.apps.people.models import Person
from equipoise.platform import vault


def webhooks_of(person: Person | None) -> QuerySet[Webhook]:
    """The webhooks of a person, or of the organisation, the newest first."""
    return Webhook.objects.filter(person=person)


def webhook_of(person: Person | None, webhook_id: int) -> Webhook:
    """One of a person's, or of the organisation's.

    Raises:
        Webhook.DoesNotExist: When it is not there, or somebody else's.
    """
    return webhooks_of(person).get(pk=webhook_id)


def address_shown(webhook: Webhook) -> str:
    """The address as it may be shown: without what may be a secret; empty when the vault's key is lost."""
    try:
        return shown(vault.unseal(webhook.sealed_address))
    except vault.KeyLost:
        return ""


def deliveries_of(webhook: Webhook) -> QuerySet[Delivery]:
    """What was told and is to be told, the latest first."""
    return Delivery.objects.filter(webhook=webhook).order_by("-id")


def telling() -> list[Webhook]:
    """All webhooks that are not paused and whose person has not left."""
    theirs = Q(person=None) | Q(person__is_active=True)
    return list(Webhook.objects.filter(theirs, paused_at=None).select_related("person").order_by("pk"))


def due(*, now: datetime) -> list[int]:
    """Numbers of the webhooks that something waits for, and that may be tried now."""
    theirs = Q(person=None) | Q(person__is_active=True)
    rested = Q(next_try_at=None) | Q(next_try_at__lte=now)
    free = Q(held_until=None) | Q(held_until__lte=now)
    waiting = Delivery.objects.filter(waits=True).values("webhook_id")
    found = Webhook.objects.filter(theirs, rested, free, paused_at=None, pk__in=waiting)
    return list(found.values_list("pk", flat=True).order_by("pk"))


def export(person: Person) -> dict[str, object]:
    """A person's webhooks and what they were told lately, as plain values; addresses without secrets."""
    return {
        "webhooks": [
            {
                "name": each.name,
                "address": address_shown(each),
                "groups": each.groups,
                "made_at": each.made_at,
                "paused_at": each.paused_at,
                "told": list(each.deliveries.values("kind", "made_at", "delivered_at", "answer")),
            }
            for each in webhooks_of(person)
        ]
    }
