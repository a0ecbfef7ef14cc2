"""Typed access to who asks."""

from typing import cast

from django.http import HttpRequest

from equipoise.apps.people.models import Person


def person_of(request: HttpRequest) -> Person:
    """Who asks; only for views that `access.page` lets none but signed-in persons into."""
    return cast("Person", request.user)
