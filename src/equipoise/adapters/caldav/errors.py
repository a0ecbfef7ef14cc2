"""What can go wrong with a calendar server. Each message is one sentence: what, where, what to do, never a password."""

from equipoise.adapters.ics.errors import CalendarError


class SignInRefused(CalendarError):
    """The server refuses this user name and password; asking again changes nothing."""


class NotACalendarServer(CalendarError):
    """Something answers there, but it does not speak CalDAV."""


class SentElsewhere(CalendarError):
    """The server sends on to another host, which does not get this account's password."""


class CalendarGone(CalendarError):
    """The calendar is not, or no longer, on its server."""


class SuddenlyEmpty(CalendarError):
    """The server lists no entry any more where it had some; that may be trouble of its own, so it is asked twice."""


class NotWritable(CalendarError):
    """The server does not let this account write there."""


class EntryChanged(CalendarError):
    """The entry on the server is not the one that was read last: somebody changed, deleted or made it."""


class TooLarge(CalendarError):
    """An answer passed the limit, or the server finds an entry too large."""


class ServerInTrouble(CalendarError):
    """The server is down, too slow, broke off or answered damaged: try again later."""
