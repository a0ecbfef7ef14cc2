"""A progress bar on standard error, on a terminal only."""

import sys
from types import TracebackType
from typing import Any, Self

import click

from equipoise.adapters.ics import Progress, Stage

LABELS = {
    Stage.FETCHING: "Fetching",
    Stage.READING: "Reading entries",
    Stage.EXPANDING: "Working out when they take place",
}


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
