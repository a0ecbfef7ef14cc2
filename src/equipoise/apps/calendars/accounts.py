"""What is done to accounts with calendar servers; each act is one transaction with its entry in the audit trail."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from equipoise.adapters import caldav, web
from equipoise.adapters.ics import AddressRefused
from equipoise.apps.calendars import outbox
from equipoise.apps.calendars.models import Account, Calendar, Import, Written
from equipoise.apps.calendars.schedule import ACCOUNT_EVERY
from equipoise.apps.calendars.storing import evidence_changed, free_name
from equipoise.apps.calendars.syncing import line_to
from equipoise.apps.people.models import Person
from equipoise.apps.people.turns import one_at_a_time
from equipoise.platform import audit, vault

LONGEST_ADDRESS = 2000
ASKING = web.WebLimits(seconds=15.0)
"""Somebody waits in front of the page for each of these few questions."""


def connect(*, actor: Person, person: Person, address: str, username: str, password: str, now: datetime) -> Account:
    """Ask the server what it has, and keep the account, its password sealed. One that is there is connected anew.

    Raises:
        CalendarError: The server refuses, is none, or does not answer; nothing is kept.
    """
    address = _plain(address)
    line = caldav.Account(address=address, username=username, password=password)
    offered = _offered(line)
    with transaction.atomic():
        account, _made = Account.objects.update_or_create(
            owner=person,
            address=address,
            username=username,
            defaults={
                "sealed_password": vault.seal(password),
                "offered": offered,
                "refusal": "",
                "refused_at": None,
                "connected_at": now,
            },
        )
        _go_on(account, now)
        audit.record(actor_id=actor.pk, subject_id=person.pk, verb="account connected", now=now)
    return account


def _plain(address: str) -> str:
    """The address without a user name and password; these have fields of their own.

    Raises:
        AddressRefused: It is no address of the web.
    """
    start = address.strip() if "://" in address else f"https://{address.strip()}"
    try:
        parts = urlsplit(start)
    except ValueError as error:
        raise AddressRefused("It is no address of the web: check it.") from error
    host, path = parts.netloc.rpartition("@")[2], "/" if parts.path == "" else parts.path
    return parts._replace(netloc=host, path=path, query="", fragment="").geturl()


def _offered(line: caldav.Account) -> list[dict[str, object]]:
    found = caldav.discover(line, allow_private_hosts=settings.PRIVATE_FEEDS, limits=ASKING)
    kept = ("address", "name", "colour", "writable")
    told = [{name: value for name, value in asdict(each).items() if name in kept} for each in found]
    return [each for each in told if len(str(each["address"])) <= LONGEST_ADDRESS]


def _go_on(account: Account, now: datetime) -> None:
    """Read and write again what waited for a password."""
    Calendar.objects.filter(account=account).update(due_at=now, failures=0, trouble_kind="", trouble="")
    Written.objects.filter(calendar__account=account, state=Written.State.WAITING).update(due_at=now)


def look_again(*, actor: Person, account: Account, now: datetime) -> None:
    """Ask the server anew which calendars it has.

    Raises:
        CalendarError: The server refuses, or does not answer; what was known stays.
        KeyLost: When the password cannot be unsealed.
    """
    offered = _offered(line_to(account))
    with transaction.atomic():
        Account.objects.filter(pk=account.pk).update(offered=offered)
        audit.record(actor_id=actor.pk, subject_id=account.owner_id, verb="account asked", now=now)


@transaction.atomic
def choose_calendars(
    *, actor: Person, account: Account, read: Collection[str], write_to: str, erase_others: bool, now: datetime
) -> list[Import]:
    """Read these calendars of an account from now on, and write to one of them.

    Args:
        actor: Who chooses.
        account: The account.
        read: Addresses among those the account offers.
        write_to: The one to write to, which is read, too; empty for none of this account's.
        erase_others: Whether what was read of calendars that are not chosen any more is erased.
        now: When.

    Returns:
        A reading to be carried out for each calendar that is new.
    """
    person = account.owner
    one_at_a_time(person.pk)
    offered = {str(each["address"]): each for each in account.offered}
    chosen = [address for address in offered if address in {*read, write_to}]
    before = {calendar.remote: calendar for calendar in Calendar.objects.filter(account=account)}
    for remote, calendar in before.items():
        if remote not in chosen:
            _let_go(calendar, erase=erase_others)
    jobs = [_begin(account, offered[remote], now) for remote in chosen if remote not in before]
    _write_to(person, account, write_to)
    audit.record(
        actor_id=actor.pk, subject_id=person.pk, verb="calendars chosen", now=now, detail={"calendars": len(chosen)}
    )
    return jobs


def _begin(account: Account, offered: dict[str, object], now: datetime) -> Import:
    person = account.owner
    name = str(offered["name"])[:190] or str(offered["address"])[-190:]
    calendar = Calendar.objects.create(
        owner=person,
        name=free_name(person, name),
        account=account,
        remote=str(offered["address"]),
        writable=bool(offered["writable"]),
        zone=person.zone,
        due_at=now + ACCOUNT_EVERY,
    )
    return Import.objects.create(owner=person, name=calendar.name, calendar=calendar, started_at=now)


def _write_to(person: Person, account: Account, remote: str) -> None:
    """Write to one calendar at most; choosing none here leaves another account's as it is."""
    if remote:
        Calendar.objects.filter(owner=person, written_to=True).update(written_to=False)
        Calendar.objects.filter(account=account, remote=remote, writable=True).update(written_to=True)
    else:
        Calendar.objects.filter(account=account, written_to=True).update(written_to=False)


@transaction.atomic
def renew_password(*, actor: Person, account: Account, now: datetime, password: str) -> None:
    """Keep another password, after the server took it; what waited goes on."""
    Account.objects.filter(pk=account.pk).update(sealed_password=vault.seal(password), refusal="", refused_at=None)
    _go_on(account, now)
    audit.record(actor_id=actor.pk, subject_id=account.owner_id, verb="account password renewed", now=now)


def try_password(account: Account, password: str) -> None:
    """Sign in once.

    Raises:
        CalendarError: The server refuses, or does not answer.
    """
    _offered(caldav.Account(address=account.address, username=account.username, password=password))


@transaction.atomic
def disconnect(*, actor: Person, account: Account, erase: bool, now: datetime) -> None:
    """Forget an account with its password and all its tokens; what was read is erased, too, or stays as it is.

    Entries that Equipoise wrote there stay there; they are the owner's.
    """
    person_id = account.owner_id
    one_at_a_time(person_id)
    for calendar in Calendar.objects.filter(account=account):
        _let_go(calendar, erase=erase)
    account.delete()
    audit.record(
        actor_id=actor.pk, subject_id=person_id, verb="account disconnected", now=now, detail={"erased": erase}
    )


@transaction.atomic
def disconnect_calendar(*, actor: Person, calendar: Calendar, erase: bool, now: datetime) -> None:
    """Forget a calendar's address; what was read is erased, too, or stays as it is."""
    one_at_a_time(calendar.owner_id)
    owner_id = calendar.owner_id
    _let_go(calendar, erase=erase)
    audit.record(
        actor_id=actor.pk, subject_id=owner_id, verb="calendar disconnected", now=now, detail={"erased": erase}
    )


def _let_go(calendar: Calendar, *, erase: bool) -> None:
    outbox.give_up(calendar)
    if erase:
        calendar.delete()
        evidence_changed(calendar.owner_id)
        return
    calendar.entries.update(resource=None)
    calendar.resources.all().delete()
    Calendar.objects.filter(pk=calendar.pk).update(
        sealed_address="", address_mark="", shown_address="", account=None, remote="", writable=False, written_to=False,
        paused=False, due_at=None, failures=0, trouble_kind="", trouble="", etag="", modified="", token="",
        lease="", leased_until=None,
    )  # fmt: skip


@transaction.atomic
def pause(*, actor: Person, calendar: Calendar, paused: bool, now: datetime) -> None:
    """Read a calendar no more by itself, or again from now on."""
    Calendar.objects.filter(pk=calendar.pk).update(paused=paused, due_at=None if paused else now)
    if paused:
        audit.record(actor_id=actor.pk, subject_id=calendar.owner_id, verb="calendar paused", now=now)
    else:
        audit.record(actor_id=actor.pk, subject_id=calendar.owner_id, verb="calendar resumed", now=now)
