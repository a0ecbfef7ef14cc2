from itertools import product

import numpy as np
import pytest
from tests.core.timeline import at, count, held, surely

from equipoise.core.facets import Purpose
from equipoise.core.timeuse.behaviour import (
    CLIP,
    Activity,
    Company,
    Kind,
    Weights,
    activities_of,
    behaviour_index,
    leader_share,
)

FORM = ("meeting", "1hr", "planned", "one_ppl")
WEIGHTS = Weights(
    known={(FORM, frozenset({"groupcom"})): 3.0, (FORM, frozenset({"production"})): -3.0},
    terms={"constant": -0.01, "1hrplus": 0.25, "two_plus_ppl": 0.2, "hr": 2.0, "board": 1.0, "several_functions": -0.3},
    spread_of_functions=2.5,
)


def meeting(*functions: str, minutes: float = 60, company: Company = Company.ONE, known: bool = True) -> Activity:
    return Activity(
        kind=Kind.MEETING,
        minutes=minutes,
        blocks=minutes / 15,
        planned=True,
        company=company,
        functions=frozenset(functions) if known else None,
    )


class TestLeaderShare:
    def test_is_a_half_when_nothing_is_said(self) -> None:
        assert leader_share(np.zeros(3), np.array([4.0, 8.0, 2.0])) == 0.5

    def test_counts_sure_blocks_with_one_prior_block_on_each_side(self) -> None:
        sure = np.array([CLIP, -CLIP]) * 10
        assert leader_share(sure, np.array([30.0, 10.0])) == pytest.approx(31 / 42)

    def test_agrees_with_the_stationary_point(self) -> None:
        ratios, blocks = np.array([1.0, -0.5, 2.0, -1.5]), np.array([4.0, 6.0, 2.0, 8.0])
        theta = leader_share(ratios, blocks)
        slope = 1 / theta - 1 / (1 - theta) + blocks @ ((np.exp(ratios) - 1) / (theta * np.exp(ratios) + 1 - theta))
        assert abs(slope) < 1e-6


class TestWeights:
    def test_knows_an_activity_of_the_diaries(self) -> None:
        assert WEIGHTS.log_ratio(meeting("groupcom")) == 3.0

    def test_puts_an_unseen_one_together(self) -> None:
        unseen = meeting("hr", "board", minutes=90, company=Company.SEVERAL)
        assert WEIGHTS.log_ratio(unseen) == pytest.approx(-0.01 + 0.25 + 0.2 + 2.0 + 1.0 - 0.3)

    def test_falls_back_to_the_form_where_functions_are_not_known(self) -> None:
        assert WEIGHTS.log_ratio(meeting(known=False, company=Company.SEVERAL)) == pytest.approx(0.19)

    def test_stays_within_the_clip(self) -> None:
        loud = Weights(known={}, terms={"constant": 9.0}, spread_of_functions=0.0)
        assert loud.log_ratio(meeting("hr")) == CLIP

    @pytest.mark.parametrize(("minutes", "band"), [(10, "15m"), (15, "15m"), (30, "30m"), (60, "1hr"), (61, "1hrplus")])
    def test_bands_the_length(self, minutes: float, band: str) -> None:
        assert meeting(minutes=minutes).band == band


class TestBehaviourIndex:
    def test_says_nothing_under_fifteen_activities(self) -> None:
        assert behaviour_index([meeting("groupcom", minutes=120)] * 14, WEIGHTS) is None

    def test_says_nothing_under_ten_hours(self) -> None:
        assert behaviour_index([meeting("groupcom", minutes=30)] * 19, WEIGHTS) is None

    def test_is_high_for_one_who_meets_the_top(self) -> None:
        index = behaviour_index([meeting("groupcom")] * 20, WEIGHTS)
        assert index is not None
        assert index.low <= index.value <= index.high
        assert index.low > 0.5

    def test_narrows_with_more_activities(self) -> None:
        mixed = [meeting("groupcom"), meeting("production")]
        few, many = behaviour_index(mixed * 8, WEIGHTS), behaviour_index(mixed * 40, WEIGHTS)
        assert few is not None
        assert many is not None
        assert many.high - many.low < 0.6 * (few.high - few.low)

    def test_says_little_where_functions_are_not_known(self) -> None:
        index = behaviour_index([meeting(known=False)] * 200, WEIGHTS)
        assert index is not None
        assert index.high - index.low > 0.8

    def test_gives_the_same_to_the_last_digit(self) -> None:
        some = [meeting(*each) for each in product(("groupcom", "production", "hr"), ("board", "hr"))] * 4
        assert repr(behaviour_index(some, WEIGHTS)) == repr(behaviour_index(some, WEIGHTS))


class TestActivitiesOf:
    def test_takes_only_what_others_are_known_to_be_in(self) -> None:
        counted = count(
            held(at(6, "9:00"), at(6, "10:30"), "With one", attendees=1),
            held(at(7, "9:00"), at(7, "10:00"), "With many", attendees=9),
            held(at(8, "9:00"), at(8, "10:00"), "Alone", attendees=0),
            held(at(8, "11:00"), at(8, "12:00"), "Who knows"),
            held(at(9, "9:00"), at(9, "10:00"), "", uid="p", attendees=3, private=True),
            held(at(9, "11:00"), at(9, "12:00"), "Football", attendees=3),
        )
        purposes = [Purpose.PEOPLE] * 5 + [Purpose.OTHER]
        found = activities_of(counted, surely(*purposes))
        assert [(each.company, each.minutes, each.blocks) for each in found] == [
            (Company.ONE, 90.0, 6.0),
            (Company.SEVERAL, 60.0, 4.0),
        ]
        assert all(each.functions is None and each.planned for each in found)

    def test_weighs_double_booked_time_by_its_share(self) -> None:
        both = count(
            held(at(6, "9:00"), at(6, "10:00"), "A", attendees=1), held(at(6, "9:00"), at(6, "10:00"), "B", attendees=1)
        )
        assert [each.blocks for each in activities_of(both, surely(Purpose.PEOPLE, Purpose.PEOPLE))] == [2.0, 2.0]
