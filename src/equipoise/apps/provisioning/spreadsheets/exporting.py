"""People and teams as tables: what is so, and empty ones to fill in. What is exported reads back as unchanged."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from equipoise.adapters.spreadsheets import Sheet, write_csv, write_xlsx
from equipoise.apps.people.models import Function, Level, Person
from equipoise.apps.provisioning.spreadsheets.columns import PEOPLE, TEAMS, Column
from equipoise.apps.provisioning.spreadsheets.naming import Ambiguous, TeamNames
from equipoise.apps.provisioning.spreadsheets.parsing import CLEAR, says_yes_or_no, several
from equipoise.apps.provisioning.spreadsheets.picture import KnownPerson, Picture, picture
from equipoise.platform import audit

CSV, XLSX = "text/csv; charset=utf-8", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS = {"people.csv": CSV, "teams.csv": CSV, "organisation.xlsx": XLSX}
"""What can be downloaded, by its name."""


@transaction.atomic
def export(kind: str, *, actor: Person, language: str, today: date, now: datetime) -> bytes:
    """The people and teams of the actor's world who have not left, as they stand today."""
    known = picture(demo=actor.is_demo, today=today)
    people, teams = sheets(known, language)
    audit.record(
        actor_id=actor.pk, subject_id=None, verb="tables exported", now=now,
        detail={"people": len(people.rows), "teams": len(teams.rows)},
    )  # fmt: skip
    return _written(kind, people, teams, language, now)


def sheets(known: Picture, language: str) -> tuple[Sheet, Sheet]:
    """The people who have not left, and the teams, as tables."""
    names = _names_of_teams(known)
    return _people(known, names, language), _teams(known, names, language)


def _names_of_teams(known: Picture) -> Mapping[int, str]:
    """What each team is called where others name it: by its key, which stays when it moves, or by its way from the top.

    Where neither tells it from all others, or would be read as something else, it is called by its number.
    """
    names = TeamNames(known)
    return {
        pk: next(filter(partial(_means, names, pk), (team.key, known.path(pk))), f"#{pk}")
        for pk, team in known.teams.items()
    }


def _means(names: TeamNames, pk: int, text: str) -> bool:
    try:
        return several(text) == [text] and not says_yes_or_no(text) and text != CLEAR and names.meant_by(text) == pk
    except Ambiguous:
        return False


def template(kind: str, *, language: str, now: datetime) -> bytes:
    """A table to fill in, with one row that shows how."""
    people = _sheet(_("People"), PEOPLE, [[column.example for column in PEOPLE]], language)
    teams = _sheet(_("Teams"), TEAMS, [["House", "HOUSE", ""], [column.example for column in TEAMS]], language)
    return _written(kind, people, teams, language, now)


def _written(kind: str, people: Sheet, teams: Sheet, language: str, now: datetime) -> bytes:
    if kind == "people.csv":
        return write_csv(people)
    if kind == "teams.csv":
        return write_csv(teams)
    return write_xlsx([people, teams, _guide(language)], now=now)


def _sheet(name: str, columns: Sequence[Column], rows: Sequence[Sequence[str]], language: str) -> Sheet:
    return Sheet(
        name=name,
        head=[column.title(language) for column in columns],
        rows=rows,
        widths=[column.width for column in columns],
    )


def _guide(language: str) -> Sheet:
    rows = [
        [where, column.title(language), str(column.hint)]
        for where, columns in ((_("Teams"), TEAMS), (_("People"), PEOPLE))
        for column in columns
    ]
    rows.append(["", "", _("An empty cell leaves what is there as it is; a single “-” empties it.")])
    for title, choices in ((_("Levels"), Level.choices), (_("Functions"), Function.choices)):
        rows += [[title, str(value), str(label)] for value, label in choices if value]
    return Sheet(
        name=_("Guide"), head=[_("Sheet"), _("Column or word"), _("What it means")], rows=rows, widths=[16, 26, 90]
    )


def _people(known: Picture, names: Mapping[int, str], language: str) -> Sheet:
    here = sorted(
        (person for person in known.people.values() if person.active), key=lambda each: (each.name.casefold(), each.pk)
    )
    return _sheet(_("People"), PEOPLE, [_person(person, known, names) for person in here], language)


def _person(person: KnownPerson, known: Picture, names: Mapping[int, str]) -> list[str]:
    title, level, function = person.position
    return [
        person.name,
        person.email,
        title,
        level,
        function,
        _paths(person, names, leads=False),
        _paths(person, names, leads=True),
        _address(known, person.manager),
        "; ".join(sorted(filter(None, (_address(known, pk) for pk in person.others)))),
        person.joined.isoformat(),
        person.left_on.isoformat() if person.left_on else "",
        person.language,
        person.zone,
    ]


def _address(known: Picture, pk: int | None) -> str:
    manager = known.people.get(pk) if pk is not None else None
    return manager.email if manager and manager.active else ""


def _paths(person: KnownPerson, names: Mapping[int, str], *, leads: bool) -> str:
    return "; ".join(sorted(names[pk] for pk, leads_it in person.teams.items() if leads_it == leads))


def _teams(known: Picture, names: Mapping[int, str], language: str) -> Sheet:
    ordered = sorted(known.teams.values(), key=lambda team: known.path(team.pk).casefold())
    rows = [
        [team.name, team.key, names.get(team.parent, CLEAR) if team.parent is not None else CLEAR] for team in ordered
    ]
    return _sheet(_("Teams"), TEAMS, rows, language)
