"""The standing meetings: series with their exceptions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from equipoise.adapters.demo_agency.company import clients_of, insider, who
from equipoise.adapters.demo_agency.desk import Desk, asked, place_for
from equipoise.adapters.demo_agency.diary import nearby, quarters
from equipoise.adapters.demo_agency.meetings import Change, Meeting, Shown
from equipoise.adapters.demo_agency.people import WEEKDAYS
from equipoise.adapters.demo_agency.texts import rows
from equipoise.adapters.demo_agency.weeks import seeded, works_on
from equipoise.core.facets import Purpose

DELETED, MOVED, CALLED_OFF = 0.04, 0.045, 0.015
"""How often a time of a series is deleted, moved, or called off but left standing (shares of its times)."""
SHIFT_COST = 0.12
"""The share of a series' times in conflict that is borne rather than moving the series by an hour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One line of the series file."""

    key: str
    host: str
    who: str
    often: tuple[str, ...]
    weekday: int
    at: time
    minutes: int
    purpose: Purpose
    guests_purpose: Purpose
    title: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A series while it is planned: its line, who comes (the host first), titles for single times, and chance."""

    line: Standing
    keys: tuple[str, ...]
    titles: dict[tuple[str, int], str]
    desk: Desk
    rng: Random


def plan_standing(desk: Desk) -> None:
    """Put every standing meeting on the desk, in the order of the file."""
    titles = {(key, int(week)): title for key, week, title in rows("retitled.txt", fields=3)}
    for row in rows("series.txt", fields=9):
        _plan(_standing(row), titles, desk)


def _standing(row: tuple[str, ...]) -> Standing:
    key, host, others, often, when, minutes, purpose, title, note = row
    weekday, at = when.split()
    own, _, theirs = purpose.partition("/")
    return Standing(
        key=key,
        host=host,
        who=others,
        often=tuple(often.split()),
        weekday=WEEKDAYS.index(weekday),
        at=time.fromisoformat(at),
        minutes=int(minutes),
        purpose=Purpose(own),
        guests_purpose=Purpose(theirs or own),
        title=title,
        note=note,
    )


def _plan(line: Standing, titles: dict[tuple[str, int], str], desk: Desk) -> None:
    rng = seeded("standing", line.key)
    days = _days(line, desk)
    if not days:
        return
    company = who(line.who, host=desk.people[line.host], client=clients_of(line.host)[0], rng=rng)
    sure = len(company.keys) + len(company.outside) < 3
    guests = asked(company, day=desk.span.first - timedelta(days=1), desk=desk, rng=rng, sure=sure)
    at = _free_time(line, days, (line.host, *company.keys), desk)
    course = Course(line=line, keys=(line.host, *company.keys), titles=titles, desk=desk, rng=rng)
    left_out, changes, held = _exceptions(course, days, at)
    meeting = Meeting(
        name=f"series/{line.key}",
        title=line.title,
        note=line.note,
        place=place_for(company, rng),
        purpose=line.purpose,
        guests_purpose=line.guests_purpose,
        host=insider(line.host),
        guests=guests,
        start=datetime.combine(days[0], at),
        minutes=line.minutes,
        rule=_rule(line, days),
        left_out=left_out,
        changes=changes,
        private="private" in line.often,
        shown=Shown.FREE if "free" in line.often else Shown.BUSY,
    )
    desk.add(meeting, () if "free" in line.often else held)


def _days(line: Standing, desk: Desk) -> list[date]:
    """Every day the rule names within the span, holidays among them."""
    span = desk.span
    first, end = span.first, span.end
    for word in line.often:
        if ".." in word:
            low, high = word.split("..")
            first, end = max(first, span.day(int(low))), min(end, span.day(int(high), 6))
    step = 1 if line.often[0] == "daily" else 7
    offset = 0 if step == 1 else (line.weekday - first.weekday()) % 7
    every = (first + timedelta(days=number) for number in range(offset, (end - first).days, step))
    return [day for day in every if _falls_on(line, day, desk)]


def _falls_on(line: Standing, day: date, desk: Desk) -> bool:
    kind = line.often[0]
    if kind == "daily":
        return day.weekday() in desk.people[line.host].hours.weekdays
    if kind.startswith("2weekly"):
        return day.toordinal() // 7 % 2 == kind.endswith("+")
    if kind == "monthly":
        return _is_nth(day, int(line.often[1][:-2]))
    if kind == "quarterly":
        return day.month % 3 == 1 and _is_nth(day, 3)
    return True


def _is_nth(day: date, nth: int) -> bool:
    if nth > 0:
        return (day.day - 1) // 7 == nth - 1
    return (day + timedelta(days=7)).month != day.month


def _rule(line: Standing, days: Sequence[date]) -> str:
    kind, code = line.often[0], WEEKDAYS[line.weekday].upper()
    if kind == "daily":
        names = ",".join(dict.fromkeys(WEEKDAYS[day.weekday()].upper() for day in sorted(days, key=date.weekday)))
        rule = f"FREQ=WEEKLY;BYDAY={names}"
    elif kind == "monthly":
        rule = f"FREQ=MONTHLY;BYDAY={line.often[1]}"
    elif kind == "quarterly":
        rule = f"FREQ=MONTHLY;INTERVAL=3;BYDAY=3{code}"
    else:
        rule = f"FREQ=WEEKLY;{'INTERVAL=2;' if kind.startswith('2') else ''}BYDAY={code}"
    if "open" in line.often:
        return rule
    until = datetime.combine(days[-1], time(21, 59, 59))
    return f"{rule};UNTIL={until:%Y%m%dT%H%M%SZ}"


def _free_time(line: Standing, days: Sequence[date], keys: tuple[str, ...], desk: Desk) -> time:
    """The wished time, unless many times of the series would meet something else there and fewer do nearby."""
    wished = datetime.combine(days[0], line.at)
    taken = [desk.diary.taken(keys, day) for day in days]

    def cost(start: datetime) -> float:
        wanted = quarters(start.time(), line.minutes)
        clashes = sum(1 for day in taken if day & wanted) / len(days)
        return clashes + abs(start - wished) / timedelta(hours=1) * SHIFT_COST

    return min(nearby(wished), key=cost).time()


def _exceptions(
    course: Course, days: Sequence[date], at: time
) -> tuple[tuple[datetime, ...], tuple[Change, ...], list[datetime]]:
    """What of the series is deleted, what is changed, and when it takes place in the end."""
    left_out: list[datetime] = []
    changes: list[Change] = []
    held: list[datetime] = []
    for day in days:
        start = datetime.combine(day, at)
        if _falls_out(course, day):
            left_out.append(start)
            continue
        change = _change(course, start)
        changes += [change] if change else _declined(course, start)
        if change is None or not change.cancelled:
            held.append(change.start if change else start)
    return tuple(left_out), tuple(changes), held


def _falls_out(course: Course, day: date) -> bool:
    """Whether this time of the series is deleted: on holidays, when those it is about are away, now and then."""
    line, rng, away = course.line, course.rng, course.desk.diary.away
    if not works_on(day):
        return True
    guests = course.keys[1:]
    if away(line.host, day) and (len(guests) < 2 or rng.random() < 0.3):
        return True
    if len(guests) == 1 and away(guests[0], day) and rng.random() < 0.6:
        return True
    return rng.random() < (DELETED / 4 if line.often[0] == "daily" else DELETED)


def _change(course: Course, start: datetime) -> Change | None:
    """A new time or title for one time of the series, or its calling off; mostly nothing."""
    title = course.titles.get((course.line.key, course.desk.span.week(start.date())), "")
    draw = course.rng.random()
    if draw < CALLED_OFF and not title:
        return Change(at=start, start=start, cancelled=True)
    if draw < CALLED_OFF + MOVED and course.line.often[0] != "daily":
        moved = _moved(course, start.date())
        if moved:
            return Change(at=start, start=moved, title=title)
    return Change(at=start, start=start, title=title) if title else None


def _moved(course: Course, day: date) -> datetime | None:
    """Another time on the day or the one before or after, at which everybody is free."""
    day += timedelta(days=course.rng.choice((0, 0, 1, -1)))
    if not works_on(day) or not course.desk.span.covers(day):
        return None
    starts = course.rng.sample(range(540, 1020, 30), 16)
    return course.desk.diary.first_free(course.keys, day, course.line.minutes, starts, closes=1110)


def _declined(course: Course, start: datetime) -> list[Change]:
    """Those away decline the one time, or most of them do."""
    return [
        Change(at=start, start=start, declined_by=key)
        for key in course.keys
        if course.desk.diary.away(key, start.date()) and course.rng.random() < 0.85
    ]
