"""The story of the half year: pitches, a merger, a new office, a crisis, launches and the seasons of the house."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from equipoise.adapters.demo_agency.company import Company, clients_of, insider, who
from equipoise.adapters.demo_agency.desk import Desk, asked, place_for, words_of
from equipoise.adapters.demo_agency.diary import nearby, quarters
from equipoise.adapters.demo_agency.meetings import Meeting, Shown
from equipoise.adapters.demo_agency.people import WEEKDAYS
from equipoise.adapters.demo_agency.texts import rows
from equipoise.adapters.demo_agency.weeks import seeded, works_on
from equipoise.core.facets import Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One line of the story file."""

    week: int
    weekday: int
    at: time
    minutes: int
    host: str
    who: str
    purpose: Purpose
    flags: tuple[str, ...]
    title: str
    note: str


def plan_story(desk: Desk) -> None:
    """Put every scene whose day is covered on the desk."""
    for row in rows("story.txt", fields=10):
        _plan(_scene(row), desk)


def _scene(row: tuple[str, ...]) -> Scene:
    week, day, at, minutes, host, others, purpose, flags, title, note = row
    return Scene(
        week=int(week),
        weekday=WEEKDAYS.index(day),
        at=time.fromisoformat(at),
        minutes=int(minutes),
        host=host,
        who=others,
        purpose=Purpose(purpose),
        flags=tuple(flags.split()),
        title=title,
        note=note,
    )


def _plan(scene: Scene, desk: Desk) -> None:
    day = _open_day(desk.span.day(scene.week, scene.weekday))
    if not desk.span.covers(day):
        return
    rng = seeded("story", scene.week, scene.title)
    host = desk.people[scene.host]
    company = who(scene.who, host=host, client=clients_of(host.key)[0], rng=rng)
    all_day = "allday" in scene.flags
    start = datetime.combine(day, time()) if all_day else _free_time(scene, day, company, desk)
    meeting = Meeting(
        name=f"story/{scene.week}/{scene.title}",
        title=scene.title.format_map(words_of(day)),
        note=scene.note,
        place="" if all_day else place_for(company, rng),
        purpose=scene.purpose,
        guests_purpose=scene.purpose,
        host=insider(host.key),
        guests=asked(company, day=day, desk=desk, rng=rng, sure=len(company.keys) < 8),
        start=start,
        minutes=1440 if all_day else scene.minutes,
        all_day=all_day,
        private="private" in scene.flags,
        shown=_shown(scene),
    )
    desk.add(meeting, () if all_day or "free" in scene.flags else (start,))
    if all_day:
        for key in (host.key, *company.keys):
            desk.diary.send_away(key, day)


def _shown(scene: Scene) -> Shown:
    if "free" in scene.flags:
        return Shown.FREE
    return Shown.AWAY if "travel" in scene.flags else Shown.BUSY


def _open_day(day: date) -> date:
    """The day itself, or the next on which the agency works."""
    while not works_on(day):
        day += timedelta(days=1)
    return day


def _free_time(scene: Scene, day: date, company: Company, desk: Desk) -> datetime:
    """The wished time, or the nearest at which all are free; the wished one, double-booked, if there is none."""
    wished = datetime.combine(day, scene.at)
    keys = (scene.host, *company.keys)
    if len(keys) > 12 or scene.purpose is Purpose.STABILITY:
        return wished
    taken = desk.diary.taken(keys, day)
    free = (start for start in nearby(wished) if not taken & quarters(start.time(), scene.minutes))
    return next(free, wished)
