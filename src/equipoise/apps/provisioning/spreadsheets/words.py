"""What is wrong with rows and files, and what to do, in words people read."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from equipoise.adapters.spreadsheets import MOST_BYTES, MOST_ROWS, Unreadable, WorkbookUnreadable
from equipoise.apps.people.models import Function, Level
from equipoise.apps.provisioning.spreadsheets.columns import PEOPLE, TEAMS
from equipoise.apps.provisioning.spreadsheets.parsing import NoColumns, Problem

PROBLEMS: Mapping[str, Promise] = {
    "no name": _("The name is missing. Somebody or something new needs one."),
    "not a name": _("“%(value)s” is no name. Write letters."),
    "no email": _("The e-mail address is missing. Nobody can be found or added without one."),
    "not an address": _("“%(value)s” is not an e-mail address. Write one such as jo@example.org."),
    "email twice": _("Row %(value)s is about the same person. Put both into one row."),
    "key twice": _("Row %(value)s has the same key. Give each team its own."),
    "team twice": _("Row %(value)s has the same team. Take one of them out."),
    "key of an ended team": _("A team that has ended had the key “%(value)s”. Give another."),
    "too long": _("This is too long: “%(value)s”. Shorten it."),
    "error of a formula": _("The cell holds the error %(value)s. Mend its formula, or write the value itself."),
    "unknown level": _("“%(value)s” is no level. Choose one of the words on the sheet Guide."),
    "unknown function": _("“%(value)s” is no function. Choose one of the words on the sheet Guide."),
    "unknown language": _("“%(value)s” is no language of these pages. Write en or de."),
    "unknown zone": _("“%(value)s” is no time zone. Write one such as Europe/Berlin."),
    "not a day": _("“%(value)s” is not a day one can be sure of. Write it as 2026-03-01."),
    "no team": _("There is no team “%(value)s”. Check how it is written, or add it on the sheet Teams."),
    "several teams": _("Several teams are called “%(value)s”. Write the key, or the way from the top: House / Sales."),
    "team circle": _("Teams would stand under each other in a circle: %(value)s. Change one of them."),
    "leads what": _("“yes” says nothing without a team. Write the team, here or under Teams."),
    "no manager": _("Nobody goes by %(value)s, here or in a row without errors. Check the address, or add a row."),
    "own manager": _("Nobody reports to themselves. Take the address out."),
    "manager left": _("%(value)s has left. Name somebody else."),
    "circle": _("They would report to each other in a circle: %(value)s. Change one of them."),
    "other world": _("%(value)s belongs to the demo agency or is apart from it. Give another address."),
    "has left": _("They left on %(value)s. Write “-” under Left to let them come back, or take the row out."),
    "left already": _("The day has passed already, so there is nobody to add. Take the row out."),
    "left too early": _("What they are now began on %(value)s only. Write a later day."),
    "yourself": _("This is you. Ask another administrator."),
    "last administrator": _("Nobody would be left who can administer. Make somebody else an administrator first."),
}

NOTES: Mapping[str, Promise] = {
    "sheet passed over": _("The sheet “%(value)s” was passed over: it has no column for names."),
    "column passed over": _("The column “%(value)s” was passed over: Equipoise does not know it."),
    "role passed over": _("The column “%(value)s” was passed over on purpose: roles are given by hand."),
}

REFUSALS: Mapping[str, Promise] = {
    Unreadable.TOO_LARGE: _("The file is too large: at most %(megabytes)s MB are read. Split it."),
    Unreadable.TOO_MANY_ROWS: _("There are too many rows: at most %(rows)s a table are read. Split it."),
    Unreadable.BROKEN: _("The file cannot be read. Save it again as .xlsx or .csv, and try that."),
    Unreadable.OLD_EXCEL: _("This is a workbook of an old Excel (.xls). Save it as .xlsx, and try that."),
    Unreadable.PROTECTED: _("The workbook is protected by a password. Save it without one, and try that."),
    Unreadable.NO_TABLE: _("There is nothing in the file. Choose another."),
    Unreadable.MERGED: _("Cells are merged (%(where)s), so one cannot tell which rows they are about. Unmerge them."),
    Unreadable.UNKNOWN_LETTERS: _("The letters cannot be read. Save it as CSV in UTF-8, or as .xlsx."),
    Unreadable.LONG_CELL: _("A cell is far too long (%(where)s). Shorten it."),
    "no columns": _("No table has the columns Name and E-mail (for people) or Name (for teams) in its first row."),
    "no addresses": _("The table of people has no column E-mail. Add it: people are found again by it."),
    "column twice": _("Two columns mean the same: “%(where)s”. Take one out."),
}

IN_THE_WAY: Mapping[str, Promise] = {
    "changed": _("has been changed since"),
    "came in": _("has come in since, and may have records"),
    "in use": _("is used by others since"),
}

FAILURES: Mapping[str, Promise] = {
    "changed": _("Something has changed since you looked. Nothing was written; look again."),
    "interrupted": _("It was cut off. Nothing was written; try again."),
}


def problem_sentence(problem: Problem) -> str:
    """What is wrong, and what to do."""
    return str(PROBLEMS[problem.code]) % {"value": problem.value}


def note_sentence(code: str, value: str) -> str:
    """What was passed over."""
    return str(NOTES[code]) % {"value": value}


def refusal_sentence(error: WorkbookUnreadable | NoColumns, name: str) -> str:
    """Why a file is not read, and what to do."""
    code = error.reason if isinstance(error, WorkbookUnreadable) else error.code
    told = {"megabytes": MOST_BYTES // 1_000_000, "rows": MOST_ROWS, "where": error.where}
    return f"{name}: {str(REFUSALS[code]) % told}"


def failure_sentence(kept: str) -> str:
    """Why nothing was carried out."""
    if kept in FAILURES:
        return str(FAILURES[kept])
    return gettext("%(what)s Nothing was written.") % {"what": kept}


def column_title(kind: str, key: str, language: str) -> str:
    """What stands over a column."""
    columns = PEOPLE if kind == "person" else TEAMS
    return next((column.title(language) for column in columns if column.key == key), key)


def cell_words(column: str, value: str) -> str:
    """A value as people read it: levels and functions have words of their own."""
    if column == "level" and value:
        return str(Level(value).label)
    if column == "function" and value:
        return str(Function(value).label)
    return value
