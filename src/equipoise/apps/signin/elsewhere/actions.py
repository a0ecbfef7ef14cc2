"""What is done about signing in elsewhere; each act is one transaction with its entry in the audit trail."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.utils.translation import gettext as _

from equipoise.apps.people.actions import AddressTaken
from equipoise.apps.people.models import Grant, Person
from equipoise.apps.people.organising.actions import LastAdministrator, add_person, grant, take_role
from equipoise.apps.signin.models import GroupRole, Provider
from equipoise.apps.signin.queries import is_administrator, policy
from equipoise.platform import audit, vault
from equipoise.platform.access import Role


class NotLetIn(ValueError):
    """The provider vouches for somebody whom this server does not let in; the message says why."""


class StillNeeded(ValueError):
    """Nobody could sign in without this server; the message says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How a provider is reached and what it may do, as an administrator gave it.

    `secret` empty keeps the one there is. `groups` are names of groups by the role they give.
    """

    name: str
    issuer: str = ""
    client_id: str = ""
    secret: str = field(default="", repr=False)
    entity_id: str = ""
    sign_on_address: str = ""
    certificate: str = ""
    metadata_address: str = ""
    own_network: bool = False
    vouches: bool = False
    adds_people: bool = False
    domains: Sequence[str] = ()
    groups_claim: str = "groups"
    needed_groups: Sequence[str] = ()
    groups: Mapping[Role, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a provider tells of somebody who signed in there.

    Attributes:
        subject: What it knows them by, for good.
        name: What they are called.
        email: Their address; empty when it tells none.
        is_checked: Whether it says that the address is theirs.
        groups: What groups they are in.
    """

    subject: str
    name: str
    email: str
    is_checked: bool
    groups: frozenset[str]


@transaction.atomic
def connect_provider(*, actor: Person, kind: str, key: str, wanted: Wanted, now: datetime) -> Provider:
    """Let people sign in at one more server."""
    provider = Provider(kind=kind, key=key, made_at=now, made_by_id=actor.pk)
    _take_over(provider, wanted)
    audit.record(
        actor_id=actor.pk, subject_id=None, verb="sign-on connected", now=now, detail={"provider": provider.key}
    )
    return provider


@transaction.atomic
def change_provider(*, actor: Person, provider: Provider, wanted: Wanted, now: datetime) -> None:
    """Change how a server is reached and what it may do; roles change when people sign in next.

    Another name is another server, whose marks for people mean others: they are found by their address anew.
    """
    if (provider.issuer, provider.entity_id) != (wanted.issuer, wanted.entity_id):
        SocialAccount.objects.filter(provider=provider.key).delete()
    _take_over(provider, wanted)
    audit.record(actor_id=actor.pk, subject_id=None, verb="sign-on changed", now=now, detail={"provider": provider.key})


@transaction.atomic
def disconnect_provider(*, actor: Person, provider: Provider, now: datetime) -> None:
    """Let nobody sign in at a server any more; the roles it gave end, the people stay.

    Raises:
        LastAdministrator: When nobody would be left who can administer.
        StillNeeded: When it is the last one, and people sign in elsewhere only.
    """
    if policy().only_elsewhere and not Provider.objects.exclude(pk=provider.pk).exists():
        raise StillNeeded(
            _("People sign in elsewhere only, and there is no other server. Allow passwords again first.")
        )
    given = Grant.objects.filter(source=provider.source, ended_at=None).select_related("person")
    for each in given:
        take_role(actor=actor, person=each.person, role=Role(each.role), source=provider.source, now=now)
    SocialAccount.objects.filter(provider=provider.key).delete()
    detail: audit.Detail = {"provider": provider.key}
    provider.delete()
    audit.record(actor_id=actor.pk, subject_id=None, verb="sign-on disconnected", now=now, detail=detail)


def _take_over(provider: Provider, wanted: Wanted) -> None:
    plain = ("name", "issuer", "client_id", "entity_id", "sign_on_address", "certificate", "metadata_address")
    for name in (*plain, "own_network", "vouches", "adds_people", "groups_claim"):
        setattr(provider, name, getattr(wanted, name))
    provider.domains, provider.needed_groups = list(wanted.domains), list(wanted.needed_groups)
    if wanted.secret:
        provider.sealed_secret = vault.seal(wanted.secret)
    provider.save()
    provider.group_roles.all().delete()
    GroupRole.objects.bulk_create(
        GroupRole(provider=provider, group=group, role=role.value)
        for role, groups in wanted.groups.items()
        for group in dict.fromkeys(groups)
    )


@transaction.atomic
def admit(*, provider: Provider, known: Person | None, told: Told, now: datetime) -> Person:
    """Find, or add, whom a provider vouches for, and give the roles its groups give.

    The first time somebody is found by an address that is known to be theirs; from then on by the provider's own
    mark for them alone. An address that nobody checked finds nobody: whoever can write any address into their
    account there must not come in as somebody else here.

    Args:
        provider: Where they signed in.
        known: Who came in with this mark before.
        told: What the provider tells.
        now: When.

    Raises:
        NotLetIn: When they are not let in; the message says why.
    """
    if provider.needed_groups and not told.groups & set(provider.needed_groups):
        raise NotLetIn(_("You are in none of the groups that are let in. Ask your administrator."))
    person = known or _connected(provider, told, now=now)
    if not person.is_active:
        raise NotLetIn(_("This account is closed. Ask your administrator."))
    _give_and_take(provider, person, told.groups, now=now)
    return person


@transaction.atomic
def take_roles(*, provider: Provider, person: Person, now: datetime) -> None:
    """Take away what a provider's groups gave somebody who is in none of them any more."""
    _give_and_take(provider, person, (), now=now)


def _connected(provider: Provider, told: Told, *, now: datetime) -> Person:
    if not told.email or not told.is_checked:
        raise NotLetIn(
            _("%(name)s tells no address of yours that it has checked. Ask your administrator.")
            % {"name": provider.name}
        )
    person = Person.objects.filter(email__iexact=told.email, demo_key="").first() or _added(provider, told, now=now)
    _take_what_others_may_know(person, now=now)
    SocialAccount.objects.create(user=person, provider=provider.key, uid=told.subject, extra_data={})
    audit.record(
        actor_id=person.pk, subject_id=person.pk, verb="sign-on linked", now=now, detail={"provider": provider.key}
    )
    return person


def _take_what_others_may_know(person: Person, *, now: datetime) -> None:
    """Take away the password of somebody who came by a link and is found by their address for the first time.

    Whoever made or held that link may have set it, in the hope that the one whose address it is comes along. With it
    go second steps and sessions. Administrators keep theirs, for lock-outs.
    """
    if not person.invited or not person.has_usable_password() or is_administrator(person):
        return
    person.set_unusable_password()
    person.save(update_fields=["password"])
    Authenticator.objects.filter(user=person).delete()
    audit.record(actor_id=None, subject_id=person.pk, verb="password taken away", now=now)


def _added(provider: Provider, told: Told, *, now: datetime) -> Person:
    domain = told.email.rpartition("@")[2].lower()
    if not provider.adds_people or (provider.domains and domain not in provider.domains):
        raise NotLetIn(_("Nobody here has the address %(email)s. Ask your administrator.") % {"email": told.email})
    name = told.name.strip() or told.email.partition("@")[0].replace(".", " ").title()
    try:
        return add_person(actor=None, name=name[:120], email=told.email, now=now)
    except AddressTaken as error:
        raise NotLetIn(str(error)) from error


def _give_and_take(provider: Provider, person: Person, groups: Collection[str], *, now: datetime) -> None:
    """Roles of this provider follow its groups; what an administrator gave by hand is never touched."""
    rows = provider.group_roles.filter(group__in=groups).values_list("role", flat=True)
    due = {Role(role) for role in rows}
    held = Grant.objects.filter(person=person, source=provider.source, ended_at=None).values_list("role", flat=True)
    for role in sorted({Role(each) for each in held} - due):
        try:
            take_role(actor=None, person=person, role=role, source=provider.source, now=now)
        except LastAdministrator:  # somebody has to be left who can mend it
            continue
    for role in sorted(due):
        grant(actor=None, person=person, role=role, source=provider.source, now=now)
