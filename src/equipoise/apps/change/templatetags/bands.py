"""Bands in words, for templates."""

from typing import Protocol

from django import template
from django.utils.translation import gettext as _

from equipoise.apps.calendars.words import figure
from equipoise.apps.change import mapping
from equipoise.apps.change.models import Override
from equipoise.apps.change.words import TARGET_NAMES

register = template.Library()


class _Ends(Protocol):
    """Whatever runs from low to high."""

    low: float
    high: float


@register.filter
def target_name(target: str) -> str:
    """What a band is for, in the reader's language."""
    return str(TARGET_NAMES[target])


@register.filter
def band_of(band: _Ends, target: str) -> str:
    """A band as the pages write it: 38 to 52 %, or a lean of −0.70 to −0.20."""
    return _written(band.low, band.high, target)


@register.filter
def computed_band_of(override: Override, target: str) -> str:
    """What was worked out when a band was set."""
    return _written(override.computed_low, override.computed_high, target)


@register.filter
def absolute(value: float) -> float:
    """A number without its sign."""
    return abs(value)


def _written(low: float, high: float, target: str) -> str:
    if mapping.is_axis(target):
        return _("%(low)s to %(high)s") % {"low": _lean(low), "high": _lean(high)}
    return _("%(low)s to %(high)s %%") % {"low": figure(100 * low, 0), "high": figure(100 * high, 0)}


def _lean(value: float) -> str:
    return figure(value, 2).replace("-", "−")
