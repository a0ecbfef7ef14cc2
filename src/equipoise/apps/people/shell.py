"""What the frame around every page needs to know."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from equipoise.apps.people import queries
from equipoise.apps.people.models import Person


def shell(request: HttpRequest) -> dict[str, Any]:
    """The person, whether the demo agency is looked at, and whom one can look at it as."""
    person = getattr(request, "user", None)
    if not isinstance(person, Person):
        return {"person": None, "opened": settings.OPENED}
    return {
        "person": person,
        "opened": settings.OPENED,
        "demo_people": queries.demo_people() if person.is_demo else [],
        "has_owner": person.is_demo and queries.local_owner() is not None,
    }
