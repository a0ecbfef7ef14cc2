"""What is kept of reflections."""

from django.utils.translation import gettext_lazy as _

from equipoise.platform.access import Audience
from equipoise.platform.records import UNTIL_ERASED, WITH_PERSON, Ground, Kind

ALONE = frozenset({Audience.SELF})

KINDS = (
    Kind(
        key="reflections",
        name=_("Reflections"),
        holds=_("Questions, the evidence shown with them, and the answers; encrypted with a key outside the database"),
        models=("growth.Reflection",),
        purpose=_("To look back at a week or a month"),
        ground=Ground.CHOICE,
        source=_("The person"),
        records=("own reflection", "own reflections"),
        seen_by=ALONE,
        seeing=_("Nobody else, no assistant and no administrator"),
        exported=("reflections",),
        erased=_("By the person, for good after 30 days; with the person at once"),
        keeping=UNTIL_ERASED,
    ),
    Kind(
        key="reminders",
        name=_("Reminders to reflect"),
        holds=_("Of which reflections the person wants to be reminded"),
        models=("growth.Reminder",),
        purpose=_("To remind as one wants it"),
        ground=Ground.CHOICE,
        source=_("The person"),
        exported=("reflection_reminders",),
        erased=WITH_PERSON,
        keeping=UNTIL_ERASED,
    ),
)
