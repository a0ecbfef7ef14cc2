"""Speak with a calendar server (CalDAV, RFC 4791, 4918, 5397, 6578). No state: values in, values out."""

from equipoise.adapters.caldav.discovery import discover
from equipoise.adapters.caldav.errors import (
    CalendarGone,
    EntryChanged,
    NotACalendarServer,
    NotWritable,
    SentElsewhere,
    ServerInTrouble,
    SignInRefused,
    SuddenlyEmpty,
    TooLarge,
)
from equipoise.adapters.caldav.hrefs import address_of, entry_address, href_of
from equipoise.adapters.caldav.reading import changes, fetch
from equipoise.adapters.caldav.values import Account, Changes, RemoteCalendar, RemoteObject
from equipoise.adapters.caldav.writing import delete, put

__all__ = [
    "Account",
    "CalendarGone",
    "Changes",
    "EntryChanged",
    "NotACalendarServer",
    "NotWritable",
    "RemoteCalendar",
    "RemoteObject",
    "SentElsewhere",
    "ServerInTrouble",
    "SignInRefused",
    "SuddenlyEmpty",
    "TooLarge",
    "address_of",
    "changes",
    "delete",
    "discover",
    "entry_address",
    "fetch",
    "href_of",
    "put",
]
