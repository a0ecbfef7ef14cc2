"""Everything kept about a person."""

from datetime import datetime

from equipoise.apps.calendars import queries as calendars
from equipoise.apps.people.models import Person
from equipoise.apps.planner import queries as planner
from equipoise.platform import audit

FORMAT = 1


def everything(person: Person, *, now: datetime) -> dict[str, object]:
    """All records of a person as plain values, whole."""
    return {
        "format": FORMAT,
        "exported_at": now,
        "person": {
            name: getattr(person, name)
            for name in (
                "name", "email", "more_addresses", "title", "function", "zone", "language", "theme", "work_from",
                "work_until", "unplanned_hours", "joined_at",
            )
        },
        **calendars.export(person),
        **planner.export(person),
        "trail": [
            {"at": each.at, "by_you": each.actor_id == person.pk, "verb": each.verb, "detail": each.detail}
            for each in audit.concerning(person.pk, limit=100_000)
        ],
    }  # fmt: skip
