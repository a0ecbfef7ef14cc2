"""Insights as a Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InsightsConfig(AppConfig):
    """Balance, this week, the first run, one's own data."""

    name = "equipoise.apps.insights"
    label = "insights"
    verbose_name = _("Insights")
