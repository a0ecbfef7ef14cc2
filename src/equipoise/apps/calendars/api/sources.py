"""Operations on the calendars themselves: what is read, kept in step, connected and disconnected."""

from datetime import datetime
from typing import Annotated, BinaryIO, Literal, cast

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import File, Router, Schema, Status, UploadedFile
from pydantic import Field

from equipoise.adapters.ics import CalendarError
from equipoise.apps.calendars import accounts, actions, models, queries, syncing, tasks
from equipoise.apps.calendars.words import failure_sentence
from equipoise.apps.people.models import Person
from equipoise.apps.people.requests import actor_of, person_of
from equipoise.platform import vault
from equipoise.platform.access import Audience
from equipoise.platform.api import CannotBe, Flag, Id, Line, Page, Scope, Sent, answers, operation

router = Router(tags=["Calendars"])

_BLANK = r"\u0000-\u0020\u007f-\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
WEB = rf"^([Hh][Tt][Tt][Pp][Ss]?|[Ww][Ee][Bb][Cc][Aa][Ll][Ss]?)://[^{_BLANK}]+$"
HOST_OR_WEB = rf"^([Hh][Tt][Tt][Pp][Ss]?://)?[^{_BLANK}/:]+(:[0-9]{{1,5}})?(/[^{_BLANK}]*)?$"
NO_NUL = r"^[^\u0000]*$"
Secret = Annotated[str, Field(min_length=1, max_length=1000, pattern=NO_NUL)]
RemoteAddress = Annotated[str, Field(min_length=1, max_length=2000, pattern=NO_NUL)]
ReadingState = Literal["waiting", "reading", "sorting", "saving", "done", "failed"]
Kept = Annotated[Literal["keep", "erase"], Field(description="Whether what was read is kept or erased.")]


class Calendar(Schema):
    """One calendar: a file handed in, a subscribed address, or one of an account. Its secret address is never told."""

    id: int
    name: str
    kind: Literal["file", "address", "account"]
    shown_address: str = Field(description="What may be shown of its address; empty for a file.")
    account_id: int | None
    entries: int
    zone: str = Field(description="The owner's time zone when it was read.")
    paused: bool
    writable: bool
    written_to: bool
    read_at: datetime | None
    due_at: datetime | None
    trouble: str = Field(description="Why it could not be read last, in a sentence; empty when it could.")


class Trouble(Schema):
    """What could not be read, or was read otherwise than written: where, and why."""

    source: str
    line: int | None
    reason: str
    lost: bool


class CalendarReading(Schema):
    """One reading of a calendar, and how far it is."""

    id: int
    name: str
    calendar_id: int | None
    state: ReadingState
    steps_done: int
    steps_total: int
    entries: int
    occurrences: int
    lost: int = Field(description="Entries that could not be read.")
    altered: int = Field(description="Entries read otherwise than written.")
    problems: list[Trouble]
    failure: str = Field(description="Why it failed, in a sentence; empty when it did not.")
    started_at: datetime
    finished_at: datetime | None


class Subscription(Sent):
    """The address of a calendar to be read now, and again by itself later."""

    address: str = Field(max_length=2000, pattern=WEB, examples=["https://cloud.example.org/calendar.ics"])


class Pausing(Sent):
    """Whether a calendar is read by itself."""

    paused: Flag


class Outbox(Schema):
    """Entries on their way into calendars."""

    waiting: int
    failed: int
    troubles: list[str] = Field(description="Why some cannot be written, in sentences.")


class Offered(Schema):
    """A calendar an account has."""

    address: str
    name: str
    writable: bool
    read: bool
    written_to: bool


class CalendarAccount(Schema):
    """An account with a calendar server. Its password is never told."""

    id: int
    address: str
    username: str
    refusal: str = Field(description="Why the server refuses it, in a sentence; empty when it does not.")
    connected_at: datetime
    offered: list[Offered]


class AccountToConnect(Sent):
    """A server, and how to sign in there."""

    address: str = Field(max_length=2000, pattern=HOST_OR_WEB, examples=["cloud.example.org"])
    username: Line = Field(max_length=300)
    password: Secret


class AccountPassword(Sent):
    """The password of an account, again."""

    password: Secret


class CalendarChoice(Sent):
    """Which of the offered calendars are read, and which one is written to."""

    read: list[RemoteAddress] = Field(max_length=200, description="Addresses among those the account offers.")
    write_to: RemoteAddress | None = None
    erase_others: Flag = Field(default=False, description="Whether what was read of the others is erased.")


@router.get("/calendars", response=answers(Page[Calendar]), operation_id="list_calendars")
@operation("own calendars", scope=Scope.READ, audience=Audience.ASSISTED)
def list_calendars(request: HttpRequest) -> Page[Calendar]:
    """The calendars that are read."""
    return Page(items=[_calendar(row, row.entry_count) for row in queries.calendars_of(person_of(request))])  # type: ignore[attr-defined]


@router.post("/calendars", response=answers(CalendarReading, status=202), operation_id="subscribe_calendar")
@operation("own calendars", scope=Scope.WRITE, audience=Audience.ASSISTED)
def subscribe(request: HttpRequest, sent: Subscription) -> Status[CalendarReading]:
    """Read the calendar at an address, now and again later."""
    person = person_of(request)
    _refuse_demo(person)
    job = actions.hand_in_calendar(
        actor=actor_of(request), person=person, upload=None, address=sent.address, name="", now=timezone.now()
    )
    return _begun(job)


@router.post("/calendars/files", response=answers(CalendarReading, status=202), operation_id="hand_in_calendar")
@operation("own calendars", scope=Scope.WRITE, audience=Audience.ASSISTED)
def hand_in(request: HttpRequest, file: File[UploadedFile]) -> Status[CalendarReading]:
    """Read an .ics file, or a .zip of some; it takes the place of the file of the same name."""
    job = actions.hand_in_calendar(
        actor=actor_of(request),
        person=person_of(request),
        upload=cast("BinaryIO", file),
        address="",
        name=file.name or "",
        now=timezone.now(),
    )
    return _begun(job)


@router.get("/calendars/{calendar_id}", response=answers(Calendar), operation_id="get_calendar")
@operation("own calendars", scope=Scope.READ, audience=Audience.ASSISTED)
def get_calendar(request: HttpRequest, calendar_id: Id) -> Calendar:
    """One calendar."""
    row = queries.calendar_of(person_of(request), calendar_id)
    return _calendar(row, row.entries.count())


@router.patch("/calendars/{calendar_id}", response=answers(Calendar), operation_id="pause_calendar")
@operation("own calendars", scope=Scope.WRITE, audience=Audience.ASSISTED)
def pause(request: HttpRequest, calendar_id: Id, sent: Pausing) -> Calendar:
    """Read a calendar no more by itself, or again."""
    person = person_of(request)
    row = queries.subscription_of(person, calendar_id)
    accounts.pause(actor=actor_of(request), calendar=row, paused=sent.paused, now=timezone.now())
    return get_calendar(request, calendar_id)


@router.delete("/calendars/{calendar_id}", response=answers(None, status=204), operation_id="erase_calendar")
@operation("own calendars", scope=Scope.WRITE, audience=Audience.ASSISTED)
def erase(request: HttpRequest, calendar_id: Id) -> Status[None]:
    """Erase a calendar with all its entries for good."""
    row = queries.calendar_of(person_of(request), calendar_id)
    actions.erase_calendar(actor=actor_of(request), calendar=row, now=timezone.now())
    return Status(204, None)


@router.post(
    "/calendars/{calendar_id}/readings",
    response=answers(CalendarReading, status=202),
    operation_id="read_calendar_again",
)
@operation("own calendars", scope=Scope.WRITE, audience=Audience.ASSISTED)
def read_again(request: HttpRequest, calendar_id: Id) -> Status[CalendarReading]:
    """Read a calendar that is kept in step now."""
    row = queries.subscription_of(person_of(request), calendar_id)
    return _begun(actions.ask_again(actor=actor_of(request), calendar=row, now=timezone.now()))


@router.delete(
    "/calendars/{calendar_id}/connection", response=answers(None, status=204), operation_id="disconnect_calendar"
)
@operation("own calendars", scope=Scope.WRITE, audience=Audience.ASSISTED)
def disconnect(request: HttpRequest, calendar_id: Id, read: Kept) -> Status[None]:
    """Forget the address of a calendar that is kept in step."""
    row = queries.subscription_of(person_of(request), calendar_id)
    accounts.disconnect_calendar(actor=actor_of(request), calendar=row, erase=read == "erase", now=timezone.now())
    return Status(204, None)


@router.get("/calendar-readings/{reading_id}", response=answers(CalendarReading), operation_id="get_reading")
@operation("own import", scope=Scope.READ, audience=Audience.ASSISTED)
def get_reading(request: HttpRequest, reading_id: Id) -> CalendarReading:
    """How far a reading is, and what it brought."""
    return _reading(queries.import_of(person_of(request), reading_id))


@router.get("/outbox", response=answers(Outbox), operation_id="get_outbox")
@operation("own calendars", scope=Scope.READ, audience=Audience.ASSISTED)
def get_outbox(request: HttpRequest) -> Outbox:
    """What waits to be written into calendars, and what cannot be."""
    found = queries.outbox(person_of(request))
    return Outbox(waiting=found.waiting, failed=found.failed, troubles=[failure_sentence(kind) for kind in found.kinds])


@router.get("/calendar-accounts", response=answers(Page[CalendarAccount]), operation_id="list_calendar_accounts")
@operation("own calendar account", scope=Scope.READ, audience=Audience.ASSISTED)
def list_accounts(request: HttpRequest) -> Page[CalendarAccount]:
    """The accounts with calendar servers."""
    return Page(items=[_account(row) for row in queries.accounts_of(person_of(request))])


@router.post(
    "/calendar-accounts", response=answers(CalendarAccount, status=201), operation_id="connect_calendar_account"
)
@operation("own calendar account", scope=Scope.WRITE, audience=Audience.ASSISTED)
def connect(request: HttpRequest, sent: AccountToConnect) -> Status[CalendarAccount]:
    """Connect an account with a calendar server, which is asked at once."""
    person = person_of(request)
    _refuse_demo(person)
    try:
        row = accounts.connect(
            actor=actor_of(request),
            person=person,
            address=sent.address,
            username=sent.username,
            password=sent.password,
            now=timezone.now(),
        )
    except CalendarError as error:
        raise _refused(error) from error
    return Status(201, _account(row))


@router.get("/calendar-accounts/{account_id}", response=answers(CalendarAccount), operation_id="get_calendar_account")
@operation("own calendar account", scope=Scope.READ, audience=Audience.ASSISTED)
def get_account(request: HttpRequest, account_id: Id) -> CalendarAccount:
    """One account, with the calendars it has."""
    return _account(queries.account_of(person_of(request), account_id))


@router.delete(
    "/calendar-accounts/{account_id}",
    response=answers(None, status=204),
    operation_id="disconnect_calendar_account",
)
@operation("own calendar account", scope=Scope.WRITE, audience=Audience.ASSISTED)
def disconnect_account(request: HttpRequest, account_id: Id, read: Kept) -> Status[None]:
    """Forget an account and its password."""
    row = queries.account_of(person_of(request), account_id)
    accounts.disconnect(actor=actor_of(request), account=row, erase=read == "erase", now=timezone.now())
    return Status(204, None)


@router.put(
    "/calendar-accounts/{account_id}/calendars",
    response=answers(Page[CalendarReading]),
    operation_id="choose_calendars",
)
@operation("own calendar account", scope=Scope.WRITE, audience=Audience.ASSISTED)
def choose(request: HttpRequest, account_id: Id, sent: CalendarChoice) -> Page[CalendarReading]:
    """Choose which calendars of an account are read, and which one is written to; each new one is read now."""
    row = queries.account_of(person_of(request), account_id)
    readable = {each["address"] for each in row.offered}
    writable = {each["address"] for each in row.offered if each["writable"]}
    if not set(sent.read) <= readable or (sent.write_to is not None and sent.write_to not in writable):
        raise CannotBe(_("The account offers no such calendar, or it takes no entries. Look at what it offers."))
    jobs = accounts.choose_calendars(
        actor=actor_of(request),
        account=row,
        read=sent.read,
        write_to=sent.write_to or "",
        erase_others=sent.erase_others,
        now=timezone.now(),
    )
    for job in jobs:
        tasks.read_import.enqueue(job.pk)
    return Page(items=[_reading(job) for job in jobs])


@router.post(
    "/calendar-accounts/{account_id}/looks", response=answers(CalendarAccount), operation_id="look_at_account_again"
)
@operation("own calendar account", scope=Scope.WRITE, audience=Audience.ASSISTED)
def look_again(request: HttpRequest, account_id: Id) -> CalendarAccount:
    """Ask the server of an account anew which calendars it has."""
    row = queries.account_of(person_of(request), account_id)
    try:
        accounts.look_again(actor=actor_of(request), account=row, now=timezone.now())
    except (CalendarError, vault.KeyLost) as error:
        raise _refused(error) from error
    return get_account(request, account_id)


@router.put(
    "/calendar-accounts/{account_id}/password",
    response=answers(None, status=204),
    operation_id="renew_account_password",
)
@operation("own calendar account", scope=Scope.WRITE, audience=Audience.ASSISTED)
def renew_password(request: HttpRequest, account_id: Id, sent: AccountPassword) -> Status[None]:
    """Give the password of an account again; the server is asked whether it takes it."""
    row = queries.account_of(person_of(request), account_id)
    try:
        accounts.try_password(row, sent.password)
    except CalendarError as error:
        raise _refused(error) from error
    accounts.renew_password(actor=actor_of(request), account=row, password=sent.password, now=timezone.now())
    return Status(204, None)


def _refuse_demo(person: Person) -> None:
    if person.is_demo:
        raise Http404


def _refused(error: Exception) -> CannotBe:
    """What a calendar server answered, as a conflict: the request was well formed, the world is not as it says."""
    return CannotBe(failure_sentence(syncing.kind_of(error)))


def _begun(job: models.Import) -> Status[CalendarReading]:
    tasks.read_import.enqueue(job.pk)
    job.refresh_from_db()
    return Status(202, _reading(job))


def _calendar(row: models.Calendar, entries: int) -> Calendar:
    return Calendar(
        id=row.pk,
        name=row.name,
        kind="account" if row.account_id else "address" if row.sealed_address else "file",
        shown_address=row.shown_address or row.remote,
        account_id=row.account_id,
        entries=entries,
        zone=row.zone,
        paused=row.paused,
        writable=row.writable,
        written_to=row.written_to,
        read_at=row.read_at,
        due_at=row.due_at,
        trouble=failure_sentence(row.trouble_kind) if row.trouble_kind else "",
    )


def _reading(row: models.Import) -> CalendarReading:
    return CalendarReading(
        id=row.pk,
        name=row.name,
        calendar_id=row.calendar_id,
        state=cast("ReadingState", row.state),
        steps_done=row.steps_done,
        steps_total=row.steps_total,
        entries=row.entries,
        occurrences=row.occurrences,
        lost=row.lost,
        altered=row.altered,
        problems=[Trouble(**each) for each in row.problems],
        failure=failure_sentence(row.failure_kind) if row.failure_kind else "",
        started_at=row.started_at,
        finished_at=row.finished_at,
    )


def _account(row: models.Account) -> CalendarAccount:
    read = {calendar.remote: calendar.written_to for calendar in queries.calendars_of_account(row)}
    return CalendarAccount(
        id=row.pk,
        address=row.address,
        username=row.username,
        refusal=failure_sentence(row.refusal) if row.refusal else "",
        connected_at=row.connected_at,
        offered=[
            Offered(
                address=each["address"],
                name=str(each["name"]),
                writable=bool(each["writable"]),
                read=each["address"] in read,
                written_to=read.get(each["address"], False),
            )
            for each in row.offered
        ],
    )
