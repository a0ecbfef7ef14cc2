"""Work done in the background."""

from datetime import datetime

from django.utils import timezone
from django_tasks import task

from equipoise.apps.integrations.webhooks import queries, telling
from equipoise.platform.api import forget_answers


def tick(now: datetime) -> None:
    """Look what is to be told and have it sent; forget what was kept long enough. Safe with several workers."""
    for webhook in queries.telling():
        while telling.collect(webhook.pk, now=now) == telling.AT_ONCE:
            pass
    for webhook_id in queries.due(now=now):
        send.enqueue(webhook_id)
    telling.forget_old(now=now)
    forget_answers(now=now)


@task
def send(webhook_id: int) -> None:
    """Send what waits for one webhook."""
    telling.send_waiting(webhook_id, now=timezone.now())
