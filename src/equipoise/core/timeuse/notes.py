"""What the notes of an entry tell, without what calendars add: dial-ins, addresses, guest lists, house footers.

The classifier learned from notes as people write them, a few words long. Real notes carry much that says nothing of the
purpose; left in, it would speak louder than the title.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from equipoise.core.timeuse.entries import Entry

MOST_WORDS = 24
"""Words of the notes that are looked at; written notes are shorter, and what matters stands first."""

HOUSE_LINE_TITLES = 8
"""A line under this many different titles ..."""
HOUSE_LINE_SHARE = 0.01
"""... and under this share of all entries with notes belongs to the house, not to the entry."""

_TAG = re.compile(r"<(?:br|/p|/div|/li|/tr)[^>]*>|<[^>]{1,400}>", re.IGNORECASE)
_ENTITY = {"&nbsp;": " ", "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'"}
_ADDRESS = re.compile(r"(?:https?|webcal|tel|sip|mailto|callto):\S+|www\.\S+|\S+@\S+\.\w+", re.IGNORECASE)
_NUMBER = re.compile(r"\+?\d[\d\s()./-]{7,}\d#?|\b\d{6,}#?")
_FIGURES = re.compile(r"\d+")
_RULER = re.compile(r"^[\W_]{5,}$")

_CALL = re.compile(
    r"microsoft teams|teams[- ](?:meeting|besprechung)|join (?:the |zoom |on your |with |by |from )|zoom meeting|webex|"
    r"google meet|meet\.google|zoom\.us|whereby|jitsi|bluejeans|gotomeeting|skype|meeting[- ]?id|conference id|"
    r"passcode|passwort|kenncode|besprechungs-id|an besprechung teilnehmen|participer à la réunion|"
    r"rejoindre la réunion|unirse a la reunión|id de (?:la )?reuni[óã]o?n?|entrar na reunião|"
    r"partecipa alla riunione|deelnemen aan|"
    r"dial[- ]?in|one tap mobile|find your local number|einwahl|numéro d'accès|phone conference|"
    r"video call|videocall|"
    r"参加|会议号|ミーティング id",
    re.IGNORECASE,
)
"""A line that begins how to join a call; what follows it up to an empty line belongs to that, too."""

_GUESTS = re.compile(
    r"^\W*(?:attendees|participants|invitees|guests|required|optional|teilnehmer(?:innen|\*innen|:innen)?|participantes|"
    r"asistentes|invités|partecipanti|presenti|aanwezigen|deelnemers|deltagare|deltagere|osallistujat|uczestnicy|"
    r"katılımcılar|участники|参加者|참석자|与会者)\b[^:\n]{0,20}:",
    re.IGNORECASE,
)
"""A line that begins a list of guests, up to an empty line."""


def essence(notes: str, *, house_lines: frozenset[str] = frozenset()) -> str:
    r"""The first words of the notes that may tell what an entry is for.

    Args:
        notes: As written, plain or HTML.
        house_lines: What `house_lines_of` found in the calendar.

    Returns:
        At most `MOST_WORDS` words; short notes as people write them come back as they are.

    Example:
        >>> essence("Bring figures\nJoin Zoom Meeting\nhttps://zoom.us/j/123456789")
        'Bring figures'
    """
    kept: list[str] = []
    skipping = False
    for line in _lines(notes):
        if not line:
            skipping = False
        elif skipping or _CALL.search(line) or _GUESTS.match(line):
            skipping = True
        elif _shape(line) not in house_lines and not _RULER.match(line):
            kept.append(line)
    words = " ".join(kept).split()
    return " ".join(words[:MOST_WORDS])


def house_lines_of(entries: Sequence[Entry]) -> frozenset[str]:
    """Lines that stand under so many different titles that they say nothing of any of them; see `_shape`."""
    seen: Counter[str] = Counter()
    pairs: set[tuple[str, str]] = set()
    with_notes = 0
    for entry in entries:
        with_notes += bool(entry.description)
        for shape in {_shape(line) for line in _lines(entry.description) if line}:
            if (shape, entry.title) not in pairs:
                pairs.add((shape, entry.title))
                seen[shape] += 1
    least = max(HOUSE_LINE_TITLES, HOUSE_LINE_SHARE * with_notes)
    return frozenset(shape for shape, titles in seen.items() if titles >= least)


def with_essence(entries: Sequence[Entry]) -> list[Entry]:
    """The entries of one calendar with the essence of their notes, for the classifier to read."""
    house = house_lines_of(entries)
    return [_with_essence(entry, house) for entry in entries]


def _with_essence(entry: Entry, house: frozenset[str]) -> Entry:
    told = essence(entry.description, house_lines=house) if entry.description else ""
    return entry if told == entry.description else replace(entry, description=told)


def _lines(notes: str) -> list[str]:
    """The lines without markup, addresses and long numbers; empty lines are kept, they end a block."""
    text = _TAG.sub(lambda tag: "\n" if tag.group()[1] in "bB/" else " ", notes) if "<" in notes else notes
    for entity, character in _ENTITY.items():
        text = text.replace(entity, character)
    return [" ".join(_NUMBER.sub(" ", _ADDRESS.sub(_kept_mark, line)).split()) for line in text.splitlines()]


def _shape(line: str) -> str:
    """A line without its figures, so that "5 minutes a speaker" and "3 minutes a speaker" are one."""
    return _FIGURES.sub("0", line.casefold())


def _kept_mark(found: "re.Match[str]") -> str:
    """An address vanishes, but one of a call leaves a word by which its block is known."""
    return "zoom.us" if _CALL.search(found.group()) else " "
