"""`equipoise organisation`: everything in one archive, from one database to another."""

import os
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import click

from equipoise.cli.errors import InputUnreadable, OutputRefused, Refused, unusable

if TYPE_CHECKING:
    from equipoise.platform.archive.reading import Archive

DATA = click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("data"),
    show_default=True,
    help="Folder of the database and the keys, the same as the server's.",
)
ARCHIVE = click.argument("archive", type=click.Path(dir_okay=False, path_type=Path), metavar="ARCHIVE")


@click.group()
def organisation() -> None:
    """Take everything along in one archive: to another machine, or from SQLite to PostgreSQL and back.

    \b
    Example:
      equipoise organisation export --data ~/equipoise moving.zip
      cp ~/equipoise/vault.key /srv/equipoise/
      EQUIPOISE_DATABASE_URL=postgresql://user:secret@localhost/equipoise \\
        equipoise organisation import --data /srv/equipoise moving.zip
    """


@organisation.command("export")
@DATA
@ARCHIVE
@click.option(
    "--with-key",
    is_flag=True,
    help="Put the vault's key in, too. Whoever has the archive then reads stored passwords and private texts.",
)
def export(data: Path, archive: Path, with_key: bool) -> None:
    """Write everything into ARCHIVE, which must not be there yet. The server may go on running.

    The archive does not hold the vault's key, unless you ask for it: take the file vault.key along by another way.

    Exit codes: 0 written, 2 wrong usage, 3 refused (no database there, or one of another version), 4 not writable.
    """
    os.umask(0o077)
    if not data.is_dir():
        raise Refused(f"There is no folder {data}. Give the server's folder with --data.")
    _start(data)
    from django.conf import settings
    from django.db import DatabaseError
    from django.utils import timezone

    from equipoise.platform import audit
    from equipoise.platform.archive import contents
    from equipoise.platform.archive.manifest import ArchiveRefused
    from equipoise.platform.archive.writing import write_archive

    if archive.exists():
        raise OutputRefused(f"{archive} is there already. Give another name.")
    now = timezone.now()
    try:
        if contents.is_up_to_date():
            audit.record(actor_id=None, subject_id=None, verb="organisation exported", now=now)
        manifest = write_archive(
            archive, keys=settings.VAULT_KEYS, with_key=with_key, version=version("equipoise"), now=now
        )
    except ArchiveRefused as error:
        raise Refused(str(error)) from error
    except OSError as error:
        raise OutputRefused(f"Cannot write {archive} ({error.strerror}). Choose another place.") from error
    except DatabaseError as error:
        raise unusable(error, data) from error
    click.echo(f"{archive} holds {manifest.rows} rows of {len(manifest.parts)} tables.")
    click.echo(_about_key(data, with_key=with_key), err=True)


def _about_key(data: Path, *, with_key: bool) -> str:
    if with_key:
        return (
            "Warning: the vault's key is in it. Whoever has the archive reads stored passwords and private texts; "
            "keep it as you would keep those, and erase it when it has served."
        )
    kept = "the value of EQUIPOISE_VAULT_KEY" if os.environ.get("EQUIPOISE_VAULT_KEY") else data / "vault.key"
    return f"The vault's key is not in it. Take {kept} along, apart from the archive; without it the import is refused."


@organisation.command("import")
@DATA
@ARCHIVE
def import_(data: Path, archive: Path) -> None:
    """Read ARCHIVE into an empty database: all of it, or nothing.

    Put the vault's key into the folder first (the file vault.key), or set EQUIPOISE_VAULT_KEY, unless the archive
    holds it. Stop the server meanwhile.

    Exit codes: 0 imported, 2 wrong usage, 3 refused (damaged, newer, another key, database not empty).
    """
    os.umask(0o077)
    from equipoise.platform.archive.manifest import ArchiveRefused
    from equipoise.platform.archive.reading import opened

    try:
        with opened(archive) as found:
            found.check()
            _load(found, data)
    except ArchiveRefused as error:
        raise InputUnreadable(str(error)) from error


def _load(found: "Archive", data: Path) -> None:
    brought = _fit_key(found, data)
    try:
        _start(data)
        from django.db import DatabaseError
        from django.utils import timezone

        from equipoise.platform import audit
        from equipoise.platform.archive.loading import load_archive

        try:
            load_archive(found, tell=lambda table: click.echo(f"  {table}", err=True))
            trail = audit.check()
            audit.record(
                actor_id=None,
                subject_id=None,
                verb="organisation imported",
                now=timezone.now(),
                detail={"rows": found.manifest.rows, "version": found.manifest.version},
            )
        except DatabaseError as error:
            raise unusable(error, data) from error
    except BaseException:
        if brought is not None:
            brought.unlink(missing_ok=True)
        raise
    click.echo(f"{found.manifest.rows} rows of {len(found.manifest.parts)} tables are in. Everybody signs in again.")
    told = "The trail's chain holds." if trail.whole else "The trail's chain does not hold; see the trail's page."
    click.echo(f"{told} Start it with: equipoise serve --data {data}", err=True)


def _fit_key(found: "Archive", data: Path) -> Path | None:
    """See that the vault's key here is the archive's before anything is made; the key's file, if it came with it."""
    from equipoise.platform.archive.manifest import mark_of

    file = data / "vault.key"
    try:
        given = os.environ.get("EQUIPOISE_VAULT_KEY", "").strip() or file.read_text(encoding="ascii")
    except OSError:
        given = ""
    marks = {mark_of(key.strip()) for key in given.split(",") if key.strip()}
    if set(found.manifest.key_marks) <= marks:
        return None
    if marks:
        raise InputUnreadable(
            f"The vault's key here ({file}, or EQUIPOISE_VAULT_KEY) is not the archive's. Put the vault.key of where "
            "the archive was made in its place. Nothing was imported."
        )
    if not found.manifest.has_key:
        raise InputUnreadable(
            f"The archive was made with a vault key that is not here. Copy vault.key from there to {file} first, or "
            "set EQUIPOISE_VAULT_KEY. Nothing was imported."
        )
    if set(map(mark_of, found.keys)) != set(found.manifest.key_marks):
        raise InputUnreadable("The key in the archive is damaged. Copy the archive anew. Nothing was imported.")
    data.mkdir(parents=True, exist_ok=True)
    file.write_text(",".join(found.keys), encoding="ascii")
    file.chmod(0o600)
    return file


@organisation.command("check")
@ARCHIVE
def check(archive: Path) -> None:
    """Read ARCHIVE, hold every part to its checksum, and say what it holds; nothing is written.

    Exit codes: 0 whole, 2 wrong usage, 3 damaged, cut off, of a newer version, or not ours.
    """
    from equipoise.platform.archive.manifest import ArchiveRefused
    from equipoise.platform.archive.reading import opened

    try:
        with opened(archive) as found:
            found.check()
            manifest = found.manifest
    except ArchiveRefused as error:
        raise InputUnreadable(str(error)) from error
    click.echo(f"{archive} is whole: made {manifest.made_at} by Equipoise {manifest.version} from {manifest.database}.")
    for part in manifest.parts:
        click.echo(f"{part.rows:>9}  {part.table}")
    click.echo(f"{manifest.rows:>9}  rows in all; the vault's key is {'in it' if manifest.has_key else 'not in it'}.")


def _start(data: Path) -> None:
    """Make Django ready for the database of a folder."""
    try:
        data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refused(f"Cannot write to {data} ({error.strerror}). Choose another folder with --data.") from error
    os.environ["DJANGO_SETTINGS_MODULE"] = "equipoise.config.settings"
    os.environ["EQUIPOISE_DATA"] = str(data)
    import django

    django.setup()
