"""Write the audit trail, read what concerns one person, and check that nobody meddled with it.

Each entry carries a keyed digest (HMAC-SHA-256) over the act and the digest of the entry before it, so that an entry
changed, taken out or put in breaks the chain; the last link is sealed in the same way. The key is derived from the
vault's and never stands in the database: whoever can write to the database alone cannot mend the chain.

What no chain in one database can show is that the whole of it was put back to how it stood earlier. Against that,
note the mark of the last entry elsewhere (`Check.mark`), and ask later whether it still stands (`check(known=...)`).

Acts are recorded with numbers and counts, never with names, titles or texts. An act that takes part in a ballot or an
anonymous survey is never recorded here: who voted, and when, could tell what they said.
"""

import hashlib
import hmac
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.db import transaction

from equipoise.platform.models import AuditEntry, AuditHead

Detail = dict[str, str | int | float | bool | None]

SHORTENED = "trail shortened"
"""The act that says how many of the oldest entries were taken out, and by which link the rest hangs on them."""


def record(
    *, actor_id: int | None, subject_id: int | None, verb: str, now: datetime, detail: Detail | None = None
) -> None:
    """Add one act to the trail; call it inside the transaction of the act, as its last step.

    Args:
        actor_id: Who did it; `None` for the software itself.
        subject_id: Whose records it touched.
        verb: What was done, in the past tense ("calendar imported").
        now: When.
        detail: Counts and numbers that tell what was touched; never names, nor the content of private records.
    """
    entry = AuditEntry(actor_id=actor_id, subject_id=subject_id, verb=verb, at=now, detail=detail or {})
    with transaction.atomic():
        head = _head()
        entry.previous = head.digest
        entry.digest = digest_of(entry)
        entry.save(force_insert=True)
        head.digest, head.entries = entry.digest, head.entries + 1
        head.seal = _seal(head, settings.VAULT_KEYS[0])
        head.save(update_fields=["digest", "entries", "seal"])


def record_for_each(*, actor_id: int | None, subject_ids: Sequence[int], verb: str, now: datetime) -> None:
    """Add the same act on the records of many to the trail, an entry for each, in a few steps; else as `record`."""
    with transaction.atomic():
        head = _head()
        entries = []
        for subject_id in subject_ids:
            entry = AuditEntry(actor_id=actor_id, subject_id=subject_id, verb=verb, at=now, detail={})
            entry.previous = head.digest
            entry.digest = digest_of(entry)
            head.digest, head.entries = entry.digest, head.entries + 1
            entries.append(entry)
        AuditEntry.objects.bulk_create(entries, batch_size=500)
        head.seal = _seal(head, settings.VAULT_KEYS[0])
        head.save(update_fields=["digest", "entries", "seal"])


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
    return _keyed(text, key or settings.VAULT_KEYS[0])


def _seal(head: AuditHead, key: str) -> str:
    return _keyed(f"the last of {head.entries}: {head.digest}", key)


def _keyed(text: str, key: str) -> str:
    mixed = hashlib.sha256(b"equipoise audit trail\0" + key.encode("ascii")).digest()
    return hmac.new(mixed, text.encode("ascii"), hashlib.sha256).hexdigest()


def _is_true(entry: AuditEntry) -> bool:
    return any(hmac.compare_digest(entry.digest, digest_of(entry, key)) for key in settings.VAULT_KEYS)


def _is_sealed(head: AuditHead) -> bool:
    return any(hmac.compare_digest(head.seal, _seal(head, key)) for key in settings.VAULT_KEYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What a check of the whole chain found.

    Attributes:
        entries: How many entries there are.
        shortened: How many of the oldest were taken out by their time.
        broken: Numbers of the entries that are not what was written, or do not follow the one before them.
        complete: Whether the last entry is the one written last, and as many are there as were written.
        mark: Count and digest of the last entry, to be noted elsewhere; empty while there is none.
        known: Whether a mark noted earlier still stands; `None` when none was given.
    """

    entries: int
    shortened: int
    broken: tuple[int, ...]
    complete: bool
    mark: str
    known: bool | None = None

    @property
    def whole(self) -> bool:
        """Whether nobody meddled with it."""
        return self.complete and not self.broken and self.known is not False


def check(*, known: str = "") -> Check:
    """Follow the chain from its first entry to its last.

    Nobody waits for it: acts go on meanwhile. Only if something looks wrong it is looked at again while nobody writes.

    Args:
        known: A mark that an earlier check gave ("count:digest"), to be looked for.
    """
    found = _follow(AuditHead.objects.filter(pk=1).first() or AuditHead(pk=1), known)
    return found if found.whole else _check_alone(known)


@transaction.atomic
def _check_alone(known: str) -> Check:
    return _follow(_head(), known)


def _follow(head: AuditHead, known: str) -> Check:
    """Follow the chain up to the last link and beyond: what was written since must follow on, too."""
    gone, previous = _taken_out()
    count, broken, marks = gone, [], {f"{gone}:{previous}"}
    reached = (gone, previous) == (head.entries, head.digest)
    for entry in AuditEntry.objects.order_by("pk").iterator():
        if entry.previous != previous or not _is_true(entry):
            broken.append(entry.pk)
        previous, count = entry.digest, count + 1
        reached = reached or (count, previous) == (head.entries, head.digest)
        if known:
            marks.add(f"{count}:{previous}")
    return Check(
        entries=count - gone,
        shortened=gone,
        broken=tuple(broken),
        complete=reached and (_is_sealed(head) or not head.entries),
        mark=f"{count}:{previous}" if count else "",
        known=(known in marks or _is_before(known, gone)) if known else None,
    )


def _is_before(known: str, gone: int) -> bool:
    """Whether a mark is of an entry that was taken out by its time; nobody can say more of it."""
    count = known.partition(":")[0]
    return count.isascii() and count.isdigit() and 0 < int(count) < gone


def _taken_out() -> tuple[int, str]:
    """How many of the oldest entries were taken out in all, and the digest of the last of them, as the trail says."""
    noted = AuditEntry.objects.filter(verb=SHORTENED).order_by("-pk").first()
    if noted is None or not _is_true(noted):
        return 0, ""
    return int(noted.detail["in_all"] or 0), str(noted.detail["last"])


@transaction.atomic
def shorten(*, before: datetime, now: datetime, most: int = 5000) -> int:
    """Take out the oldest entries, up to the first that is not older; how many.

    An entry says that it was done, how many went, and by which link the rest hangs on them, so that the chain can
    still be checked from there on.
    """
    _head()
    first_kept = AuditEntry.objects.filter(at__gte=before).order_by("pk").values_list("pk", flat=True).first()
    old = AuditEntry.objects.order_by("pk")
    old = old if first_kept is None else old.filter(pk__lt=first_kept)
    going = list(old.values_list("pk", "digest")[:most])
    if not going:
        return 0
    gone, _previous = _taken_out()
    last_id, last = going[-1]
    AuditEntry.objects.filter(pk__lte=last_id).delete()
    detail: Detail = {"entries": len(going), "in_all": gone + len(going), "last": last}
    record(actor_id=None, subject_id=None, verb="trail shortened", now=now, detail=detail)
    return len(going)


def concerning(subject_id: int, *, by: Collection[int] | None = None, limit: int = 200) -> list[AuditEntry]:
    """The latest acts on one person's records, newest first; only those of certain actors, if `by` names them."""
    acts = AuditEntry.objects.filter(subject_id=subject_id)
    return list((acts if by is None else acts.filter(actor_id__in=by))[:limit])


def done_for_others(actor_id: int, subject_ids: Collection[int], *, limit: int = 200) -> list[AuditEntry]:
    """The latest acts of one person on the records of certain others, newest first."""
    return list(AuditEntry.objects.filter(subject_id__in=subject_ids, actor_id=actor_id)[:limit])
