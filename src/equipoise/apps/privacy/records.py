"""What is kept about what is kept."""

from django.utils.translation import gettext_lazy as _

from equipoise.platform.access import Audience
from equipoise.platform.records import WITH_PERSON, Ground, Keeping, Kind

KINDS = (
    Kind(
        key="exports",
        name=_("Downloads of one's own data"),
        holds=_("All records of one person, packed and encrypted, until they fetched it"),
        models=("privacy.Package",),
        purpose=_("To take everything along"),
        ground=Ground.WORK,
        source=_("The person's request"),
        records=("own data",),
        seen_by=frozenset({Audience.SELF}),
        exported=("packages",),
        erased=WITH_PERSON,
        keeping=Keeping(words=_("From the request; then it is erased"), days=2, least=1, most=14),
    ),
    Kind(
        key="retention",
        name=_("Times for which records are kept"),
        holds=_("How many days an administrator chose for a kind of record, and when"),
        models=("privacy.Retention",),
        purpose=_("To erase what is no longer needed"),
        ground=Ground.NONE,
        source=_("An administrator"),
        records=("retention by kind of record",),
        seen_by=frozenset({Audience.ADMINISTRATOR}),
        not_exported=_("It is about no person"),
        erased=_("By choosing the default again"),
        keeping=Keeping(words=_("Until it is changed")),
    ),
    Kind(
        key="erasing",
        name=_("Who left and waits to be erased"),
        holds=_("Name, day of leaving, and the day of erasing"),
        purpose=_("To erase everything of who left, in time"),
        ground=Ground.WORK,
        source=_("Leaving, as an administrator or the directory said it"),
        records=("people who left",),
        seen_by=frozenset({Audience.ADMINISTRATOR}),
        seeing=_("Names and days alone; no calendar, plan, reflection or any other content"),
        not_exported=_("The day of leaving stands with the person"),
        erased=WITH_PERSON,
        keeping=Keeping(words=_("Until the person is erased")),
    ),
    Kind(
        key="statements",
        name=_("Statements on data protection"),
        holds=_("This register with the settings as they are; no record of anybody"),
        purpose=_("Everybody can know what is kept of them"),
        ground=Ground.NONE,
        source=_("Worked out whenever it is opened"),
        records=("what is kept of people", "statements on data protection"),
        seen_by=frozenset({Audience.MEMBER, Audience.ADMINISTRATOR, Audience.PARTNER, Audience.AUDITOR}),
        not_exported=_("It is about no person"),
        erased=_("Nothing is kept"),
        keeping=Keeping(words=_("Not kept")),
    ),
)
