"""Read a title with its notes and setting as one sequence: a small transformer, in numpy.

Vaswani and others (2017), doi 10.48550/arXiv.1706.03762, encoder with layer normalisation after each sum. A sequence is
one place for the setting, the pieces of the title, and, if there are notes, a mark and the pieces of the notes.

Products with weights are taken on whole numbers: a row is scaled to -127..127 and rounded, as the weights are. A sum of
up to 1,040 such products stays below 2 to the 24th, so float32 holds it exactly, in whatever order a BLAS adds: the
result is the same in any batch and on any number of threads. Sequences of equal length attend together, without
padding, so that attention too sees the same shapes in any company.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from equipoise.core.timeuse.entries import Entry
from equipoise.core.timeuse.purpose_model import Reading
from equipoise.core.timeuse.purpose_pieces import Pieces
from equipoise.core.timeuse.purpose_setting import FACT_COLUMNS, setting_features

Floats = NDArray[np.float32]

TITLE_PIECES = 48
NOTES_PIECES = 32
LEVELS = np.float32(127)
BLOCK = 32
"""Numbers of an embedding that share one scale."""
GROUP = 256
"""Entries that are read together at most; bounds the memory a call takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """A linear map in whole numbers.

    Attributes:
        whole: float32 (k, m), whole numbers from -127 to 127; k at most 1,040.
        scale: float32 (m,), the size of one step of each column.
        bias: float32 (m,).
    """

    whole: Floats
    scale: Floats
    bias: Floats

    def times(self, rows: Floats) -> Floats:
        """Rows (n, k) mapped to (n, m); exact up to the rounding of the rows to whole numbers."""
        peak = np.maximum(np.abs(rows).max(axis=1, keepdims=True), np.float32(1e-12))
        mapped: Floats = np.rint(rows * (LEVELS / peak)) @ self.whole
        mapped *= peak / LEVELS
        mapped *= self.scale
        mapped += self.bias
        return mapped


@dataclass(frozen=True, slots=True, kw_only=True)
class Norm:
    """Layer normalisation with its gain and shift, float32 (h,) each."""

    gain: Floats
    shift: Floats

    def of(self, rows: Floats) -> Floats:
        """Rows brought to mean 0 and variance 1, then scaled and shifted."""
        centred = rows - rows.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + np.float32(1e-6))
        normed: Floats = centred / spread * self.gain + self.shift
        return normed


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Sequences of equal length that stand side by side: where their rows begin, how many they are, how long each."""

    first: int
    count: int
    length: int

    def part(self, rows: Floats) -> Floats:
        """The rows of these sequences."""
        return rows[self.first : self.first + self.count * self.length]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One layer: attention over the sequence, then a map of each place by itself.

    Attributes:
        heads: Number of attention heads.
        attend: To queries, keys and values, side by side.
        gather: From the heads back to the width of the sequence.
        widen, narrow: The map of each place.
        after_attention, after_map: The normalisations.
    """

    heads: int
    attend: Weights
    gather: Weights
    widen: Weights
    narrow: Weights
    after_attention: Norm
    after_map: Norm

    def of(self, rows: Floats, spans: Sequence[Span]) -> Floats:
        """Rows of all sequences, one after the other, mapped to as many."""
        met = self.attend.times(rows)
        heard = np.vstack([_attention(span.part(met), span, self.heads, first_only=False) for span in spans])
        return self._map(rows, heard)

    def of_first(self, rows: Floats, spans: Sequence[Span]) -> Floats:
        """The same for the first place of each sequence alone, which still attends to all places of its sequence."""
        met = self.attend.times(rows)
        heard = np.vstack([_attention(span.part(met), span, self.heads, first_only=True) for span in spans])
        return self._map(np.vstack([span.part(rows)[:: span.length] for span in spans]), heard)

    def _map(self, rows: Floats, heard: Floats) -> Floats:
        rows = self.after_attention.of(rows + self.gather.times(heard))
        wide = self.widen.times(rows)
        # GELU by the logistic curve (Hendrycks and Gimpel 2016); the bound keeps exp from overflowing.
        wide /= 1 + np.exp(np.minimum(np.float32(-1.702) * wide, np.float32(80)))
        return self.after_map.of(rows + self.narrow.times(wide))


def _attention(met: Floats, span: Span, heads: int, *, first_only: bool) -> Floats:
    """Scaled dot-product attention among the places of each sequence of a span."""
    size = met.shape[1] // 3 // heads
    query, key, value = met.reshape(span.count, span.length, 3, heads, size).transpose(2, 0, 3, 1, 4)
    if first_only:
        query = query[:, :, :1]
    likeness = query @ key.transpose(0, 1, 3, 2) * np.float32(size**-0.5)
    raised = np.exp(likeness - likeness.max(axis=-1, keepdims=True))
    shares = raised / raised.sum(axis=-1, keepdims=True)
    heard: Floats = (shares @ value).transpose(0, 2, 1, 3).reshape(-1, heads * size)
    return heard


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedding:
    """Vectors of pieces, four bits a number: two to a byte, low half first half of the block, with a scale a block.

    Attributes:
        halves: uint8 (v, h / 2).
        scale: float16 (v, h / BLOCK).
    """

    halves: NDArray[np.uint8]
    scale: NDArray[np.float16]

    def of(self, numbers: NDArray[np.int64]) -> Floats:
        """The vectors of pieces, float32 (n, h)."""
        halves = self.halves[numbers].reshape(numbers.size, -1, BLOCK // 2)
        levels = np.concatenate([halves & 15, halves >> 4], axis=2).astype(np.float32) - np.float32(8)
        scaled: Floats = levels * self.scale[numbers].astype(np.float32)[:, :, None]
        return scaled.reshape(numbers.size, -1)


@dataclass(frozen=True, slots=True, kw_only=True)
class EncoderPart:
    """The encoder with its pieces and its last map.

    Attributes:
        pieces: Cuts words into pieces.
        embedding: The vectors of pieces.
        places: float32 (p, h), the vectors of places in the sequence.
        kinds: float32 (2, h), the vectors of title and notes.
        setting: float32 (facts, h), the vectors of facts of the setting.
        facts: float32 (facts, 10), what facts say by themselves.
        start, mark: Numbers of the pieces that begin a sequence and its notes.
        first: The normalisation of the sum of these vectors.
        layers: The layers.
        last: From the setting's place after the last layer and the mean of the others before it to scores.
        resemblance: float32 (2 h, d), to the vectors by which entries resemble each other.
    """

    pieces: Pieces
    embedding: Embedding
    places: Floats
    kinds: Floats
    setting: Floats
    facts: Floats
    start: int
    mark: int
    first: Norm
    layers: tuple[Layer, ...]
    last: Weights
    resemblance: Weights

    def read(self, entries: Sequence[Entry], minutes: Sequence[float | None]) -> Reading:
        """See `Part.read`."""
        memory: dict[str, list[int]] = {}
        sequences = [self._sequence(entry, memory) for entry in entries]
        facts = setting_features(entries, minutes)[:, :FACT_COLUMNS]
        order = np.argsort([len(numbers) for numbers, _ in sequences], kind="stable")
        scores = np.zeros((len(entries), self.facts.shape[1]))
        vectors = np.zeros((len(entries), self.resemblance.scale.size), np.float32)
        for begin in range(0, len(entries), GROUP):
            chosen = order[begin : begin + GROUP]
            ends = self._ends([sequences[number] for number in chosen], facts[chosen])
            alone = self.facts[facts[chosen]].astype(np.float64).sum(axis=1)
            scores[chosen] = self.last.times(ends) + alone
            near = self.resemblance.times(ends)
            vectors[chosen] = near / np.sqrt((near * near).sum(axis=1, keepdims=True) + np.float32(1e-12))
        return Reading(scores=scores, vectors=vectors)

    def _sequence(self, entry: Entry, memory: dict[str, list[int]]) -> tuple[list[int], int]:
        """The pieces of an entry, and the place where its notes begin."""
        title = [self.start, *self.pieces.cut(entry.title, memory, most=TITLE_PIECES)]
        notes = self.pieces.cut(entry.description, memory, most=NOTES_PIECES)
        return ([*title, self.mark, *notes] if notes else title), len(title)

    def _ends(self, sequences: Sequence[tuple[list[int], int]], facts: NDArray[np.int32]) -> Floats:
        """The setting's place after all layers beside the mean of the others before the last; shortest first."""
        lengths = np.array([len(numbers) for numbers, _ in sequences])
        starts = np.cumsum(lengths) - lengths
        place = np.arange(int(lengths.sum())) - np.repeat(starts, lengths)
        notes = place >= np.repeat([begin for _, begin in sequences], lengths)
        rows = self.embedding.of(np.array([number for numbers, _ in sequences for number in numbers]))
        rows += self.places[place]
        rows += self.kinds[notes.astype(np.int64)]
        rows[starts] += self.setting[facts].sum(axis=1)
        rows = self.first.of(rows)
        spans = _spans(lengths)
        for layer in self.layers[:-1]:
            rows = layer.of(rows, spans)
        means = np.vstack([_mean_of_others(span.part(rows), span) for span in spans])
        return np.hstack([self.layers[-1].of_first(rows, spans), means])


def _spans(lengths: NDArray[np.int64]) -> list[Span]:
    """Runs of equal lengths; the lengths do not fall."""
    spans, first = [], 0
    for length, count in zip(*np.unique(lengths, return_counts=True), strict=True):
        spans.append(Span(first=first, count=int(count), length=int(length)))
        first += int(count) * int(length)
    return spans


def _mean_of_others(rows: Floats, span: Span) -> Floats:
    """The mean of all places but the first of each sequence; zeros where there is no other."""
    others = rows.reshape(span.count, span.length, -1)[:, 1:]
    means: Floats = others.sum(axis=1) / np.float32(max(span.length - 1, 1))
    return means
