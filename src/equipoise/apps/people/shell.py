"""What the frame around every page needs to know."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from equipoise.apps.people import queries
from equipoise.apps.people.assistants.queries import assisted_by
from equipoise.apps.people.models import Person
from equipoise.apps.people.requests import acting_in, actor_of, person_of


def shell(request: HttpRequest) -> dict[str, Any]:
    """Whose pages they are, who reads them and by what, and whom one can look at the demo agency as.

    `person` is whose records are shown, `actor` who reads and acts, `acting` by what, when they differ; `assisted` are
    those the reader may act for.
    """
    if not isinstance(getattr(request, "user", None), Person):
        return {"person": None, "actor": None, "opened": settings.OPENED}
    person, actor, acting = person_of(request), actor_of(request), acting_in(request)
    return {
        "person": person,
        "actor": actor,
        "acting": acting,
        "assisted": [] if acting else assisted_by(actor),
        "opened": settings.OPENED,
        "told_apart": lambda: queries.is_told_apart(person),  # asked by few pages
        "demo_people": queries.demo_people() if actor.is_demo else [],
        "has_owner": actor.is_demo and queries.local_owner() is not None,
    }
