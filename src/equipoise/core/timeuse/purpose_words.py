"""What the words of an entry say, as hashed features: words, pairs of words, and runs of 1 to 5 characters.

All entries of a call are hashed together as arrays of code points, so ten thousand titles cost a few passes over
numpy arrays. Each feature of an entry depends on that entry alone.

A word is a run of letters, marks and digits in any script; any other visible character is a word of its own. Runs of
characters do not cross a word's edge, and the edges themselves count as characters, as in Bojanowski and others
(2017), doi 10.1162/tacl_a_00051. Case and accents are folded away.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BUCKETS = 1 << 18
"""Number of buckets that features are hashed into."""
LONGEST_RUN = 5
NOTES_WEIGHT = 0.7
"""Weight of a feature seen only in the description; one seen in the title weighs 1."""
LONGEST_TEXT = 400
"""Characters of a title, and of a description, that are looked at."""

_WORD = re.compile(r"[\w\u0300-\u036f]+|[^\w\s]")
_LEFT, _RIGHT = "\x02", "\x03"
_PRIME = np.uint64(0x100000001B3)
_MIX = np.uint64(0x9E3779B97F4A7C15)
_KINDS = tuple(np.uint64(0xD6E8FEB86659FD93 * (kind + 1) % 2**64) for kind in range(LONGEST_RUN + 3))
_WORD_KIND, _PAIR_KIND = LONGEST_RUN + 1, LONGEST_RUN + 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """Sparse features of n entries, entry after entry.

    Attributes:
        starts: int64 (n + 1,); the features of entry i stand from `starts[i]` up to `starts[i + 1]`.
        buckets: int32; rising within an entry, each bucket once.
        values: float32; scaled so that an entry's values have length 1 (no features: none).
    """

    starts: NDArray[np.int64]
    buckets: NDArray[np.int32]
    values: NDArray[np.float32]


def folded(text: str) -> str:
    """Lower case, compatibility forms made plain, accents taken off; at most `LONGEST_TEXT` characters are read."""
    text = text[:LONGEST_TEXT].casefold()
    if text.isascii():
        return text
    spread = unicodedata.normalize("NFKD", text)
    return unicodedata.normalize("NFC", "".join(mark for mark in spread if not unicodedata.combining(mark)))


def word_features(titles: Sequence[str], notes: Sequence[str]) -> Features:
    """The features of each pair of title and notes; empty texts have none."""
    title_entry, title_hash = _hashed(titles)
    notes_entry, notes_hash = _hashed(notes)
    entry = np.concatenate([title_entry, notes_entry])
    keys = entry.astype(np.int64) * BUCKETS + np.concatenate([title_hash, notes_hash])
    keys, first = np.unique(keys, return_index=True)
    values = np.where(first < title_entry.size, 1.0, NOTES_WEIGHT).astype(np.float32)
    entry = keys // BUCKETS
    starts = np.searchsorted(entry, np.arange(len(titles) + 1)).astype(np.int64)
    # Sums of squares of 1 and 0.49 are the same in any order up to rounding; bincount adds entry by entry, in order.
    length = np.sqrt(np.bincount(entry, weights=values.astype(np.float64) ** 2, minlength=len(titles)))
    return Features(
        starts=starts,
        buckets=(keys % BUCKETS).astype(np.int32),
        values=(values / length[entry]).astype(np.float32),
    )


def _hashed(texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Every feature of every text, repeats and all: the number of its text, and its bucket."""
    words, owners = _words(texts)
    if not words:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    letters = np.frombuffer("".join(words).encode("utf-32-le", "replace"), dtype="<u4").astype(np.uint64)
    lengths = np.array([len(word) for word in words], dtype=np.int64)
    word = np.repeat(np.arange(lengths.size), lengths)
    owner = np.array(owners, dtype=np.int64)
    found: list[tuple[NDArray[np.int64], NDArray[np.uint64]]] = list(_runs(letters, word, owner))
    whole = _whole_words(letters, lengths)
    found.append((owner, _finish(whole, _WORD_KIND)))
    beside = owner[1:] == owner[:-1]
    pairs = whole[:-1] * _MIX + whole[1:]
    found.append((owner[1:][beside], _finish(pairs[beside], _PAIR_KIND)))
    entry = np.concatenate([each for each, _ in found])
    return entry, np.concatenate([key for _, key in found]).astype(np.int64)


def _words(texts: Sequence[str]) -> tuple[list[str], list[int]]:
    """All words with their edges marked, and the number of the text each stands in."""
    words: list[str] = []
    owners: list[int] = []
    for number, text in enumerate(texts):
        found = _WORD.findall(folded(text))
        words += [f"{_LEFT}{each}{_RIGHT}" for each in found]
        owners += [number] * len(found)
    return words, owners


def _runs(
    letters: NDArray[np.uint64], word: NDArray[np.int64], owner: NDArray[np.int64]
) -> list[tuple[NDArray[np.int64], NDArray[np.uint64]]]:
    """Runs of 2 to `LONGEST_RUN` characters within a word (so a word of one character is met with its edges)."""
    found = []
    running = letters.copy()
    for size in range(2, min(LONGEST_RUN, word.size) + 1):
        running = running[:-1] * _PRIME + letters[size - 1 :]
        inside = word[size - 1 :] == word[: word.size - size + 1]
        found.append((owner[word[size - 1 :][inside]], _finish(running[inside], size)))
    return found


def _whole_words(letters: NDArray[np.uint64], lengths: NDArray[np.int64]) -> NDArray[np.uint64]:
    """One hash a word: the sum of its characters, each times a power of the prime that tells its place."""
    starts = np.cumsum(lengths) - lengths
    place = np.arange(letters.size) - np.repeat(starts, lengths)
    powers = np.cumprod(np.full(int(place.max()) + 1, _PRIME, dtype=np.uint64))
    return np.add.reduceat(letters * powers[place], starts)


def _finish(keys: NDArray[np.uint64], kind: int) -> NDArray[np.uint64]:
    """Spread the keys of one kind of feature over the buckets (the finaliser of splitmix64)."""
    keys = (keys ^ _KINDS[kind]) * _MIX
    keys = (keys ^ (keys >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    return (keys ^ (keys >> np.uint64(31))) % np.uint64(BUCKETS)
