"""The purposes in words people read."""

from django.utils.formats import number_format
from django.utils.functional import Promise
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


def purpose_name(purpose: Purpose | str) -> str:
    """A purpose in the reader's language."""
    return str(PURPOSE_NAMES[str(purpose)])


def figure(value: float, decimals: int) -> str:
    """A number rounded, in the reader's way of writing numbers; Django's own formatting cuts instead of rounding."""
    return str(number_format(round(value, decimals), decimals))
