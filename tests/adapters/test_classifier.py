"""The packaged classifier, as it ships."""

import threading

import numpy as np
import pytest

from equipoise.adapters.classifier import load_classifier
from equipoise.adapters.classifier.stored import pack_encoder, pack_words, unpack_encoder, unpack_words
from equipoise.core.facets import PURPOSES, Purpose
from equipoise.core.timeuse.entries import Entry, Recurrence, Relation
from equipoise.core.timeuse.purpose_encoder import EncoderPart
from equipoise.core.timeuse.purpose_model import WordPart
from equipoise.core.timeuse.purposes import decide, learn


def entry(title: str, description: str = "", **setting: object) -> Entry:
    """An entry with a title and, where given, notes and a setting."""
    return Entry(uid=title, series=title, title=title, description=description, **setting)  # type: ignore[arg-type]


MIXED = [
    entry("Strategie 2035: wohin wollen wir"),
    entry("1:1 Ana", attendees=1, relation=Relation.DIRECT_REPORT, recurring=Recurrence.WEEKLY, organiser_self=True),
    entry("経営会議", "予算"),
    entry("Sync"),
    entry("réunion budget T3", "écarts, prévisions"),
    entry("x"),
    entry("", "notes alone"),
    entry("Ввод в должность: Ольга"),
    entry("a" * 5000, "b" * 5000),
]
MINUTES: list[float | None] = [120, 30, 60, None, 45, 15, None, 30, 5]


class TestProbabilities:
    def test_sum_to_one(self) -> None:
        told = load_classifier().probabilities(MIXED, MINUTES)
        assert told.shape == (len(MIXED), len(PURPOSES))
        assert told.dtype == np.float64
        assert told.sum(axis=1) == pytest.approx(1.0, abs=1e-12)
        assert (told >= 0).all()

    def test_are_the_same_bytes_in_any_company(self) -> None:
        classifier = load_classifier()
        together = classifier.probabilities(MIXED, MINUTES)
        assert together.tobytes() == classifier.probabilities(MIXED, MINUTES).tobytes()
        turned = classifier.probabilities(MIXED[::-1], MINUTES[::-1])
        assert np.array_equal(turned[::-1], together)
        crowd = classifier.probabilities(MIXED * 40, MINUTES * 40)
        assert np.array_equal(crowd[: len(MIXED)], together)
        for number, one in enumerate(MIXED):
            assert np.array_equal(classifier.probabilities([one], [MINUTES[number]])[0], together[number])

    @pytest.mark.parametrize(
        ("title", "purpose"),
        [
            ("Q3 budget review with the board", Purpose.OVERSIGHT),
            ("Zahnarzt", Purpose.OTHER),
            ("Ransomware incident, war room", Purpose.STABILITY),
            ("Where do we want to be in ten years", Purpose.VISION),
            ("Entretien d'embauche, cheffe de projet", Purpose.PEOPLE),
            ("Meeting", Purpose.UNCLEAR),
        ],
    )
    def test_see_the_obvious(self, title: str, purpose: Purpose) -> None:
        told = load_classifier().probabilities([entry(title)])[0]
        assert PURPOSES[int(told.argmax())] is purpose

    def test_listen_to_the_setting(self) -> None:
        report = entry("Ana", attendees=1, relation=Relation.DIRECT_REPORT, recurring=Recurrence.WEEKLY)
        boss = entry("Ana", attendees=1, relation=Relation.BOSS, recurring=Recurrence.WEEKLY)
        people = load_classifier().probabilities([report, boss], [30, 30])[:, PURPOSES.index(Purpose.PEOPLE)]
        assert people[0] > people[1]

    def test_leave_what_shows_nothing_unclear(self) -> None:
        hidden = [entry("Budget", private=True), entry(""), entry(" \n")]
        told = load_classifier().probabilities(hidden)
        assert told[:, PURPOSES.index(Purpose.UNCLEAR)].tolist() == [1.0, 1.0, 1.0]

    def test_are_none_for_no_entries(self) -> None:
        assert load_classifier().probabilities([]).shape == (0, len(PURPOSES))

    def test_refuse_lengths_that_do_not_match(self) -> None:
        with pytest.raises(ValueError, match="2 values for 1 entries"):
            load_classifier().probabilities([entry("x")], [30, 30])

    def test_can_be_asked_by_many_threads(self) -> None:
        classifier, found = load_classifier(), []
        threads = [
            threading.Thread(target=lambda: found.append(classifier.probabilities(MIXED, MINUTES).tobytes()))
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(set(found)) == 1


class TestLoadClassifier:
    def test_reads_the_model_once(self) -> None:
        assert load_classifier() is load_classifier()

    def test_keeps_the_package_small(self) -> None:
        encoder = next(part for part in load_classifier().model.parts if isinstance(part, EncoderPart))
        assert sum(array.nbytes for array in pack_encoder(encoder).values()) < 60e6

    def test_reads_back_what_was_stored(self) -> None:
        words, encoder = load_classifier().model.parts
        assert isinstance(words, WordPart)
        assert isinstance(encoder, EncoderPart)
        lengths = MINUTES
        shown = [each for each in MIXED if each.title]
        lengths = lengths[: len(shown)]
        assert np.array_equal(
            unpack_words(pack_words(words)).read(shown, lengths).scores, words.read(shown, lengths).scores
        )
        assert np.array_equal(
            unpack_encoder(pack_encoder(encoder)).read(shown, lengths).scores, encoder.read(shown, lengths).scores
        )


class TestLearning:
    def test_carries_a_correction_to_entries_like_it(self) -> None:
        classifier = load_classifier()
        corrected = [entry("Magpie sync"), entry("Magpie: next steps"), entry("Magpie weekly")]
        learned = learn(corrected, None, [Purpose.CHANGE] * 3, classifier)
        change = PURPOSES.index(Purpose.CHANGE)
        alike, other = entry("Magpie check-in"), entry("Zahnarzt")
        before = classifier.probabilities([alike, other])[:, change]
        after = decide([alike, other], None, classifier, learned=learned).probabilities[:, change]
        assert after[0] > before[0] + 0.1
        assert abs(after[1] - before[1]) < 0.05

    def test_gives_the_same_bytes_in_any_company(self) -> None:
        classifier = load_classifier()
        learned = learn(MIXED[:3], MINUTES[:3], [Purpose.VISION, Purpose.PEOPLE, Purpose.OVERSIGHT], classifier)
        together = decide(MIXED, MINUTES, classifier, learned=learned).probabilities
        for number, one in enumerate(MIXED):
            alone = decide([one], [MINUTES[number]], classifier, learned=learned).probabilities
            assert np.array_equal(alone[0], together[number])
