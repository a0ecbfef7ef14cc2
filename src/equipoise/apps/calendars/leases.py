"""Who reads or writes a calendar at the moment: one worker at a time, and for ever nobody who is gone.

A lease is taken by one UPDATE that only one worker wins. It ends by itself when it is not renewed, and at once when the
process that held it is gone from this machine.
"""

import os
import secrets
import socket
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from equipoise.apps.calendars.models import Calendar, Import

LASTS = timedelta(minutes=5)
RENEWED_AFTER = timedelta(seconds=30)


class LeaseLost(Exception):
    """Another worker took over, or what was leased is not there any more; stop, and change nothing."""


@dataclass(slots=True, kw_only=True)
class Lease:
    """What one worker holds.

    Attributes:
        model: Of which kind.
        key: Which row.
        holder: The worker's mark: machine, process and a word of its own.
        renewed_at: When it was taken or renewed last.
    """

    model: type[Calendar] | type[Import]
    key: int
    holder: str
    renewed_at: datetime

    def renew(self, now: datetime) -> None:
        """Hold it for longer; costs nothing when it was renewed a moment ago.

        Raises:
            LeaseLost: When it is no longer held.
        """
        if now - self.renewed_at >= RENEWED_AFTER:
            if not self._mine().update(leased_until=now + LASTS):
                raise LeaseLost
            self.renewed_at = now

    def insist(self) -> None:
        """Make sure, inside a transaction, that it is held until the transaction ends.

        Raises:
            LeaseLost: When it is no longer held.
        """
        if not self._mine().select_for_update().exists():
            raise LeaseLost

    def release(self) -> None:
        """Let others in."""
        self._mine().update(lease="", leased_until=None)

    def _mine(self) -> QuerySet[Calendar] | QuerySet[Import]:
        return _rows(self.model).filter(pk=self.key, lease=self.holder)


def take(model: type[Calendar] | type[Import], key: int, *, now: datetime) -> Lease | None:
    """Take the lease of a row; `None` when another worker holds it, or there is no such row."""
    holder = f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(8)}"
    rows = _rows(model).filter(pk=key)
    held = rows.values_list("lease", flat=True).first()
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    if held and _is_gone(held):
        free |= Q(lease=held)
    if not rows.filter(free).update(lease=holder, leased_until=now + LASTS):
        return None
    return Lease(model=model, key=key, holder=holder, renewed_at=now)


def _rows(model: type[Calendar] | type[Import]) -> QuerySet[Calendar] | QuerySet[Import]:
    return Calendar.objects.all() if model is Calendar else Import.objects.all()


def is_free(row: Calendar | Import, *, now: datetime) -> bool:
    """Whether no worker is at it."""
    return row.leased_until is None or row.leased_until < now or _is_gone(row.lease)


def _is_gone(holder: str) -> bool:
    """Whether a process of this machine is gone; of other machines one cannot tell, and waits."""
    machine, _, rest = holder.rpartition(":")[0].rpartition(":")
    if machine != socket.gethostname()[:60] or not rest.isdigit():
        return False
    try:
        os.kill(int(rest), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False
