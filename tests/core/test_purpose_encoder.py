"""The encoder reads an entry the same in any company."""

import numpy as np
import pytest

from equipoise.core.timeuse.entries import Entry
from equipoise.core.timeuse.purpose_encoder import Embedding, EncoderPart, Layer, Norm, Weights
from equipoise.core.timeuse.purpose_pieces import Pieces
from equipoise.core.timeuse.purpose_setting import FACT_FEATURES

WIDTH = 64


@pytest.fixture(scope="module")
def encoder() -> EncoderPart:
    """A small encoder with drawn weights and one piece a letter."""
    rng = np.random.default_rng(5)

    def weights(wide: int, out: int) -> Weights:
        return Weights(
            whole=rng.integers(-127, 128, (wide, out)).astype(np.float32),
            scale=rng.uniform(5e-4, 2e-3, out).astype(np.float32),
            bias=rng.normal(size=out).astype(np.float32),
        )

    def norm() -> Norm:
        return Norm(gain=np.ones(WIDTH, np.float32), shift=np.zeros(WIDTH, np.float32))

    def layer() -> Layer:
        return Layer(
            heads=2,
            attend=weights(WIDTH, 3 * WIDTH),
            gather=weights(WIDTH, WIDTH),
            widen=weights(WIDTH, 2 * WIDTH),
            narrow=weights(2 * WIDTH, WIDTH),
            after_attention=norm(),
            after_map=norm(),
        )

    letters = "\u2581abcdefghijklmnopqrstuvwxyz"
    names = ["\0start", "\0mark", "\0unknown", *letters]
    return EncoderPart(
        pieces=Pieces(
            numbers={name: number for number, name in enumerate(names)},
            chances=(-1.0,) * len(names),
            longest=1,
            unknown=2,
            unlikely=-9.0,
        ),
        embedding=Embedding(
            halves=rng.integers(0, 256, (len(names), WIDTH // 2), dtype=np.uint8),
            scale=np.full((len(names), WIDTH // 32), 0.1, np.float16),
        ),
        places=rng.normal(size=(90, WIDTH)).astype(np.float32),
        kinds=rng.normal(size=(2, WIDTH)).astype(np.float32),
        setting=rng.normal(size=(FACT_FEATURES, WIDTH)).astype(np.float32) * np.float32(0.1),
        facts=rng.normal(size=(FACT_FEATURES, 10)).astype(np.float32),
        start=0,
        mark=1,
        first=norm(),
        layers=(layer(), layer()),
        last=weights(2 * WIDTH, 10),
        resemblance=weights(2 * WIDTH, 8),
    )


def entries() -> list[Entry]:
    """Entries of many lengths, with and without notes."""
    rng = np.random.default_rng(9)
    words = ["budget", "a", "review with the whole board", "x" * 70, "日本", "plan b"]
    return [
        Entry(
            uid=str(number),
            series=str(number),
            title=" ".join(rng.choice(words, size=int(rng.integers(1, 4)))),
            description=str(rng.choice(["", "", "bring notes", "y" * 50])),
            attendees=int(rng.integers(0, 30)),
        )
        for number in range(300)
    ]


class TestEncoderPart:
    def test_gives_the_same_bytes_in_any_company(self, encoder: EncoderPart) -> None:
        all_of_them = entries()
        minutes: list[float | None] = [30.0] * len(all_of_them)
        together = encoder.read(all_of_them, minutes)
        for number in (0, 7, 150, 299):
            alone = encoder.read([all_of_them[number]], [30.0])
            assert np.array_equal(alone.scores[0], together.scores[number])
            assert np.array_equal(alone.vectors[0], together.vectors[number])
        turned = encoder.read(all_of_them[::-1], minutes)
        assert np.array_equal(turned.scores[::-1], together.scores)

    def test_reads_the_setting(self, encoder: EncoderPart) -> None:
        short, long = encoder.read([entries()[0]] * 2, [15, 480]).scores
        assert not np.array_equal(short, long)

    def test_reads_the_notes_apart_from_the_title(self, encoder: EncoderPart) -> None:
        one = Entry(uid="1", series="1", title="plan budget")
        two = Entry(uid="1", series="1", title="plan", description="budget")
        first, second = encoder.read([one, two], [None, None]).scores
        assert not np.array_equal(first, second)

    def test_gives_vectors_of_length_one(self, encoder: EncoderPart) -> None:
        vectors = encoder.read(entries(), [None] * 300).vectors
        assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-5)


class TestWeights:
    def test_map_rows_as_real_numbers_would(self) -> None:
        rng = np.random.default_rng(1)
        whole = rng.integers(-127, 128, (384, 20)).astype(np.float32)
        weights = Weights(whole=whole, scale=np.full(20, 0.01, np.float32), bias=np.ones(20, np.float32))
        rows = rng.normal(size=(50, 384)).astype(np.float32)
        exact = rows.astype(float) @ whole.astype(float) * 0.01 + 1
        assert np.abs(weights.times(rows) - exact).max() < 0.02 * np.abs(exact).max()

    def test_map_a_row_of_zeros_to_the_bias(self) -> None:
        weights = Weights(
            whole=np.ones((4, 2), np.float32), scale=np.ones(2, np.float32), bias=np.array([1, 2], np.float32)
        )
        assert weights.times(np.zeros((1, 4), np.float32)).tolist() == [[1.0, 2.0]]
