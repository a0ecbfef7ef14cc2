"""What is done to persons; each act is one transaction with its entry in the audit trail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from equipoise.apps.people import queries
from equipoise.apps.people.models import (
    Grant,
    Membership,
    Person,
    Position,
    ReportingLine,
    Team,
    TeamPlace,
)
from equipoise.platform import audit
from equipoise.platform.access import Role


class AddressTaken(ValueError):
    """Somebody else signs in with this address; choose another."""


class OwnerThere(ValueError):
    """This machine has its owner already."""


class OwnerNotSecured(ValueError):
    """The address or the password from the environment will not do; the message says why, in English."""


@transaction.atomic
def add_owner(*, email: str, name: str = "", zone: str, language: str, now: datetime) -> Person:
    """Make the account of this machine's owner, who is its administrator; it has no password until one is set.

    Raises:
        AddressTaken: When the address is in use.
        OwnerThere: When there is an owner.
    """
    if not queries.is_nobodys():
        raise OwnerThere
    refuse_taken(email, except_id=None)
    person = Person(
        email=email.lower(),
        name=name or email.partition("@")[0].replace(".", " ").title(),
        zone=zone,
        language=language,
        joined_at=now,
    )
    person.set_unusable_password()
    person.save()
    Grant.objects.create(person=person, role=Role.ADMINISTRATOR, given_at=now)
    audit.record(actor_id=person.pk, subject_id=person.pk, verb="account made", now=now)
    return person


@transaction.atomic
def secure_owner(*, email: str, password: str, now: datetime) -> None:
    """Make the owner's account with a password, or give the one that is there its first password.

    A password that is set already stays as it is, and nobody is made owner where the owner has left to another
    administrator.

    Raises:
        OwnerNotSecured: When the address is none or not the owner's, or the password is easy to guess.
    """
    owner = queries.local_owner()
    if owner.has_usable_password() if owner else queries.is_administered():
        return
    try:
        validate_email(email)
        if owner is None:
            owner = add_owner(email=email, zone="UTC", language="en", now=now)
        validate_password(password, owner)
    except (AddressTaken, ValidationError) as error:
        told = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
        raise OwnerNotSecured(f"EQUIPOISE_OWNER_EMAIL and EQUIPOISE_OWNER_PASSWORD will not do: {told}") from error
    if email.lower() not in owner.addresses:
        raise OwnerNotSecured(
            "EQUIPOISE_OWNER_EMAIL is not the address of this machine's owner. Give the address under Settings."
        )
    set_password(person=owner, password=password, now=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPerson:
    """Somebody of the demo agency; `team` and `reports_to` are keys, the latter empty for the one at the top."""

    key: str
    name: str
    email: str
    title: str
    level: str
    function: str
    team: str
    reports_to: str
    joined_on: date
    role: Role | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoTeam:
    """A team of the demo agency; `parent` and `lead` are keys, the former empty for the one at the top."""

    key: str
    name: str
    parent: str
    lead: str


@transaction.atomic
def add_demo_people(
    rows: Sequence[DemoPerson], teams: Sequence[DemoTeam], *, zone: str, language: str, now: datetime
) -> list[Person]:
    """Make the people of the demo agency with their positions, reporting lines, teams and roles."""
    people = {
        row.key: Person(demo_key=row.key, name=row.name, email=row.email, zone=zone, language=language, joined_at=now)
        for row in rows
    }
    for person in people.values():
        person.set_unusable_password()
    Person.objects.bulk_create(people.values())
    Position.objects.bulk_create(
        Position(
            person=people[row.key], title=row.title, level=row.level, function=row.function, from_day=row.joined_on
        )
        for row in rows
    )
    ReportingLine.objects.bulk_create(
        ReportingLine(
            person=people[row.key],
            manager=people[row.reports_to],
            from_day=max(row.joined_on, next(each.joined_on for each in rows if each.key == row.reports_to)),
        )
        for row in rows
        if row.reports_to
    )
    Grant.objects.bulk_create(Grant(person=people[row.key], role=row.role, given_at=now) for row in rows if row.role)
    _add_demo_teams(rows, teams, people, now=now)
    audit.record(actor_id=None, subject_id=None, verb="demo agency loaded", now=now, detail={"people": len(people)})
    return list(people.values())


def _add_demo_teams(
    rows: Sequence[DemoPerson], teams: Sequence[DemoTeam], people: Mapping[str, Person], *, now: datetime
) -> None:
    since = {row.key: row.joined_on for row in rows}
    made = {team.key: Team(key=team.key, name=team.name, demo=True, made_at=now) for team in teams}
    Team.objects.bulk_create(made.values())
    TeamPlace.objects.bulk_create(
        TeamPlace(team=made[team.key], parent=made.get(team.parent), from_day=min(since.values())) for team in teams
    )
    leads = {(team.key, team.lead) for team in teams}
    belongs = dict.fromkeys([(row.team, row.key) for row in rows] + sorted(leads))
    Membership.objects.bulk_create(
        Membership(team=made[team], person=people[key], leads=(team, key) in leads, from_day=since[key])
        for team, key in belongs
    )


@transaction.atomic
def change_settings(
    *,
    person: Person,
    name: str,
    email: str,
    more_addresses: Sequence[str],
    zone: str,
    language: str,
    theme: str,
    work_from: time,
    work_until: time,
    unplanned_hours: float | None,
    now: datetime,
) -> None:
    """Change how a person is recognised and shown things.

    Raises:
        AddressTaken: When the address is in use by somebody else.
    """
    refuse_taken(email, except_id=person.pk)
    before = {field: getattr(person, field) for field in ("name", "email", "zone", "language")}
    person.name, person.email = name, email.lower()
    person.more_addresses = [address.lower() for address in more_addresses]
    person.zone, person.language, person.theme = zone, language, theme
    person.work_from, person.work_until = work_from, work_until
    person.unplanned_hours = unplanned_hours
    person.save()
    changed = ", ".join(field for field, value in before.items() if getattr(person, field) != value)
    audit.record(
        actor_id=person.pk, subject_id=person.pk, verb="settings changed", now=now, detail={"fields": changed or "-"}
    )


@transaction.atomic
def say_unplanned_hours(*, actor: Person, person: Person, hours: float | None, now: datetime) -> None:
    """Keep how many hours a week of unplanned talk a person has; `None` for not known."""
    person.unplanned_hours = hours
    person.save(update_fields=["unplanned_hours"])
    audit.record(actor_id=actor.pk, subject_id=person.pk, verb="unplanned hours said", now=now)


@transaction.atomic
def set_password(*, person: Person, password: str, now: datetime) -> None:
    """Give a person a password; from then on it is asked for, on the own machine too."""
    person.set_password(password)
    person.save(update_fields=["password"])
    audit.record(actor_id=person.pk, subject_id=person.pk, verb="password set", now=now)


def refuse_taken(email: str, *, except_id: int | None) -> None:
    """Each address lets in one person, whatever its case.

    Raises:
        AddressTaken: When somebody signs in with it; `except_id` may.
    """
    same = Person.objects.filter(email__iexact=email)
    if (same if except_id is None else same.exclude(pk=except_id)).exists():
        raise AddressTaken(_("Somebody else here uses %(email)s. Give another address.") % {"email": email})
