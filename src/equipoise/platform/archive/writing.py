"""Write everything the database holds into one archive."""

import hashlib
import json
import os
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model

from equipoise.platform.archive import contents, values
from equipoise.platform.archive.manifest import (
    KEY_FILE,
    MANIFEST,
    MANIFEST_DIGEST,
    ArchiveRefused,
    Manifest,
    Part,
    mark_of,
    to_bytes,
)

ROWS_AT_A_TIME = 1000
"""So many rows are held in memory at once."""


def write_archive(path: Path, *, keys: Sequence[str], with_key: bool, version: str, now: datetime) -> Manifest:
    """Write all tables as they are at one moment, while others go on working.

    The file is for its owner's eyes alone (mode 0600) and has its name only once it is whole.

    Args:
        path: Where to; nothing may be there yet.
        keys: The vault's keys, for their fingerprints.
        with_key: Whether to put the keys themselves in; whoever has the archive then reads what is sealed.
        version: Of the program.
        now: When.

    Raises:
        ArchiveRefused: When the tables are not those of this version.
        FileExistsError: When something is there.
        OSError: When it cannot be written.
    """
    if not contents.is_up_to_date():
        raise ArchiveRefused("The database is not up to date. Start equipoise serve of this version first.")
    if path.exists():
        raise FileExistsError(path)
    unfinished = path.with_name(f".{path.name}.unfinished")
    descriptor = os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            manifest = _write(file, keys=keys, with_key=with_key, version=version, now=now)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return manifest


def _write(file: IO[bytes], *, keys: Sequence[str], with_key: bool, version: str, now: datetime) -> Manifest:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        with _one_moment():
            parts = [_write_table(archive, model, number) for number, model in enumerate(contents.tables(apps), 1)]
            made = contents.migrations_made()
        if with_key:
            archive.writestr(KEY_FILE, ",".join(keys))
        manifest = Manifest(
            version=version,
            made_at=now.astimezone(UTC).isoformat(timespec="seconds"),
            database=connection.vendor,
            migrations=made,
            key_marks=[mark_of(key) for key in keys],
            has_key=with_key,
            parts=parts,
            left_out=contents.LEFT_OUT,
        )
        told = to_bytes(manifest)
        archive.writestr(MANIFEST, told)
        archive.writestr(MANIFEST_DIGEST, hashlib.sha256(told).hexdigest())
    return manifest


@contextmanager
def _one_moment() -> Iterator[None]:
    """Read everything as it is now, whatever others write meanwhile; nobody waits for it."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield


def _write_table(archive: zipfile.ZipFile, model: type[Model], number: int) -> Part:
    table = model._meta.label_lower
    file, digest, size, rows = f"tables/{number:02}-{table}.jsonl", hashlib.sha256(), 0, 0
    with archive.open(file, "w", force_zip64=True) as part:
        for line in _lines(model):
            digest.update(line)
            part.write(line)
            size, rows = size + len(line), rows + 1
    return Part(
        table=table,
        file=file,
        rows=rows,
        size=size,
        sha256=digest.hexdigest(),
        last_number=contents.last_number(model),
    )


def _lines(model: type[Model]) -> Iterator[bytes]:
    fields = contents.columns(model)
    rows: Any = model._base_manager.order_by("pk").values_list(*(field.attname for field in fields))
    for row in rows.iterator(chunk_size=ROWS_AT_A_TIME):
        told = {field.attname: values.to_json(field, value) for field, value in zip(fields, row, strict=True)}
        yield json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
