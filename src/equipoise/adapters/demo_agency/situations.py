"""What the people of the demo agency say of their situation: two scans each, fitting the story."""

from dataclasses import dataclass
from datetime import date, timedelta

from equipoise.adapters.demo_agency.people import UnknownPerson
from equipoise.adapters.demo_agency.texts import rows
from equipoise.core.situation.scan import CANNOT_SAY, QUESTIONS

WEEKS_AGO = (23, 5)
"""When the two scans were made, in weeks before the day one looks."""

UNCHANGED = "small"
CHANGE = "change"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One scan: the day, and choice by question; `change_since` names the day a large change began."""

    on: date
    answers: dict[str, str]


def situations_of(key: str, *, until: date) -> tuple[Answered, ...]:
    """The scans of one person, the older first.

    Args:
        key: The person's key.
        until: The day one looks; the scans lie some weeks before it.

    Raises:
        UnknownPerson: Nobody has this key.

    Example:
        >>> [scan.answers["change"] for scan in situations_of("lena", until=date(2026, 11, 25))]
        ['small', 'strategy']
    """
    groups = next((row[1:] for row in rows("situations.txt", fields=6) if row[0] == key), None)
    if groups is None:
        raise UnknownPerson(f"Nobody of the demo agency has the key {key!r}.")
    words = " ".join(groups).split()
    weeks = int(words.pop(4))
    said = {question.key: CANNOT_SAY if word == "?" else word for question, word in zip(QUESTIONS, words, strict=True)}
    return tuple(_answered(said, weeks=weeks, on=until - timedelta(weeks=ago), until=until) for ago in WEEKS_AGO)


def _answered(said: dict[str, str], *, weeks: int, on: date, until: date) -> Answered:
    """A scan of a day; a large change that began later is none yet."""
    began = until - timedelta(weeks=weeks)
    if not weeks:
        return Answered(on=on, answers=said)
    if began > on:
        return Answered(on=on, answers={**said, CHANGE: UNCHANGED})
    return Answered(on=on, answers={**said, "change_since": began.isoformat()})
