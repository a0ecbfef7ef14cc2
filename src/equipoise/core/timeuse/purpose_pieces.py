"""Cut words into known pieces: the likeliest cut under a unigram model (Kudo 2018, doi 10.18653/v1/P18-1007)."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

WORD_START = "\u2581"
LONGEST_WORD = 60
"""Characters of one word that are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """The known pieces of words; the first piece of a word begins with `WORD_START`.

    Attributes:
        numbers: The number of each piece.
        chances: The log probability of each, by its number.
        longest: Length of the longest piece, in characters.
        unknown: The number that stands for any character outside all pieces.
        unlikely: The log probability of such a character; lower than that of any piece.
    """

    numbers: Mapping[str, int]
    chances: tuple[float, ...]
    longest: int
    unknown: int
    unlikely: float

    def cut(self, text: str, memory: dict[str, list[int]], *, most: int) -> list[int]:
        """The pieces of a text, at most `most`; words met before are taken from `memory` and new ones put there."""
        found: list[int] = []
        for word in unicodedata.normalize("NFKC", text).split():
            known = memory.get(word)
            if known is None:
                known = memory[word] = self._cut_word(WORD_START + word[:LONGEST_WORD])
            found += known
            if len(found) >= most:
                return found[:most]
        return found

    def _cut_word(self, word: str) -> list[int]:
        """The likeliest pieces of one word (Viterbi); of equal cuts the one found first."""
        size = len(word)
        best = [0.0] + [-1e30] * size
        came: list[tuple[int, int]] = [(0, 0)] * (size + 1)
        for start in range(size):
            for end in range(start + 1, min(size, start + self.longest) + 1):
                number = self.numbers.get(word[start:end])
                if number is not None and best[start] + self.chances[number] > best[end]:
                    best[end], came[end] = best[start] + self.chances[number], (start, number)
            if best[start] + self.unlikely > best[start + 1]:
                best[start + 1], came[start + 1] = best[start] + self.unlikely, (start, self.unknown)
        cut: list[int] = []
        end = size
        while end:
            end, number = came[end]
            cut.append(number)
        return cut[::-1]
