"""Telling webhooks of acts: from the audit trail into an outbox, each act once and in order, and from there out.

What fails is tried again, later each time, for three days; then the webhook is paused and whoever it belongs to is
told. While one act cannot be told, those after it wait, so that the order holds.
"""

import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from equipoise.adapters.web import (
    Follow,
    PrivateAddress,
    Request,
    TooManyRedirects,
    TooSlow,
    Unprotected,
    WebError,
    WebLimits,
    ask,
)
from equipoise.apps.integrations.models import Delivery, Webhook
from equipoise.apps.integrations.webhooks import actions
from equipoise.apps.integrations.webhooks.acts import ORGANISATION, TEST, verbs_of
from equipoise.apps.integrations.webhooks.letter import tell_paused
from equipoise.apps.integrations.webhooks.signing import headers
from equipoise.apps.people.models import Person
from equipoise.platform import vault
from equipoise.platform.models import AuditEntry

LIMITS = WebLimits(seconds=10.0, answer_bytes=100_000, redirects=0)
AFTER = tuple(
    timedelta(**span)
    for span in (
        {"seconds": 5}, {"minutes": 5}, {"minutes": 30}, {"hours": 2}, {"hours": 5}, {"hours": 10}, {"hours": 14},
        {"hours": 20}, {"hours": 24},
    )
)  # fmt: skip
"""How long to wait after the first failure, the second, and so on."""
GIVE_UP_AFTER = timedelta(days=3)
LOG_KEPT = timedelta(days=14)
HOLD = timedelta(minutes=3)
"""So long one worker has a webhook to itself; if it dies, another takes over then."""
AT_ONCE = 200
"""So many acts are read, and so many messages sent, in one go."""
SENDING_SECONDS = 60


@transaction.atomic
def collect(webhook_id: int, *, now: datetime) -> int:
    """Put the acts since the last look into a webhook's outbox; how many there were. Safe with several workers."""
    rows = Webhook.objects.select_for_update(of=("self",)).select_related("person")
    webhook = rows.filter(pk=webhook_id, paused_at=None).first()
    if webhook is None:
        return 0
    latest = actions.latest_entry()
    kinds = verbs_of(webhook.groups, organisation=webhook.person_id is None)
    found = _acts(webhook, kinds, latest, since=now - LOG_KEPT)
    Delivery.objects.bulk_create([_message(webhook, entry, kinds[entry.verb], now) for entry in found])
    webhook.read_up_to = found[-1].pk if len(found) == AT_ONCE else latest
    webhook.save(update_fields=["read_up_to"])
    return len(found)


def _acts(webhook: Webhook, kinds: dict[str, str], latest: int, *, since: datetime) -> list[AuditEntry]:
    """The next acts a webhook may be told of: on the person's own records, or on the organisation's."""
    acts = AuditEntry.objects.filter(pk__gt=webhook.read_up_to, pk__lte=latest, verb__in=kinds, at__gt=since)
    if webhook.person_id is not None:
        acts = acts.filter(subject_id=webhook.person_id)
    else:
        demo = Person.objects.exclude(demo_key="").values("pk")
        acts = acts.exclude(Q(actor_id__in=demo) | Q(subject_id__in=demo))
        acts = acts.exclude(verb__in=ORGANISATION["programs"], subject_id__isnull=False)  # a person's own programs
    return list(acts.order_by("pk")[:AT_ONCE])


def _message(webhook: Webhook, entry: AuditEntry, kind: str, now: datetime) -> Delivery:
    told: dict[str, object] = {"type": kind, "at": entry.at, "subject_id": entry.subject_id, "actor_id": entry.actor_id}
    if isinstance(entry.detail.get("team"), int):
        told["team_id"] = entry.detail["team"]
    return _delivery(webhook, kind, told, entry.pk, now)


def _delivery(webhook: Webhook, kind: str, told: dict[str, object], entry_id: int | None, now: datetime) -> Delivery:
    message = f"msg_{secrets.token_hex(16)}"
    body = json.dumps({"id": message, **told}, default=lambda at: at.astimezone(UTC).isoformat())
    return Delivery(webhook=webhook, message=message, kind=kind, entry_id=entry_id, body=body, made_at=now)


def send_waiting(webhook_id: int, *, now: datetime) -> int:
    """Send what waits for one webhook, in order, until one fails; how many went out. Safe with several workers."""
    free = Q(held_until=None) | Q(held_until__lte=now)
    if not Webhook.objects.filter(free, pk=webhook_id, paused_at=None).update(held_until=now + HOLD):
        return 0
    try:
        return _send_all(Webhook.objects.select_related("person").get(pk=webhook_id), now)
    finally:
        Webhook.objects.filter(pk=webhook_id).update(held_until=None)


def _send_all(webhook: Webhook, now: datetime) -> int:
    sent, until = 0, timezone.now() + timedelta(seconds=SENDING_SECONDS)
    for delivery in Delivery.objects.filter(webhook=webhook, waits=True).order_by("pk")[:AT_ONCE]:
        if not _is_telling(webhook) or timezone.now() > until:
            break
        result = deliver(webhook, delivery, now=now)
        if not result.taken:
            note_failure(webhook, result, now=now)
            if webhook.paused_at is not None:
                tell_paused(webhook)
            break
        sent += 1
    return sent


def _is_telling(webhook: Webhook) -> bool:
    return Webhook.objects.filter(pk=webhook.pk, paused_at=None).exists()


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of one try.

    Attributes:
        taken: Whether the receiver took it (2xx).
        gone: Whether it said that it wants no more (410).
        words: What it answered, for the log.
        wait: How long it asked to be left alone.
    """

    taken: bool
    gone: bool = False
    words: str
    wait: timedelta | None = None


def deliver(webhook: Webhook, delivery: Delivery, *, now: datetime) -> Result:
    """Try one message once, and note what came of it."""
    result = _post(webhook, delivery)
    delivery.tries, delivery.tried_at, delivery.answer = delivery.tries + 1, now, result.words[:300]
    if result.taken:
        delivery.waits, delivery.delivered_at = False, now
    delivery.save(update_fields=["tries", "tried_at", "answer", "waits", "delivered_at"])
    if result.taken:
        fresh = {"failures": 0, "failing_since": None, "next_try_at": None}
        Webhook.objects.filter(pk=webhook.pk, failures__gt=0).update(**fresh)
        webhook.failures, webhook.failing_since, webhook.next_try_at = 0, None, None
    return result


def _post(webhook: Webhook, delivery: Delivery) -> Result:
    body = delivery.body.encode()
    try:
        address, secret = vault.unseal(webhook.sealed_address), vault.unseal(webhook.sealed_secret)
        signed = headers(secret, message=delivery.message, body=body, now=timezone.now())
        request = Request(
            method="POST", address=address, headers=signed, body=body, follow=Follow.TRUSTED, guarded=True
        )
        answer = ask(request, limits=LIMITS, allow_private_hosts=settings.PRIVATE_FEEDS)
    except vault.KeyLost:
        return Result(taken=False, words=_("The server's key is lost; give address and secret anew."))
    except WebError as error:
        return Result(taken=False, words=_in_words(error))
    taken = 200 <= answer.status < 300
    return Result(
        taken=taken,
        gone=answer.status == 410,
        words=f"HTTP {answer.status}",
        wait=None if taken else answer.retry_after,
    )


def _in_words(error: WebError) -> str:
    if isinstance(error, PrivateAddress):
        return _("It leads to a private network, which is not asked from here.")
    if isinstance(error, Unprotected):
        return _("It would go unprotected over the internet; give an https address.")
    if isinstance(error, TooManyRedirects):
        return _("It sends on to another address; redirects are not followed.")
    if isinstance(error, TooSlow):
        return _("It did not answer within %(seconds)d seconds.") % {"seconds": LIMITS.seconds}
    return _("Nothing usable answered.")


@transaction.atomic
def note_failure(webhook: Webhook, result: Result, *, now: datetime) -> None:
    """Say when to try again, or pause the webhook once it has failed for three days or is gone."""
    since = webhook.failing_since or now
    failures = webhook.failures + 1
    wait = max(AFTER[min(failures, len(AFTER)) - 1], min(result.wait or timedelta(0), timedelta(days=1)))
    again = min(now + wait, max(since + GIVE_UP_AFTER, now + AFTER[0]))
    Webhook.objects.filter(pk=webhook.pk).update(failures=failures, failing_since=since, next_try_at=again)
    webhook.failures, webhook.failing_since, webhook.next_try_at = failures, since, again
    if result.gone:
        actions.pause(actor=None, webhook=webhook, why=Webhook.Paused.GONE, now=now)
    elif now - since >= GIVE_UP_AFTER:
        actions.pause(actor=None, webhook=webhook, why=Webhook.Paused.FAILING, now=now)


def send_test(webhook: Webhook, *, now: datetime) -> Result:
    """Send a message of the kind "test" right now, apart from those that wait; tried once."""
    told: dict[str, object] = {"type": TEST, "at": now, "subject_id": None, "actor_id": None}
    delivery = _delivery(webhook, TEST, told, None, now)
    delivery.waits = False
    delivery.save()
    return deliver(webhook, delivery, now=now)


def forget_old(*, now: datetime) -> None:
    """Delete the log after 14 days, and what waited as long."""
    Delivery.objects.filter(made_at__lte=now - LOG_KEPT).delete()
