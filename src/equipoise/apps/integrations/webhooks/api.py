"""Operations of the API on webhooks."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from equipoise.apps.integrations.holders import oneself, organisation
from equipoise.apps.integrations.models import Webhook
from equipoise.apps.integrations.webhooks import actions, queries, telling
from equipoise.apps.people.models import Person
from equipoise.apps.people.requests import acting_person
from equipoise.platform.access import Audience
from equipoise.platform.api import (
    CannotBe,
    Flag,
    Id,
    Line,
    Page,
    Paging,
    Scope,
    Sent,
    answers,
    operation,
    page_of,
)

router = Router(tags=["Webhooks"])

Where = Annotated[
    str,
    Field(
        min_length=10, max_length=2000, pattern=r"^https?://[!-~]+$", examples=["https://hooks.example.org/equipoise"]
    ),
]


class OwnGroup(StrEnum):
    """What a person's webhook is told of."""

    CALENDARS = "calendars"
    PLAN = "plan"
    SITUATION = "situation"
    REFLECTIONS = "reflections"
    ASSISTANTS = "assistants"
    ACCOUNT = "account"
    PEOPLE = "people"
    ROLES = "roles"
    JOINING = "joining"
    PROGRAMS = "programs"
    TEAMS = "teams"


class OrganisationGroup(StrEnum):
    """What a webhook of the organisation is told of."""

    PEOPLE = "people"
    TEAMS = "teams"
    ROLES = "roles"
    JOINING = "joining"
    PROGRAMS = "programs"


class NewOwnWebhook(Sent):
    """An address, and what it is told of."""

    name: Line
    address: Where
    groups: Annotated[list[OwnGroup], Field(min_length=1, max_length=20)]


class NewOrganisationWebhook(Sent):
    """An address, and what it is told of."""

    name: Line
    address: Where
    groups: Annotated[list[OrganisationGroup], Field(min_length=1, max_length=20)]


class OwnWebhookChange(Sent):
    """What is to change; what is left out or null stays."""

    name: Line | None = None
    address: Where | None = None
    groups: Annotated[list[OwnGroup], Field(min_length=1, max_length=20)] | None = None
    paused: Flag | None = None


class OrganisationWebhookChange(Sent):
    """What is to change; what is left out or null stays."""

    name: Line | None = None
    address: Where | None = None
    groups: Annotated[list[OrganisationGroup], Field(min_length=1, max_length=20)] | None = None
    paused: Flag | None = None


class WebhookShown(Schema):
    """A webhook; of its address only what is no secret. `paused_why` is "hand", "failing" or "gone"."""

    id: int
    name: str
    address: str
    groups: list[str]
    made_at: datetime
    failing_since: datetime | None
    next_try_at: datetime | None
    paused_at: datetime | None
    paused_why: str


class WebhookMade(WebhookShown):
    """A webhook with its secret, which is told this once; receivers check signatures with it."""

    secret: str


class SecretMade(Schema):
    """Another secret, told this once."""

    secret: str


class Tried(Schema):
    """Whether the address took the test, and what it answered."""

    taken: bool
    answer: str


class DeliveryShown(Schema):
    """A message: the kind of act, how often it was tried, and the last answer."""

    message: str
    kind: str
    made_at: datetime
    waits: bool
    tries: int
    tried_at: datetime | None
    delivered_at: datetime | None
    answer: str


def _shown(row: Webhook) -> dict[str, Any]:
    names = ("id", "name", "groups", "made_at", "failing_since", "next_try_at", "paused_at", "paused_why")
    return {"address": queries.address_shown(row), **{name: getattr(row, name) for name in names}}


@contextmanager
def _told_as_conflict() -> Iterator[None]:
    try:
        yield
    except (actions.AddressUnfit, actions.TooManyWebhooks) as error:
        raise CannotBe(str(error)) from error


def _serve(
    root: str,
    *,
    record: str,
    audience: Audience,
    of: str,
    whose: Callable[[HttpRequest], Person | None],
    new: type[NewOwnWebhook] | type[NewOrganisationWebhook],
    change: type[OwnWebhookChange] | type[OrganisationWebhookChange],
) -> None:
    """The same operations for a person's webhooks and for the organisation's."""
    one = f"{root}/{{webhook_id}}"

    @router.get(root, response=answers(Page[WebhookShown]), operation_id=f"list_webhooks{of}", summary="List webhooks")
    @operation(record, scope=Scope.READ, audience=audience)
    def list_webhooks(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
        """All webhooks, the newest first."""
        page = page_of(request, queries.webhooks_of(whose(request)), paging, order=("-made_at", "-id"))
        return {**page, "items": [_shown(row) for row in page["items"]]}

    @router.post(
        root, response=answers(WebhookMade, status=201), operation_id=f"add_webhook{of}", summary="Add a webhook"
    )
    @operation(record, scope=Scope.WRITE, audience=audience)
    def add_webhook(request: HttpRequest, body: new) -> tuple[int, dict[str, Any]]:  # type: ignore[valid-type]
        """Tell an address of acts from now on. The secret is told this once."""
        with _told_as_conflict():
            row, secret = actions.make_webhook(
                actor=acting_person(request),
                person=whose(request),
                name=body.name,  # type: ignore[attr-defined]
                address=body.address,  # type: ignore[attr-defined]
                groups=[group.value for group in body.groups],  # type: ignore[attr-defined]
                now=timezone.now(),
            )
        return 201, {**_shown(row), "secret": secret}

    @router.get(one, response=answers(WebhookShown), operation_id=f"webhook{of}", summary="A webhook")
    @operation(record, scope=Scope.READ, audience=audience)
    def webhook(request: HttpRequest, webhook_id: Id) -> dict[str, Any]:
        """One webhook."""
        return _shown(queries.webhook_of(whose(request), webhook_id))

    @router.patch(one, response=answers(WebhookShown), operation_id=f"change_webhook{of}", summary="Change a webhook")
    @operation(record, scope=Scope.WRITE, audience=audience)
    def change_webhook(request: HttpRequest, webhook_id: Id, body: change) -> dict[str, Any]:  # type: ignore[valid-type]
        """Change a webhook, pause it, or let it go on."""
        row = queries.webhook_of(whose(request), webhook_id)
        _change(acting_person(request), row, body)
        return _shown(queries.webhook_of(whose(request), webhook_id))

    @router.delete(one, response=answers(None, status=204), operation_id=f"end_webhook{of}", summary="End a webhook")
    @operation(record, scope=Scope.WRITE, audience=audience)
    def end_webhook(request: HttpRequest, webhook_id: Id) -> tuple[int, None]:
        """End a webhook, with all that still waits."""
        row = queries.webhook_of(whose(request), webhook_id)
        actions.end_webhook(actor=acting_person(request), webhook=row, now=timezone.now())
        return 204, None

    @router.post(
        f"{one}/secret", response=answers(SecretMade), operation_id=f"renew_secret{of}", summary="Renew a secret"
    )
    @operation(record, scope=Scope.WRITE, audience=audience)
    def renew_secret(request: HttpRequest, webhook_id: Id) -> SecretMade:
        """Give a webhook another secret; messages are signed with it from now on."""
        row = queries.webhook_of(whose(request), webhook_id)
        return SecretMade(secret=actions.renew_secret(actor=acting_person(request), webhook=row, now=timezone.now()))

    @router.post(f"{one}/test", response=answers(Tried), operation_id=f"test_webhook{of}", summary="Send a test")
    @operation(record, scope=Scope.WRITE, audience=audience)
    def test_webhook(request: HttpRequest, webhook_id: Id) -> Tried:
        """Send a message of the kind "test" right now, and tell what was answered."""
        row = queries.webhook_of(whose(request), webhook_id)
        result = telling.send_test(row, now=timezone.now())
        return Tried(taken=result.taken, answer=result.words)

    @router.get(
        f"{one}/deliveries",
        response=answers(Page[DeliveryShown]),
        operation_id=f"list_deliveries{of}",
        summary="List messages",
    )
    @operation(record, scope=Scope.READ, audience=audience)
    def list_deliveries(request: HttpRequest, webhook_id: Id, paging: Query[Paging]) -> dict[str, Any]:
        """What was told and is to be told, the latest first; kept for 14 days."""
        row = queries.webhook_of(whose(request), webhook_id)
        return page_of(request, queries.deliveries_of(row), paging, order=("-id",))


def _change(actor: Person | None, row: Webhook, body: OwnWebhookChange | OrganisationWebhookChange) -> None:
    now = timezone.now()
    if body.name is not None or body.address is not None or body.groups is not None:
        groups = row.groups if body.groups is None else [group.value for group in body.groups]
        with _told_as_conflict():
            actions.change_webhook(
                actor=actor, webhook=row, name=body.name or row.name, address=body.address, groups=groups, now=now
            )
    if body.paused is True:
        actions.pause(actor=actor, webhook=row, why=Webhook.Paused.BY_HAND, now=now)
    if body.paused is False:
        actions.resume(actor=actor, webhook=row, now=now)


_serve(
    "/me/webhooks",
    record="own webhooks",
    audience=Audience.SELF,
    of="",
    whose=oneself,
    new=NewOwnWebhook,
    change=OwnWebhookChange,
)
_serve(
    "/organisation/webhooks",
    record="webhooks of the organisation",
    audience=Audience.ADMINISTRATOR,
    of="_of_organisation",
    whose=organisation,
    new=NewOrganisationWebhook,
    change=OrganisationWebhookChange,
)
