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
from equipoise.apps.people.models import Grant, Person
from equipoise.apps.planner import queries as planner
from equipoise.apps.privacy.models import Package
from equipoise.apps.provisioning import exporting as provisioning
from equipoise.apps.signin import exporting as signin
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
        **signin.export(person),
        **provisioning.export(person),
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
        other: Name of who else did it; empty when they are no longer here.
        roles: What they are in the organisation now, in words; empty for a member.
    """

    at: datetime
    did: str
    by_owner: bool = False
    by_software: bool = False
    assistant: str = ""
    owner: str = ""
    other: str = ""
    roles: str = ""


def trail(person: Person, *, assistants_only: bool = False) -> list[Act]:
    """The latest acts on a person's records, newest first; on request those of their assistants alone."""
    names = assistants.assistant_names(person)
    by: Collection[int] | None = names if assistants_only else None
    entries = audit.concerning(person.pk, by=by)
    others = _others({entry.actor_id for entry in entries if entry.actor_id is not None} - {person.pk, *names})
    return [_act(entry, person, names, others) for entry in entries]


def _others(numbers: Collection[int]) -> dict[int, tuple[str, str]]:
    """Names and roles of others, by number."""
    roles = dict(Grant.ROLES)
    found = Person.objects.filter(pk__in=numbers).prefetch_related("grants")
    return {
        each.pk: (
            each.name,
            ", ".join(sorted({str(roles[row.role]) for row in each.grants.all() if row.ended_at is None})),
        )
        for each in found
    }


def _act(entry: AuditEntry, person: Person, names: dict[int, str], others: dict[int, tuple[str, str]]) -> Act:
    name, roles = others.get(entry.actor_id or 0, ("", ""))
    return Act(
        at=entry.at,
        did=entry.verb,
        by_owner=entry.actor_id == person.pk,
        by_software=entry.actor_id is None,
        assistant="" if entry.actor_id is None else names.get(entry.actor_id, ""),
        other=name,
        roles=roles,
    )


def done_as_assistant(person: Person) -> list[Act]:
    """The latest acts of a person for the owners they assist or once did, newest first."""
    owners = assistants.ever_assisted_by(person)
    return [
        Act(at=entry.at, did=entry.verb, owner=owners.get(entry.subject_id or 0, ""))
        for entry in audit.done_for_others(person.pk, owners)
    ]


def packages_of(person: Person) -> list[Package]:
    """What was packed for a person, newest first."""
    return list(Package.objects.filter(owner=person))


def package_of(person: Person, package_id: int) -> Package:
    """One that can be fetched.

    Raises:
        Package.DoesNotExist: When it is not there or not ready, or somebody else's.
    """
    return Package.objects.get(owner=person, pk=package_id, state=Package.State.READY)


def left_waiting(*, since: datetime) -> list[int]:
    """Numbers of packages that have waited since before a moment; their worker may have died."""
    waiting = Package.objects.filter(state=Package.State.WAITING, asked_at__lt=since)
    return list(waiting.values_list("pk", flat=True))
