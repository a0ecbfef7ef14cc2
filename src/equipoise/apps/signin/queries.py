"""What is known about how people sign in."""

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse

from equipoise.apps.people import standing
from equipoise.apps.people.models import Grant, Person
from equipoise.apps.signin.devices import device_of
from equipoise.apps.signin.models import Policy, Provider
from equipoise.platform.access import Role

POLICY = "sign-in-policy"
POLICY_SECONDS = 30
STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """One place where somebody is signed in."""

    pk: int
    device: str
    host: str
    since: datetime
    last_seen: datetime
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A server elsewhere by which one may sign in."""

    name: str
    address: str


def policy() -> Policy:
    """What is asked of everybody who signs in; looked up at most every half minute in each process."""
    kept = cache.get(POLICY)
    if not isinstance(kept, Policy):
        kept = Policy.objects.first() or Policy()
        cache.set(POLICY, kept, POLICY_SECONDS)
    return kept


def is_administrator(person: Person) -> bool:
    """Whether somebody administers this server."""
    return Grant.objects.filter(person=person, role=Role.ADMINISTRATOR.value, ended_at=None).exists()


def may_sign_in_here(person: Person) -> bool:
    """Whether a password or passkey of this server lets somebody in; else only a server elsewhere does."""
    return person.is_active and (not policy().only_elsewhere or is_administrator(person))


def local_administrators() -> list[Person]:
    """Administrators who can sign in with a password of this server, whatever happens elsewhere."""
    held = Grant.objects.filter(role=Role.ADMINISTRATOR.value, ended_at=None).values("person_id")
    found = Person.objects.filter(pk__in=held, is_active=True, demo_key="")
    return [person for person in found if person.has_usable_password()]


def person_with(administrator: Person, email: str) -> Person:
    """Somebody of the organisation, by their address, for an administrator of it.

    Raises:
        Person.DoesNotExist: When nobody has it.
    """
    return standing.around(administrator).get(email__iexact=email)


def has_second_step(person: Person) -> bool:
    """Whether a password alone does not let somebody in."""
    return bool(Authenticator.objects.filter(user=person, type__in=STEPS).exists())


def steps_of(person: Person) -> dict[str, set[int]]:
    """Numbers of all somebody signs in with beside a password, by their kind."""
    found: dict[str, set[int]] = {kind: set() for kind in Authenticator.Type.values}
    for kind, pk in Authenticator.objects.filter(user=person).values_list("type", "pk"):
        found[kind].add(pk)
    return found


def passkeys_of(person: Person) -> list[Authenticator]:
    """The passkeys of somebody."""
    return list(Authenticator.objects.filter(user=person, type=Authenticator.Type.WEBAUTHN).order_by("pk"))


def passkey_of(person: Person, passkey_id: int) -> Authenticator:
    """One passkey of somebody.

    Raises:
        Authenticator.DoesNotExist: When it is not there, or somebody else's.
    """
    return Authenticator.objects.get(user=person, type=Authenticator.Type.WEBAUTHN, pk=passkey_id)


def sessions_of(person: Person) -> list[SignedIn]:
    """Where somebody is signed in, the latest first; sessions that have ended are left out."""
    found = [
        SignedIn(
            pk=each.pk,
            device=device_of(each.user_agent),
            host=each.ip,
            since=each.created_at,
            last_seen=each.last_seen_at,
            is_current=each.is_current(),
        )
        for each in UserSession.objects.purge_and_list(person)
    ]
    return sorted(found, key=lambda each: (each.is_current, each.last_seen), reverse=True)


def session_of(person: Person, session_id: int) -> UserSession:
    """One session of somebody.

    Raises:
        UserSession.DoesNotExist: When it is not there, or somebody else's.
    """
    return UserSession.objects.get(user=person, pk=session_id)


def signed_in_elsewhere(request: HttpRequest) -> bool:
    """Whether this session began at another server, which asks for a second step itself."""
    records = request.session.get("account_authentication_methods") or []
    return any(record.get("method") == "socialaccount" for record in records)


def providers() -> list[Provider]:
    """All servers at which people may sign in."""
    return list(Provider.objects.all())


def ways_elsewhere() -> list[Way]:
    """All servers elsewhere, with the address that leads there."""
    names = {Provider.Kind.OPENID.value: "openid_connect_login", Provider.Kind.SAML.value: "saml_login"}
    return [Way(name=each.name, address=reverse(names[each.kind], args=[each.key])) for each in providers()]


def connected_to(person: Person) -> list[Provider]:
    """The servers at which somebody has signed in so far."""
    keys = SocialAccount.objects.filter(user=person).values("provider")
    return list(Provider.objects.filter(key__in=keys))
