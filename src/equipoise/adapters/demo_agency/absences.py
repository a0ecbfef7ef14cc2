"""Leave, illness and days out: the all-day entries of a calendar."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from equipoise.adapters.demo_agency.company import insider
from equipoise.adapters.demo_agency.desk import Desk
from equipoise.adapters.demo_agency.meetings import Meeting, Shown
from equipoise.adapters.demo_agency.people import Person
from equipoise.adapters.demo_agency.texts import rows
from equipoise.adapters.demo_agency.weeks import FIRST_WEEK, LAST_WEEK, seeded, works_on
from equipoise.core.facets import Purpose

SUMMER = (7, 8)
CRISIS_WEEK = -14
CRISIS_CREW = frozenset({"marek", "ravi", "tom", "ben", "kofi", "lena", "stefan", "diego", "emre"})
"""Who puts leave off when the story's crisis needs them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """Days away in a row, and what for: `long`, `short` or `sick`."""

    first: date
    days: int
    kind: str


def plan_absences(desk: Desk) -> None:
    """Send everybody on leave and sometimes to bed, before anything else is planned."""
    titles: dict[str, list[str]] = {}
    for kind, title in rows("absences.txt", fields=2):
        titles.setdefault(kind, []).append(title)
    for person in desk.house.people:
        rng = seeded("absences", person.key)
        for spell in _spells(desk, rng):
            _send_away(person, spell, rng.choice(titles[spell.kind]), desk)


def _spells(desk: Desk, rng: Random) -> list[Spell]:
    """Two weeks in summer (or where there is none), a short leave, the days after Christmas, a cold or two."""
    mondays = [desk.span.day(week) for week in range(FIRST_WEEK, LAST_WEEK)]
    summer = [day for day in mondays if day.month in SUMMER] or mondays
    spells = [Spell(first=rng.choice(summer), days=rng.choice((12, 12, 5, 19)), kind="long")]
    spells += [
        Spell(first=day, days=12, kind="long") for day in mondays if _before_christmas(day) and rng.random() < 0.7
    ]
    for kind, times in (("short", rng.randint(1, 3)), ("sick", rng.choice((0, 1, 1, 2)))):
        for _ in range(times):
            first = rng.choice(mondays) + timedelta(days=rng.randrange(5))
            spells.append(Spell(first=first, days=rng.choice((1, 1, 2)), kind=kind))
    return spells


def _before_christmas(monday: date) -> bool:
    return monday.month == 12 and 20 <= monday.day <= 26


def _send_away(person: Person, spell: Spell, title: str, desk: Desk) -> None:
    days = [spell.first + timedelta(days=number) for number in range(spell.days)]
    working = [day for day in days if works_on(day) and day.weekday() in person.hours.weekdays]
    if person.key in CRISIS_CREW and any(desk.span.week(day) == CRISIS_WEEK for day in working):
        return
    if not working or any(desk.diary.away(person.key, day) for day in working) or not desk.span.covers(spell.first):
        return
    for day in working:
        desk.diary.send_away(person.key, day)
    meeting = Meeting(
        name=f"away/{person.key}/{spell.kind}/{desk.span.week(spell.first)}/{spell.first.weekday()}",
        title=title,
        note="",
        place="",
        purpose=Purpose.OTHER,
        guests_purpose=Purpose.OTHER,
        host=insider(person.key),
        guests=(),
        start=datetime.combine(spell.first, time()),
        minutes=1440 * spell.days,
        all_day=True,
        shown=Shown.AWAY,
        private=spell.kind == "sick",
    )
    desk.add(meeting, ())
