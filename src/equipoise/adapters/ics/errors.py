"""What can be wrong with a whole source. Each message is one sentence: what, where, what to do."""

from datetime import timedelta


class CalendarError(Exception):
    """A source cannot be read at all; nothing was read from it or from the sources beside it.

    Attributes:
        retry_after: How long a server asks to be left alone, where it said so.
    """

    def __init__(self, sentence: str, *, retry_after: timedelta | None = None) -> None:
        """The sentence, and how long to wait."""
        super().__init__(sentence)
        self.retry_after = retry_after


class NoCalendarThere(CalendarError):
    """The path, folder or archive holds no calendar, or is empty."""


class NotACalendar(CalendarError):
    """The content is something else: a web page, a picture, a table."""


class EmptyCalendar(CalendarError):
    """The sources are calendars, but none of them holds an entry."""


class NothingReadable(CalendarError):
    """The sources hold entries, but every one of them is broken."""


class CalendarTooLarge(CalendarError):
    """A stated limit was passed: bytes, entries or occurrences."""


class BrokenArchive(CalendarError):
    """The zip archive is damaged, locked with a password, or packed to overflow."""


class AddressRefused(CalendarError):
    """The address, or one it redirects to, lies on a private network or is no web address."""


class CalendarUnreachable(CalendarError):
    """The address did not answer, answered too slowly, or answered with a refusal."""
