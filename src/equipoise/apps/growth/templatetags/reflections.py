"""Themes and periods of reflections in words, for templates."""

from django import template

from equipoise.apps.growth.markdown import period_name as name_of_period
from equipoise.apps.growth.models import Reflection
from equipoise.apps.growth.queries import Offer
from equipoise.apps.growth.questions import THEME_NAMES

register = template.Library()


@register.filter
def theme_name(theme: str) -> str:
    """Where my focus went, ... in the reader's language."""
    return str(THEME_NAMES[theme])


@register.filter
def period_name(found: Reflection | Offer) -> str:
    """The week or month in words."""
    return name_of_period(found)
