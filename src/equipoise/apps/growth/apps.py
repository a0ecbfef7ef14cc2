"""Growth as a Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GrowthConfig(AppConfig):
    """Guided reflection."""

    name = "equipoise.apps.growth"
    label = "growth"
    verbose_name = _("Growth")
