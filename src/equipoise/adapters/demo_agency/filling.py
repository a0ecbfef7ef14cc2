"""What fills the rest of a week: single meetings drawn from hand-written lines until the hours meant are reached.

Everybody has a profile: hours a week and how they spread over the purposes. What the standing meetings and the
story leave open is filled with lines of that person's kind of work, the purpose that is furthest behind first. Phases
of the story shift hours and weights, so that weeks differ.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from random import Random

from equipoise.adapters.demo_agency.company import Client, Company, clients_of, insider, who
from equipoise.adapters.demo_agency.desk import Desk, asked, place_for, words_of
from equipoise.adapters.demo_agency.meetings import Guest, Meeting, Shown
from equipoise.adapters.demo_agency.people import Person
from equipoise.adapters.demo_agency.texts import rows
from equipoise.adapters.demo_agency.weeks import FIRST_WEEK, LAST_WEEK, seeded, works_on
from equipoise.core.facets import FACETS, PURPOSES, Purpose

QUIET_MONTHS = {7: 0.82, 8: 0.78, 12: 0.9}
DOUBLE_BOOKED = 0.03
LOOK_AHEAD = 5
NOTED = {True: 0.16, False: 0.04}
"""How many of the lines without a note get one, with guests and without (shares)."""
MEMORY = 0.6
"""Share of last week's backlog of a purpose that is still felt this week."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """How someone's week is meant: hours by purpose, and whose lines are theirs."""

    key: str
    hours: dict[Purpose, float]
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """A stretch of the story in which some people's weeks are longer and weighted otherwise."""

    first: int
    last: int
    groups: frozenset[str]
    times: float
    weights: dict[Purpose, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One hand-written meeting of the pool: whose it is, what it is for, who is asked."""

    groups: tuple[str, ...]
    purpose: Purpose
    guests_purpose: Purpose
    minutes: int
    at: int | None
    flags: tuple[str, ...]
    who: str
    title: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What the words in braces stand for in one meeting's title and note."""

    day: date
    client: Client
    company: Company
    campaign: str

    def fill(self, text: str) -> str:
        """The text with its words in braces replaced."""
        if "{" not in text:
            return text
        own = {"client": self.client.name, "code": self.client.code, "campaign": self.campaign}
        if "{name}" in text:
            own["name"] = _name(self.company)
        return text.format_map(words_of(self.day) | own)


class Deck:
    """Someone's lines by purpose, in an order of their own; each is dealt once before any comes again.

    Of the next few the one is dealt that was heard least in the house, so that a line does not come from everybody.
    """

    def __init__(self, profile: Profile, lines: Sequence[Line], heard: Counter[str]) -> None:
        """Lay out the lines of the profile's groups, shuffled; `heard` counts the titles dealt to anybody."""
        self._piles: dict[Purpose, list[Line]] = {purpose: [] for purpose in PURPOSES}
        groups = set(profile.groups)
        for line in lines:
            if not groups.isdisjoint(line.groups):
                self._piles[line.purpose].append(line)
        rng = seeded("deck", profile.key)
        for pile in self._piles.values():
            rng.shuffle(pile)
        self._next = dict.fromkeys(PURPOSES, 0)
        self._heard = heard

    def deal(self, purpose: Purpose) -> Line | None:
        """The next line for this purpose; `None` when the person has none of it."""
        pile = self._piles[purpose]
        if not pile:
            return None
        first = self._next[purpose] % len(pile)
        self._next[purpose] = first + 1
        ahead = range(first, min(first + LOOK_AHEAD, len(pile)))
        best = min(ahead, key=lambda place: self._heard[pile[place].title])
        pile[first], pile[best] = pile[best], pile[first]
        self._heard[pile[first].title] += 1
        return pile[first]


def fill_weeks(desk: Desk) -> None:
    """Fill everybody's weeks, the most senior first, since they ask the others along."""
    lines = [_line(row) for row in rows("pool.txt", fields=6)]
    phases = [_phase(row) for row in rows("phases.txt", fields=5)]
    profiles = [_profile(row) for row in rows("profiles.txt", fields=5)]
    profiles.sort(key=lambda profile: -desk.people[profile.key].level)
    heard: Counter[str] = Counter()
    fillers = [_Filler(profile, Deck(profile, lines, heard), phases, desk) for profile in profiles]
    for week in range(FIRST_WEEK, LAST_WEEK + 1):
        for filler in fillers:
            filler.fill(week)


class _Filler:
    """Fills one person's weeks, one after another."""

    def __init__(self, profile: Profile, deck: Deck, phases: Sequence[Phase], desk: Desk) -> None:
        self._profile = profile
        self._deck = deck
        self._phases = [phase for phase in phases if not phase.groups.isdisjoint(profile.groups)]
        self._desk = desk
        self._person = desk.people[profile.key]
        self._behind = dict.fromkeys(PURPOSES, 0.0)
        self._round = 0
        self._orders = _orders(self._person)
        self._rng = seeded("fill", profile.key)

    def fill(self, week: int) -> None:
        """Draw meetings until the week holds what it is meant to hold, or nothing more fits."""
        days = self._days(week)
        if not days:
            return
        rng = self._rng
        meant = self._meant(week, days, rng)
        spent = self._desk.hours[self._profile.key, week]
        for purpose in PURPOSES:
            self._behind[purpose] = MEMORY * self._behind[purpose] + meant[purpose] - spent[purpose]
        self._draw(days, sum(meant[purpose] for purpose in FACETS), spent, rng)
        for purpose in (Purpose.OTHER, Purpose.UNCLEAR):
            self._catch_up(purpose, days, rng)

    def _days(self, week: int) -> list[date]:
        key, span = self._profile.key, self._desk.span
        days = (span.day(week, weekday) for weekday in self._person.hours.weekdays)
        return [day for day in days if span.covers(day) and works_on(day) and not self._desk.diary.away(key, day)]

    def _meant(self, week: int, days: Sequence[date], rng: Random) -> dict[Purpose, float]:
        """Hours by purpose this week is meant to hold."""
        part = len(days) / len(self._person.hours.weekdays) * QUIET_MONTHS.get(days[0].month, 1.0)
        hours = {purpose: share * part for purpose, share in self._profile.hours.items()}
        total = sum(hours[purpose] for purpose in FACETS) * rng.uniform(0.85, 1.15)
        weights = {purpose: hours[purpose] * rng.uniform(0.6, 1.4) for purpose in FACETS}
        for phase in self._phases:
            if phase.first <= week <= phase.last:
                total *= phase.times
                weights = {purpose: weight * phase.weights.get(purpose, 1.0) for purpose, weight in weights.items()}
        scale = total / sum(weights.values())
        return hours | {purpose: weight * scale for purpose, weight in weights.items()}

    def _draw(self, days: Sequence[date], total: float, spent: dict[Purpose, float], rng: Random) -> None:
        """Draw work, the purpose furthest behind first (a little chance in it), until `total` hours are spent."""
        behind, chance = self._behind, rng.random
        left = total - sum(spent[purpose] for purpose in FACETS)
        for _ in range(24):
            most, purpose = max([(behind[facet] + 0.3 * chance(), facet) for facet in FACETS])
            if left < 0.35 or most < 0.1:
                return
            hours = self._place(purpose, days, rng)
            behind[purpose] -= hours or 0.2
            left -= hours

    def _catch_up(self, purpose: Purpose, days: Sequence[date], rng: Random) -> None:
        for _ in range(6):
            if self._behind[purpose] < 0.3:
                return
            self._behind[purpose] -= self._place(purpose, days, rng) or 0.3

    def _place(self, purpose: Purpose, days: Sequence[date], rng: Random) -> float:
        """Put the next line of this purpose on the desk; the hours it takes, 0 if it found no time."""
        line = self._deck.deal(purpose)
        if line is None:
            return 0.0
        self._round += 1
        own = clients_of(self._profile.key)
        client = own[self._round % len(own)]
        company = who(line.who, host=self._person, client=client, rng=rng)
        nobody = not company.keys and not company.outside
        if nobody and line.who != "-":
            return 0.0
        start = self._free_time(line, company, days, rng)
        if start is None:
            return 0.0
        meeting = _meeting(line, company, start, host=self._person, client=client, desk=self._desk, rng=rng)
        takes_time = not meeting.cancelled and meeting.shown is not Shown.FREE
        self._desk.add(meeting, (start,) if takes_time else ())
        return line.minutes / 60

    def _free_time(self, line: Line, company: Company, days: Sequence[date], rng: Random) -> datetime | None:
        """A time at which all are there and free; now and then a double booking; `None` if the week has none."""
        starts = self._orders[int(rng.random() * len(self._orders))]
        if line.at is not None:
            starts = [line.at, line.at + 15, line.at + 30]
        keys = (self._profile.key, *company.keys)
        first = int(rng.random() * len(days))
        for day in (*days[first:], *days[:first]):
            if any(self._desk.diary.away(key, day) for key in company.keys[:6]):
                continue
            if line.at is None and rng.random() < DOUBLE_BOOKED:
                return datetime.combine(day, time(starts[0] // 60, starts[0] % 60))
            start = self._desk.diary.first_free(keys, day, line.minutes, starts, closes=1320 if line.at else 1110)
            if start:
                return start
        return None


def _orders(person: Person) -> list[list[int]]:
    """Some orders in which to try the half hours of someone's day (minutes after midnight), 12:30 left out."""
    hours, rng = person.hours, seeded("orders", person.key)
    earliest, latest = -(-(hours.start.hour * 60 + hours.start.minute) // 30), hours.end.hour * 2
    halves = [30 * half for half in range(earliest, latest) if half != 25]
    return [rng.sample(halves, len(halves)) for _ in range(8)]


def _meeting(
    line: Line, company: Company, start: datetime, *, host: Person, client: Client, desk: Desk, rng: Random
) -> Meeting:
    day = start.date()
    guests = asked(company, day=day, desk=desk, rng=rng, sure=len(company.keys) + len(company.outside) < 2)
    caller = insider(host.key)
    if "theirs" in line.flags and company.outside:
        caller, guests = _called_by(guests, caller, company.outside[0])
    words = Words(day=day, client=client, company=company, campaign=rng.choice(client.campaigns))
    return Meeting(
        name=f"fill/{host.key}/{day.toordinal()}/{start.hour}:{start.minute}/{line.title}",
        title=words.fill(line.title),
        note=words.fill(line.note or _note(line, rng)),
        place=place_for(company, rng),
        purpose=line.purpose,
        guests_purpose=line.guests_purpose,
        host=caller,
        guests=guests,
        start=start,
        minutes=line.minutes,
        private="private" in line.flags,
        shown=_shown(line, rng),
        cancelled=bool(guests) and rng.random() < 0.03,
    )


def _note(line: Line, rng: Random) -> str:
    """A note for a line that has none of its own: mostly nothing."""
    notes = _notes()[line.purpose]
    place = int(rng.random() * len(notes) / NOTED[line.who != "-"])
    return notes[place] if place < len(notes) else ""


@cache
def _notes() -> dict[Purpose, tuple[str, ...]]:
    found: dict[Purpose, tuple[str, ...]] = {}
    for purpose, note in rows("notes.txt", fields=2):
        found[Purpose(purpose)] = (*found.get(Purpose(purpose), ()), note)
    return found


def _called_by(guests: tuple[Guest, ...], own: Guest, caller: Guest) -> tuple[Guest, tuple[Guest, ...]]:
    """The caller from outside as host, and the guests with our own host in the caller's place."""
    return caller, (own, *(guest for guest in guests if guest.address != caller.address))


def _name(company: Company) -> str:
    """What a title calls the main guest: the first name of the first from outside, or of the first colleague."""
    first = company.outside[0] if company.outside else insider(company.keys[0])
    parts = first.name.split()
    return " ".join(parts[:1] + parts[-1:]) if parts[0] in {"Dr.", "Prof.", "Herr"} else parts[0]


def _shown(line: Line, rng: Random) -> Shown:
    if "free" in line.flags:
        return Shown.FREE
    if "tentative" in line.flags or rng.random() < 0.02:
        return Shown.TENTATIVE
    return Shown.BUSY


def _line(row: tuple[str, ...]) -> Line:
    groups, purpose, when, others, title, note = row
    own, _, theirs = purpose.partition("/")
    minutes, *flags = when.split()
    length, _, at = minutes.partition("@")
    clock = time.fromisoformat(at) if at else None
    return Line(
        groups=tuple(groups.split()),
        purpose=Purpose(own),
        guests_purpose=Purpose(theirs or own),
        minutes=int(length),
        at=clock.hour * 60 + clock.minute if clock else None,
        flags=tuple(flags),
        who=others,
        title=title,
        note=note,
    )


def _profile(row: tuple[str, ...]) -> Profile:
    key, hours, weights, rest, groups = row
    numbers = [float(number) for number in weights.replace(":", " ").split()]
    scale = float(hours) / sum(numbers)
    spread = {purpose: number * scale for purpose, number in zip(FACETS, numbers, strict=True)}
    other, unclear = (float(number) for number in rest.split())
    return Profile(
        key=key, hours=spread | {Purpose.OTHER: other, Purpose.UNCLEAR: unclear}, groups=(*groups.split(), "any")
    )


def _phase(row: tuple[str, ...]) -> Phase:
    first, last, groups, times, weights = row
    pairs: Iterator[list[str]] = (pair.split() for pair in weights.split(","))
    return Phase(
        first=int(first),
        last=int(last),
        groups=frozenset(groups.split()),
        times=float(times),
        weights={Purpose(name): float(factor) for name, factor in pairs},
    )
