"""Keep a calendar in step: ask its address or its account's server what is new, and take that over."""

import hashlib
import logging
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from equipoise.adapters import caldav
from equipoise.adapters.ics import CalendarError, CalendarReading, EmptyCalendar, Problem, Upload, read_calendar
from equipoise.adapters.ics.web import fetch_if_changed
from equipoise.apps.calendars import leases, mapping, noticing, storing
from equipoise.apps.calendars.discretion import discreet, plain_address
from equipoise.apps.calendars.leases import Lease, LeaseLost
from equipoise.apps.calendars.models import Account, Calendar, Import, Resource
from equipoise.apps.calendars.schedule import ACCOUNT_EVERY, ADDRESS_EVERY, WHOLE_EVERY, by_chance, next_reading
from equipoise.apps.calendars.steps import Steps
from equipoise.apps.calendars.storing import PersonGone
from equipoise.apps.people.models import Person
from equipoise.apps.people.turns import one_at_a_time
from equipoise.core.timeuse.entries import Entry, Occurrence
from equipoise.platform import audit, vault

OBJECTS_AT_ONCE = 200
BESIDE = 2000
LONGEST_HREF = 1000
"""A longer path names nothing a person would miss, and fits no column."""
OUR_FAULT, KEY_LOST, BUSY = "OurFault", "KeyLost", "Busy"
"""Kinds of failure beside the names of the readers' own errors."""
NO_PASSWORD = (caldav.SignInRefused.__name__, KEY_LOST)
_STAMP = re.compile(rb"^DTSTAMP[^\n]*\n", re.MULTILINE)

_log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What a reading brought.

    Attributes:
        at: When.
        entries: Entries read, of those that are new or changed.
        occurrences: Times at which they take place.
        removed: Objects that are gone.
        problems: What could not be read as written.
        whole: Whether everything was read, not only what is new.
    """

    at: datetime
    entries: int = 0
    occurrences: int = 0
    removed: int = 0
    problems: tuple[Problem, ...] = ()
    whole: bool = False


def claim_due_readings(*, now: datetime, until: datetime, most: int = 50) -> list[int]:
    """The calendars that are due to be read; each is handed to one worker, and is due again after `until`."""
    in_step = (Q(account=None) & ~Q(sealed_address="")) | Q(account__refusal="")
    theirs = Q(owner__is_active=True, owner__erase_after=None)
    due = Calendar.objects.filter(in_step, theirs, due_at__lte=now, paused=False).order_by("due_at", "pk")
    keys = list(due.values_list("pk", flat=True)[:most])
    return [key for key in keys if Calendar.objects.filter(pk=key, due_at__lte=now).update(due_at=until)]


class Busy(Exception):
    """Another worker reads or writes this calendar at the moment."""


def read_in_step(
    calendar_id: int, *, clock: Callable[[], datetime], job: Import | None = None, job_lease: Lease | None = None
) -> Outcome | None:
    """Ask for what is new in one calendar and take it over; on trouble what was read before stays.

    It may be called again whenever it was cut off: what was taken over already is not asked for again.

    Returns:
        What came; `None` when there is nothing to ask, because it is paused, disconnected or waits for a password.

    Raises:
        Busy: When another worker is at it.
        CalendarError: When it could not be read; noted already.
        PersonGone: When the person erased everything meanwhile.
    """
    lease = leases.take(Calendar, calendar_id, now=clock())
    if lease is None:
        raise Busy
    try:
        calendar = Calendar.objects.select_related("owner", "account").get(pk=calendar_id)
        held = (lease,) if job_lease is None else (lease, job_lease)
        return _read(calendar, lease, Steps(job, held, clock), asked=job is not None)
    except LeaseLost:
        _log.warning("Another worker took over calendar %s", calendar_id)
        raise Busy from None
    except Calendar.DoesNotExist:
        raise PersonGone from None
    finally:
        lease.release()


def _read(calendar: Calendar, lease: Lease, steps: Steps, *, asked: bool) -> Outcome | None:
    if not calendar.is_in_step or (calendar.paused and not asked):
        return None
    if calendar.account is not None and calendar.account.refusal:
        return None
    try:
        if calendar.account is not None:
            return _read_from_account(calendar, calendar.account, lease, steps)
        return _read_from_address(calendar, lease, steps)
    except (CalendarError, vault.KeyLost) as error:
        note_trouble(calendar, error, now=steps.clock())
        raise
    except (LeaseLost, PersonGone):
        raise
    except Exception as error:
        _log.exception("Calendar %s could not be read", calendar.pk)
        note_trouble(calendar, error, now=steps.clock())
        raise


def kind_of(error: Exception) -> str:
    """The name by which pages tell an error."""
    if isinstance(error, vault.KeyLost):
        return KEY_LOST
    return type(error).__name__ if isinstance(error, CalendarError) else OUR_FAULT


@transaction.atomic
def note_trouble(calendar: Calendar, error: Exception, *, now: datetime) -> None:
    """Keep what went wrong, and when to ask again. A password that was refused is not tried again."""
    kind = kind_of(error)
    if kind in NO_PASSWORD and calendar.account_id is not None:
        refuse(calendar.account_id, kind, now=now)
        return
    retry_after = error.retry_after if isinstance(error, CalendarError) else None
    calendar.failures = min(calendar.failures + 1, 1000)
    wait = next_reading(_every(calendar), failures=calendar.failures, retry_after=retry_after, spread=by_chance())
    Calendar.objects.filter(pk=calendar.pk).update(
        failures=calendar.failures,
        trouble_kind=kind,
        trouble=discreet(str(error)) if isinstance(error, CalendarError) else "",
        due_at=now + wait,
    )


def note_success(calendar: Calendar, *, now: datetime) -> None:
    """Note in the row of a calendar that it was read, and when it is read again; the row is not saved."""
    calendar.read_at, calendar.zone = now, calendar.owner.zone
    calendar.failures, calendar.trouble_kind, calendar.trouble = 0, "", ""
    calendar.due_at = now + next_reading(_every(calendar), failures=0, retry_after=None, spread=by_chance())


def refuse(account_id: int, kind: str, *, now: datetime) -> None:
    """Ask the account's server no more until its owner gives the password again."""
    Account.objects.filter(pk=account_id).update(refusal=kind, refused_at=now)
    Calendar.objects.filter(account_id=account_id).update(due_at=None)


def _every(calendar: Calendar) -> timedelta:
    return ADDRESS_EVERY if calendar.account_id is None else ACCOUNT_EVERY


def _read_from_address(calendar: Calendar, lease: Lease, steps: Steps) -> Outcome:
    now = steps.clock()
    whole = _is_whole_due(calendar, now)
    address = vault.unseal(calendar.sealed_address)
    steps.say(0, 0, state=Import.State.READING)
    fetched = fetch_if_changed(
        address,
        etag="" if whole else calendar.etag,
        modified="" if whole else calendar.modified,
        report=steps.heard,
        allow_private_hosts=settings.PRIVATE_FEEDS,
    )
    if fetched is None:
        return _finish(calendar, lease, Outcome(at=now))
    mark = content_mark(fetched.data)
    calendar.etag, calendar.modified = fetched.etag, fetched.modified
    if mark == calendar.token and not whole:
        return _finish(calendar, lease, Outcome(at=now))
    source = Upload(name=calendar.shown_address, content=fetched.data)
    reading, classified = read_whole(source, calendar.owner, now, steps)
    outcome = Outcome(
        at=now, entries=len(classified), occurrences=len(reading.occurrences), problems=reading.problems, whole=True
    )
    with transaction.atomic():
        _hold(calendar, lease)
        storing.replace_entries(calendar, classified)
        calendar.token, calendar.whole_at = mark, now
        if fetched.address != address:
            keep_address(calendar, fetched.address)
        return _finish(calendar, lease, outcome)


def read_whole(
    source: Upload, person: Person, now: datetime, steps: Steps
) -> tuple[CalendarReading, list[storing.Classified]]:
    """Read a calendar from its beginning and sort its entries, telling each step; what is left is to save it."""
    reading = read_calendar(
        [source],
        me=person.addresses,
        start=storing.SINCE,
        end=now + storing.AHEAD,
        zone=ZoneInfo(person.zone),
        progress=steps.heard,
    )
    steps.say(0, 0, state=Import.State.SORTING)
    classified = storing.classify(reading.occurrences, steps.say)
    steps.say(0, len(classified), state=Import.State.SAVING)
    return reading, classified


def keep_address(calendar: Calendar, address: str) -> None:
    """Seal the address of a subscription into its row; the row is not saved."""
    calendar.sealed_address = vault.seal(address)
    calendar.address_mark = vault.digest(plain_address(address))
    calendar.shown_address = discreet(address)


def content_mark(data: bytes) -> str:
    """A mark of what a calendar says; servers write the time of asking into every entry."""
    return hashlib.sha256(_STAMP.sub(b"", data)).hexdigest()


def _is_whole_due(calendar: Calendar, now: datetime) -> bool:
    return calendar.whole_at is None or now - calendar.whole_at >= WHOLE_EVERY or calendar.zone != calendar.owner.zone


def _hold(calendar: Calendar, lease: Lease) -> None:
    """Let nobody else change this person's evidence until the transaction ends."""
    if not one_at_a_time(calendar.owner_id):
        raise PersonGone
    lease.insist()


@transaction.atomic
def _finish(calendar: Calendar, lease: Lease, outcome: Outcome) -> Outcome:
    """Write down that the calendar is as it should be, and in the trail, if anything changed; gives `outcome` back."""
    lease.insist()
    note_success(calendar, now=outcome.at)
    calendar.save(
        update_fields=[
            "read_at", "zone", "failures", "trouble_kind", "trouble", "due_at", "etag", "modified", "token", "whole_at",
            "sealed_address", "address_mark", "shown_address",
        ]
    )  # fmt: skip
    if outcome.whole or outcome.entries or outcome.removed:
        audit.record(
            actor_id=None,
            subject_id=calendar.owner_id,
            verb="calendar synced",
            now=outcome.at,
            detail={"entries": outcome.entries, "removed": outcome.removed},
        )
        storing.evidence_changed(calendar.owner_id)
    return outcome


def line_to(account: Account) -> caldav.Account:
    """The account as the server is asked with it.

    Raises:
        KeyLost: When the vault's key is not the one the password was sealed with.
    """
    return caldav.Account(
        address=account.address, username=account.username, password=vault.unseal(account.sealed_password)
    )


def _read_from_account(calendar: Calendar, account: Account, lease: Lease, steps: Steps) -> Outcome:
    now = steps.clock()
    line = line_to(account)
    steps.say(0, 0, state=Import.State.READING)
    found = caldav.changes(line, calendar.remote, calendar.token, allow_private_hosts=settings.PRIVATE_FEEDS)
    known = dict(Resource.objects.filter(calendar=calendar).values_list("href", "etag"))
    listed = {href for href, _etag in found.changed if len(href) <= LONGEST_HREF}
    if found.complete and known and not listed:
        _believe_the_second_time(calendar)
    gone = known.keys() & (known.keys() - listed if found.complete else set(found.removed))
    changed = [href for href, etag in found.changed if href in listed and (not etag or known.get(href) != etag)]
    stale = _stale(calendar, now)
    wanted = [href for href in dict.fromkeys([*changed, *stale]) if href not in gone]
    beside = _beside(calendar) if wanted else []
    outcome = Outcome(at=now, removed=len(gone))
    for first in range(0, len(wanted), OBJECTS_AT_ONCE):
        steps.say(first, len(wanted), state=Import.State.READING if first == 0 else None)
        part = wanted[first : first + OBJECTS_AT_ONCE]
        objects = list(caldav.fetch(line, calendar.remote, part, allow_private_hosts=settings.PRIVATE_FEEDS))
        _take_over(calendar, objects, lease, outcome, beside)
        steps.say(first + len(part), len(wanted))
    with transaction.atomic():
        _hold(calendar, lease)
        noticing.gone(calendar, found.removed if not found.complete else None, listed, now=now)
        going = sorted(gone)
        for first in range(0, len(going), OBJECTS_AT_ONCE):
            part = going[first : first + OBJECTS_AT_ONCE]
            Resource.objects.filter(calendar=calendar, href__in=part).delete()
        calendar.token = found.token
        if not known or stale:
            calendar.whole_at = now
        return _finish(calendar, lease, outcome)


def _believe_the_second_time(calendar: Calendar) -> None:
    """Let a server in trouble that lists nothing at all take no entry, and no block, with it.

    Raises:
        SuddenlyEmpty: The first time in a row.
    """
    if calendar.trouble_kind != caldav.SuddenlyEmpty.__name__:
        raise caldav.SuddenlyEmpty(f"{calendar.remote} lists no entry any more: read it again to take that over.")


def _stale(calendar: Calendar, now: datetime) -> list[str]:
    """Objects that must be laid out anew: ones that repeat, or whose only time lay too far ahead."""
    old = Resource.objects.filter(calendar=calendar, read_at__lte=now - WHOLE_EVERY)
    if calendar.zone != calendar.owner.zone:
        old = Resource.objects.filter(calendar=calendar)
    repeats = ~Q(entries__recurring="no") | Q(entries=None)
    return list(old.filter(repeats).distinct().values_list("href", flat=True))


def _beside(calendar: Calendar) -> list[Entry]:
    """Entries with notes that tell which lines stand under most of them; the latest of a large calendar will do."""
    rows = calendar.entries.exclude(description="").defer("scores", "vector").order_by("-pk")[:BESIDE]
    return [mapping.entry_of(row) for row in rows]


def _take_over(
    calendar: Calendar, objects: Sequence[caldav.RemoteObject], lease: Lease, outcome: Outcome, beside: list[Entry]
) -> None:
    """Save a batch of objects in place of what they were before, whole or not at all."""
    now = outcome.at
    occurrences, problems = laid_out(objects, calendar.owner, start=storing.SINCE, end=now + storing.AHEAD)
    classified = storing.classify(occurrences, lambda _done, _total: None, beside=beside)
    beside += [each.entry for each in classified if each.entry.description][: max(0, BESIDE - len(beside))]
    with transaction.atomic():
        _hold(calendar, lease)
        Resource.objects.bulk_create(
            [Resource(calendar=calendar, href=each.href, etag=each.etag[:400], read_at=now) for each in objects],
            update_conflicts=True,
            unique_fields=["calendar", "href"],
            update_fields=["etag", "read_at"],
        )
        rows = list(Resource.objects.filter(calendar=calendar, href__in=[each.href for each in objects]))
        storing.replace_objects(calendar, rows, classified)
        noticing.seen(calendar, {row.href: row.etag for row in rows}, occurrences, now=now)
        storing.evidence_changed(calendar.owner_id)
    outcome.entries += len(classified)
    outcome.occurrences += len(occurrences)
    outcome.problems += problems


def laid_out(
    objects: Sequence[caldav.RemoteObject], person: Person, *, start: datetime, end: datetime
) -> tuple[list[Occurrence], tuple[Problem, ...]]:
    """When the entries of some objects take place; one that cannot be read does not keep the others back."""
    if not objects:
        return [], ()
    try:
        reading = read_calendar(
            [Upload(name=each.href, content=each.data) for each in objects],
            me=person.addresses,
            start=start,
            end=end,
            zone=ZoneInfo(person.zone),
        )
    except EmptyCalendar:
        return [], ()
    except CalendarError as error:
        if len(objects) == 1:
            return [], (Problem(source=objects[0].href, line=0, reason=str(error).rstrip("."), entry_lost=True),)
        return _joined(laid_out([each], person, start=start, end=end) for each in objects)
    return list(reading.occurrences), reading.problems


def _joined(
    parts: Iterable[tuple[list[Occurrence], tuple[Problem, ...]]],
) -> tuple[list[Occurrence], tuple[Problem, ...]]:
    occurrences: list[Occurrence] = []
    problems: list[Problem] = []
    for found, lost in parts:
        occurrences += found
        problems += lost
    return occurrences, tuple(problems)
