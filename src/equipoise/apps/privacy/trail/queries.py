"""Acts of the audit trail, for auditors: who did what, to whose records, and when. Contents are not in it."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from equipoise.apps.people.models import Person
from equipoise.apps.privacy.own_data.words import act_name
from equipoise.platform.models import AuditEntry

AT_ONCE = 50
"""Acts on one page."""

OF_THE_ORGANISATION = frozenset(
    {"by", "kind", "last", "month", "on", "provider", "role", "scopes", "source", "version", "with"}
)
"""Words in the details of acts that tell nothing of what stands in anybody's own records."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Which acts are looked for; what is empty does not matter.

    Attributes:
        who: Part of the name or address of who did it.
        whom: Part of the name or address of whose records it touched.
        verb: What was done.
        since: From this day on.
        until: Up to and with this day.
    """

    who: str = ""
    whom: str = ""
    verb: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One act.

    Attributes:
        number: Its number in the trail.
        at: When.
        actor_id: Number of who did it; `None` for the software.
        actor: Their name; empty when they are no longer here.
        subject_id: Number of whose records it touched; `None` when it was nobody's.
        subject: Their name; empty when they are no longer here.
        verb: What was done, as the trail has it.
        did: The same in the reader's language.
        detail: Counts and numbers.
    """

    number: int
    at: datetime
    actor_id: int | None
    actor: str
    subject_id: int | None
    subject: str
    verb: str
    did: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One page of acts, newest first; `before` is where the next page begins, `None` at the end."""

    acts: tuple[Act, ...]
    before: int | None


def acts(viewer: Person, sought: Sought, *, before: int | None = None) -> Found:
    """The acts that were looked for, newest first, so many at once."""
    found = rows(viewer, sought)
    page = list((found if before is None else found.filter(pk__lt=before))[: AT_ONCE + 1])
    shown = page[:AT_ONCE]
    return Found(acts=told(shown), before=shown[-1].pk if len(page) > AT_ONCE else None)


def verbs(viewer: Person) -> list[tuple[str, str]]:
    """Everything that was done at all, with what it is called, in the order of that."""
    there = _around(viewer).order_by().values_list("verb", flat=True).distinct()
    return sorted(((verb, act_name(verb)) for verb in there), key=lambda each: each[1])


def as_table(viewer: Person, sought: Sought) -> Iterator[str]:
    """All that was looked for, as lines of a table (CSV), oldest first."""
    yield _line("number", "at", "actor", "actor_name", "subject", "subject_name", "verb", "detail")
    found = rows(viewer, sought).order_by("pk")
    last = 0
    while batch := list(found.filter(pk__gt=last)[:1000]):
        last = batch[-1].pk
        for act in told(batch):
            yield _line(
                act.number, act.at.isoformat(), act.actor_id, act.actor, act.subject_id, act.subject, act.verb,
                act.detail,
            )  # fmt: skip


def _line(*cells: object) -> str:
    """Names that begin like a formula are kept from being one."""
    text = io.StringIO(newline="")
    told = ["" if cell is None else str(cell) for cell in cells]
    csv.writer(text).writerow(f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t"} else cell for cell in told)
    return text.getvalue()


def _around(viewer: Person) -> QuerySet[AuditEntry]:
    """The trail of the viewer's world: the demo agency and the organisation never mix."""
    demo = list(Person.objects.exclude(demo_key="").values_list("pk", flat=True))
    trail = AuditEntry.objects.order_by("-pk")
    if viewer.is_demo:
        return trail.filter(Q(actor_id__in=demo) | Q(subject_id__in=demo))
    nobody, nobodys = Q(actor_id=None), Q(subject_id=None)
    return trail.filter(nobody | ~Q(actor_id__in=demo), nobodys | ~Q(subject_id__in=demo))


def rows(viewer: Person, sought: Sought) -> QuerySet[AuditEntry]:
    """All that was looked for, newest first."""
    found, zone = _around(viewer), ZoneInfo(viewer.zone)
    if sought.who:
        found = found.filter(actor_id__in=_named(sought.who))
    if sought.whom:
        found = found.filter(subject_id__in=_named(sought.whom))
    if sought.verb:
        found = found.filter(verb=sought.verb)
    if sought.since:
        found = found.filter(at__gte=datetime.combine(sought.since, time(), tzinfo=zone))
    if sought.until:
        found = found.filter(at__lt=datetime.combine(sought.until + timedelta(days=1), time(), tzinfo=zone))
    return found


def _named(words: str) -> list[int]:
    """Numbers of everybody of a name or address; a number is looked for as such, also of who is no longer here."""
    found = list(
        Person.objects.filter(Q(name__icontains=words) | Q(email__icontains=words)).values_list("pk", flat=True)
    )
    return [*found, int(words)] if words.isascii() and words.isdigit() and len(words) < 18 else found


def told(entries: Sequence[AuditEntry]) -> tuple[Act, ...]:
    """Entries with the names of those they are about."""
    numbers = {number for row in entries for number in (row.actor_id, row.subject_id) if number is not None}
    names = dict(Person.objects.filter(pk__in=numbers).values_list("pk", "name"))
    return tuple(
        Act(
            number=row.pk,
            at=row.at,
            actor_id=row.actor_id,
            actor=names.get(row.actor_id or 0, ""),
            subject_id=row.subject_id,
            subject=names.get(row.subject_id or 0, ""),
            verb=row.verb,
            did=act_name(row.verb),
            detail=_detail(row),
        )
        for row in entries
    )


def _detail(row: AuditEntry) -> str:
    """Numbers, and words about the organisation; what a word tells of somebody's own records, only they see."""
    return ", ".join(
        f"{key}: {value if isinstance(value, str) else json.dumps(value)}"
        for key, value in sorted(row.detail.items())
        if not isinstance(value, str) or key in OF_THE_ORGANISATION
    )
