"""How far a reading is: told to whoever waits for it, and to the leases, which last as long as it goes on."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from equipoise.adapters.ics import Progress, Stage
from equipoise.apps.calendars.leases import Lease
from equipoise.apps.calendars.models import Import
from equipoise.apps.calendars.storing import PersonGone

SAY_EVERY_SECONDS = 0.2


@dataclass(slots=True)
class Steps:
    """Says how far a job is, not oftener than people can read; a reading nobody waits for has no job."""

    job: Import | None
    leases: tuple[Lease, ...]
    clock: Callable[[], datetime]
    said_at: float = field(default=0.0)

    def say(self, done: int, total: int, *, state: str | None = None) -> None:
        """Write the progress down, if it is time or a new state.

        Raises:
            LeaseLost: When another worker took over.
            PersonGone: When the job is not there any more.
        """
        if state is None and time.monotonic() - self.said_at < SAY_EVERY_SECONDS:
            return
        self.said_at = time.monotonic()
        for lease in self.leases:
            lease.renew(self.clock())
        if self.job is not None:
            self._write_down(self.job, done, total, state)

    def heard(self, at: Progress) -> None:
        """Take the reader's own word for how far it is."""
        if self.job is not None and at.stage is Stage.READING:
            self.job.entries = at.done
        self.say(at.done, at.total or 0)

    def _write_down(self, job: Import, done: int, total: int, state: str | None) -> None:
        job.steps_done, job.steps_total = done, max(total, done)
        job.state = state or job.state
        kept = ("steps_done", "steps_total", "state", "entries")
        if not Import.objects.filter(pk=job.pk).update(**{name: getattr(job, name) for name in kept}):
            raise PersonGone
