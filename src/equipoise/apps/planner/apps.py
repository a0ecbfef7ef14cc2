"""Planner as a Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlannerConfig(AppConfig):
    """Proposed weeks, and what came of them."""

    name = "equipoise.apps.planner"
    label = "planner"
    verbose_name = _("Planner")
