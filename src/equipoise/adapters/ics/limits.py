"""How much is read at most, and how far a reading has come."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The most that one reading takes; every limit is named in the sentence that reports it.

    Attributes:
        file_bytes: Bytes of one file, one upload, one member of an archive or one answer from the web.
        archive_bytes: Bytes of all members of one zip archive once unpacked.
        archive_members: Calendars in one zip archive.
        entries: Entries (VEVENT) of all sources together.
        occurrences: Occurrences of all entries together; more is an error, never a cut.
        repeats: Occurrences, and steps to find them, of one entry; an entry with more is reported and left out.
        seconds: Wall-clock seconds for one address, redirects included.
        redirects: Redirects followed for one address.
    """

    file_bytes: int = 50 * MEGABYTE
    archive_bytes: int = 200 * MEGABYTE
    archive_members: int = 10_000
    entries: int = 200_000
    occurrences: int = 1_000_000
    repeats: int = 50_000
    seconds: float = 30.0
    redirects: int = 5


class Stage(StrEnum):
    """What a reading is doing, in this order."""

    FETCHING = "fetching"
    READING = "reading"
    EXPANDING = "expanding"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far one stage has come.

    Attributes:
        stage: Fetching counts bytes; reading counts entries; expanding counts series.
        source: The source at hand; empty while expanding, which works on all sources at once.
        done: Bytes, entries or series finished.
        total: Their number, or `None` when the other side did not say.
    """

    stage: Stage
    source: str
    done: int
    total: int | None


Report = Callable[[Progress], None]
STEP_ENTRIES = 500


def say_nothing(_: Progress) -> None:
    """The report of a reading nobody watches."""
