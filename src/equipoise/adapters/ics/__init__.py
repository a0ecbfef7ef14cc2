"""Read calendars in the iCalendar format (RFC 5545) as they really are."""

from equipoise.adapters.ics.errors import (
    AddressRefused,
    BrokenArchive,
    CalendarError,
    CalendarTooLarge,
    CalendarUnreachable,
    EmptyCalendar,
    NoCalendarThere,
    NotACalendar,
    NothingReadable,
)
from equipoise.adapters.ics.limits import Limits, Progress, Stage
from equipoise.adapters.ics.reading import CalendarReading, Problem, read_calendar
from equipoise.adapters.ics.sources import Upload

__all__ = [
    "AddressRefused",
    "BrokenArchive",
    "CalendarError",
    "CalendarReading",
    "CalendarTooLarge",
    "CalendarUnreachable",
    "EmptyCalendar",
    "Limits",
    "NoCalendarThere",
    "NotACalendar",
    "NothingReadable",
    "Problem",
    "Progress",
    "Stage",
    "Upload",
    "read_calendar",
]
