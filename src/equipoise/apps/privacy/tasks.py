"""Erasing what is due, in the background."""

import logging
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import DatabaseError

from equipoise.apps.privacy.erasing import actions as erasing
from equipoise.apps.privacy.erasing import queries
from equipoise.apps.privacy.own_data import queries as own_data
from equipoise.apps.privacy.own_data.tasks import pack
from equipoise.apps.privacy.retention import actions as retention

SWEPT_SECONDS = 3600
"""What has been kept long enough is looked for so often; while there is more, at every tick."""

TAKEN_UP_AFTER = timedelta(minutes=10)
"""What was to be packed and is not so long after is taken up again; its worker may have died."""

_log = logging.getLogger(__name__)


def tick(now: datetime) -> None:
    """Erase whose waiting is over, and what has been kept long enough; safe with several workers."""
    for person_id in queries.due(now=now):
        try:
            erasing.carry_out(person_id, now=now)
        except DatabaseError:
            _log.exception("Person %s is erased at the next try", person_id)
    for package_id in own_data.left_waiting(since=now - TAKEN_UP_AFTER):
        if cache.add(f"package-taken-up-{package_id}", True, TAKEN_UP_AFTER.total_seconds()):  # noqa: FBT003
            pack.enqueue(package_id)
    if cache.add("records-swept", True, SWEPT_SECONDS) and retention.sweep(now=now):  # noqa: FBT003
        cache.delete("records-swept")
