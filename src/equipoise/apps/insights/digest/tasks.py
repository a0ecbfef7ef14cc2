"""The Monday mail, in the background."""

from datetime import datetime

from django.utils import timezone
from django_tasks import task

from equipoise.apps.insights.digest import actions, queries


@task()
def send_monday_mail(mail_id: int) -> None:
    """Write and send one mail that was claimed."""
    actions.send(mail_id, now=timezone.now())


def tick(now: datetime) -> None:
    """Claim the mails that are due on their persons' clocks, and have them sent."""
    if not queries.can_be_sent():
        return
    for wish in queries.wishes():
        monday = queries.monday_due(wish, now=now)
        claimed = actions.claim(person=wish.owner, monday=monday, now=now) if monday else None
        if claimed:
            send_monday_mail.enqueue(claimed.pk)
