"""Typed access to who asks."""

from typing import cast

from django.http import HttpRequest
from django.utils.translation import gettext as _

from equipoise.apps.people.models import Assistance, Person
from equipoise.platform.api import Refusal


def person_of(request: HttpRequest) -> Person:
    """Whose records are asked for; only for views that `access.page` lets none but signed-in persons into."""
    acting = acting_in(request)
    return actor_of(request) if acting is None else acting.owner


def actor_of(request: HttpRequest) -> Person:
    """Who acts: the person, or the assistant who acts for them."""
    return cast("Person", request.user)


def acting_in(request: HttpRequest) -> Assistance | None:
    """By what the signed-in person acts for somebody else; `None` while they act for themselves."""
    return getattr(request, "acting", None)


def acting_person(request: HttpRequest) -> Person | None:
    """Who acts; `None` for a program that acts by a token of the organisation."""
    return request.user if isinstance(request.user, Person) else None


def viewer_of(request: HttpRequest) -> Person:
    """Whose world is looked at; a token of the organisation sees what any of its members sees."""
    return acting_person(request) or Person(name="", email="", zone="UTC")


def answering_person(request: HttpRequest) -> Person:
    """Who answers for an act that a program of the organisation may not do by itself.

    Raises:
        Refusal: It is one.
    """
    actor = acting_person(request)
    if actor is None:
        raise Refusal(403, _("Not allowed"), _("Somebody has to answer for this; use an administrator's token."))
    return actor
