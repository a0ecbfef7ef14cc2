"""What a person sets in place of what was worked out, and what follows from it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from equipoise.core.facets import FACETS, LEADING, Axis, Purpose
from equipoise.core.situation.profile import Band, CalledFor

Target = Axis | Purpose | None
"""What a band is for: an axis, a facet, or leading overall (`None`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Set:
    """A band somebody set."""

    target: Target
    band: Band


def with_sets(found: CalledFor, sets: tuple[Set, ...]) -> CalledFor:
    """What is called for, with the bands somebody set in their place.

    The rest is kept in step, so that targets for facets add up to what was set: a band for leading moves the odds of
    leading against managing in every axis and facet alike, a band for an axis shares the time of its two facets anew.
    Axes and facets with a band of their own stay as they were set.
    """
    own: dict[Target, Band] = {each.target: each.band for each in sets}
    leading = own.get(None)
    if leading is not None:
        found = _leading_set(found, leading)
    axes = {axis: own.get(axis, band) for axis, band in found.axes.items()}
    facets = dict(found.facets)
    for axis, band in axes.items():
        if axis in own:
            facets |= _shared_anew(facets, axis, band)
    facets = {facet: own.get(facet, band) for facet, band in facets.items()}
    return replace(found, axes=axes, facets=facets)


def _leading_set(found: CalledFor, band: Band) -> CalledFor:
    before = min(max(found.leading.middle, 0.01), 0.99)
    up, down = band.middle / before, (1 - band.middle) / (1 - before)
    return replace(
        found,
        leading=band,
        axes={axis: _moved(each, lambda lean: _turned(lean, up, down)) for axis, each in found.axes.items()},
        facets=_scaled(found.facets, up, down),
    )


def _scaled(facets: Mapping[Purpose, Band], up: float, down: float) -> dict[Purpose, Band]:
    factors = {facet: up if facet in LEADING else down for facet in FACETS}
    return {
        facet: Band(low=min(band.low * factors[facet], 1.0), high=min(band.high * factors[facet], 1.0))
        for facet, band in facets.items()
    }


def _turned(lean: float, up: float, down: float) -> float:
    """A lean whose leading hours grow by one factor and whose managing hours by another."""
    leading, managing = up * (1 + lean), down * (1 - lean)
    return (leading - managing) / (leading + managing) if leading + managing > 0 else lean


def _moved(band: Band, move: Callable[[float], float]) -> Band:
    return Band(low=move(band.low), high=move(band.high))


def _shared_anew(facets: Mapping[Purpose, Band], axis: Axis, lean: Band) -> dict[Purpose, Band]:
    both = facets[axis.leading].middle + facets[axis.managing].middle
    return {
        axis.leading: Band(low=both * (1 + lean.low) / 2, high=both * (1 + lean.high) / 2),
        axis.managing: Band(low=both * (1 - lean.high) / 2, high=both * (1 - lean.low) / 2),
    }
