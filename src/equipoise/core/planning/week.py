"""What the planner is given, and what it answers: a week with its fixed entries, wishes, and the plan.

Everything here is a value. Moments are aware datetimes; times of day are those of the week's zone; lengths are whole
minutes; worth is in points, of which an ordinary block has about 100 (only the proportions matter).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from equipoise.core.facets import Purpose
from equipoise.core.intervals import Span

WEEKDAYS = 7


class WeekRefused(ValueError):
    """A week, an entry or a wish contradicts itself; the sentence says what."""


class Energy(StrEnum):
    """What a block asks of its owner."""

    FOCUS = "focus"
    TALK = "talk"
    ANY = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A bound on when a block may lie, as people say it: "09:00", "tue", "tue 09:00", or a date with a time.

    Without a weekday and a day it holds on every day. Without a clock it is the whole day: as the earliest start its
    beginning, as the latest end its end.

    Attributes:
        clock: A time of day in the week's zone.
        weekday: 0 for Monday to 6 for Sunday.
        day: A date; takes the place of the weekday.
    """

    clock: time | None = None
    weekday: int | None = None
    day: date | None = None

    def __post_init__(self) -> None:
        """Refuse a moment that says nothing."""
        if self.clock is None and self.weekday is None and self.day is None:
            raise WeekRefused("A moment needs a time of day, a weekday or a date.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """An entry that stands in the calendar.

    Attributes:
        key: Names it in `Plan.moves`.
        title: What people call it.
        start: When it begins.
        end: When it ends; an entry without length counts for nothing.
        purpose: What it is for; `None` when its minutes shall not count towards a target.
        movable: Whether the owner lets it be proposed to move.
        travel_minutes: Minutes kept free before and after it, where these are more than the buffer.
    """

    key: str
    title: str
    start: datetime
    end: datetime
    purpose: Purpose | None = None
    movable: bool = False
    travel_minutes: int = 0

    @property
    def span(self) -> Span:
        """When it takes place."""
        return Span(start=self.start, end=self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One kind of block, wished for once or several times in the week.

    Attributes:
        key: Names it in the plan.
        title: What the blocks are called.
        purpose: The facet its minutes count for; `None` for none.
        minutes: Length of a block: the shortest, where `longest` is given.
        longest: Longest length; `None` means exactly `minutes`.
        count: How many blocks.
        days: Weekdays allowed, 0 for Monday to 6 for Sunday; `None` means every working day.
        earliest: Earliest start.
        latest: Latest end.
        value: Worth of each block in points, 0 or more; `None` means it must be placed.
        split: Whether a block may be cut into parts of at least `part_minutes` each.
        part_minutes: Shortest part.
        apart: Whether blocks keep to one a day (or evenly, where there are more blocks than days they fit on).
        energy: What it asks of the owner.
    """

    key: str
    title: str
    minutes: int
    purpose: Purpose | None = None
    longest: int | None = None
    count: int = 1
    days: frozenset[int] | None = None
    earliest: Moment | None = None
    latest: Moment | None = None
    value: float | None = None
    split: bool = False
    part_minutes: int = 30
    apart: bool = False
    energy: Energy = Energy.ANY

    def __post_init__(self) -> None:
        """Refuse a wish nobody can mean."""
        if self.minutes <= 0 or self.count <= 0 or self.part_minutes <= 0:
            raise WeekRefused(f"'{self.title}' needs a length and a count above 0.")
        if self.longest is not None and self.longest < self.minutes:
            raise WeekRefused(f"'{self.title}' cannot be at most {self.longest} and at least {self.minutes} minutes.")
        if self.value is not None and self.value < 0:
            raise WeekRefused(f"'{self.title}' cannot be worth less than 0.")

    @property
    def must(self) -> bool:
        """Whether it must be placed."""
        return self.value is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """From one time of day to a later one; a close of 00:00 is midnight at the end of the day."""

    opens: time
    closes: time

    def __post_init__(self) -> None:
        """Refuse hours that end before they begin."""
        if self.closes != time(0) and self.closes <= self.opens:
            raise WeekRefused(f"Hours must close after they open, but these run {self.opens} to {self.closes}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lunch:
    """A break of `minutes` somewhere between two times of each working day."""

    between: Hours
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """The frame of a plan.

    Attributes:
        monday: Its first day.
        zone: The owner's zone.
        hours: Working hours by weekday, 0 for Monday to 6 for Sunday; a weekday not there has none.
        minutes_a_day: Most minutes a day, fixed and proposed together.
        buffer_minutes: Minutes between a proposed block and any neighbour.
        grid_minutes: Blocks start at whole multiples of this, counted from midnight on the clock.
        lunch: A break to keep free on each working day where the fixed entries leave one.
        protected: Times in which nothing is proposed.
        no_meetings: Times in which no block of `Energy.TALK` is proposed.
        targets: Lowest and highest minutes wished for in the week, by facet.
        focus_hours: When the owner focuses best; `None` for no preference.
        not_before: No block starts earlier; for a week under way.
    """

    monday: date
    zone: ZoneInfo
    hours: Mapping[int, Hours]
    minutes_a_day: int = 480
    buffer_minutes: int = 0
    grid_minutes: int = 15
    lunch: Lunch | None = None
    protected: tuple[Span, ...] = ()
    no_meetings: tuple[Span, ...] = ()
    targets: Mapping[Purpose, tuple[int, int]] = field(default_factory=dict)
    focus_hours: Hours | None = None
    not_before: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse a week that cannot be."""
        if self.monday.weekday() != 0:
            raise WeekRefused(f"A week begins on a Monday, and {self.monday} is none.")
        if self.buffer_minutes < 0 or self.minutes_a_day < 0 or not 1 <= self.grid_minutes <= 60:
            raise WeekRefused("Limits cannot be below 0, and the grid is 1 to 60 minutes.")
        for purpose, (low, high) in self.targets.items():
            if not 0 <= low <= high:
                raise WeekRefused(f"The target of {purpose} cannot run from {low} to {high} minutes.")

    def day(self, weekday: int) -> date:
        """The date of a weekday."""
        return self.monday + timedelta(days=weekday)


class Status(StrEnum):
    """How far a plan was solved."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"


class Because(StrEnum):
    """Why a block was placed, or placed there."""

    MUST = "must"
    TARGET = "target"
    WORTH = "worth"
    FOCUS_HOURS = "focus_hours"
    AS_BEFORE = "as_before"
    HABIT = "habit"
    ONLY_PLACE = "only_place"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One reason of a block, to be worded by whoever shows it.

    Attributes:
        kind: What sort of reason.
        purpose: For `TARGET`: the facet that is short of its target without this block.
        minutes: For `TARGET`: minutes of that facet in the week without the block.
        low: For `TARGET`: the lowest minutes wished for.
        high: For `TARGET`: the highest.
        value: For `WORTH`: the points of the block.
    """

    kind: Because
    purpose: Purpose | None = None
    minutes: int | None = None
    low: int | None = None
    high: int | None = None
    value: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockName:
    """Names one block: its wish, and which of the wish's blocks, counted from 1."""

    wish: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A proposed block.

    Attributes:
        wish: Key of its wish.
        number: Which of the wish's blocks, counted from 1 in the order of time.
        part: Which part of the block, counted from 1; always 1 when it is not split.
        parts: How many parts the block has.
        title: What it is called.
        purpose: The facet it counts for.
        start: When it begins, in the week's zone.
        end: When it ends.
        reasons: Why; never empty.
        displaced: Blocks left out that would have had room without this one.
    """

    wish: str
    number: int
    part: int = 1
    parts: int = 1
    title: str
    purpose: Purpose | None
    start: datetime
    end: datetime
    reasons: tuple[Reason, ...]
    displaced: tuple[BlockName, ...] = ()

    @property
    def minutes(self) -> int:
        """Its length."""
        return round((self.end.timestamp() - self.start.timestamp()) / 60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A movable entry that is proposed to move, because more of the wishes find room so."""

    key: str
    title: str
    start: datetime
    end: datetime
    moved_to: datetime

    @property
    def moved_end(self) -> datetime:
        """When it would end."""
        return datetime.fromtimestamp(
            self.moved_to.timestamp() + self.end.timestamp() - self.start.timestamp(), tz=self.moved_to.tzinfo
        )


class Why(StrEnum):
    """Why a block was left out."""

    FITS_NOWHERE = "fits_nowhere"
    NO_ROOM = "no_room"
    NOT_WORTH_IT = "not_worth_it"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A block that was wished for and is not proposed.

    Attributes:
        wish: Key of its wish.
        number: Which of the wish's blocks.
        title: What it is called.
        why: `FITS_NOWHERE`: no place even in a week without other wishes. `NO_ROOM`: others, worth more together, take
            its places. `NOT_WORTH_IT`: there is room, but it would lead further past a target than it is worth.
    """

    wish: str
    number: int
    title: str
    why: Why


class Hurdle(StrEnum):
    """What a conflict is made of."""

    WISH = "wish"
    HOURS = "hours"
    WINDOW = "window"
    FIXED = "fixed"
    BUFFER = "buffer"
    DAILY_LIMIT = "daily_limit"
    PROTECTED = "protected"
    NO_MEETINGS = "no_meetings"
    LUNCH = "lunch"
    APART = "apart"
    NOT_BEFORE = "not_before"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One part of a conflict: take it away, and the rest goes together.

    Attributes:
        hurdle: What sort of thing.
        wish: For `WISH`, `WINDOW`, `APART`: the key of the wish.
        title: For the same: what it is called.
        weekday: For `FIXED`, `DAILY_LIMIT`, `HOURS` of one day: 0 for Monday to 6 for Sunday; `None` means every day.
        minutes: For `WISH`: minutes needed unbroken. For `FIXED`: minutes taken that day. For `BUFFER`, `LUNCH`,
            `DAILY_LIMIT`: its size.
        count: For `WISH`: how many blocks.
    """

    hurdle: Hurdle
    wish: str | None = None
    title: str | None = None
    weekday: int | None = None
    minutes: int | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """The smallest set found that cannot hold at once: without any one of its causes the others can.

    Attributes:
        causes: Wishes first, then what stands against them.
        proven: Whether each cause was shown to be needed; otherwise the time ran out and some may be too many.
        stretch: For a single wish: the longest stretch in which a block may lie; `None` when there is none.
        stretch_minutes: Its length; 0 when there is none.
    """

    causes: tuple[Cause, ...]
    proven: bool = True
    stretch: Span | None = None
    stretch_minutes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetMinutes:
    """Minutes of one facet in the week, beside what is wished for.

    Attributes:
        fixed: Minutes of fixed entries with this purpose.
        proposed: Minutes of proposed blocks.
        target_low: Lowest minutes wished for; `None` without a target.
        target_high: Highest minutes wished for; `None` without a target.
    """

    fixed: int
    proposed: int
    target_low: int | None = None
    target_high: int | None = None

    @property
    def minutes(self) -> int:
        """All minutes of the facet in the week."""
        return self.fixed + self.proposed


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The answer for a week.

    Attributes:
        status: `OPTIMAL`: proven that no plan is worth more. `FEASIBLE`: the limit of the search came first; `bound`
            says how much better a plan could be. `INFEASIBLE`: what must be placed cannot be, or of all wishes none;
            the blocks are the best of what can be placed.
        objective: Points of this plan.
        bound: No plan has more points than this.
        seconds: How long the search took.
        blocks: In the order of time.
        moves: Movable entries proposed to move.
        left_out: Blocks wished for and not proposed.
        conflicts: The smallest sets that cannot hold at once.
        facets: Minutes by facet, of every facet with a target or a minute.
    """

    status: Status
    objective: float
    bound: float
    seconds: float
    blocks: tuple[Block, ...] = ()
    moves: tuple[Move, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    facets: Mapping[Purpose, FacetMinutes] = field(default_factory=dict)

    @property
    def gap(self) -> float:
        """How far the bound lies above the objective, as a share of the objective's size; 0 when proven."""
        return max(0.0, self.bound - self.objective) / max(1.0, abs(self.objective))
