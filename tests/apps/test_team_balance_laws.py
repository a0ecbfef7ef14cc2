"""Whatever people's months are like, and whatever was told before, no figure of a few follows from what is told."""

import json
from collections import defaultdict
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as some
from tests.core.test_anonymity_laws import PEOPLE, Group, determined, trees

from equipoise.apps.insights.teams.mapping import SHARE, Fit, PersonMonth, Told, release, row_of, told_of
from equipoise.core.anonymity.figures import CountBand
from equipoise.core.anonymity.rules import ReleaseRules
from equipoise.core.facets import AXES
from equipoise.core.situation.profile import Band
from equipoise.core.timeuse.uncertainty import Interval

shares = some.floats(0, 1)


@some.composite
def months(draw: some.DrawFn) -> PersonMonth:
    """Any month: any share, some axes without a lean, a situation or none."""
    low, value, high = sorted(draw(some.lists(shares, min_size=3, max_size=3)))
    called = draw(some.none() | some.tuples(shares, shares))
    return PersonMonth(
        share=Interval(value=value, low=low, high=high),
        leans=draw(some.dictionaries(some.sampled_from([axis.name for axis in AXES]), some.floats(-1, 1))),
        called=Band(low=min(called), high=max(called)) if called else None,
    )


rounds = some.lists(some.dictionaries(some.integers(0, PEOPLE - 1), months(), min_size=5), min_size=1, max_size=3)


def told_over(tree: dict[str, Group], given_months: Sequence[dict[int, PersonMonth]]) -> dict[str, list[Group]]:
    """The people behind all that is told when one month is released again and again, by what was asked."""
    before: dict[str, list[frozenset[object]]] = defaultdict(list)
    sets: dict[str, list[Group]] = defaultdict(list)
    for people in given_months:
        for found in release(tree, people, before, ReleaseRules()).values():
            for question, those in found.sets.items():
                sets[question].append(those)
        for question, shown in sets.items():
            before[question] = [frozenset(each) for each in shown]
    return sets


class TestRelease:
    @settings(max_examples=40, deadline=None)
    @given(trees(), rounds)
    def test_determines_no_figure_of_a_few(
        self, tree: dict[str, Group], given_months: list[dict[int, PersonMonth]]
    ) -> None:
        for question, shown in told_over(tree, given_months).items():
            assert determined(shown, 5) == [], question

    @settings(max_examples=40, deadline=None)
    @given(trees(), rounds)
    def test_tells_nothing_of_who_is_not_counted(
        self, tree: dict[str, Group], given_months: list[dict[int, PersonMonth]]
    ) -> None:
        people = given_months[0]
        for name, found in release(tree, people, {}, ReleaseRules()).items():
            assert (found.told is None) == (SHARE not in found.sets)
            assert all(those <= tree[name] & people.keys() for those in found.sets.values())

    @settings(max_examples=40, deadline=None)
    @given(trees(), rounds)
    def test_tells_bands_and_rounded_values_alone(
        self, tree: dict[str, Group], given_months: list[dict[int, PersonMonth]]
    ) -> None:
        for found in release(tree, given_months[0], {}, ReleaseRules()).values():
            if found.told is None:
                continue
            assert told_of(json.loads(json.dumps(row_of(found.told)))) == found.told
            assert all(is_in_steps(each, 0.05) for each in shares_of(found.told))
            assert all(band is None or is_wide(band) for band in bands_of(found.told))


def shares_of(told: Told) -> list[float]:
    called = [told.called.low, told.called.high] if told.called else []
    return [told.share.middle, told.share.low, told.share.high, *called]


def bands_of(told: Told) -> list[CountBand | None]:
    fits = [told.fits[fit] for fit in Fit] if told.fits else []
    return [told.counted, told.members, *(told.parts or ()), *fits]


def is_in_steps(value: float, step: float) -> bool:
    return abs(value / step - round(value / step)) < 1e-6


def is_wide(band: CountBand) -> bool:
    return band.high is None or band.high - band.low >= 2
