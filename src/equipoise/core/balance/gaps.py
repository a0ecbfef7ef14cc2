"""What is shown beside what is called for: a gap is announced only when it is larger than its uncertainty.

What is shown comes as an estimate with a 90 % interval, so that the rule "the distance to the band's nearest edge
exceeds 1.64 standard errors" is the same as "the whole interval lies outside the band".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from equipoise.core.facets import Axis
from equipoise.core.situation.profile import Band, CalledFor
from equipoise.core.timeuse.reading import TimeReading
from equipoise.core.timeuse.uncertainty import Interval

MATERIAL = {"share": 0.10, "lean": 0.40}
"""A gap that is smaller does not matter: ten points of the leading share, or twenty of the share within one axis (0.4
of its lean), which are about five points of the time led or managed, since an axis is about a fourth of it."""
STREAMS_FOR_FIRMNESS = 2


class State(StrEnum):
    """What a comparison says."""

    MORE_LEADING = "more_leading"
    MORE_MANAGING = "more_managing"
    ABOUT_RIGHT = "about_right"
    CANNOT_TELL = "cannot_tell"

    @property
    def is_gap(self) -> bool:
        """Whether something is called for."""
        return self in {State.MORE_LEADING, State.MORE_MANAGING}


class Stream(StrEnum):
    """A kind of evidence."""

    TIME = "time"
    OTHERS = "others"
    PLAN = "plan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One comparison.

    Attributes:
        state: What it says.
        shown: What is shown, with its 90 % interval; `None` when there is not enough evidence.
        band: What is called for.
        size: From what is shown to the nearest edge of the band; 0 inside it, `None` when nothing is shown.
    """

    state: State
    shown: Interval | None
    band: Band
    size: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What is shown beside what is called for, overall and by axis.

    Attributes:
        leading: The leading share.
        axes: The lean of each axis.
        streams: The kinds of evidence that say so.
    """

    leading: Gap
    axes: Mapping[Axis, Gap]
    streams: tuple[Stream, ...]

    @property
    def firm(self) -> bool:
        """Whether two kinds of evidence agree, as one wants before acting strongly."""
        return len(self.streams) >= STREAMS_FOR_FIRMNESS


def compare_time(reading: TimeReading, called_for: CalledFor) -> Comparison:
    """Compare a reading of time with what is called for."""
    return Comparison(
        leading=gap_of(reading.leading.share, called_for.leading, material=MATERIAL["share"]),
        axes={
            each.axis: gap_of(each.lean, called_for.axes[each.axis], material=MATERIAL["lean"]) for each in reading.axes
        },
        streams=(Stream.TIME,),
    )


def gap_of(shown: Interval | None, band: Band, *, material: float) -> Gap:
    """Compare one figure with its band.

    "About right" means that the estimate lies in the band and that no gap which matters can hide: at either side the
    interval reaches no further than `material` beyond it. What is neither a gap nor about right cannot be told yet.

    Example:
        >>> share = Interval(value=0.34, low=0.29, high=0.39)
        >>> gap_of(share, Band(low=0.42, high=0.50), material=0.1).state.value
        'more_leading'
        >>> gap_of(share, Band(low=0.32, high=0.44), material=0.1).state.value
        'about_right'
        >>> gap_of(share, Band(low=0.36, high=0.50), material=0.1).state.value
        'cannot_tell'
    """
    if shown is None:
        return Gap(state=State.CANNOT_TELL, shown=None, band=band, size=None)
    size = max(band.low - shown.value, shown.value - band.high, 0.0)
    return Gap(state=_state(shown, band, material), shown=shown, band=band, size=size)


def _state(shown: Interval, band: Band, material: float) -> State:
    if shown.high < band.low:
        return State.MORE_LEADING
    if shown.low > band.high:
        return State.MORE_MANAGING
    inside = band.low <= shown.value <= band.high
    hidden = max(band.low - shown.low, shown.high - band.high)
    return State.ABOUT_RIGHT if inside and hidden <= material else State.CANNOT_TELL
