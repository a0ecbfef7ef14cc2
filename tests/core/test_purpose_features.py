"""Words and settings become numbers."""

import numpy as np

from equipoise.core.timeuse.entries import Entry, Recurrence, Relation
from equipoise.core.timeuse.purpose_pieces import Pieces
from equipoise.core.timeuse.purpose_setting import FEATURES, setting_features
from equipoise.core.timeuse.purpose_words import folded, word_features


class TestWordFeatures:
    def test_are_the_same_in_any_company(self) -> None:
        titles = ["Budget Q3", "", "日本語の会議", "Réunion", "a"]
        together = word_features(titles, [""] * 5)
        for number, title in enumerate(titles):
            alone = word_features([title], [""])
            span = slice(together.starts[number], together.starts[number + 1])
            assert np.array_equal(together.buckets[span], alone.buckets)
            assert np.array_equal(together.values[span], alone.values)

    def test_forgive_case_and_accents(self) -> None:
        plain, marked = word_features(["reunion cafe"], [""]), word_features(["Réunion CAFÉ"], [""])
        assert np.array_equal(plain.buckets, marked.buckets)

    def test_have_length_one(self) -> None:
        found = word_features(["Budget Q3"], ["bring the forecast"])
        assert np.isclose((found.values.astype(float) ** 2).sum(), 1)

    def test_weigh_the_title_more_than_the_notes(self) -> None:
        found = word_features(["budget"], ["lunch"])
        title = word_features(["budget"], [""]).buckets
        heavy = found.values[np.isin(found.buckets, title)]
        assert heavy.min() > found.values[~np.isin(found.buckets, title)].max()

    def test_are_none_for_empty_text(self) -> None:
        assert word_features(["", " "], ["", ""]).buckets.size == 0
        assert word_features([], []).starts.tolist() == [0]

    def test_tell_the_order_of_two_words(self) -> None:
        assert not np.array_equal(
            word_features(["board lunch"], [""]).buckets, word_features(["lunch board"], [""]).buckets
        )


class TestFolded:
    def test_keeps_letters_of_other_scripts(self) -> None:
        assert folded("ВСТРЕЧА Ёлка") == "встреча елка"
        assert folded("회의") == "회의"
        assert folded("ﬁne ＡＢ") == "fine ab"


class TestSettingFeatures:
    def test_tell_known_from_unknown(self) -> None:
        bare = Entry(uid="1", series="1", title="x")
        full = Entry(
            uid="1",
            series="1",
            title="x",
            attendees=0,
            relation=Relation.NONE,
            recurring=Recurrence.WEEKLY,
            organiser_self=False,
        )
        unknown, known = setting_features([bare, full], [None, 30])
        assert (unknown[:5] != known[:5]).all()

    def test_stay_in_range(self) -> None:
        long = Entry(uid="1", series="1", title="w " * 300, description="? " * 300, attendees=10**6)
        found = setting_features([long, long], [10**6, 0.0])
        assert found.min() >= 0
        assert found.max() < FEATURES


class TestPieces:
    PIECES = Pieces(
        numbers={"\u2581bud": 4, "get": 5, "\u2581budget": 6, "s": 7, "\u2581": 8},
        chances=(0.0, 0.0, 0.0, 0.0, -3.0, -3.0, -5.0, -2.0, -4.0),
        longest=7,
        unknown=3,
        unlikely=-20.0,
    )

    def test_take_the_likeliest_cut(self) -> None:
        assert self.PIECES.cut("budgets", {}, most=9) == [6, 7]

    def test_name_the_unknown(self) -> None:
        assert self.PIECES.cut("s€s", {}, most=9) == [8, 7, 3, 7]

    def test_stop_at_the_most(self) -> None:
        assert self.PIECES.cut("budget budget budget", {}, most=2) == [6, 6]

    def test_are_none_for_blank_text(self) -> None:
        assert self.PIECES.cut(" \n", {}, most=9) == []
