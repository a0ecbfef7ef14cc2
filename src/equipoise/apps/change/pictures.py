"""Bands for templates to tell, and those of axes to draw in a picture 1000 units wide."""

from dataclasses import dataclass

from equipoise.apps.change import mapping
from equipoise.apps.change.queries import Situation
from equipoise.core.facets import AXES, FACETS, Purpose
from equipoise.core.situation.profile import Band

WIDTH = 1000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BandPicture:
    """One band.

    Attributes:
        target: What it is for, by its key.
        leading: The leading pole of an axis, or the facet itself; empty for leading overall.
        managing: The managing pole of an axis; empty otherwise.
        band: What is called for.
        computed: What was worked out, where the person set another band; `None` otherwise.
        override_id: The band the person set; `None` when there is none.
    """

    target: str
    leading: Purpose | str
    managing: Purpose | str
    band: Band
    computed: Band | None
    override_id: int | None

    @property
    def is_axis(self) -> bool:
        """Whether the band is a lean."""
        return mapping.is_axis(self.target)

    @property
    def x(self) -> float:
        """Left end of a lean in the picture."""
        return across(self.band.low)

    @property
    def width(self) -> float:
        """Width of a lean in the picture."""
        return round(across(self.band.high) - self.x, 2)


def leading_picture(found: Situation) -> BandPicture:
    """The band for leading overall."""
    return _picture(found, mapping.LEADING, "", "")


def axis_pictures(found: Situation) -> list[BandPicture]:
    """The bands of the four axes."""
    return [_picture(found, axis.name, axis.leading, axis.managing) for axis in AXES]


def facet_pictures(found: Situation) -> list[BandPicture]:
    """The bands of the eight facets."""
    return [_picture(found, facet.value, facet, "") for facet in FACETS]


def _picture(found: Situation, target: str, leading: Purpose | str, managing: Purpose | str) -> BandPicture:
    band = mapping.band_of(found.called_for, target)
    computed = mapping.band_of(found.profile.called_for, target)
    override = found.overrides.get(target)
    return BandPicture(
        target=target,
        leading=leading,
        managing=managing,
        band=band,
        computed=computed if band != computed else None,
        override_id=override.pk if override else None,
    )


def across(lean: float) -> float:
    """Where a lean, -1..1, lies in the picture."""
    return round(WIDTH * (lean + 1) / 2, 2)
