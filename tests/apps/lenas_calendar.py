"""Lena's small calendar, read as a file that was handed in, for tests."""

from datetime import datetime
from zoneinfo import ZoneInfo

from tests.apps.calendar_texts import LENAS
from tests.cast import NOW

from equipoise.adapters.ics import Upload, read_calendar
from equipoise.apps.calendars import actions
from equipoise.apps.people.models import Person


def with_calendar(person: Person, *, now: datetime = NOW) -> Person:
    """The person, with the calendar read."""
    reading = read_calendar(
        [Upload(name="lena.ics", content=LENAS)],
        me=person.addresses,
        start=None,
        end=now,
        zone=ZoneInfo("Europe/Berlin"),
    )
    actions.store_reading(person=person, name="Office", reading=reading, now=now)
    return person
