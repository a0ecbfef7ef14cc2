"""Operations of the API on a person's calendars and their entries."""

from ninja import Router

from equipoise.apps.calendars.api import entries, sources

router = Router()
for _each in (sources, entries):
    router.add_router("", _each.router)

__all__ = ["router"]
