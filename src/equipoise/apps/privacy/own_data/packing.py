"""Everything kept of a person as one archive: JSON whole, tables as CSV, calendars as .ics, and a manifest.

A small one is made at once; a large one in the background, encrypted until its owner fetches it.
"""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder

from equipoise.adapters.ics.writing import EntryToWrite, written_calendar
from equipoise.apps.calendars import keeping as calendars
from equipoise.apps.people.models import Person
from equipoise.apps.privacy.models import Package
from equipoise.apps.privacy.own_data import queries
from equipoise.platform import vault

FORMAT = 1
FOLDER = "packages"
MANY_ENTRIES = 5_000
"""With more entries than this in the calendars, it is made in the background."""

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def is_large(person: Person) -> bool:
    """Whether making it would keep the person waiting."""
    return calendars.entries_count(person) > MANY_ENTRIES


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One file of the archive, with how many rows it holds."""

    name: str
    content: bytes
    rows: int


def archive_of(person: Person, *, now: datetime) -> bytes:
    """The archive, whole. Needs the person's language to be active."""
    told = queries.everything(person, now=now)
    parts = [Part(name="everything.json", content=as_json(told), rows=1), *_tables(told), *_calendars(told, now)]
    manifest = {
        "format": FORMAT,
        "made_at": now,
        "files": [
            {
                "name": part.name,
                "rows": part.rows,
                "bytes": len(part.content),
                "sha256": hashlib.sha256(part.content).hexdigest(),
            }
            for part in parts
        ],
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in (Part(name="manifest.json", content=as_json(manifest), rows=1), *parts):
            archive.writestr(part.name, part.content)
    return buffer.getvalue()


def as_json(told: object) -> bytes:
    """Plain values as JSON for people to read."""
    return json.dumps(told, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1).encode()


def _tables(told: Mapping[str, object]) -> Iterator[Part]:
    """Every list of rows as a table; entries as one table of all calendars."""
    for key, rows in told.items():
        if isinstance(rows, list) and rows and all(isinstance(row, Mapping) for row in rows):
            shown = list(_entries(rows)) if key == "calendars" else rows
            yield Part(name=f"tables/{key}.csv", content=_as_csv(shown), rows=len(shown))


def _entries(rows: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, object]]:
    for calendar in rows:
        for entry in calendar["entries"]:
            for start, end in entry["times"]:
                kept = {key: value for key, value in entry.items() if key != "times"}
                yield {"calendar": calendar["name"], "start": start, "end": end, **kept}


def _as_csv(rows: Sequence[Mapping[str, object]]) -> bytes:
    """A table with a mark of its encoding, as spreadsheets want it; nothing in it is taken for a formula."""
    text = io.StringIO(newline="")
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.DictWriter(text, names)
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, (list, dict)):
        value = json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
    elif isinstance(value, datetime):
        value = value.isoformat()
    told = str(value)
    number = isinstance(value, (int, float))
    return f"'{told}" if told.startswith(_STARTS_A_FORMULA) and not number else told


def _calendars(told: Mapping[str, Any], now: datetime) -> Iterator[Part]:
    """Each calendar as a file calendar programs read, its entries at the times they took place."""
    for number, calendar in enumerate(told["calendars"], start=1):
        found = list(_to_write(calendar["entries"], now))
        yield Part(
            name=f"calendars/{number}.ics", content=written_calendar(found, name=calendar["name"]), rows=len(found)
        )


def _to_write(entries: Iterable[Mapping[str, Any]], now: datetime) -> Iterator[EntryToWrite]:
    for row, entry in enumerate(entries):
        for number, (start, end) in enumerate(entry["times"]):
            if end > start:
                yield EntryToWrite(
                    uid=f"{row}-{number}@equipoise",
                    title=entry["title"] or "–",
                    description=entry["description"],
                    start=start,
                    end=end,
                    stamp=now,
                )


def store(package: Package, content: bytes) -> str:
    """Keep an archive, encrypted, until it is fetched; its name."""
    return default_storage.save(f"{FOLDER}/{package.owner_id}-{package.pk}", ContentFile(vault.seal_bytes(content)))


def fetch(package: Package) -> bytes:
    """An archive that was kept.

    Raises:
        FileNotFoundError: When it is gone.
        KeyLost: When no key of the server opens it.
    """
    with default_storage.open(package.file) as file:
        return vault.unseal_bytes(file.read())


def drop_files(person_id: int) -> None:
    """Delete what was packed for a person."""
    drop(Package.objects.filter(owner_id=person_id).exclude(file=""))


def drop(packages: Iterable[Package]) -> None:
    """Delete the files of some packages."""
    for package in packages:
        if package.file:
            default_storage.delete(package.file)
