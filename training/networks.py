"""The teacher and the student, in torch.

The teacher is multilingual-e5-small with one more place for the setting; the student has four of its layers, with half
of the heads and a third of the widened places, those that matter most. `equipoise.core.timeuse.purpose_encoder` is the
student's arithmetic in numpy.
"""

import math
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional
from upstream import Upstream

from equipoise.core.facets import PURPOSES
from equipoise.core.timeuse.purpose_setting import FACT_FEATURES

WIDTH, HEADS, HEAD, WIDE, DEPTH = 384, 12, 32, 1536, 12
PLACES = 130
PAD = 1
SETTING_SHARE = 0.35
"""How much the facts of the setting weigh beside the sequence in the scores, at the start."""


class Block(nn.Module):
    """One layer: attention, then a map of each place."""

    def __init__(self, heads: int, wide: int, *, logistic: bool) -> None:
        """A layer of so many heads and widened places; `logistic` takes the logistic curve for GELU's."""
        super().__init__()
        self.heads, self.logistic = heads, logistic
        self.attend = nn.Linear(WIDTH, 3 * heads * HEAD)
        self.gather = nn.Linear(heads * HEAD, WIDTH)
        self.widen, self.narrow = nn.Linear(WIDTH, wide), nn.Linear(wide, WIDTH)
        self.after_attention, self.after_map = nn.LayerNorm(WIDTH, eps=1e-6), nn.LayerNorm(WIDTH, eps=1e-6)

    def forward(self, rows: torch.Tensor, mask: torch.Tensor, drop: float, *, first_only: bool = False) -> torch.Tensor:
        """Sequences (n, length, width) to as many, or to their first places alone."""
        count, length, _ = rows.shape
        query, key, value = self.attend(rows).view(count, length, 3, self.heads, HEAD).permute(2, 0, 3, 1, 4)
        if first_only:
            query, rows, length = query[:, :, :1], rows[:, :1], 1
        shares = ((query @ key.transpose(-1, -2)) / math.sqrt(HEAD) + mask).float().softmax(-1).to(query.dtype)
        heard = self.gather((shares @ value).transpose(1, 2).reshape(count, length, self.heads * HEAD))
        rows = self.after_attention(rows + functional.dropout(heard, drop, self.training))
        wide = self.widen(rows)
        wide = wide * torch.sigmoid(1.702 * wide) if self.logistic else functional.gelu(wide)
        return self.after_map(rows + functional.dropout(self.narrow(wide), drop, self.training))


class Reader(nn.Module):
    """Reads sequences of pieces with a setting.

    The teacher pools after its last layer; the student's last layer reads the first place alone, and the mean of the
    others is taken before it.
    """

    def __init__(self, numbers: Sequence[int], shape: Sequence[tuple[int, int]], upstream: Upstream, *, student: bool):
        """Layers of (heads, widened places); `numbers` are the upstream's pieces it knows."""
        super().__init__()
        self.numbers = sorted({0, PAD, 2, 3, *numbers})
        self.places_of = {number: place for place, number in enumerate(self.numbers)}
        self.student, self.drop = student, 0.1
        known = upstream.tensors["emb.word"].reshape(-1, WIDTH)[self.numbers]
        # The student keeps the upstream's four-bit vectors as they are, so that they ship without loss.
        self.embedding = nn.Embedding.from_pretrained(torch.tensor(known), freeze=student)
        self.places = nn.Parameter(torch.zeros(PLACES, WIDTH))
        self.kinds = nn.Parameter(torch.zeros(2, WIDTH))
        self.setting = nn.EmbeddingBag(FACT_FEATURES, WIDTH, mode="sum")
        nn.init.normal_(self.setting.weight, std=0.005)
        self.facts = nn.EmbeddingBag(FACT_FEATURES, len(PURPOSES), mode="sum")
        nn.init.zeros_(self.facts.weight)
        self.first = nn.LayerNorm(WIDTH, eps=1e-6)
        self.layers = nn.ModuleList([Block(heads, wide, logistic=student) for heads, wide in shape])
        self.last = nn.Linear(2 * WIDTH, len(PURPOSES))

    def ends(self, pieces: torch.Tensor, kinds: torch.Tensor, facts: torch.Tensor) -> torch.Tensor:
        """The setting's place beside the mean of the others, (n, 2 width)."""
        padded = pieces == self.places_of[PAD]
        rows = self.embedding(pieces) + self.places[: pieces.shape[1]] + self.kinds[kinds]
        rows = torch.cat([rows[:, :1] + self.setting(facts)[:, None], rows[:, 1:]], 1)
        rows = functional.dropout(self.first(rows), self.drop, self.training)
        mask = torch.zeros(padded.shape).masked_fill(padded, -1e4)[:, None, None]
        for layer in self.layers[:-1]:
            rows = layer(rows, mask, self.drop)
        others = rows
        rows = self.layers[-1](rows, mask, self.drop, first_only=self.student)
        if not self.student:
            others = rows
        here = (~padded).float()
        here[:, 0] = 0
        mean = (others * here[..., None]).sum(1) / here.sum(1, keepdim=True).clamp(min=1)
        return torch.cat([rows[:, 0], mean], 1)

    def forward(self, pieces: torch.Tensor, kinds: torch.Tensor, facts: torch.Tensor) -> torch.Tensor:
        """Scores (n, 10)."""
        ends = functional.dropout(self.ends(pieces, kinds, facts), 2 * self.drop, self.training)
        return self.last(ends) + SETTING_SHARE * self.facts(facts)


def new_teacher(numbers: Sequence[int], upstream: Upstream) -> Reader:
    """The teacher before training: all layers as published."""
    teacher = Reader(numbers, [(HEADS, WIDE)] * DEPTH, upstream, student=False)
    with torch.no_grad():
        kind = torch.tensor(upstream.tensors["emb.type"]).view(-1, WIDTH)[0]
        teacher.places.copy_(torch.tensor(upstream.tensors["emb.pos"]).view(-1, WIDTH)[:PLACES] + kind)
        _fill_norm(teacher.first, upstream, "emb.ln")
        for number, layer in enumerate(teacher.layers):
            parts = [f"l{number}.{each}" for each in "qkv"]
            for name, linear in (("ao", layer.gather), ("fi", layer.widen), ("fo", layer.narrow)):
                linear.weight.copy_(torch.tensor(upstream.tensors[f"l{number}.{name}.w"]).view_as(linear.weight))
                linear.bias.copy_(torch.tensor(upstream.tensors[f"l{number}.{name}.b"]))
            layer.attend.weight.copy_(
                torch.cat([torch.tensor(upstream.tensors[f"{part}.w"]).view(WIDTH, WIDTH) for part in parts])
            )
            layer.attend.bias.copy_(torch.cat([torch.tensor(upstream.tensors[f"{part}.b"]) for part in parts]))
            _fill_norm(layer.after_attention, upstream, f"l{number}.aln")
            _fill_norm(layer.after_map, upstream, f"l{number}.oln")
    return teacher


def _fill_norm(norm: nn.LayerNorm, upstream: Upstream, name: str) -> None:
    norm.weight.copy_(torch.tensor(upstream.tensors[f"{name}.w"]))
    norm.bias.copy_(torch.tensor(upstream.tensors[f"{name}.b"]))


Weight = tuple[NDArray[np.float64], NDArray[np.float64]]


def new_student(
    numbers: Sequence[int],
    upstream: Upstream,
    teacher: Reader,
    *,
    layers: Sequence[int],
    shape: tuple[int, int],
    weight: Sequence[Weight],
) -> Reader:
    """The student before training: some of the teacher's layers, with the heads and places of most weight."""
    student = Reader(numbers, [shape] * len(layers), upstream, student=True)
    with torch.no_grad():
        for name in ("places", "kinds"):
            getattr(student, name).copy_(getattr(teacher, name))
        for name in ("setting", "facts", "first", "last"):
            getattr(student, name).load_state_dict(getattr(teacher, name).state_dict())
        for block, number in zip(student.layers, layers, strict=True):
            _cut(block, teacher.layers[number], weight[number])
    return student


def _cut(block: Block, whole: Block, weight: Weight) -> None:
    """Fill a layer with the parts of a larger one that weigh most."""
    heads = np.sort(np.argsort(-weight[0])[: block.heads])
    rows = torch.tensor(np.concatenate([np.arange(head * HEAD, (head + 1) * HEAD) for head in heads]))
    wide = torch.tensor(np.sort(np.argsort(-weight[1])[: block.widen.out_features]))
    three = torch.cat([rows, rows + WIDTH, rows + 2 * WIDTH])
    block.attend.weight.copy_(whole.attend.weight[three])
    block.attend.bias.copy_(whole.attend.bias[three])
    block.gather.weight.copy_(whole.gather.weight[:, rows])
    block.gather.bias.copy_(whole.gather.bias)
    block.widen.weight.copy_(whole.widen.weight[wide])
    block.widen.bias.copy_(whole.widen.bias[wide])
    block.narrow.weight.copy_(whole.narrow.weight[:, wide])
    block.narrow.bias.copy_(whole.narrow.bias)
    block.after_attention.load_state_dict(whole.after_attention.state_dict())
    block.after_map.load_state_dict(whole.after_map.state_dict())
