"""Themes and periods of reflections in words, for templates."""

from datetime import datetime

from django import template
from django.utils import timezone

from equipoise.apps.growth.markdown import period_name as name_of_period
from equipoise.apps.growth.models import Reflection
from equipoise.apps.growth.queries import Offer
from equipoise.apps.growth.questions import THEME_NAMES
from equipoise.platform.templatetags.dates import moment

register = template.Library()


@register.filter
def time_or_moment(value: datetime) -> str:
    """14:05 today, 7 Oct 2026, 14:05 otherwise, on the reader's clock."""
    local = timezone.localtime(value)
    return f"{local:%H:%M}" if local.date() == timezone.localdate() else moment(value)


@register.filter
def theme_name(theme: str) -> str:
    """Where my focus went, ... in the reader's language."""
    return str(THEME_NAMES[theme])


@register.filter
def period_name(found: Reflection | Offer) -> str:
    """The week or month in words."""
    return name_of_period(found)
