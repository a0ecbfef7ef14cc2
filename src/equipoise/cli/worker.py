"""The background worker: inside `equipoise serve`, or in a process apart by `equipoise worker`."""

import importlib
import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click

from equipoise.cli.errors import Refused, unusable
from equipoise.cli.orphans import end_with_parent

TICKS = (
    "equipoise.apps.people.tasks.tick",
    "equipoise.apps.calendars.tasks.tick",
    "equipoise.apps.provisioning.spreadsheets.tasks.tick",
    "equipoise.apps.planner.tasks.tick",
    "equipoise.apps.integrations.webhooks.tasks.tick",
    "equipoise.apps.growth.tasks.tick",
    "equipoise.apps.insights.digest.tasks.tick",
    "equipoise.apps.insights.teams.tasks.tick",
    "equipoise.apps.privacy.tasks.tick",
)
"""What looks every now and then whether something is due; each is safe with several workers at once."""

TICK_SECONDS = 30

_log = logging.getLogger(__name__)


@click.command()
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("data"),
    show_default=True,
    help="Folder of the database and the keys, the same as the server's.",
)
def worker(data: Path) -> None:
    """Do what is done in the background, apart from the web server.

    Reads calendars, writes accepted blocks, proposes weeks, sends the Monday mail. `equipoise serve` does all of it
    by itself; with `equipoise serve --no-worker` one or more of these do it.

    \b
    Examples:
      equipoise serve --data /srv/equipoise --no-worker
      equipoise worker --data /srv/equipoise

    Exit codes: 0 stopped, 2 wrong usage, 3 refused (no database there, or one of another version).
    """
    os.umask(0o077)
    if not data.is_dir():
        raise Refused(f"There is no folder {data}. Start equipoise serve --data {data} first; it makes the database.")
    os.environ["DJANGO_SETTINGS_MODULE"] = "equipoise.config.settings"
    os.environ["EQUIPOISE_DATA"] = str(data)
    import django

    django.setup()
    _refuse_other_tables(data)
    click.echo(f"Working for {data} (Ctrl+C stops it)", err=True)
    work()


def main() -> None:
    """The worker of `equipoise serve`: it ends with the server that started it."""
    end_with_parent()
    import django

    django.setup()
    work()


def work() -> None:
    """Do what is queued, and look now and again for what is due, until told to stop."""
    from django.core.management import call_command

    with _ticking():
        call_command("db_worker", interval=0.3, startup_delay=False, verbosity=0)


def _refuse_other_tables(data: Path) -> None:
    """Leave a database alone that this version of the program does not fit.

    Raises:
        Refused: When it cannot be read, or the server has not brought it up to date yet.
    """
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        raise unusable(error, data) from error
    if missing:
        raise Refused(f"The database in {data} is not up to date. Start equipoise serve of this version first.")


@contextmanager
def _ticking() -> Iterator[None]:
    stopping = threading.Event()
    thread = threading.Thread(target=_tick_until, args=(stopping,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopping.set()


def _tick_until(stopping: threading.Event) -> None:
    from django.db import close_old_connections
    from django.utils import timezone

    failing: set[str] = set()
    while not stopping.is_set():
        for name in TICKS:
            close_old_connections()
            tick_once(name, timezone.now(), failing)
        close_old_connections()
        stopping.wait(TICK_SECONDS)


def tick_once(name: str, now: datetime, failing: set[str]) -> None:
    """Let one look; trouble is logged when it begins, not each time, and keeps nobody else from looking."""
    try:
        _tick(name)(now)
        failing.discard(name)
    except Exception:  # noqa: BLE001 - the others go on, whatever it is
        if name not in failing:
            _log.exception("%s failed; it is tried again every %d seconds", name, TICK_SECONDS)
        failing.add(name)


def _tick(name: str) -> Callable[[datetime], None]:
    module, _, attribute = name.rpartition(".")
    found: Callable[[datetime], None] = getattr(importlib.import_module(module), attribute)
    return found


if __name__ == "__main__":
    main()
