"""How entries are shown in training: whole or with less to see, misspelt, or mixed from two; and what is aimed at."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from labelled import Labelled, shown
from numpy.typing import NDArray

from equipoise.core.facets import PURPOSES, Purpose
from equipoise.core.timeuse.entries import Entry, Recurrence

VIEWS = {"full": 0.62, "title": 0.13, "notes": 0.13, "setting": 0.12}
"""How often an entry is shown in each view (`labelled.Labelled.seen_as`)."""
FORGOTTEN = 0.06
"""How often one fact of the setting is taken away in the full view."""
UNCLEAR = PURPOSES.index(Purpose.UNCLEAR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """One entry as shown once.

    Attributes:
        entry: What is shown.
        minutes: Its length; `None` when not shown.
        aim: float32 (10,), the aim by its label; `None` where it was mixed from two, and only a teacher can tell.
    """

    entry: Entry
    minutes: float | None
    aim: NDArray[np.float32] | None


def aims(rows: Labelled) -> NDArray[np.float32]:
    """0.95 for the label and 0.05 spread over all; 0.12 of it goes to the second purposes, where there are some."""
    spread = np.full((len(rows), len(PURPOSES)), 0.05 / len(PURPOSES), np.float32)
    for number, also in enumerate(rows.also):
        spread[number, rows.purposes[number]] += 0.95 - (0.12 if also else 0.0)
        for each in also:
            spread[number, each] += 0.12 / len(also)
    return spread


def show(rows: Labelled, aimed: NDArray[np.float32], number: int, rng: np.random.Generator) -> Showing:
    """One entry in a drawn view, perhaps misspelt."""
    view = str(rng.choice(list(VIEWS), p=list(VIEWS.values())))
    whole, minutes = rows.entries[number], rows.minutes[number]
    entry, aim = shown(whole, view), aimed[number]
    if view == "full":
        entry, minutes = _forget(entry, minutes, rng)
    elif view != "notes":
        minutes = None
    if view == "title":
        aim = _softened(aim, whole, rows.minutes[number])
    title, notes = misspelt(entry.title, rng) or entry.title, misspelt(entry.description, rng)
    return Showing(entry=replace(entry, title=title, description=notes), minutes=minutes, aim=aim)


def mixed(rows: Labelled, aimed: NDArray[np.float32], rng: np.random.Generator) -> list[Showing]:
    """Every entry once; three in ten mixed: another's setting or notes, half another's title, or the notes as title."""
    found = []
    for number in range(len(rows)):
        showing, draw, other = show(rows, aimed, number, rng), rng.random(), int(rng.integers(len(rows)))
        entry, theirs = showing.entry, rows.entries[other]
        if draw < 0.12:
            entry = replace(theirs, title=entry.title, description=entry.description)
            showing = Showing(entry=entry, minutes=rows.minutes[other], aim=None)
        elif draw < 0.18:
            showing = Showing(entry=replace(entry, description=theirs.description), minutes=showing.minutes, aim=None)
        elif draw < 0.25:
            mine, half = entry.title.split(), theirs.title.split()
            title = " ".join(mine[: (len(mine) + 1) // 2] + half[len(half) // 2 :])
            showing = Showing(entry=replace(entry, title=title), minutes=showing.minutes, aim=None)
        elif draw < 0.30 and entry.description:
            entry = replace(entry, title=entry.description, description="")
            showing = Showing(entry=entry, minutes=showing.minutes, aim=None)
        found.append(showing)
    return found


def misspelt(text: str, rng: np.random.Generator) -> str:  # noqa: PLR0911
    """The text as it is in three of four cases, else in another case, without accents, with a slip or a word less."""
    draw = rng.random()
    if draw < 0.06:
        return text.lower()
    if draw < 0.09:
        return text.upper()
    if draw < 0.12:
        return text.capitalize()
    if draw < 0.15:
        return "".join(mark for mark in unicodedata.normalize("NFKD", text) if not unicodedata.combining(mark))
    if draw < 0.19 and len(text) > 6:
        place = int(rng.integers(1, len(text) - 1))
        swapped = text[place + 1] + text[place] + text[place + 2 :]
        return text[:place] + (text[place + 1 :] if rng.random() < 0.5 else swapped)
    words = text.split()
    if 0.19 <= draw < 0.24 and len(words) > 3:
        del words[int(rng.integers(len(words)))]
        return " ".join(words)
    return text


def _forget(entry: Entry, minutes: float | None, rng: np.random.Generator) -> tuple[Entry, float | None]:
    gone = rng.random(5) < FORGOTTEN
    kept = Entry(
        uid=entry.uid,
        series=entry.series,
        title=entry.title,
        description=entry.description,
        attendees=None if gone[0] else entry.attendees,
        relation=None if gone[1] else entry.relation,
        organiser_self=None if gone[2] else entry.organiser_self,
        recurring=Recurrence.NO if gone[3] else entry.recurring,
    )
    return kept, None if gone[4] else minutes


def _softened(aim: NDArray[np.float32], whole: Entry, minutes: float | None) -> NDArray[np.float32]:
    """A title alone tells less than the entry its label was given for: the shorter, the more goes to `UNCLEAR`."""
    if not (whole.relation or minutes or whole.description):
        return aim
    words = len(whole.title.split())
    doubt = 0.35 if words <= 2 else 0.15 if words <= 4 else 0.05
    softened: NDArray[np.float32] = aim * np.float32(1 - doubt)
    softened[UNCLEAR] += doubt
    return softened


def joined(showings: Sequence[Showing]) -> tuple[list[Entry], list[float | None]]:
    """The entries and their lengths."""
    return [each.entry for each in showings], [each.minutes for each in showings]
