"""Erasing what has been kept long enough of how people come in."""

from datetime import datetime

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q

from equipoise.apps.people.models import Joining


@transaction.atomic
def erase_joinings(*, before: datetime, most: int) -> int:
    """Erase links that were taken or ran out before a moment; how many."""
    old = Joining.objects.filter(Q(taken_at__lt=before) | Q(taken_at=None, expires_at__lt=before))
    going = list(old.order_by("pk").values_list("pk", flat=True)[:most])
    return Joining.objects.filter(pk__in=going).delete()[0]


@transaction.atomic
def erase_sessions(*, before: datetime, most: int) -> int:
    """Erase sessions that ran out before a moment; how many."""
    going = list(Session.objects.filter(expire_date__lt=before).values_list("pk", flat=True)[:most])
    return Session.objects.filter(pk__in=going).delete()[0]
