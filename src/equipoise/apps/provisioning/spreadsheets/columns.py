"""The columns a table may have, by the names they go by in English and German."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column.

    Attributes:
        key: What the code calls it.
        titles: What stands over it when it is written, by language.
        others: Further names it is known by.
        hint: What goes into it.
        example: A cell of it.
        width: In letters.
    """

    key: str
    titles: Mapping[str, str]
    others: tuple[str, ...] = ()
    hint: str | Promise
    example: str
    width: int = 24

    def title(self, language: str) -> str:
        """What stands over it in a language."""
        return self.titles.get(language, self.titles["en"])


NAME = Column(
    key="name", titles={"en": "Name", "de": "Name"}, example="Jo Winter",
    others=("full name", "display name", "vollständiger name", "anzeigename", "person", "mitarbeiter", "employee"),
    hint=_("What they are called. Must be there for people who are new."),
)  # fmt: skip
PEOPLE = (
    NAME,
    Column(
        key="email", titles={"en": "E-mail", "de": "E-Mail"}, example="jo.winter@example.org", width=32,
        others=("e-mail address", "mail", "mail address", "work email", "e-mail-adresse", "mailadresse", "adresse"),
        hint=_("By it they are found again, and sign in. Must be there."),
    ),
    Column(
        key="title", titles={"en": "Position", "de": "Position"}, example="Head of sales",
        others=("title", "job title", "role title", "titel", "stelle", "funktion im betrieb", "berufsbezeichnung"),
        hint=_("What they are called in the organisation, in your own words."),
    ),
    Column(
        key="level", titles={"en": "Level", "de": "Ebene"}, example="team_lead", others=("stufe", "hierarchy level"),
        hint=_("One of the words below."),
    ),
    Column(
        key="function", titles={"en": "Function", "de": "Aufgabengebiet"}, example="mkting",
        others=("funktion", "area", "department function", "bereich"), hint=_("One of the words below."),
    ),
    Column(
        key="teams", titles={"en": "Teams", "de": "Teams"}, example="House / Sales", width=32,
        others=("team", "department", "unit", "abteilung", "einheit", "gruppe"),
        hint=_("Teams they belong to: key, name, or the way from the top with slashes. Several with a semicolon."),
    ),
    Column(
        key="leads", titles={"en": "Leads", "de": "Leitet"}, example="House / Sales", width=32,
        others=("leads team", "team lead", "lead of", "leitung", "leitet team", "teamleitung"),
        hint=_("Teams they lead, written likewise; or “yes” for those under Teams."),
    ),
    Column(
        key="manager", titles={"en": "Manager", "de": "Führungskraft"}, example="ravi@example.org", width=32,
        others=("manager e-mail", "reports to", "supervisor", "vorgesetzte", "vorgesetzter", "berichtet an"),
        hint=_("Address of whom they report to first."),
    ),
    Column(
        key="others", titles={"en": "Further managers", "de": "Weitere Führungskräfte"}, example="", width=32,
        others=("other managers", "dotted line", "weitere vorgesetzte", "also reports to"),
        hint=_("Addresses of others they report to. Several with a semicolon."),
    ),
    Column(
        key="joined", titles={"en": "Joined", "de": "Eingetreten"}, example="2026-03-01",
        others=("start date", "joined on", "entry date", "eintritt", "eintrittsdatum", "beginn"),
        hint=_("Day from which all this holds for somebody new; today without it. Counts for new people only."),
    ),
    Column(
        key="left", titles={"en": "Left", "de": "Ausgetreten"}, example="",
        others=("end date", "left on", "leaving", "exit date", "austritt", "austrittsdatum", "ende"),
        hint=_("Day from which they are no longer here. They are then let in nowhere; nothing of theirs is erased."),
    ),
    Column(
        key="language", titles={"en": "Language", "de": "Sprache"}, example="en",
        hint=_("en or de. Counts for new people only; everybody chooses their own later."),
    ),
    Column(
        key="zone", titles={"en": "Time zone", "de": "Zeitzone"}, example="Europe/Berlin",
        others=("zone", "timezone"), hint=_("Such as Europe/Berlin. Counts for new people only."),
    ),
)  # fmt: skip
PARTS_OF_NAMES = {
    "given": ("first name", "given name", "vorname"),
    "family": ("last name", "surname", "family name", "nachname", "familienname"),
}
"""Columns that stand together for the name."""

TEAMS = (
    Column(
        key="name", titles={"en": "Name", "de": "Name"}, example="Sales", others=("team", "team name", "teamname"),
        hint=_("What the team is called. Must be there."),
    ),
    Column(
        key="key", titles={"en": "Key", "de": "Kürzel"}, example="SAL",
        others=("id", "team key", "code", "schlüssel", "nummer", "cost centre", "kostenstelle"),
        hint=_("Your own short name for it, unlike any other. A team is found again by it, also under a new name."),
    ),
    Column(
        key="parent", titles={"en": "Part of", "de": "Gehört zu"}, example="House", width=32,
        others=("parent", "parent team", "under", "belongs to", "übergeordnet", "übergeordnetes team", "unter"),
        hint=_("The team above: key, name, or the way from the top with slashes. “-” puts it at the top."),
    ),
)  # fmt: skip

NEVER = ("role", "roles", "rolle", "rollen", "administrator", "permissions", "rechte")
"""Columns that are passed over on purpose: nobody gets more rights by a table."""


def plain(text: str) -> str:
    """A title without case, space and signs."""
    return re.sub(r"[\W_]+", "", text.casefold())


def _names(columns: Sequence[Column]) -> dict[str, str]:
    found: dict[str, str] = {}
    for column in columns:
        for name in (column.key, *column.titles.values(), *column.others):
            found.setdefault(plain(name), column.key)
    return found


PEOPLE_NAMES = _names(PEOPLE) | {plain(name): key for key, names in PARTS_OF_NAMES.items() for name in names}
TEAM_NAMES = _names(TEAMS)
ONLY_PEOPLES = {"email", "given", "family", "title", "level", "function", "teams", "leads", "manager", "joined", "left"}
"""Columns by which a table is seen to be of people."""
