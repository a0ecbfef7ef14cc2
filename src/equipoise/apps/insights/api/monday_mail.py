"""Operations on the Monday mail: on or off, and what it would hold."""

from datetime import date, datetime
from typing import Literal, cast

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from equipoise.apps.insights.digest import actions, queries
from equipoise.apps.insights.digest.letter import Item, compose
from equipoise.apps.people.models import Person
from equipoise.apps.people.requests import actor_of, person_of
from equipoise.platform.api import Flag, Scope, Sent, answers, operation

router = Router(tags=["Monday mail"])

MailState = Literal["waiting", "leaving", "sent", "nothing", "refused"]


class MailChoice(Sent):
    """Whether the Monday mail is wanted."""

    wanted: Flag


class LastMail(Schema):
    """What became of the mail of a Monday."""

    monday: date
    state: MailState
    changed_at: datetime


class MondayMailTold(Schema):
    """Whether the Monday mail is wanted, whether this server can send any, and what became of the last."""

    wanted: bool
    can_be_sent: bool
    last: LastMail | None


class MailItem(Schema):
    """One sentence of a mail, and the page it leads to."""

    sentence: str
    page: str


class MailPreview(Schema):
    """What the Monday mail would hold at this moment."""

    subject: str
    standing: MailItem | None
    observations: list[MailItem]
    due: list[MailItem]
    says_something: bool = Field(description="Whether it would be sent.")


@router.get("/monday-mail", response=answers(MondayMailTold), operation_id="get_monday_mail")
@operation("own Monday mail", scope=Scope.READ)
def get_monday_mail(request: HttpRequest) -> MondayMailTold:
    """Whether the Monday mail is wanted."""
    return _told(person_of(request))


@router.put("/monday-mail", response=answers(MondayMailTold), operation_id="choose_monday_mail")
@operation("own Monday mail", scope=Scope.WRITE)
def choose_monday_mail(request: HttpRequest, sent: MailChoice) -> MondayMailTold:
    """Turn the Monday mail on or off; nobody of the demo agency gets mail."""
    person = person_of(request)
    if person.is_demo:
        raise Http404
    act = actions.turn_on if sent.wanted else actions.turn_off
    act(actor=actor_of(request), person=person, now=timezone.now())
    return _told(person)


@router.get("/monday-mail/preview", response=answers(MailPreview), operation_id="preview_monday_mail")
@operation("own Monday mail", scope=Scope.READ)
def preview(request: HttpRequest) -> MailPreview:
    """What the Monday mail would hold at this moment."""
    letter = compose(person_of(request), now=timezone.now())
    return MailPreview(
        subject=letter.subject,
        standing=_item(letter.standing) if letter.standing else None,
        observations=[_item(each) for each in letter.observations],
        due=[_item(each) for each in letter.due],
        says_something=letter.says_something,
    )


def _told(person: Person) -> MondayMailTold:
    last = queries.latest(person)
    return MondayMailTold(
        wanted=queries.is_wanted(person),
        can_be_sent=queries.can_be_sent(),
        last=LastMail(monday=last.monday, state=cast("MailState", last.state), changed_at=last.changed_at)
        if last
        else None,
    )


def _item(item: Item) -> MailItem:
    return MailItem(sentence=item.sentence, page=item.address)
