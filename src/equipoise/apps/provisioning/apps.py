"""Registers how people and teams come in from elsewhere."""

from django.apps import AppConfig


class ProvisioningConfig(AppConfig):
    """SCIM, groups of a directory, and import from spreadsheets."""

    name = "equipoise.apps.provisioning"
    label = "provisioning"
