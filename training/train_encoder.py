"""Train the encoder: fine-tune the teacher, let it label many showings, and teach the student by them.

Run `python training/train_encoder.py --out encoder.npz` with `training/requirements.txt` installed; on one core of 2026
it takes about an hour. What `held_out.txt` names is never seen; `--hold-out HAND` keeps more hands away.
"""

import argparse
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from labelled import ENTRIES, Labelled, held_out, read_labelled
from networks import HEAD, PAD, WIDTH, Reader, new_student, new_teacher
from numpy.typing import NDArray
from showings import Showing, aims, joined, mixed, show
from torch import nn
from upstream import Upstream, default_file, read_upstream

from equipoise.adapters.classifier.stored import pack_encoder
from equipoise.core.timeuse.entries import Entry
from equipoise.core.timeuse.purpose_encoder import (
    NOTES_PIECES,
    TITLE_PIECES,
    Embedding,
    EncoderPart,
    Layer,
    Norm,
    Weights,
)
from equipoise.core.timeuse.purpose_pieces import Pieces
from equipoise.core.timeuse.purpose_setting import FACT_COLUMNS, setting_features

COMMON_PIECES = 70_000
"""The upstream's first pieces, its most frequent ones, are all known; of the others those met in the entries."""
START, MARK, UNKNOWN = 0, 2, 3
LAYERS = (0, 3, 6, 9)
SHAPE = (6, 512)
BATCH = 32
RESEMBLANCE = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Showings ready for a network: pieces, kinds and facts of each, and the aim."""

    pieces: list[list[int]]
    kinds: list[list[int]]
    facts: NDArray[np.int64]
    aims: NDArray[np.float32]


def known_pieces(rows: Labelled, upstream: Upstream) -> Pieces:
    """The pieces the model knows, with the upstream's numbers."""
    whole = {name: number for number, name in enumerate(upstream.pieces) if number > UNKNOWN and "\ufffd" not in name}
    every = _pieces(whole, upstream)
    memory: dict[str, list[int]] = {}
    met = {
        number
        for entry in rows.entries
        for text in (entry.title, entry.description)
        for number in every.cut(text, memory, most=10**6)
    }
    kept = {name: number for name, number in whole.items() if number < COMMON_PIECES or number in met}
    return _pieces(kept, upstream)


def _pieces(numbers: dict[str, int], upstream: Upstream) -> Pieces:
    chances = tuple(upstream.chances.tolist())
    return Pieces(
        numbers=numbers,
        chances=chances,
        longest=max(map(len, numbers)),
        unknown=UNKNOWN,
        unlikely=min(chances) - 10.0,
    )


def prepared(showings: Sequence[Showing], pieces: Pieces, aimed: NDArray[np.float32]) -> Shown:
    """Cut into pieces."""
    entries, minutes = joined(showings)
    memory: dict[str, list[int]] = {}
    cut = [_sequence(entry, pieces, memory) for entry in entries]
    facts = setting_features(entries, minutes)[:, :FACT_COLUMNS].astype(np.int64)
    return Shown(pieces=[each for each, _ in cut], kinds=[kinds for _, kinds in cut], facts=facts, aims=aimed)


def _sequence(entry: Entry, pieces: Pieces, memory: dict[str, list[int]]) -> tuple[list[int], list[int]]:
    title = [START, *pieces.cut(entry.title, memory, most=TITLE_PIECES)]
    notes = pieces.cut(entry.description, memory, most=NOTES_PIECES)
    whole = [*title, MARK, *notes] if notes else title
    return whole, [0] * len(title) + [1] * (len(whole) - len(title))


def batches(shown: Shown, rng: np.random.Generator | None) -> Iterator[NDArray[np.int64]]:
    """Numbers of showings of like length; in drawn order if there is a generator."""
    lengths = np.array([len(each) for each in shown.pieces])
    if rng is None:
        order = np.argsort(lengths, kind="stable")
        yield from np.split(order, range(BATCH, len(order), BATCH))
        return
    found = []
    for some in np.array_split(rng.permutation(len(lengths)), max(1, len(lengths) // (20 * BATCH))):
        near = some[np.argsort(lengths[some], kind="stable")]
        found += np.split(near, range(BATCH, len(near), BATCH))
    rng.shuffle(found)  # type: ignore[arg-type]
    yield from found


def tensors(reader: Reader, shown: Shown, chosen: NDArray[np.int64]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """One batch, padded."""
    length = max(len(shown.pieces[number]) for number in chosen)
    pieces = np.full((len(chosen), length), reader.places_of[PAD])
    kinds = np.zeros((len(chosen), length), np.int64)
    for row, number in enumerate(chosen):
        known = [reader.places_of.get(piece, reader.places_of[UNKNOWN]) for piece in shown.pieces[number]]
        pieces[row, : len(known)], kinds[row, : len(known)] = known, shown.kinds[number]
    return torch.tensor(pieces), torch.tensor(kinds), torch.tensor(shown.facts[chosen])


def scores(reader: Reader, shown: Shown) -> NDArray[np.float32]:
    """The network's scores, without learning."""
    reader.eval()
    found = np.zeros((len(shown.pieces), 10), np.float32)
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for chosen in batches(shown, None):
            found[chosen] = reader(*tensors(reader, shown, chosen)).float().numpy()
    return found


def fit(reader: Reader, rounds: Iterator[Shown], count: int, *, pace: float, seed: int) -> None:
    """Train with AdamW, a short warm-up and a linear fall to 0; the parts that begin from nothing go five times faster.

    `rounds` gives what is shown in each of `count` rounds.
    """
    rng = np.random.default_rng(seed)
    torch.manual_seed(seed)
    new = [value for name, value in reader.named_parameters() if _begins_anew(name)]
    old = [value for name, value in reader.named_parameters() if value.requires_grad and not _begins_anew(name)]
    optimiser = torch.optim.AdamW([{"params": old}, {"params": new}], weight_decay=0.01)
    begun, step = time.monotonic(), 0
    for number in range(count):
        shown, total = next(rounds), 0.0
        reader.train()
        steps = count * -(-len(shown.pieces) // BATCH)
        for chosen in batches(shown, rng):
            now = pace * min(1.0, step / (0.06 * steps)) * max(0.0, 1 - step / steps)
            optimiser.param_groups[0]["lr"], optimiser.param_groups[1]["lr"] = now, 5 * now
            with torch.autocast("cpu", torch.bfloat16):
                told = reader(*tensors(reader, shown, chosen))
            loss = -(torch.tensor(shown.aims[chosen]) * told.float().log_softmax(-1)).sum(-1).mean()
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
            optimiser.step()
            step, total = step + 1, total + loss.item() * len(chosen)
        print(f"round {number + 1}: loss {total / len(shown.pieces):.3f}, {time.monotonic() - begun:.0f} s", flush=True)


def _begins_anew(name: str) -> bool:
    return name.partition(".")[0] in {"last", "setting", "facts", "kinds"}


def teacher_rounds(rows: Labelled, pieces: Pieces, seed: int) -> Iterator[Shown]:
    """Every entry once a round, in a drawn view."""
    aimed, rng = aims(rows), np.random.default_rng(seed)
    while True:
        showings = [show(rows, aimed, number, rng) for number in range(len(rows))]
        yield prepared(showings, pieces, np.stack([each.aim for each in showings if each.aim is not None]))


def student_rounds(rows: Labelled, pieces: Pieces, teacher: Reader, seed: int) -> Iterator[Shown]:
    """Every entry once a round, three in ten mixed; the aim is half the label's and half the teacher's, or all his."""
    aimed, rng = aims(rows), np.random.default_rng(seed)
    while True:
        showings = mixed(rows, aimed, rng)
        shown = prepared(showings, pieces, np.zeros((len(rows), 10), np.float32))
        told = torch.tensor(scores(teacher, shown)).softmax(-1).numpy()
        for number, each in enumerate(showings):
            shown.aims[number] = told[number] if each.aim is None else (told[number] + each.aim) / 2
        yield shown


def weight_of_parts(
    teacher: Reader, shown: Shown, most: int = 600
) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """How much the loss hangs on each head and each widened place: activation times gradient, summed over showings.

    Molchanov and others (2017), doi 10.48550/arXiv.1611.06440.
    """
    kept: dict[tuple[int, int], torch.Tensor] = {}

    def keep(place: tuple[int, int]) -> object:
        def hook(_module: nn.Module, given: tuple[torch.Tensor, ...]) -> None:
            given[0].retain_grad()
            kept[place] = given[0]

        return hook

    hooks = [
        linear.register_forward_pre_hook(keep((number, kind)))  # type: ignore[arg-type]
        for number, layer in enumerate(teacher.layers)
        for kind, linear in enumerate((layer.gather, layer.narrow))
    ]
    teacher.eval()
    found = [(np.zeros(layer.heads), np.zeros(layer.widen.out_features)) for layer in teacher.layers]
    for chosen in list(batches(shown, np.random.default_rng(0)))[: most // BATCH]:
        told = teacher(*tensors(teacher, shown, chosen))
        loss = -(torch.tensor(shown.aims[chosen]) * told.log_softmax(-1)).sum()
        teacher.zero_grad()
        loss.backward()
        for (number, kind), value in kept.items():
            gradient = value.grad if value.grad is not None else torch.zeros_like(value)
            each = (value * gradient).detach().abs().sum((0, 1)).numpy()
            found[number][kind][:] += each if kind else each.reshape(-1, HEAD).sum(1)
    for hook in hooks:
        hook.remove()
    return found


def exported(student: Reader, pieces: Pieces, upstream: Upstream, ends: NDArray[np.float32]) -> EncoderPart:
    """The student in whole numbers; `ends` are what it makes of many entries, for the directions they differ in."""
    marks = {START: "\0start", MARK: "\0mark", UNKNOWN: "\0unknown"}
    kept = sorted({*pieces.numbers.values(), *marks})
    names = [marks.get(number) or upstream.pieces[number] for number in kept]
    return EncoderPart(
        pieces=Pieces(
            numbers={name: place for place, name in enumerate(names)},
            chances=tuple(float(upstream.chances[number]) for number in kept),
            longest=max(map(len, names)),
            unknown=kept.index(UNKNOWN),
            unlikely=pieces.unlikely,
        ),
        embedding=Embedding(halves=upstream.halves[kept], scale=upstream.scale[kept]),
        places=_array(student.places)[: TITLE_PIECES + NOTES_PIECES + 2],
        kinds=_array(student.kinds),
        setting=_array(student.setting.weight),
        facts=0.35 * _array(student.facts.weight),
        start=kept.index(START),
        mark=kept.index(MARK),
        first=_norm(student.first),
        layers=tuple(
            Layer(
                heads=layer.heads,
                attend=_weights(layer.attend),
                gather=_weights(layer.gather),
                widen=_weights(layer.widen),
                narrow=_weights(layer.narrow),
                after_attention=_norm(layer.after_attention),
                after_map=_norm(layer.after_map),
            )
            for layer in student.layers
        ),
        last=_weights(student.last),
        resemblance=directions(ends),
    )


def directions(ends: NDArray[np.float32]) -> Weights:
    """The directions in which entries differ most, and a shift that puts the mean at 0."""
    mean = ends.mean(axis=0)
    _, vectors = np.linalg.eigh(np.cov(ends - mean, rowvar=False))
    chosen = vectors[:, ::-1][:, :RESEMBLANCE]
    return whole_weights(chosen, -mean @ chosen)


def whole_weights(weight: NDArray[np.floating], bias: NDArray[np.floating]) -> Weights:
    """A map (k, m) rounded to whole numbers, each column by its own step."""
    step = np.maximum(np.abs(weight).max(axis=0), 1e-9) / 127
    return Weights(
        whole=np.rint(weight / step).astype(np.float32), scale=step.astype(np.float32), bias=bias.astype(np.float32)
    )


def _weights(linear: nn.Linear) -> Weights:
    return whole_weights(_array(linear.weight).T, _array(linear.bias))


def _norm(norm: nn.LayerNorm) -> Norm:
    return Norm(gain=_array(norm.weight), shift=_array(norm.bias))


def _array(tensor: torch.Tensor) -> NDArray[np.float32]:
    found: NDArray[np.float32] = tensor.detach().numpy().copy()
    return found


def ends_of(student: Reader, shown: Shown) -> NDArray[np.float32]:
    """What the student makes of showings before its last map."""
    student.eval()
    found = np.zeros((len(shown.pieces), 2 * WIDTH), np.float32)
    with torch.no_grad():
        for chosen in batches(shown, None):
            found[chosen] = student.ends(*tensors(student, shown, chosen)).numpy()
    return found


def train(rows: Labelled, upstream: Upstream, *, teacher_count: int, student_count: int) -> EncoderPart:
    """The whole recipe."""
    pieces = known_pieces(rows, upstream)
    numbers = list(pieces.numbers.values())
    teacher = new_teacher(numbers, upstream)
    fit(teacher, teacher_rounds(rows, pieces, 1), teacher_count, pace=8e-5, seed=0)
    sample = next(teacher_rounds(rows, pieces, 2))
    student = new_student(
        numbers, upstream, teacher, layers=LAYERS, shape=SHAPE, weight=weight_of_parts(teacher, sample)
    )
    fit(student, student_rounds(rows, pieces, teacher, 7), student_count, pace=4e-4, seed=0)
    return exported(student, pieces, upstream, ends_of(student, sample))


def main() -> None:
    """Train by the command line's wishes."""
    wishes = argparse.ArgumentParser(description=__doc__)
    wishes.add_argument("--out", type=Path, required=True)
    wishes.add_argument("--hold-out", action="append", default=[], metavar="HAND")
    wishes.add_argument("--entries", type=int, default=10**9, help="read so many only, to try the recipe")
    wishes.add_argument("--teacher-rounds", type=int, default=5)
    wishes.add_argument("--student-rounds", type=int, default=8)
    wish = wishes.parse_args()
    torch.set_num_threads(1)
    rows = read_labelled(ENTRIES)
    rows = rows.at(~held_out(rows))
    rows = rows.at(~np.isin(rows.hands, wish.hold_out))
    rows = rows.at(np.random.default_rng(0).permutation(len(rows)) < wish.entries)
    part = train(
        rows,
        read_upstream(default_file()),
        teacher_count=wish.teacher_rounds,
        student_count=wish.student_rounds,
    )
    np.savez(wish.out, **pack_encoder(part))


if __name__ == "__main__":
    main()
