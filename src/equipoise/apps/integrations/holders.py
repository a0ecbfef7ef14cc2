"""Whose tokens and webhooks are asked for: a person's own, or the organisation's (no person)."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from equipoise.apps.people.models import Person
from equipoise.apps.people.requests import acting_person, person_of
from equipoise.platform.api import Refusal


def oneself(request: HttpRequest) -> Person:
    """The person who asks."""
    return person_of(request)


def organisation(request: HttpRequest) -> None:
    """The organisation; whoever asks was let in as its administrator.

    Raises:
        Refusal: It is an administrator of the demo agency, who administers nothing real.
    """
    person = acting_person(request)
    if person is not None and person.is_demo:
        raise Refusal(403, _("Not allowed"), _("The demo agency connects to no other programs."))
