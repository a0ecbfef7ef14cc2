"""Accepted blocks as calendars read them."""

import hashlib
from collections.abc import Iterable

from equipoise.adapters.ics.writing import EntryToWrite, written_calendar
from equipoise.apps.planner import words
from equipoise.apps.planner.models import Block
from equipoise.core.facets import Purpose

NAME = "Equipoise"


def calendar(blocks: Iterable[Block]) -> bytes:
    """Blocks as an iCalendar file: the same bytes as long as no block changes."""
    return written_calendar([_entry(block) for block in blocks], name=NAME)


def _entry(block: Block) -> EntryToWrite:
    return EntryToWrite(
        uid=block.uid,
        title=block.title,
        start=block.starts_at,
        end=block.ends_at,
        description=description(block),
        sequence=block.sequence,
        stamp=block.changed_at,
        purpose=Purpose(block.purpose),
    )


def description(block: Block) -> str:
    """Why the block is there, in the language of who asks."""
    return " ".join(words.reason_sentences(block.reasons, ()))


def tag_of(body: bytes) -> str:
    """The entity tag of a file: another one when a byte changes."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'
