"""Hold what a table says beside what is so: what would be added and changed, and what is wrong.

Nothing is written here. A row with a problem is left out, and so is every row that needs it; the rows that are left are
looked at again until no further one falls out.
"""

from collections.abc import Collection, Sequence
from datetime import date

from equipoise.apps.provisioning.spreadsheets.comparing_people import PeopleCompared, compare_people
from equipoise.apps.provisioning.spreadsheets.comparing_teams import compare_teams
from equipoise.apps.provisioning.spreadsheets.parsing import Wanted
from equipoise.apps.provisioning.spreadsheets.picture import KnownPerson, Picture
from equipoise.apps.provisioning.spreadsheets.plans import PersonChange, Plan, What, Wrong


def compare(
    rows: Sequence[Wanted],
    known: Picture,
    *,
    actor_id: int | None,
    today: date,
    leavers: Collection[int] = (),
    leave_on: date | None = None,
) -> Plan:
    """What the rows of a table would do now.

    Args:
        rows: What it says.
        known: What is so.
        actor_id: Who hands it in; nobody lets themselves leave by a table.
        today: On the clock of who hands it in.
        leavers: Who is not in the table and was chosen to leave.
        leave_on: From which day; today without it.
    """
    wrong = [Wrong(row=row, problem=problem) for row in rows for problem in row.problems]
    looked_at = [row for row in rows if row.kind == "person" or row.cells.get("name")]
    while True:
        teams = compare_teams([row for row in looked_at if row.kind == "team"], known)
        people = compare_people(
            [row for row in looked_at if row.kind == "person"], known, teams.names, actor_id=actor_id, today=today
        )
        wrong += [*teams.wrong, *people.wrong]
        bad = {id(each.row) for each in wrong}
        good = [row for row in looked_at if id(row) not in bad]
        if len(good) == len(looked_at):
            break
        looked_at = good
    chosen = [pk for pk in leavers if pk != actor_id]
    leaving = _leaving(known, chosen, people, leave_on or today)
    place = {id(row): number for number, row in enumerate(rows)}
    return Plan(
        teams=teams.changes,
        people=[*people.changes, *leaving],
        unchanged=teams.unchanged + people.unchanged,
        wrong=sorted(wrong, key=lambda each: place[id(each.row)]),
        missing=_missing(rows, known),
    )


def _missing(rows: Sequence[Wanted], known: Picture) -> list[KnownPerson]:
    """Who is here and not in the table; nobody when it is of teams only."""
    said = {str(row.cells.get("email", "")) for row in rows if row.kind == "person"}
    in_table = {known.by_address[address] for address in said if address in known.by_address}
    missing = [person for person in known.people.values() if person.active and person.pk not in in_table]
    return sorted(missing, key=lambda person: (person.name.casefold(), person.pk)) if said else []


def _leaving(known: Picture, leavers: Collection[int], people: PeopleCompared, on: date) -> list[PersonChange]:
    """Those who were chosen to leave and can still: nobody is left without an administrator."""
    going = {change.ref for change in people.changes if change.what is What.LEAVE}
    changes = []
    for pk in sorted(set(leavers)):
        person = known.people.get(pk)
        staying = known.administrators - going - {pk}
        if person is None or not person.active or (pk in known.administrators and not staying):
            continue
        going.add(pk)
        changes.append(
            PersonChange(
                what=What.LEAVE, ref=pk, row=None, name=person.name, email=person.email, on=on, left=on, fields=()
            )
        )
    return changes
