"""What a table would do, in the words and the order of the page, some rows at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from equipoise.apps.provisioning.models import SpreadsheetImport
from equipoise.apps.provisioning.spreadsheets.parsing import Wanted
from equipoise.apps.provisioning.spreadsheets.plans import PersonChange, Plan, TeamChange, What
from equipoise.apps.provisioning.spreadsheets.words import (
    cell_words,
    column_title,
    failure_sentence,
    note_sentence,
    problem_sentence,
)

AT_A_TIME = 100
TABS = ("changes", "errors", "missing")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownField:
    """One thing that becomes another."""

    title: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownChange:
    """What happens to a person or team; `place` is the row that says so."""

    what: str
    is_team: bool
    name: str
    place: str
    fields: tuple[ShownField, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownError:
    """What is wrong in a row."""

    place: str
    column: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some of the rows of one of the lists."""

    tab: str
    rows: Sequence[Any]
    count: int
    number: int
    pages: int


def shown(row: SpreadsheetImport, plan: Plan, *, tab: str, number: int, language: str) -> dict[str, Any]:
    """What the page needs; without a list that is asked for, errors come first."""
    tab = tab if tab in TABS else "errors" if plan.wrong else "changes"
    return {
        "plan": plan,
        "counts": plan.counts,
        "page": _page(plan, tab, number, language),
        "notes": [note_sentence(code, value) for code, value in row.notes],
        "failure": failure_sentence(row.failure) if row.failure else "",
        "leavers": set(row.leavers),
        "rows_wrong": plan.counts["rows_wrong"],
    }


def _page(plan: Plan, tab: str, number: int, language: str) -> Page:
    changes: list[TeamChange | PersonChange] = [*plan.teams, *plan.people]
    lists: dict[str, Sequence[Any]] = {"changes": changes, "errors": plan.wrong, "missing": plan.missing}
    rows = lists[tab]
    pages = max(-(-len(rows) // AT_A_TIME), 1)
    number = min(max(number, 1), pages)
    some = rows[(number - 1) * AT_A_TIME : number * AT_A_TIME]
    if tab == "changes":
        some = [_change(each, language) for each in some]
    elif tab == "errors":
        some = [
            ShownError(
                place=_place(each.row),
                column=column_title(each.row.kind, each.problem.column, language),
                sentence=problem_sentence(each.problem),
            )
            for each in some
        ]
    return Page(tab=tab, rows=some, count=len(rows), number=number, pages=pages)


def _change(change: TeamChange | PersonChange, language: str) -> ShownChange:
    is_team = isinstance(change, TeamChange)
    kind = "team" if is_team else "person"
    return ShownChange(
        what=change.what.value,
        is_team=is_team,
        name=change.name,
        place=_place(change.row) if change.row else "",
        fields=tuple(
            ShownField(
                title=column_title(kind, each.column, language),
                before=cell_words(each.column, each.before),
                after=cell_words(each.column, each.after),
            )
            for each in change.fields
            if not (change.what is What.ADD and each.column == "name")
        ),
    )


def _place(row: Wanted) -> str:
    return f"{row.sheet} {row.number}".strip()
