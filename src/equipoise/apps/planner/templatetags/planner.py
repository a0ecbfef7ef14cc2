"""The plan in words, for templates."""

from collections.abc import Mapping

from django import template
from django.forms import BoundField
from django.utils.safestring import SafeString

from equipoise.apps.calendars import words
from equipoise.apps.calendars.words import figure
from equipoise.apps.planner.words import WHY_NOT_NAMES, WORTH_NAMES

register = template.Library()


@register.filter
def why_not(value: str) -> str:
    """Why a block was refused, in the reader's language."""
    return str(WHY_NOT_NAMES.get(value, value))


@register.filter
def in_quotes(title: str) -> str:
    """Words in the reader's quotation marks."""
    return words.in_quotes(title)


@register.filter
def worth_name(value: str) -> str:
    """How much a kind of block matters, in the reader's language."""
    return str(WORTH_NAMES[value])


@register.filter
def labelled(field: BoundField, end: str) -> SafeString:
    """A field of a table, named by its row and which end of the span it is."""
    return field.as_widget(attrs={"aria-label": f"{field.label}, {end}"})


@register.filter
def hours_of(hours: Mapping[str, tuple[float, float]], facet: str) -> str:
    """A span of hours a week of one facet; a dash when there is none."""
    if facet not in hours:
        return "–"
    low, high = hours[facet]
    return f"{figure(low, 1)}–{figure(high, 1)} h"
