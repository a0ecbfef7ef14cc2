from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from tests.core.timeline import MONDAY, at, count, held, surely

from equipoise.core.facets import PURPOSES, Purpose
from equipoise.core.timeuse.counting import Counted
from equipoise.core.timeuse.entries import Occurrence
from equipoise.core.timeuse.reading import UNPLANNED_ODDS, Notice, ProbabilitiesWrong, evidence_of, measure_time

FOUR_WEEKS = MONDAY + timedelta(weeks=4)


def weekly(title: str, hours: int, **fields: object) -> list[Occurrence]:
    """A series of four Tuesdays (or whatever `day` says)."""
    day = int(str(fields.pop("day", 6)))
    starts = [at(day, "9:00") + timedelta(weeks=week) for week in range(4)]
    return [held(start, start + timedelta(hours=hours), title, **fields) for start in starts]


@pytest.fixture
def counted() -> Counted:
    return count(*weekly("Where to", 1), *weekly("Delivery", 3, day=7), end=FOUR_WEEKS)


SURE = surely(Purpose.VISION, Purpose.EXECUTION)


class TestMeasureTime:
    def test_sums_hours_by_purpose(self, counted: Counted) -> None:
        reading = measure_time(counted, SURE)
        assert reading.purposes[Purpose.VISION].hours == 4.0
        assert reading.purposes[Purpose.EXECUTION].hours == 12.0
        assert sum(each.hours for each in reading.purposes.values()) == pytest.approx(counted.counted.hours)

    def test_takes_the_leading_share_of_leading_and_managing(self) -> None:
        other = count(*weekly("Where to", 1), *weekly("Dentist", 3, day=7), end=FOUR_WEEKS)
        with_other = measure_time(other, surely(Purpose.VISION, Purpose.OTHER))
        assert with_other.leading.share is not None
        assert with_other.leading.share.value == 1.0
        of_all = with_other.purposes[Purpose.VISION].share
        assert of_all is not None
        assert of_all.value == pytest.approx(0.25)

    def test_leans_to_managing_where_managing_prevails(self, counted: Counted) -> None:
        horizon = measure_time(counted, SURE).axes[0]
        assert horizon.lean is not None
        assert horizon.lean.value == pytest.approx(-0.5)
        assert horizon.lean.low <= -0.5 <= horizon.lean.high

    def test_says_nothing_of_an_axis_nobody_spent_time_on(self, counted: Counted) -> None:
        assert measure_time(counted, SURE).axes[1].lean is None

    def test_gives_hours_week_by_week(self, counted: Counted) -> None:
        weeks = measure_time(counted, SURE).weeks
        assert [each.leading for each in weeks] == [1.0] * 4
        assert [each.managing for each in weeks] == [3.0] * 4

    def test_says_nothing_from_one_week(self) -> None:
        reading = measure_time(count(held(at(6, "9:00"), at(6, "10:00"))), surely(Purpose.VISION))
        assert reading.leading.hours == 1.0
        assert reading.leading.share is None
        assert all(each.lean is None for each in reading.axes)
        assert Notice.TOO_FEW_WEEKS in reading.notices

    def test_says_when_nothing_was_counted(self) -> None:
        reading = measure_time(count(), np.zeros((0, len(PURPOSES))))
        assert Notice.NOTHING_COUNTED in reading.notices
        assert reading.leading.hours == 0.0

    def test_says_when_much_is_unclear(self, counted: Counted) -> None:
        reading = measure_time(counted, surely(Purpose.VISION, Purpose.UNCLEAR))
        assert Notice.MUCH_UNCLEAR in reading.notices

    def test_gives_the_same_to_the_last_digit(self, counted: Counted) -> None:
        assert repr(measure_time(counted, SURE)) == repr(measure_time(counted, SURE.copy()))

    def test_refuses_probabilities_of_another_shape(self, counted: Counted) -> None:
        with pytest.raises(ProbabilitiesWrong, match="shape"):
            measure_time(counted, surely(Purpose.VISION))

    def test_refuses_rows_that_do_not_sum_to_one(self, counted: Counted) -> None:
        with pytest.raises(ProbabilitiesWrong, match="sum to 1"):
            measure_time(counted, SURE / 2)


class TestUnplannedTalk:
    def test_is_missing_when_not_known(self, counted: Counted) -> None:
        reading = measure_time(counted, SURE)
        assert reading.unplanned is None
        assert Notice.UNPLANNED_UNKNOWN in reading.notices

    def test_leaves_the_facets_alone(self, counted: Counted) -> None:
        with_talk, without = measure_time(counted, SURE, unplanned_hours=5), measure_time(counted, SURE)
        assert with_talk.purposes == without.purposes
        assert with_talk.leading == without.leading
        assert Notice.UNPLANNED_UNKNOWN not in with_talk.notices

    def test_lowers_the_stated_second_share(self, counted: Counted) -> None:
        unplanned = measure_time(counted, SURE, unplanned_hours=4).unplanned
        assert unplanned is not None
        assert unplanned.leading_share is not None
        odds = UNPLANNED_ODDS * 0.25 / 0.75
        assert unplanned.leading_share.value == pytest.approx((0.25 + odds / (1 + odds)) / 2)

    def test_refuses_negative_hours(self, counted: Counted) -> None:
        with pytest.raises(ValueError, match="cannot be negative"):
            measure_time(counted, SURE, unplanned_hours=-1)


class TestEvidence:
    def test_joins_the_times_of_a_series(self, counted: Counted) -> None:
        assert evidence_of(counted, SURE).hours.shape == (2, 4)

    def test_joins_entries_of_one_title(self) -> None:
        some = [replace(each, entry=replace(each.entry, uid=str(n), series=str(n))) for n, each in
                enumerate(weekly("Jour fixe", 1))]  # fmt: skip
        counted = count(*some, end=FOUR_WEEKS)
        assert len(counted.entries) == 4
        assert evidence_of(counted, surely(*[Purpose.PEOPLE] * 4)).hours.shape == (1, 4)

    def test_parts_a_changed_time_that_is_for_something_else(self) -> None:
        usual, changed = weekly("Jour fixe", 1), held(at(8, "9:00"), at(8, "10:00"), "Strategy", series="Jour fixe")
        counted = count(*usual, changed, end=FOUR_WEEKS)
        assert evidence_of(counted, surely(Purpose.PEOPLE, Purpose.VISION)).hours.shape == (2, 4)
        assert evidence_of(counted, surely(Purpose.PEOPLE, Purpose.PEOPLE)).hours.shape == (1, 4)

    def test_parts_private_entries_without_a_title(self) -> None:
        one, other = (held(at(day, "9:00"), at(day, "10:00"), "", uid=f"p{day}", private=True) for day in (6, 7))
        assert evidence_of(count(one, other), surely(Purpose.UNCLEAR, Purpose.UNCLEAR)).hours.shape == (2, 1)


class TestOddsOff:
    def test_widens_what_the_classifier_cannot_tell(self, counted: Counted) -> None:
        vague = (SURE + SURE[::-1]) / 2

        def width(off: float) -> float:
            share = measure_time(counted, vague, odds_off=off).leading.share
            assert share is not None
            return share.high - share.low

        assert width(1.0) > width(0.2) > width(0.0)
