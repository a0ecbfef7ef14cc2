"""What the planner does by itself: propose the week on its eve, and learn from calendars that were read."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.core.cache import cache

from equipoise.apps.people.models import Person
from equipoise.apps.planner import actions, learning, queries

AT_ONCE = 5
"""Weeks proposed each time the worker asks; the others wait for the next time."""
EVE_WEEKDAY, EVE_HOUR = 6, 18
"""From Sunday evening on, a person's week is proposed by itself; after Wednesday only when they ask."""
LAST_WEEKDAY = 2
LEARNED_SECONDS = 24 * 3600

_log = logging.getLogger(__name__)


def tick(now: datetime) -> None:
    """Propose weeks that are due, and learn from calendars that changed; called every minute or so."""
    persons = queries.persons_to_plan_for()
    for person in persons:
        with _others_go_on(person):
            learn_once(person, now)
    for person, monday in _without_a_week(persons, now)[:AT_ONCE]:
        with _others_go_on(person):
            actions.propose_by_itself(person=person, monday=monday, now=now)


@contextmanager
def _others_go_on(person: Person) -> Iterator[None]:
    """Trouble with one person's week keeps nobody else's from being planned."""
    try:
        yield
    except Exception:  # noqa: BLE001 - whatever it is, the others' weeks come first; it is logged
        _log.exception("The plan of person %s was left for later", person.pk)


def learn_once(person: Person, now: datetime) -> None:
    """Learn from a person's calendars, once each time they were read."""
    key = f"planner-learned-{person.pk}"
    if cache.get(key) != person.evidence_version:
        learning.learn(person=person, now=now)
        cache.set(key, person.evidence_version, LEARNED_SECONDS)


def _without_a_week(persons: Iterable[Person], now: datetime) -> list[tuple[Person, date]]:
    due = [(person, monday) for person in persons if (monday := week_due(person, now)) is not None]
    there = queries.weeks_proposed({monday for _person, monday in due})
    return [(person, monday) for person, monday in due if (person.pk, monday) not in there]


def week_due(person: Person, now: datetime) -> date | None:
    """The Monday of the week that is proposed by itself at this moment, on the person's clock."""
    local = now.astimezone(ZoneInfo(person.zone))
    monday = queries.monday_of(local.date())
    if local.weekday() == EVE_WEEKDAY and local.hour >= EVE_HOUR:
        return monday + timedelta(days=7)
    return monday if local.weekday() <= LAST_WEEKDAY else None
