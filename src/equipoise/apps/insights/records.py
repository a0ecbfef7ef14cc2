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
    Kind(
        key="counted_in",
        name=_("Part in the balance of teams"),
        holds=_("Whether the person's calendar counts in what is shown of groups, and since when"),
        models=("insights.CountedIn",),
        purpose=_("Nobody's calendar counts unless they chose it"),
        ground=Ground.CHOICE,
        source=_("The person"),
        records=("own part in the balance of teams",),
        seen_by=frozenset({Audience.SELF}),
        exported=("counted_in",),
        erased=WITH_PERSON,
        keeping=UNTIL_ERASED,
    ),
    Kind(
        key="team_pictures",
        name=_("Balance of teams"),
        holds=_("By month and group: rounded values, counts as bands, and keyed marks of who stands behind them"),
        models=("insights.ClosedMonth", "insights.TeamPicture"),
        purpose=_("To see how teams and the organisation lead and manage, and nobody in them"),
        ground=Ground.CHOICE,
        source=_("Worked out once a month from the calendars of those who chose it"),
        records=("balance of teams",),
        seen_by=frozenset({Audience.MEMBER, Audience.LEAD, Audience.PARTNER}),
        seeing=_(
            "Everybody sees the whole and their own teams, leads the teams below, people partners all; no one the marks"
        ),
        not_exported=_("It tells of groups; in which of them one counts is in the export of one's part"),
        erased=_("Stays: it tells of groups of five or more, and taking it back would tell who left"),
        keeping=Keeping(words=_("For good, so that no later release can be set against it")),
    ),
)
