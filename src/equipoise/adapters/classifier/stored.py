"""The model's parts as named arrays, and back: the form in which they lie in the package."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from equipoise.core.timeuse.purpose_encoder import Embedding, EncoderPart, Layer, Norm, Weights
from equipoise.core.timeuse.purpose_model import WordPart
from equipoise.core.timeuse.purpose_pieces import Pieces

Arrays = Mapping[str, NDArray[Any]]


def pack_words(part: WordPart) -> dict[str, NDArray[Any]]:
    """The arrays of the linear part."""
    return {"words": part.words, "word_scale": part.word_scale, "setting": part.setting, "bias": part.bias}


def unpack_words(stored: Arrays) -> WordPart:
    """The linear part from its arrays."""
    return WordPart(
        words=stored["words"], word_scale=stored["word_scale"], setting=stored["setting"], bias=stored["bias"]
    )


def pack_encoder(part: EncoderPart) -> dict[str, NDArray[Any]]:
    """The arrays of the encoder; whole numbers as int8, the rest of the large ones as float16."""
    arrays: dict[str, NDArray[Any]] = {
        "pieces": np.frombuffer("\n".join(part.pieces.numbers).encode(), np.uint8),
        "chances": np.array(part.pieces.chances, np.float32),
        "unlikely": np.array([part.pieces.unlikely], np.float32),
        "marks": np.array([part.start, part.mark, part.pieces.unknown], np.int32),
        "halves": part.embedding.halves,
        "steps": part.embedding.scale,
        "places": part.places.astype(np.float16),
        "kinds": part.kinds.astype(np.float16),
        "setting": part.setting.astype(np.float16),
        "facts": part.facts.astype(np.float16),
        "heads": np.array([layer.heads for layer in part.layers], np.int32),
    }
    arrays |= _pack_norm("first", part.first) | _pack_weights("last", part.last)
    arrays |= _pack_weights("resemblance", part.resemblance)
    for number, layer in enumerate(part.layers):
        for name in ("attend", "gather", "widen", "narrow"):
            arrays |= _pack_weights(f"{number}.{name}", getattr(layer, name))
        for name in ("after_attention", "after_map"):
            arrays |= _pack_norm(f"{number}.{name}", getattr(layer, name))
    return arrays


def unpack_encoder(stored: Arrays) -> EncoderPart:
    """The encoder from its arrays."""
    start, mark, unknown = (int(each) for each in stored["marks"])
    return EncoderPart(
        pieces=_unpack_pieces(stored, unknown),
        embedding=Embedding(halves=stored["halves"], scale=stored["steps"]),
        places=stored["places"].astype(np.float32),
        kinds=stored["kinds"].astype(np.float32),
        setting=stored["setting"].astype(np.float32),
        facts=stored["facts"].astype(np.float32),
        start=start,
        mark=mark,
        first=_unpack_norm("first", stored),
        layers=tuple(_unpack_layer(number, int(heads), stored) for number, heads in enumerate(stored["heads"])),
        last=_unpack_weights("last", stored),
        resemblance=_unpack_weights("resemblance", stored),
    )


def _unpack_pieces(stored: Arrays, unknown: int) -> Pieces:
    names = stored["pieces"].tobytes().decode().split("\n")
    return Pieces(
        numbers={name: number for number, name in enumerate(names)},
        chances=tuple(stored["chances"].tolist()),
        longest=max(map(len, names)),
        unknown=unknown,
        unlikely=float(stored["unlikely"][0]),
    )


def _unpack_layer(number: int, heads: int, stored: Arrays) -> Layer:
    return Layer(
        heads=heads,
        attend=_unpack_weights(f"{number}.attend", stored),
        gather=_unpack_weights(f"{number}.gather", stored),
        widen=_unpack_weights(f"{number}.widen", stored),
        narrow=_unpack_weights(f"{number}.narrow", stored),
        after_attention=_unpack_norm(f"{number}.after_attention", stored),
        after_map=_unpack_norm(f"{number}.after_map", stored),
    )


def _pack_weights(name: str, weights: Weights) -> dict[str, NDArray[Any]]:
    whole = weights.whole.astype(np.int8)
    return {f"{name}.whole": whole, f"{name}.scale": weights.scale, f"{name}.bias": weights.bias}


def _unpack_weights(name: str, stored: Arrays) -> Weights:
    whole = stored[f"{name}.whole"].astype(np.float32)
    return Weights(whole=whole, scale=stored[f"{name}.scale"], bias=stored[f"{name}.bias"])


def _pack_norm(name: str, norm: Norm) -> dict[str, NDArray[Any]]:
    return {f"{name}.gain": norm.gain, f"{name}.shift": norm.shift}


def _unpack_norm(name: str, stored: Arrays) -> Norm:
    return Norm(gain=stored[f"{name}.gain"], shift=stored[f"{name}.shift"])
