"""The desk on which a plan is made: who has what when, and how many hours that makes for what."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from random import Random

from equipoise.adapters.demo_agency.company import Company, insider
from equipoise.adapters.demo_agency.diary import Diary
from equipoise.adapters.demo_agency.meetings import Guest, Meeting, Plan, Reply
from equipoise.adapters.demo_agency.people import Agency, Person
from equipoise.adapters.demo_agency.weeks import Span
from equipoise.core.facets import Purpose

ROOMS = ("Wren (4)", "Robin (6)", "Kestrel (12)", "Finch (8)", "Gallery", "Kitchen", "Studio 2", "Teams", "Zoom")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Desk:
    """Collects the meetings of a plan; keeps the diary and the hours by person, week and purpose."""

    def __init__(self, span: Span, house: Agency) -> None:
        """An empty desk for the days of `span`."""
        self.span = span
        self.house = house
        self.people: dict[str, Person] = {person.key: person for person in house.people}
        self.diary = Diary()
        self.hours: dict[tuple[str, int], dict[Purpose, float]] = defaultdict(lambda: defaultdict(float))
        self._of_person: dict[str, list[Meeting]] = {key: [] for key in self.people}

    def add(self, meeting: Meeting, starts: Iterable[datetime]) -> None:
        """Put a meeting on the desk; `starts` are the times at which it takes time of those who come."""
        coming = []
        for guest in (meeting.host, *meeting.guests):
            if guest.key:
                self._of_person[guest.key].append(meeting)
                if guest.reply is not Reply.DECLINED:
                    coming.append(guest.key)
        for start in starts:
            self._spend(meeting, coming, start)

    def plan(self) -> Plan:
        """Everything on the desk, in the order in which it was put there."""
        return Plan(
            until=self.span.until,
            of_person={key: tuple(meetings) for key, meetings in self._of_person.items()},
            hours={whose: dict(hours) for whose, hours in self.hours.items()},
        )

    def _spend(self, meeting: Meeting, coming: Iterable[str], start: datetime) -> None:
        day = start.date()
        week, hours = self.span.week(day), meeting.minutes / 60
        there = [key for key in coming if not self.diary.away(key, day)]
        self.diary.take(there, start, meeting.minutes)
        for key in there:
            self.hours[key, week][meeting.purpose_for(key)] += hours


@lru_cache(maxsize=512)
def words_of(day: date) -> dict[str, str]:
    """The words that stand for time in a title, on the day it takes place."""
    quarter = (day.month - 1) // 3
    last = day.replace(day=1) - timedelta(days=1)
    return {
        "quarter": f"Q{quarter + 1}",
        "last_quarter": f"Q{quarter or 4}",
        "next_quarter": f"Q{(quarter + 1) % 4 + 1}",
        "month": MONTHS[day.month - 1],
        "last_month": MONTHS[last.month - 1],
        "year": str(day.year),
        "next_year": str(day.year + 1),
        "kw": str(day.isocalendar().week),
    }


def asked(company: Company, *, day: date, desk: Desk, rng: Random, sure: bool) -> tuple[Guest, ...]:
    """The guests with their answers.

    Those away decline. Of the others a few hesitate or decline, unless `sure`; before a meeting that is still to
    come many have not answered.
    """
    open_share = 0.0 if day < desk.span.until else 0.3
    guests = []
    for key in company.keys:
        reply = Reply.DECLINED if desk.diary.away(key, day) else _reply(rng, sure=sure, open_share=open_share)
        guests.append(_answering(insider(key), reply))
    guests += (_answering(guest, _reply(rng, sure=sure, open_share=open_share + 0.05)) for guest in company.outside)
    return tuple(guests)


def place_for(company: Company, rng: Random) -> str:
    """Where a meeting takes place; nothing for time alone."""
    if not company.keys and not company.outside:
        return ""
    return ROOMS[int(rng.random() * len(ROOMS))] if rng.random() < 0.75 else ""


def _reply(rng: Random, *, sure: bool, open_share: float) -> Reply:
    draw = rng.random()
    if draw < open_share:
        return Reply.NONE
    if sure or draw > 0.89:
        return Reply.ACCEPTED if sure or draw > 0.98 else (Reply.TENTATIVE if draw > 0.935 else Reply.DECLINED)
    return Reply.ACCEPTED


def _answering(guest: Guest, reply: Reply) -> Guest:
    return guest if reply is Reply.ACCEPTED else replace(guest, reply=reply)
