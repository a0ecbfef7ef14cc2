"""From what a person names (files, folders, archives, uploads, addresses) to the bytes of each calendar."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from equipoise.adapters.ics.errors import BrokenArchive, CalendarTooLarge, NoCalendarThere
from equipoise.adapters.ics.limits import MEGABYTE, Limits, Report

ADDRESS = re.compile(r"^(https?|webcals?)://", re.IGNORECASE)
ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A calendar handed over in memory: a name to show, and its bytes or an open binary file."""

    name: str
    content: bytes | BinaryIO


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The bytes of one calendar, and the name under which problems are reported."""

    name: str
    data: bytes


Source = str | Path | Upload


def documents(source: Source, *, limits: Limits, report: Report, allow_private_hosts: bool) -> Iterator[Document]:
    """The calendars of one source, in a fixed order.

    Args:
        source: A file, a folder (every *.ics below it, sorted), a zip archive, an address or an upload.
        limits: The most that is taken.
        report: Told how many bytes of an address have come.
        allow_private_hosts: Whether an address may lie on this machine or a private network.

    Raises:
        CalendarError: The source is not there, too large, damaged or refused.
    """
    if isinstance(source, Upload):
        yield from _opened(source.name, _upload_bytes(source, limits), limits)
    elif isinstance(source, str) and ADDRESS.match(source):
        from equipoise.adapters.ics.web import fetch, shown  # noqa: PLC0415  # a file needs no web

        data = fetch(source, limits=limits, report=report, allow_private_hosts=allow_private_hosts)
        yield from _opened(shown(source), data, limits)
    elif _is_folder(Path(source)):
        yield from _folder(Path(source), limits)
    else:
        yield from _opened(str(source), _file_bytes(Path(source), limits), limits)


def too_large(name: str, limit: int) -> CalendarTooLarge:
    """The error for a source of more than `limit` bytes."""
    return CalendarTooLarge(
        f"{name} is larger than the limit of {limit // MEGABYTE or limit / MEGABYTE} MB: "
        "export a shorter period, or split it into several files."
    )


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False  # opening it as a file says in words what is wrong


def _folder(folder: Path, limits: Limits) -> Iterator[Document]:
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() == ".ics" and path.is_file())
    if not paths:
        raise NoCalendarThere(f"{folder} holds no .ics file: name a folder with exported calendars, or one file.")
    for path in paths:
        yield from _opened(str(path), _file_bytes(path, limits), limits)


def _file_bytes(path: Path, limits: Limits) -> bytes:
    try:
        with path.open("rb") as stream:
            return _at_most(stream, str(path), _outer_limit(limits))
    except FileNotFoundError:
        raise NoCalendarThere(f"{path} does not exist: check the name, or export the calendar again.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "the name is not valid"
        raise NoCalendarThere(f"{path} cannot be opened ({reason}): check the name and its permissions.") from None


def _upload_bytes(upload: Upload, limits: Limits) -> bytes:
    stream = io.BytesIO(upload.content) if isinstance(upload.content, bytes) else upload.content
    return _at_most(stream, upload.name, _outer_limit(limits))


def _outer_limit(limits: Limits) -> int:
    """A packed archive is never larger than what it holds, so no file of any kind may pass this."""
    return max(limits.file_bytes, limits.archive_bytes)


def _at_most(stream: BinaryIO, name: str, limit: int) -> bytes:
    data = stream.read(limit + 1)
    if len(data) > limit:
        raise too_large(name, limit)
    return data


def _opened(name: str, data: bytes, limits: Limits) -> Iterator[Document]:
    if data.startswith(ZIP_STARTS):
        yield from _archive(name, data, limits)
        return
    if len(data) > limits.file_bytes:
        raise too_large(name, limits.file_bytes)
    yield Document(name=name, data=data)


def _archive(name: str, data: bytes, limits: Limits) -> Iterator[Document]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError):
        raise BrokenArchive(f"{name} is a damaged zip archive: download or pack it again.") from None
    members = sorted((member for member in archive.infolist() if _is_calendar(member)), key=lambda m: m.filename)
    if not members:
        raise NoCalendarThere(f"{name} holds no .ics file: pack the exported calendars into it.")
    if len(members) > limits.archive_members:
        raise CalendarTooLarge(
            f"{name} holds more than {limits.archive_members:,} calendars: split it into several archives."
        )
    room = limits.archive_bytes
    for member in members:
        content = _unpacked(archive, member, name, limits, room)
        room -= len(content)
        yield Document(name=f"{name}/{member.filename}", data=content)


def _is_calendar(member: zipfile.ZipInfo) -> bool:
    inner = member.filename
    return inner.lower().endswith(".ics") and not member.is_dir() and not inner.startswith("__MACOSX/")


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, limits: Limits, room: int) -> bytes:
    """Unpack one member, counting the bytes that come and not the ones the archive claims."""
    try:
        with archive.open(member) as stream:
            content = stream.read(min(room, limits.file_bytes) + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError):
        raise BrokenArchive(
            f"{name} cannot be unpacked at {member.filename} (damaged or locked with a password): pack it again."
        ) from None
    if len(content) > room:
        raise CalendarTooLarge(
            f"{name} unpacks to more than the limit of {limits.archive_bytes // MEGABYTE} MB: split the archive."
        )
    if len(content) > limits.file_bytes:
        raise too_large(f"{name}/{member.filename}", limits.file_bytes)
    return content
