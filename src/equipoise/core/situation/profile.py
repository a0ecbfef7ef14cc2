"""The need profile: what role and signals call for, and how little is known about it.

`need = base of the role + sum of (pull * signal)`, in points, held within 0..100 for each facet. The shares and leans
that follow have bands. Their half-width joins, as the root of the sum of squares, how far each thing that went in may
be off: every base by a third of itself, every pull by a part that grows as the evidence gets weaker, and every
question nobody could answer by half of what it could have pulled. A band is a judgement with its doubt, not a
statistical interval. docs/methods/situation.md gives the reasoning and an example by hand.
"""

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from equipoise.core.facets import AXES, FACETS, LEADING, Axis, Purpose
from equipoise.core.situation.roles import BASE_DOUBT, BASES, Role
from equipoise.core.situation.rules import RULE_DOUBT, RULES, RULES_VERSION, Grade, Rule
from equipoise.core.situation.signals import Signal, SignalKind, latest

MOST_NEED = 100.0
UNKNOWN_DOUBT = 0.5

Points = Mapping[Purpose, float]


class BandBackwards(ValueError):
    """A band would end before it begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """What is called for, from `low` to `high`: a share of 0..1, or a lean of -1..1.

    Raises:
        BandBackwards: When `high` lies below `low`.
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        """Refuse a band that runs backwards."""
        if self.high < self.low:
            raise BandBackwards(f"A band cannot end at {self.high} when it begins at {self.low}.")

    @property
    def middle(self) -> float:
        """Halfway between the ends."""
        return (self.low + self.high) / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One rule at work.

    Attributes:
        rule: The key of the rule.
        signal: What set it off.
        grade: How good its evidence is.
        pulls: Points by which it raised or lowered each facet.
        leading_points: By how much it moved the leading share, in 0..1 (negative: towards managing).
    """

    rule: str
    signal: Signal
    grade: Grade
    pulls: Points
    leading_points: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CalledFor:
    """What the situation calls for.

    Attributes:
        leading: The share of leading in the time led or managed, 0..1.
        axes: The lean of each axis, -1..1.
        facets: The share of each facet in the time led or managed, 0..1.
        reasons: Why, the one that moves the leading share most first.
    """

    leading: Band
    axes: Mapping[Axis, Band]
    facets: Mapping[Purpose, Band]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedProfile:
    """The profile of one situation, with all that went in.

    Attributes:
        version: Of the rules it was made with.
        role: Whose base it begins from.
        needs: Points for each facet, 0..100.
        unknown: Kinds of signal nobody could say anything about.
        called_for: The bands and reasons.
    """

    version: str
    role: Role
    needs: Points
    unknown: frozenset[SignalKind]
    called_for: CalledFor


def need_profile(
    role: Role,
    signals: Iterable[Signal],
    *,
    unknown: Collection[SignalKind] = (),
    rules: Sequence[Rule] = RULES,
    version: str = RULES_VERSION,
) -> NeedProfile:
    """Work out what a situation calls for.

    Args:
        role: What one is in charge of.
        signals: What is known; of one kind the latest counts, in whatever order they come.
        unknown: Kinds of signal that were asked about in vain; a kind that has a signal is not unknown.
        rules: Which rules hold.
        version: What these rules are called.

    Example:
        >>> found = need_profile(Role.TEAM_LEAD, [])
        >>> f"{found.called_for.leading.low:.2f} to {found.called_for.leading.high:.2f}"
        '0.29 to 0.43'
    """
    known = latest(signals)
    at_work = [(rule, signal) for signal in known for rule in rules if rule.signal is signal.kind]
    base = BASES[role]
    needs = _needs(base, at_work)
    not_known = frozenset(unknown) - {signal.kind for signal in known}
    doubts = [*_base_doubts(role), *_rule_doubts(at_work), *_unknown_doubts(not_known, rules)]
    return NeedProfile(
        version=version,
        role=role,
        needs=needs,
        unknown=not_known,
        called_for=CalledFor(
            leading=_share_band(needs, doubts, of=LEADING),
            axes={axis: _lean_band(needs, doubts, axis) for axis in AXES},
            facets={facet: _share_band(needs, doubts, of=(facet,)) for facet in FACETS},
            reasons=_reasons(base, at_work),
        ),
    )


def leading_share(needs: Points) -> float:
    """The share of leading that needs amount to; one half when there is no need at all."""
    total = math.fsum(needs.values())
    return math.fsum(needs[facet] for facet in LEADING) / total if total > 0 else 0.5


def _needs(base: Points, at_work: Sequence[tuple[Rule, Signal]]) -> dict[Purpose, float]:
    pulled = {
        facet: base[facet] + math.fsum(signal.value * rule.pulls.get(facet, 0.0) for rule, signal in at_work)
        for facet in FACETS
    }
    return {facet: min(max(points, 0.0), MOST_NEED) for facet, points in pulled.items()}


def _base_doubts(role: Role) -> list[Points]:
    return [{facet: BASE_DOUBT[role] * points} for facet, points in BASES[role].items()]


def _rule_doubts(at_work: Sequence[tuple[Rule, Signal]]) -> list[Points]:
    return [
        {facet: RULE_DOUBT[rule.grade] * signal.value * points for facet, points in rule.pulls.items()}
        for rule, signal in at_work
    ]


def _unknown_doubts(unknown: Collection[SignalKind], rules: Sequence[Rule]) -> list[Points]:
    return [
        {facet: UNKNOWN_DOUBT * points for facet, points in rule.pulls.items()}
        for rule in rules
        if rule.signal in unknown
    ]


def _share_band(needs: Points, doubts: Sequence[Points], *, of: Sequence[Purpose]) -> Band:
    """The band of a share; to first order, a change of d points moves it by (d inside - share * d overall) / total."""
    total = math.fsum(needs.values())
    if total <= 0:
        return Band(low=0.0, high=1.0)
    share = math.fsum(needs[facet] for facet in of) / total

    def moved(doubt: Points) -> float:
        inside = math.fsum(points for facet, points in doubt.items() if facet in of)
        return (inside - share * math.fsum(doubt.values())) / total

    return _band(share, moved, doubts, low=0.0, high=1.0)


def _lean_band(needs: Points, doubts: Sequence[Points], axis: Axis) -> Band:
    """The band of a lean (l - m) / (l + m); to first order, (dl, dm) move it by 2 (m dl - l dm) / (l + m)^2."""
    leading, managing = needs[axis.leading], needs[axis.managing]
    both = leading + managing
    if both <= 0:
        return Band(low=-1.0, high=1.0)

    def moved(doubt: Points) -> float:
        up, down = doubt.get(axis.leading, 0.0), doubt.get(axis.managing, 0.0)
        return 2 * (managing * up - leading * down) / both**2

    return _band((leading - managing) / both, moved, doubts, low=-1.0, high=1.0)


def _band(
    middle: float, moved: Callable[[Points], float], doubts: Sequence[Points], *, low: float, high: float
) -> Band:
    half = math.sqrt(math.fsum(moved(doubt) ** 2 for doubt in doubts))
    return Band(low=max(middle - half, low), high=min(middle + half, high))


def _reasons(base: Points, at_work: Sequence[tuple[Rule, Signal]]) -> tuple[Reason, ...]:
    """The rules with a signal to speak of, each with how far the leading share would be elsewhere without it."""
    share = leading_share(_needs(base, at_work))
    found = [
        Reason(
            rule=rule.key,
            signal=signal,
            grade=rule.grade,
            pulls={facet: signal.value * points for facet, points in rule.pulls.items()},
            leading_points=share - leading_share(_needs(base, [each for each in at_work if each[0] is not rule])),
        )
        for rule, signal in at_work
        if signal.value > 0
    ]
    return tuple(sorted(found, key=lambda each: -abs(each.leading_points)))
