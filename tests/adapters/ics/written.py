"""Calendars written in a test, and read in a few words."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from equipoise.adapters.ics import CalendarReading, Limits, Upload, read_calendar
from equipoise.core.timeuse.entries import Entry

BERLIN = ZoneInfo("Europe/Berlin")
YEAR = datetime(2020, 1, 1, tzinfo=UTC)
NEXT_YEAR = datetime(2021, 1, 1, tzinfo=UTC)
LENA = "lena@example.org"


def calendar(*entries: str, head: tuple[str, ...] = (), newline: str = "\r\n") -> str:
    """A calendar with these entries; `head` are its own lines."""
    body = [line for entry in entries for line in entry.split("\n")]
    return newline.join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Test//EN", *head, *body, "END:VCALENDAR", ""])


def entry(*lines: str, uid: str = "1", start: str = "DTSTART:20200107T090000Z", length: str = "DURATION:PT1H") -> str:
    """One VEVENT; an empty `start` or `length` leaves that line out."""
    return "\n".join(["BEGIN:VEVENT", f"UID:{uid}", *filter(None, (start, length)), *lines, "END:VEVENT"])


def read(
    *texts: str | bytes,
    me: tuple[str, ...] = (LENA,),
    start: datetime | None = YEAR,
    end: datetime = NEXT_YEAR,
    zone: ZoneInfo = BERLIN,
    inside: tuple[str, ...] = (),
    limits: Limits | None = None,
) -> CalendarReading:
    """Read texts as uploads named 1.ics, 2.ics and so on."""
    uploads = [
        Upload(name=f"{number}.ics", content=text if isinstance(text, bytes) else text.encode())
        for number, text in enumerate(texts, start=1)
    ]
    return read_calendar(uploads, me=me, start=start, end=end, zone=zone, inside=inside, limits=limits)


def only_entry(*lines: str, start: str = "DTSTART:20200107T090000Z", length: str = "DURATION:PT1H") -> Entry:
    """The one entry of a calendar with these lines."""
    (found,) = read(calendar(entry(*lines, start=start, length=length))).occurrences
    return found.entry


def times(reading: CalendarReading) -> list[str]:
    """Starts and ends in UTC, as month-day hour:minute."""
    return [f"{found.start:%m-%d %H:%M} to {found.end:%m-%d %H:%M}" for found in reading.occurrences]


def starts(reading: CalendarReading) -> list[str]:
    """Starts in UTC, as month-day hour:minute."""
    return [f"{found.start:%m-%d %H:%M}" for found in reading.occurrences]
