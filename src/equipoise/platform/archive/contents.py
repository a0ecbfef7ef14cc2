"""Which tables travel in an archive, in which order, and which stay behind."""

from collections.abc import Iterator
from typing import Any

from django.apps.registry import Apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Field, Model

LEFT_OUT = {
    "auth.permission": "made anew with the tables; Equipoise gives none",
    "auth.group_permissions": "made anew with the tables; Equipoise gives none",
    "auth.group": "Equipoise has its own roles",
    "contenttypes.contenttype": "made anew with the tables",
    "sessions.session": "everybody signs in again",
    "usersessions.usersession": "everybody signs in again",
    "privacy.package": "its file stands beside the database; whoever wants one asks anew",
    "django_tasks_database.dbtaskresult": "the worker looks anew for what is due",
}
"""Tables that do not travel, and why; every other table does, also those of later features."""

HEAD = "platform.audithead"
"""The one table that may hold a row in a database that is empty otherwise."""


def tables(registry: Apps) -> Iterator[type[Model]]:
    """The models whose rows travel, in the order of the apps; `registry` may be that of an earlier state."""
    for model in registry.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy and model._meta.label_lower not in LEFT_OUT:
            yield model


def columns(model: type[Model]) -> list["Field[Any, Any]"]:
    """The columns of a table that hold something of their own."""
    return [field for field in model._meta.concrete_fields if not getattr(field, "generated", False)]


def migrations_made() -> dict[str, list[str]]:
    """By app, the changes of the tables that have been made in this database."""
    made: dict[str, list[str]] = {}
    for app, name in sorted(MigrationRecorder(connection).applied_migrations()):
        made.setdefault(app, []).append(name)
    return made


def is_up_to_date() -> bool:
    """Whether the tables are those of this version of the program."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def last_number(model: type[Model]) -> int:
    """The highest number ever given to a row of a table, so that it is never given again; 0 where none are counted."""
    key = model._meta.pk
    if not _counts(key):
        return 0
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [model._meta.db_table])
            found = cursor.fetchone()
            return int(found[0]) if found else 0
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [_quoted(model), key.column])
        sequence = cursor.fetchone()[0]
        cursor.execute(f"SELECT last_value, is_called FROM {sequence}")  # noqa: S608 - the database's own name
        value, called = cursor.fetchone()
        return int(value) if called else 0


def go_on_from(model: type[Model], number: int) -> None:
    """Let a table give numbers after this one only."""
    if not number or not _counts(model._meta.pk):
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [model._meta.db_table])
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [model._meta.db_table, number])
            return
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence(%s, %s), %s, true)",
            [_quoted(model), model._meta.pk.column, number],
        )


def _counts(key: "Field[Any, Any]") -> bool:
    return key.get_internal_type() in {"AutoField", "BigAutoField", "SmallAutoField"}


def _quoted(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)
