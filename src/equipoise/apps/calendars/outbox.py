"""Entries of Equipoise's own on their way into a calendar of an account: wanted first, written in the background.

Nothing is ever changed in a calendar but objects that have a row in `Written`, and never over a version of them that
somebody else made.
"""

import contextlib
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from equipoise.adapters import caldav
from equipoise.adapters.ics import CalendarError
from equipoise.adapters.ics.writing import EntryToWrite, rewritten_entry, written_entry
from equipoise.apps.calendars import leases, noticing, storing, syncing
from equipoise.apps.calendars.discretion import discreet
from equipoise.apps.calendars.leases import Lease
from equipoise.apps.calendars.models import Calendar, Written
from equipoise.apps.calendars.schedule import by_chance, next_try
from equipoise.apps.people.models import Person
from equipoise.apps.people.turns import one_at_a_time
from equipoise.core.facets import Purpose
from equipoise.platform import audit, vault

NEARBY = timedelta(days=800)
"""An entry that its owner moved further than this from where it was put is taken for gone."""
DISCONNECTED = "Disconnected"
"""Kind of failure beside the names of the server's errors."""
_FOR_GOOD = (caldav.NotWritable, caldav.CalendarGone, caldav.TooLarge, caldav.NotACalendarServer)

_log = logging.getLogger(__name__)


class NotWritableHere(ValueError):
    """The calendar is not one of an account that takes entries, or somebody else's."""


@transaction.atomic
def write_entry(
    *,
    actor: Person | None,
    person: Person,
    calendar: Calendar,
    uid: str,
    title: str,
    start: datetime,
    end: datetime,
    description: str,
    purpose: Purpose | None,
    now: datetime,
) -> None:
    """Have an entry of Equipoise's own stand in a calendar like this; it is put there in the background.

    The same identifier again changes the entry: where it lies, what it is called. An entry stays in the calendar it
    was first written to. One that its owner deleted there is written anew.

    Args:
        actor: Who asks; `None` for the software itself.
        person: Whose calendar.
        calendar: One of `queries.writable_calendars`.
        uid: What the entry is known by for good.
        title: What it is called.
        start: Aware.
        end: Aware, after the start.
        description: Any number of lines, or empty.
        purpose: The facet it is for.
        now: When.

    Raises:
        NotWritableHere: The calendar takes no entries.
        ValueError: It ends before it starts.
    """
    if calendar.owner_id != person.pk or calendar.account_id is None or not calendar.writable:
        raise NotWritableHere("Choose a calendar of a connected account that takes entries.")
    if end <= start:
        raise ValueError("The entry ends before it has begun.")
    said = {
        "title": title,
        "description": description,
        "purpose": purpose.value if purpose else "",
        "planned_start": start,
        "planned_end": end,
    }
    one_at_a_time(person.pk)
    row = Written.objects.select_for_update().filter(owner=person, uid=uid).first()
    if row is None or row.purpose != said["purpose"]:  # one that was read already is for something else from now on
        storing.evidence_changed(person.pk)
    if row is None:
        Written.objects.create(owner=person, calendar=calendar, uid=uid, due_at=now, changed_at=now, **said)
    elif not _is_connected(row):  # from an account that was left
        _want(row, now, **said, wanted=True, calendar=calendar, href="", etag="", seen_start=None, seen_end=None)
    elif not _wants_already(row, said):
        _want(row, now, **said, wanted=True)
    else:
        return
    audit.record(actor_id=actor.pk if actor else None, subject_id=person.pk, verb="entry written", now=now)


def _is_connected(row: Written) -> bool:
    return row.calendar is not None and row.calendar.account_id is not None and row.calendar.writable


def _wants_already(row: Written, said: Mapping[str, object]) -> bool:
    still = row.wanted and row.gone_at is None and row.state != Written.State.FAILED
    return still and all(getattr(row, name) == value for name, value in said.items())


def _want(row: Written, now: datetime, **said: object) -> None:
    """Have a row's entry be otherwise from now on."""
    for name, value in said.items():
        setattr(row, name, value)
    row.sequence += 1
    row.state, row.due_at, row.tries, row.trouble_kind, row.trouble = Written.State.WAITING, now, 0, "", ""
    row.gone_at, row.changed_at = None, now
    row.save()


@transaction.atomic
def withdraw_entry(*, actor: Person | None, person: Person, uid: str, now: datetime) -> bool:
    """Take an entry of Equipoise's own out of its calendar again; whether there was one.

    One that its owner changed there stays: it is theirs now.
    """
    row = Written.objects.select_for_update().filter(owner=person, uid=uid, wanted=True).first()
    if row is None:
        return False
    was_gone = row.gone_at
    _want(row, now, wanted=False)
    if was_gone is not None or (not row.href and row.tries == 0):
        Written.objects.filter(pk=row.pk).update(state=Written.State.DONE, due_at=None, gone_at=was_gone or now)
    audit.record(actor_id=actor.pk if actor else None, subject_id=person.pk, verb="entry withdrawn", now=now)
    return True


def give_up(calendar: Calendar) -> None:
    """Let nothing wait any more for a calendar that is left."""
    Written.objects.filter(calendar=calendar, state=Written.State.WAITING).update(
        state=Written.State.FAILED, due_at=None, trouble_kind=DISCONNECTED
    )


def claim_due_writings(*, now: datetime, until: datetime, person: Person | None = None) -> list[int]:
    """The calendars for which an entry is due to be written; each is handed to one worker, and again after `until`.

    With a person, only theirs.
    """
    waiting = Written.objects.filter(state=Written.State.WAITING, due_at__lte=now, calendar__account__refusal="")
    waiting = waiting.filter(owner__is_active=True, owner__erase_after=None)
    waiting = waiting if person is None else waiting.filter(owner=person)
    found = waiting.order_by("calendar").values_list("calendar_id", flat=True).distinct()
    due = Written.objects.filter(state=Written.State.WAITING, due_at__lte=now)
    return [key for key in found if key is not None and due.filter(calendar_id=key).update(due_at=until)]


def write_out(calendar_id: int, *, clock: Callable[[], datetime]) -> int:
    """Bring a calendar what waits for it, one entry at a time; how many were written.

    A server in trouble is asked again later, for as long as it takes. It may be called again whenever it was cut off.
    """
    lease = leases.take(Calendar, calendar_id, now=clock())
    if lease is None:  # it is being read; what waits comes after that
        Written.objects.filter(calendar_id=calendar_id, state=Written.State.WAITING).update(due_at=clock())
        return 0
    try:
        return _write_out(Calendar.objects.select_related("account", "owner").get(pk=calendar_id), lease, clock)
    except leases.LeaseLost:
        return 0
    finally:
        lease.release()


def _write_out(calendar: Calendar, lease: Lease, clock: Callable[[], datetime]) -> int:
    done = 0
    if calendar.account is None or calendar.account.refusal:
        return done
    for row in Written.objects.filter(calendar=calendar, state=Written.State.WAITING).order_by("pk"):
        lease.renew(clock())
        try:
            _bring(calendar, row, syncing.line_to(calendar.account), clock())
        except (CalendarError, vault.KeyLost) as error:
            if not _note_trouble(calendar, row, error, clock()):
                break
        else:
            done += 1
    if done:  # what was written is read back soon
        Calendar.objects.filter(pk=calendar.pk, due_at__gt=clock()).update(due_at=clock())
    return done


def _bring(calendar: Calendar, row: Written, line: caldav.Account, now: datetime) -> None:
    try:
        if row.wanted:
            _put(calendar, row, line)
        else:
            _take_out(calendar, row, line)
    except caldav.EntryChanged:
        _let_theirs_stand(calendar, row, line, now)


def _address(calendar: Calendar, row: Written) -> str:
    if row.href:
        return caldav.address_of(calendar.remote, row.href)
    return caldav.entry_address(calendar.remote, row.uid)


def _put(calendar: Calendar, row: Written, line: caldav.Account) -> None:
    address = _address(calendar, row)
    data = _in_place_of(calendar, row, line) if row.href else written_entry(_as_wanted(row))
    etag = caldav.put(
        line, address, data, etag=row.etag if row.href else None, allow_private_hosts=settings.PRIVATE_FEEDS
    )
    _took(row, href=caldav.href_of(address), etag=etag[:400], seen_start=row.planned_start, seen_end=row.planned_end)


def _in_place_of(calendar: Calendar, row: Written, line: caldav.Account) -> bytes:
    """The entry as it should be, with what its owner added to it there.

    Raises:
        EntryChanged: Another version stands there than the one that was read last, or none, or something else.
    """
    for found in caldav.fetch(line, calendar.remote, [row.href], allow_private_hosts=settings.PRIVATE_FEEDS):
        if found.etag[:400] == row.etag:
            with contextlib.suppress(ValueError):
                return rewritten_entry(found.data, _as_wanted(row))
    raise caldav.EntryChanged(f"{row.title} was changed in its calendar: it stays as it is there.")


def _take_out(calendar: Calendar, row: Written, line: caldav.Account) -> None:
    address = _address(calendar, row)
    caldav.delete(line, address, etag=row.etag, allow_private_hosts=settings.PRIVATE_FEEDS)
    _took(row, href="", etag="", seen_start=None, seen_end=None)


def _took(row: Written, **told: object) -> None:
    """The server took it; what was wanted since is another act, and waits."""
    mine = Written.objects.filter(pk=row.pk)
    mine.filter(sequence=row.sequence).update(
        state=Written.State.DONE, due_at=None, tries=0, trouble_kind="", trouble="", **told
    )
    mine.exclude(sequence=row.sequence).update(state=Written.State.WAITING, **told)


def _as_wanted(row: Written) -> EntryToWrite:
    return EntryToWrite(
        uid=row.uid,
        title=row.title,
        start=row.planned_start,
        end=row.planned_end,
        description=row.description,
        sequence=row.sequence,
        stamp=row.changed_at,
        purpose=Purpose(row.purpose) if row.purpose else None,
    )


def _let_theirs_stand(calendar: Calendar, row: Written, line: caldav.Account, now: datetime) -> None:
    """Somebody changed or deleted the entry there, or an answer of the server was lost: note what stands there.

    An entry that was never known to stand there is our own from a try whose answer was lost; if it lies where it is
    wanted, all is well.
    """
    href = caldav.href_of(_address(calendar, row))
    objects = list(caldav.fetch(line, calendar.remote, [href], allow_private_hosts=settings.PRIVATE_FEEDS))
    found, _problems = syncing.laid_out(objects, calendar.owner, start=now - NEARBY, end=now + NEARBY)
    times = [each for each in found if each.entry.uid == row.uid and not each.entry.cancelled]
    if not times:
        same = Written.objects.filter(pk=row.pk)
        same.update(state=Written.State.DONE, due_at=None, href="", etag="", gone_at=now, trouble_kind="", trouble="")
        return
    with transaction.atomic():
        noticing.seen(calendar, {each.href: each.etag[:400] for each in objects}, times, now=now)
    _took(row, href=href, etag=objects[0].etag[:400])


def _note_trouble(calendar: Calendar, row: Written, error: Exception, now: datetime) -> bool:
    """Keep what went wrong; whether the next entry may be tried."""
    kind = syncing.kind_of(error)
    if kind in syncing.NO_PASSWORD and calendar.account_id is not None:
        syncing.refuse(calendar.account_id, kind, now=now)
        return False
    told = {"trouble_kind": kind, "trouble": discreet(str(error)), "tries": row.tries + 1}
    mine = Written.objects.filter(pk=row.pk, sequence=row.sequence)
    if isinstance(error, _FOR_GOOD):
        mine.update(state=Written.State.FAILED, due_at=None, **told)
        return True
    retry_after = error.retry_after if isinstance(error, CalendarError) else None
    wait = next_try(row.tries + 1, retry_after=retry_after, spread=by_chance())
    mine.update(**told)
    Written.objects.filter(calendar=calendar, state=Written.State.WAITING).update(due_at=now + wait)
    return False
