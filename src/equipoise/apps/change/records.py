"""What is kept of situations."""

from django.utils.translation import gettext_lazy as _

from equipoise.platform.access import Audience
from equipoise.platform.records import UNTIL_ERASED, WITH_PERSON, Ground, Kind

KINDS = (
    Kind(
        key="situation",
        name=_("Scans of a situation"),
        holds=_("Answers about the own situation, what they call for, and bands the person set with their reasons"),
        models=("change.Scan", "change.Override"),
        purpose=_("To compare time with what the situation calls for"),
        ground=Ground.CHOICE,
        source=_("The person or their assistant"),
        records=("own situation",),
        seen_by=frozenset({Audience.ASSISTED}),
        exported=("situation",),
        erased=WITH_PERSON,
        keeping=UNTIL_ERASED,
    ),
)
