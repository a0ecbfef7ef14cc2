"""Operations of the API on who acts for whom; to act for an owner, send the number of the assistance (Acting-For)."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema

from equipoise.apps.people.assistants import actions, queries
from equipoise.apps.people.models import Assistance
from equipoise.apps.people.requests import actor_of, person_of
from equipoise.platform.api import (
    Address,
    CannotBe,
    Id,
    Line,
    Page,
    Paging,
    Scope,
    Sent,
    answers,
    operation,
    page_of_values,
)

router = Router(tags=["Assistants"])


class AssistantShown(Schema):
    """Somebody who acts for the owner, or did until `ended_at`."""

    id: int
    name: str
    email: str
    named_at: datetime
    ended_at: datetime | None


class OwnerShown(Schema):
    """Somebody one acts for; `id` is what `Acting-For` takes."""

    id: int
    name: str
    named_at: datetime


class Invited(Sent):
    """Who shall act for the owner."""

    name: Line
    email: Address


class InvitationShown(Schema):
    """An invitation nobody has taken yet."""

    id: int
    name: str
    email: str
    expires_at: datetime


class InvitationMade(Schema):
    """The link to hand over; it is told this once."""

    link: str


def _assistant(row: Assistance) -> AssistantShown:
    return AssistantShown(
        id=row.pk, name=row.assistant.name, email=row.assistant.email, named_at=row.named_at, ended_at=row.ended_at
    )


@router.get("/me/assistants", response=answers(Page[AssistantShown]), operation_id="list_assistants")
@operation("own assistants", scope=Scope.READ)
def list_assistants(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """Whoever acts for me, and whoever did."""
    found = [_assistant(row) for row in queries.assistances_of(person_of(request))]
    return page_of_values(request, found, paging, key=lambda each: (each.id,))


@router.get("/me/assistants/{assistance_id}", response=answers(AssistantShown), operation_id="assistant")
@operation("own assistants", scope=Scope.READ)
def assistant(request: HttpRequest, assistance_id: Id) -> AssistantShown:
    """Somebody who acts for me."""
    return _assistant(queries.assistance_of(person_of(request), assistance_id))


@router.delete("/me/assistants/{assistance_id}", response=answers(None, status=204), operation_id="end_assistance")
@operation("own assistants", scope=Scope.WRITE)
def end_assistance(request: HttpRequest, assistance_id: Id) -> tuple[int, None]:
    """Let somebody no longer act for me."""
    found = queries.assistance_of(person_of(request), assistance_id)
    actions.end_assistance(actor=actor_of(request), assistance=found, now=timezone.now())
    return 204, None


@router.get("/me/invitations", response=answers(Page[InvitationShown]), operation_id="list_invitations")
@operation("own assistants", scope=Scope.READ)
def list_invitations(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """My invitations that nobody has taken."""
    found = [
        InvitationShown(id=row.pk, name=row.name, email=row.email, expires_at=row.expires_at)
        for row in queries.open_invitations(person_of(request), now=timezone.now())
    ]
    return page_of_values(request, found, paging, key=lambda each: (each.id,))


@router.post("/me/invitations", response=answers(InvitationMade, status=201), operation_id="invite_assistant")
@operation("own assistants", scope=Scope.WRITE)
def invite_assistant(request: HttpRequest, body: Invited) -> tuple[int, InvitationMade]:
    """Make a link for somebody who shall act for me. An earlier one for the same address opens nothing any more."""
    try:
        secret = actions.invite_assistant(
            actor=actor_of(request), person=person_of(request), name=body.name, email=body.email, now=timezone.now()
        )
    except actions.PasswordNeeded as error:
        raise CannotBe(_("Set a password of your own first.")) from error
    except actions.OwnInvitation as error:
        raise CannotBe(str(error)) from error
    return 201, InvitationMade(link=request.build_absolute_uri(reverse("people:invitation", args=[secret])))


@router.delete("/me/invitations/{invitation_id}", response=answers(None, status=204), operation_id="revoke_invitation")
@operation("own assistants", scope=Scope.WRITE)
def revoke_invitation(request: HttpRequest, invitation_id: Id) -> tuple[int, None]:
    """Take an invitation back."""
    found = queries.invitation_of(person_of(request), invitation_id)
    actions.revoke_invitation(actor=actor_of(request), invitation=found, now=timezone.now())
    return 204, None


@router.get("/me/assisting", response=answers(Page[OwnerShown]), operation_id="list_assisted")
@operation("own assistants", scope=Scope.READ)
def list_assisted(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """For whom I may act; send the number as `Acting-For`."""
    found = [
        OwnerShown(id=row.pk, name=row.owner.name, named_at=row.named_at)
        for row in queries.assisted_by(actor_of(request))
    ]
    return page_of_values(request, found, paging, key=lambda each: (each.id,))


@router.delete("/me/assisting/{assisted_id}", response=answers(None, status=204), operation_id="leave_owner")
@operation("own assistants", scope=Scope.WRITE)
def leave_owner(request: HttpRequest, assisted_id: Id) -> tuple[int, None]:
    """No longer act for somebody, by my own wish."""
    found = queries.assisted_of(actor_of(request), assisted_id)
    actions.end_assistance(actor=actor_of(request), assistance=found, now=timezone.now())
    return 204, None
