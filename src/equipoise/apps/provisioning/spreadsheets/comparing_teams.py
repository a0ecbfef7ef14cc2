"""Teams of a table beside those that are there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from equipoise.apps.provisioning.spreadsheets.naming import Ambiguous, Ref, TeamNames, circles, from_the_top
from equipoise.apps.provisioning.spreadsheets.parsing import Problem, Wanted
from equipoise.apps.provisioning.spreadsheets.picture import SLASH, Picture
from equipoise.apps.provisioning.spreadsheets.plans import Field, TeamChange, What, Wrong


@dataclass(slots=True, kw_only=True)
class TeamsCompared:
    """What was found; `names` knows the teams that are there and those that will be."""

    names: TeamNames
    changes: Sequence[TeamChange] = ()
    unchanged: int = 0
    wrong: list[Wrong] = field(default_factory=list)


def compare_teams(rows: Sequence[Wanted], known: Picture) -> TeamsCompared:
    """What the rows about teams would do."""
    found = TeamsCompared(names=TeamNames(known))
    refs = _refs(rows, known, found)
    for ref, row in refs.items():
        key = row.cells.get("key") or ""
        found.names.add(ref, name=row.cells["name"], key=key)
        if key.casefold() in known.keys_of_ended_teams:
            found.wrong.append(Wrong(row=row, problem=Problem(code="key of an ended team", column="key", value=key)))
    parents = _parents(refs, known, found)
    for ref, way in circles(parents, refs).items():
        told = " → ".join(_name(each, refs, known) for each in way)
        found.wrong.append(Wrong(row=refs[ref], problem=Problem(code="team circle", column="parent", value=told)))
    if found.wrong:
        return found
    changes = [_change(ref, refs[ref], parents, refs, known) for ref in from_the_top(parents, refs)]
    found.changes = [change for change in changes if change.fields]
    found.unchanged = len(changes) - len(found.changes)
    return found


def _refs(rows: Sequence[Wanted], known: Picture, found: TeamsCompared) -> dict[Ref, Wanted]:
    """Which team each row means: one that is there, or a new one. The surest are decided first."""
    refs: dict[Ref, Wanted] = {}
    waiting = list(rows)
    keys = {team.key.casefold(): pk for pk, team in known.teams.items() if team.key}

    def by_key(row: Wanted) -> int | None:
        return keys.get(str(row.cells.get("key") or "").casefold())

    def by_place(row: Wanted) -> int | None:
        return _by_place(row, known, refs)

    def by_name(row: Wanted) -> int | None:
        return _by_name(row, known, refs)

    for decide in (by_key, by_place, by_name):
        left = []
        for row in waiting:
            pk = decide(row)
            if pk is None:
                left.append(row)
            else:
                refs[pk] = row
        waiting = left
    for row in waiting:
        parent = str(row.cells.get("parent") or "").casefold()
        ref = f"team {row.cells['name'].casefold()} under {parent}"
        if ref in refs:
            twice = Problem(code="team twice", column="name", value=str(refs[ref].number))
            found.wrong.append(Wrong(row=row, problem=twice))
        else:
            refs[ref] = row
    return refs


def _by_place(row: Wanted, known: Picture, taken: Mapping[Ref, Wanted]) -> int | None:
    """The team of this name under the parent the row names."""
    if "parent" not in row.cells:
        return None
    fitting = _of_name(row, known, taken)
    parent = row.cells["parent"]
    return next((pk for pk in fitting if _goes_by(known, known.teams[pk].parent, parent)), None)


def _by_name(row: Wanted, known: Picture, taken: Mapping[Ref, Wanted]) -> int | None:
    """The only team of this name; under another parent it is moved."""
    fitting = _of_name(row, known, taken)
    return fitting[0] if len(fitting) == 1 else None


def _of_name(row: Wanted, known: Picture, taken: Mapping[Ref, Wanted]) -> list[int]:
    name = row.cells["name"].casefold()
    keyed = bool(row.cells.get("key"))
    return [
        pk
        for pk, team in known.teams.items()
        if team.name.casefold() == name and pk not in taken and not (keyed and team.key)
    ]


def _goes_by(known: Picture, pk: int | None, text: str | None) -> bool:
    if pk is None or text is None:
        return pk is None and text is None
    team = known.teams.get(pk)
    if team is None:
        return False
    wanted = SLASH.join(part.strip() for part in text.split("/")).casefold()
    return wanted in {team.key.casefold(), team.name.casefold(), known.path(pk).casefold()}


def _parents(refs: Mapping[Ref, Wanted], known: Picture, found: TeamsCompared) -> dict[Ref, Ref | None]:
    """The team above each, as it will be; ways become known from the top down, so it takes some rounds."""
    parents: dict[Ref, Ref | None] = {pk: team.parent for pk, team in known.teams.items()}
    waiting = dict(refs)
    while waiting:
        left = {}
        for ref, row in waiting.items():
            said = row.cells.get("parent")
            try:
                parent = found.names.meant_by(said) if said else None
            except Ambiguous:
                several = Problem(code="several teams", column="parent", value=str(said))
                found.wrong.append(Wrong(row=row, problem=several))
                continue
            if said and parent is None:
                left[ref] = row
                continue
            if "parent" in row.cells or isinstance(ref, str):
                parents[ref] = parent
            above = parents.get(ref)
            way = _way(above, parents, refs, known)
            found.names.add(ref, name=row.cells["name"], way=SLASH.join([*way, row.cells["name"]]))
        if len(left) == len(waiting):
            found.wrong += (
                Wrong(row=row, problem=Problem(code="no team", column="parent", value=str(row.cells["parent"])))
                for row in left.values()
            )
            break
        waiting = left
    return parents


def _way(at: Ref | None, parents: Mapping[Ref, Ref | None], refs: Mapping[Ref, Wanted], known: Picture) -> list[str]:
    way: list[str] = []
    seen: set[Ref] = set()
    while at is not None and at not in seen:
        seen.add(at)
        way.insert(0, _name(at, refs, known))
        at = parents.get(at)
    return way


def _name(ref: Ref, refs: Mapping[Ref, Wanted], known: Picture) -> str:
    if ref in refs:
        return str(refs[ref].cells["name"])
    return known.teams[ref].name if isinstance(ref, int) and ref in known.teams else str(ref)


def _change(
    ref: Ref, row: Wanted, parents: Mapping[Ref, Ref | None], refs: Mapping[Ref, Wanted], known: Picture
) -> TeamChange:
    there = known.teams.get(ref) if isinstance(ref, int) else None
    name = row.cells["name"]
    key = row.cells.get("key") or (there.key if there else "")
    parent = parents.get(ref)
    before = (there.name, there.key, there.parent) if there else ("", "", None)
    fields = [
        Field(column=column, before=str(was), after=str(will))
        for column, was, will in (("name", before[0], name), ("key", before[1], key))
        if was != will
    ]
    if parent != before[2]:
        was = known.path(before[2]) if before[2] is not None else ""
        will = SLASH.join(_way(parent, parents, refs, known))
        fields.append(Field(column="parent", before=was, after=will))
    what = What.CHANGE if there else What.ADD
    return TeamChange(what=what, ref=ref, row=row, name=name, key=key, parent=parent, fields=tuple(fields))
