"""Which links are open, and for whom."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings

from equipoise.apps.people import standing
from equipoise.apps.people.models import Joining, Person


def digest_of(secret: str) -> str:
    """What is kept of a link's secret; the secret is long and random, so it needs no salt."""
    return hashlib.sha256(secret.encode()).hexdigest()


def joining_for(secret: str, *, now: datetime) -> Joining:
    """The link with a secret, with whom it is for.

    Raises:
        Joining.DoesNotExist: When there is none, or it was used, taken back or is too old; nobody is told which.
    """
    return Joining.objects.select_related("person").get(
        digest=digest_of(secret), taken_at=None, expires_at__gt=now, person__is_active=True
    )


def open_joinings(viewer: Person, *, now: datetime) -> list[Joining]:
    """All links in the viewer's world that can still be used, each with whom it is for."""
    found = Joining.objects.filter(taken_at=None, expires_at__gt=now, person__in=standing.around(viewer))
    return list(found.select_related("person").order_by("person__name", "pk"))


def open_joining(person: Person, *, now: datetime) -> Joining | None:
    """The link of one person that can still be used."""
    return Joining.objects.filter(person=person, taken_at=None, expires_at__gt=now).first()


def with_open_joining(person_ids: Iterable[int], *, now: datetime) -> frozenset[int]:
    """Which of some persons were given a link they have not used."""
    found = Joining.objects.filter(person_id__in=list(person_ids), taken_at=None, expires_at__gt=now)
    return frozenset(found.values_list("person_id", flat=True))


def can_be_mailed() -> bool:
    """Whether this server sends mail."""
    return bool(settings.PUBLIC_ADDRESS)


def waiting_for_mail(*, now: datetime) -> list[int]:
    """Numbers of the links that are to go by mail now."""
    found = Joining.objects.filter(mail=Joining.Mail.WAITING, taken_at=None, next_try_at__lte=now, expires_at__gt=now)
    return list(found.filter(person__is_active=True).values_list("pk", flat=True))
