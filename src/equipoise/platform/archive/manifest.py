"""What an archive says of itself, and why one is refused. Knows no Django: an archive is checked without a database.

An archive is a zip file. `manifest.json` names every part with its number of rows, its bytes and its SHA-256;
`manifest.sha256` holds the SHA-256 of the manifest. Each table is one part of JSON lines, one object a row.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

FORMAT = 1
"""Counts up whenever an older program could no longer read what is written."""

PROGRAM = "equipoise"
MANIFEST = "manifest.json"
MANIFEST_DIGEST = "manifest.sha256"
KEY_FILE = "keys/vault.key"


class ArchiveRefused(ValueError):
    """The archive, or the database it shall go into, will not do; the message says why and what to do, in English."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One table of an archive.

    Attributes:
        table: Its model ("people.person").
        file: Its name in the archive.
        rows: How many there are.
        size: Bytes before packing.
        sha256: Of those bytes.
        last_number: The highest number ever given to a row, also to one that is gone; 0 where numbers are not counted.
    """

    table: str
    file: str
    rows: int
    size: int
    sha256: str
    last_number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What an archive holds.

    Attributes:
        version: Of the program that wrote it.
        made_at: When, in ISO 8601, UTC.
        database: The kind it came from ("sqlite", "postgresql").
        migrations: By app, the changes of the tables that had been made.
        key_marks: Fingerprints of the vault's keys; a key cannot be worked out from one.
        has_key: Whether the keys themselves are in it.
        parts: Its tables, in the order in which they are read.
        left_out: Tables that stay behind, each with the reason.
    """

    version: str
    made_at: str
    database: str
    migrations: Mapping[str, Sequence[str]]
    key_marks: Sequence[str]
    has_key: bool
    parts: Sequence[Part]
    left_out: Mapping[str, str]

    @property
    def rows(self) -> int:
        """How many rows all parts hold."""
        return sum(part.rows for part in self.parts)

    def rows_of(self, table: str) -> int:
        """How many rows a table has; 0 when it is not there."""
        return next((part.rows for part in self.parts if part.table == table), 0)


def mark_of(key: str) -> str:
    """The fingerprint of one of the vault's keys (32 random bytes, so that nobody finds it by trying)."""
    return hashlib.sha256(f"equipoise vault key\0{key}".encode()).hexdigest()[:16]


def to_bytes(manifest: Manifest) -> bytes:
    """The manifest as it stands in the archive."""
    told = {"program": PROGRAM, "format": FORMAT, **asdict(manifest)}
    return json.dumps(told, indent=1, ensure_ascii=True, sort_keys=True).encode("ascii")


def from_bytes(content: bytes) -> Manifest:
    """Read a manifest.

    Raises:
        ArchiveRefused: When it is none of ours, or of a later format.
    """
    try:
        told: dict[str, Any] = json.loads(content)
        program, number = told.pop("program"), told.pop("format")
    except (ValueError, KeyError, AttributeError) as error:
        raise ArchiveRefused(FOREIGN) from error
    if program != PROGRAM or not isinstance(number, int):
        raise ArchiveRefused(FOREIGN)
    if number > FORMAT:
        raise ArchiveRefused(newer(str(told.get("version", "?"))))
    try:
        return Manifest(**{**told, "parts": [Part(**part) for part in told["parts"]]})
    except (TypeError, KeyError) as error:
        raise ArchiveRefused(DAMAGED) from error


FOREIGN = "This is not an archive of Equipoise. Give a file that `equipoise organisation export` wrote."
DAMAGED = "The archive is damaged or cut off. Copy it anew from where it was made, or export again."


def newer(version: str) -> str:
    """What to say of an archive from a later version."""
    return f"The archive was made by a newer Equipoise ({version}). Update this one, then import."
