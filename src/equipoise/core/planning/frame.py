"""Where blocks may lie at all: the days of a week, what stands in them, and what they leave free."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time

from equipoise.core.planning.ruler import Ruler, Stretch, Stretches, joined, minutes_of, shared, without
from equipoise.core.planning.week import WEEKDAYS, Fixed, Hours, Hurdle, Moment, Week, Wish

ALL_DAY = Hours(opens=time(0), closes=time(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifted:
    """A hurdle taken away to see whether it is to blame: of one weekday, of one wish, or altogether."""

    hurdle: Hurdle
    weekday: int | None = None
    wish: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stands:
    """A fixed entry on the ruler.

    Attributes:
        entry: As given.
        start: Its first minute.
        end: The minute it ends at.
        apart: Minutes to any block: the buffer, or the way there where that is longer.
        movable: Whether it may be proposed to move in this week.
    """

    entry: Fixed
    start: int
    end: int
    apart: int
    movable: bool

    @property
    def stretch(self) -> Stretch:
        """When it takes place."""
        return self.start, self.end

    @property
    def kept_free(self) -> Stretch:
        """Where no block may lie."""
        return self.start - self.apart, self.end + self.apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day of the week.

    Attributes:
        weekday: 0 for Monday to 6 for Sunday.
        span: From midnight to midnight.
        free: Where blocks may lie: working hours, off protected time and off what stands, with its distance.
        meetings: The part of `free` in which blocks of talk may lie.
        grid: Where blocks may start.
        fixed_minutes: Minutes that entries take, those at the same time counted once.
        room: Minutes left for blocks by the daily limit; 0 when the entries exceed it.
        over: Whether the entries exceed the limit.
        lunch: Where the break may start; empty when none is wished for, or the entries leave no room for it.
        lunch_minutes: Its length.
    """

    weekday: int
    span: Stretch
    free: Stretches
    meetings: Stretches
    grid: tuple[int, ...]
    fixed_minutes: int
    room: int
    over: bool
    lunch: tuple[int, ...]
    lunch_minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A week on the ruler.

    Attributes:
        week: As given.
        ruler: Moments to minutes and back.
        days: The seven days.
        stands: What stands in the calendar and touches the week.
        buffer: Minutes between blocks.
        lifted: What was taken away.
    """

    week: Week
    ruler: Ruler
    days: tuple[Day, ...]
    stands: tuple[Stands, ...]
    buffer: int
    lifted: frozenset[Lifted]

    def lifts(self, hurdle: Hurdle, *, weekday: int | None = None, wish: str | None = None) -> bool:
        """Whether a hurdle was taken away."""
        return Lifted(hurdle=hurdle, weekday=weekday, wish=wish) in self.lifted

    def window(self, wish: Wish, day: Day) -> Stretches:
        """Where blocks of a wish may lie on a day."""
        free = day.meetings if wish.energy == "talk" else day.free
        if self.lifts(Hurdle.WINDOW, wish=wish.key):
            return free
        if wish.days is not None and day.weekday not in wish.days:
            return ()
        first = _bound(self.ruler, day, wish.earliest, latest=False)
        last = _bound(self.ruler, day, wish.latest, latest=True)
        return shared(free, ((first, last),)) if first < last else ()


def frame_of(week: Week, fixed: Sequence[Fixed], lifted: frozenset[Lifted] = frozenset()) -> Frame:
    """Lay a week and its entries on the ruler, with some hurdles taken away."""
    ruler = Ruler(monday=week.monday, zone=week.zone)
    buffer = 0 if Lifted(hurdle=Hurdle.BUFFER) in lifted else week.buffer_minutes
    ends = ruler.starts(WEEKDAYS)
    stands = tuple(
        each
        for entry in fixed
        for each in [_stands(ruler, entry, week, buffer, lifted)]
        if each.start < each.end and each.kept_free[0] < ends and each.kept_free[1] > 0
        if Lifted(hurdle=Hurdle.FIXED, weekday=ruler.weekday(each.start)) not in lifted
    )
    return Frame(
        week=week,
        ruler=ruler,
        days=tuple(_day(ruler, week, stands, weekday, lifted) for weekday in range(WEEKDAYS)),
        stands=stands,
        buffer=buffer,
        lifted=lifted,
    )


def _stands(ruler: Ruler, entry: Fixed, week: Week, buffer: int, lifted: frozenset[Lifted]) -> Stands:
    start, end = ruler.stretch(entry.span)
    no_buffer = Lifted(hurdle=Hurdle.BUFFER) in lifted
    begun = week.not_before is not None and entry.start < week.not_before
    inside = start >= 0 and end <= ruler.starts(WEEKDAYS)
    return Stands(
        entry=entry,
        start=start,
        end=end,
        apart=0 if no_buffer else max(buffer, entry.travel_minutes),
        movable=entry.movable and inside and not begun,
    )


def _day(ruler: Ruler, week: Week, stands: Sequence[Stands], weekday: int, lifted: frozenset[Lifted]) -> Day:
    span = ruler.starts(weekday), ruler.starts(weekday + 1)
    taken = minutes_of(shared(joined(each.stretch for each in stands), (span,)))
    no_limit = Lifted(hurdle=Hurdle.DAILY_LIMIT, weekday=weekday) in lifted
    limit = span[1] - span[0] + taken if no_limit else week.minutes_a_day
    opened = _opened(ruler, week, weekday, lifted)
    free = without(opened, (each.kept_free for each in stands if not each.movable))
    talk = [] if Lifted(hurdle=Hurdle.NO_MEETINGS) in lifted else [ruler.stretch(each) for each in week.no_meetings]
    lunch = () if Lifted(hurdle=Hurdle.LUNCH) in lifted else _lunch(ruler, week, stands, weekday)
    return Day(
        weekday=weekday,
        span=span,
        free=free,
        meetings=without(free, talk),
        grid=ruler.grid(weekday, week.grid_minutes),
        fixed_minutes=taken,
        room=max(0, limit - taken),
        over=taken > limit,
        lunch=lunch,
        lunch_minutes=week.lunch.minutes if week.lunch else 0,
    )


def _opened(ruler: Ruler, week: Week, weekday: int, lifted: frozenset[Lifted]) -> Stretches:
    """Working hours off protected time."""
    hours = week.hours.get(weekday)
    if hours is None:
        return ()
    hours = ALL_DAY if Lifted(hurdle=Hurdle.HOURS) in lifted else hours
    holes = [] if Lifted(hurdle=Hurdle.PROTECTED) in lifted else [ruler.stretch(each) for each in week.protected]
    if week.not_before is not None and Lifted(hurdle=Hurdle.NOT_BEFORE) not in lifted:
        holes.append((min(0, ruler.minute(week.not_before)), _up(ruler, week)))
    return without(joined((ruler.hours(weekday, hours),)), holes)


def _up(ruler: Ruler, week: Week) -> int:
    """The first whole minute not before `not_before`."""
    assert week.not_before is not None  # noqa: S101 - said by the caller
    return ruler.minute(week.not_before) + (1 if week.not_before.timestamp() % 60 else 0)


def _lunch(ruler: Ruler, week: Week, stands: Sequence[Stands], weekday: int) -> tuple[int, ...]:
    """Where the break may start: on the grid, when the window opens, or when an entry ends."""
    if week.lunch is None or week.hours.get(weekday) is None:
        return ()
    window = ruler.hours(weekday, week.lunch.between)
    left = without(joined((window,)), (each.stretch for each in stands))
    step = week.grid_minutes
    on_grid = [minute for minute in ruler.grid(weekday, step) if window[0] <= minute < window[1]]
    starts = sorted({start for start, _ in left} | set(on_grid))
    return tuple(
        start for start in starts if any(a <= start and start + week.lunch.minutes <= b for a, b in left)
    )  # fmt: skip


def _bound(ruler: Ruler, day: Day, moment: Moment | None, *, latest: bool) -> int:
    """A bound for blocks of one day, as a minute; the day's own edge where the moment sets none."""
    edge = day.span[1] if latest else day.span[0]
    if moment is None:
        return edge
    if moment.day is None and moment.weekday is None:
        return (
            edge
            if moment.clock is None or _midnight(moment.clock, latest=latest)
            else ruler.at(day.weekday, moment.clock)
        )
    weekday = (moment.day - ruler.monday).days if moment.day is not None else moment.weekday
    bound = _weekday_bound(ruler, weekday or 0, moment.clock, latest=latest)
    return min(edge, bound) if latest else max(edge, bound)


def _weekday_bound(ruler: Ruler, weekday: int, clock: time | None, *, latest: bool) -> int:
    if clock is None:
        return ruler.starts(weekday + 1) if latest else ruler.starts(weekday)
    return ruler.at(weekday, clock)


def _midnight(clock: time, *, latest: bool) -> bool:
    """As a latest end of every day, 00:00 is the midnight at its end."""
    return latest and clock == time(0)
