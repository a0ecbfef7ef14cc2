"""Gaps and the portrait: announced only when they are larger than their uncertainty."""

from datetime import timedelta

import pytest
from benchmarks.gap_announcements import announcements
from hypothesis import given
from hypothesis import strategies as some
from tests.core.timeline import MONDAY, at, count, held, surely

from equipoise.core.balance.gaps import Comparison, State, Stream, compare_time, gap_of
from equipoise.core.balance.portrait import Figure, portrait_of
from equipoise.core.facets import AXES, Purpose
from equipoise.core.situation.profile import Band, CalledFor, need_profile
from equipoise.core.situation.roles import Role
from equipoise.core.timeuse.reading import TimeReading, measure_time
from equipoise.core.timeuse.uncertainty import Interval

TEAM_LEAD = need_profile(Role.TEAM_LEAD, []).called_for
shares = some.floats(0, 1)


def interval(low: float, value: float, high: float) -> Interval:
    return Interval(value=value, low=low, high=high)


def reading(*, leading: int, managing: int) -> TimeReading:
    """Four weeks alike: hours of people work, and of execution, on as many days as they take."""
    held_weekly = [(Purpose.PEOPLE, "Talks", leading), (Purpose.EXECUTION, "Delivery", managing)]
    entries = [each for each in held_weekly if each[2]]
    occurrences = [
        held(start, start + timedelta(hours=hours), title)
        for number, (_purpose, title, hours) in enumerate(entries)
        for week in range(4)
        for start in [at(5 + number, "6:00") + timedelta(weeks=week)]
    ]
    counted = count(*occurrences, end=MONDAY + timedelta(weeks=4))
    return measure_time(counted, surely(*(each[0] for each in entries)))


class TestGapOf:
    BAND = Band(low=0.40, high=0.50)

    @pytest.mark.parametrize(
        ("shown", "state", "size"),
        [
            (interval(0.25, 0.30, 0.35), State.MORE_LEADING, 0.10),
            (interval(0.55, 0.60, 0.65), State.MORE_MANAGING, 0.10),
            (interval(0.42, 0.45, 0.48), State.ABOUT_RIGHT, 0.0),
            (interval(0.33, 0.38, 0.43), State.CANNOT_TELL, 0.02),
            (interval(0.33, 0.40, 0.43), State.ABOUT_RIGHT, 0.0),
            (interval(0.20, 0.45, 0.70), State.CANNOT_TELL, 0.0),
            (interval(0.10, 0.30, 0.50), State.CANNOT_TELL, 0.10),
        ],
    )
    def test_tells_a_gap_from_its_uncertainty(self, shown: Interval, state: State, size: float) -> None:
        found = gap_of(shown, self.BAND, material=0.1)
        assert found.state is state
        assert found.size == pytest.approx(size)

    def test_cannot_tell_without_evidence(self) -> None:
        found = gap_of(None, self.BAND, material=0.1)
        assert (found.state, found.size) == (State.CANNOT_TELL, None)

    @given(some.lists(shares, min_size=5, max_size=5), some.floats(0.01, 0.3))
    def test_announces_nothing_smaller_than_its_uncertainty(self, ends: list[float], material: float) -> None:
        low, value, high = sorted(ends[:3])
        band = Band(low=min(ends[3:]), high=max(ends[3:]))
        found = gap_of(interval(low, value, high), band, material=material)
        if found.state is State.MORE_LEADING:
            assert band.low - value >= high - value
        elif found.state is State.MORE_MANAGING:
            assert value - band.high >= value - low
        elif found.state is State.ABOUT_RIGHT:
            assert found.size == 0
            assert low >= band.low - material - 1e-12
            assert high <= band.high + material + 1e-12

    @given(some.lists(shares, min_size=5, max_size=5))
    def test_says_the_same_of_a_share_and_of_its_lean(self, ends: list[float]) -> None:
        low, value, high = sorted(ends[:3])
        band = Band(low=min(ends[3:]), high=max(ends[3:]))
        hidden = max(band.low - low, high - band.high)
        if abs(hidden - 0.1) < 1e-9:
            return
        as_share = gap_of(interval(low, value, high), band, material=0.1)
        lean_band = Band(low=2 * band.low - 1, high=2 * band.high - 1)
        lean = interval(2 * low - 1, 2 * value - 1, 2 * high - 1)
        as_lean = gap_of(lean, lean_band, material=0.2)
        edges = any(abs(one - other) < 1e-9 for one in (low, value, high) for other in (band.low, band.high))
        assert edges or as_share.state is as_lean.state


class TestWhatIsAnnounced:
    """People of the simulation whose truth is known; the full table stands in docs/methods/situation.md."""

    @pytest.mark.parametrize("leading", [True, False], ids=["leading", "axes"])
    def test_is_rarely_a_gap_where_there_is_none(self, *, leading: bool) -> None:
        found = announcements(people=300, weeks=12, leading=leading)
        inside = found[0.0]
        assert (inside["announced"] + inside["the wrong way"]) / inside.total() < 0.08
        assert found[0.2]["about right"] / found[0.2].total() < 0.04
        assert found[0.3]["announced"] / found[0.3].total() > 0.6


class TestCompareTime:
    def found(self, called_for: CalledFor = TEAM_LEAD) -> Comparison:
        return compare_time(reading(leading=1, managing=12), called_for)

    def test_says_which_way_leading_is_short(self) -> None:
        assert self.found().leading.state is State.MORE_LEADING
        assert self.found().leading.state.is_gap

    def test_says_nothing_of_an_axis_without_time(self) -> None:
        movement = AXES[1]
        assert self.found().axes[movement].state is State.CANNOT_TELL

    def test_knows_that_time_alone_is_not_firm(self) -> None:
        assert self.found().streams == (Stream.TIME,)
        assert not self.found().firm


class TestThePortrait:
    @pytest.mark.parametrize(
        ("leading", "managing", "figure"),
        [
            (8, 9, Figure.BOTH),
            (8, 0, Figure.LEADING_ONLY),
            (0, 9, Figure.MANAGING_ONLY),
        ],
    )
    def test_goes_by_volume(self, leading: int, managing: int, figure: Figure) -> None:
        found = portrait_of(reading(leading=leading, managing=managing), TEAM_LEAD, role=Role.TEAM_LEAD, week_hours=40)
        assert found.figure is figure

    def test_is_absent_where_a_large_charge_gets_an_hour(self) -> None:
        chief = need_profile(Role.CHIEF, []).called_for
        found = portrait_of(reading(leading=1, managing=1), chief, role=Role.CHIEF, week_hours=50)
        assert found.figure is Figure.ABSENT

    def test_cannot_tell_from_nothing(self) -> None:
        empty = measure_time(count(), surely())
        found = portrait_of(empty, TEAM_LEAD, role=Role.TEAM_LEAD, week_hours=40)
        assert found.figure is Figure.CANNOT_TELL

    def test_is_worked_out_by_hand_in_the_docs(self) -> None:
        found = portrait_of(reading(leading=8, managing=9), TEAM_LEAD, role=Role.TEAM_LEAD, week_hours=40)
        assert found.leading_floor == pytest.approx(6 * TEAM_LEAD.leading.low)
        assert found.leading_floor == pytest.approx(1.76, abs=0.01)
        assert found.managing_floor == pytest.approx(3.44, abs=0.01)
