"""What is kept of readings and of the Monday mail."""

from django.utils.translation import gettext_lazy as _

from equipoise.platform.access import Audience
from equipoise.platform.records import UNTIL_ERASED, WITH_PERSON, Ground, Keeping, Kind

KINDS = (
    Kind(
        key="balance",
        name=_("Balance"),
        holds=_("Hours by what they are for, with how sure that is, beside what the situation calls for"),
        purpose=_("To see the own balance"),
        ground=Ground.CHOICE,
        source=_("Worked out from calendars and situation whenever a page is opened"),
        records=("own balance",),
        seen_by=frozenset({Audience.ASSISTED, Audience.ANYONE}),
        seeing=_("Who is not signed in sees how to begin, and nothing of anybody"),
        not_exported=_("It is not kept; what it is made of is in the export"),
        erased=_("Nothing is kept"),
        keeping=Keeping(words=_("Not kept")),
    ),
    Kind(
        key="mail",
        name=_("Monday mail"),
        holds=_("Whether the person wants it, and what became of each; not what it said"),
        models=("insights.MondayMail", "insights.MondayMailSent"),
        purpose=_("To send it once a Monday, and not twice"),
        ground=Ground.CHOICE,
        source=_("The person"),
        records=("own Monday mail", "Monday mail, by the link in it"),
        seen_by=frozenset({Audience.SELF, Audience.ANYONE}),
        seeing=_("By the link in the mail one can turn it off, and sees nothing else"),
        exported=("monday_mail",),
        erased=WITH_PERSON,
        keeping=UNTIL_ERASED,
    ),
)
