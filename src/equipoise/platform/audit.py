"""Write the audit trail, read what concerns one person, and check that nobody meddled with it.

Each entry carries a keyed digest (HMAC-SHA-256) over the act and the digest of the entry before it, so that an entry
changed, taken out or put in breaks the chain. The key is derived from the vault's and never stands in the
database: whoever can write to the database alone cannot mend the chain.
"""

import hashlib
import hmac
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.db import transaction

from equipoise.platform.models import AuditEntry, AuditHead

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
    entry = AuditEntry(actor_id=actor_id, subject_id=subject_id, verb=verb, at=now, detail=detail or {})
    with transaction.atomic():
        head = _head()
        entry.previous = head.digest
        entry.digest = digest_of(entry)
        entry.save(force_insert=True)
        AuditHead.objects.filter(pk=head.pk).update(digest=entry.digest, entries=head.entries + 1)


def _head() -> AuditHead:
    """The last link, held until the transaction ends."""
    return AuditHead.objects.select_for_update().get_or_create(pk=1)[0]


def digest_of(entry: AuditEntry, key: str | None = None) -> str:
    """The keyed digest of an entry together with that of the one before it; by default with the vault's first key."""
    told = [
        entry.previous,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.actor_id,
        entry.subject_id,
        entry.verb,
        entry.detail,
    ]
    text = json.dumps(told, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hmac.new(_mixed(key or settings.VAULT_KEYS[0]), text.encode("ascii"), hashlib.sha256).hexdigest()


def _mixed(key: str) -> bytes:
    """A key for the trail alone, made of one of the vault's."""
    return hashlib.sha256(b"equipoise audit trail\0" + key.encode("ascii")).digest()


def _is_true(entry: AuditEntry) -> bool:
    return any(hmac.compare_digest(entry.digest, digest_of(entry, key)) for key in settings.VAULT_KEYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What a check of the whole chain found.

    Attributes:
        entries: How many entries there are.
        broken: Numbers of the entries that are not what was written, or do not follow the one before them.
        complete: Whether the last entry is the one written last, and as many are there as were written.
    """

    entries: int
    broken: tuple[int, ...]
    complete: bool

    @property
    def whole(self) -> bool:
        """Whether nobody meddled with it."""
        return self.complete and not self.broken


@transaction.atomic
def check() -> Check:
    """Follow the chain from its first entry to its last."""
    head = _head()
    previous, count, broken = "", 0, []
    for entry in AuditEntry.objects.order_by("pk").iterator():
        if entry.previous != previous or not _is_true(entry):
            broken.append(entry.pk)
        previous, count = entry.digest, count + 1
    return Check(entries=count, broken=tuple(broken), complete=(previous, count) == (head.digest, head.entries))


def concerning(subject_id: int, *, by: Collection[int] | None = None, limit: int = 200) -> list[AuditEntry]:
    """The latest acts on one person's records, newest first; only those of certain actors, if `by` names them."""
    acts = AuditEntry.objects.filter(subject_id=subject_id)
    return list((acts if by is None else acts.filter(actor_id__in=by))[:limit])


def done_for_others(actor_id: int, subject_ids: Collection[int], *, limit: int = 200) -> list[AuditEntry]:
    """The latest acts of one person on the records of certain others, newest first."""
    return list(AuditEntry.objects.filter(subject_id__in=subject_ids, actor_id=actor_id)[:limit])
