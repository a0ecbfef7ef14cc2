"""A table of people and teams: handed in, carried out as one, undone as one; each act with its entry in the trail."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import DatabaseError, transaction
from django.db.models import QuerySet

from equipoise.adapters.spreadsheets import read_workbook
from equipoise.apps.people.models import Person
from equipoise.apps.provisioning.models import ImportedRow, SpreadsheetImport
from equipoise.apps.provisioning.spreadsheets import undoing
from equipoise.apps.provisioning.spreadsheets.carrying_out import CarryingOut, RowRefused
from equipoise.apps.provisioning.spreadsheets.parsing import parse
from equipoise.apps.provisioning.spreadsheets.plans import Plan, What
from equipoise.apps.provisioning.spreadsheets.queries import plan_of
from equipoise.platform import audit

State = SpreadsheetImport.State

FORGOTTEN_AFTER = timedelta(days=7)
"""What was handed in and neither carried out nor dropped is dropped then."""

GIVEN_UP_AFTER = timedelta(hours=1)
"""What is under way for longer was cut off."""

UNDONE_WITHIN = timedelta(days=30)
"""So long an import can be undone; then what was before is forgotten."""


class LooksOtherNow(ValueError):
    """What would be done is no longer what was looked at; look again."""


class NothingToDo(ValueError):
    """All that a table says is so already."""


class StillWrong(ValueError):
    """Rows are wrong, and nobody chose to leave them out."""


class NotUndone(ValueError):
    """It cannot be undone: `in_the_way` says what has changed since."""

    def __init__(self, in_the_way: Sequence[undoing.InTheWay]) -> None:
        """All of it."""
        super().__init__(f"{len(in_the_way)} in the way")
        self.in_the_way = in_the_way


@transaction.atomic
def hand_in(*, actor: Person, files: Sequence[tuple[str, bytes]], now: datetime) -> SpreadsheetImport:
    """Read the tables of some files and keep what they say, to be looked at; the files are not kept.

    Raises:
        WorkbookUnreadable: When one cannot be read.
        NoColumns: When none has the columns that must be there.
    """
    read = parse(
        replace(table, name=table.name or (name if len(files) > 1 else ""))
        for name, content in files
        for table in read_workbook(content)
    )
    made = SpreadsheetImport.objects.create(
        made_by=actor,
        made_at=now,
        demo=actor.is_demo,
        name=", ".join(name for name, _content in files)[:200],
        rows=[row.to_json() for row in read.rows],
        notes=[list(note) for note in read.notes],
    )
    _record(actor, made, "table handed in", now, rows=len(read.rows))
    return made


@transaction.atomic
def choose_leavers(
    *,
    actor: Person,
    planned: SpreadsheetImport,
    listed: Collection[int],
    leave: Collection[int],
    on: date,
    now: datetime,
) -> None:
    """Keep who of those listed shall leave, and from which day; nobody leaves by being missing alone."""
    row = _locked(planned)
    row.leavers = sorted((set(row.leavers) - set(listed)) | (set(leave) & set(listed)))
    row.leave_on = on
    row.save(update_fields=["leavers", "leave_on"])
    _record(actor, row, "leavers chosen", now, people=len(row.leavers))


@transaction.atomic
def agree(*, actor: Person, planned: SpreadsheetImport, digest: str, without_errors: bool, now: datetime) -> int:
    """Agree to what was looked at; what remains is to carry it out. Gives how many people and teams it is about.

    Raises:
        LooksOtherNow: When something has changed since it was looked at.
        StillWrong: When rows are wrong and shall not be left out.
        NothingToDo: When nothing would change.
    """
    row = _locked(planned)
    plan = plan_of(row, actor=actor, now=now)
    if plan.digest != digest:
        raise LooksOtherNow
    if plan.wrong and not without_errors:
        raise StillWrong
    if not plan.size:
        raise NothingToDo
    row.state, row.agreed, row.agreed_at, row.failure = State.RUNNING, digest, now, ""
    row.save(update_fields=["state", "agreed", "agreed_at", "failure"])
    return plan.size


def carry_out(*, actor: Person, import_id: int, now: datetime) -> None:
    """Do what was agreed to: all of it, or nothing; then it waits again, and why is kept."""
    try:
        with transaction.atomic():
            _carry_out(actor, import_id, now)
    except (RowRefused, LooksOtherNow, DatabaseError) as error:
        refused = str(error) if isinstance(error, RowRefused) else ""
        failure = refused or ("changed" if isinstance(error, LooksOtherNow) else "interrupted")
        _wait_again(SpreadsheetImport.objects.filter(pk=import_id), failure)


def _wait_again(rows: QuerySet[SpreadsheetImport], failure: str) -> None:
    rows.filter(state=State.RUNNING).update(state=State.PLANNED, failure=failure[:500])


def _carry_out(actor: Person, import_id: int, now: datetime) -> None:
    row = SpreadsheetImport.objects.select_for_update().filter(pk=import_id, state=State.RUNNING).first()
    if row is None:
        return
    plan = plan_of(row, actor=actor, now=now)
    if plan.digest != row.agreed:
        raise LooksOtherNow
    people, teams = _touched(plan)
    people_before, teams_before = undoing.people_as_they_are(people), undoing.teams_as_they_are(teams)
    today = now.astimezone(ZoneInfo(actor.zone)).date()
    done = CarryingOut(actor=actor, today=today, now=now)
    done.carry_out(plan)
    people |= {done.people[change.ref].pk for change in plan.people}
    teams |= {done.teams[change.ref].pk for change in plan.teams}
    _keep(row, "person_id", people_before, undoing.people_as_they_are(people))
    _keep(row, "team_id", teams_before, undoing.teams_as_they_are(teams))
    row.state, row.counts, row.rows, row.leavers, row.ended_at = State.DONE, plan.counts, [], [], now
    row.save()
    _record(actor, row, "table carried out", now, **plan.counts)


def _touched(plan: Plan) -> tuple[set[int], set[int]]:
    """Numbers of the people and teams that are there and change."""
    people = {change.ref for change in plan.people if isinstance(change.ref, int)}
    leaving = {change.ref for change in plan.people if change.what is What.LEAVE and isinstance(change.ref, int)}
    teams = {change.ref for change in plan.teams if isinstance(change.ref, int)}
    return people | undoing.affected_by_leaving(leaving), teams


def _keep(
    row: SpreadsheetImport, key: str, before: dict[int, undoing.Snapshot], after: dict[int, undoing.Snapshot]
) -> None:
    ImportedRow.objects.bulk_create(
        (
            ImportedRow(of=row, before=before.get(pk, {}), after=undoing.digest_of(snapshot), **{key: pk})
            for pk, snapshot in after.items()
        ),
        batch_size=undoing.AT_A_TIME,
    )


@transaction.atomic
def drop(*, actor: Person, planned: SpreadsheetImport, now: datetime) -> None:
    """Forget what was read; nothing was changed by it."""
    row = _locked(planned)
    row.state, row.rows, row.leavers, row.ended_at = State.DROPPED, [], [], now
    row.save()
    _record(actor, row, "table dropped", now)


@transaction.atomic
def undo(*, actor: Person, done: SpreadsheetImport, now: datetime) -> None:
    """Let everything be as if an import had never been.

    Raises:
        NotUndone: When something else has changed its people or teams since, or those it added are in use.
    """
    row = SpreadsheetImport.objects.select_for_update().get(pk=done.pk, state=State.DONE)
    in_the_way = undoing.in_the_way(row)
    if in_the_way:
        raise NotUndone(in_the_way)
    undoing.restore(row)
    row.imported_rows.all().delete()
    row.state, row.ended_at = State.UNDONE, now
    row.save()
    _record(actor, row, "import undone", now, **row.counts)


@transaction.atomic
def forget_old(*, now: datetime) -> None:
    """Drop what nobody carried out, and forget what was before imports that are long done.

    What has been under way for too long waits again: the worker that did it is gone, and nothing of it was kept.
    """
    _wait_again(SpreadsheetImport.objects.filter(agreed_at__lt=now - GIVEN_UP_AFTER), "interrupted")
    for row in SpreadsheetImport.objects.filter(state=State.PLANNED, made_at__lt=now - FORGOTTEN_AFTER):
        SpreadsheetImport.objects.filter(pk=row.pk).update(state=State.DROPPED, rows=[], leavers=[], ended_at=now)
        _record(None, row, "table dropped", now)
    ImportedRow.objects.filter(of__ended_at__lt=now - UNDONE_WITHIN).delete()


def _locked(planned: SpreadsheetImport) -> SpreadsheetImport:
    """It, while it still waits to be carried out.

    Raises:
        SpreadsheetImport.DoesNotExist: When it no longer does.
    """
    return SpreadsheetImport.objects.select_for_update().get(pk=planned.pk, state=State.PLANNED)


def _record(actor: Person | None, row: SpreadsheetImport, verb: str, now: datetime, **counts: int) -> None:
    audit.record(
        actor_id=actor.pk if actor else None, subject_id=None, verb=verb, now=now, detail={"import": row.pk, **counts}
    )
