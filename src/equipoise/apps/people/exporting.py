"""What is kept of a person's place in the organisation, for them to take along."""

from equipoise.apps.people.models import Grant, Joining, Membership, Person, Position, ReportingLine


def export(person: Person) -> dict[str, object]:
    """Teams, reporting lines, positions, roles and links to come in by, as plain values."""
    held = ("from_day", "until_day")
    return {
        "memberships": [
            {"team": row.team.name, "leads": row.leads, **_held(row)}
            for row in Membership.objects.filter(person=person).select_related("team")
        ],
        "reporting_lines": [
            {"to": row.manager.name, "main": row.main, **_held(row)}
            for row in ReportingLine.objects.filter(person=person).select_related("manager")
        ],
        "positions": list(Position.objects.filter(person=person).values("title", "level", "function", *held)),
        "roles": list(Grant.objects.filter(person=person).values("role", "source", "given_at", "ended_at")),
        "joinings": list(Joining.objects.filter(person=person).values("made_at", "expires_at", "taken_at")),
    }


def _held(row: Membership | ReportingLine) -> dict[str, object]:
    return {"from_day": row.from_day, "until_day": row.until_day}
