"""Operations of the API for administrators: tables of people and teams in and out, and what a directory's groups mean.

A directory itself speaks SCIM (`scim`). Somebody answers for what a table writes: it takes the token of a person.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal, cast

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from ninja import File, Query, Router, Schema, Status, UploadedFile
from pydantic import Field

from equipoise.adapters.spreadsheets import MOST_BYTES, WorkbookUnreadable
from equipoise.apps.people.requests import answering_person, viewer_of
from equipoise.apps.provisioning import models
from equipoise.apps.provisioning.groups import actions as group_actions
from equipoise.apps.provisioning.groups import queries as group_queries
from equipoise.apps.provisioning.spreadsheets import actions, exporting, queries, tasks
from equipoise.apps.provisioning.spreadsheets.forms import MOST_FILES
from equipoise.apps.provisioning.spreadsheets.parsing import NoColumns
from equipoise.apps.provisioning.spreadsheets.plans import PersonChange, Plan, TeamChange
from equipoise.apps.provisioning.spreadsheets.words import (
    IN_THE_WAY,
    REFUSALS,
    failure_sentence,
    note_sentence,
    problem_sentence,
    refusal_sentence,
)
from equipoise.platform.access import Audience, Role
from equipoise.platform.api import (
    CannotBe,
    Day,
    Flag,
    Id,
    Page,
    Paging,
    Scope,
    Sent,
    answers,
    operation,
    page_of_values,
)

router = Router(tags=["Tables and groups"])

ONLY = Audience.ADMINISTRATOR
TABLES, GROUPS = "tables of people and teams", "groups of a directory"
AS_CSV = {"responses": {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}}
AS_WORKBOOK = {"responses": {200: {"content": {exporting.XLSX: {"schema": {"type": "string", "format": "binary"}}}}}}

TableState = Literal["planned", "running", "done", "undone", "dropped"]
Files = Annotated[list[UploadedFile], File(..., min_length=1, max_length=MOST_FILES)]
Digest = Annotated[str, Field(min_length=64, max_length=64, pattern=r"^[0-9a-f]+$")]


class TableImport(Schema):
    """A table that was handed in, and how far it is. The file is not kept."""

    id: int
    name: str
    state: TableState
    made_at: datetime
    ended_at: datetime | None
    failure: str = Field(description="Why it could not be carried out, in a sentence; empty when it could.")
    counts: dict[str, int] = Field(description="What was done, once it was.")
    can_undo: bool


class TablePlan(TableImport):
    """A table that waits, and how much it would change now."""

    would: dict[str, int] = Field(description="How many people and teams would be added, changed, left; wrong rows.")
    digest: str = Field(description="Names all that would be done; to be sent back to carry it out.")
    notes: list[str]
    leavers: list[int]
    leave_on: date | None


class FieldChange(Schema):
    """One thing that becomes another, as a table has it."""

    column: str
    before: str
    after: str


class TableChange(Schema):
    """What would happen to a person or team; `row` is null for who is not in the table and was chosen to leave."""

    number: int
    kind: Literal["person", "team"]
    what: Literal["add", "change", "leave"]
    name: str
    sheet: str
    row: int | None
    fields: list[FieldChange]


class TableFault(Schema):
    """What is wrong in a row."""

    number: int
    sheet: str
    row: int
    column: str
    says: str


class TableMissing(Schema):
    """Somebody who is here and not in the table."""

    person_id: int
    name: str
    email: str
    leaves: bool


class TableLeavers(Sent):
    """Who of those missing shall leave, and from which day; nobody leaves by being missing alone."""

    on: Day
    leave: Annotated[list[Id], Field(max_length=100_000)]


class TableAgreed(Sent):
    """What was looked at, by its digest."""

    digest: Digest
    without_errors: Flag = Field(default=False, description="Whether wrong rows are left out.")


class GroupShown(Schema):
    """A group of a directory, and what it means here: a team, a role, or nothing."""

    id: int
    name: str
    users: int
    nested: int
    team_id: int | None
    leads: bool
    role: str


class GroupMember(Schema):
    """Somebody directly in a group."""

    person_id: int
    name: str


class GroupRead(GroupShown):
    """A group of a directory, with who is directly in it."""

    members: list[GroupMember]


class GroupMeansNothing(Sent):
    """Its members are only kept."""

    means: Literal["nothing"]


class GroupMeansTeam(Sent):
    """Its members belong to a team, or lead it."""

    means: Literal["team"]
    team_id: Id
    leads: Flag = False


class GroupMeansNewTeam(Sent):
    """Its members are a team of the same name, or lead it."""

    means: Literal["new_team"]
    leads: Flag = False


class GroupMeansRole(Sent):
    """Its members have a role."""

    means: Literal["role"]
    role: Literal["administrator", "people_partner", "auditor"]


GroupMeaning = GroupMeansNothing | GroupMeansTeam | GroupMeansNewTeam | GroupMeansRole


@router.get("/organisation/imports", response=answers(Page[TableImport]), operation_id="list_table_imports")
@operation(TABLES, scope=Scope.READ, audience=ONLY)
def list_imports(request: HttpRequest) -> Page[TableImport]:
    """The latest imports of tables, newest first."""
    return Page(items=[TableImport(**_fields(row)) for row in queries.imports_around(viewer_of(request))])


@router.post("/organisation/imports", response=answers(TablePlan, status=201), operation_id="hand_in_tables")
@operation(TABLES, scope=Scope.WRITE, audience=ONLY)
def hand_in(request: HttpRequest, file: Files) -> Status[TablePlan]:
    """Hand in one .xlsx, or some .csv files; nothing is written before it is carried out."""
    actor = answering_person(request)
    if any((each.size or 0) > MOST_BYTES for each in file):
        raise CannotBe(str(REFUSALS["too large"]) % {"megabytes": MOST_BYTES // 1_000_000})
    files = [((each.name or "")[:200], each.read()) for each in file]
    try:
        row = actions.hand_in(actor=actor, files=files, now=timezone.now())
    except (WorkbookUnreadable, NoColumns) as error:
        raise CannotBe(refusal_sentence(error, ", ".join(name for name, _content in files))) from error
    return Status(201, _planned(request, row))


@router.get("/organisation/imports/{spreadsheet_id}", response=answers(TablePlan), operation_id="get_table_import")
@operation(TABLES, scope=Scope.READ, audience=ONLY)
def get_import(request: HttpRequest, spreadsheet_id: Id) -> TablePlan:
    """One import: what it would do now, or what became of it."""
    return _planned(request, queries.import_around(viewer_of(request), spreadsheet_id))


@router.delete(
    "/organisation/imports/{spreadsheet_id}", response=answers(None, status=204), operation_id="drop_table_import"
)
@operation(TABLES, scope=Scope.WRITE, audience=ONLY)
def drop(request: HttpRequest, spreadsheet_id: Id) -> Status[None]:
    """Forget a table that waits."""
    actor = answering_person(request)
    actions.drop(actor=actor, planned=queries.waiting_around(actor, spreadsheet_id), now=timezone.now())
    return Status(204, None)


@router.get(
    "/organisation/imports/{spreadsheet_id}/changes",
    response=answers(Page[TableChange]),
    operation_id="list_table_changes",
)
@operation(TABLES, scope=Scope.READ, audience=ONLY)
def list_changes(request: HttpRequest, spreadsheet_id: Id, paging: Query[Paging]) -> dict[str, Any]:
    """What a table that waits would change, one by one."""
    plan = _plan(request, queries.waiting_around(viewer_of(request), spreadsheet_id))
    changes: list[TeamChange | PersonChange] = [*plan.teams, *plan.people]
    found = [_change(number, each) for number, each in enumerate(changes)]
    return page_of_values(request, found, paging, key=lambda each: (each.number,))


@router.get(
    "/organisation/imports/{spreadsheet_id}/faults",
    response=answers(Page[TableFault]),
    operation_id="list_table_faults",
)
@operation(TABLES, scope=Scope.READ, audience=ONLY)
def list_faults(request: HttpRequest, spreadsheet_id: Id, paging: Query[Paging]) -> dict[str, Any]:
    """What is wrong in the rows of a table that waits."""
    plan = _plan(request, queries.waiting_around(viewer_of(request), spreadsheet_id))
    found = [
        TableFault(
            number=number,
            sheet=each.row.sheet,
            row=each.row.number,
            column=each.problem.column,
            says=problem_sentence(each.problem),
        )
        for number, each in enumerate(plan.wrong)
    ]
    return page_of_values(request, found, paging, key=lambda each: (each.number,))


@router.get(
    "/organisation/imports/{spreadsheet_id}/missing",
    response=answers(Page[TableMissing]),
    operation_id="list_table_missing",
)
@operation(TABLES, scope=Scope.READ, audience=ONLY)
def list_missing(request: HttpRequest, spreadsheet_id: Id, paging: Query[Paging]) -> dict[str, Any]:
    """Who is here and not in a table that waits."""
    row = queries.waiting_around(viewer_of(request), spreadsheet_id)
    found = [
        TableMissing(person_id=each.pk, name=each.name, email=each.email, leaves=each.pk in row.leavers)
        for each in _plan(request, row).missing
    ]
    return page_of_values(request, found, paging, key=lambda each: (each.name, each.person_id))


@router.put(
    "/organisation/imports/{spreadsheet_id}/leavers", response=answers(TablePlan), operation_id="choose_table_leavers"
)
@operation(TABLES, scope=Scope.WRITE, audience=ONLY)
def choose_leavers(request: HttpRequest, spreadsheet_id: Id, sent: TableLeavers) -> TablePlan:
    """Choose who of those missing shall leave."""
    actor = answering_person(request)
    row = queries.waiting_around(actor, spreadsheet_id)
    listed = [each.pk for each in _plan(request, row).missing]
    actions.choose_leavers(actor=actor, planned=row, listed=listed, leave=sent.leave, on=sent.on, now=timezone.now())
    return _planned(request, queries.import_around(actor, spreadsheet_id))


@router.post(
    "/organisation/imports/{spreadsheet_id}/carrying-out",
    response=answers(TableImport, status=202),
    operation_id="carry_out_table_import",
)
@operation(TABLES, scope=Scope.WRITE, audience=ONLY)
def carry_out(request: HttpRequest, spreadsheet_id: Id, sent: TableAgreed) -> Status[TableImport]:
    """Carry out what was looked at: all of it, or nothing; a large one in the background."""
    actor, now = answering_person(request), timezone.now()
    row = queries.waiting_around(actor, spreadsheet_id)
    try:
        size = actions.agree(actor=actor, planned=row, digest=sent.digest, without_errors=sent.without_errors, now=now)
    except actions.LooksOtherNow as error:
        raise CannotBe(_("Something has changed since you looked. Nothing was written; look again.")) from error
    except actions.StillWrong as error:
        raise CannotBe(_("Some rows are wrong. Mend them in the file, or choose to leave them out.")) from error
    except actions.NothingToDo as error:
        raise CannotBe(_("There is nothing to change.")) from error
    if size > tasks.AT_ONCE:
        tasks.carry_out.enqueue(row.pk, actor.pk)
    else:
        actions.carry_out(actor=actor, import_id=row.pk, now=now)
    return Status(202, TableImport(**_fields(queries.import_around(actor, spreadsheet_id))))


@router.post(
    "/organisation/imports/{carried_out_id}/undoing", response=answers(TableImport), operation_id="undo_table_import"
)
@operation(TABLES, scope=Scope.WRITE, audience=ONLY)
def undo(request: HttpRequest, carried_out_id: Id) -> TableImport:
    """Let everything be as before an import; 409 says what is in the way."""
    actor = answering_person(request)
    row = queries.done_around(actor, carried_out_id)
    try:
        actions.undo(actor=actor, done=row, now=timezone.now())
    except actions.NotUndone as error:
        told = "; ".join(f"{each.name}: {IN_THE_WAY[each.why]}" for each in error.in_the_way[:20])
        raise CannotBe(told) from error
    return TableImport(**_fields(queries.import_around(actor, carried_out_id)))


@router.get("/organisation/tables/{table}", response=answers(None), operation_id="get_table", openapi_extra=AS_CSV)
@operation(TABLES, scope=Scope.READ, audience=ONLY)
def get_table(request: HttpRequest, table: Literal["people", "teams"], *, template: Flag = False) -> HttpResponse:
    """People or teams as they stand, as a table (CSV); or an empty one to fill in."""
    return _table(request, f"{table}.csv", template=template)


@router.get("/organisation/workbook", response=answers(None), operation_id="get_workbook", openapi_extra=AS_WORKBOOK)
@operation(TABLES, scope=Scope.READ, audience=ONLY)
def get_workbook(request: HttpRequest, *, template: Flag = False) -> HttpResponse:
    """People and teams as they stand, as one workbook (.xlsx); or an empty one to fill in."""
    return _table(request, "organisation.xlsx", template=template)


@router.get("/organisation/groups", response=answers(Page[GroupShown]), operation_id="list_directory_groups")
@operation(GROUPS, scope=Scope.READ, audience=ONLY)
def list_groups(request: HttpRequest) -> Page[GroupShown]:
    """The groups of a directory, and what each means here."""
    return Page(items=[GroupShown(**_group_fields(each)) for each in group_queries.groups_around(viewer_of(request))])


@router.get("/organisation/groups/{group_id}", response=answers(GroupRead), operation_id="get_directory_group")
@operation(GROUPS, scope=Scope.READ, audience=ONLY)
def get_group(request: HttpRequest, group_id: Id) -> GroupRead:
    """One group, with who is directly in it."""
    group = group_queries.group_around(viewer_of(request), group_id)
    members = [GroupMember(person_id=each.pk, name=each.name) for each in group_queries.members_shown(group)]
    return GroupRead(**_group_fields(group), members=members)


@router.put("/organisation/groups/{group_id}/meaning", response=answers(GroupRead), operation_id="say_what_group_means")
@operation(GROUPS, scope=Scope.WRITE, audience=ONLY)
def say_what_group_means(request: HttpRequest, group_id: Id, sent: GroupMeaning) -> GroupRead:
    """Say what a group means from now on: a team, a role, or nothing."""
    actor = answering_person(request)
    group = group_queries.group_around(actor, group_id)
    team = group_queries.teams_to_mean(actor).get(pk=sent.team_id) if isinstance(sent, GroupMeansTeam) else None
    try:
        group_actions.mean(
            actor=actor,
            group=group,
            team=team,
            new_team=isinstance(sent, GroupMeansNewTeam),
            leads=sent.leads if isinstance(sent, GroupMeansTeam | GroupMeansNewTeam) else False,
            role=Role(sent.role) if isinstance(sent, GroupMeansRole) else None,
            now=timezone.now(),
        )
    except group_actions.RoleKept as error:
        raise CannotBe(str(error)) from error
    return get_group(request, group_id)


def _fields(row: models.SpreadsheetImport) -> dict[str, Any]:
    return {
        "id": row.pk,
        "name": row.name,
        "state": cast("TableState", row.state),
        "made_at": row.made_at,
        "ended_at": row.ended_at,
        "failure": failure_sentence(row.failure) if row.failure else "",
        "counts": row.counts,
        "can_undo": queries.can_undo(row),
    }


def _plan(request: HttpRequest, row: models.SpreadsheetImport) -> Plan:
    return queries.plan_of(row, actor=viewer_of(request), now=timezone.now())


def _planned(request: HttpRequest, row: models.SpreadsheetImport) -> TablePlan:
    plan = _plan(request, row) if row.state == models.SpreadsheetImport.State.PLANNED else Plan()
    return TablePlan(
        **_fields(row),
        would=plan.counts,
        digest=plan.digest,
        notes=[note_sentence(code, value) for code, value in row.notes],
        leavers=row.leavers,
        leave_on=row.leave_on,
    )


def _change(number: int, change: TeamChange | PersonChange) -> TableChange:
    return TableChange(
        number=number,
        kind="team" if isinstance(change, TeamChange) else "person",
        what=change.what.value,
        name=change.name,
        sheet=change.row.sheet if change.row else "",
        row=change.row.number if change.row else None,
        fields=[FieldChange(column=each.column, before=each.before, after=each.after) for each in change.fields],
    )


def _table(request: HttpRequest, kind: str, *, template: bool) -> HttpResponse:
    language, now = translation.get_language(), timezone.now()
    if template:
        content = exporting.template(kind, language=language, now=now)
    else:
        content = exporting.export(
            kind, actor=viewer_of(request), language=language, today=timezone.localdate(), now=now
        )
    return HttpResponse(content, content_type=exporting.KINDS[kind])


def _group_fields(group: models.DirectoryGroup) -> dict[str, Any]:
    counted: Sequence[int] = (group.users, group.nested)  # type: ignore[attr-defined]
    kept = ("name", "team_id", "leads", "role")
    return {"id": group.pk, "users": counted[0], "nested": counted[1]} | {name: getattr(group, name) for name in kept}
