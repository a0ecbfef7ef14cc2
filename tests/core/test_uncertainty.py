import numpy as np
import pytest
from benchmarks.interval_coverage import BOTH, EXACT, coverage, simulate_person
from tests.core.timeline import surely

from equipoise.core.facets import FACETS, LEADING, PURPOSES, Purpose
from equipoise.core.intervals import Floats
from equipoise.core.timeuse.uncertainty import Evidence, Interval, hours_interval, lean_from_share, share_interval


def evidence(hours: list[list[float]], probabilities: Floats, exposure: list[float] | None = None) -> Evidence:
    by_week = np.array(hours, dtype=np.float64)
    return Evidence(
        hours=by_week,
        times=(by_week > 0).sum(axis=1).astype(np.float64),
        probabilities=probabilities,
        exposure=np.ones(by_week.shape[1]) if exposure is None else np.array(exposure),
    )


def leaning(chance: float, rows: int) -> Floats:
    """Rows that are vision with a chance, else execution."""
    table = np.zeros((rows, len(PURPOSES)))
    table[:, PURPOSES.index(Purpose.VISION)] = chance
    table[:, PURPOSES.index(Purpose.EXECUTION)] = 1 - chance
    return table


def share(of: Evidence) -> Interval:
    found = share_interval(of, of=LEADING, among=FACETS)
    assert found is not None
    return found


def width(of: Interval) -> float:
    return of.high - of.low


STEADY = evidence([[1.0] * 8, [3.0] * 8], surely(Purpose.VISION, Purpose.EXECUTION))


class TestShareInterval:
    def test_is_the_share_of_expected_hours(self) -> None:
        assert share(STEADY).value == pytest.approx(0.25)

    def test_holds_its_own_value(self) -> None:
        assert share(STEADY).low <= 0.25 <= share(STEADY).high

    def test_widens_with_doubt_about_a_series(self) -> None:
        hours = [[1.0] * 8, [1.0] * 8]
        sure = evidence(hours, surely(Purpose.VISION, Purpose.EXECUTION))
        doubtful = evidence(hours, leaning(0.5, 2))
        assert width(share(doubtful)) > 2 * width(share(sure))

    def test_does_not_shrink_the_doubt_about_a_series_with_its_repetition(self) -> None:
        def of(weeks: int) -> Evidence:
            return evidence([[1.0] * weeks], leaning(0.5, 1))

        assert width(share(of(26))) > 0.9 * width(share(of(6)))

    def test_shrinks_the_doubt_about_many_single_entries(self) -> None:
        def of(weeks: int) -> Evidence:
            return evidence(np.eye(weeks).tolist(), np.vstack([leaning(float(odd % 2), 1) for odd in range(weeks)]))

        assert width(share(of(40))) < 0.6 * width(share(of(8)))

    def test_keeps_a_doubt_about_single_entries_the_classifier_cannot_tell(self) -> None:
        vague = evidence(np.eye(40).tolist(), leaning(0.5, 40))
        assert width(share(vague)) > 0.1

    def test_widens_when_weeks_differ(self) -> None:
        uneven = evidence([[0.0, 4.0] * 4, [6.0, 2.0] * 4], surely(Purpose.VISION, Purpose.EXECUTION))
        assert width(share(uneven)) > 2 * width(share(STEADY))

    def test_is_wider_with_fewer_weeks(self) -> None:
        few = evidence([[1.0, 2.0, 0.5], [3.0, 2.0, 4.0]], surely(Purpose.VISION, Purpose.EXECUTION))
        many = evidence([[1.0, 2.0, 0.5] * 5, [3.0, 2.0, 4.0] * 5], surely(Purpose.VISION, Purpose.EXECUTION))
        assert width(share(few)) > 2 * width(share(many))

    def test_stays_between_none_and_all(self) -> None:
        all_leading = share(evidence([[1.0] * 6], surely(Purpose.VISION)))
        assert all_leading.value == all_leading.high == 1.0
        assert 0.5 < all_leading.low < 1.0

    @pytest.mark.parametrize("hours", [[[2.0]], [[2.0, 0.0, 0.0]]])
    def test_says_nothing_from_one_week(self, hours: list[list[float]]) -> None:
        assert share_interval(evidence(hours, surely(Purpose.VISION)), of=LEADING, among=FACETS) is None

    def test_says_nothing_without_entries(self) -> None:
        nothing = Evidence(
            hours=np.zeros((0, 4)), times=np.zeros(0), probabilities=np.zeros((0, 10)), exposure=np.ones(4)
        )
        assert share_interval(nothing, of=LEADING, among=FACETS) is None
        assert hours_interval(nothing, of=LEADING) is None

    def test_says_nothing_of_an_axis_without_hours(self) -> None:
        pair = (Purpose.CHANGE, Purpose.STABILITY)
        assert share_interval(STEADY, of=pair[:1], among=pair) is None

    def test_mirrors_leading_and_managing(self) -> None:
        person = simulate_person(3, weeks=8, classifier=BOTH[0]).evidence
        leading = share(person)
        managing = share_interval(person, of=FACETS[4:], among=FACETS)
        assert managing is not None
        assert managing.low == pytest.approx(1 - leading.high, abs=1e-3)
        assert managing.high == pytest.approx(1 - leading.low, abs=1e-3)


class TestHoursInterval:
    def test_is_hours_a_week(self) -> None:
        found = hours_interval(STEADY, of=(Purpose.EXECUTION,))
        assert found is not None
        assert found.value == pytest.approx(3.0)
        assert found.low <= 3.0 <= found.high

    def test_takes_a_week_cut_short_for_its_part(self) -> None:
        cut = evidence([[5.0, 5.0, 2.0]], surely(Purpose.VISION), [1.0, 1.0, 0.4])
        found = hours_interval(cut, of=(Purpose.VISION,))
        assert found is not None
        assert found.value == pytest.approx(5.0)

    def test_does_not_rule_out_what_was_never_seen(self) -> None:
        found = hours_interval(STEADY, of=(Purpose.PEOPLE,))
        assert found is not None
        assert found.value == found.low == 0.0
        assert 0.0 < found.high < 1.0


class TestLeanFromShare:
    def test_runs_from_all_managing_to_all_leading(self) -> None:
        lean = lean_from_share(Interval(value=0.25, low=0.0, high=1.0))
        assert lean == Interval(value=-0.5, low=-1.0, high=1.0)


class TestCoverage:
    """Sampling noise of these small runs is about one point; the full table is that of the benchmark."""

    @pytest.mark.parametrize("weeks", [4, 8, 26])
    def test_lies_between_88_and_92_percent(self, weeks: int) -> None:
        held = coverage(people=300, weeks=weeks, classifiers=BOTH)
        assert all(0.87 <= each <= 0.93 for each in held.values()), held

    def test_is_rather_too_high_where_the_odds_are_exactly_right(self) -> None:
        held = coverage(people=300, weeks=13, classifiers=EXACT)
        assert all(0.90 <= each <= 0.98 for each in held.values()), held


class TestInterval:
    def test_tells_nothing_when_it_leaves_nearly_everything_open(self) -> None:
        assert Interval(value=0.5, low=0.05, high=0.95).tells_nothing
        assert not Interval(value=0.5, low=0.2, high=0.8).tells_nothing
