"""Read the labelled entries into the values the model knows."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from equipoise.core.facets import PURPOSES, Purpose
from equipoise.core.timeuse.entries import Entry, Recurrence, Relation

HERE = Path(__file__).parent
ENTRIES = sorted((HERE / "entries").glob("*.csv"))
DEVELOPMENT = HERE / "development.csv"
HELD_OUT = frozenset((HERE / "held_out.txt").read_text(encoding="utf-8").split())
"""Entries of six hands, as `hand:id`, kept out of training while choices are made; the last round sees them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """Entries with their lengths, their purposes, and who wrote them.

    Attributes:
        entries: n entries.
        minutes: n lengths; `None` where not given.
        purposes: int64 (n,), positions in `PURPOSES`.
        also: n tuples of second purposes, positions in `PURPOSES`.
        hands: n names of the hand that wrote each.
    """

    entries: tuple[Entry, ...]
    minutes: tuple[float | None, ...]
    purposes: NDArray[np.int64]
    also: tuple[tuple[int, ...], ...]
    hands: NDArray[np.str_]

    def __len__(self) -> int:
        """How many entries."""
        return len(self.entries)

    def at(self, chosen: NDArray[np.bool_]) -> "Labelled":
        """Those that are chosen."""
        numbers = np.flatnonzero(chosen)
        return Labelled(
            entries=tuple(self.entries[number] for number in numbers),
            minutes=tuple(self.minutes[number] for number in numbers),
            purposes=self.purposes[numbers],
            also=tuple(self.also[number] for number in numbers),
            hands=self.hands[numbers],
        )

    def seen_as(self, view: str) -> "Labelled":
        """The same entries, `full`, or with less to see: `title` alone, no `notes`, or no `setting`."""
        seen = tuple(shown(entry, view) for entry in self.entries)
        known = view in {"full", "notes"}
        minutes = self.minutes if known else (None,) * len(self)
        return replace(self, entries=seen, minutes=minutes)


def shown(entry: Entry, view: str) -> Entry:
    """One entry as `Labelled.seen_as` describes."""
    if view == "full":
        return entry
    if view == "notes":
        return replace(entry, description="")
    bare = Entry(uid=entry.uid, series=entry.series, title=entry.title)
    return bare if view == "title" else replace(bare, description=entry.description)


def read_labelled(paths: Iterable[Path]) -> Labelled:
    """Read tables of labelled entries; a row that is not whole is left out."""
    rows = [(path, row) for path in paths for row in _rows(path)]
    return Labelled(
        entries=tuple(_entry(row) for _, row in rows),
        minutes=tuple(float(row["minutes"]) if row["minutes"] else None for _, row in rows),
        purposes=np.array([PURPOSES.index(Purpose(row["primary"])) for _, row in rows], np.int64),
        also=tuple(tuple(PURPOSES.index(Purpose(each)) for each in row["also"].split()) for _, row in rows),
        hands=np.array([_hand(path, row) for path, row in rows]),
    )


def held_out(rows: Labelled) -> NDArray[np.bool_]:
    """Which entries are held out of training."""
    return np.array(
        [f"{hand}:{entry.uid}" in HELD_OUT for hand, entry in zip(rows.hands, rows.entries, strict=True)], bool
    )


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return [row for row in csv.DictReader(handle) if None not in row and None not in row.values()]


def _hand(path: Path, row: dict[str, str]) -> str:
    """The file's name; in `hands-a-f` each of the six hands is known by the first letter of its ids."""
    return f"hand-{row['id'][0]}" if path.stem == "hands-a-f" else path.stem


def _entry(row: dict[str, str]) -> Entry:
    return Entry(
        uid=row["id"],
        series=row["id"],
        title=row["title"],
        description=row["description"],
        attendees=int(row["attendees"]) if row["attendees"] else None,
        relation=Relation(row["relation"]) if row["relation"] else None,
        recurring=Recurrence(row["recurring"] or "no"),
        organiser_self={"": None, "yes": True, "no": False}[row["organiser_self"]],
    )
