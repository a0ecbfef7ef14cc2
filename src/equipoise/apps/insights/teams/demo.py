"""The demo agency's months, measured straight from its invented calendars: they are stored only when looked at."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from equipoise.adapters.classifier import load_classifier
from equipoise.adapters.demo_agency import calendar_of, situations_of
from equipoise.adapters.ics import Upload, read_calendar
from equipoise.apps.insights.teams.mapping import PersonMonth
from equipoise.apps.insights.teams.measuring import read
from equipoise.apps.insights.teams.months import first_day_after
from equipoise.apps.people.models import Person
from equipoise.core.facets import PURPOSES
from equipoise.core.situation.profile import Band, need_profile
from equipoise.core.situation.scan import read_answers
from equipoise.core.timeuse.counting import Counted, count_time
from equipoise.core.timeuse.notes import with_essence
from equipoise.core.timeuse.reading import measure_time

MARGIN = timedelta(days=2)
LOOKS_BACK_MONTHS = 3


def months_of(people: Iterable[Person], first_day: date, *, today: date) -> dict[int, PersonMonth]:
    """What the calendars say of a month, by person; all entries are put to the classifier at once."""
    counted = {person.pk: _counted(person, first_day, today) for person in people}
    entries = [entry for each in counted.values() for entry in with_essence(each.entries)]
    minutes = [length for each in counted.values() for length in each.minutes]
    rows = load_classifier().probabilities(entries, minutes).reshape(-1, len(PURPOSES))
    ends = np.cumsum([len(each.entries) for each in counted.values()])[:-1]
    found = {
        person.pk: read(
            measure_time(counted[person.pk], probabilities),
            _called_for(person.demo_key, on=first_day_after(first_day), today=today),
        )
        for person, probabilities in zip(people, np.split(rows, ends), strict=True)
    }
    return {person_id: month for person_id, month in found.items() if month is not None}


def _counted(person: Person, first_day: date, today: date) -> Counted:
    zone, end = ZoneInfo(person.zone), first_day_after(first_day)
    reading = read_calendar(
        [Upload(name=f"{person.demo_key}.ics", content=calendar_of(person.demo_key, until=today))],
        me=person.addresses,
        start=_midnight(first_day) - MARGIN,
        end=_midnight(end) + MARGIN,
        zone=zone,
    )
    return count_time(reading.occurrences, start=first_day, end=end, zone=zone)


def _called_for(key: str, *, on: date, today: date) -> Band | None:
    """What the last scan before a day called for."""
    said = [each for each in situations_of(key, until=today) if each.on < on]
    if not said:
        return None
    scan = read_answers(said[-1].answers, on=said[-1].on)
    return need_profile(scan.role, scan.signals, unknown=scan.unknown).called_for.leading


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), tzinfo=UTC)
