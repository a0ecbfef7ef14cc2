"""Everything kept about a person, and who did what to it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from equipoise.apps.calendars import queries as calendars
from equipoise.apps.change import queries as change
from equipoise.apps.growth import queries as growth
from equipoise.apps.insights.digest import queries as digest
from equipoise.apps.insights.teams import queries as teams
from equipoise.apps.integrations import exporting as integrations
from equipoise.apps.people import exporting as organisation
from equipoise.apps.people.assistants import queries as assistants
from equipoise.apps.people.models import Person
from equipoise.apps.planner import queries as planner
from equipoise.apps.privacy.models import Package
from equipoise.platform import audit
from equipoise.platform.models import AuditEntry

FORMAT = 1


def everything(person: Person, *, now: datetime) -> dict[str, object]:
    """All records of a person as plain values, whole."""
    named = assistants.assistant_names(person)
    return {
        "format": FORMAT,
        "exported_at": now,
        "person": {
            name: getattr(person, name)
            for name in (
                "name", "email", "more_addresses", "zone", "language", "theme", "work_from",
                "work_until", "unplanned_hours", "joined_at", "left_on", "erase_after",
            )
        },
        **organisation.export(person),
        **assistants.export(person),
        **integrations.export(person),
        **calendars.export(person),
        **growth.export(person),
        **digest.export(person),
        **teams.export(person),
        **change.export(person),
        **planner.export(person),
        "packages": list(Package.objects.filter(owner=person).values("state", "size", "asked_at", "ready_at")),
        "trail": [
            {"at": each.at, "by_you": each.actor_id == person.pk, "verb": each.verb, "detail": each.detail}
            | ({"by_assistant": named[each.actor_id]} if each.actor_id in named else {})
            for each in audit.concerning(person.pk, limit=100_000)
        ],
        "done_for_others": [
            {"at": each.at, "verb": each.verb}
            for each in audit.done_for_others(person.pk, assistants.ever_assisted_by(person), limit=100_000)
        ],
    }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One act on somebody's records.

    Attributes:
        at: When.
        did: What, as the trail keeps it.
        by_owner: Whether the owner did it.
        by_software: Whether nobody did, but the software by itself.
        assistant: Name of the assistant who did it for the owner; empty when none did.
        owner: Name of the owner; told where acts for several owners stand together.
    """

    at: datetime
    did: str
    by_owner: bool = False
    by_software: bool = False
    assistant: str = ""
    owner: str = ""


def trail(person: Person, *, assistants_only: bool = False) -> list[Act]:
    """The latest acts on a person's records, newest first; on request those of their assistants alone."""
    names = assistants.assistant_names(person)
    by: Collection[int] | None = names if assistants_only else None
    return [_act(entry, person, names) for entry in audit.concerning(person.pk, by=by)]


def _act(entry: AuditEntry, person: Person, names: dict[int, str]) -> Act:
    return Act(
        at=entry.at,
        did=entry.verb,
        by_owner=entry.actor_id == person.pk,
        by_software=entry.actor_id is None,
        assistant="" if entry.actor_id is None else names.get(entry.actor_id, ""),
    )


def done_as_assistant(person: Person) -> list[Act]:
    """The latest acts of a person for the owners they assist or once did, newest first."""
    owners = assistants.ever_assisted_by(person)
    return [
        Act(at=entry.at, did=entry.verb, owner=owners.get(entry.subject_id or 0, ""))
        for entry in audit.done_for_others(person.pk, owners)
    ]
