"""Read an archive and hold every part to what its manifest says. Knows no Django."""

import hashlib
import hmac
import json
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from equipoise.platform.archive.manifest import (
    DAMAGED,
    FOREIGN,
    KEY_FILE,
    MANIFEST,
    MANIFEST_DIGEST,
    ArchiveRefused,
    Manifest,
    Part,
    from_bytes,
)

LONGEST_MANIFEST = 10_000_000
LONGEST_LINE = 100_000_000
"""Bytes; a row is longer in no archive of ours."""

_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError)


class Archive:
    """An archive that is open for reading."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        """Read what it says of itself.

        Raises:
            ArchiveRefused: When it is foreign, damaged, or of a later format.
        """
        self._file = file
        self.manifest = self._read_manifest()

    def _read_manifest(self) -> Manifest:
        names = self._file.namelist()
        if MANIFEST not in names or MANIFEST_DIGEST not in names:
            raise ArchiveRefused(FOREIGN)
        told, digest = self._small(MANIFEST), self._small(MANIFEST_DIGEST)
        if not hmac.compare_digest(hashlib.sha256(told).hexdigest().encode(), digest.strip()):
            raise ArchiveRefused(DAMAGED)
        manifest = from_bytes(told)
        expected = [part.file for part in manifest.parts] + [KEY_FILE] * manifest.has_key
        if sorted(names) != sorted([*expected, MANIFEST, MANIFEST_DIGEST]):
            raise ArchiveRefused(DAMAGED)
        return manifest

    def _small(self, name: str) -> bytes:
        if self._file.getinfo(name).file_size > LONGEST_MANIFEST:
            raise ArchiveRefused(DAMAGED)
        try:
            return self._file.read(name)
        except _BROKEN as error:
            raise ArchiveRefused(DAMAGED) from error

    @property
    def keys(self) -> list[str]:
        """The vault's keys, when they are in it."""
        if not self.manifest.has_key:
            return []
        return self._small(KEY_FILE).decode("ascii", errors="replace").split(",")

    def rows_of(self, part: Part) -> Iterator[dict[str, Any]]:
        """The rows of a table, one after the other; the end is reached only if all of it is as it was written.

        Raises:
            ArchiveRefused: When anything is not.
        """
        digest, size, rows = hashlib.sha256(), 0, 0
        try:
            with self._file.open(part.file) as lines:
                while line := lines.readline(LONGEST_LINE):
                    digest.update(line)
                    size, rows = size + len(line), rows + 1
                    if size > part.size:
                        raise ArchiveRefused(DAMAGED)
                    yield json.loads(line)
        except (*_BROKEN, ValueError) as error:
            if isinstance(error, ArchiveRefused):
                raise
            raise ArchiveRefused(DAMAGED) from error
        if (digest.hexdigest(), size, rows) != (part.sha256, part.size, part.rows):
            raise ArchiveRefused(DAMAGED)

    def check(self) -> None:
        """Read all of it once.

        Raises:
            ArchiveRefused: When anything is not as it was written.
        """
        for part in self.manifest.parts:
            for _ in self.rows_of(part):
                pass


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """Open an archive.

    Raises:
        ArchiveRefused: When it is not there, foreign, damaged, or of a later format.
    """
    try:
        file = zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise ArchiveRefused(_not_a_zip(path)) from error
    except OSError as error:
        raise ArchiveRefused(f"Cannot read {path} ({error.strerror}). Give the path of an archive.") from error
    with file:
        yield Archive(file)


def _not_a_zip(path: Path) -> str:
    """A cut-off archive has lost the list at its end, but still begins like one."""
    with path.open("rb") as file:
        return DAMAGED if file.read(4) == b"PK\x03\x04" else FOREIGN
