"""Days and moments as the reader's language writes them; a translator may choose the order and the dots."""

from datetime import date, datetime

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import pgettext

register = template.Library()


@register.filter
def day(value: date) -> str:
    """7 Oct."""
    # Translators: letters of Django's date filter; German has "j. N", which gives 7. Okt.
    return date_format(value, pgettext("format of a day", "j M"))


@register.filter
def full_day(value: date) -> str:
    """7 Oct 2026."""
    return date_format(value, pgettext("format of a day with its year", "j M Y"))


@register.filter
def weekday(value: date) -> str:
    """Wednesday, 7 Oct."""
    return date_format(value, pgettext("format of a day with its name", "l, j M"))


@register.filter
def moment(value: datetime) -> str:
    """7 Oct 2026, 14:05 on the reader's clock."""
    return date_format(timezone.localtime(value), pgettext("format of a moment", "j M Y, H:i"))
