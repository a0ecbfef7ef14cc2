"""Operations of the API on what is kept of people: one's own data, erasing, retention, the trail, the statements."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema, Status
from pydantic import Field

from equipoise.apps.people.requests import actor_of, answering_person, person_of, viewer_of
from equipoise.apps.privacy import models
from equipoise.apps.privacy.erasing import actions as erasing
from equipoise.apps.privacy.erasing import queries as leaving
from equipoise.apps.privacy.own_data import actions, packing, queries, tasks
from equipoise.apps.privacy.own_data.words import act_name
from equipoise.apps.privacy.packs.document import as_markdown
from equipoise.apps.privacy.packs.views import ANSWERS_FOR_IT, PACKS
from equipoise.apps.privacy.retention import actions as retaining
from equipoise.apps.privacy.retention import queries as retention
from equipoise.apps.privacy.trail import actions as auditing
from equipoise.apps.privacy.trail import queries as trail
from equipoise.platform.access import Audience
from equipoise.platform.api import (
    Address,
    CannotBe,
    Day,
    Flag,
    Id,
    Page,
    Paging,
    Scope,
    Sent,
    ShortText,
    Whole,
    answers,
    operation,
    page_of,
)
from equipoise.platform.vault import KeyLost

router = Router(tags=["Privacy"])


def _as_kind(kind: str, **schema: str) -> dict[str, Any]:
    """How an answer that is no JSON is described."""
    return {"responses": {200: {"content": {kind: {"schema": {"type": "string", **schema}}}}}}


PackageState = Literal["waiting", "ready", "failed"]
Words = Annotated[ShortText, Field(max_length=120)]
PackName = Literal["record", "council", "statement"]
Language = Literal["en", "de"]


class OwnAct(Schema):
    """One act on one's own records."""

    at: datetime
    verb: str
    did: str = Field(description="The same in words.")
    by_owner: bool
    by_software: bool
    by_assistant: str = Field(description="The assistant who did it for the owner; empty when none did.")
    by_other: str = Field(description="Who else did it; empty when they are no longer here.")


class ActForOther(Schema):
    """One act for somebody whom one assists or once did."""

    at: datetime
    verb: str
    did: str
    owner: str


class PackageTold(Schema):
    """Everything kept of a person, packed to be fetched."""

    id: int
    state: PackageState
    size: int
    asked_at: datetime
    ready_at: datetime | None


class ErasingAsked(Sent):
    """Asking for everything about oneself to be erased; one's own address confirms it."""

    email: Address
    at_once: Flag = Field(default=False, description="Without a waiting time: on a machine of one's own alone.")


class ErasingTold(Schema):
    """When everything about the person is erased; null when that was not asked for, or is done."""

    erase_after: datetime | None


class Leaver(Schema):
    """Somebody who left and is not erased yet; nothing of what they keep."""

    person_id: int
    name: str
    left_on: date | None
    erased_on: date
    started: bool = Field(description="Whether somebody set that day.")


class KeptFor(Schema):
    """For how many days a kind of record is kept; null for as long as nobody erases it."""

    kind: str
    name: str
    days: int | None
    default: int | None
    least: int
    most: int
    may_be_set: bool
    changed_at: datetime | None


class DaysToKeep(Sent):
    """For how many days a kind of record is to be kept; null takes the default."""

    kind: Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[a-z0-9_-]+$")]
    days: Annotated[Whole, Field(ge=0, le=40_000)] | None


class RetentionChoice(Sent):
    """For how long some kinds of record are to be kept; the others stay as they are."""

    kinds: Annotated[list[DaysToKeep], Field(max_length=100)]


class TrailAct(Schema):
    """One act of the trail: who, to whose records, what; never its content."""

    number: int
    at: datetime
    actor_id: int | None
    actor: str
    subject_id: int | None
    subject: str
    verb: str
    did: str
    detail: str


class TrailSought(Sent):
    """Which acts are looked for; what is empty does not matter."""

    who: Words = ""
    whom: Words = ""
    verb: Words = ""
    since: Day | None = None
    until: Day | None = None


class TrailCheck(Schema):
    """What a check of the whole chain found."""

    entries: int
    shortened: int
    broken: list[int] = Field(description="Numbers of the entries that are not what was written.")
    complete: bool
    mark: str = Field(description="Count and digest of the last entry, to be noted elsewhere.")


@router.post("/own-data/exports", response=answers(dict[str, Any]), operation_id="export_own_data")
@operation("own data", scope=Scope.WRITE)
def export(request: HttpRequest) -> HttpResponse:
    """Everything kept about the person, whole; the trail tells that it was taken along."""
    person, now = person_of(request), timezone.now()
    actions.note_export(person=person, now=now)
    return HttpResponse(packing.as_json(queries.everything(person, now=now)), content_type="application/json")


@router.get("/own-data/trail", response=answers(Page[OwnAct]), operation_id="list_own_acts")
@operation("own data", scope=Scope.READ)
def list_own_acts(request: HttpRequest, *, by_assistants: Flag = False) -> Page[OwnAct]:
    """The latest acts on one's own records, newest first; on request those of assistants alone."""
    return Page(
        items=[
            OwnAct(
                at=each.at,
                verb=each.did,
                did=act_name(each.did),
                by_owner=each.by_owner,
                by_software=each.by_software,
                by_assistant=each.assistant,
                by_other=each.other,
            )
            for each in queries.trail(person_of(request), assistants_only=by_assistants)
        ]
    )


@router.get("/own-data/acts-for-others", response=answers(Page[ActForOther]), operation_id="list_acts_for_others")
@operation("own assisting", scope=Scope.READ, audience=Audience.SIGNED_IN)
def list_acts_for_others(request: HttpRequest) -> Page[ActForOther]:
    """The latest acts for those one assists or once did, newest first."""
    return Page(
        items=[
            ActForOther(at=each.at, verb=each.did, did=act_name(each.did), owner=each.owner)
            for each in queries.done_as_assistant(actor_of(request))
        ]
    )


@router.get("/own-data/packages", response=answers(Page[PackageTold]), operation_id="list_packages")
@operation("own data", scope=Scope.READ)
def list_packages(request: HttpRequest) -> Page[PackageTold]:
    """What was packed to be fetched."""
    return Page(items=[_package(row) for row in queries.packages_of(person_of(request))])


@router.post("/own-data/packages", response=answers(PackageTold, status=202), operation_id="ask_for_package")
@operation("own data", scope=Scope.WRITE)
def ask_for_package(request: HttpRequest) -> Status[PackageTold]:
    """Have everything packed in the background: JSON whole, tables as CSV, calendars as .ics."""
    row = actions.ask_for_package(actor=actor_of(request), person=person_of(request), now=timezone.now())
    if row is None:
        raise CannotBe(_("It is being packed already. Come back in a few minutes."))
    tasks.pack.enqueue(row.pk)
    row.refresh_from_db()
    return Status(202, _package(row))


@router.get(
    "/own-data/packages/{package_id}/archive",
    response=answers(None),
    operation_id="fetch_package",
    openapi_extra=_as_kind("application/zip", format="binary"),
)
@operation("own data", scope=Scope.READ)
def fetch_package(request: HttpRequest, package_id: Id) -> HttpResponse:
    """The archive, once it is ready."""
    try:
        content = packing.fetch(queries.package_of(person_of(request), package_id))
    except (FileNotFoundError, KeyLost) as error:
        raise Http404 from error
    return HttpResponse(content, content_type="application/zip")


@router.get("/own-data/erasing", response=answers(ErasingTold), operation_id="get_erasing")
@operation("own data", scope=Scope.READ)
def get_erasing(request: HttpRequest) -> ErasingTold:
    """When everything about the person is erased, if that was asked for."""
    return ErasingTold(erase_after=person_of(request).erase_after)


@router.put("/own-data/erasing", response=answers(ErasingTold), operation_id="ask_for_erasing")
@operation("own data", scope=Scope.WRITE)
def ask_for_erasing(request: HttpRequest, sent: ErasingAsked) -> ErasingTold:
    """Ask for everything about oneself to be erased; it can be taken back for fourteen days."""
    person = person_of(request)
    if person.is_demo:
        raise Http404
    if sent.email.casefold() != person.email.casefold():
        raise CannotBe(_("That is not your address. Nothing was erased."))
    try:
        if sent.at_once:
            erasing.erase_at_once(person=person, now=timezone.now())
            return ErasingTold(erase_after=None)
        until = erasing.ask_for_erasing(actor=actor_of(request), person=person, now=timezone.now())
    except erasing.LastAdministrator as error:
        raise CannotBe(str(error)) from error
    except erasing.NotAlone as error:
        raise CannotBe(_("There are others here, so there is a waiting time.")) from error
    return ErasingTold(erase_after=until)


@router.delete("/own-data/erasing", response=answers(None, status=204), operation_id="take_erasing_back")
@operation("own data", scope=Scope.WRITE)
def take_erasing_back(request: HttpRequest) -> Status[None]:
    """Erase nothing after all."""
    erasing.take_back(actor=actor_of(request), person=person_of(request), now=timezone.now())
    return Status(204, None)


@router.get("/organisation/leavers", response=answers(Page[Leaver]), operation_id="list_leavers")
@operation("people who left", scope=Scope.READ, audience=Audience.ADMINISTRATOR)
def list_leavers(request: HttpRequest) -> dict[str, Any]:
    """Who left, and when everything of theirs is erased; the next first."""
    return {"items": leaving.leavers(viewer_of(request))}


@router.put("/organisation/leavers/{leaver_id}/erasing", response=answers(ErasingTold), operation_id="erase_leaver")
@operation("people who left", scope=Scope.WRITE, audience=Audience.ADMINISTRATOR)
def erase_leaver(request: HttpRequest, leaver_id: Id) -> ErasingTold:
    """Begin erasing somebody who left, sooner than by itself."""
    left = leaving.leaver_of(viewer_of(request), leaver_id)
    if left.is_demo:
        raise Http404
    return ErasingTold(
        erase_after=erasing.ask_for_erasing(actor=answering_person(request), person=left, now=timezone.now())
    )


@router.delete(
    "/organisation/leavers/{leaver_id}/erasing", response=answers(None, status=204), operation_id="keep_leaver"
)
@operation("people who left", scope=Scope.WRITE, audience=Audience.ADMINISTRATOR)
def keep_leaver(request: HttpRequest, leaver_id: Id) -> Status[None]:
    """Let somebody who left be erased by itself again, and no sooner."""
    left = leaving.leaver_of(viewer_of(request), leaver_id)
    erasing.take_back(actor=answering_person(request), person=left, now=timezone.now())
    return Status(204, None)


@router.get("/organisation/retention", response=answers(Page[KeptFor]), operation_id="list_retention")
@operation("retention by kind of record", scope=Scope.READ, audience=Audience.ADMINISTRATOR)
def list_retention(request: HttpRequest) -> Page[KeptFor]:
    """For how long each kind of record is kept."""
    return Page(items=[_kept(each) for each in retention.all_kept()])


@router.patch("/organisation/retention", response=answers(Page[KeptFor]), operation_id="choose_retention")
@operation("retention by kind of record", scope=Scope.WRITE, audience=Audience.ADMINISTRATOR)
def choose_retention(request: HttpRequest, sent: RetentionChoice) -> Page[KeptFor]:
    """Choose for how long kinds of record are kept; what is due is erased within the hour."""
    actor = answering_person(request)
    if actor.is_demo:
        raise Http404
    try:
        retaining.choose(actor=actor, days={each.kind: each.days for each in sent.kinds}, now=timezone.now())
    except LookupError as error:
        raise CannotBe(_("There is no such kind of record.")) from error
    except retaining.OutOfBounds as error:
        raise CannotBe(_("A kind of record cannot be kept for so many days; see “least” and “most”.")) from error
    return list_retention(request)


@router.get("/organisation/trail", response=answers(Page[TrailAct]), operation_id="list_trail")
@operation("the audit trail", scope=Scope.READ, audience=Audience.AUDITOR)
def list_trail(
    request: HttpRequest,
    *,
    paging: Query[Paging],
    who: Words = "",
    whom: Words = "",
    verb: Words = "",
    since: Day | None = None,
    until: Day | None = None,
) -> dict[str, Any]:
    """Acts, newest first, by who did them, to whose records, what and when."""
    sought = trail.Sought(who=who, whom=whom, verb=verb, since=since, until=until)
    page = page_of(request, trail.rows(actor_of(request), sought), paging, order=("-id",))
    return {**page, "items": trail.told(page["items"])}


@router.post("/organisation/trail/checks", response=answers(TrailCheck), operation_id="check_trail")
@operation("the audit trail", scope=Scope.WRITE, audience=Audience.AUDITOR)
def check_trail(request: HttpRequest) -> TrailCheck:
    """Check the whole chain; the trail tells that it was checked."""
    found = auditing.check(actor=actor_of(request), now=timezone.now())
    return TrailCheck(
        entries=found.entries,
        shortened=found.shortened,
        broken=list(found.broken),
        complete=found.complete,
        mark=found.mark,
    )


@router.post(
    "/organisation/trail/exports",
    response=answers(None),
    operation_id="export_trail",
    openapi_extra=_as_kind("text/csv"),
)
@operation("the audit trail", scope=Scope.WRITE, audience=Audience.AUDITOR)
def export_trail(request: HttpRequest, sent: TrailSought) -> HttpResponse:
    """What was looked for, as a table, oldest first."""
    viewer = actor_of(request)
    sought = trail.Sought(**sent.model_dump())
    auditing.note_export(actor=viewer, now=timezone.now())
    return HttpResponse("".join(trail.as_table(viewer, sought)), content_type="text/csv; charset=utf-8")


@router.get(
    "/privacy/statement",
    response=answers(None),
    operation_id="get_privacy_statement",
    openapi_extra=_as_kind("text/markdown"),
)
@operation("what is kept of people", scope=Scope.READ, audience=Audience.MEMBER)
def get_statement(request: HttpRequest, language: Language | None = None) -> HttpResponse:
    """What is kept of people, why, for how long and who sees it, for everybody."""
    return _document("statement", language)


@router.get(
    "/organisation/privacy-packs/{pack}",
    response=answers(None),
    operation_id="get_privacy_pack",
    openapi_extra=_as_kind("text/markdown"),
)
@operation("statements on data protection", scope=Scope.READ, audience=ANSWERS_FOR_IT)
def get_pack(request: HttpRequest, pack: PackName, language: Language | None = None) -> HttpResponse:
    """A document on data protection: the record of what is processed, the pack for the council, or the statement."""
    return _document(pack, language)


def _document(pack: str, language: str | None) -> HttpResponse:
    with translation.override(language or translation.get_language()):
        body = as_markdown(PACKS[pack]())
    return HttpResponse(body, content_type="text/markdown; charset=utf-8")


def _package(row: models.Package) -> PackageTold:
    return PackageTold(
        id=row.pk,
        state=cast("PackageState", row.state),
        size=row.size,
        asked_at=row.asked_at,
        ready_at=row.ready_at,
    )


def _kept(each: retention.Kept) -> KeptFor:
    keeping = each.kind.keeping
    return KeptFor(
        kind=each.kind.key,
        name=str(each.kind.name),
        days=each.days,
        default=keeping.days,
        least=keeping.least,
        most=keeping.most,
        may_be_set=keeping.may_be_set,
        changed_at=each.changed_at,
    )
