"""People whose calendars count, with an October that leads or manages as much as wanted."""

from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from tests.apps.calendar_texts import calendar, entry
from tests.cast import JOINED, NOW

from equipoise.adapters.ics import Upload, read_calendar
from equipoise.apps.calendars import actions as calendars
from equipoise.apps.calendars.models import Entry
from equipoise.apps.change import actions as situation
from equipoise.apps.insights.models import ClosedMonth
from equipoise.apps.insights.teams import actions, queries
from equipoise.apps.people.models import Membership, Person, Team, TeamPlace
from equipoise.core.facets import Purpose
from equipoise.core.situation.scan import QUESTIONS

OCTOBER = date(2026, 10, 1)
WEEKLY = "RRULE:FREQ=WEEKLY;COUNT=4"
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
    """Four weeks alike, with so many hours each, as corrected by their owner."""
    entries = [
        entry(f"{who.pk}-{name}", name, f"202610{day:02}T060000Z", f"202610{day:02}T{6 + hours:02}0000Z", WEEKLY)
        for name, day, hours in (("Vision", 5, leading), ("Delivery", 6, managing))
        if hours
    ]
    reading = read_calendar(
        [Upload(name="x.ics", content=calendar(*entries))], me=who.addresses, start=None, end=NOW, zone=ZoneInfo("UTC")
    )
    calendars.store_reading(person=who, name="x", reading=reading, now=NOW)
    for row in Entry.objects.filter(owner=who):
        purpose = Purpose.VISION if row.title == "Vision" else Purpose.EXECUTION
        calendars.correct(actor=who, entry=row, purpose=purpose, now=NOW)
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
