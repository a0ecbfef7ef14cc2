"""Registers what joins Equipoise with other programs."""

from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    """Tokens for the API, and webhooks."""

    name = "equipoise.apps.integrations"
    label = "integrations"
