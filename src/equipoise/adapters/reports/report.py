"""What a report shows."""

from dataclasses import dataclass

from equipoise.core.timeuse.reading import TimeReading
from equipoise.core.timeuse.uncertainty import Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A reading with all that is said beside it.

    Attributes:
        reading: The reading of time.
        behaviour: The behaviour index; `None` when there is not enough evidence.
        warnings: Sentences a reader must know, the reading's own notices first.
    """

    reading: TimeReading
    behaviour: Interval | None
    warnings: tuple[str, ...]
