"""What people and teams were before a table changed them, and how they become so again, to the row.

Rows come back with their numbers and days, as if the import had never been. That is possible while nothing else has
changed them; whether it has is seen by a digest of what the import left behind.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q

from equipoise.apps.people.models import (
    Assistance,
    Grant,
    Invitation,
    Joining,
    Membership,
    Person,
    Position,
    ReportingLine,
    Team,
    TeamPlace,
)
from equipoise.apps.provisioning.models import ImportedRow, SpreadsheetImport
from equipoise.platform.archive.contents import columns
from equipoise.platform.archive.values import from_json, to_json

Row = dict[str, Any]
Snapshot = dict[str, list[Row]]

PERSON_FIELDS = ("id", "name", "email", "is_active", "left_on")
TEAM_FIELDS = ("id", "name", "key", "ended_on")
OF_PERSON: Mapping[str, tuple[type[Model], tuple[str, ...]]] = {
    "memberships": (Membership, ("person_id",)),
    "lines": (ReportingLine, ("person_id",)),
    "positions": (Position, ("person_id",)),
    "grants": (Grant, ("person_id",)),
    "assistances": (Assistance, ("owner_id", "assistant_id")),
    "joinings": (Joining, ("person_id",)),
    "invitations": (Invitation, ("owner_id",)),
}
OF_TEAM: Mapping[str, tuple[type[Model], tuple[str, ...]]] = {"places": (TeamPlace, ("team_id",))}
MAY_CHANGE = {"joinings", "invitations"}
"""Links that were made or taken since do not keep an import from being undone."""

MAY_HOLD = {Membership, ReportingLine, Position, Grant, Joining, ImportedRow, TeamPlace}
"""What somebody who was only just added may have, and a team; anything else says that it is in use."""

AT_A_TIME = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class InTheWay:
    """What keeps an import from being undone: whom it is about, and why (a code of `words.IN_THE_WAY`)."""

    name: str
    why: str


def people_as_they_are(ids: Collection[int]) -> dict[int, Snapshot]:
    """Some people with all their rows."""
    return _as_they_are(Person, PERSON_FIELDS, OF_PERSON, ids)


def teams_as_they_are(ids: Collection[int]) -> dict[int, Snapshot]:
    """Some teams with all their rows."""
    return _as_they_are(Team, TEAM_FIELDS, OF_TEAM, ids)


def _as_they_are(
    model: type[Model], fields: Sequence[str], of: Mapping[str, tuple[type[Model], tuple[str, ...]]], ids: Iterable[int]
) -> dict[int, Snapshot]:
    found: dict[int, Snapshot] = {}
    for some in _batches(ids):
        for row in model._base_manager.filter(pk__in=some).values(*fields):
            told = {field.name: to_json(field, row[field.name]) for field in columns(model) if field.name in row}
            found[told["id"]] = {"self": [told], **{kind: [] for kind in of}}
        for kind, (kind_of_row, keys) in of.items():
            _add_rows(found, kind, kind_of_row, keys, some)
    return found


def _add_rows(
    found: dict[int, Snapshot], kind: str, model: type[Model], keys: tuple[str, ...], ids: Sequence[int]
) -> None:
    fields = columns(model)
    wanted = Q()
    for key in keys:
        wanted |= Q(**{f"{key}__in": ids})
    for row in model._base_manager.filter(wanted).order_by("pk").values(*(field.attname for field in fields)):
        told = {field.attname: to_json(field, row[field.attname]) for field in fields}
        for key in keys:
            if row[key] in found:
                found[row[key]][kind].append(told)


def _batches(ids: Iterable[int]) -> Iterator[list[int]]:
    whole = sorted(set(ids))
    for start in range(0, len(whole), AT_A_TIME):
        yield whole[start : start + AT_A_TIME]


def digest_of(snapshot: Snapshot) -> str:
    """A mark of what must be as it was left."""
    told = {kind: rows for kind, rows in snapshot.items() if kind not in MAY_CHANGE}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def affected_by_leaving(ids: Collection[int]) -> set[int]:
    """Whose rows change when some leave: who reports to them, and who assists them or is assisted by them."""
    found: set[int] = set()
    for some in _batches(ids):
        found.update(ReportingLine.objects.filter(manager__in=some).values_list("person_id", flat=True))
        pairs = Assistance.objects.filter(Q(owner__in=some) | Q(assistant__in=some))
        for pair in pairs.values_list("owner_id", "assistant_id"):
            found.update(pair)
    return found


def in_the_way(done: SpreadsheetImport) -> list[InTheWay]:
    """All that has changed since in what an import touched, and all that was added by it and is in use."""
    rows = list(done.imported_rows.select_related("person", "team").defer("before"))
    people = people_as_they_are([row.person_id for row in rows if row.person_id])
    teams = teams_as_they_are([row.team_id for row in rows if row.team_id])
    found = []
    for row in rows:
        snapshot = people.get(row.person_id or 0) if row.person_id else teams.get(row.team_id or 0)
        if snapshot is None or digest_of(snapshot) != row.after:
            found.append(InTheWay(name=str(row.person or row.team), why="changed"))
    return [*found, *_in_use(done)]


def _in_use(done: SpreadsheetImport) -> list[InTheWay]:
    """Those the import added who have come in or have records, and its teams that others belong to."""
    added = done.imported_rows.filter(before={})
    found = [
        InTheWay(name=person.name, why="came in")
        for some in _batches(added.filter(team=None).values_list("person_id", flat=True))
        for person in Person.objects.filter(pk__in=some)
        if person.last_login is not None or person.has_usable_password()
    ]
    people = set(added.filter(team=None).values_list("person_id", flat=True))
    teams = set(added.filter(person=None).values_list("team_id", flat=True))
    touched_people = set(done.imported_rows.filter(team=None).values_list("person_id", flat=True))
    touched_teams = set(done.imported_rows.filter(person=None).values_list("team_id", flat=True))
    used = _holders(Person, people, touched_people) | _holders(Team, teams, touched_people, touched_teams)
    told = {(InTheWay(name=name, why="in use")) for name in used}
    return [*found, *sorted(told, key=lambda each: each.name)]


def _holders(
    model: type[Model], ids: Collection[int], touched: Collection[int], touched_teams: Collection[int] = ()
) -> set[str]:
    """Names of those that something points to which the import did not make."""
    used: set[int] = set()
    for relation in model._meta.related_objects:
        other, key = relation.related_model, relation.field.attname
        for some in _batches(ids):
            rows = other._base_manager.filter(**{f"{key}__in": some})
            if other in {Membership, ReportingLine}:
                rows = rows.exclude(person_id__in=touched)
            elif other is TeamPlace:
                rows = rows.exclude(team_id__in=touched_teams)
            elif other in MAY_HOLD:
                continue
            used.update(rows.values_list(key, flat=True))
    return {str(each) for each in model._base_manager.filter(pk__in=used)}


def restore(done: SpreadsheetImport) -> None:
    """Bring back all that was, and take out what was added; call it in a transaction, with nothing in the way."""
    rows = list(done.imported_rows.all())
    _take_out(OF_PERSON, [row.person_id for row in rows if row.person_id])
    _take_out(OF_TEAM, [row.team_id for row in rows if row.team_id])
    added_people = [row.person_id for row in rows if row.person_id and not row.before]
    added_teams = [row.team_id for row in rows if row.team_id and not row.before]
    for some in _batches(added_people):
        Person.objects.filter(pk__in=some).delete()
    _put_back(Team, OF_TEAM, [row.before for row in rows if row.team_id and row.before])
    _put_back(Person, OF_PERSON, [row.before for row in rows if row.person_id and row.before])
    for some in _batches(added_teams):
        Team.objects.filter(pk__in=some).delete()


def _take_out(of: Mapping[str, tuple[type[Model], tuple[str, ...]]], ids: Iterable[int]) -> None:
    for some in _batches(ids):
        for kind, (model, keys) in of.items():
            if kind not in MAY_CHANGE:
                for key in keys:
                    model._base_manager.filter(**{f"{key}__in": some}).delete()


def _put_back(
    model: type[Model], of: Mapping[str, tuple[type[Model], tuple[str, ...]]], snapshots: Sequence[Snapshot]
) -> None:
    for snapshot in snapshots:
        (told,) = snapshot["self"]
        values = {field.name: from_json(field, told[field.name]) for field in columns(model) if field.name in told}
        model._base_manager.filter(pk=values.pop("id")).update(**values)
    for kind, (kind_of_row, _keys) in of.items():
        fields = columns(kind_of_row)
        rows: dict[int, Row] = {row["id"]: row for snapshot in snapshots for row in snapshot[kind]}
        kept: set[int] = set()
        for some in _batches(rows):
            kept.update(kind_of_row._base_manager.filter(pk__in=some).values_list("pk", flat=True))
        kind_of_row._base_manager.bulk_create(
            (
                kind_of_row(**{field.attname: from_json(field, row[field.attname]) for field in fields})
                for pk, row in rows.items()
                if pk not in kept
            ),
            batch_size=AT_A_TIME,
        )
