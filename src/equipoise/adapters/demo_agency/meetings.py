"""What is planned: meetings with their guests, exceptions, and the purpose their planner had in mind."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from hashlib import blake2b

from equipoise.adapters.demo_agency.people import DOMAIN
from equipoise.core.facets import Purpose


class Reply(StrEnum):
    """A guest's answer, in the words of RFC 5545 (PARTSTAT)."""

    ACCEPTED = "ACCEPTED"
    TENTATIVE = "TENTATIVE"
    DECLINED = "DECLINED"
    NONE = "NEEDS-ACTION"


class Shown(StrEnum):
    """How an entry shows in the owner's availability, in the words office calendars use."""

    BUSY = "BUSY"
    FREE = "FREE"
    TENTATIVE = "TENTATIVE"
    AWAY = "OOF"


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """Someone in a meeting; `key` is empty for people outside the agency."""

    name: str
    address: str
    key: str = ""
    reply: Reply = Reply.ACCEPTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One changed time of a series.

    Attributes:
        at: When it would have been (wall time in the agency's zone).
        start: When it is now.
        title: Its title now; empty when unchanged.
        cancelled: Called off but still shown.
        declined_by: Key of the one person whose calendar shows it, as declined; empty when everybody's does.
    """

    at: datetime
    start: datetime
    title: str = ""
    cancelled: bool = False
    declined_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """One entry as the organiser wrote it, single or a series.

    Attributes:
        name: What it is called in the plan, like no other.
        title: Its summary.
        note: Its description; empty when there is none.
        place: Its location; empty when there is none.
        purpose: What it is for, for whoever called it, by the codebook.
        guests_purpose: What it is for in the guests' calendars.
        host: Who called it.
        guests: Everybody else.
        start: First start, wall time in the agency's zone.
        minutes: Length; for an all-day entry 1,440 for each day.
        all_day: Whether it has dates instead of times.
        rule: RRULE value; empty for a single entry.
        left_out: Starts of a series that were deleted.
        changes: Changed times of a series.
        private: Shown by its time only to others.
        shown: Availability.
        cancelled: Called off but still shown.
    """

    name: str
    title: str
    note: str
    place: str
    purpose: Purpose
    guests_purpose: Purpose
    host: Guest
    guests: tuple[Guest, ...]
    start: datetime
    minutes: int
    all_day: bool = False
    rule: str = ""
    left_out: tuple[datetime, ...] = ()
    changes: tuple[Change, ...] = ()
    private: bool = False
    shown: Shown = Shown.BUSY
    cancelled: bool = False

    @property
    def uid(self) -> str:
        """Its RFC 5545 identifier, the same in every calendar it stands in and whenever it is planned again."""
        return f"{blake2b(self.name.encode(), digest_size=13).hexdigest()}@{DOMAIN}"

    def purpose_for(self, key: str) -> Purpose:
        """What the meeting is for in the calendar of this person."""
        return self.purpose if self.host.key == key else self.guests_purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything planned for the weeks around one day.

    Attributes:
        until: That day.
        of_person: Whose calendar holds which meetings.
        hours: Hours by purpose for each person and story week (0 is the week of `until`), as far as they go; an
            open series ends with the span.
    """

    until: date
    of_person: dict[str, tuple[Meeting, ...]]
    hours: dict[tuple[str, int], dict[Purpose, float]]
