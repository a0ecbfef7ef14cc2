from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.timeline import BERLIN, MONDAY, at, count, held

from equipoise.core.intervals import union
from equipoise.core.timeuse.counting import AllDayRule, Amount, Counted, CountingRules, Reason
from equipoise.core.timeuse.entries import Answer, Occurrence
from equipoise.core.timeuse.weeks import PeriodBackwards, weeks_between

OFFSITE = CountingRules(all_day=(AllDayRule(words=("off-site",)),))


def all_day(first: int, last: int, title: str = "Off-site", **fields: Any) -> Occurrence:
    return held(at(first), at(last), title, all_day=True, **fields)


def adds_up(counted: Counted) -> bool:
    entries = counted.counted.entries + sum(each.entries for each in counted.left_out.values())
    hours = counted.counted.hours + sum(each.hours for each in counted.left_out.values())
    return entries == counted.everything.entries and hours == pytest.approx(counted.everything.hours, abs=1e-9)


class TestWhatCounts:
    @pytest.mark.parametrize(
        ("fields", "reason"),
        [
            ({"cancelled": True}, Reason.CANCELLED),
            ({"answer": Answer.DECLINED}, Reason.DECLINED),
            ({"free": True}, Reason.FREE),
            ({"free": True, "cancelled": True}, Reason.CANCELLED),
        ],
    )
    def test_leaves_out_for_one_reason(self, fields: dict[str, Any], reason: Reason) -> None:
        counted = count(held(at(6, "9:00"), at(6, "10:30"), **fields), held(at(7, "9:00"), at(7, "10:00"), "Other"))
        assert counted.left_out[reason] == Amount(entries=1, hours=1.5)
        assert counted.counted == Amount(entries=1, hours=1.0)
        assert adds_up(counted)

    @pytest.mark.parametrize("answer", [Answer.ACCEPTED, Answer.TENTATIVE, Answer.NONE])
    def test_counts_what_was_not_declined(self, answer: Answer) -> None:
        assert count(held(at(6, "9:00"), at(6, "10:00"), answer=answer)).counted.entries == 1

    def test_counts_private_time(self) -> None:
        assert count(held(at(6, "9:00"), at(6, "10:00"), "", uid="p", private=True)).counted.hours == 1.0

    def test_leaves_out_all_day_entries(self) -> None:
        assert count(all_day(6, 8)).left_out[Reason.ALL_DAY] == Amount(entries=1, hours=48.0)

    def test_leaves_out_what_has_no_length(self) -> None:
        assert count(held(at(6, "9:00"), at(6, "9:00"))).left_out[Reason.ZERO_LENGTH] == Amount(entries=1, hours=0.0)

    def test_leaves_out_a_timed_entry_of_a_day_or_longer(self) -> None:
        counted = count(held(at(6), at(7), "On call"), held(at(8), at(8, "23:59"), "Long day"))
        assert counted.left_out[Reason.DAY_OR_LONGER] == Amount(entries=1, hours=24.0)
        assert counted.counted.entries == 1

    def test_leaves_out_what_lies_outside_the_period(self) -> None:
        counted = count(held(at(12, "9:00"), at(12, "10:00")), held(at(5), at(5), "Nothing at the first moment"))
        assert counted.left_out[Reason.OUTSIDE_PERIOD] == Amount(entries=1, hours=1.0)
        assert counted.left_out[Reason.ZERO_LENGTH].entries == 1

    def test_clips_an_entry_that_runs_over_the_edge(self) -> None:
        counted = count(held(at(4, "23:00"), at(5, "2:00")))
        assert counted.counted == Amount(entries=1, hours=2.0)
        assert counted.left_out[Reason.OUTSIDE_PERIOD] == Amount(entries=0, hours=1.0)
        assert adds_up(counted)

    def test_shares_double_booked_time(self) -> None:
        counted = count(held(at(6, "9:00"), at(6, "11:00"), "A"), held(at(6, "10:00"), at(6, "11:00"), "B"))
        assert [each.hours for each in counted.times] == [1.5, 0.5]
        assert counted.left_out[Reason.SHARED] == Amount(entries=0, hours=1.0)
        assert adds_up(counted)

    def test_shares_nothing_with_what_is_left_out(self) -> None:
        counted = count(held(at(6, "9:00"), at(6, "10:00"), "A"), held(at(6, "9:00"), at(6, "10:00"), "B", free=True))
        assert counted.counted.hours == 1.0
        assert counted.left_out[Reason.SHARED].hours == 0.0

    def test_keeps_the_usual_length_of_each_entry(self) -> None:
        short, long = held(at(6, "9:00"), at(6, "9:30")), held(at(7, "9:00"), at(7, "10:30"))
        assert count(short, long, held(at(8, "9:00"), at(8, "9:30"))).minutes == (30.0,)

    def test_refuses_a_period_that_ends_before_it_begins(self) -> None:
        with pytest.raises(PeriodBackwards):
            count(start=MONDAY, end=MONDAY)

    def test_counts_nothing_in_an_empty_calendar(self) -> None:
        counted = count()
        assert counted.counted == Amount(entries=0, hours=0.0)
        assert counted.entries == ()

    @given(
        st.lists(
            st.tuples(
                st.integers(0, 20 * 48),
                st.integers(0, 60),
                st.sampled_from(["", "cancelled", "free", "all_day", "private"]),
                st.sampled_from(list(Answer)),
            ),
            max_size=15,
        )
    )
    def test_adds_up_to_everything(self, drawn: list[tuple[int, int, str, Answer]]) -> None:
        some = []
        for number, (begin, length, flag, answer) in enumerate(drawn):
            start = at(1) + timedelta(minutes=30 * begin)
            some.append(
                held(
                    start,
                    start + timedelta(minutes=30 * length),
                    f"Off-site {number}",
                    answer=answer,
                    **({flag: True} if flag else {}),
                )
            )
        counted = count(*some, zone=BERLIN, rules=OFFSITE)
        assert adds_up(counted)
        wall = sum(span.hours for span in union(span for each in counted.times for span in each.spans))
        assert counted.counted.hours == pytest.approx(wall)


class TestAllDayRule:
    def test_counts_the_working_hours_of_each_working_day(self) -> None:
        counted = count(all_day(9, 13, free=True), end=date(2026, 1, 19), rules=OFFSITE)
        assert counted.counted == Amount(entries=1, hours=16.0)  # Friday and Monday, eight hours each
        assert adds_up(counted)

    def test_covers_only_what_it_names(self) -> None:
        assert count(all_day(6, 7, "Holiday"), rules=OFFSITE).left_out[Reason.ALL_DAY].entries == 1

    def test_covers_everything_when_it_names_nothing(self) -> None:
        rules = CountingRules(all_day=(AllDayRule(opens=time(8), closes=time(12)),))
        assert count(all_day(6, 7, "Holiday"), rules=rules).counted.hours == 4.0

    def test_leaves_a_declined_one_out(self) -> None:
        counted = count(all_day(6, 7, answer=Answer.DECLINED), rules=OFFSITE)
        assert counted.left_out[Reason.DECLINED] == Amount(entries=1, hours=8.0)

    def test_leaves_a_weekend_out_as_all_day(self) -> None:
        assert count(all_day(10, 12), rules=OFFSITE).left_out[Reason.ALL_DAY] == Amount(entries=1, hours=48.0)

    def test_leaves_the_short_sunday_of_summer_time_out(self) -> None:
        start, end = (datetime(2026, 3, day, tzinfo=BERLIN) for day in (29, 30))
        offsite = replace(all_day(6, 7), start=start, end=end)
        counted = count(offsite, start=date(2026, 3, 23), end=date(2026, 3, 30), zone=BERLIN, rules=OFFSITE)
        assert counted.left_out[Reason.ALL_DAY] == Amount(entries=1, hours=23.0)

    def test_refuses_a_day_that_closes_before_it_opens(self) -> None:
        with pytest.raises(ValueError, match="must close after it opens"):
            AllDayRule(opens=time(17), closes=time(9))


class TestWeeksBetween:
    def test_cuts_the_first_and_last_week(self) -> None:
        weeks = weeks_between(date(2020, 1, 1), date(2020, 1, 14), BERLIN)
        assert [week.name for week in weeks] == ["2020-W01", "2020-W02", "2020-W03"]
        assert [week.whole for week in weeks] == [False, True, False]
        assert [week.working_days for week in weeks] == [3, 5, 1]

    def test_names_the_iso_year(self) -> None:
        assert weeks_between(date(2020, 12, 31), date(2021, 1, 5), BERLIN)[0].name == "2020-W53"

    def test_keeps_the_zone_through_summer_time(self) -> None:
        (week,) = weeks_between(date(2026, 3, 23), date(2026, 3, 30), BERLIN)
        assert week.span.hours == 7 * 24 - 1

    def test_splits_an_entry_at_midnight_of_the_zone(self) -> None:
        late = held(at(11, "22:00"), at(12, "1:00"))
        counted = count(late, end=date(2026, 1, 19), zone=BERLIN)
        assert counted.times[0].by_week == ((0, 1.0), (1, 2.0))
