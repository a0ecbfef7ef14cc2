"""What earlier blocks teach about the next ones."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.core.facets import Purpose
from equipoise.core.planning.habits import (
    MOST_POINTS,
    Experience,
    Habits,
    Outcome,
    Slot,
    WhyNot,
    learn_habits,
)
from equipoise.core.planning.planner import plan_week
from equipoise.core.planning.week import Block, Fixed, Hours, Week, Wish

MONDAY_MORNING, TUESDAY_AFTERNOON = Slot(weekday=0, hour=9), Slot(weekday=1, hour=14)
MOVED = Experience(kind="strategy", planned=MONDAY_MORNING, outcome=Outcome.MOVED, found=TUESDAY_AFTERNOON)
NO_HABITS = Habits(points={}, worth={}, too_long={})
ZONE = ZoneInfo("Europe/Berlin")

slots = st.builds(Slot, weekday=st.integers(0, 6), hour=st.integers(0, 23))
experiences = st.builds(
    Experience,
    kind=st.sampled_from(["strategy", "one-to-one"]),
    planned=slots,
    outcome=st.sampled_from(Outcome),
    found=st.none() | slots,
    why=st.none() | st.sampled_from(WhyNot),
    weeks_ago=st.integers(0, 60),
)


def planned(habits: Habits) -> Block:
    """The one block of strategic time in an empty week."""
    week = Week(
        monday=date(2026, 11, 30),
        zone=ZONE,
        hours={day: Hours(opens=time(9), closes=time(17)) for day in range(5)},
    )
    wish = Wish(key="strategy", title="Strategic time", purpose=Purpose.VISION, minutes=90, value=100.0)
    (block,) = plan_week(week, [], [wish], habits=habits.points).blocks
    return block


class TestLearnHabits:
    def test_learns_nothing_from_nothing(self) -> None:
        assert learn_habits([]) == NO_HABITS

    def test_proposes_a_block_where_it_was_moved_to_three_times(self) -> None:
        assert planned(NO_HABITS).start.weekday() == 0
        block = planned(learn_habits([MOVED] * 3))
        assert block.start.weekday() == 1
        assert block.start.hour >= 12

    def test_lets_one_move_do_little(self) -> None:
        once, thrice = learn_habits([MOVED]), learn_habits([MOVED] * 3)
        assert 0 < once.at("strategy", TUESDAY_AFTERNOON) <= MOST_POINTS / 10
        assert thrice.at("strategy", TUESDAY_AFTERNOON) == MOST_POINTS / 2

    @pytest.mark.parametrize(("votes", "points"), [(1, 3.0), (2, 9.2), (3, 15.0), (4, 19.2), (6, 24.0)])
    def test_gives_the_points_of_the_table_in_the_docs(self, votes: int, points: float) -> None:
        assert learn_habits([MOVED] * votes).at("strategy", TUESDAY_AFTERNOON) == pytest.approx(points, abs=0.05)

    def test_one_move_does_not_outweigh_an_earlier_proposal(self) -> None:
        week = Week(
            monday=date(2026, 11, 30), zone=ZONE, hours={day: Hours(opens=time(9), closes=time(17)) for day in range(5)}
        )
        wish = Wish(key="strategy", title="Strategic time", minutes=90, value=100.0)
        before = {("strategy", 1): datetime(2026, 11, 30, 9, tzinfo=ZONE)}
        fixed: list[Fixed] = []
        starts = [
            plan_week(week, fixed, [wish], before=before, habits=learn_habits([MOVED] * times).points).blocks[0].start
            for times in (1, 3)
        ]
        assert [start.weekday() for start in starts] == [0, 1]

    def test_carries_a_quarter_of_a_vote_to_the_same_part_of_other_days(self) -> None:
        habits = learn_habits([MOVED] * 3)
        elsewhere = habits.at("strategy", Slot(weekday=3, hour=14))
        assert 0 < elsewhere < habits.at("strategy", TUESDAY_AFTERNOON) / 3

    def test_tells_kinds_of_blocks_apart(self) -> None:
        assert learn_habits([MOVED] * 3).at("mentoring", TUESDAY_AFTERNOON) == 0.0

    def test_takes_a_move_within_a_part_of_the_day_for_a_vote_for_it(self) -> None:
        later = Experience(
            kind="strategy", planned=MONDAY_MORNING, outcome=Outcome.MOVED, found=Slot(weekday=0, hour=11)
        )
        assert learn_habits([later]).at("strategy", MONDAY_MORNING) > 0

    @pytest.mark.parametrize(
        ("why", "sign"), [(WhyNot.WRONG_TIME, -1), (WhyNot.TOO_LONG, 0), (WhyNot.NOT_NEEDED, 0), (None, 0)]
    )
    def test_holds_a_refusal_against_a_time_only_when_the_time_was_wrong(self, why: WhyNot | None, sign: int) -> None:
        refused = Experience(kind="strategy", planned=MONDAY_MORNING, outcome=Outcome.REFUSED, why=why)
        points = learn_habits([refused]).at("strategy", MONDAY_MORNING)
        assert (points > 0) - (points < 0) == sign

    def test_lowers_the_worth_of_what_is_not_needed_and_the_length_of_what_is_too_long(self) -> None:
        def refused(why: WhyNot) -> Experience:
            return Experience(kind="strategy", planned=MONDAY_MORNING, outcome=Outcome.REFUSED, why=why)

        habits = learn_habits([refused(WhyNot.NOT_NEEDED)] * 3 + [refused(WhyNot.TOO_LONG)])
        assert habits.worth == {"strategy": 0.5}
        assert habits.too_long == {"strategy": pytest.approx(0.1)}

    def test_forgets_half_in_twelve_weeks(self) -> None:
        old = Experience(
            kind="strategy",
            planned=MONDAY_MORNING,
            outcome=Outcome.MOVED,
            found=TUESDAY_AFTERNOON,
            weeks_ago=12,
        )
        assert learn_habits([old] * 6).points == learn_habits([MOVED] * 3).points

    @given(st.lists(experiences, max_size=12))
    def test_never_gives_more_than_the_most(self, found: list[Experience]) -> None:
        habits = learn_habits(found)
        assert all(abs(points) <= MOST_POINTS for points in habits.points.values())
        assert all(0 <= share <= 1 for share in [*habits.worth.values(), *habits.too_long.values()])

    @given(st.lists(experiences, max_size=8))
    def test_does_not_depend_on_the_order(self, found: list[Experience]) -> None:
        shuffled = sorted(found, key=repr)
        one, other = learn_habits(found), learn_habits(shuffled)
        assert one.points.keys() == other.points.keys()
        assert all(one.points[key] == pytest.approx(other.points[key]) for key in one.points)


class TestASlot:
    def test_knows_its_part_of_the_day(self) -> None:
        assert [Slot(weekday=0, hour=hour).part for hour in (0, 11, 12, 16, 17, 23)] == [0, 0, 1, 1, 2, 2]
        assert Slot(weekday=0, hour=20).hours == range(17, 24)
