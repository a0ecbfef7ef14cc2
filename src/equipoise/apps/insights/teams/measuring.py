"""What the calendars of those who count say of a month. Nothing of it is kept: groups are told of, not persons."""

from collections.abc import Iterable
from datetime import date, timedelta

from equipoise.apps.calendars import queries as calendars
from equipoise.apps.change import queries as change
from equipoise.apps.insights.teams.mapping import PersonMonth
from equipoise.apps.insights.teams.months import first_day_after
from equipoise.apps.people.models import Person
from equipoise.core.situation.profile import Band
from equipoise.core.timeuse.reading import TimeReading, measure_time


def month_of(person: Person, first_day: date) -> PersonMonth | None:
    """What a person's own calendars say of a month; `None` when that is too little to count."""
    end = first_day_after(first_day)
    found = calendars.evidence(person, start=first_day, end=end)
    called = change.called_for(person, on=end - timedelta(days=1))
    return read(measure_time(found.counted, found.probabilities), called.leading if called else None)


def months_of(people: Iterable[Person], first_day: date) -> dict[int, PersonMonth]:
    """The same for several, by their numbers; whoever cannot be counted is not there."""
    found = {person.pk: month_of(person, first_day) for person in people}
    return {person_id: month for person_id, month in found.items() if month is not None}


def read(reading: TimeReading, called: Band | None) -> PersonMonth | None:
    """What a reading and a situation say; `None` when nothing can be told of the share."""
    share = reading.leading.share
    if share is None or share.tells_nothing:
        return None
    leans = {each.axis.name: each.lean.value for each in reading.axes if each.lean is not None}
    return PersonMonth(share=share, leans=leans, called=called)
