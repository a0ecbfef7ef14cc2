from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.timeline import MONDAY, at, count, held

from equipoise.core.facets import PURPOSES
from equipoise.core.timeuse.population import WEEK_SECONDS, ActivitiesWrong, weekly_hours
from equipoise.core.timeuse.reading import measure_time

activities = st.lists(
    st.tuples(st.integers(0, 3), st.integers(-20, 700), st.integers(0, 200), st.integers(0, 9)), min_size=1, max_size=30
)


class TestWeeklyHours:
    @settings(max_examples=60, deadline=None)
    @given(activities)
    def test_agrees_with_one_person_at_a_time(self, drawn: list[tuple[int, int, int, int]]) -> None:
        people, starts, lengths, purposes = (np.array(column) for column in zip(*drawn, strict=True))
        found = weekly_hours(
            people=people, starts=starts * 1800, ends=(starts + lengths) * 1800, purposes=purposes, weeks=2
        )
        for place, person in enumerate(found.people):
            mine = people == person
            some = [
                held(at(5) + timedelta(minutes=30 * int(s)), at(5) + timedelta(minutes=30 * int(s + length)), str(n))
                for n, (s, length) in enumerate(zip(starts[mine], np.minimum(lengths[mine], 47), strict=True))
            ]
            again = weekly_hours(
                people=people[mine],
                starts=starts[mine] * 1800,
                ends=(starts[mine] + np.minimum(lengths[mine], 47)) * 1800,
                purposes=purposes[mine],
                weeks=2,
            )
            counted = count(*some, end=MONDAY + timedelta(weeks=2))
            chances = np.eye(len(PURPOSES))[[int(purposes[mine][int(each.title)]) for each in counted.entries]]
            weeks = measure_time(counted, chances.reshape(-1, len(PURPOSES))).weeks
            assert again.hours[0] == pytest.approx(np.array([week.hours for week in weeks]), abs=1e-6)
            assert found.hours[place].sum() >= again.hours[0].sum() - 1e-6

    def test_takes_probabilities(self) -> None:
        chances = np.full((1, 10), 0.1)
        found = weekly_hours(
            people=np.array([5]), starts=np.array([0]), ends=np.array([7200]), purposes=chances, weeks=1
        )
        assert found.people.tolist() == [5]
        assert found.hours[0, 0] == pytest.approx(np.full(10, 0.2))

    def test_splits_at_the_end_of_a_week(self) -> None:
        found = weekly_hours(
            people=np.array([1]),
            starts=np.array([WEEK_SECONDS - 3600]),
            ends=np.array([WEEK_SECONDS + 7200]),
            purposes=np.array([0]),
            weeks=2,
        )
        assert found.hours[0, :, 0].tolist() == [1.0, 2.0]

    def test_keeps_far_apart_numbers_of_people(self) -> None:
        found = weekly_hours(
            people=np.array([9_000_000_000, 3]),
            starts=np.array([0, 0]),
            ends=np.array([3600, 3600]),
            purposes=np.array([1, 1]),
            weeks=1,
        )
        assert found.people.tolist() == [3, 9_000_000_000]
        assert found.hours[:, 0, 1].tolist() == [1.0, 1.0]

    def test_gives_nothing_for_nobody(self) -> None:
        nobody = np.zeros(0, dtype=np.int64)
        found = weekly_hours(people=nobody, starts=nobody, ends=nobody, purposes=nobody, weeks=3)
        assert found.hours.sum() == 0

    @pytest.mark.parametrize(
        ("changed", "said"),
        [({"ends": [-1]}, "ends before"), ({"purposes": [10]}, "from 0 to 9"), ({"starts": [0, 0]}, "one length")],
    )
    def test_refuses_what_does_not_fit(self, changed: dict[str, list[int]], said: str) -> None:
        arrays = {"people": [1], "starts": [0], "ends": [60], "purposes": [0], **changed}
        with pytest.raises(ActivitiesWrong, match=said):
            weekly_hours(**{name: np.array(value) for name, value in arrays.items()}, weeks=1)
