"""The evidence of time: entries of a calendar, and the times at which they take place.

An `Entry` is what was written once (a title, who is asked, how it repeats); an `Occurrence` is one time it takes
place. A weekly one-to-one of a year is one entry with 52 occurrences. A changed occurrence (another title, another
guest list) is an entry of its own with the same `series`.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Relation(StrEnum):
    """Who the others are to the owner of the calendar. `None` on an entry means: cannot be told."""

    NONE = "none"
    DIRECT_REPORT = "direct_report"
    BOSS = "boss"
    PEER = "peer"
    TEAM = "team"
    CROSS_TEAM = "cross_team"
    OUTSIDE = "outside"
    MIXED = "mixed"
    MANY = "many"


class Recurrence(StrEnum):
    """How often an entry repeats, to the nearest of these."""

    NO = "no"
    DAILY = "daily"
    WEEKLY = "weekly"
    BIWEEKLY = "biweekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"


class Answer(StrEnum):
    """The owner's answer to an invitation."""

    ACCEPTED = "accepted"
    TENTATIVE = "tentative"
    DECLINED = "declined"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry as written in a calendar.

    Attributes:
        uid: The calendar's own identifier (RFC 5545 UID).
        series: Key shared by all occurrences and changed occurrences of one entry; equal to `uid` when known.
        title: The summary; empty when private or absent.
        description: The notes; empty when private or absent.
        all_day: True when the entry has dates instead of times.
        cancelled: True when the entry was called off (STATUS or METHOD).
        free: True when the entry takes no time (TRANSP:TRANSPARENT, or Outlook's busy status "free").
        private: True when only the duration may be used (CLASS other than PUBLIC).
        answer: The owner's own answer; `NONE` when not invited or unknown.
        attendees: Number of other people; `None` when unknown (no ATTENDEE property and nothing to tell by).
        relation: Who the others are; `None` when it cannot be told.
        others: The others by their addresses, or by marks of them; fewer than `attendees` when some have none.
        recurring: How often it repeats.
        organiser_self: Whether the owner called it; `None` when unknown.
        source: The file or address it was read from.
        line: Line of its BEGIN:VEVENT in the source, from 1; 0 when not read from a file.
    """

    uid: str
    series: str
    title: str
    description: str = ""
    all_day: bool = False
    cancelled: bool = False
    free: bool = False
    private: bool = False
    answer: Answer = Answer.NONE
    attendees: int | None = None
    relation: Relation | None = None
    others: tuple[str, ...] = ()
    recurring: Recurrence = Recurrence.NO
    organiser_self: bool | None = None
    source: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One time at which an entry takes place; half-open, `start` before or equal to `end`.

    `start` and `end` are aware datetimes in UTC. An all-day entry runs from midnight to midnight in the zone of
    the reading (the owner's zone).
    """

    entry: Entry
    start: datetime
    end: datetime
