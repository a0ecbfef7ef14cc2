"""Operations of the API that bring everything together: the balance, this week, the Monday mail."""

from ninja import Router

from equipoise.apps.insights.api import balance, monday_mail, this_week

router = Router()
for _each in (this_week, balance, monday_mail):
    router.add_router("", _each.router)

__all__ = ["router"]
