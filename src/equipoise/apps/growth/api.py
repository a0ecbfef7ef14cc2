"""Operations of the API on reflections: for the person alone, also against an assistant."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, cast

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema, Status
from pydantic import Field

from equipoise.apps.growth import actions, models, queries
from equipoise.apps.growth.asking import asked_now, may_look_back
from equipoise.apps.growth.forms import LONGEST_ANSWER, LONGEST_INTENTION
from equipoise.apps.growth.mapping import Words, last_day
from equipoise.apps.growth.markdown import as_markdown
from equipoise.apps.growth.questions import THEME_NAMES
from equipoise.apps.people.requests import actor_of, person_of
from equipoise.platform.api import (
    CannotBe,
    Day,
    Flag,
    Id,
    Line,
    Page,
    Paging,
    Scope,
    Sent,
    Text,
    answers,
    operation,
    page_of,
)

router = Router(tags=["Reflections"])

MARKDOWN_TYPE = "text/markdown; charset=utf-8"
AS_MARKDOWN = {"responses": {200: {"content": {"text/markdown": {"schema": {"type": "string"}}}}}}

Rhythm = Literal["weekly", "monthly"]
LongAnswer = Annotated[Text, Field(max_length=LONGEST_ANSWER)]


class ReflectionOffer(Schema):
    """A week or month that can be looked back at today."""

    rhythm: Rhythm
    start: date
    last: date
    reflection_id: int | None = Field(description="The reflection on it that was begun or finished, if one was.")
    is_done: bool


class ReflectionShown(Schema):
    """One look back at a week or month, without its words."""

    id: int
    rhythm: Rhythm
    start: date
    last: date
    begun_at: datetime
    kept_at: datetime
    finished_at: datetime | None
    removed_at: datetime | None = Field(description="It is erased seven days after.")


class AnswerWritten(Schema):
    """One question as it was asked, and what was answered."""

    key: str
    asked: str
    answer: str


class ReflectionPart(Schema):
    """One theme: the evidence as it was shown, and the questions."""

    theme: str
    name: str
    evidence: list[str]
    answers: list[AnswerWritten]


class ReflectionRead(ReflectionShown):
    """One look back with all its words; `readable` is false when the server lost the key it was locked with."""

    readable: bool
    meant: str = Field(description="The intention of the week before, as it was written.")
    came_of_it: str
    intention: str
    parts: list[ReflectionPart]


class ReflectionToBegin(Sent):
    """Which week or month to look back at: a Monday, or the first of a month."""

    rhythm: Rhythm
    start: Day


class AnswerSent(Sent):
    """An answer to a question of the reflection."""

    key: Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[a-z0-9-]+$")]
    answer: LongAnswer


class ReflectionWords(Sent):
    """What is written; what is not given stays as it is."""

    answers: list[AnswerSent] = Field(default_factory=list, max_length=40)
    came_of_it: LongAnswer | None = None
    intention: Annotated[Text, Field(max_length=LONGEST_INTENTION)] | None = None
    finish: Flag = Field(default=False, description="Whether it counts as done from now on.")


class WordsToFind(Sent):
    """Words to look for; they are sent in the body, so that no address and no log holds them."""

    words: Annotated[Line, Field(max_length=100)]


class ReflectionReminders(Sent):
    """Which reflections to be reminded of."""

    weekly: Flag
    monthly: Flag


@router.get("/reflection-offers", response=answers(Page[ReflectionOffer]), operation_id="list_reflection_offers")
@operation("own reflections", scope=Scope.READ)
def list_offers(request: HttpRequest) -> Page[ReflectionOffer]:
    """The week and the month one can look back at today."""
    return Page(
        items=[
            ReflectionOffer(
                rhythm=cast("Rhythm", str(each.rhythm)),
                start=each.start,
                last=each.last,
                reflection_id=each.row.pk if each.row else None,
                is_done=each.is_done,
            )
            for each in queries.offers(person_of(request), today=timezone.localdate())
        ]
    )


@router.get("/reflections", response=answers(Page[ReflectionShown]), operation_id="list_reflections")
@operation("own reflections", scope=Scope.READ)
def list_reflections(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """The reflections that were begun or finished, the latest first, without their words."""
    rows = queries.reflection_rows(person_of(request), removed=False)
    return _shown_page(page_of(request, rows, paging, order=("-start", "rhythm", "-id")))


@router.post("/reflections", response=answers(ReflectionRead, status=201), operation_id="begin_reflection")
@operation("own reflections", scope=Scope.WRITE)
def begin(request: HttpRequest, sent: ReflectionToBegin) -> Status[ReflectionRead]:
    """Begin to look back at a week or month, or take up what was begun."""
    person = person_of(request)
    if not may_look_back(sent.rhythm, sent.start, today=timezone.localdate()):
        raise CannotBe(_("Give a Monday of the last five weeks, or the first of a month of the last hundred days."))
    row = actions.begin(
        actor=actor_of(request),
        person=person,
        rhythm=sent.rhythm,
        start=sent.start,
        content=asked_now(person, sent.rhythm, sent.start),
        now=timezone.now(),
    )
    return Status(201, _read(row))


@router.get("/reflections/{reflection_id}", response=answers(ReflectionRead), operation_id="get_reflection")
@operation("own reflection", scope=Scope.READ)
def get_reflection(request: HttpRequest, reflection_id: Id) -> ReflectionRead:
    """One reflection with all its words."""
    return _read(queries.reflection_of(person_of(request), reflection_id))


@router.patch("/reflections/{reflection_id}", response=answers(ReflectionRead), operation_id="write_reflection")
@operation("own reflection", scope=Scope.WRITE)
def write(request: HttpRequest, reflection_id: Id, sent: ReflectionWords) -> ReflectionRead:
    """Write answers and an intention, and finish if wanted; with `If-Match` nothing written elsewhere is lost."""
    row = queries.reflection_of(person_of(request), reflection_id)
    act = actions.finish if sent.finish else actions.keep
    try:
        act(actor=actor_of(request), reflection=row, words=_words(row, sent), now=timezone.now())
    except actions.NothingWritten as error:
        raise CannotBe(_("Nothing is written yet. One line is enough.")) from error
    return _read(queries.reflection_of(person_of(request), reflection_id))


@router.delete("/reflections/{reflection_id}", response=answers(None, status=204), operation_id="remove_reflection")
@operation("own reflection", scope=Scope.WRITE)
def remove(request: HttpRequest, reflection_id: Id) -> Status[None]:
    """Take a reflection away; it can be put back for seven days."""
    row = queries.reflection_of(person_of(request), reflection_id)
    actions.remove(actor=actor_of(request), reflection=row, now=timezone.now())
    return Status(204, None)


@router.get("/removed-reflections", response=answers(Page[ReflectionShown]), operation_id="list_removed_reflections")
@operation("own reflections", scope=Scope.READ)
def list_removed(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """What was removed and is not erased yet."""
    rows = queries.reflection_rows(person_of(request), removed=True)
    return _shown_page(page_of(request, rows, paging, order=("-start", "rhythm", "-id")))


@router.post(
    "/removed-reflections/{removed_id}/returns",
    response=answers(ReflectionRead),
    operation_id="put_reflection_back",
)
@operation("own reflection", scope=Scope.WRITE)
def put_back(request: HttpRequest, removed_id: Id) -> ReflectionRead:
    """Put a removed reflection back."""
    row = queries.removed_reflection_of(person_of(request), removed_id)
    try:
        actions.put_back(actor=actor_of(request), reflection=row, now=timezone.now())
    except actions.OneIsThere as error:
        raise CannotBe(_("There is another reflection on it by now. Remove that one first.")) from error
    return _read(queries.reflection_of(person_of(request), removed_id))


@router.delete("/removed-reflections/{removed_id}", response=answers(None, status=204), operation_id="erase_reflection")
@operation("own reflection", scope=Scope.WRITE)
def erase(request: HttpRequest, removed_id: Id) -> Status[None]:
    """Erase a removed reflection for good."""
    row = queries.removed_reflection_of(person_of(request), removed_id)
    actions.erase(actor=actor_of(request), reflection=row, now=timezone.now())
    return Status(204, None)


@router.post("/reflection-searches", response=answers(Page[ReflectionRead]), operation_id="search_reflections")
@operation("own reflections", scope=Scope.READ)
def search(request: HttpRequest, sent: WordsToFind) -> Page[ReflectionRead]:
    """The reflections in which all of these words occur, whatever their case; they stay on the server's memory only."""
    return Page(items=[_read(each.row) for each in queries.search(person_of(request), sent.words)])


@router.post(
    "/reflection-downloads", response=answers(None), operation_id="download_reflections", openapi_extra=AS_MARKDOWN
)
@operation("own reflections", scope=Scope.WRITE)
def download(request: HttpRequest) -> HttpResponse:
    """All reflections as one Markdown text; the trail tells that they were taken along."""
    person = person_of(request)
    actions.note_download(actor=actor_of(request), person=person, now=timezone.now())
    return HttpResponse(as_markdown(queries.reflections(person)), content_type=MARKDOWN_TYPE)


@router.get("/reflection-reminders", response=answers(ReflectionReminders), operation_id="get_reflection_reminders")
@operation("own reflections", scope=Scope.READ)
def get_reminders(request: HttpRequest) -> ReflectionReminders:
    """Which reflections one is reminded of."""
    found = queries.reminders(person_of(request))
    return ReflectionReminders(weekly=found.weekly, monthly=found.monthly)


@router.put("/reflection-reminders", response=answers(ReflectionReminders), operation_id="choose_reflection_reminders")
@operation("own reflections", scope=Scope.WRITE)
def choose_reminders(request: HttpRequest, sent: ReflectionReminders) -> ReflectionReminders:
    """Choose what to be reminded of."""
    actions.choose_reminders(
        actor=actor_of(request),
        person=person_of(request),
        weekly=sent.weekly,
        monthly=sent.monthly,
        now=timezone.now(),
    )
    return sent


def _words(row: models.Reflection, sent: ReflectionWords) -> Words:
    """What was sent, with what is there where nothing was.

    Raises:
        CannotBe: The reflection cannot be opened, or does not ask what was answered.
    """
    content = queries.kept(row).content
    if content is None:
        raise CannotBe(_("This reflection cannot be opened: it was locked with another key than the server has now."))
    asked = {each.key for part in content.parts for each in part.answers}
    if not {each.key for each in sent.answers} <= asked:
        raise CannotBe(_("This reflection does not ask that. Read it for the keys of its questions."))
    return Words(
        answers={each.key: each.answer for each in sent.answers},
        came_of_it=content.came_of_it if sent.came_of_it is None else sent.came_of_it,
        intention=content.intention if sent.intention is None else sent.intention,
    )


def _shown_page(found: dict[str, Any]) -> dict[str, Any]:
    return {**found, "items": [ReflectionShown(**_fields(row)) for row in found["items"]]}


def _fields(row: models.Reflection) -> dict[str, Any]:
    kept = ("rhythm", "start", "begun_at", "kept_at", "finished_at", "removed_at")
    return {"id": row.pk, "last": last_day(row.rhythm, row.start), **{name: getattr(row, name) for name in kept}}


def _read(row: models.Reflection) -> ReflectionRead:
    content = queries.kept(row).content
    return ReflectionRead(
        **_fields(row),
        readable=content is not None,
        meant=content.meant if content else "",
        came_of_it=content.came_of_it if content else "",
        intention=content.intention if content else "",
        parts=[
            ReflectionPart(
                theme=part.theme,
                name=str(THEME_NAMES.get(part.theme, part.theme)),
                evidence=list(part.evidence),
                answers=[AnswerWritten(key=each.key, asked=each.asked, answer=each.answer) for each in part.answers],
            )
            for part in (content.parts if content else ())
        ],
    )
