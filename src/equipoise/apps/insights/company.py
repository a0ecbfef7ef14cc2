"""Which functions of the organisation meet in a person's entries, as far as it is known who is in them.

An entry counts as known when the position of everybody else in it is: whoever is from outside, or whose function nobody
said, leaves it open. What somebody worked on is taken as of the day of the meeting.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from equipoise.apps.calendars.marks import marks_of
from equipoise.apps.insights.periods import Period
from equipoise.apps.people.models import Person
from equipoise.apps.people.organising.functions import HeldFunction, functions_held
from equipoise.core.timeuse.counting import Counted
from equipoise.core.timeuse.entries import Entry

Met = frozenset[str] | None
"""The functions of all others at a time; `None` when those of some are not known."""

WORDS = {"it": "other"}
"""Functions the study behind the index has no word for (DOI 10.1086/705331)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """Who holds which function, by the marks of their addresses."""

    held: Mapping[str, Sequence[HeldFunction]]
    zone: ZoneInfo

    def met(self, counted: Counted) -> tuple[Met, ...]:
        """The functions met at each of the counted times; nothing at all when no function is known."""
        if not self.held:
            return ()
        return tuple(
            self._at(each.occurrence.entry, each.occurrence.start.astimezone(self.zone).date())
            for each in counted.times
        )

    def _at(self, entry: Entry, day: date) -> Met:
        if not entry.others or entry.attendees != len(entry.others):
            return None
        functions = {self._of(mark, day) for mark in entry.others}
        return None if "" in functions else frozenset(functions)

    def _of(self, mark: str, day: date) -> str:
        found = (
            each.function
            for each in self.held.get(mark, ())
            if each.from_day <= day and (each.until_day is None or day < each.until_day)
        )
        function = next(found, "")
        return WORDS.get(function, function)


def company_of(person: Person, periods: Sequence[Period]) -> Company:
    """Who holds which function in the person's world during some periods; one query, none when there is no period."""
    zone = ZoneInfo(person.zone)
    if not periods:
        return Company(held={}, zone=zone)
    first, last = min(each.start for each in periods), max(each.end for each in periods)
    held: dict[str, list[HeldFunction]] = {}
    for each in functions_held(person, first=first, last=last):
        for address in each.addresses:
            for mark in marks_of(address):
                held.setdefault(mark, []).append(each)
    return Company(held=held, zone=zone)
