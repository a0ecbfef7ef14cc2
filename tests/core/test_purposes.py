"""What decides an entry's purpose, and in which order."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest

from equipoise.core.facets import PURPOSES, Purpose
from equipoise.core.timeuse.entries import Entry, Relation
from equipoise.core.timeuse.purpose_learning import Learned
from equipoise.core.timeuse.purpose_model import HIDDEN, Reading
from equipoise.core.timeuse.purposes import Correction, Origin, Rule, decide, learn, stands_in

CODES = ("magpie", "heron", "budget")


def entry(title: str, *, series: str = "", relation: Relation | None = None, private: bool = False) -> Entry:
    """An entry with what the tests need."""
    return Entry(uid=series or title, series=series or title, title=title, relation=relation, private=private)


@dataclass
class EvenModel:
    """Knows nothing: every purpose is equally likely; its features are the code names in a title."""

    asked: list[list[str]] = field(default_factory=list)

    def read(self, entries: Sequence[Entry], minutes: Sequence[float | None] | None = None) -> Reading:
        """Even scores; a private entry can only be unclear."""
        self.asked.append([each.title for each in entries])
        scores = np.zeros((len(entries), len(PURPOSES)))
        for number, each in enumerate(entries):
            if each.private:
                scores[number] = HIDDEN
                scores[number, PURPOSES.index(Purpose.UNCLEAR)] = 0.0
        vectors = [[float(code in each.title.lower()) for code in CODES] for each in entries]
        return Reading(scores=scores, vectors=np.array(vectors, np.float32).reshape(len(entries), len(CODES)))


def told(row: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Purpose:
    """The likeliest purpose of one row."""
    return PURPOSES[int(row.argmax())]


class TestDecide:
    def test_puts_a_correction_before_a_rule_and_a_rule_before_the_model(self) -> None:
        entries = [entry("Budget", series="a"), entry("Budget", series="b"), entry("Lunch", series="c")]
        found = decide(
            entries,
            None,
            EvenModel(),
            corrections=[Correction(series="a", purpose=Purpose.VISION)],
            rules=[Rule(purpose=Purpose.OVERSIGHT, words="budget")],
        )
        assert found.origins == (Origin.CORRECTION, Origin.RULE, Origin.MODEL)
        assert [told(row) for row in found.probabilities[:2]] == [Purpose.VISION, Purpose.OVERSIGHT]
        assert found.probabilities[2] == pytest.approx(0.1)

    def test_takes_the_last_correction_and_the_first_rule(self) -> None:
        found = decide(
            [entry("Budget", series="a"), entry("Budget", series="b")],
            None,
            EvenModel(),
            corrections=[
                Correction(series="a", purpose=Purpose.VISION),
                Correction(series="a", purpose=Purpose.CHANGE),
            ],
            rules=[Rule(purpose=Purpose.OVERSIGHT, words="budget"), Rule(purpose=Purpose.PEOPLE, words="budget")],
        )
        assert [told(row) for row in found.probabilities] == [Purpose.CHANGE, Purpose.OVERSIGHT]

    def test_carries_no_doubt_about_what_the_owner_said(self) -> None:
        found = decide(
            [entry("x", series="a")], None, EvenModel(), corrections=[Correction(series="a", purpose=Purpose.OTHER)]
        )
        assert found.probabilities.tolist() == [[float(each is Purpose.OTHER) for each in PURPOSES]]

    def test_leaves_a_private_entry_unclear_whatever_was_learned(self) -> None:
        model = EvenModel()
        learned = learn([entry("Magpie")] * 30, None, [Purpose.VISION] * 30, model)
        found = decide([entry("", series="p", private=True)], None, model, learned=learned)
        assert found.probabilities[0, PURPOSES.index(Purpose.UNCLEAR)] == 1.0

    def test_lets_a_correction_speak_of_a_private_entry(self) -> None:
        hidden = entry("", series="p", private=True)
        found = decide([hidden], None, EvenModel(), corrections=[Correction(series="p", purpose=Purpose.OTHER)])
        assert told(found.probabilities[0]) is Purpose.OTHER

    def test_asks_the_model_only_about_what_is_left(self) -> None:
        model = EvenModel()
        decide([entry("a"), entry("b")], None, model, corrections=[Correction(series="a", purpose=Purpose.OTHER)])
        assert model.asked == [["b"]]

    def test_answers_nothing_for_nothing(self) -> None:
        found = decide([], None, EvenModel())
        assert found.probabilities.shape == (0, 10)
        assert found.origins == ()


class TestRule:
    def test_needs_every_condition(self) -> None:
        rule = Rule(purpose=Purpose.PEOPLE, words="catch up", relation=Relation.DIRECT_REPORT)
        assert rule.fits(entry("Weekly Catch  Up, Ravi", relation=Relation.DIRECT_REPORT))
        assert not rule.fits(entry("Weekly catch up, Ravi", relation=Relation.BOSS))
        assert not rule.fits(entry("Weekly, Ravi", relation=Relation.DIRECT_REPORT))

    def test_fits_nothing_without_a_condition(self) -> None:
        assert not Rule(purpose=Purpose.PEOPLE).fits(entry("Anything"))
        assert not Rule(purpose=Purpose.PEOPLE, words="  ").fits(entry("Anything"))

    def test_fits_a_series(self) -> None:
        assert Rule(purpose=Purpose.PEOPLE, series="s").fits(entry("Anything", series="s"))

    @pytest.mark.parametrize(
        ("words", "title", "stands"),
        [
            ("HR", "three people", False),
            ("HR", "hr: three people", True),
            ("HR", "Christmas, then HR", True),
            ("élan", "ÉLAN vital", True),
            ("会議", "経営会議", True),
            ("Q3", "Q30 plan", False),
            ("q3", "plan Q3", True),
        ],
    )
    def test_takes_words_whole(self, words: str, title: str, stands: bool) -> None:  # noqa: FBT001
        assert stands_in(words, title) is stands


class TestLearn:
    def test_moves_entries_like_the_corrected_ones_and_hardly_others(self) -> None:
        model = EvenModel()
        learned = learn([entry("Magpie weekly"), entry("Magpie plan")], None, [Purpose.CHANGE] * 2, model)
        found = decide([entry("Magpie retro"), entry("Heron")], None, model, learned=learned).probabilities
        change = PURPOSES.index(Purpose.CHANGE)
        assert found[0, change] > 0.3 > found[1, change] > 0.1

    def test_grows_surer_with_each_correction(self) -> None:
        model, change = EvenModel(), PURPOSES.index(Purpose.CHANGE)
        sure = [
            decide(
                [entry("Magpie")],
                None,
                model,
                learned=learn([entry("Magpie")] * count, None, [Purpose.CHANGE] * count, model),
            ).probabilities[0, change]
            for count in (0, 1, 2, 5, 20)
        ]
        assert sure == sorted(sure)
        assert sure[0] == pytest.approx(0.1)

    def test_learns_nothing_from_nothing(self) -> None:
        learned = learn([], None, [], EvenModel())
        assert not learned.weights.any()

    def test_is_kept_as_text(self) -> None:
        model = EvenModel()
        learned = learn([entry("Magpie"), entry("Heron")], None, [Purpose.CHANGE, Purpose.PEOPLE], model)
        again = Learned.from_text(learned.to_text())
        assert again.count == 2
        assert again.weights == pytest.approx(learned.weights, abs=1e-3)
        assert again.to_text() == Learned.from_text(again.to_text()).to_text()

    def test_refuses_what_another_model_learned(self) -> None:
        learned = Learned(weights=np.zeros((2, 10), np.float32), count=1)
        with pytest.raises(ValueError, match="another version of the model"):
            decide([entry("x")], None, EvenModel(), learned=learned)

    def test_refuses_purposes_that_do_not_match(self) -> None:
        with pytest.raises(ValueError, match="2 purposes for 1 entries"):
            learn([entry("x")], None, [Purpose.OTHER, Purpose.OTHER], EvenModel())
