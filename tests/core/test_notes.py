"""What notes tell, without what calendars add to them."""

import pytest

from equipoise.core.timeuse.entries import Entry
from equipoise.core.timeuse.notes import MOST_WORDS, essence, house_lines_of, with_essence

TEAMS = (
    "1 pipeline\n2 hiring\n\n"
    "________________________________________________________________________________\n"
    "Microsoft Teams meeting\nJoin on your computer\nhttps://teams.microsoft.com/l/meetup-join/19%3ameeting\n"
    "Meeting ID: 312 445 998 12\nPasscode: aBc12\n"
)


class TestEssence:
    @pytest.mark.parametrize("notes", ["his words first", "cat modelling joins first 30 min", "Q3: 14k in Sept??", ""])
    def test_leaves_short_notes_alone(self, notes: str) -> None:
        assert essence(notes) == notes

    def test_drops_how_to_join_a_call(self) -> None:
        assert essence(TEAMS) == "1 pipeline 2 hiring"

    def test_keeps_what_stands_after_a_call(self) -> None:
        notes = "Join Zoom Meeting\nhttps://zoom.us/j/99\nPasscode 3\n\nDecide on the lease"
        assert essence(notes) == "Decide on the lease"

    def test_drops_a_list_of_guests(self) -> None:
        notes = "Spreektijd\n\nAanwezigen (2):\n  A. Alkaya (SP)\n  B. Aartsen (VVD)\n\nStemming"
        assert essence(notes) == "Spreektijd Stemming"

    def test_drops_markup_addresses_and_telephone_numbers(self) -> None:
        notes = (
            "<p>Agenda:&nbsp;roof<br>call Ana +49 170 1234567</p><a href='https://x.example/y'>https://x.example/y</a>"
        )
        assert essence(notes) == "Agenda: roof call Ana"

    def test_looks_at_the_first_words_only(self) -> None:
        assert len(essence("word " * 500).split()) == MOST_WORDS

    def test_keeps_years_and_amounts(self) -> None:
        assert essence("budget 2031: 120 000 or 95 000?") == "budget 2031: 120 000 or 95 000?"


WORDS = (
    "roof",
    "lease",
    "yard",
    "crew",
    "ship",
    "mast",
    "keel",
    "helm",
    "sail",
    "rope",
    "deck",
    "hull",
    "port",
    "tide",
)


class TestHouseLines:
    ENTRIES = tuple(
        Entry(
            uid=str(n),
            series=str(n),
            title=f"Topic {n}",
            description=f"This is not a closed event\nAbout {word}\nPoint {n}",
        )
        for n, word in enumerate(WORDS)
    )

    def test_are_those_under_many_titles(self) -> None:
        assert house_lines_of(self.ENTRIES) == {"this is not a closed event", "point 0"}

    def test_are_not_those_of_one_series(self) -> None:
        same = [Entry(uid=str(n), series="s", title="Weekly", description="numbers, then people") for n in range(50)]
        assert house_lines_of(same) == frozenset()

    def test_begin_a_list_of_guests_all_the_same(self) -> None:
        notes = "Guests (2):\n  Ana Okafor\n  Bo Lind\n\nDecide on the roof"
        assert essence(notes, house_lines=frozenset({"guests (0):"})) == "Decide on the roof"

    def test_are_left_out_of_what_the_classifier_reads(self) -> None:
        assert [entry.description for entry in with_essence(self.ENTRIES)][:2] == ["About roof", "About lease"]
