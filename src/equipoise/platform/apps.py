"""The platform as a Django application: it owns the audit trail."""

from django.apps import AppConfig


class PlatformConfig(AppConfig):
    """Registers the audit trail's table."""

    name = "equipoise.platform"
    label = "platform"
    default_auto_field = "django.db.models.BigAutoField"
