"""What a table would do: every change, every problem, and who is not in it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from equipoise.apps.provisioning.spreadsheets.naming import Ref
from equipoise.apps.provisioning.spreadsheets.parsing import Problem, Wanted
from equipoise.apps.provisioning.spreadsheets.picture import KnownPerson


class What(StrEnum):
    """What happens to a person or team."""

    ADD = "add"
    CHANGE = "change"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One thing that becomes another; texts as a table has them."""

    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamChange:
    """What happens to a team. `parent` is the one above, as it will be."""

    what: What
    ref: Ref
    row: Wanted
    name: str
    key: str
    parent: Ref | None
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonChange:
    """What happens to a person.

    Attributes:
        what: Added, changed, or leaves.
        ref: Who; for somebody new a text made of their address.
        row: That says so; `None` for who is not in the table and was chosen to leave.
        name: As it will be.
        email: As it is.
        fields: What becomes what.
        on: Day from which it holds.
        position: Title, level, function as they will be, if they change.
        teams: All teams as they will be, and whether they are led, if they change.
        manager: Whom they report to first; counts when `lines`.
        others: Further ones; counts when `lines`.
        lines: Whether reporting lines change.
        left: Day of leaving, if they leave or will.
        stays: Whether somebody who left comes back, or who was to leave stays.
        language: For somebody new.
        zone: For somebody new.
    """

    what: What
    ref: Ref
    row: Wanted | None
    name: str
    email: str
    fields: tuple[Field, ...]
    on: date
    position: tuple[str, str, str] | None = None
    teams: Mapping[Ref, bool] | None = None
    manager: Ref | None = None
    others: frozenset[Ref] = frozenset()
    lines: bool = False
    left: date | None = None
    stays: bool = False
    language: str = ""
    zone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """What is wrong in a row."""

    row: Wanted
    problem: Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a table would do now.

    Attributes:
        teams: Changes of teams, those above before those below.
        people: Changes of people; somebody's manager before them.
        unchanged: How many rows say what is so already.
        wrong: All problems, in the order of the rows.
        missing: Who is here and not in the table; empty when it is of teams only.
    """

    teams: Sequence[TeamChange] = ()
    people: Sequence[PersonChange] = ()
    unchanged: int = 0
    wrong: Sequence[Wrong] = ()
    missing: Sequence[KnownPerson] = field(default=())

    @property
    def counts(self) -> dict[str, int]:
        """How much of each."""
        people, teams = (
            {what: sum(change.what is what for change in changes) for what in What}
            for changes in (self.people, self.teams)
        )
        return {
            "people_added": people[What.ADD],
            "people_changed": people[What.CHANGE],
            "people_left": people[What.LEAVE],
            "teams_added": teams[What.ADD],
            "teams_changed": teams[What.CHANGE],
            "unchanged": self.unchanged,
            "rows_wrong": len({(wrong.row.sheet, wrong.row.number) for wrong in self.wrong}),
        }

    @property
    def size(self) -> int:
        """How many people and teams are touched."""
        return len(self.teams) + len(self.people)

    @property
    def digest(self) -> str:
        """A mark of all that would be done: what was looked at is what is carried out."""
        changes: Sequence[TeamChange | PersonChange] = [*self.teams, *self.people]
        told = [
            [
                change.what,
                change.ref,
                change.name,
                [[each.column, each.before, each.after] for each in change.fields],
            ]
            for change in changes
        ]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()
