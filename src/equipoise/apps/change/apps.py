"""Change as a Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChangeConfig(AppConfig):
    """The scan of the situation, and what it calls for."""

    name = "equipoise.apps.change"
    label = "change"
    verbose_name = _("Change")
