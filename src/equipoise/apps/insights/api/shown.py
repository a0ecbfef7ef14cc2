"""A reading of time and where one stands, as they are answered; hours decimal, shares 0 to 1, leans -1 to 1.

The reading has the shape `equipoise measure --format json` writes. `low` and `high` are the ends of a 90 % interval;
null means: not enough evidence.
"""

from datetime import date
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

from equipoise.adapters.reports.record import as_record
from equipoise.adapters.reports.report import Report
from equipoise.apps.change.api import Bands, LeanBand, ShareBand, bands_told
from equipoise.apps.insights.queries import Balance, Standing
from equipoise.core.balance.gaps import Comparison, Gap, Stream
from equipoise.core.balance.portrait import Figure, Portrait
from equipoise.core.facets import AXES
from equipoise.core.timeuse.reading import Notice
from equipoise.core.timeuse.uncertainty import Interval

Hours = Annotated[float, Field(ge=0)]
GapState = Literal["more_leading", "more_managing", "about_right", "cannot_tell"]


class PeriodRead(Schema):
    """The days that were read; `to` is the day after the last."""

    model_config = ConfigDict(populate_by_name=True)

    start: date = Field(alias="from")
    to: date
    zone: str


class Amount(Schema):
    """Times entries take place, and their hours."""

    entries: int
    hours: float


class LeftOut(Schema):
    """What was not counted, by the first reason that holds."""

    outside_period: Amount
    cancelled: Amount
    declined: Amount
    free: Amount
    all_day: Amount
    zero_length: Amount
    day_or_longer: Amount
    shared: Amount


class Quantity(Schema):
    """Hours in the period, and the long-run share and hours a week with their intervals."""

    hours: Hours
    share: float | None
    low: float | None
    high: float | None
    hours_per_week: float | None
    hours_per_week_low: float | None
    hours_per_week_high: float | None


class Purposes(Schema):
    """One quantity for each purpose."""

    vision: Quantity
    change: Quantity
    people: Quantity
    inspiration: Quantity
    execution: Quantity
    stability: Quantity
    process: Quantity
    oversight: Quantity
    other: Quantity
    unclear: Quantity


class LeanRead(Schema):
    """The lean of an axis, from -1 (all managing) to +1 (all leading)."""

    lean: float | None
    low: float | None
    high: float | None


class Leans(Schema):
    """The lean of each axis."""

    horizon: LeanRead
    movement: LeanRead
    attention: LeanRead
    influence: LeanRead


class HoursByPurpose(Schema):
    """Hours for each purpose."""

    vision: Hours
    change: Hours
    people: Hours
    inspiration: Hours
    execution: Hours
    stability: Hours
    process: Hours
    oversight: Hours
    other: Hours
    unclear: Hours


class WeekRead(Schema):
    """Hours in one week; `whole` is false for one cut by the period."""

    model_config = ConfigDict(populate_by_name=True)

    week: str
    start: date = Field(alias="from")
    to: date
    whole: bool
    leading: Hours
    managing: Hours
    hours: HoursByPurpose


class UnplannedRead(Schema):
    """Unplanned talk as the person put it, and the leading share with it added."""

    hours_per_week: Hours
    leading_share: float | None
    leading_share_low: float | None
    leading_share_high: float | None


class BehaviourIndex(Schema):
    """From 0 (like managers) to 1 (like leaders), among chief executives."""

    value: float
    low: float
    high: float


class TimeRead(Schema):
    """How much a person leads and manages in a period, by the evidence of their time."""

    period: PeriodRead
    counted: Amount
    left_out: LeftOut
    facets: Purposes
    leading: Quantity
    managing: Quantity
    axes: Leans
    weeks: list[WeekRead]
    unplanned: UnplannedRead | None
    behaviour_index: BehaviourIndex | None
    notices: list[Notice] = Field(description="What a reader of the figures must know.")


class Estimate(Schema):
    """An estimate with the ends of its 90 % interval."""

    value: float
    low: float
    high: float


class ShareGap(Schema):
    """The leading share beside what is called for."""

    state: GapState
    shown: Estimate | None
    band: ShareBand
    size: float | None = Field(description="From what is shown to the nearest edge of the band; 0 inside it.")


class LeanGap(Schema):
    """The lean of an axis beside what is called for."""

    state: GapState
    shown: Estimate | None
    band: LeanBand
    size: float | None


class LeanGaps(Schema):
    """The lean of each axis beside what is called for."""

    horizon: LeanGap
    movement: LeanGap
    attention: LeanGap
    influence: LeanGap


class ComparisonTold(Schema):
    """What is shown beside what is called for; a gap is told only when it is larger than its uncertainty."""

    leading: ShareGap
    axes: LeanGaps
    streams: list[Stream] = Field(description="The kinds of evidence that say so.")
    firm: bool = Field(description="Whether two kinds of evidence agree.")


class PortraitTold(Schema):
    """What is there by volume: hours a week, and the floors below which a pole is as good as absent."""

    figure: Figure
    leading: Estimate | None
    managing: Estimate | None
    leading_floor: float
    managing_floor: float


class StandingTold(Schema):
    """Where one stands beside what the situation calls for; null as long as nothing was said of it."""

    called_for: Bands | None
    comparison: ComparisonTold | None
    portrait: PortraitTold | None
    because: str = Field(description="Why, as a clause.")
    set_by_hand: bool = Field(description="Whether the band for leading is the person's own.")


def reading_told(found: Balance) -> TimeRead:
    """A reading as it is answered."""
    record = as_record(Report(reading=found.reading, behaviour=found.behaviour, warnings=()))
    return TimeRead.model_validate({**record, "notices": list(found.reading.notices)})


def standing_told(found: Standing) -> StandingTold:
    """Where one stands, as it is answered."""
    return StandingTold(
        called_for=bands_told(found.called_for) if found.called_for else None,
        comparison=_comparison(found.comparison) if found.comparison else None,
        portrait=_portrait(found.portrait) if found.portrait else None,
        because=found.because,
        set_by_hand=found.set_by_hand,
    )


def _comparison(found: Comparison) -> ComparisonTold:
    return ComparisonTold(
        leading=ShareGap(**_gap(found.leading)),
        axes=LeanGaps(**{axis.name: LeanGap(**_gap(found.axes[axis])) for axis in AXES}),
        streams=list(found.streams),
        firm=found.firm,
    )


def _gap(gap: Gap) -> dict[str, Any]:
    return {
        "state": gap.state.value,
        "shown": _estimate(gap.shown),
        "band": {"low": gap.band.low, "high": gap.band.high},
        "size": gap.size,
    }


def _portrait(found: Portrait) -> PortraitTold:
    return PortraitTold(
        figure=found.figure,
        leading=_estimate(found.leading),
        managing=_estimate(found.managing),
        leading_floor=found.leading_floor,
        managing_floor=found.managing_floor,
    )


def _estimate(interval: Interval | None) -> Estimate | None:
    return None if interval is None else Estimate(value=interval.value, low=interval.low, high=interval.high)
