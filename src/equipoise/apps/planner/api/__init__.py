"""Operations of the API on a person's plan: weeks and blocks, and what the weeks must leave room for."""

from ninja import Router

from equipoise.apps.planner.api import weeks, wishes

router = Router()
for _each in (weeks, wishes):
    router.add_router("", _each.router)

__all__ = ["router"]
