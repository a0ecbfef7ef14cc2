"""What is kept of calendars."""

from django.utils.translation import gettext_lazy as _

from equipoise.platform.access import Audience
from equipoise.platform.records import UNTIL_ERASED, WITH_PERSON, Ground, Keeping, Kind

ASSISTED = frozenset({Audience.ASSISTED})

KINDS = (
    Kind(
        key="calendars",
        name=_("Calendars and their entries"),
        holds=_(
            "Titles, notes, times, how many others took part and whether from outside; of private entries the length "
            "alone. No names and no addresses of others"
        ),
        models=("calendars.Calendar", "calendars.Resource", "calendars.Entry", "calendars.Occurrence"),
        purpose=_("To show the person how much of their time goes into leading and into managing"),
        ground=Ground.CHOICE,
        source=_("A file, an address or a calendar server the person connects"),
        records=("own calendars", "own calendar", "own calendar entries", "own calendar entry"),
        seen_by=ASSISTED,
        exported=("calendars",),
        erased=_("By the person, one calendar or all; with the person"),
        keeping=Keeping(
            words=_("Until the person erases it; or from when an entry took place last, if days are set"),
            least=90,
            most=3650,
        ),
    ),
    Kind(
        key="accounts",
        name=_("Calendar accounts"),
        holds=_("Address of the server, name there, and the password, encrypted"),
        models=("calendars.Account",),
        purpose=_("To read calendars by themselves, and to write what was accepted"),
        ground=Ground.CHOICE,
        source=_("The person"),
        records=("own calendar account",),
        seen_by=ASSISTED,
        seeing=_("Nobody sees the password, and it is not in the export"),
        exported=("accounts",),
        erased=_("By disconnecting, and with the person"),
        keeping=UNTIL_ERASED,
    ),
    Kind(
        key="corrections",
        name=_("Corrections and rules"),
        holds=_("What the person said entries are for, which words mean what, and what may be moved"),
        models=("calendars.Correction", "calendars.Rule", "calendars.Movable"),
        purpose=_("The person's own word decides over the software's guess"),
        ground=Ground.CHOICE,
        source=_("The person or their assistant"),
        records=("own correction", "own rule", "own entry's freedom"),
        seen_by=ASSISTED,
        exported=("corrections", "rules", "movable"),
        erased=WITH_PERSON,
        keeping=UNTIL_ERASED,
    ),
    Kind(
        key="readings",
        name=_("Log of readings"),
        holds=_("When a calendar was read, how many entries it had, and what could not be read"),
        models=("calendars.Import",),
        purpose=_("To say what went wrong, row by row"),
        ground=Ground.CHOICE,
        source=_("Written by the software"),
        records=("own import",),
        seen_by=ASSISTED,
        exported=("imports",),
        erased=WITH_PERSON,
        keeping=Keeping(words=_("From the reading; then it is erased"), days=365, least=7, most=3650),
    ),
    Kind(
        key="written",
        name=_("Entries put into a calendar"),
        holds=_("Title, time and reason of each accepted block that was written, and where it lies now"),
        models=("calendars.Written",),
        purpose=_("To know one's own entries again, and to touch no others"),
        ground=Ground.CHOICE,
        source=_("The blocks the person accepted"),
        exported=("written",),
        erased=WITH_PERSON,
        keeping=UNTIL_ERASED,
    ),
)
