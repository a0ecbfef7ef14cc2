"""Laws of expansion: our instances are recurring-ical-events' instances on sane rules, in order, every time."""

import itertools
import os
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.adapters.ics import Upload, read_calendar
from equipoise.adapters.ics.expansion import starts
from equipoise.adapters.ics.rules import read_rule
from equipoise.adapters.ics.values import Moment
from equipoise.adapters.ics.zones import Zones

Found = list[tuple[datetime, datetime, str]]
EXAMPLES = int(os.environ.get("EXPANSION_EXAMPLES", "30"))
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Sydney", "America/Sao_Paulo", "Asia/Kolkata", "Africa/Cairo")
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
START = datetime(2018, 12, 15, tzinfo=UTC)
END = datetime(2021, 1, 20, tzinfo=UTC)


def of(lines: Iterable[str]) -> str:
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *lines, "END:VCALENDAR", ""])


def ours(text: str, zone: str) -> Found:
    reading = read_calendar([Upload(name="a.ics", content=text.encode())], start=START, end=END, zone=ZoneInfo(zone))
    assert reading.problems == ()
    assert list(reading.occurrences) == sorted(reading.occurrences, key=lambda o: (o.start, o.end, o.entry.uid))
    return [(found.start, found.end, found.entry.uid) for found in reading.occurrences]


def peer(text: str, zone: str) -> Found:
    own = ZoneInfo(zone)

    def utc(written: date) -> datetime:
        if not isinstance(written, datetime):
            return datetime(written.year, written.month, written.day, tzinfo=own).astimezone(UTC)
        return (written if written.tzinfo else written.replace(tzinfo=own)).astimezone(UTC)

    def end_of(event: icalendar.Event) -> datetime:
        """The peer adds a length on the wall, RFC 5545 3.3.6 exactly; where clocks change in between the two differ."""
        start, end = event.start, event.end
        if not isinstance(start, datetime):
            return utc(end)
        assert isinstance(end, datetime)
        return utc(start) + (end.replace(tzinfo=None) - start.replace(tzinfo=None))

    calendar = icalendar.Calendar.from_ical(text)
    margin = timedelta(days=3)
    events = recurring_ical_events.of(calendar).between(START - margin, END + margin)
    found = [(utc(event.start), end_of(event), str(event["UID"])) for event in events]
    return sorted(each for each in found if each[0] < END and (each[1] > START or each[0] == each[1] >= START))


def sane_start(rule: str, start: datetime) -> datetime:
    """The rule's own first time, so that start and rule agree."""
    return next(iter(rrulestr(rule, dtstart=start)), start)


@st.composite
def rules(draw: st.DrawFn) -> str:
    frequency = draw(st.sampled_from(("DAILY", "WEEKLY", "WEEKLY", "MONTHLY", "YEARLY")))
    parts = [f"FREQ={frequency}"]
    if draw(st.booleans()):
        parts.append(f"INTERVAL={draw(st.integers(1, 5))}")
    if frequency == "WEEKLY" and draw(st.booleans()):
        parts.append(
            "BYDAY=" + ",".join(draw(st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=5, unique=True)))
        )
        parts.append(f"WKST={draw(st.sampled_from(('MO', 'SU')))}")
    if frequency == "MONTHLY":
        parts += draw(
            st.sampled_from(
                (
                    [],
                    ["BYDAY=1TH"],
                    ["BYDAY=-1FR"],
                    ["BYMONTHDAY=15"],
                    ["BYMONTHDAY=-1"],
                    ["BYDAY=MO,TU,WE,TH,FR", "BYSETPOS=-1"],
                )
            )
        )
    if frequency == "YEARLY":
        parts += draw(
            st.sampled_from(([], ["BYMONTH=2,6"], ["BYMONTH=3", "BYDAY=-1SU"], ["BYYEARDAY=100"], ["BYWEEKNO=20"]))
        )
    return ";".join(parts)


@st.composite
def events(draw: st.DrawFn, zone: str) -> tuple[list[str], datetime, str]:
    rule = draw(rules())
    day = draw(st.datetimes(datetime(2015, 1, 1), datetime(2020, 6, 1)))  # noqa: DTZ001
    start = day.replace(minute=draw(st.sampled_from((0, 30))), second=0, microsecond=0)
    start = sane_start(rule, start)
    if draw(st.booleans()):
        rule += f";COUNT={draw(st.integers(1, 80))}"
    elif draw(st.booleans()):
        until = (start + timedelta(days=draw(st.integers(0, 900)))).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
        rule += f";UNTIL={until:%Y%m%dT%H%M%SZ}"
    return [f"DTSTART;TZID={zone}:{start:%Y%m%dT%H%M%S}", f"RRULE:{rule}"], start, rule


@st.composite
def whole_days(draw: st.DrawFn) -> tuple[str, str]:
    """A series of whole days, with days left out and added, and changes that may hold for all later ones."""
    zone = draw(st.sampled_from(ZONES))
    day = draw(st.datetimes(datetime(2015, 1, 1), datetime(2020, 6, 1)))  # noqa: DTZ001
    rule = draw(rules())
    start = sane_start(rule, day.replace(hour=0, minute=0, second=0, microsecond=0))
    lines = ["BEGIN:VEVENT", "UID:0", f"DTSTART;VALUE=DATE:{start:%Y%m%d}", f"DURATION:P{draw(st.integers(1, 9))}D"]
    lines += [
        f"RRULE:{rule}",
        *(f"EXDATE;VALUE=DATE:{start + timedelta(days=n):%Y%m%d}" for n in (7, 14)),
        "END:VEVENT",
    ]
    if draw(st.booleans()):
        named = start + timedelta(days=7 * draw(st.integers(3, 20)))
        scope = draw(st.sampled_from(("", ";RANGE=THISANDFUTURE")))
        lines += ["BEGIN:VEVENT", "UID:0", f"RECURRENCE-ID;VALUE=DATE{scope}:{named:%Y%m%d}", "DURATION:P1D"]
        lines += [f"DTSTART;VALUE=DATE:{named + timedelta(days=draw(st.integers(-2, 2))):%Y%m%d}", "END:VEVENT"]
    return of(lines), zone


@st.composite
def calendars(draw: st.DrawFn) -> tuple[str, str]:
    zone = draw(st.sampled_from(ZONES))
    lines: list[str] = []
    for number in range(draw(st.integers(1, 3))):
        own, start, _ = draw(events(zone))
        uid = f"UID:{number}"
        lines += ["BEGIN:VEVENT", uid, *own, f"DURATION:PT{draw(st.integers(0, 180))}M"]
        for days in draw(st.lists(st.integers(0, 60), max_size=3)):
            lines.append(f"EXDATE;TZID={zone}:{start + timedelta(days=days):%Y%m%dT%H%M%S}")
        for days in draw(st.lists(st.integers(0, 400), max_size=2)):
            lines.append(f"RDATE;TZID={zone}:{start + timedelta(days=days, minutes=10):%Y%m%dT%H%M%S}")
        lines.append("END:VEVENT")
        if draw(st.booleans()):
            moved = start + timedelta(days=7 * draw(st.integers(0, 20)))
            scope = draw(st.sampled_from(("", ";RANGE=THISANDFUTURE")))
            lines += ["BEGIN:VEVENT", uid, f"RECURRENCE-ID{scope};TZID={zone}:{moved:%Y%m%dT%H%M%S}"]
            lines += [f"DTSTART;TZID={zone}:{moved + timedelta(hours=3):%Y%m%dT%H%M%S}", "DURATION:PT45M", "END:VEVENT"]
    return of(lines), zone


WHOLE = {
    "BYMONTH": st.integers(1, 12),
    "BYMONTHDAY": st.integers(-31, 31).filter(bool),
    "BYYEARDAY": st.integers(-366, 366).filter(bool),
    "BYWEEKNO": st.sampled_from((-2, 1, 2, 20, 52, 53)),  # dateutil loses days of week -53 at the turn of the year
    "BYHOUR": st.integers(0, 23),
    "BYMINUTE": st.integers(0, 59),
    "BYSETPOS": st.sampled_from((-3, -1, 1, 2, 30)),
}
IN_WEEKS = ("BYMONTH", "BYHOUR", "BYMINUTE")
IN_MONTHS = (*IN_WEEKS, "BYMONTHDAY", "BYSETPOS")
ALLOWED = {
    "HOURLY": ("BYMONTH", "BYMONTHDAY", "BYHOUR"),
    "DAILY": (*IN_WEEKS, "BYMONTHDAY"),
    "WEEKLY": IN_WEEKS,
    "MONTHLY": IN_MONTHS,
    "YEARLY": (*IN_MONTHS, "BYYEARDAY", "BYWEEKNO"),
}


@st.composite
def rules_of_every_kind(draw: st.DrawFn) -> str:
    """Any rule RFC 5545 allows, save ordinals beside plain weekdays (which dateutil takes as both at once)."""
    frequency = draw(st.sampled_from(tuple(ALLOWED)))
    parts = {
        "FREQ": frequency,
        "INTERVAL": str(draw(st.sampled_from((1, 1, 2, 3, 13)))),
        "WKST": draw(st.sampled_from(WEEKDAYS)),
    }
    for name in draw(st.lists(st.sampled_from(ALLOWED[frequency]), max_size=3, unique=True)):
        parts[name] = ",".join(map(str, draw(st.lists(WHOLE[name], min_size=1, max_size=3, unique=True))))
    if draw(st.booleans()):
        ordinals = frequency in {"MONTHLY", "YEARLY"} and "BYWEEKNO" not in parts and draw(st.booleans())
        nth = draw(st.sampled_from(("1", "-1", "2", "5"))) if ordinals else ""
        days = draw(st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=3, unique=True))
        parts["BYDAY"] = ",".join(f"{nth}{day}" for day in days)
    return ";".join(f"{name}={value}" for name, value in parts.items())


class TestRuleLaws:
    @settings(max_examples=4 * EXAMPLES, deadline=None, derandomize=True)
    @given(
        rules_of_every_kind(),
        st.datetimes(datetime(2017, 1, 1), datetime(2020, 12, 31)),  # noqa: DTZ001
        st.integers(1, 60),
        st.booleans(),
    )
    def test_gives_the_times_of_dateutil(self, rule: str, day: datetime, count: int, counted: bool) -> None:  # noqa: FBT001
        first = day.replace(second=0, microsecond=0)
        lower, upper = datetime(2020, 1, 1), datetime(2021, 6, 1)  # noqa: DTZ001
        zones = Zones(ZoneInfo("UTC"), {})
        start = Moment(first, UTC, is_date=False, floating=False)
        if counted:
            lower, rule = first, f"{rule};COUNT={count}"
        found = list(starts(read_rule(rule, zones), start, lower=lower, upper=upper, most_steps=50_000))
        theirs: Iterable[datetime] = ()
        with suppress(ValueError):  # dateutil refuses hours that the steps never meet
            theirs = rrulestr(rule.partition(";COUNT")[0] + f";UNTIL={upper:%Y%m%dT%H%M%S}", dtstart=first)
        later = list(itertools.islice((wall for wall in theirs if wall > first), count - 1 if counted else None))
        assert found[:1] == [first]
        assert [wall for wall in found[1:] if wall >= lower] == [wall for wall in later if wall >= lower]


class TestExpansionLaws:
    @settings(max_examples=EXAMPLES, deadline=None, derandomize=True)
    @given(calendars())
    def test_gives_the_instances_of_recurring_ical_events(self, case: tuple[str, str]) -> None:
        text, zone = case
        assert ours(text, zone) == peer(text, zone)

    @settings(max_examples=EXAMPLES, deadline=None, derandomize=True)
    @given(whole_days())
    def test_gives_the_days_of_recurring_ical_events(self, case: tuple[str, str]) -> None:
        text, zone = case
        assert ours(text, zone) == peer(text, zone)

    @settings(max_examples=10, deadline=None, derandomize=True)
    @given(calendars())
    def test_gives_the_same_reading_twice_and_in_any_order_of_sources(self, case: tuple[str, str]) -> None:
        text, zone = case
        other = of(["BEGIN:VEVENT", "UID:other", "DTSTART:20200101T100000Z", "DTEND:20200101T110000Z", "END:VEVENT"])
        a, b = Upload(name="a.ics", content=text.encode()), Upload(name="b.ics", content=other.encode())
        own = ZoneInfo(zone)
        first = read_calendar([a, b], start=START, end=END, zone=own)
        assert read_calendar([a, b], start=START, end=END, zone=own) == first
        assert read_calendar([b, a], start=START, end=END, zone=own).occurrences == first.occurrences

    @settings(max_examples=20, deadline=None, derandomize=True)
    @given(calendars(), st.integers(1, 700))
    def test_two_halves_of_a_period_hold_what_the_whole_holds(self, case: tuple[str, str], days: int) -> None:
        text, zone = case
        upload, own, middle = Upload(name="a.ics", content=text.encode()), ZoneInfo(zone), START + timedelta(days=days)
        whole = read_calendar([upload], start=START, end=END, zone=own).occurrences
        early = read_calendar([upload], start=START, end=middle, zone=own).occurrences
        late = read_calendar([upload], start=middle, end=END, zone=own).occurrences
        assert sorted({*early, *late}, key=lambda o: (o.start, o.end, o.entry.uid)) == list(whole)
