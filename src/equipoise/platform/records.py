"""The register of kinds of record: what is kept of people, why, who sees it, for how long, how it is taken along.

Each app declares its kinds in `<app>/records.py` as `KINDS`. A test holds that every table stands in exactly one kind,
and that who sees a kind is what the pages and the API let see.
"""

import importlib
import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from equipoise.platform.access import Access, Audience, access_table

Text = str | Promise


class Ground(StrEnum):
    """On what ground a kind is kept (GDPR, article 6); a proposal, which whoever answers for it decides upon."""

    CHOICE = "choice"
    WORK = "work"
    INTEREST = "interest"
    SECURITY = "security"
    NONE = "none"


GROUND_NAMES: dict[Ground, Text] = {
    Ground.CHOICE: _("The person's own choice, taken back at any time (article 6 (1) a)"),
    Ground.WORK: _("The contract of work or service (article 6 (1) b)"),
    Ground.INTEREST: _("The organisation's legitimate interest in knowing who works where (article 6 (1) f)"),
    Ground.SECURITY: _("The legitimate interest in security, and the duty to prove it (articles 6 (1) f and 32)"),
    Ground.NONE: _("Nothing about a person"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """For how long a kind is kept.

    Attributes:
        words: From when, and what happens then.
        days: By default; `None` for as long as the words say.
        least: The shortest an administrator may choose, in days.
        most: The longest; 0 when there is nothing to choose.
    """

    words: Text
    days: int | None = None
    least: int = 0
    most: int = 0

    @property
    def may_be_set(self) -> bool:
        """Whether an administrator chooses it."""
        return self.most > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of record.

    Attributes:
        key: Its name in the code, for good.
        name: What people call it.
        holds: What stands in it.
        models: Its tables, as "app.Model"; none for what is worked out and not kept.
        purpose: Why it is kept.
        ground: On what ground.
        source: Where it comes from.
        records: What the pages and operations that show it call it (`page(record)`).
        seen_by: Who sees it, as those pages and operations declare it.
        seeing: What there is to add to that.
        exported: Its keys in the file a person takes along.
        not_exported: Why nothing of it is in there.
        erased: How it ends.
        keeping: For how long it is kept.
    """

    key: str
    name: Text
    holds: Text
    models: tuple[str, ...] = ()
    purpose: Text
    ground: Ground
    source: Text
    records: tuple[str, ...] = ()
    seen_by: frozenset[Audience] = frozenset()
    seeing: Text = ""
    exported: tuple[str, ...] = ()
    not_exported: Text = ""
    erased: Text
    keeping: Keeping


WITH_PERSON = _("With the person")
UNTIL_ERASED = Keeping(words=_("Until the person erases it, or is erased"))

NO_RECORD = frozenset(
    {
        "first run",
        "help",
        "how a whole organisation moves",
        "sign-in",
        "the API's description",
        "the demo agency",
        "what the service can do",
    }
)
"""What pages call themselves that show no record of anybody."""

KINDS = (
    Kind(
        key="trail",
        name=_("Audit trail"),
        holds=_("Who did what, on whose records, and when: numbers and counts, never names, titles or texts"),
        models=("platform.AuditEntry", "platform.AuditHead"),
        purpose=_("Everybody can see who touched their records; the organisation can prove what was done"),
        ground=Ground.SECURITY,
        source=_("Written by the software in the transaction of the act itself"),
        records=("the audit trail",),
        seen_by=frozenset({Audience.AUDITOR}),
        seeing=_("Everybody sees the acts on their own records, under Your data"),
        exported=("trail", "done_for_others"),
        erased=_("Stays without a name when the person is erased: it holds numbers only"),
        keeping=Keeping(
            words=_("From the act; what is older is taken out, which leaves a note in the chain"),
            days=1095,
            least=180,
            most=3650,
        ),
    ),
    Kind(
        key="queue",
        name=_("Work in the background"),
        holds=_("Numbers of the records to work on, and how that went"),
        models=("django_tasks_database.DBTaskResult",),
        purpose=_("Calendars are read and mails sent while nobody waits for it"),
        ground=Ground.SECURITY,
        source=_("Written by the software"),
        not_exported=_("It holds numbers only, and goes after days"),
        erased=_("By its time"),
        keeping=Keeping(words=_("From when it was done; then it is erased"), days=7, least=1, most=90),
    ),
)


def kinds() -> Iterator[Kind]:
    """Every kind of record, in the order of the apps."""
    yield from KINDS
    for config in apps.get_app_configs():
        name = f"{config.name}.records"
        if config.name.startswith("equipoise.apps.") and importlib.util.find_spec(name):
            yield from importlib.import_module(name).KINDS


def kind_of(key: str) -> Kind:
    """One kind.

    Raises:
        LookupError: When there is none of this key.
    """
    found = next((each for each in kinds() if each.key == key), None)
    if found is None:
        raise LookupError(f"There is no kind of record called {key!r}.")
    return found


def accesses_to(kind: Kind) -> list[Access]:
    """What the pages and the operations that show a kind declare."""
    return [row.access for row in access_table() if row.access.record in kind.records]
