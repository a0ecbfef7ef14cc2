"""A person's balance over a period, from all that is known."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.cache import cache

from equipoise.adapters.behaviour import load_weights
from equipoise.apps.calendars import queries as calendars
from equipoise.apps.change import queries as change
from equipoise.apps.change.words import because
from equipoise.apps.insights.company import Met, company_of
from equipoise.apps.insights.periods import Period, latest
from equipoise.apps.people.models import Person
from equipoise.apps.people.organising.functions import positions_version
from equipoise.core.balance.gaps import Comparison, compare_time
from equipoise.core.balance.portrait import Portrait, portrait_of
from equipoise.core.facets import PURPOSES, Purpose
from equipoise.core.situation.profile import CalledFor
from equipoise.core.timeuse.behaviour import activities_of, behaviour_index
from equipoise.core.timeuse.reading import TimeReading, measure_time
from equipoise.core.timeuse.uncertainty import Interval

KEPT_SECONDS = 3600
LATEST_WEEKS = 4
WORKING_DAYS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """The evidence of a period and what it amounts to; `behaviour` is the behaviour index, 0 to 1."""

    period: Period
    evidence: calendars.Evidence
    reading: TimeReading
    behaviour: Interval | None


def balance(person: Person, period: Period) -> Balance:
    """The balance of a period; kept until the person's evidence changes."""
    (found,) = balances(person, [period])
    return found


def balances(person: Person, periods: Sequence[Period]) -> list[Balance]:
    """The balance of each of some periods; what is not kept yet is read from the calendars at once."""
    positions = positions_version(person)
    keys = {period: _key(person, period, positions) for period in periods}
    kept: dict[str, Balance] = cache.get_many(keys.values())
    missing = [period for period in keys if keys[period] not in kept]
    read = calendars.evidence_of_each(person, [(period.start, period.end) for period in missing])
    company = company_of(person, missing)
    for period, evidence in zip(missing, read, strict=True):
        kept[keys[period]] = _balance(person, period, evidence, company.met(evidence.counted))
        cache.set(keys[period], kept[keys[period]], KEPT_SECONDS)
    return [kept[keys[period]] for period in periods]


def latest_balances(person: Person, reach: calendars.Reach, *, today: date) -> tuple[Balance, Balance | None]:
    """The balance of the latest four weeks, and of the four before where the calendars cover them."""
    period = latest(weeks=LATEST_WEEKS, first=reach.first, last=reach.last, today=today)
    wanted = [period, period.before] if period.before.start >= reach.first else [period]
    now, *earlier = balances(person, wanted)
    return now, earlier[0] if earlier else None


def _key(person: Person, period: Period, positions: str) -> str:
    depends_on = (
        person.pk, person.evidence_version, person.zone, person.unplanned_hours, person.work_from, person.work_until,
        period.start, period.end, positions,
    )  # fmt: skip
    return "balance-" + "-".join(str(each).replace(" ", "") for each in depends_on)


def _balance(person: Person, period: Period, evidence: calendars.Evidence, met: Sequence[Met]) -> Balance:
    return Balance(
        period=period,
        evidence=evidence,
        reading=measure_time(evidence.counted, evidence.probabilities, unplanned_hours=person.unplanned_hours),
        behaviour=behaviour_index(
            activities_of(evidence.counted, evidence.probabilities, functions=met), load_weights()
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where one stands beside what the situation called for on a day.

    Attributes:
        called_for: What was called for; `None` when nothing had been said of the situation by then.
        comparison: What the time shows beside it.
        portrait: What is there by volume.
        because: Why, as a clause.
        set_by_hand: Whether the person set the band for leading themselves.
        offers_scan: Whether the person never said anything of their situation.
    """

    called_for: CalledFor | None = None
    comparison: Comparison | None = None
    portrait: Portrait | None = None
    because: str = ""
    set_by_hand: bool = False
    offers_scan: bool = False

    @property
    def share_band(self) -> tuple[float, float]:
        """The band for leading on a bar 100 units wide: where it begins, and its width."""
        band = self.called_for.leading if self.called_for else None
        return (100 * band.low, 100 * (band.high - band.low)) if band else (0.0, 0.0)


def standing(person: Person, balance: Balance, found: change.Situation | None, on: date) -> Standing:
    """Set a balance beside what the situation called for on a day in the person's zone, as far as it is known."""
    if found is None:
        return Standing(offers_scan=not change.has_scan(person))
    called = found.called_for
    hours_a_day = (person.work_until.hour - person.work_from.hour) + (
        person.work_until.minute - person.work_from.minute
    ) / 60
    return Standing(
        called_for=called,
        comparison=compare_time(balance.reading, called),
        portrait=portrait_of(
            balance.reading, called, role=found.profile.role, week_hours=WORKING_DAYS * max(hours_a_day, 0.0)
        ),
        because=because(found.profile, found.scan.answers, on),
        set_by_hand="leading" in found.overrides,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One series behind a figure.

    Attributes:
        entry_id: One entry of it.
        title: Its title.
        private: Whether only its length may be used.
        times: How often it took place in the period.
        hours: Its hours in the period.
        part: How many of them go to the purpose looked at.
        verdict: What it is for.
    """

    entry_id: int
    title: str
    private: bool
    times: int
    hours: float
    part: float
    verdict: calendars.Verdict


def parts(found: Balance, purposes: tuple[Purpose, ...]) -> list[Part]:
    """The series behind the hours of some purposes, the largest part first; those with no part to speak of left out."""
    columns = [PURPOSES.index(purpose) for purpose in purposes]
    by_entry: dict[int, list[float]] = {}
    for each in found.evidence.counted.times:
        by_entry.setdefault(each.entry_number, []).append(each.hours)
    by_series: dict[tuple[str, str], Part] = {}
    for number, hours in by_entry.items():
        entry, verdict = found.evidence.counted.entries[number], found.evidence.verdicts[number]
        key = (entry.series, entry.title)
        share = sum(verdict.probabilities[column] for column in columns)
        before = by_series.get(key)
        by_series[key] = Part(
            entry_id=entry.line,
            title=entry.title,
            private=entry.private,
            times=len(hours) + (before.times if before else 0),
            hours=sum(hours) + (before.hours if before else 0.0),
            part=sum(hours) * share + (before.part if before else 0.0),
            verdict=verdict,
        )
    shown = [part for part in by_series.values() if part.part >= 0.02]
    return sorted(shown, key=lambda part: (-part.part, part.title, part.entry_id))
