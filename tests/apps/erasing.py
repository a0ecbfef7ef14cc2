"""Erasing somebody, with the waiting time gone by."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from equipoise.apps.privacy import tasks


def erase_now(client: Client, email: str = "lena@agency.example") -> None:
    """Ask for it on the page, and let the waiting time pass."""
    assert client.post("/your-data/erase", {"email": email}).status_code == 302
    tasks.tick(timezone.now() + timedelta(days=15))
