"""Choosing for how long records are kept, and erasing what is due; each is told in the audit trail, as counts."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from equipoise.apps.people.models import Person
from equipoise.apps.privacy.models import Retention
from equipoise.apps.privacy.retention import queries
from equipoise.apps.privacy.retention.sweeping import SWEEPS
from equipoise.platform import audit
from equipoise.platform.records import kind_of

MOST = 2_000
"""So many rows are erased in one transaction, so that nobody waits long for it."""


class OutOfBounds(ValueError):
    """A kind may not be kept for so long, or must be kept longer."""


@transaction.atomic
def choose(*, actor: Person, days: Mapping[str, int | None], now: datetime) -> int:
    """Choose for how many days kinds of record are kept; `None` takes the default. How many changed.

    A shorter time takes hold after `queries.TAKES_HOLD_AFTER`.

    Raises:
        OutOfBounds: When a kind's time cannot be chosen, or not so.
        LookupError: When there is no such kind.
    """
    changed: audit.Detail = {}
    for key, wanted in days.items():
        keeping = kind_of(key).keeping
        if wanted is not None and not (keeping.may_be_set and keeping.least <= wanted <= keeping.most):
            raise OutOfBounds(f"{key} is kept from {keeping.least} to {keeping.most} days.")
        chosen = keeping.days if wanted is None else wanted
        if queries.days_of(key) == chosen:
            continue
        before = queries.days_in_force(key, now=now)
        row = {"days": chosen, "before": before, "changed_at": now, "changed_by_id": actor.pk}
        Retention.objects.update_or_create(kind=key, defaults=row)
        changed[key] = chosen
    if changed:
        audit.record(actor_id=actor.pk, subject_id=None, verb="retention changed", now=now, detail=changed)
    return len(changed)


def sweep(*, now: datetime) -> int:
    """Erase, of every kind, the oldest of what is due; how many rows. Called again, it goes on."""
    return sum(_sweep(key, now) for key in SWEEPS) + _shorten_trail(now)


@transaction.atomic
def _sweep(key: str, now: datetime) -> int:
    days = queries.days_in_force(key, now=now)
    if days is None:
        return 0
    count = SWEEPS[key](before=now - timedelta(days=days), most=MOST)
    if count:
        audit.record(
            actor_id=None,
            subject_id=None,
            verb="records erased by their time",
            now=now,
            detail={"kind": key, "records": count},
        )
    return count


def _shorten_trail(now: datetime) -> int:
    days = queries.days_in_force("trail", now=now)
    return audit.shorten(before=now - timedelta(days=days), now=now) if days is not None else 0
