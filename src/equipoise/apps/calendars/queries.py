"""What is known from a person's calendars."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from django.core.cache import cache
from django.db.models import Count, F, Max, Min, Q, QuerySet
from numpy.typing import NDArray

from equipoise.apps.calendars import mapping
from equipoise.apps.calendars.models import (
    LASTING,
    Account,
    Calendar,
    Correction,
    Entry,
    Import,
    Movable,
    Occurrence,
    Rule,
    Written,
)
from equipoise.apps.people.models import Person
from equipoise.core.facets import PURPOSES, Purpose
from equipoise.core.timeuse.counting import Counted, count_time
from equipoise.core.timeuse.entries import Entry as CalendarEntry
from equipoise.core.timeuse.entries import Occurrence as CalendarOccurrence
from equipoise.core.timeuse.purpose_learning import Learned
from equipoise.core.timeuse.purposes import Correction as PurposeCorrection
from equipoise.core.timeuse.purposes import Origin, decide, learn
from equipoise.core.timeuse.purposes import Rule as PurposeRule
from equipoise.core.timeuse.weeks import midnight

DAY = timedelta(days=1)
"""All-day entries may move this far when the person changes zone."""
KEPT_SECONDS = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What one entry is for.

    Attributes:
        probabilities: One for each purpose, in the order of `PURPOSES`.
        origin: Who says so.
        correction_id: The correction that holds, if one does.
    """

    probabilities: tuple[float, ...]
    origin: Origin
    correction_id: int | None = None

    @property
    def purpose(self) -> Purpose:
        """The likeliest purpose."""
        return PURPOSES[int(np.argmax(self.probabilities))]

    @property
    def confidence(self) -> float:
        """Probability of the likeliest purpose, 0 to 1."""
        return max(self.probabilities)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the calendars say about a period.

    Attributes:
        occurrences: All that touches it, counted or not, in time.
        counted: What counts and what is left out.
        verdicts: What each of `counted.entries` is for, in their order.
    """

    occurrences: tuple[CalendarOccurrence, ...]
    counted: Counted
    verdicts: tuple[Verdict, ...]

    @property
    def probabilities(self) -> NDArray[np.float64]:
        """One row for each of `counted.entries`, one column for each purpose."""
        return np.array([verdict.probabilities for verdict in self.verdicts], dtype=np.float64).reshape(
            -1, len(PURPOSES)
        )


def evidence(person: Person, *, start: date, end: date) -> Evidence:
    """What the calendars say about the days from `start` up to, and not including, `end`."""
    (found,) = evidence_of_each(person, [(start, end)])
    return found


def evidence_of_each(person: Person, periods: Sequence[tuple[date, date]]) -> list[Evidence]:
    """What the calendars say about each of some periods near each other, given by first day and day after the last."""
    if not periods:
        return []
    zone = ZoneInfo(person.zone)
    rules = list(Rule.objects.filter(owner=person))
    counting = mapping.counting_rules(rules, opens=person.work_from, closes=person.work_until)
    near = occurrences(person, start=min(start for start, _ in periods), end=max(end for _, end in periods))
    touching = [tuple(_touching(near, start, end, zone)) for start, end in periods]
    counted = [
        count_time(each, start=start, end=end, zone=zone, rules=counting)
        for each, (start, end) in zip(touching, periods, strict=True)
    ]
    entries = {entry.line: entry for each in counted for entry in each.entries}
    found = dict(zip(entries, _verdicts(person, list(entries.values()), rules), strict=True))
    return [
        Evidence(occurrences=those, counted=each, verdicts=tuple(found[entry.line] for entry in each.entries))
        for those, each in zip(touching, counted, strict=True)
    ]


def evidence_kept(person: Person, *, start: date, end: date) -> Evidence:
    """The same as `evidence`, for pages: kept until the person's evidence changes."""
    depends_on = (person.pk, person.evidence_version, person.zone, person.work_from, person.work_until, start, end)
    key = "evidence-" + "-".join(map(str, depends_on))
    found: Evidence | None = cache.get(key)
    if found is None:
        found = evidence(person, start=start, end=end)
        cache.set(key, found, KEPT_SECONDS)
    return found


def occurrences(person: Person, *, start: date, end: date) -> tuple[CalendarOccurrence, ...]:
    """What touches a period of days in the person's zone, in time.

    The same time of the same entry in two calendars (a file, and later the account it came from) stands there once, as
    the one read later has it.
    """
    zone = ZoneInfo(person.zone)
    first, last = midnight(start, zone), midnight(end, zone)
    rows = (
        Occurrence.objects.filter(owner=person, starts_at__lt=last + DAY, ends_at__gte=first - DAY)
        .select_related("entry__calendar")
        .defer("entry__scores", "entry__vector")
    )
    nearby = rows.filter(starts_at__gte=first - DAY - LASTING)
    long_before = rows.filter(lasting=True, starts_at__lt=first - DAY - LASTING)
    found = mapping.occurrences_of([*long_before, *nearby], zone=zone)
    once = {(each.entry.uid or each.entry.line, each.start, each.end): each for each in found}
    return tuple(_touching(once.values(), start, end, zone))


def _touching(
    found: Iterable[CalendarOccurrence], start: date, end: date, zone: ZoneInfo
) -> Iterator[CalendarOccurrence]:
    first, last = midnight(start, zone), midnight(end, zone)
    return (each for each in found if each.start < last and each.end >= first)


def verdicts(person: Person, entries: Sequence[CalendarEntry]) -> tuple[Verdict, ...]:
    """What entries are for.

    The owner's correction of the series decides; else, for an entry that Equipoise wrote, what it was written for;
    else the owner's first rule that fits, else the model with what it learned from the corrections.
    """
    return _verdicts(person, entries, list(Rule.objects.filter(owner=person)))


def _verdicts(person: Person, entries: Sequence[CalendarEntry], rules: Sequence[Rule]) -> tuple[Verdict, ...]:
    if not entries:
        return ()
    corrections = {each.series: each for each in Correction.objects.filter(owner=person, replaced=False)}
    ours = _purposes_written(person)
    decided = decide(
        entries,
        None,
        _stored_readings(person, [entry.line for entry in entries]),
        corrections=[
            *(PurposeCorrection(series=series, purpose=purpose) for series, purpose in ours.items()),
            *(PurposeCorrection(series=each.series, purpose=Purpose(each.purpose)) for each in corrections.values()),
        ],
        rules=[PurposeRule(words=rule.words, purpose=Purpose(rule.purpose)) for rule in rules if rule.purpose],
        learned=_learned(person, corrections),
    )
    return tuple(
        Verdict(
            probabilities=tuple(row),
            origin=Origin.PLAN if entry.series in ours and entry.series not in corrections else origin,
            correction_id=corrections[entry.series].pk if entry.series in corrections else None,
        )
        for entry, row, origin in zip(entries, decided.probabilities.tolist(), decided.origins, strict=True)
    )


def _purposes_written(person: Person) -> dict[str, Purpose]:
    """What Equipoise's own entries are for, by their identifier, which is their series, too."""
    rows = Written.objects.filter(owner=person).exclude(purpose="").values_list("uid", "purpose")
    return {uid: Purpose(purpose) for uid, purpose in rows}


def _stored_readings(person: Person, keys: Sequence[int]) -> mapping.StoredReadings:
    rows = Entry.objects.filter(owner=person, pk__in=keys).values_list("pk", "scores", "vector")
    return mapping.StoredReadings(rows)


def _learned(person: Person, corrections: Mapping[str, Correction]) -> Learned | None:
    """What the corrections teach about the person's other entries; kept until the person's evidence changes."""
    if not corrections:
        return None
    version = Person.objects.values_list("evidence_version", flat=True).get(pk=person.pk)
    key = f"learned-{person.pk}-{version}"
    found: tuple[Learned | None] | None = cache.get(key)
    if found is None:
        found = (_learn(person, corrections),)
        cache.set(key, found, KEPT_SECONDS)
    return found[0]


def _learn(person: Person, corrections: Mapping[str, Correction]) -> Learned | None:
    """One entry of each corrected series teaches."""
    taught = {row.series: row for row in Entry.objects.filter(owner=person, series__in=corrections, private=False)}
    if not taught:
        return None
    entries = [mapping.entry_of(row) for row in taught.values()]
    purposes = [Purpose(corrections[series].purpose) for series in taught]
    return learn(entries, None, purposes, _stored_readings(person, [entry.line for entry in entries]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """The days a person's calendars cover."""

    first: date
    last: date


def reach(person: Person) -> Reach | None:
    """The first and the last day with an entry; `None` when there is none."""
    found = Occurrence.objects.filter(owner=person).aggregate(first=Min("starts_at"), last=Max("starts_at"))
    if found["first"] is None:
        return None
    zone = ZoneInfo(person.zone)
    return Reach(first=found["first"].astimezone(zone).date(), last=found["last"].astimezone(zone).date())


def calendars_of(person: Person) -> list[Calendar]:
    """The person's calendars, each with `entry_count`."""
    return list(Calendar.objects.filter(owner=person).select_related("account").annotate(entry_count=Count("entries")))


def in_trouble(person: Person) -> list[Calendar]:
    """The person's calendars that could not be kept in step when they were read last; paused ones left out."""
    rows = Calendar.objects.filter(owner=person, paused=False).exclude(trouble_kind="")
    return [each for each in rows if each.is_in_step]


def calendar_of(person: Person, calendar_id: int) -> Calendar:
    """One calendar of the person's own.

    Raises:
        Calendar.DoesNotExist: When it is not there, or somebody else's.
    """
    return Calendar.objects.get(owner=person, pk=calendar_id)


def subscription_of(person: Person, calendar_id: int) -> Calendar:
    """One calendar of the person's own that is kept in step.

    Raises:
        Calendar.DoesNotExist: When it is not there, not kept in step, or somebody else's.
    """
    found = calendar_of(person, calendar_id)
    if not found.is_in_step:
        raise Calendar.DoesNotExist
    return found


def accounts_of(person: Person) -> list[Account]:
    """The person's accounts with calendar servers."""
    return list(Account.objects.filter(owner=person))


def account_of(person: Person, account_id: int) -> Account:
    """One account of the person's own.

    Raises:
        Account.DoesNotExist: When it is not there, or somebody else's.
    """
    return Account.objects.select_related("owner").get(owner=person, pk=account_id)


def calendars_of_account(account: Account) -> list[Calendar]:
    """The calendars of an account that are read."""
    return list(Calendar.objects.filter(account=account))


def writable_calendars(person: Person) -> list[Calendar]:
    """The person's calendars that take entries; the chosen one first."""
    found = Calendar.objects.filter(owner=person, writable=True).exclude(account=None)
    return list(found.order_by("-written_to", "name", "pk"))


def chosen_calendar(person: Person) -> Calendar | None:
    """The calendar the person chose for Equipoise's entries; `None` when they chose none."""
    return Calendar.objects.filter(owner=person, written_to=True, writable=True).exclude(account=None).first()


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenState:
    """One entry of Equipoise's own in a calendar.

    Attributes:
        uid: What it is known by.
        calendar_id: Where; `None` when that calendar is not connected any more.
        planned_start: When it was put.
        planned_end: When it was to end.
        seen_start: When it starts in the calendar, as read or written last; `None` while it was never there.
        seen_end: When it ends there.
        gone_at: When it was found to be gone from there.
        waiting: Whether a change of it still waits for the server.
        failed: Whether the last change cannot be made; `trouble_kind` says why.
        trouble_kind: The name of the last error; empty when there was none since the last success.
    """

    uid: str
    calendar_id: int | None
    planned_start: datetime
    planned_end: datetime
    seen_start: datetime | None
    seen_end: datetime | None
    gone_at: datetime | None
    waiting: bool
    failed: bool
    trouble_kind: str


def written(person: Person) -> list[WrittenState]:
    """The entries Equipoise wrote into the person's calendars, and that are wanted there."""
    return [
        WrittenState(
            uid=row.uid,
            calendar_id=row.calendar_id,
            planned_start=row.planned_start,
            planned_end=row.planned_end,
            seen_start=row.seen_start,
            seen_end=row.seen_end,
            gone_at=row.gone_at,
            waiting=row.state == Written.State.WAITING,
            failed=row.state == Written.State.FAILED,
            trouble_kind=row.trouble_kind,
        )
        for row in Written.objects.filter(owner=person, wanted=True)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbox:
    """Entries on their way into the person's calendars.

    Attributes:
        waiting: How many wait for a server.
        failed: How many cannot be written.
        kinds: Names of the errors of those that cannot.
    """

    waiting: int
    failed: int
    kinds: tuple[str, ...]


def outbox(person: Person) -> Outbox:
    """What waits to be written, and what cannot be."""
    waits = Q(state=Written.State.WAITING)
    cannot = Q(state=Written.State.FAILED, wanted=True, calendar__account__isnull=False)
    rows = list(Written.objects.filter(waits | cannot, owner=person).values_list("state", "trouble_kind"))
    kinds = [kind for state, kind in rows if state == Written.State.FAILED]
    return Outbox(waiting=len(rows) - len(kinds), failed=len(kinds), kinds=tuple(sorted(set(kinds))))


def movable_series(person: Person) -> set[str]:
    """The series the person says may be moved."""
    return set(Movable.objects.filter(owner=person).values_list("series", flat=True))


def may_be_moved(entry: Entry) -> bool:
    """Whether it is the owner's own to move: nobody else called it, and it is no day or journey of theirs."""
    return entry.organiser_self is not False and not entry.all_day and not entry.cancelled


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """One time that is taken already.

    Attributes:
        entry_id: The entry's number.
        uid: The calendar's own identifier.
        title: Empty when private.
        start: Aware; when it counts from.
        end: Aware; when it counts until.
        purpose: What it is for, by the likeliest.
        movable: Whether the owner says it may be moved.
    """

    entry_id: int
    uid: str
    title: str
    start: datetime
    end: datetime
    purpose: Purpose
    movable: bool


def fixed_in_week(person: Person, start: date, end: date) -> list[Fixed]:
    """What takes time on the days from `start` up to, and not including, `end`, by the rules that count time."""
    found = evidence(person, start=start, end=end)
    movable = movable_series(person)
    return [
        Fixed(
            entry_id=entry.line,
            uid=entry.uid,
            title=entry.title,
            start=span.start,
            end=span.end,
            purpose=found.verdicts[each.entry_number].purpose,
            movable=entry.series in movable,
        )
        for each in found.counted.times
        for entry in [each.occurrence.entry]
        for span in each.spans
        if span.start < span.end
    ]


def has_calendar(person: Person) -> bool:
    """Whether anything was read yet."""
    return Calendar.objects.filter(owner=person).exists()


def import_of(person: Person, import_id: int) -> Import:
    """One import of the person's own.

    Raises:
        Import.DoesNotExist: When it is not there, or somebody else's.
    """
    return Import.objects.get(owner=person, pk=import_id)


def entry_of(person: Person, entry_id: int) -> Entry:
    """One entry of the person's own.

    Raises:
        Entry.DoesNotExist: When it is not there, or somebody else's.
    """
    return Entry.objects.select_related("calendar").get(owner=person, pk=entry_id)


def correction_of(person: Person, correction_id: int) -> Correction:
    """One correction that holds, of the person's own.

    Raises:
        Correction.DoesNotExist: When it is not there, undone already, or somebody else's.
    """
    return Correction.objects.get(owner=person, pk=correction_id, replaced=False)


def correction_for(person: Person, series: str) -> Correction | None:
    """The correction that holds for a series."""
    return Correction.objects.filter(owner=person, series=series, replaced=False).first()


def corrections_of(person: Person) -> QuerySet[Correction]:
    """The corrections that hold."""
    return Correction.objects.filter(owner=person, replaced=False)


def corrections_count(person: Person) -> int:
    """How many series the person has corrected."""
    return Correction.objects.filter(owner=person, replaced=False).count()


def rules_of(person: Person) -> list[Rule]:
    """The person's rules in the order they are tried."""
    return list(Rule.objects.filter(owner=person))


def rule_of(person: Person, rule_id: int) -> Rule:
    """One rule of the person's own.

    Raises:
        Rule.DoesNotExist: When it is not there, or somebody else's.
    """
    return Rule.objects.get(owner=person, pk=rule_id)


def entries_that_fit(person: Person, rule: Rule) -> int:
    """How many entries a rule speaks of, by the same checks that decide when a reading is made."""
    counting = mapping.counting_rules([rule], opens=person.work_from, closes=person.work_until)
    tests = [each.covers for each in counting.all_day]
    if rule.purpose:
        tests.append(PurposeRule(words=rule.words, purpose=Purpose(rule.purpose)).fits)
    entries = map(mapping.entry_of, Entry.objects.filter(owner=person).defer("scores", "vector"))
    return sum(any(fits(entry) for fits in tests) for entry in entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One series found by its title, and the last day it takes place."""

    entry_id: int
    title: str
    day: date


def search(person: Person, words: str, *, limit: int) -> list[Found]:
    """The person's series with these words in their title, the latest first."""
    rows = (
        Entry.objects.filter(owner=person, title__icontains=words, private=False)
        .annotate(last=Max("occurrences__starts_at"))
        .order_by(F("last").desc(nulls_last=True), "pk")[: 5 * limit]
    )
    zone = ZoneInfo(person.zone)
    found: dict[tuple[str, str], Found] = {}
    for row in rows:
        if row.last is not None:
            day = row.last.astimezone(zone).date()
            found.setdefault((row.series, row.title), Found(entry_id=row.pk, title=row.title, day=day))
    return list(found.values())[:limit]


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A series worth asking about: one entry of it, its hours and what the model makes of it."""

    entry: Entry
    verdict: Verdict
    hours: float
    times: int


def doubts(person: Person, *, start: date, end: date, limit: int = 60) -> list[Doubt]:
    """The series whose correction would tell most: most hours times most doubt first."""
    found = evidence(person, start=start, end=end)
    hours: dict[str, float] = {}
    times: dict[str, int] = {}
    first: dict[str, int] = {}
    for each in found.counted.times:
        series = each.occurrence.entry.series
        hours[series] = hours.get(series, 0.0) + each.hours
        times[series] = times.get(series, 0) + 1
        first.setdefault(series, each.entry_number)
    open_series = [
        (series, number)
        for series, number in first.items()
        if found.verdicts[number].origin is Origin.MODEL and not found.counted.entries[number].private
    ]
    open_series.sort(key=lambda each: (-hours[each[0]] * (1 - found.verdicts[each[1]].confidence), each[0]))
    chosen = open_series[:limit]
    rows = Entry.objects.in_bulk([found.counted.entries[number].line for _, number in chosen])
    return [
        Doubt(
            entry=rows[found.counted.entries[number].line],
            verdict=found.verdicts[number],
            hours=hours[series],
            times=times[series],
        )
        for series, number in chosen
    ]


def export(person: Person) -> dict[str, object]:
    """Everything kept from the person's calendars, as plain values for an export."""
    return {
        "calendars": [
            {
                "name": calendar.name,
                "address": calendar.shown_address or calendar.remote,
                "zone": calendar.zone,
                "read_at": calendar.read_at,
                "paused": calendar.paused,
                "written_to": calendar.written_to,
                "entries": [_exported(entry) for entry in calendar.entries.prefetch_related("occurrences")],
            }
            for calendar in Calendar.objects.filter(owner=person)
        ],
        "corrections": list(
            Correction.objects.filter(owner=person).values("series", "purpose", "said_at", "replaced").order_by("id")
        ),
        "rules": list(Rule.objects.filter(owner=person).values("words", "purpose", "all_day_counts", "made_at")),
        "accounts": list(Account.objects.filter(owner=person).values("address", "username", "offered", "connected_at")),
        "movable": list(Movable.objects.filter(owner=person).values("series", "said_at")),
        "written": list(
            Written.objects.filter(owner=person).values(
                "uid", "title", "description", "purpose", "planned_start", "planned_end", "seen_start", "seen_end",
                "gone_at", "wanted", "state", "changed_at",
            )
        ),
        "imports": list(
            Import.objects.filter(owner=person).values(
                "name",
                "state",
                "entries",
                "occurrences",
                "lost",
                "altered",
                "problems",
                "failure_kind",
                "failure",
                "started_at",
                "finished_at",
            )
        ),
    }  # fmt: skip


def _exported(entry: Entry) -> dict[str, object]:
    kept = (
        "uid", "series", "title", "description", "all_day", "cancelled", "free", "private", "answer", "attendees",
        "relation", "recurring", "organiser_self", "minutes",
    )  # fmt: skip
    row: dict[str, object] = {name: getattr(entry, name) for name in kept}
    row["times"] = [[each.starts_at.astimezone(UTC), each.ends_at.astimezone(UTC)] for each in entry.occurrences.all()]
    return row


def running_import(person: Person) -> Import | None:
    """The import that is under way, if any."""
    return (
        Import.objects.filter(owner=person).exclude(Q(state=Import.State.DONE) | Q(state=Import.State.FAILED)).first()
    )
