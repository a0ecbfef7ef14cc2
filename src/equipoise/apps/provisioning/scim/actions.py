"""What a directory does to people; each request is one transaction with its entry in the audit trail.

What the directory did not change stays as the person or an administrator set it. The trail says that the directory
acted, and by which token; never what it wrote.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _
from scim2_models import ConflictException, InvalidValueException, UniquenessException

from equipoise.apps.people import queries as people
from equipoise.apps.people import standing
from equipoise.apps.people.actions import AddressTaken
from equipoise.apps.people.models import Grant, Person, ReportingLine
from equipoise.apps.people.organising import actions as organising
from equipoise.apps.provisioning.groups import actions as groups
from equipoise.apps.provisioning.models import DirectoryUser
from equipoise.apps.provisioning.scim import confirmed
from equipoise.apps.provisioning.scim.mapping import NOWHERE, Told, kept_of, key_of, told_by
from equipoise.apps.provisioning.scim.queries import users_known_as
from equipoise.platform import audit
from equipoise.platform.access import Role

LONGEST = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class By:
    """By which token the directory acts, and when."""

    token_id: int
    now: datetime

    @property
    def today(self) -> date:
        """The day from which what it does holds."""
        return self.now.date()


@transaction.atomic
def provision(*, user: Any, by: By) -> DirectoryUser:
    """Keep a new user: somebody is added, or who is here under the same address already is taken over.

    Raises:
        UniquenessException: When the user name or the address is another user's, or the address was never confirmed.
        InvalidValueException: When the manager would close a circle.
    """
    told, key = told_by(user), uuid4()
    _refuse_known(user.user_name, except_id=None)
    email = told.email or f"{key}@{NOWHERE}"
    person, new = _person_for(told, email, by=by)
    row = DirectoryUser(key=key, person=person, made_at=by.now)
    _keep(row, user, by=by)
    _join_manager(row, told)
    _fit(row, None if new else _as_they_are(person), told, by=by)
    _join_managed(row, by=by)
    _record(person, "person provisioned" if new else "person taken over by the directory", by)
    return row


@transaction.atomic
def change(*, row: DirectoryUser, before: Any, user: Any, by: By) -> None:
    """Keep what the directory changed of a user, and do here what follows from it.

    Raises:
        UniquenessException: When the user name or the address is another user's.
        InvalidValueException: When the manager would close a circle.
        ConflictException: When the last administrator who can sign in here would be switched off.
    """
    was, told = told_by(before), told_by(user)
    _refuse_known(user.user_name, except_id=row.pk)
    _keep(row, user, by=by)
    _join_manager(row, told)
    _fit(row, was, told, by=by)
    _join_managed(row, by=by)
    _record(row.person, "person changed by the directory", by)


@transaction.atomic
def deprovision(*, row: DirectoryUser, by: By) -> None:
    """Drop a user: the person leaves, and keeps their records until they are erased; the directory's record goes.

    Raises:
        ConflictException: When the last administrator who can sign in here would be switched off.
    """
    person = row.person
    _leave(person, by=by)
    row.delete()
    _record(person, "person dropped by the directory", by)


def _keep(row: DirectoryUser, user: Any, *, by: By) -> None:
    """Keep what the directory said, and when."""
    fits("externalId", user.external_id)
    row.user_name, row.user_name_key = user.user_name, key_of(user.user_name)
    row.external_id = user.external_id or ""
    row.attributes = kept_of(user)
    row.changed_at, row.revision = by.now, row.revision + (row.pk is not None)
    row.save()


def _refuse_known(user_name: str, *, except_id: int | None) -> None:
    fits("userName", user_name, empty=False)
    same = DirectoryUser.objects.filter(user_name_key=key_of(user_name))
    if (same if except_id is None else same.exclude(pk=except_id)).exists():
        raise UniquenessException(detail=f"There is a user “{user_name}” already.", attribute="userName")


def fits(name: str, value: str | None, *, empty: bool = True) -> None:
    """Refuse what is longer than can be kept, and nothing where something must stand.

    Raises:
        InvalidValueException: When it does not fit.
    """
    if len(value or "") > LONGEST:
        raise InvalidValueException(detail=f"{name} may have {LONGEST} characters at most.", attribute=name)
    if not empty and not (value or "").strip():
        raise InvalidValueException(detail=f"{name} may not be empty.", attribute=name)


def _person_for(told: Told, email: str, *, by: By) -> tuple[Person, bool]:
    """Who is meant: somebody of the organisation with that confirmed address, or somebody new; whether they are new."""
    found = Person.objects.select_for_update().filter(email__iexact=email).first()
    if found is None:
        return _added(told, email, by=by), True
    if found.is_demo or DirectoryUser.objects.filter(person=found).exists():
        raise UniquenessException(detail=f"Another user has the address {email}.", attribute="emails")
    if not confirmed.is_confirmed(found):
        raise UniquenessException(
            detail=f"Somebody here gave {email} as their own address, and nobody confirmed it. "
            "An administrator must change that address first.",
            attribute="emails",
        )
    return found, False


def _added(told: Told, email: str, *, by: By) -> Person:
    return organising.add_person(
        actor=None,
        name=told.name,
        email=email,
        now=by.now,
        zone=told.zone or "UTC",
        language=told.language or "en",
        addresses=told.addresses,
    )


def _as_they_are(person: Person) -> Told:
    """What there is to change of somebody who was here before: everything the directory says of them counts as new."""
    return Told(
        name="",
        email=person.email,
        addresses=(),
        title="",
        function="",
        language=person.language,
        zone=person.zone,
        active=None,
        manager_key="",
    )


def _fit(row: DirectoryUser, was: Told | None, told: Told, *, by: By) -> None:
    """Let the person be what the directory says, where it says something else than before; `was` is `None` for new."""
    person = row.person
    if was is not None:
        _fit_person(row, was, told, by=by)
    if told.active is False:
        _leave(person, by=by)
        return
    returned = told.active is True and not person.is_active
    if returned:
        organising.come_back(actor=None, person=person, on=by.today, now=by.now)
    if not person.is_active:
        return
    anew = returned or was is None
    if anew or (was and (was.title, was.function) != (told.title, told.function)):
        _fit_position(person, told, by=by)
    if anew or (was and was.manager_key != told.manager_key):
        _fit_line(row, by=by, moved=was is not None and was.manager_key not in ("", told.manager_key))
    if returned:
        groups.fit_all(by=None, now=by.now)
        for each in row.managed.select_related("person"):
            _fit_line(each, by=by)


def _fit_person(row: DirectoryUser, was: Told, told: Told, *, by: By) -> None:
    person = row.person
    email = told.email or (f"{row.key}@{NOWHERE}" if was.email else person.email)
    name = told.name if told.name != was.name else person.name
    try:
        organising.change_person(
            actor=None, person=person, name=name, email=email if email != was.email else person.email, now=by.now
        )
    except AddressTaken as error:
        raise UniquenessException(detail=f"Another user has the address {email}.", attribute="emails") from error
    person.zone = told.zone if told.zone and told.zone != was.zone else person.zone
    person.language = told.language if told.language and told.language != was.language else person.language
    own = [each for each in person.more_addresses if each not in was.addresses]
    person.more_addresses = list(dict.fromkeys([*told.addresses, *own]))
    person.save(update_fields=["zone", "language", "more_addresses"])


def _fit_position(person: Person, told: Told, *, by: By) -> None:
    """Title and function as told; the level is said here, and what a department does not tell stays."""
    held = standing.position_of(person, on=by.today)
    if held is None and not told.title and not told.function:
        return
    organising.set_position(
        actor=None,
        person=person,
        title=told.title,
        level=held.level if held else "",
        function=told.function or (held.function if held else ""),
        on=by.today,
        now=by.now,
    )


def _fit_line(row: DirectoryUser, *, by: By, moved: bool = False) -> None:
    """Let the person's main line lead to whom the directory named; further lines stay.

    Whoever is named and not here yet ends no line, unless the directory named somebody else before (`moved`).
    """
    if not row.person.is_active:
        return
    lines = ReportingLine.objects.filter(standing.holding_on(by.today), person=row.person)
    manager = row.manager.person if row.manager and row.manager.person.is_active else None
    if manager is None and ((row.manager_key and not moved) or not lines.filter(main=True).exists()):
        return
    others = Person.objects.filter(pk__in=lines.filter(main=False).values("manager_id"))
    try:
        organising.set_lines(actor=None, person=row.person, manager=manager, others=others, on=by.today, now=by.now)
    except organising.WouldBeCircle as error:
        raise InvalidValueException(detail=f"manager: {error}", attribute="manager") from error


def _join_manager(row: DirectoryUser, told: Told) -> None:
    """Look up whom the directory named as manager; nobody yet, perhaps."""
    if row.manager_key == told.manager_key and row.manager_id:
        return
    fits("manager", told.manager_key)
    row.manager_key = told.manager_key
    row.manager = users_known_as(told.manager_key).select_related("person").first() if told.manager_key else None
    if row.manager == row:
        raise InvalidValueException(detail="manager: Nobody reports to themselves.", attribute="manager")
    row.save(update_fields=["manager_key", "manager"])


def _join_managed(row: DirectoryUser, *, by: By) -> None:
    """Let those report to a user who wait for them by what the user is known as."""
    known = {str(row.key), row.external_id, row.user_name} - {""}
    waiting = DirectoryUser.objects.filter(manager=None, manager_key__in=known).exclude(pk=row.pk)
    for each in waiting.select_related("person"):
        each.manager = row
        each.save(update_fields=["manager"])
        _fit_line(each, by=by)


def _leave(person: Person, *, by: By) -> None:
    if not person.is_active:
        return
    _refuse_last_who_signs_in_here(person)
    try:
        organising.leave(actor=None, person=person, on=by.today, now=by.now)
    except organising.LastAdministrator as error:
        raise ConflictException(detail=str(error)) from error
    groups.forget(person_id=person.pk)


def _refuse_last_who_signs_in_here(person: Person) -> None:
    """A directory cannot switch off the last administrator who needs no directory to sign in."""
    ids = Grant.objects.filter(role=Role.ADMINISTRATOR.value, ended_at=None).values("person_id")
    holding = Person.objects.filter(pk__in=ids, is_active=True, demo_key="")
    signing_in = _who_sign_in_here(holding)
    if person.pk in signing_in and len(signing_in) == 1:
        raise ConflictException(
            detail=_(
                "%(name)s is the last administrator who can sign in without the directory. "
                "Make somebody else administrator first, with a password."
            )
            % {"name": person.name}
        )


def _who_sign_in_here(persons: Collection[Person] | Any) -> set[int]:
    owner = people.local_owner()
    return {each.pk for each in persons if each.has_usable_password() or each == owner}


def _record(person: Person, verb: str, by: By) -> None:
    audit.record(actor_id=None, subject_id=person.pk, verb=verb, now=by.now, detail={"token": by.token_id})
