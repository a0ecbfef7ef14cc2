"""What may be told of a group: bands, rounding, parts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from equipoise.core.anonymity.figures import CountBand, TooFewPeople, count_band, spread, told_parts
from equipoise.core.anonymity.pieces import choose, may_join, pieces
from equipoise.core.anonymity.rules import ReleaseRules, RulesTooLoose

counts = some.integers(0, 3000)


class TestReleaseRules:
    @pytest.mark.parametrize(("least", "parts"), [(2, 10), (0, 0), (5, 9), (8, 15)])
    def test_refuse_what_is_too_loose(self, least: int, parts: int) -> None:
        with pytest.raises(RulesTooLoose):
            ReleaseRules(least=least, least_for_parts=parts)

    def test_ask_for_ten_to_break_a_group_down(self) -> None:
        assert ReleaseRules().least_for_parts == 10


class TestPieces:
    def test_tell_apart_whoever_is_in_other_groups(self) -> None:
        assert set(pieces([{1, 2, 3, 4}, {3, 4, 5}])) == {frozenset({1, 2}), frozenset({3, 4}), frozenset({5})}

    def test_are_none_of_no_groups(self) -> None:
        assert pieces([]) == []


class TestMayJoin:
    def test_refuses_a_group_under_the_threshold(self) -> None:
        assert not may_join(range(4), [])
        assert may_join(range(5), [])

    def test_refuses_the_same_group_with_one_person_more(self) -> None:
        assert not may_join(range(9), [range(8)])
        assert may_join(range(8), [range(8)])
        assert may_join(range(13), [range(8)])

    def test_refuses_groups_that_share_a_few(self) -> None:
        assert not may_join(range(10, 22), [range(12)])
        assert may_join(range(5, 15), [range(10)])

    def test_refuses_what_three_groups_would_tell_together(self) -> None:
        """House less one team less the other would tell of two people, though each pair differs by enough."""
        house, one = range(20), range(9)
        assert may_join(range(9, 18), [one])
        assert may_join(range(9, 18), [house])
        assert not may_join(range(9, 18), [house, one])


class TestChoose:
    def test_hides_the_next_smallest_with_a_small_part(self) -> None:
        groups = {"house": range(22), "ten": range(10), "eight": range(10, 18), "four": range(18, 22)}
        assert choose(groups) == {"house", "ten"}

    def test_hides_none_when_what_is_hidden_is_large_enough(self) -> None:
        groups = {
            "house": range(26), "ten": range(10), "eight": range(10, 18), "four": range(18, 22), "rest": range(22, 26)
        }  # fmt: skip
        assert choose(groups) == {"house", "ten", "eight"}

    def test_keeps_to_what_was_shown_before(self) -> None:
        assert choose({"team": range(9)}, before=[range(8)]) == frozenset()
        assert choose({"team": range(8)}, before=[range(8)]) == {"team"}

    def test_shows_fewer_with_a_higher_threshold(self) -> None:
        groups = {"house": range(30), "team": range(8)}
        assert choose(groups, rules=ReleaseRules(least=9)) == {"house"}


class TestCountBand:
    @pytest.mark.parametrize(
        ("count", "low", "high"), [(0, 0, 4), (4, 0, 4), (5, 5, 7), (12, 8, 12), (40, 30, 49), (12_345, 10_000, None)]
    )
    def test_is_told_in_place_of_the_count(self, count: int, low: int, high: int | None) -> None:
        assert count_band(count) == CountBand(low=low, high=high)

    @given(counts, some.integers(3, 60))
    def test_holds_its_count_and_leaves_three_open(self, count: int, least: int) -> None:
        band = count_band(count, ReleaseRules(least=least))
        assert band.low <= count
        assert band.high is None or (count <= band.high and band.high - band.low >= 2)

    @given(counts, some.integers(3, 60))
    def test_never_straddles_the_threshold(self, count: int, least: int) -> None:
        band = count_band(count, ReleaseRules(least=least))
        assert (band.low >= least) == (count >= least)


class TestSpread:
    def test_needs_enough_people(self) -> None:
        with pytest.raises(TooFewPeople):
            spread([0.2, 0.3, 0.4, 0.5])

    @given(some.lists(some.floats(0, 1), min_size=5, max_size=40))
    def test_holds_the_quartiles_of_numpy(self, values: list[float]) -> None:
        found = spread(values)
        low, middle, high = np.quantile(values, [0.25, 0.5, 0.75])
        assert found.low <= low + 1e-6
        assert found.high >= high - 1e-6
        assert abs(found.middle - middle) <= 0.025 + 1e-9

    @given(some.floats(0, 1), some.integers(5, 20))
    def test_does_not_tell_that_all_are_alike(self, value: float, people: int) -> None:
        found = spread([value] * people)
        assert found.high - found.low >= 0.1 - 1e-9

    @given(some.lists(some.floats(0, 1), min_size=5, max_size=9))
    def test_tells_only_multiples_of_its_step(self, values: list[float]) -> None:
        found = spread(values)
        assert all(round(each * 20, 6) == round(each * 20) for each in (found.low, found.middle, found.high))


class TestToldParts:
    def test_breaks_no_group_under_ten_down(self) -> None:
        assert told_parts({"a": 5, "b": 4}) is None
        assert told_parts({"a": 5, "b": 5}) == {"a": CountBand(low=5, high=7), "b": CountBand(low=5, high=7)}

    def test_does_not_tell_that_nearly_all_are_alike(self) -> None:
        assert told_parts({"a": 12, "b": 0}) is None
        assert told_parts({"a": 12, "b": 4}) is None

    @given(some.lists(some.integers(0, 30), min_size=2, max_size=6))
    def test_tells_parts_that_are_large_and_leave_enough(self, sizes: list[int]) -> None:
        told = told_parts(dict(enumerate(sizes)))
        if told is None:
            return
        for part, size in enumerate(sizes):
            assert (told[part] is not None) == (5 <= size <= sum(sizes) - 5)
