"""For how long each kind of record is kept."""

from dataclasses import dataclass
from datetime import datetime

from equipoise.apps.privacy.models import Retention
from equipoise.platform.records import Kind, kind_of, kinds


def days_of(key: str) -> int | None:
    """For how many days a kind is kept; `None` for as long as nobody erases it."""
    chosen = Retention.objects.filter(kind=key).values_list("days", flat=True).first()
    return kind_of(key).keeping.days if chosen is None else chosen


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
