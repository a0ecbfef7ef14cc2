"""Rows to values of the core, and back."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from equipoise.apps.change.models import Override
from equipoise.core.facets import AXES, FACETS, Axis, Purpose
from equipoise.core.situation.overrides import Set, Target
from equipoise.core.situation.profile import Band, CalledFor, NeedProfile, Reason
from equipoise.core.situation.roles import Role
from equipoise.core.situation.rules import Grade
from equipoise.core.situation.signals import Signal, SignalKind

LEADING = "leading"
TARGETS: Mapping[str, Target] = {
    LEADING: None,
    **{axis.name: axis for axis in AXES},
    **{facet.value: facet for facet in FACETS},
}
"""What a band can be for, by the key it is stored under."""

Row = dict[str, Any]


def is_axis(target: str) -> bool:
    """Whether the band is a lean, not a share."""
    return isinstance(TARGETS[target], Axis)


def band_of(found: CalledFor, target: str) -> Band:
    """The band for a target."""
    what = TARGETS[target]
    if what is None:
        return found.leading
    return found.axes[what] if isinstance(what, Axis) else found.facets[what]


def set_of(row: Override) -> Set:
    """A band somebody set."""
    return Set(target=TARGETS[row.target], band=Band(low=row.low, high=row.high))


def profile_row(profile: NeedProfile) -> Row:
    """A profile as plain values, whole."""
    called = profile.called_for
    return {
        "version": profile.version,
        "role": profile.role.value,
        "needs": {facet.value: points for facet, points in profile.needs.items()},
        "unknown": sorted(kind.value for kind in profile.unknown),
        "bands": {target: [band.low, band.high] for target in TARGETS for band in [band_of(called, target)]},
        "reasons": [_reason_row(reason) for reason in called.reasons],
    }


def profile_of(row: Row) -> NeedProfile:
    """A profile as it was stored; today's rules have no say in it."""
    bands = {target: Band(low=low, high=high) for target, (low, high) in row["bands"].items()}
    return NeedProfile(
        version=row["version"],
        role=Role(row["role"]),
        needs={Purpose(facet): points for facet, points in row["needs"].items()},
        unknown=frozenset(SignalKind(kind) for kind in row["unknown"]),
        called_for=CalledFor(
            leading=bands[LEADING],
            axes={axis: bands[axis.name] for axis in AXES},
            facets={facet: bands[facet.value] for facet in FACETS},
            reasons=tuple(_reason_of(each) for each in row["reasons"]),
        ),
    )


def _reason_row(reason: Reason) -> Row:
    return {
        "rule": reason.rule,
        "kind": reason.signal.kind.value,
        "value": reason.signal.value,
        "source": reason.signal.source,
        "on": reason.signal.on.isoformat(),
        "grade": reason.grade.value,
        "pulls": {facet.value: points for facet, points in reason.pulls.items()},
        "leading_points": reason.leading_points,
    }


def _reason_of(row: Row) -> Reason:
    return Reason(
        rule=row["rule"],
        signal=Signal(
            kind=SignalKind(row["kind"]),
            value=row["value"],
            source=row["source"],
            on=date.fromisoformat(row["on"]),
        ),
        grade=Grade(row["grade"]),
        pulls={Purpose(facet): points for facet, points in row["pulls"].items()},
        leading_points=row["leading_points"],
    )
