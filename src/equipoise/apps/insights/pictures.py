"""Figures as shapes: positions in a picture 1000 units wide, for templates to draw."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from equipoise.apps.change.pictures import WIDTH, across
from equipoise.core.balance.gaps import Comparison, Gap
from equipoise.core.facets import FACETS, PURPOSES, Purpose
from equipoise.core.timeuse.reading import AxisReading, TimeReading, WeekReading
from equipoise.core.timeuse.uncertainty import Interval

HEIGHT = 240.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One purpose's piece of an axis bar or column, in picture units."""

    purpose: Purpose
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AxisPicture:
    """One axis as a diverging bar.

    Attributes:
        name: The axis.
        leading: Its leading pole, with hours and hours a week.
        managing: Its managing pole.
        bar: From the middle to the lean; `None` when there is not enough evidence.
        low: Left end of the range.
        high: Right end of the range.
        ghost: Where the lean was in the period before; `None` when not known.
        lean: The lean, -1..1.
        lean_low: The low end of its range.
        lean_high: The high end of its range.
        gap: What is called for and whether it is met; `None` when nothing is known of the situation.
        called_low: Left end of the band of what is called for.
        called_width: Width of that band.
    """

    name: str
    leading: Purpose
    managing: Purpose
    leading_weekly: float
    managing_weekly: float
    bar: Bar | None
    low: float | None
    high: float | None
    ghost: float | None
    lean: float | None
    lean_low: float | None
    lean_high: float | None
    gap: Gap | None = None
    called_low: float | None = None
    called_width: float | None = None

    @property
    def towards(self) -> str:
        """Which pole the whole range leans to: leading, managing, or neither."""
        if self.lean_low is not None and self.lean_low > 0:
            return "leading"
        if self.lean_high is not None and self.lean_high < 0:
            return "managing"
        return "neither"


def axis_pictures(
    reading: TimeReading, before: TimeReading | None, comparison: Comparison | None = None
) -> list[AxisPicture]:
    """The four axes, with the period before as a ghost and what is called for as a band."""
    ghosts = {each.axis.name: each.lean for each in before.axes} if before else {}
    weeks = sum(1.0 if week.week.whole else week.week.working_days / 5 for week in reading.weeks) or 1.0
    pictures = [_axis_picture(each, reading, ghosts.get(each.axis.name), weeks) for each in reading.axes]
    if comparison is None:
        return pictures
    return [_with_gap(each, comparison.axes[seen.axis]) for each, seen in zip(pictures, reading.axes, strict=True)]


def _with_gap(picture: AxisPicture, gap: Gap) -> AxisPicture:
    low, high = across(gap.band.low), across(gap.band.high)
    return replace(picture, gap=gap, called_low=low, called_width=round(high - low, 2))


def _axis_picture(each: AxisReading, reading: TimeReading, ghost: Interval | None, weeks: float) -> AxisPicture:
    lean = each.lean
    value = lean.value if lean else 0.0
    pole = each.axis.leading if value > 0 else each.axis.managing
    left, right = sorted((across(0.0), across(value)))
    return AxisPicture(
        name=each.axis.name,
        leading=each.axis.leading,
        managing=each.axis.managing,
        leading_weekly=reading.purposes[each.axis.leading].hours / weeks,
        managing_weekly=reading.purposes[each.axis.managing].hours / weeks,
        bar=Bar(purpose=pole, x=left, y=0, width=right - left, height=24) if lean else None,
        low=across(lean.low) if lean else None,
        high=across(lean.high) if lean else None,
        ghost=across(ghost.value) if ghost else None,
        lean=lean.value if lean else None,
        lean_low=lean.low if lean else None,
        lean_high=lean.high if lean else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One week as a stacked column."""

    monday: date
    name: str
    x: float
    width: float
    bars: tuple[Bar, ...]
    total: float
    labelled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnsPicture:
    """Weeks side by side; `marks` are the hours at the grid lines from the top down, with their height."""

    columns: tuple[Column, ...]
    marks: tuple[tuple[float, float], ...]


STACKED: tuple[Purpose, ...] = (
    *(purpose for purpose in FACETS[4:]), *(purpose for purpose in reversed(FACETS[:4])), Purpose.UNCLEAR, Purpose.OTHER
)  # fmt: skip
"""From the ground up: managing, then leading, then what is neither."""


def columns_picture(weeks: Sequence[WeekReading]) -> ColumnsPicture:
    """Hours by purpose and week, managing at the bottom."""
    step = _step(max((sum(week.hours) for week in weeks), default=0.0))
    top = step * max(1, -(-int(max((sum(week.hours) for week in weeks), default=0.0) * 1000) // int(step * 1000)))
    pitch = WIDTH / max(len(weeks), 1)
    every = max(1, -(-len(weeks) // 6))
    columns = [
        Column(
            monday=week.week.start,
            name=week.week.name,
            x=round(number * pitch + pitch * 0.12, 2),
            width=round(pitch * 0.76, 2),
            bars=tuple(_stack(week, number * pitch + pitch * 0.12, pitch * 0.76, top)),
            total=sum(week.hours),
            labelled=number % every == 0,
        )
        for number, week in enumerate(weeks)
    ]
    lines = round(top / step)
    marks = tuple((step * line, round(HEIGHT * (1 - step * line / top), 2)) for line in range(lines, -1, -1))
    return ColumnsPicture(columns=tuple(columns), marks=marks)


def _step(most: float) -> float:
    return next((step for step in (1.0, 2.0, 5.0, 10.0, 20.0, 50.0) if most <= 5 * step), 100.0)


def _stack(week: WeekReading, x: float, width: float, top: float) -> "list[Bar]":
    bars, ground = [], HEIGHT
    for purpose in STACKED:
        height = HEIGHT * week.hours[PURPOSES.index(purpose)] / top
        if height > 0:
            ground -= height
            bars.append(
                Bar(purpose=purpose, x=round(x, 2), y=round(ground, 2), width=round(width, 2), height=round(height, 2))
            )
    return bars
