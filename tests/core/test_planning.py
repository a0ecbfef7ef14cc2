from dataclasses import replace
from datetime import date, time
from itertools import combinations
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from benchmarks.plan_checking import faults_of
from benchmarks.planning_weeks import invented_week
from tests.core.plan_weeks import BERLIN, at, fixed, hours, week, wish

from equipoise.core.facets import Purpose
from equipoise.core.intervals import Span
from equipoise.core.planning.planner import plan_week
from equipoise.core.planning.week import (
    Because,
    Block,
    BlockName,
    Energy,
    Hours,
    Hurdle,
    Lunch,
    Moment,
    Plan,
    Status,
    WeekRefused,
    Why,
    Wish,
)

FULL = [fixed(day, "08:00", "18:00", "Full") for day in range(5)]


def shown(plan: Plan) -> list[str]:
    """Blocks as `Mon 09:00-10:00 Title`."""
    return [f"{each.start:%a %H:%M}-{each.end:%H:%M} {each.title}" for each in plan.blocks]


def kinds(block: Block) -> list[Because]:
    return [each.kind for each in block.reasons]


class TestPlaces:
    def test_puts_a_block_in_the_only_gap(self) -> None:
        entries = [*FULL[:2], fixed(2, "08:00", "12:00"), fixed(2, "13:30", "18:00"), *FULL[3:]]
        plan = plan_week(week(buffer_minutes=15, minutes_a_day=600), entries, [wish(minutes=60)])
        assert shown(plan) == ["Wed 12:15-13:15 Strategy"]
        assert Because.ONLY_PLACE in kinds(plan.blocks[0])

    def test_keeps_the_buffer_between_blocks_of_one_wish(self) -> None:
        plan = plan_week(week(buffer_minutes=30, hours={0: hours("08:00", "10:30")}), [], [wish(minutes=60, count=3)])
        assert shown(plan) == ["Mon 08:00-09:00 Strategy", "Mon 09:30-10:30 Strategy"]
        assert [(each.number, each.why) for each in plan.left_out] == [(3, Why.FITS_NOWHERE)]

    def test_spreads_blocks_over_an_empty_week(self) -> None:
        wishes = [wish(f"Wish {number}", minutes=60) for number in range(10)]
        plan = plan_week(week(buffer_minutes=15, minutes_a_day=480), [], wishes)
        assert plan.status is Status.OPTIMAL
        assert [sum(each.start.weekday() == day for each in plan.blocks) for day in range(5)] == [2, 2, 2, 2, 2]

    def test_lets_room_decide_in_a_week_with_little(self) -> None:
        wishes = [wish(f"Wish {number}", minutes=60) for number in range(4)]
        plan = plan_week(week(hours=dict.fromkeys((0, 1), hours("08:00", "11:00"))), [], wishes)
        assert [each.start.weekday() for each in plan.blocks] == [0, 0, 0, 1]

    def test_keeps_the_way_free_around_an_entry(self) -> None:
        frame = week(hours={0: hours("08:00", "12:00")}, buffer_minutes=10)
        entries = [fixed(0, "09:00", "10:00", travel_minutes=45)]
        assert shown(plan_week(frame, entries, [wish(minutes=15)])) == ["Mon 08:00-08:15 Strategy"]
        assert shown(plan_week(frame, entries, [wish(minutes=30)])) == ["Mon 10:45-11:15 Strategy"]

    def test_leaves_the_evening_before_and_the_morning_after_alone(self) -> None:
        frame = week(hours={0: Hours(opens=time(0), closes=time(0))}, buffer_minutes=60, minutes_a_day=1440)
        entries = [fixed(-1, "22:00", "23:59"), fixed(1, "00:00", "01:00")]
        plan = plan_week(frame, entries, [wish(minutes=1320)])
        assert shown(plan) == ["Mon 01:00-23:00 Strategy"]

    def test_keeps_the_buffer_over_midnight(self) -> None:
        always = Hours(opens=time(0), closes=time(0))
        frame = week(hours={0: always, 1: always}, buffer_minutes=60, minutes_a_day=1440)
        late = wish("Late", earliest=Moment(weekday=0, clock=time(23)), latest=Moment(weekday=0))
        early = wish("Early", latest=Moment(weekday=1, clock=time(2)), earliest=Moment(weekday=1))
        assert shown(plan_week(frame, [], [late, early])) == ["Mon 23:00-00:00 Late", "Tue 01:00-02:00 Early"]

    def test_counts_entries_outside_the_working_hours_towards_the_limit(self) -> None:
        frame = week(hours={0: hours("08:00", "18:00")}, minutes_a_day=300)
        entries = [fixed(0, "05:00", "08:00"), fixed(0, "07:00", "08:00", "At once"), fixed(0, "20:00", "21:00")]
        assert shown(plan_week(frame, entries, [wish(minutes=60)])) == ["Mon 08:00-09:00 Strategy"]
        assert plan_week(frame, entries, [wish(minutes=75)]).blocks == ()

    def test_puts_nothing_on_a_day_whose_entries_exceed_the_limit(self) -> None:
        frame = week(hours={0: hours("08:00", "18:00")}, minutes_a_day=100)
        assert plan_week(frame, [fixed(0, "09:00", "11:00")], [wish(minutes=15)]).blocks == ()

    def test_leaves_the_break_where_the_entries_leave_one(self) -> None:
        lunch = Lunch(between=hours("12:00", "13:00"), minutes=30)
        frame = week(hours={0: hours("12:00", "13:00")}, lunch=lunch)
        assert shown(plan_week(frame, [], [wish(minutes=30, count=2)])) == ["Mon 12:00-12:30 Strategy"]
        entries = [fixed(0, "12:15", "12:45")]
        assert len(plan_week(frame, entries, [wish(minutes=15, count=2)]).blocks) == 2

    def test_keeps_off_protected_time_and_talk_off_time_without_meetings(self) -> None:
        frame = week(
            hours={0: hours("08:00", "11:00")},
            protected=(Span(start=at(0, "08:00"), end=at(0, "09:00")),),
            no_meetings=(Span(start=at(0, "09:00"), end=at(0, "10:00")),),
        )
        both = [wish("Talk", energy=Energy.TALK), wish("Think", energy=Energy.FOCUS)]
        assert shown(plan_week(frame, [], both)) == ["Mon 09:00-10:00 Think", "Mon 10:00-11:00 Talk"]

    def test_starts_no_block_before_now(self) -> None:
        plan = plan_week(week(not_before=at(2, "10:07")), [], [wish()])
        assert shown(plan) == ["Wed 10:15-11:15 Strategy"]

    @pytest.mark.parametrize(
        ("earliest", "latest", "expected"),
        [
            (Moment(clock=time(13)), None, "Mon 13:00-14:00"),
            (Moment(weekday=1), None, "Tue 08:00-09:00"),
            (Moment(weekday=1, clock=time(9)), None, "Tue 09:00-10:00"),
            (Moment(day=date(2026, 11, 26)), None, "Thu 08:00-09:00"),
            (Moment(clock=time(10)), Moment(clock=time(11)), "Mon 10:00-11:00"),
            (Moment(weekday=4, clock=time(16)), Moment(weekday=4, clock=time(17)), "Fri 16:00-17:00"),
            (Moment(weekday=3), Moment(weekday=3), "Thu 08:00-09:00"),
        ],
    )
    def test_holds_to_earliest_and_latest(self, earliest: Moment | None, latest: Moment | None, expected: str) -> None:
        plan = plan_week(week(), [], [wish(earliest=earliest, latest=latest)])
        assert shown(plan) == [f"{expected} Strategy"]

    def test_keeps_blocks_apart(self) -> None:
        plan = plan_week(week(), [], [wish(count=5, apart=True)])
        assert [each.start.weekday() for each in plan.blocks] == [0, 1, 2, 3, 4]
        more = plan_week(week(), [], [wish(count=7, apart=True)])
        assert max(sum(each.start.weekday() == day for each in more.blocks) for day in range(5)) == 2
        assert len(more.blocks) == 7


class TestLengths:
    def test_makes_a_block_longer_only_towards_a_target(self) -> None:
        frame = week(targets={Purpose.VISION: (120, 240)})
        longer = plan_week(frame, [], [wish(minutes=60, longest=180, purpose=Purpose.VISION)])
        assert longer.blocks[0].minutes == 120
        assert plan_week(frame, [], [wish(minutes=60, longest=180)]).blocks[0].minutes == 60

    def test_cuts_a_block_only_where_it_must(self) -> None:
        frame = week(hours={0: hours("08:00", "12:00")})
        whole = wish(minutes=150, split=True)
        assert shown(plan_week(frame, [], [whole])) == ["Mon 08:00-10:30 Strategy"]
        cut = plan_week(frame, [fixed(0, "09:30", "10:30")], [whole])
        assert shown(cut) == ["Mon 08:00-09:30 Strategy", "Mon 10:30-11:30 Strategy"]
        assert [(each.number, each.part, each.parts) for each in cut.blocks] == [(1, 1, 2), (1, 2, 2)]

    def test_places_all_parts_of_a_block_or_none(self) -> None:
        frame = week(hours={0: hours("08:00", "10:00")})
        plan = plan_week(frame, [fixed(0, "08:30", "09:30")], [wish(minutes=90, split=True)])
        assert plan.blocks == ()
        assert plan.status is Status.INFEASIBLE


class TestTargets:
    def test_prefers_what_a_target_misses(self) -> None:
        frame = week(hours={0: hours("08:00", "09:00")}, targets={Purpose.PEOPLE: (60, 120)})
        plan = plan_week(frame, [], [wish("Plan", purpose=Purpose.PROCESS), wish("Talk", purpose=Purpose.PEOPLE)])
        assert [each.title for each in plan.blocks] == ["Talk"]
        reason = plan.blocks[0].reasons[0]
        assert (reason.kind, reason.purpose, reason.minutes, reason.low) == (Because.TARGET, Purpose.PEOPLE, 0, 60)

    def test_counts_what_fixed_entries_hold_already(self) -> None:
        frame = week(hours={0: hours("08:00", "10:00")}, targets={Purpose.PEOPLE: (60, 120)})
        entries = [fixed(0, "09:00", "10:00", purpose=Purpose.PEOPLE)]
        wishes = [wish("Plan", value=110.0), wish("Talk", purpose=Purpose.PEOPLE)]
        plan = plan_week(frame, entries, wishes)
        assert [each.title for each in plan.blocks] == ["Plan"]
        assert plan.facets[Purpose.PEOPLE].minutes == 60

    def test_leaves_out_what_leads_beyond_a_target(self) -> None:
        frame = week(targets={Purpose.VISION: (60, 60)})
        plan = plan_week(frame, [], [wish(count=3, purpose=Purpose.VISION)])
        assert len(plan.blocks) == 1
        assert {each.why for each in plan.left_out} == {Why.NOT_WORTH_IT}

    def test_places_what_is_worth_nothing_where_it_costs_nothing(self) -> None:
        frame = week(hours={0: hours("08:00", "10:00")})
        plan = plan_week(frame, [], [wish("Nothing", value=0.0), wish("Something", value=1.0)])
        assert {each.title for each in plan.blocks} == {"Nothing", "Something"}

    def test_does_not_mind_whether_worth_is_counted_in_ones_or_hundreds(self) -> None:
        given = invented_week(3)
        large = plan_week(given.week, given.fixed, given.wishes)
        small = [replace(each, value=(each.value or 0) / 128) for each in given.wishes]
        assert plan_week(given.week, given.fixed, small).objective == pytest.approx(large.objective / 128)


class TestPreferences:
    def test_keeps_the_place_of_an_earlier_proposal(self) -> None:
        plan = plan_week(week(), [], [wish()], before={("Strategy", 1): at(3, "14:00")})
        assert shown(plan) == ["Thu 14:00-15:00 Strategy"]
        assert Because.AS_BEFORE in kinds(plan.blocks[0])

    def test_forgets_an_earlier_place_that_is_taken(self) -> None:
        plan = plan_week(week(), [fixed(3, "14:00", "15:00")], [wish()], before={("Strategy", 1): at(3, "14:00")})
        assert [each.start.weekday() for each in plan.blocks] == [3]

    def test_puts_focus_into_the_focus_hours_and_talk_out_of_them(self) -> None:
        frame = week(hours={0: hours("10:00", "12:00")}, focus_hours=hours("11:00", "12:00"))
        plan = plan_week(frame, [], [wish("Think", energy=Energy.FOCUS), wish("Talk", energy=Energy.TALK)])
        assert shown(plan) == ["Mon 10:00-11:00 Talk", "Mon 11:00-12:00 Think"]
        assert Because.FOCUS_HOURS in kinds(plan.blocks[1])

    def test_follows_a_habit(self) -> None:
        plan = plan_week(week(), [], [wish()], habits={("Strategy", 2, 15): 24.0})
        assert f"{plan.blocks[0].start:%a %H}" == "Wed 15"
        assert Because.HABIT in kinds(plan.blocks[0])

    def test_lets_no_preference_cost_a_block_its_place(self) -> None:
        against = {("Strategy", day, hour): -10_000.0 for day in range(7) for hour in range(24)}
        assert len(plan_week(week(), [], [wish()], habits=against).blocks) == 1


class TestMoves:
    def test_moves_a_movable_entry_where_that_makes_room(self) -> None:
        frame = week(hours={0: hours("08:00", "11:00")}, buffer_minutes=0)
        entries = [fixed(0, "09:00", "10:00", movable=True)]
        plan = plan_week(frame, entries, [wish(minutes=120)])
        assert len(plan.blocks) == 1
        assert [each.key for each in plan.moves] == [entries[0].key]
        assert faults_of(plan, frame, entries, [wish(minutes=120)]) == []

    def test_moves_nothing_that_is_not_marked(self) -> None:
        frame = week(hours={0: hours("08:00", "11:00")})
        plan = plan_week(frame, [fixed(0, "09:00", "10:00")], [wish(minutes=120)])
        assert (plan.blocks, plan.moves) == ((), ())

    def test_moves_nothing_where_there_is_room(self) -> None:
        frame = week(hours={0: hours("08:00", "12:00")})
        assert plan_week(frame, [fixed(0, "09:00", "10:00", movable=True)], [wish(minutes=120)]).moves == ()

    def test_moves_nothing_for_what_is_worth_less_than_the_trouble(self) -> None:
        frame = week(hours={0: hours("08:00", "11:00")})
        wishes = [wish("Small", 105, value=10.0), wish("Large", 15, value=1000.0)]
        assert plan_week(frame, [fixed(0, "09:00", "10:00", movable=True)], wishes).moves == ()


class TestReasons:
    def test_names_what_a_block_displaced(self) -> None:
        frame = week(hours={0: hours("08:00", "09:00")})
        plan = plan_week(frame, [], [wish("Better", value=90.0), wish("Lesser", value=80.0)])
        assert plan.blocks[0].displaced == (BlockName(wish="Lesser", number=1),)
        assert [(each.wish, each.why) for each in plan.left_out] == [("Lesser", Why.NO_ROOM)]


class TestConflicts:
    def test_names_a_block_longer_than_every_stretch(self) -> None:
        entries = [fixed(day, "12:00", "13:00") for day in range(5)]
        plan = plan_week(week(), entries, [wish(minutes=400), wish("Other")])
        (conflict,) = plan.conflicts
        assert plan.status is Status.OPTIMAL
        assert conflict.causes[0].wish == "Strategy"
        assert conflict.stretch_minutes == 300
        assert conflict.stretch == Span(start=at(0, "13:00"), end=at(0, "18:00"))
        assert {each.hurdle for each in conflict.causes[1:]} <= {Hurdle.FIXED, Hurdle.HOURS}

    def test_says_infeasible_where_nothing_fits(self) -> None:
        plan = plan_week(week(), FULL, [wish()])
        assert (plan.status, plan.blocks) == (Status.INFEASIBLE, ())
        assert plan.conflicts

    def test_names_two_musts_that_want_one_hour(self) -> None:
        only: dict[str, Any] = {
            "earliest": Moment(weekday=1, clock=time(9)),
            "latest": Moment(weekday=1, clock=time(10)),
        }
        one, two = wish("One", value=None, **only), wish("Two", value=None, **only)
        plan = plan_week(week(), [], [one, two, wish("Three", value=None)])
        assert plan.status is Status.INFEASIBLE
        (conflict,) = plan.conflicts
        assert {each.wish for each in conflict.causes if each.hurdle is Hurdle.WISH} == {"One", "Two"}
        assert sorted(each.title for each in plan.blocks) in (["One", "Three"], ["Three", "Two"])

    def test_names_two_wishes_that_want_one_hour(self) -> None:
        only: dict[str, Any] = {
            "earliest": Moment(weekday=1, clock=time(9)),
            "latest": Moment(weekday=1, clock=time(10)),
        }
        plan = plan_week(week(), [], [wish("One", value=9.0, **only), wish("Two", value=8.0, **only), wish("Three")])
        assert plan.status is Status.OPTIMAL
        (conflict,) = plan.conflicts
        assert [(each.hurdle, each.wish) for each in conflict.causes] == [
            (Hurdle.WISH, "One"),
            (Hurdle.WISH, "Two"),
            (Hurdle.WINDOW, "One"),
            (Hurdle.WINDOW, "Two"),
        ]

    def test_names_the_daily_limit(self) -> None:
        plan = plan_week(week(minutes_a_day=60), [], [wish(count=6, value=None)])
        (conflict,) = plan.conflicts
        assert [each.hurdle for each in conflict.causes[1:]] == [Hurdle.DAILY_LIMIT] * 5
        assert len(plan.blocks) == 5

    def test_names_only_what_is_needed(self) -> None:
        frame = week(hours={0: hours("08:00", "12:00"), 1: hours("08:00", "12:00")}, buffer_minutes=15)
        entries = [fixed(0, "09:00", "11:00"), fixed(1, "08:00", "12:00")]
        musts = [wish(name, 90, value=None) for name in ("One", "Two", "Three")]
        plan = plan_week(frame, entries, [*musts, wish("Optional", 30)])
        for conflict in plan.conflicts:
            own = [each.wish for each in conflict.causes if each.hurdle is Hurdle.WISH]
            fewer = [rest for size in range(1, len(own)) for rest in combinations(own, size)]
            for rest in fewer:
                kept = [each for each in musts if each.key in rest]
                assert plan_week(frame, entries, kept).status is Status.OPTIMAL


class TestPlanWeek:
    @pytest.mark.parametrize("seed", range(3))
    def test_proves_the_best_of_an_invented_week(self, seed: int) -> None:
        given = invented_week(seed)
        plan = plan_week(given.week, given.fixed, given.wishes, before=given.before, seconds=600)
        assert plan.status is Status.OPTIMAL
        assert plan.bound == pytest.approx(plan.objective)
        assert faults_of(plan, given.week, given.fixed, given.wishes) == []

    def test_finds_what_trying_everything_finds(self) -> None:
        frame = week(hours={0: hours("08:00", "09:30")}, grid_minutes=30, minutes_a_day=90)
        lengths, values = (30, 30, 60, 90), (50.0, 45.0, 90.0, 130.0)
        wishes = [wish(f"{n}", m, value=v) for n, (m, v) in enumerate(zip(lengths, values, strict=True))]
        sets = [some for size in range(5) for some in combinations(range(4), size)]
        best = max(sum(values[n] for n in some) for some in sets if sum(lengths[n] for n in some) <= 90)
        assert plan_week(frame, [], wishes).objective == pytest.approx(best)

    @pytest.mark.parametrize(
        ("monday", "zone", "sunday_minutes"),
        [
            (date(2026, 3, 23), "Europe/Berlin", 23 * 60),
            (date(2026, 10, 19), "Europe/Berlin", 25 * 60),
            (date(2026, 8, 31), "America/Santiago", 23 * 60),
        ],
    )
    def test_fills_a_day_of_the_length_the_clock_gives_it(self, monday: date, zone: str, sunday_minutes: int) -> None:
        night = Hours(opens=time(0), closes=time(0))
        frame = week(monday=monday, zone=ZoneInfo(zone), hours={6: night}, minutes_a_day=1500)
        fits = plan_week(frame, [], [wish(minutes=sunday_minutes)])
        assert [each.minutes for each in fits.blocks] == [sunday_minutes]
        assert plan_week(frame, [], [wish(minutes=sunday_minutes + 15)]).blocks == ()

    def test_says_when_there_is_nothing_to_place(self) -> None:
        plan = plan_week(week(), FULL, [])
        assert (plan.status, plan.objective, plan.bound, plan.blocks) == (Status.OPTIMAL, 0.0, 0.0, ())

    def test_ends_before_a_great_search_does(self) -> None:
        given = invented_week(34)
        plan = plan_week(given.week, given.fixed, given.wishes, seconds=0.0)
        assert plan.status is Status.FEASIBLE
        assert plan.blocks
        assert plan.bound >= plan.objective

    def test_refuses_two_wishes_with_one_key(self) -> None:
        with pytest.raises(WeekRefused, match="Two wishes"):
            plan_week(week(), [], [wish(), wish()])


class TestWish:
    @pytest.mark.parametrize(
        "fields", [{"minutes": 0}, {"count": 0}, {"longest": 30}, {"value": -1.0}, {"part_minutes": 0}]
    )
    def test_refuses_what_nobody_can_mean(self, fields: dict[str, int]) -> None:
        with pytest.raises(WeekRefused):
            Wish(**{"key": "a", "title": "A", "minutes": 60} | fields)  # type: ignore[arg-type]


class TestWeek:
    def test_refuses_a_week_that_begins_on_a_tuesday(self) -> None:
        with pytest.raises(WeekRefused, match="Monday"):
            week(monday=date(2026, 11, 24), zone=BERLIN)
