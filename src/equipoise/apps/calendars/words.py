"""The purposes in words people read."""

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from equipoise.core.facets import PURPOSES, Purpose
from equipoise.core.timeuse.counting import Reason

PURPOSE_NAMES: dict[str, Promise] = {
    "vision": _("Vision"),
    "change": _("Change"),
    "people": _("People"),
    "inspiration": _("Inspiration"),
    "execution": _("Execution"),
    "stability": _("Stability"),
    "process": _("Process"),
    "oversight": _("Oversight"),
    "other": _("Other"),
    "unclear": _("Unclear"),
}

AXIS_NAMES: dict[str, Promise] = {
    "horizon": _("Horizon"),
    "movement": _("Movement"),
    "attention": _("Attention"),
    "influence": _("Influence"),
}

PURPOSE_HINTS: dict[str, Promise] = {
    "vision": _("where we are going, and what we choose not to do"),
    "change": _("starting or shaping something different"),
    "people": _("knowing and growing people"),
    "inspiration": _("moving people: thanks, meaning, goodwill"),
    "execution": _("getting planned work done"),
    "stability": _("keeping things safe and steady"),
    "process": _("how work is organised"),
    "oversight": _("comparing results with plan, and deciding"),
    "other": _("not this work: travel, private, holds"),
    "unclear": _("surely work, but one cannot tell what for"),
}

PURPOSE_KEYS: dict[str, str] = {purpose.value: key for purpose, key in zip(PURPOSES, "12345678ou", strict=True)}

REASON_NAMES: dict[Reason, Promise] = {
    Reason.OUTSIDE_PERIOD: _("outside the period"),
    Reason.CANCELLED: _("cancelled"),
    Reason.DECLINED: _("declined by you"),
    Reason.FREE: _("shown as free"),
    Reason.ALL_DAY: _("all-day"),
    Reason.ZERO_LENGTH: _("without length"),
    Reason.DAY_OR_LONGER: _("a day or longer"),
    Reason.SHARED: _("double-booked, shared among the others"),
}


FAILURES: dict[str, Promise] = {
    "NoCalendarThere": _("There is no calendar in it. Export the calendar again, or choose another file."),
    "NotACalendar": _("It is not a calendar but something else. Export the calendar as an .ics file."),
    "EmptyCalendar": _("The calendar holds no entry. Export it again, with its entries."),
    "NothingReadable": _("None of its entries can be read. Export the calendar again."),
    "CalendarTooLarge": _("It is too large. Export a shorter period, or one calendar at a time."),
    "BrokenArchive": _("The zip archive is damaged or locked. Download or pack it again."),
    "AddressRefused": _("This address may not be asked: it is no web address, or it lies on a private network."),
    "CalendarUnreachable": _("The address did not answer as a calendar does. Check it, or try again later."),
    "SignInRefused": _("The server refuses this user name and password. Give the password again."),
    "NotACalendarServer": _("No calendar server answers there. Use the address your provider names for CalDAV."),
    "ServerInTrouble": _("The server does not answer, or is in trouble. It is asked again later; nothing is lost."),
    "SentElsewhere": _("The server sends on to another one, which does not get your password."),
    "CalendarGone": _("The calendar is not there any more. Choose another one."),
    "SuddenlyEmpty": _("The server shows the calendar as empty. It is asked again before that is believed."),
    "NotWritable": _("The calendar takes no entries from you. Choose another one to write to."),
    "EntryChanged": _("The entry was changed in the calendar meanwhile; it stays as it is there."),
    "TooLarge": _("The server sends more than can be taken, or finds an entry too large."),
    "KeyLost": _("The server's key for passwords is another one now. Give the address or password again."),
    "Busy": _("The calendar is being read already. Look again in a minute."),
    "Disconnected": _("The calendar is not connected any more."),
    "Interrupted": _("The server stopped twice while reading it. Try a shorter period of the calendar."),
    "OurFault": _("Something went wrong on our side. Nothing was changed; please try again."),
}
"""Why a calendar could not be read or written: by the name of the error, and some kinds of our own."""


TURNING = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
"""Signs of Unicode that override or isolate the direction of writing."""


def failure_sentence(kind: str) -> str:
    """Why a calendar could not be read, in the reader's language."""
    return str(FAILURES.get(kind, FAILURES["OurFault"]))


def quoted(title: str) -> str:
    """A title as a sentence may quote it: not long, and without signs that turn the writing of the rest around."""
    return Truncator(title.translate(dict.fromkeys(TURNING))).chars(80)


def in_quotes(title: str) -> str:
    """A title in the reader's quotation marks."""
    return str(_("“%(title)s”")) % {"title": quoted(title)}


def purpose_name(purpose: Purpose | str) -> str:
    """A purpose in the reader's language."""
    return str(PURPOSE_NAMES[str(purpose)])


def figure(value: float, decimals: int) -> str:
    """A number rounded, in the reader's way of writing numbers; Django's own formatting cuts instead of rounding."""
    return str(number_format(round(value, decimals), decimals))
