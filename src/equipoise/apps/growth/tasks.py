"""Work done in the background."""

from datetime import datetime

from equipoise.apps.growth import actions


def tick(now: datetime) -> None:
    """Erase what was removed long enough ago; safe with several workers."""
    actions.erase_removed(now=now)
