"""People whose calendars count, with an October that leads or manages as much as wanted."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import numpy as np
from tests.cast import JOINED, NOW

from equipoise.apps.calendars.mapping import entry_row
from equipoise.apps.calendars.models import Calendar, Occurrence
from equipoise.apps.change import actions as situation
from equipoise.apps.insights.models import ClosedMonth
from equipoise.apps.insights.teams import actions, queries
from equipoise.apps.people.models import Membership, Person, Team, TeamPlace
from equipoise.core.facets import PURPOSES, Purpose
from equipoise.core.situation.scan import QUESTIONS
from equipoise.core.timeuse.entries import Entry

OCTOBER = date(2026, 10, 1)
SURE = 30.0
"""A score that leaves the classifier in no doubt."""
SAID = {question.key: next(iter(question.choices)) for question in QUESTIONS}


def person(key: str) -> Person:
    """Somebody of the organisation."""
    made = Person(name=key.title(), email=f"{key}@agency.example", zone="UTC", joined_at=JOINED, invited=True)
    made.set_unusable_password()
    made.save()
    return made


def people(prefix: str, number: int) -> list[Person]:
    """Several of them."""
    return [person(f"{prefix}{each}") for each in range(number)]


def team(name: str, members: Sequence[Person], *, parent: Team | None = None, lead: Person | None = None) -> Team:
    """A team since the beginning of the year."""
    made = Team.objects.create(name=name, made_at=JOINED)
    TeamPlace.objects.create(team=made, parent=parent, from_day=JOINED.date())
    for each in dict.fromkeys([*([lead] if lead else []), *members]):
        Membership.objects.create(team=made, person=each, leads=each == lead, from_day=JOINED.date())
    return made


def spend_october(who: Person, *, leading: int, managing: int, counted: bool = True, scanned: bool = False) -> None:
    """Four weeks alike, with so many hours each, of which the classifier was sure."""
    calendar = Calendar.objects.create(owner=who, name=f"{leading} and {managing}", zone="UTC")
    for purpose, day, hours in ((Purpose.VISION, 5, leading), (Purpose.EXECUTION, 6, managing)):
        row = entry_row(
            Entry(uid=f"{who.pk}-{purpose}", series=f"{who.pk}-{purpose}", title=purpose),
            calendar=calendar,
            minutes=60.0 * hours,
            scores=SURE * (np.array(PURPOSES) == purpose),
            vector=np.zeros(4, np.float32),
            model="of the test",
        )
        row.save()
        starts = [datetime(2026, 10, day + 7 * week, 6, tzinfo=UTC) for week in range(4)]
        Occurrence.objects.bulk_create(
            Occurrence(owner=who, entry=row, starts_at=start, ends_at=start + timedelta(hours=hours))
            for start in starts
        )
    if scanned:
        situation.keep_scan(actor=who, person=who, answers=SAID, now=NOW - timedelta(days=60))
    if counted:
        actions.count_in(person=who, wanted=True, now=NOW)


def close_october() -> ClosedMonth:
    """Close October the way the worker does."""
    claimed = actions.claim(demo=False, first_day=OCTOBER, rules=queries.rules(), now=NOW)
    assert claimed is not None
    actions.close(claimed.pk, now=NOW)
    return ClosedMonth.objects.get(pk=claimed.pk)
