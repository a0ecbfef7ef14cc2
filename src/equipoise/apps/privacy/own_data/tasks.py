"""Packing in the background."""

from django.utils import timezone
from django_tasks import task

from equipoise.apps.privacy.own_data import actions


@task()
def pack(package_id: int) -> None:
    """Pack everything of whoever asked for it."""
    actions.pack(package_id, now=timezone.now())
