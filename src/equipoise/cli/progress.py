"""A progress bar on standard error, on a terminal only."""

import sys
from collections.abc import Sequence
from contextlib import nullcontext
from types import TracebackType
from typing import Any, Self

import click
import numpy as np

from equipoise.adapters.classifier import Classifier
from equipoise.adapters.ics import Progress, Stage
from equipoise.core.facets import PURPOSES
from equipoise.core.intervals import Floats
from equipoise.core.timeuse.entries import Entry

LABELS = {
    Stage.FETCHING: "Fetching",
    Stage.READING: "Reading entries",
    Stage.EXPANDING: "Working out when they take place",
}
STEP = 500


def probabilities_watched(classifier: Classifier, entries: Sequence[Entry], minutes: Sequence[float | None]) -> Floats:
    """What entries are for, shape (entries, 10), asked in steps under a bar where somebody watches."""
    steps = range(0, len(entries), STEP)
    watched = sys.stderr.isatty() and len(steps) > 1
    label = "Telling what entries are for"
    with click.progressbar(steps, label=label, file=sys.stderr) if watched else nullcontext(steps) as bar:
        parts = [classifier.probabilities(entries[at : at + STEP], minutes[at : at + STEP]) for at in bar]
    return np.concatenate([np.zeros((0, len(PURPOSES))), *parts])


class Bars:
    """Draws one bar for each stage of a reading; says nothing where nobody watches."""

    def __init__(self) -> None:
        """Look whether standard error is a terminal."""
        self._watched = sys.stderr.isatty()
        self._stage: tuple[Stage, str] | None = None
        self._bar: Any = None
        self._done = 0

    def __enter__(self) -> Self:
        """Begin without a bar."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the line of the last bar."""
        self._finish()

    def show(self, progress: Progress) -> None:
        """Move the bar of this stage on."""
        if not self._watched or progress.total is None:
            return
        if self._stage != (progress.stage, progress.source):
            self._begin(progress)
        self._bar.update(progress.done - self._done)
        self._done = progress.done

    def _begin(self, progress: Progress) -> None:
        self._finish()
        self._stage = (progress.stage, progress.source)
        self._bar = click.progressbar(length=progress.total, label=LABELS[progress.stage], file=sys.stderr)
        self._bar.render_progress()
        self._done = 0

    def _finish(self) -> None:
        if self._bar is not None:
            self._bar.render_finish()
        self._bar = None
