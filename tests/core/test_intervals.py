from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.core.intervals import Span, SpanBackwards, clip, overlaps, share_clock, union

START = datetime(2026, 1, 5, tzinfo=UTC)


def span(start: float, end: float) -> Span:
    return Span(start=START + timedelta(hours=start), end=START + timedelta(hours=end))


spans = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 8)).map(lambda pair: span(pair[0] / 2, (pair[0] + pair[1]) / 2)),
    max_size=12,
)


class TestSpan:
    def test_refuses_to_run_backwards(self) -> None:
        with pytest.raises(SpanBackwards):
            span(2, 1)

    def test_refuses_to_float(self) -> None:
        with pytest.raises(SpanBackwards):
            Span(start=datetime(2026, 1, 5), end=datetime(2026, 1, 6))  # noqa: DTZ001

    def test_measures_the_clock_across_summer_time(self) -> None:
        zone = ZoneInfo("Europe/Berlin")
        night = Span(start=datetime(2026, 3, 29, 1, tzinfo=zone), end=datetime(2026, 3, 29, 4, tzinfo=zone))
        assert night.hours == 2.0


class TestClip:
    def test_keeps_what_lies_inside(self) -> None:
        assert clip(span(0, 4), to=span(1, 2)) == span(1, 2)

    def test_gives_nothing_where_spans_only_touch(self) -> None:
        assert clip(span(0, 1), to=span(1, 2)) is None
        assert not overlaps(span(0, 1), span(1, 2))


class TestUnion:
    def test_joins_what_touches_or_overlaps(self) -> None:
        assert union([span(3, 4), span(0, 1), span(1, 2), span(1.5, 2.5)]) == (span(0, 2.5), span(3, 4))

    @given(spans)
    def test_is_as_long_as_the_shares_together(self, some: list[Span]) -> None:
        starts = np.array([each.start.timestamp() for each in some])
        ends = np.array([each.end.timestamp() for each in some])
        shares = share_clock(starts, ends).between(starts, ends)
        assert shares.sum() / 3600 == pytest.approx(sum(each.hours for each in union(some)))


class TestShareClock:
    def test_gives_each_of_three_a_third(self) -> None:
        starts, ends = np.zeros(3), np.full(3, 6.0)
        assert share_clock(starts, ends).between(starts, ends).tolist() == [2.0, 2.0, 2.0]

    @given(spans)
    def test_gives_nobody_more_than_their_own_length(self, some: list[Span]) -> None:
        starts = np.array([each.start.timestamp() for each in some])
        ends = np.array([each.end.timestamp() for each in some])
        shares = share_clock(starts, ends).between(starts, ends)
        assert (shares <= ends - starts + 1e-6).all()
        assert (shares >= -1e-9).all()
