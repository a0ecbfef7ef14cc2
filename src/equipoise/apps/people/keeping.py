"""Erasing what has been kept long enough of how people come in."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from equipoise.apps.people.models import Joining


@transaction.atomic
def erase_joinings(*, before: datetime, most: int) -> int:
    """Erase links that were taken or ran out before a moment; how many."""
    old = Joining.objects.filter(Q(taken_at__lt=before) | Q(taken_at=None, expires_at__lt=before))
    going = list(old.order_by("pk").values_list("pk", flat=True)[:most])
    return Joining.objects.filter(pk__in=going).delete()[0]
