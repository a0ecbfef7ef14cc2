"""For how long each kind of record is kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from equipoise.apps.privacy.models import Retention
from equipoise.platform.records import Kind, kind_of, kinds

TAKES_HOLD_AFTER = timedelta(days=14)
"""So long the longer of two times holds after one was chosen: a slip can be mended before anything is erased."""


def days_of(key: str) -> int | None:
    """For how many days a kind is to be kept; `None` for as long as nobody erases it."""
    chosen = Retention.objects.filter(kind=key).first()
    return chosen.days if chosen else kind_of(key).keeping.days


def days_in_force(key: str, *, now: datetime) -> int | None:
    """For how many days a kind is kept at a moment: a shorter time that was chosen lately does not hold yet."""
    chosen = Retention.objects.filter(kind=key).first()
    if chosen is None or now >= chosen.changed_at + TAKES_HOLD_AFTER:
        return days_of(key)
    return None if chosen.days is None or chosen.before is None else max(chosen.days, chosen.before)


def takes_hold_at(key: str) -> datetime | None:
    """From when on a time that was chosen holds for certain; `None` for a default."""
    chosen = Retention.objects.filter(kind=key).first()
    return chosen.changed_at + TAKES_HOLD_AFTER if chosen else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """How long one kind of record is kept here.

    Attributes:
        kind: The kind.
        days: As an administrator chose, or else the default; `None` for as long as nobody erases it.
        changed_at: When an administrator chose it; `None` while it is the default.
    """

    kind: Kind
    days: int | None
    changed_at: datetime | None


def all_kept() -> list[Kept]:
    """Every kind of record, with its time here."""
    chosen = {row.kind: row for row in Retention.objects.all()}
    return [_kept(kind, chosen.get(kind.key)) for kind in kinds()]


def _kept(kind: Kind, row: Retention | None) -> Kept:
    return Kept(kind=kind, days=row.days if row else kind.keeping.days, changed_at=row.changed_at if row else None)


def to_choose() -> list[Kept]:
    """The kinds whose time an administrator chooses."""
    return [each for each in all_kept() if each.kind.keeping.may_be_set]
