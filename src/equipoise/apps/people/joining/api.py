"""Operations of the API on links by which people who were added set a password and come in."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema

from equipoise.apps.people.joining import actions, queries
from equipoise.apps.people.models import Joining, Person
from equipoise.apps.people.organising.queries import person_around
from equipoise.apps.people.requests import acting_person, viewer_of
from equipoise.platform.access import Audience
from equipoise.platform.api import (
    CannotBe,
    Id,
    Page,
    Paging,
    Scope,
    Sent,
    answers,
    operation,
    page_of_values,
)

router = Router(tags=["People"])
ONLY = Audience.ADMINISTRATOR


class By(StrEnum):
    """How a link reaches whom it is for: handed over, or sent to their address."""

    HAND = "hand"
    MAIL = "mail"


class LinkSent(Sent):
    """How the link goes out."""

    by: By = By.HAND


class LinkMade(Schema):
    """The link to hand over, told this once; null when it goes by mail."""

    link: str | None


class OpenLink(Schema):
    """A link that was made and not used."""

    id: int
    person_id: int
    name: str
    made_at: datetime
    expires_at: datetime


@router.get("/joining-links", response=answers(Page[OpenLink]), operation_id="list_joining_links")
@operation("joining links", scope=Scope.READ, audience=ONLY)
def list_joining_links(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """All links that can still be used."""
    found = [_shown(row) for row in queries.open_joinings(viewer_of(request), now=timezone.now())]
    return page_of_values(request, found, paging, key=lambda each: (each.id,))


def _shown(row: Joining) -> OpenLink:
    return OpenLink(
        id=row.pk, person_id=row.person_id, name=row.person.name, made_at=row.made_at, expires_at=row.expires_at
    )


@router.get("/people/{person_id}/joining-link", response=answers(OpenLink), operation_id="joining_link")
@operation("joining link of a person", scope=Scope.READ, audience=ONLY)
def joining_link(request: HttpRequest, person_id: Id) -> OpenLink:
    """The link of somebody that can still be used."""
    found = queries.open_joining(_coming(request, person_id), now=timezone.now())
    if found is None:
        raise Http404
    return _shown(found)


@router.post(
    "/people/{person_id}/joining-link", response=answers(LinkMade, status=201), operation_id="make_joining_link"
)
@operation("joining link of a person", scope=Scope.WRITE, audience=ONLY)
def make_joining_link(request: HttpRequest, person_id: Id, body: LinkSent) -> tuple[int, LinkMade]:
    """Make a link for somebody who has no password yet; an earlier one opens nothing any more.

    Whoever has a password gets another one from an administrator on the pages: no program can take an account over.
    """
    actor, person = acting_person(request), _coming(request, person_id)
    if actor is None:
        raise CannotBe(_("A link is made by a person: use the personal token of an administrator."))
    if person.has_usable_password():
        raise CannotBe(_("They have a password. For another one, an administrator makes a link on the pages."))
    try:
        return 201, _made(request, actor, person, body.by)
    except actions.PasswordNeeded as error:
        raise CannotBe(_("Set a password of your own first: without one, this machine lets in you alone.")) from error
    except actions.NoMailServer as error:
        raise CannotBe(_("This server sends no mail. Make a link to hand over.")) from error


def _made(request: HttpRequest, actor: Person, person: Person, by: By) -> LinkMade:
    if by is By.MAIL:
        actions.ask_for_mail(actor=actor, person=person, now=timezone.now())
        return LinkMade(link=None)
    secret = actions.make_link(actor=actor, person=person, now=timezone.now())
    return LinkMade(link=request.build_absolute_uri(reverse("people:join", args=[secret])))


@router.delete(
    "/people/{person_id}/joining-link", response=answers(None, status=204), operation_id="revoke_joining_link"
)
@operation("joining link of a person", scope=Scope.WRITE, audience=ONLY)
def revoke_joining_link(request: HttpRequest, person_id: Id) -> tuple[int, None]:
    """Take a link back."""
    actor, person = acting_person(request), _coming(request, person_id)
    if queries.open_joining(person, now=timezone.now()) is None:
        raise Http404
    if actor is None:
        raise CannotBe(_("A link is taken back by a person: use the personal token of an administrator."))
    actions.revoke(actor=actor, person=person, now=timezone.now())
    return 204, None


def _coming(request: HttpRequest, person_id: int) -> Person:
    """Whom a link can be for; the people of the demo agency have no passwords."""
    person = person_around(viewer_of(request), person_id)
    if person.is_demo:
        raise Http404
    return person
