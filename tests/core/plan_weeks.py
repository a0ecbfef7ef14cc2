"""Short ways to say what a planner is given, for its tests; and weeks of all kinds for its laws."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from equipoise.core.facets import FACETS
from equipoise.core.intervals import Span
from equipoise.core.planning.week import Energy, Fixed, Hours, Lunch, Moment, Week, Wish

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 11, 23)
WORKDAYS = range(5)


def clock(text: str) -> time:
    """A time of day."""
    return time.fromisoformat(text)


def hours(opens: str, closes: str) -> Hours:
    """From one time of day to another."""
    return Hours(opens=clock(opens), closes=clock(closes))


def week(**fields: Any) -> Week:
    """A week of five days from eight to six."""
    given: dict[str, Any] = {
        "monday": MONDAY,
        "zone": BERLIN,
        "hours": dict.fromkeys(WORKDAYS, hours("08:00", "18:00")),
    }
    return Week(**given | fields)


def at(day: int, text: str, monday: date = MONDAY, zone: ZoneInfo = BERLIN) -> datetime:
    """A moment of the week: its day, 0 for Monday, and the time of day."""
    return datetime.combine(monday + timedelta(days=day), clock(text), tzinfo=zone)


def fixed(day: int, start: str, end: str, title: str = "Meeting", **fields: Any) -> Fixed:
    """An entry of one day."""
    return Fixed(key=f"{title} {day} {start}", title=title, start=at(day, start), end=at(day, end), **fields)


def wish(title: str = "Strategy", minutes: int = 60, **fields: Any) -> Wish:
    """A wish worth 100 points, unless said otherwise; its title is its key."""
    given: dict[str, Any] = {"key": title, "title": title, "minutes": minutes, "value": 100.0}
    return Wish(**given | fields)


WEEKS = (
    (MONDAY, BERLIN),
    (date(2026, 3, 23), BERLIN),
    (date(2026, 10, 19), BERLIN),
    (date(2026, 3, 30), ZoneInfo("America/Santiago")),
    (date(2026, 8, 31), ZoneInfo("America/Santiago")),
    (date(2026, 9, 28), ZoneInfo("Australia/Lord_Howe")),
)
CLOCKS = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45, 10, 59]))


@st.composite
def opening_hours(draw: st.DrawFn) -> Hours:
    """Hours of a day, also such that run to midnight."""
    opens = draw(CLOCKS)
    closes = draw(CLOCKS.filter(lambda each: each > opens or each == time(0)))
    return Hours(opens=opens, closes=closes)


@st.composite
def frames(draw: st.DrawFn) -> Week:
    """Weeks of all kinds, those in which summer time begins and ends among them."""
    monday, zone = draw(st.sampled_from(WEEKS))
    targets = draw(st.lists(st.sampled_from(FACETS), max_size=3, unique=True))
    return Week(
        monday=monday,
        zone=zone,
        hours=draw(st.dictionaries(st.integers(0, 6), opening_hours(), min_size=1, max_size=7)),
        minutes_a_day=draw(st.sampled_from([0, 90, 200, 480, 1500])),
        buffer_minutes=draw(st.sampled_from([0, 5, 15, 20])),
        grid_minutes=draw(st.sampled_from([10, 15, 30])),
        lunch=draw(st.none() | st.builds(Lunch, between=st.just(hours("11:30", "14:00")), minutes=st.just(45))),
        protected=tuple(draw(spans(monday, zone)) for _ in range(draw(st.integers(0, 2)))),
        no_meetings=tuple(draw(spans(monday, zone)) for _ in range(draw(st.integers(0, 2)))),
        targets={purpose: (60, draw(st.integers(60, 240))) for purpose in targets},
        focus_hours=draw(st.none() | st.just(hours("08:00", "12:00"))),
        not_before=draw(st.none() | st.just(at(1, "10:07", monday, zone))),
    )


@st.composite
def spans(draw: st.DrawFn, monday: date, zone: ZoneInfo) -> Span:
    """Times from a day before the week to a day after it."""
    start = datetime.combine(monday + timedelta(days=draw(st.integers(-1, 7))), draw(CLOCKS), tzinfo=zone)
    length = draw(st.sampled_from([0, 25, 30, 60, 60, 90, 180, 700]))
    return Span(start=start, end=datetime.fromtimestamp(start.timestamp() + 60 * length, tz=zone))


@st.composite
def entries(draw: st.DrawFn, frame: Week) -> tuple[Fixed, ...]:
    """What stands in a week, also at once, also with a way to go."""
    found = []
    for number in range(draw(st.integers(0, 14))):
        span = draw(spans(frame.monday, frame.zone))
        found.append(
            Fixed(
                key=str(number),
                title=f"Entry {number}",
                start=span.start,
                end=span.end,
                purpose=draw(st.none() | st.sampled_from(FACETS)),
                movable=draw(st.integers(0, 5)) == 0,
                travel_minutes=draw(st.sampled_from([0, 0, 0, 30])),
            )
        )
    return tuple(found)


@st.composite
def moments(draw: st.DrawFn, monday: date) -> Moment:
    """Bounds of all kinds."""
    weekday = draw(st.none() | st.integers(0, 6))
    day = monday + timedelta(days=draw(st.integers(0, 6))) if draw(st.integers(0, 3)) == 0 else None
    return Moment(
        clock=draw(CLOCKS) if weekday is None and day is None else draw(st.none() | CLOCKS), weekday=weekday, day=day
    )


@st.composite
def wishes(draw: st.DrawFn, frame: Week) -> tuple[Wish, ...]:
    """What is wished for, of all kinds."""
    found = []
    for number in range(draw(st.integers(1, 6))):
        split = draw(st.integers(0, 4)) == 0
        minutes = draw(st.sampled_from([60, 90, 125] if split else [25, 30, 45, 60, 90, 120, 200]))
        longer = draw(st.sampled_from([0, 0, 30, 60]))
        found.append(
            Wish(
                key=str(number),
                title=f"Wish {number}",
                minutes=minutes,
                purpose=draw(st.none() | st.sampled_from(FACETS)),
                longest=None if split or not longer else minutes + longer,
                count=draw(st.integers(1, 3)),
                days=draw(st.none() | st.frozensets(st.integers(0, 6), min_size=1)),
                earliest=draw(st.none() | moments(frame.monday)),
                latest=draw(st.none() | moments(frame.monday)),
                value=draw(st.none() | st.sampled_from([0.0, 1.0, 50.0, 100.0])),
                split=split,
                part_minutes=draw(st.sampled_from([30, 40])),
                apart=draw(st.booleans()),
                energy=draw(st.sampled_from(list(Energy))),
            )
        )
    return tuple(found)


@st.composite
def whole_weeks(draw: st.DrawFn) -> tuple[Week, tuple[Fixed, ...], tuple[Wish, ...]]:
    """A week, what stands in it, and what is wished for."""
    frame = draw(frames())
    return frame, draw(entries(frame)), draw(wishes(frame))


@st.composite
def small_weeks(draw: st.DrawFn) -> tuple[Week, tuple[Fixed, ...], tuple[Wish, ...]]:
    """Weeks so small that every plan can be tried."""
    purposes = st.none() | st.sampled_from(FACETS[:2])
    frame = week(
        hours=dict.fromkeys((0, 3), hours("11:00", "13:30")),
        grid_minutes=30,
        buffer_minutes=draw(st.sampled_from([0, 10, 30])),
        minutes_a_day=draw(st.sampled_from([60, 100, 480])),
        lunch=draw(st.none() | st.just(Lunch(between=hours("11:30", "13:00"), minutes=30))),
        targets={FACETS[0]: (30, 60)},
        focus_hours=hours("11:00", "12:00"),
    )
    entries = tuple(fixed(day, "12:00", "12:25") for day in draw(st.sets(st.sampled_from((0, 3)))))
    found = []
    for number in range(draw(st.integers(1, 4))):
        length = draw(st.sampled_from([20, 30, 45, 60]))
        found.append(
            wish(
                f"Wish {number}",
                length,
                count=draw(st.integers(1, 2)),
                longest=length + 30 if draw(st.integers(0, 3)) == 0 else None,
                purpose=draw(purposes),
                value=float(draw(st.integers(0, 5))),
                apart=draw(st.booleans()),
                energy=draw(st.sampled_from(list(Energy))),
            )
        )
    return frame, entries, tuple(found)
