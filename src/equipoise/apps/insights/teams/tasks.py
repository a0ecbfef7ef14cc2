"""Months are closed in the background."""

from datetime import datetime

from django.utils import timezone
from django_tasks import task

from equipoise.apps.insights.teams import actions, queries


@task()
def close_month(month_id: int) -> None:
    """Make the pictures of one month that was claimed."""
    actions.close(month_id, now=timezone.now())


def tick(now: datetime) -> None:
    """Claim the organisation's month that is over, if it is not made yet, and have it made."""
    begin(demo=False, now=now)


def begin(*, demo: bool, now: datetime) -> None:
    """Have the months made that are missing. Those of the demo agency are made when first looked at."""
    for first_day in queries.due_months(demo_agency=demo, now=now):
        claimed = actions.claim(demo=demo, first_day=first_day, rules=queries.rules(), now=now)
        if claimed:
            close_month.enqueue(claimed.pk)
