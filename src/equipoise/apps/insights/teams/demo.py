"""The demo agency's months, measured straight from its invented calendars: they are stored only when looked at."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

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
from equipoise.core.timeuse.entries import Entry
from equipoise.core.timeuse.notes import with_essence
from equipoise.core.timeuse.reading import measure_time

MARGIN = timedelta(days=2)
LOOKS_BACK_MONTHS = 3


def months_of(people: Sequence[Person], first_day: date, *, today: date) -> dict[int, PersonMonth]:
    """What the calendars say of a month, by person; all entries are put to the classifier at once."""
    counted = {person.pk: _counted(person, first_day, today) for person in people}
    rows = _probabilities([seen for each in counted.values() for seen in _seen(each)])
    ends = np.cumsum([len(each.entries) for each in counted.values()])[:-1]
    found = {
        person.pk: read(
            measure_time(counted[person.pk], probabilities),
            _called_for(person.demo_key, on=first_day_after(first_day), today=today),
        )
        for person, probabilities in zip(people, np.split(rows, ends), strict=True)
    }
    return {person_id: month for person_id, month in found.items() if month is not None}


def _seen(counted: Counted) -> Iterator[tuple[Entry, float]]:
    """What the classifier sees of each entry, and how long it takes; many stand alike in several calendars."""
    for entry, minutes in zip(with_essence(counted.entries), counted.minutes, strict=True):
        yield replace(entry, uid="", series="", source="", line=0), minutes


def _probabilities(seen: Sequence[tuple[Entry, float]]) -> NDArray[np.float64]:
    """What each entry is for; of those that look alike, one is asked."""
    alike = {each: number for number, each in enumerate(dict.fromkeys(seen))}
    rows = load_classifier().probabilities([entry for entry, _ in alike], [minutes for _, minutes in alike])
    return rows.reshape(-1, len(PURPOSES))[[alike[each] for each in seen]]


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
