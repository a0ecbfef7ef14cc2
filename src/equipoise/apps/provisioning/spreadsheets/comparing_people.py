"""People of a table beside those who are there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from equipoise.apps.provisioning.spreadsheets.naming import Ambiguous, Ref, TeamNames, circles, from_the_top
from equipoise.apps.provisioning.spreadsheets.parsing import Problem, Wanted
from equipoise.apps.provisioning.spreadsheets.picture import KnownPerson, Picture
from equipoise.apps.provisioning.spreadsheets.plans import Field, PersonChange, What, Wrong


@dataclass(slots=True, kw_only=True)
class PeopleCompared:
    """What was found."""

    changes: Sequence[PersonChange] = ()
    unchanged: int = 0
    wrong: list[Wrong] = field(default_factory=list)


def compare_people(
    rows: Sequence[Wanted], known: Picture, names: TeamNames, *, actor_id: int | None, today: date
) -> PeopleCompared:
    """What the rows about people would do."""
    table = _Table(rows=rows, known=known, names=names, actor_id=actor_id, today=today)
    found = PeopleCompared()
    changes: list[PersonChange] = []
    for ref, row in table.refs.items():
        change, problems = table.compared(ref, row)
        found.wrong += (Wrong(row=row, problem=problem) for problem in problems)
        if change is not None and not problems:
            changes.append(change)
    found.wrong += table.twice
    found.wrong += table.in_circles(changes)
    found.wrong += table.last_administrators(changes)
    above = table.managers(changes)
    by_ref = {change.ref: change for change in changes}
    found.changes = [by_ref[ref] for ref in from_the_top(above, by_ref)]
    found.unchanged = len(table.refs) - len(changes) - len({id(each.row) for each in found.wrong})
    return found


class _Table:
    """The rows about people, and all one needs to look up for them."""

    def __init__(
        self, *, rows: Sequence[Wanted], known: Picture, names: TeamNames, actor_id: int | None, today: date
    ) -> None:
        self.known, self.names, self.actor_id, self.today = known, names, actor_id, today
        self.refs: dict[Ref, Wanted] = {}
        self.twice: list[Wrong] = []
        for row in rows:
            address = row.cells.get("email") or f"of row {row.number} {row.sheet}"  # without one it is wrong anyway
            ref = self.known.by_address.get(address, f"person {address}")
            if ref in self.refs and any(problem.code == "email twice" for problem in row.problems):
                continue
            if ref in self.refs:  # two addresses of one person
                problem = Problem(code="email twice", column="email", value=str(self.refs[ref].number))
                self.twice.append(Wrong(row=row, problem=problem))
            else:
                self.refs[ref] = row

    def compared(self, ref: Ref, row: Wanted) -> tuple[PersonChange | None, list[Problem]]:
        """What one row would do; nothing when all is so already."""
        there = self.known.people.get(ref) if isinstance(ref, int) else None
        return _Row(self, ref, row, there).compared()

    def person(self, address: str) -> Ref | None:
        """Somebody by an address: who is here, or whom the table adds."""
        pk = self.known.by_address.get(address)
        if pk is not None:
            return pk
        ref = f"person {address}"
        return ref if ref in self.refs else None

    def called(self, ref: Ref) -> str:
        """The address of somebody."""
        return self.known.people[ref].email if isinstance(ref, int) else ref.removeprefix("person ")

    def managers(self, changes: Iterable[PersonChange]) -> dict[Ref, Ref | None]:
        """Whom everybody will report to first."""
        above: dict[Ref, Ref | None] = {pk: person.manager for pk, person in self.known.people.items()}
        return above | {change.ref: change.manager for change in changes if change.lines}

    def in_circles(self, changes: Sequence[PersonChange]) -> list[Wrong]:
        """Rows by which somebody would report to themselves through others."""
        told = [change.ref for change in changes if change.lines]
        found = circles(self.managers(changes), told)
        return [
            Wrong(
                row=self.refs[ref],
                problem=Problem(code="circle", column="manager", value=" → ".join(map(self.called, way))),
            )
            for ref, way in found.items()
        ]

    def last_administrators(self, changes: Sequence[PersonChange]) -> list[Wrong]:
        """Rows by which nobody could administer any more."""
        going = {change.ref for change in changes if change.left} & self.known.administrators
        if not going or self.known.administrators - going:
            return []
        problem = Problem(code="last administrator", column="left")
        return [Wrong(row=self.refs[ref], problem=problem) for ref in going]


class _Row:
    """One row about a person."""

    def __init__(self, table: _Table, ref: Ref, row: Wanted, there: KnownPerson | None) -> None:
        self.table, self.ref, self.row, self.there = table, ref, row, there
        self.cells = row.cells
        self.problems: list[Problem] = []
        self.fields: list[Field] = []

    def compared(self) -> tuple[PersonChange | None, list[Problem]]:
        self._refuse_impossible()
        name = self.cells.get("name") or (self.there.name if self.there else "")
        left = self._left()
        leaves = left is not None and left <= self.table.today
        if leaves and not self.problems:
            return self._change(What.LEAVE, name, left=left), []
        stays = self._stays()
        self._tell("name", self.there.name if self.there else "", name)
        position, teams = self._position(), self._teams()
        manager, others, lines = self._lines()
        if self.there is None:
            self.fields += [
                Field(column=column, before="", after=str(self.cells[column]))
                for column in ("joined", "language", "zone")
                if self.cells.get(column)
            ]
        if self.problems or not (self.fields or self.there is None):
            return None, self.problems
        what = What.CHANGE if self.there else What.ADD
        change = self._change(
            what, name, left=left, position=position, teams=teams, manager=manager, others=others, lines=lines,
            stays=stays, language=self.cells.get("language") or "", zone=self.cells.get("zone") or "",
        )  # fmt: skip
        return change, []

    def _change(self, what: What, name: str, **more: Any) -> PersonChange:
        joined = self.cells.get("joined") if self.there is None else None
        return PersonChange(
            what=what,
            ref=self.ref,
            row=self.row,
            name=name,
            email=self.there.email if self.there else self.cells.get("email") or "",
            fields=tuple(self.fields),
            on=date.fromisoformat(joined) if joined else self.table.today,
            **more,
        )

    def _refuse_impossible(self) -> None:
        if self.there is None and "name" not in self.row.spoilt and not self.cells.get("name"):
            self._wrong("no name", "name")
        if self.there is None and self.cells.get("email") in self.table.known.elsewhere:
            self._wrong("other world", "email", self.cells.get("email") or "")
        if self.there and not self.there.active and "left" not in self.cells:
            self._wrong("has left", "left", self.there.left_on.isoformat() if self.there.left_on else "")

    def _left(self) -> date | None:
        """The day of leaving, if it is new."""
        said = self.cells.get("left")
        if not said:
            return None
        day = date.fromisoformat(said)
        was = self.there.left_on if self.there else None
        if self.there and (day == was or not self.there.active):
            return None
        if self.there is None and day <= self.table.today:
            self._wrong("left already", "left", said)
        if self.there and self.there.pk == self.table.actor_id:
            self._wrong("yourself", "left", said)
        if self.there and self.there.since and day < self.there.since:
            self._wrong("left too early", "left", self.there.since.isoformat())
        self._tell("left", was.isoformat() if was else "", said)
        return day

    def _stays(self) -> bool:
        """Whether who left comes back, or who was to leave stays."""
        if self.there is None or self.there.left_on is None or self.cells.get("left", "") is not None:
            return False
        self._tell("left", self.there.left_on.isoformat(), "")
        return True

    def _position(self) -> tuple[str, str, str] | None:
        columns = ("title", "level", "function")
        was = self.there.position if self.there else ("", "", "")
        will = tuple(self.cells.get(column, before) or "" for column, before in zip(columns, was, strict=True))
        for column, before, after in zip(columns, was, will, strict=True):
            self._tell(column, before, after)
        return (will[0], will[1], will[2]) if will != was else None

    def _teams(self) -> Mapping[Ref, bool] | None:
        was: dict[Ref, bool] = dict(self.there.teams.items()) if self.there else {}
        said = self._team_refs("teams") if "teams" in self.cells else None
        leads = self.cells.get("leads")
        led: list[Ref] | None = None
        if isinstance(leads, bool):
            led = (said if said is not None else list(was)) if leads else []
            if leads and not led and not self.cells.get("teams"):
                self._wrong("leads what", "leads")
        elif leads is not None:
            led = self._team_refs("leads")
        belongs = list(was) if said is None else said
        if led is None:
            belongs = [*belongs, *(ref for ref, leads_it in was.items() if leads_it)]
        will = {
            ref: (was.get(ref, False) if led is None else ref in led) for ref in dict.fromkeys([*belongs, *(led or ())])
        }
        if will == was:
            return None
        for column, leading in (("teams", False), ("leads", True)):
            self._tell(column, self._told(was, leading=leading), self._told(will, leading=leading))
        return will

    def _told(self, teams: Mapping[Ref, bool], *, leading: bool) -> str:
        return "; ".join(sorted(self.table.names.called(ref) for ref, leads in teams.items() if leads == leading))

    def _team_refs(self, column: str) -> list[Ref]:
        refs: list[Ref] = []
        for text in self.cells[column]:
            try:
                ref = self.table.names.meant_by(text)
            except Ambiguous:
                self._wrong("several teams", column, text)
                continue
            if ref is None:
                self._wrong("no team", column, text)
            else:
                refs.append(ref)
        return refs

    def _lines(self) -> tuple[Ref | None, frozenset[Ref], bool]:
        was_main: Ref | None = self.there.manager if self.there else None
        was_others: frozenset[Ref] = frozenset(self.there.others if self.there else ())
        main, others = was_main, was_others
        if "manager" in self.cells:
            said = self.cells["manager"]
            main = self._manager(said, "manager") if said else None
        if "others" in self.cells:
            found = (self._manager(address, "others") for address in self.cells["others"])
            others = frozenset(ref for ref in found if ref is not None)
        others -= {main}
        called = self.table.called
        self._tell("manager", called(was_main) if was_main else "", called(main) if main else "")
        self._tell("others", "; ".join(sorted(map(called, was_others))), "; ".join(sorted(map(called, others))))
        return main, others, (main, others) != (was_main, was_others)

    def _manager(self, address: str, column: str) -> Ref | None:
        ref = self.table.person(address)
        if ref is None:
            self._wrong("no manager", column, address)
        elif ref == self.ref:
            self._wrong("own manager", column, address)
        elif isinstance(ref, int) and not self.table.known.people[ref].active:
            self._wrong("manager left", column, address)
        else:
            return ref
        return None

    def _tell(self, column: str, before: str, after: str) -> None:
        if before != after:
            self.fields.append(Field(column=column, before=before, after=after))

    def _wrong(self, code: str, column: str, value: str = "") -> None:
        self.problems.append(Problem(code=code, column=column, value=value))
