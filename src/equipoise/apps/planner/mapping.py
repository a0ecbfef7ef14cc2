"""What a person wants of their weeks, as values; and rows from and to them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django.utils.translation import gettext as _

from equipoise.apps.people.models import Person
from equipoise.apps.planner import models
from equipoise.core.facets import Purpose

WORKING_DAYS = (0, 1, 2, 3, 4)
NOTHING, MEETINGS = "nothing", "meetings"
"""What a span is kept free of: of everything, or of talk with others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFree:
    """A span kept free each week, on some weekdays (0 is Monday): of everything, or of talk with others."""

    kind: str
    name: str
    days: tuple[int, ...]
    opens: time
    closes: time


@dataclass(frozen=True, slots=True, kw_only=True)
class Lunch:
    """A break of so many minutes somewhere between two times of the day."""

    opens: time
    closes: time
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a person's weeks must leave room for.

    Attributes:
        hours: Opening and closing time by weekday; a weekday that is not there is off.
        kept_free: Spans kept free.
        lunch: `None` for no break.
        buffer_minutes: Between a block and its neighbours.
        minutes_a_day: Fixed and proposed together, at most.
        travel_words: Words of titles that mean travel.
        travel_minutes: Kept free before and after such an entry.
        focus: When focus is best: any, morning or afternoon.
        targets: Hours a week by facet, low and high, as the person set them.
    """

    hours: Mapping[int, tuple[time, time]]
    kept_free: tuple[KeptFree, ...]
    lunch: Lunch | None
    buffer_minutes: int
    minutes_a_day: int
    travel_words: tuple[str, ...]
    travel_minutes: int
    focus: str
    targets: Mapping[Purpose, tuple[float, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of block a person wants.

    Attributes:
        key: Names it for good.
        title: What blocks of it are called.
        purpose: The facet it serves.
        minutes: The shortest block.
        longest: The longest.
        times: How many, in a week in which it is due.
        every_weeks: In how many weeks it is due once: 1 for each week.
        days: Weekdays it may lie on; none means all.
        earliest: Not before this time of the day.
        latest: Ended by this time of the day.
        worth: must, high, normal or low.
        energy: focus, talk or any.
        on: Whether it is proposed at all.
        own: Whether the person added it.
    """

    key: str
    title: str
    purpose: Purpose
    minutes: int
    longest: int
    times: int = 1
    every_weeks: int = 1
    days: tuple[int, ...] = ()
    earliest: time | None = None
    latest: time | None = None
    worth: str = "normal"
    energy: str = "any"
    on: bool = True
    own: bool = False


def default_kinds() -> tuple[Kind, ...]:
    """One kind of block for each facet, in the reader's language, and two more; one-to-ones come by name."""
    return (
        Kind(
            key="strategy", title=_("Strategic time"), purpose=Purpose.VISION, minutes=90, longest=120, times=2,
            worth="high", energy="focus",
        ),
        Kind(key="change", title=_("Time for change"), purpose=Purpose.CHANGE, minutes=60, longest=90, energy="focus"),
        Kind(
            key="mentoring", title=_("Mentoring"), purpose=Purpose.PEOPLE, minutes=45, longest=60, every_weeks=2,
            energy="talk",
        ),
        Kind(key="recognition", title=_("Thank and recognise"), purpose=Purpose.INSPIRATION, minutes=30, longest=30),
        Kind(key="operations", title=_("Operations time"), purpose=Purpose.EXECUTION, minutes=60, longest=90),
        Kind(key="upkeep", title=_("Risks and upkeep"), purpose=Purpose.STABILITY, minutes=45, longest=60,
             every_weeks=2, worth="low"),
        Kind(
            key="process", title=_("Process review"), purpose=Purpose.PROCESS, minutes=45, longest=60, every_weeks=4,
            worth="low", energy="focus",
        ),
        Kind(key="check-in", title=_("Check-in on goals"), purpose=Purpose.OVERSIGHT, minutes=30, longest=45),
    )  # fmt: skip


def kinds_of(rows: Iterable[models.Wish]) -> tuple[Kind, ...]:
    """The default kinds, each replaced by the person's row of its key, and then the person's own."""
    by_key = {row.key: row for row in rows}
    defaults = [kind_of(by_key.pop(kind.key), own=False) if kind.key in by_key else kind for kind in default_kinds()]
    return (*defaults, *(kind_of(row, own=True) for row in by_key.values()))


def kind_of(row: models.Wish, *, own: bool) -> Kind:
    """A row as a value."""
    return Kind(
        key=row.key,
        title=row.title,
        purpose=Purpose(row.purpose),
        minutes=row.minutes,
        longest=row.longest,
        times=row.times,
        every_weeks=row.every_weeks,
        days=tuple(row.days),
        earliest=row.earliest,
        latest=row.latest,
        worth=row.worth,
        energy=row.energy,
        on=row.on,
        own=own,
    )


def default_settings(person: Person) -> Wanted:
    """Monday to Friday in the person's working hours, half an hour for lunch, a quarter of an hour between blocks."""
    return Wanted(
        hours=dict.fromkeys(WORKING_DAYS, (person.work_from, person.work_until)),
        kept_free=(),
        lunch=Lunch(opens=time(12), closes=time(14), minutes=30),
        buffer_minutes=15,
        minutes_a_day=480,
        travel_words=(),
        travel_minutes=30,
        focus="any",
        targets={},
    )


def settings_of(row: models.Settings) -> Wanted:
    """A row as a value."""
    lunch = None
    if row.lunch_from and row.lunch_until:
        lunch = Lunch(opens=row.lunch_from, closes=row.lunch_until, minutes=row.lunch_minutes)
    return Wanted(
        hours={int(day): (_time(opens), _time(closes)) for day, (opens, closes) in row.hours.items()},
        kept_free=tuple(
            KeptFree(
                kind=each["kind"],
                name=each["name"],
                days=tuple(each["days"]),
                opens=_time(each["from"]),
                closes=_time(each["until"]),
            )
            for each in row.kept_free
        ),
        lunch=lunch,
        buffer_minutes=row.buffer_minutes,
        minutes_a_day=row.minutes_a_day,
        travel_words=tuple(row.travel_words),
        travel_minutes=row.travel_minutes,
        focus=row.focus,
        targets={Purpose(facet): (low, high) for facet, (low, high) in row.targets.items()},
    )


def settings_fields(wanted: Wanted) -> dict[str, Any]:
    """A value as the fields of a row."""
    lunch = wanted.lunch
    return {
        "hours": {str(day): [f"{opens:%H:%M}", f"{closes:%H:%M}"] for day, (opens, closes) in wanted.hours.items()},
        "kept_free": [
            {
                "kind": each.kind,
                "name": each.name,
                "days": list(each.days),
                "from": f"{each.opens:%H:%M}",
                "until": f"{each.closes:%H:%M}",
            }
            for each in wanted.kept_free
        ],
        "lunch_from": lunch.opens if lunch else None,
        "lunch_until": lunch.closes if lunch else None,
        "lunch_minutes": lunch.minutes if lunch else 30,
        "buffer_minutes": wanted.buffer_minutes,
        "minutes_a_day": wanted.minutes_a_day,
        "travel_words": list(wanted.travel_words),
        "travel_minutes": wanted.travel_minutes,
        "focus": wanted.focus,
        "targets": {facet.value: [low, high] for facet, (low, high) in wanted.targets.items()},
    }


def kind_fields(kind: Kind) -> dict[str, Any]:
    """A value as the fields of a row, without its key."""
    return {
        "title": kind.title,
        "purpose": kind.purpose.value,
        "minutes": kind.minutes,
        "longest": kind.longest,
        "times": kind.times,
        "every_weeks": kind.every_weeks,
        "days": list(kind.days),
        "earliest": kind.earliest,
        "latest": kind.latest,
        "worth": kind.worth,
        "energy": kind.energy,
        "on": kind.on,
    }


def plain(value: Any) -> Any:
    """A value of the planner as JSON holds it: moments and days as ISO text, choices by their value."""
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | frozenset | set):
        return [plain(each) for each in value]
    return value.isoformat() if isinstance(value, date | time) else value


def _time(text: str) -> time:
    return time.fromisoformat(text)
