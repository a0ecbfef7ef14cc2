"""Typed access to who asks."""

from typing import cast

from django.http import HttpRequest

from equipoise.apps.people.models import Person


def person_of(request: HttpRequest) -> Person:
    """Whose records are asked for; only for views that `access.page` lets none but signed-in persons into."""
    return cast("Person", request.user)


def actor_of(request: HttpRequest) -> Person:
    """Who acts: the person, or the assistant who acts for them."""
    return cast("Person", request.user)
