"""Read an archive into an empty database: all of it, or nothing."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from django.apps.registry import Apps
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Model

from equipoise.platform.archive import contents, values
from equipoise.platform.archive.manifest import DAMAGED, ArchiveRefused, Part, newer
from equipoise.platform.archive.reading import Archive

ROWS_AT_A_TIME = 500

Told = Callable[[str], None]


def load_archive(archive: Archive, *, tell: Told) -> None:
    """Make the tables as they were where the archive comes from, fill them, then bring them up to date.

    Args:
        archive: Opened; its key must fit already.
        tell: Called with the name of each table that holds rows, once it is filled.

    Raises:
        ArchiveRefused: When the database is not empty, or the archive is damaged, newer, or holds what this kind of
            database does not take. Nothing is kept then.
        DatabaseError: When the database cannot be used.
    """
    archive.check()
    registry = _tables_of(archive)
    with transaction.atomic():
        _fill(archive, registry, tell)
    call_command("migrate", verbosity=0, interactive=False)


def _tables_of(archive: Archive) -> Apps:
    """Make the tables as the archive knows them; the models as they were then."""
    executor = MigrationExecutor(connection)
    wanted = {(app, name) for app, names in archive.manifest.migrations.items() for name in names}
    known, made = set(executor.loader.graph.nodes), set(executor.loader.applied_migrations)
    if wanted - known - set(executor.loader.replacements):
        raise ArchiveRefused(newer(archive.manifest.version))
    _refuse_if_filled(executor)
    if made - wanted:
        raise ArchiveRefused(
            "The tables there are of a newer version than the archive. Give it a database without tables: another "
            "--data folder, or a new PostgreSQL database. They are brought up to date after the import."
        )
    wanted &= known
    if wanted == known:
        call_command("migrate", verbosity=0, interactive=False)
    else:
        executor.migrate(_ends(executor, wanted))
    loader = MigrationExecutor(connection).loader
    return loader.project_state(_ends(executor, wanted)).apps


def _ends(executor: MigrationExecutor, wanted: set[tuple[str, str]]) -> list[tuple[str, str]]:
    """The last of the changes in each line."""
    graph = executor.loader.graph
    followed = {parent.key for key in wanted for parent in graph.node_map[key].parents if parent.key[0] == key[0]}
    return sorted(wanted - followed)


def _refuse_if_filled(executor: MigrationExecutor) -> None:
    """Only into an empty database: nothing there is ever overwritten or mixed."""
    there = set(connection.introspection.table_names())
    registry = executor.loader.project_state(list(executor.loader.applied_migrations)).apps if there else Apps()
    for model in contents.tables(registry):
        known = model._meta.db_table in there and model._meta.label_lower != contents.HEAD
        if known and model._base_manager.exists():
            raise ArchiveRefused(
                "There are records in that database already. An archive goes only into an empty one: give another "
                "--data folder, or a new PostgreSQL database. Nothing was changed."
            )


def _fill(archive: Archive, registry: Apps, tell: Told) -> None:
    models = {model._meta.label_lower: model for model in contents.tables(registry)}
    if set(models) != {part.table for part in archive.manifest.parts}:
        raise ArchiveRefused(newer(archive.manifest.version))
    models[contents.HEAD]._base_manager.all().delete()
    for part in archive.manifest.parts:
        try:
            _fill_table(archive, part, models[part.table])
        except (DatabaseError, ValueError, TypeError, OverflowError) as error:
            if isinstance(error, ArchiveRefused):
                raise
            raise ArchiveRefused(_not_taken(part, error)) from error
        if part.rows:
            tell(part.table)
    try:
        connection.check_constraints()
    except DatabaseError as error:
        raise ArchiveRefused(DAMAGED) from error


def _fill_table(archive: Archive, part: Part, model: type[Model]) -> None:
    fields = contents.columns(model)
    for field in fields:  # a time that is set by itself would replace the one that was kept
        for name in ("auto_now", "auto_now_add"):
            if getattr(field, name, False):
                setattr(field, name, False)
    names = {field.attname for field in fields}
    for batch in _batches(archive.rows_of(part)):
        if any(row.keys() != names for row in batch):
            raise ArchiveRefused(DAMAGED)
        model._base_manager.bulk_create(
            model(**{field.attname: values.from_json(field, row[field.attname]) for field in fields}) for row in batch
        )
    contents.go_on_from(model, part.last_number)


def _batches(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    remaining = iter(rows)
    while batch := list(islice(remaining, ROWS_AT_A_TIME)):
        yield batch


def _not_taken(part: Part, error: Exception) -> str:
    what = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return f"The database does not take a row of {part.table} ({what}). Nothing was imported."
