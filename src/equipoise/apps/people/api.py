"""Operations of the API about oneself: settings, and who acts for whom."""

from datetime import time
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field

from equipoise.apps.people import actions
from equipoise.apps.people.models import Person
from equipoise.apps.people.organising.programs import told_as_conflict
from equipoise.apps.people.organising.shown import RoleHeld
from equipoise.apps.people.requests import person_of
from equipoise.apps.people.settings_sent import Language, Theme, Zone
from equipoise.platform.access import roles_of
from equipoise.platform.api import Address, CannotBe, Clock, Line, Number, Scope, Sent, answers, operation

router = Router(tags=["Oneself"])


class Me(Schema):
    """Who the token acts as, with their settings."""

    id: int
    name: str
    email: str
    more_addresses: list[str]
    zone: str
    language: str
    theme: str
    work_from: Annotated[str, Field(examples=["09:00"])]
    work_until: Annotated[str, Field(examples=["17:00"])]
    unplanned_hours: float | None
    roles: list[RoleHeld]


class SettingsChange(Sent):
    """What is to change; what is left out stays."""

    name: Line | None = None
    email: Address | None = None
    more_addresses: Annotated[list[Address], Field(max_length=20)] | None = None
    zone: Zone | None = None
    language: Language | None = None
    theme: Theme | None = None
    work_from: Clock | None = None
    work_until: Clock | None = None
    unplanned_hours: Annotated[Number, Field(ge=0, le=80)] | None = None


@router.get("/me", response=answers(Me), operation_id="me")
@operation("own settings", scope=Scope.READ)
def me(request: HttpRequest) -> Me:
    """Who the token acts as."""
    return _me(request, person_of(request))


def _me(request: HttpRequest, person: Person) -> Me:
    return Me(
        id=person.pk,
        name=person.name,
        email=person.email,
        more_addresses=person.more_addresses,
        zone=person.zone,
        language=person.language,
        theme=person.theme,
        work_from=_told(person.work_from),
        work_until=_told(person.work_until),
        unplanned_hours=person.unplanned_hours,
        roles=[RoleHeld(each.value) for each in sorted(roles_of(request))],
    )


def _told(moment: time) -> str:
    return f"{moment:%H:%M}"


@router.patch("/me", response=answers(Me), operation_id="change_settings")
@operation("own settings", scope=Scope.WRITE)
def change_settings(request: HttpRequest, body: SettingsChange) -> Me:
    """Change one's own settings."""
    person = person_of(request)
    wanted: dict[str, Any] = {name: getattr(person, name) for name in SettingsChange.model_fields}
    sent = {name: getattr(body, name) for name in body.model_fields_set}
    wanted |= {name: value for name, value in sent.items() if value is not None or name == "unplanned_hours"}
    if wanted["work_from"] >= wanted["work_until"]:
        raise CannotBe(_("The working day must end after it starts."))
    with told_as_conflict():
        actions.change_settings(person=person, now=timezone.now(), **_plain(wanted))
    return _me(request, person)


def _plain(wanted: dict[str, Any]) -> dict[str, Any]:
    """Choices as the texts they are kept as."""
    return {**wanted, "language": str(wanted["language"]), "theme": str(wanted["theme"])}
