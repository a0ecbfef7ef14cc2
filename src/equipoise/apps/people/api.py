"""Operations of the API about oneself."""

from django.http import HttpRequest
from ninja import Router, Schema

from equipoise.apps.people.models import Person
from equipoise.apps.people.requests import person_of
from equipoise.platform.api import Scope, answers, operation

router = Router(tags=["People"])


class Me(Schema):
    """Who the token acts as."""

    id: int
    name: str
    email: str
    zone: str
    language: str


@router.get("/me", response=answers(Me), operation_id="me")
@operation("own settings", scope=Scope.READ)
def me(request: HttpRequest) -> Person:
    """Who the token acts as."""
    return person_of(request)
