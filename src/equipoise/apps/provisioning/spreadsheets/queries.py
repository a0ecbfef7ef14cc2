"""Imports of tables, and what each would do."""

from datetime import datetime
from zoneinfo import ZoneInfo

from equipoise.apps.people.models import Person
from equipoise.apps.provisioning.models import SpreadsheetImport
from equipoise.apps.provisioning.spreadsheets.comparing import compare
from equipoise.apps.provisioning.spreadsheets.parsing import Wanted
from equipoise.apps.provisioning.spreadsheets.picture import picture
from equipoise.apps.provisioning.spreadsheets.plans import Plan
from equipoise.apps.provisioning.spreadsheets.undoing import InTheWay, in_the_way

__all__ = [
    "InTheWay",
    "can_undo",
    "done_around",
    "import_around",
    "imports_around",
    "in_the_way",
    "plan_of",
    "waiting_around",
]


def import_around(viewer: Person, spreadsheet_id: int) -> SpreadsheetImport:
    """An import in the viewer's world.

    Raises:
        SpreadsheetImport.DoesNotExist: When none there has this number.
    """
    return SpreadsheetImport.objects.select_related("made_by").get(demo=viewer.is_demo, pk=spreadsheet_id)


def waiting_around(viewer: Person, spreadsheet_id: int) -> SpreadsheetImport:
    """An import in the viewer's world that waits to be carried out.

    Raises:
        SpreadsheetImport.DoesNotExist: When none of those there has this number.
    """
    return SpreadsheetImport.objects.get(demo=viewer.is_demo, pk=spreadsheet_id, state=SpreadsheetImport.State.PLANNED)


def done_around(viewer: Person, spreadsheet_id: int) -> SpreadsheetImport:
    """An import in the viewer's world that was carried out and may still be undone.

    Raises:
        SpreadsheetImport.DoesNotExist: When none of those there has this number.
    """
    done = SpreadsheetImport.objects.filter(demo=viewer.is_demo, state=SpreadsheetImport.State.DONE)
    return done.filter(imported_rows__isnull=False).distinct().get(pk=spreadsheet_id)


def can_undo(row: SpreadsheetImport) -> bool:
    """Whether it is still known what was before."""
    return row.state == SpreadsheetImport.State.DONE and row.imported_rows.exists()


def imports_around(viewer: Person, *, most: int = 50) -> list[SpreadsheetImport]:
    """The latest imports in the viewer's world, newest first, without what they say."""
    rows = SpreadsheetImport.objects.filter(demo=viewer.is_demo).select_related("made_by")
    return list(rows.defer("rows")[:most])


def plan_of(row: SpreadsheetImport, *, actor: Person, now: datetime) -> Plan:
    """What an import that waits would do now."""
    today = now.astimezone(ZoneInfo(actor.zone)).date()
    return compare(
        [Wanted.from_json(each) for each in row.rows],
        picture(demo=row.demo, today=today),
        actor_id=actor.pk,
        today=today,
        leavers=row.leavers,
        leave_on=row.leave_on,
    )
