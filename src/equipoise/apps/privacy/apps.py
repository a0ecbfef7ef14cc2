"""Registers what is kept of people, for how long, and who sees it."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """Export, erasure, retention, the trail."""

    name = "equipoise.apps.privacy"
    label = "privacy"
