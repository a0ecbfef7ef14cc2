"""What the setting of an entry says: how long, how many, who they are, how often, who called, and how it is written.

Each entry gets a fixed number of whole-numbered features: the levels of each fact, crosses of two and three facts,
and marks of the title's and the notes' form. A fact that is not known has a level of its own.
"""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from equipoise.core.timeuse.entries import Entry, Recurrence, Relation

MINUTES_STEPS = (15, 20, 30, 45, 60, 75, 90, 120, 180, 240, 480)
ATTENDEES_STEPS = (0, 1, 2, 3, 5, 8, 12, 20, 40, 100)
WORDS_STEPS = (1, 2, 3, 4, 5, 7, 9, 12)
LETTERS_STEPS = (4, 8, 12, 18, 25, 35, 50, 80)
_RELATIONS: tuple[Relation | None, ...] = (None, *Relation)
_RECURRENCES = tuple(Recurrence)
_CALLED = (None, False, True)

_FORM = tuple(
    re.compile(pattern)
    for pattern in (
        r"\?|？", "!|！", r"\d", "%", r"\b[A-ZÄÖÜ]{2,}\b", "&", r"\bw/", ":|：", r" [-–—] ", "/", r"\bQ[1-4]\b",
        r"\b20[2-9]\d\b", r"'[2-9]\d\b", r"[€$£¥₹]|\b(?:EUR|USD|GBP|CHF)\b", r"\bv(?:s|\.)",
        r"\d+[kKmM]\b", r"^\W*\w+\W*$",
        r"[#@]", r"\(", r",", r"\.\.\.|…", r"\b\d{1,2}[:.]\d\d\b", r"^[a-z]", r"[\"“”„«»]",
    )
)  # fmt: skip

_FACTS = {
    "minutes": len(MINUTES_STEPS) + 2,
    "attendees": len(ATTENDEES_STEPS) + 2,
    "relation": len(_RELATIONS),
    "recurring": len(_RECURRENCES),
    "called": len(_CALLED),
    "words": len(WORDS_STEPS) + 1,
    "letters": len(LETTERS_STEPS) + 1,
    "notes": len(WORDS_STEPS) + 2,
}
_CROSSES = (
    ("relation", "minutes"), ("relation", "attendees"), ("relation", "recurring"), ("relation", "called"),
    ("attendees", "recurring"), ("minutes", "attendees"), ("recurring", "minutes"), ("attendees", "called"),
    ("minutes", "called"), ("recurring", "called"), ("relation", "words"), ("words", "notes"),
    ("relation", "recurring", "called"), ("relation", "minutes", "called"), ("attendees", "recurring", "called"),
)  # fmt: skip
FACT_COLUMNS = len(_FACTS) + len(_CROSSES)
"""How many columns of `setting_features` speak of the setting; the others speak of how title and notes look."""
FACT_FEATURES = sum(_FACTS.values()) + sum(int(np.prod([_FACTS[fact] for fact in cross])) for cross in _CROSSES)
"""How many different features there are of the setting."""
FEATURES = FACT_FEATURES + 4 * len(_FORM)
"""How many different features there are."""


def setting_features(entries: Sequence[Entry], minutes: Sequence[float | None]) -> NDArray[np.int32]:
    """The features each entry has, one a column: int32 (n, k), each below `FEATURES`; k is the same for all.

    `minutes` is the length of one occurrence; `None` where it is not known.
    """
    levels = _levels(entries, minutes)
    columns: list[NDArray[np.int64]] = []
    start = 0
    for name, size in _FACTS.items():
        columns.append(levels[name] + start)
        start += size
    for cross in _CROSSES:
        size = 1
        code = np.zeros(len(entries), np.int64)
        for fact in cross:
            code = code * _FACTS[fact] + levels[fact]
            size *= _FACTS[fact]
        columns.append(code + start)
        start += size
    for text in ([entry.title for entry in entries], [entry.description for entry in entries]):
        for form in _FORM:
            columns.append(np.array([form.search(each) is not None for each in text], np.int64) + start)
            start += 2
    return np.stack(columns, axis=1).astype(np.int32)


def _levels(entries: Sequence[Entry], minutes: Sequence[float | None]) -> dict[str, NDArray[np.int64]]:
    """The level of each fact for each entry; 0 stands for "not known" where a fact can be unknown."""
    words = np.array([len(entry.title.split()) for entry in entries])
    letters = np.array([len(entry.title) for entry in entries])
    notes = np.array([len(entry.description.split()) for entry in entries])
    return {
        "minutes": _steps(minutes, MINUTES_STEPS),
        "attendees": _steps([entry.attendees for entry in entries], ATTENDEES_STEPS),
        "relation": np.array([_RELATIONS.index(entry.relation) for entry in entries], np.int64),
        "recurring": np.array([_RECURRENCES.index(entry.recurring) for entry in entries], np.int64),
        "called": np.array([_CALLED.index(entry.organiser_self) for entry in entries], np.int64),
        "words": np.searchsorted(WORDS_STEPS, words).astype(np.int64),
        "letters": np.searchsorted(LETTERS_STEPS, letters).astype(np.int64),
        "notes": np.where(notes == 0, 0, 1 + np.searchsorted(WORDS_STEPS, notes)).astype(np.int64),
    }


def _steps(values: Sequence[float | None], steps: tuple[int, ...]) -> NDArray[np.int64]:
    """0 for an unknown value, else 1 plus the number of steps that lie below it."""
    known = np.array([value is not None for value in values], bool)
    filled = np.array([0.0 if value is None else float(value) for value in values])
    return np.where(known, 1 + np.searchsorted(np.array(steps, float), filled), 0).astype(np.int64)
