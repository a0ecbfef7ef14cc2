"""A group's figures as shapes and words, for templates to show."""

from dataclasses import dataclass

from equipoise.apps.change.pictures import across
from equipoise.apps.insights.teams.mapping import Told
from equipoise.apps.insights.teams.queries import Picture
from equipoise.apps.insights.teams.words import FIT_NAMES, part_words, people_words
from equipoise.core.anonymity.figures import CountBand, Spread
from equipoise.core.facets import AXES, Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class PartBar:
    """One part of a group, as a row: its name, its band in words, and a bar 100 units wide.

    Attributes:
        name: Which part.
        words: How many people, as a band.
        sure: How far the bar surely reaches.
        may: How much further it may.
        told: Whether the part is told.
    """

    name: str
    words: str
    sure: float
    may: float
    told: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AxisRow:
    """One axis of a group: its lean, and shapes in a picture 1000 units wide; nothing of the lean when not told."""

    name: str
    leading: Purpose
    managing: Purpose
    lean: Spread | None
    pole: Purpose | None
    x: float
    width: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A picture ready to be shown."""

    picture: Picture
    counted: str
    members: str
    axes: tuple[AxisRow, ...]
    parts: tuple[PartBar, ...]
    fits: tuple[PartBar, ...]

    @property
    def told(self) -> Told | None:
        """What is told."""
        return self.picture.told

    @property
    def bar(self) -> dict[str, float]:
        """The share and what is called for, as positions on a bar 100 units wide."""
        if self.told is None:
            return {}
        share, called = self.told.share, self.told.called
        found = {"middle": 100 * share.middle, "low": 100 * share.low, "high": 100 * share.high}
        return found | ({"called": 100 * called.low, "width": 100 * (called.high - called.low)} if called else {})


def drawn(picture: Picture) -> Drawn:
    """A picture in shapes and words."""
    told = picture.told
    if told is None:
        return Drawn(picture=picture, counted="", members="", axes=(), parts=(), fits=())
    most = told.counted.high or 2 * told.counted.low
    parts = [(part_words(number), band) for number, band in enumerate(told.parts or ())]
    fits = [(str(FIT_NAMES[fit]), band) for fit, band in (told.fits or {}).items()]
    return Drawn(
        picture=picture,
        counted=people_words(told.counted),
        members=people_words(told.members),
        axes=tuple(_axis_row(number, told) for number in range(len(AXES))),
        parts=tuple(_bar(name, band, most) for name, band in parts),
        fits=tuple(_bar(name, band, most) for name, band in fits),
    )


def _bar(name: str, band: CountBand | None, most: int) -> PartBar:
    low, high = (band.low, band.high or most) if band else (0, 0)
    sure, may = (min(100 * count / most, 100.0) for count in (low, high))
    return PartBar(name=name, words=people_words(band), sure=sure, may=max(may - sure, 0.0), told=band is not None)


def _axis_row(number: int, told: Told) -> AxisRow:
    axis = AXES[number]
    lean = told.axes.get(axis.name)
    middle, low, high = (across(each) for each in ((lean.middle, lean.low, lean.high) if lean else (0.0, 0.0, 0.0)))
    left, right = sorted((across(0.0), middle))
    pole = None if lean is None or not lean.middle else axis.leading if lean.middle > 0 else axis.managing
    return AxisRow(
        name=axis.name,
        leading=axis.leading,
        managing=axis.managing,
        lean=lean,
        pole=pole,
        x=left,
        width=right - left,
        low=max(low, 0.0),
        high=min(high, 1000.0),
    )
