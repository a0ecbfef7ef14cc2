"""Write the audit trail, and read what concerns one person."""

from collections.abc import Collection
from datetime import datetime

from equipoise.platform.models import AuditEntry

Detail = dict[str, str | int | float | bool | None]


def record(
    *, actor_id: int | None, subject_id: int | None, verb: str, now: datetime, detail: Detail | None = None
) -> None:
    """Add one act to the trail; call it inside the transaction of the act.

    Args:
        actor_id: Who did it; `None` for the software itself.
        subject_id: Whose records it touched.
        verb: What was done, in the past tense ("calendar imported").
        now: When.
        detail: Counts and names that tell what was touched; never the content of private records.
    """
    AuditEntry.objects.create(actor_id=actor_id, subject_id=subject_id, verb=verb, at=now, detail=detail or {})


def concerning(subject_id: int, *, by: Collection[int] | None = None, limit: int = 200) -> list[AuditEntry]:
    """The latest acts on one person's records, newest first; only those of certain actors, if `by` names them."""
    acts = AuditEntry.objects.filter(subject_id=subject_id)
    return list((acts if by is None else acts.filter(actor_id__in=by))[:limit])


def done_for_others(actor_id: int, subject_ids: Collection[int], *, limit: int = 200) -> list[AuditEntry]:
    """The latest acts of one person on the records of certain others, newest first."""
    return list(AuditEntry.objects.filter(subject_id__in=subject_ids, actor_id=actor_id)[:limit])
