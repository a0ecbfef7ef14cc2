"""Who assists whom, and which invitations are open."""

import hashlib
from datetime import datetime

from equipoise.apps.people.models import Assistance, Invitation, Person


def digest_of(token: str) -> str:
    """What is kept of an invitation's secret; the secret is long and random, so it needs no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def assistances_of(owner: Person) -> list[Assistance]:
    """Whoever acts for the owner, and whoever did, each with the assistant; those that hold come first."""
    found = Assistance.objects.filter(owner=owner).select_related("assistant")
    return sorted(found, key=lambda each: each.ended_at is not None)


def assistance_of(owner: Person, assistance_id: int) -> Assistance:
    """One that holds, by which somebody acts for this owner.

    Raises:
        Assistance.DoesNotExist: When it is not there, has ended, or is another owner's.
    """
    return Assistance.objects.select_related("assistant").get(owner=owner, pk=assistance_id, ended_at=None)


def assisted_by(assistant: Person) -> list[Assistance]:
    """For whom a person may act now, each with the owner."""
    return list(
        Assistance.objects.filter(assistant=assistant, ended_at=None, owner__is_active=True)
        .select_related("owner")
        .order_by("owner__name", "pk")
    )


def assisted_of(assistant: Person, assistance_id: int) -> Assistance:
    """One that holds, by which this person acts for an owner.

    Raises:
        Assistance.DoesNotExist: When it is not there, has ended, or is another assistant's.
    """
    return Assistance.objects.select_related("owner").get(
        assistant=assistant, pk=assistance_id, ended_at=None, owner__is_active=True
    )


def ever_assisted_by(assistant: Person) -> dict[int, str]:
    """Names of all owners a person acts for or once did, by number."""
    return dict(Assistance.objects.filter(assistant=assistant).values_list("owner_id", "owner__name"))


def assistant_names(owner: Person) -> dict[int, str]:
    """Names of all who act for an owner or once did, by number."""
    return dict(Assistance.objects.filter(owner=owner).values_list("assistant_id", "assistant__name"))


def open_invitations(owner: Person, *, now: datetime) -> list[Invitation]:
    """The owner's invitations that can still be taken."""
    return list(Invitation.objects.filter(owner=owner, taken_at=None, expires_at__gt=now))


def invitation_of(owner: Person, invitation_id: int) -> Invitation:
    """One invitation of the owner's that nobody has taken.

    Raises:
        Invitation.DoesNotExist: When it is not there, taken, or another owner's.
    """
    return Invitation.objects.get(owner=owner, pk=invitation_id, taken_at=None)


def invitation_for(token: str, *, now: datetime) -> Invitation:
    """The invitation of a link.

    Raises:
        Invitation.DoesNotExist: When there is none, or it was taken, revoked or is too old; nobody is told which.
    """
    return Invitation.objects.select_related("owner").get(
        digest=digest_of(token), taken_at=None, expires_at__gt=now, owner__is_active=True
    )


def has_account(email: str) -> bool:
    """Whether somebody signs in with this address."""
    return Person.objects.filter(email__iexact=email).exists()


def lands_on(person: Person) -> Assistance | None:
    """Whose pages somebody sees first who came as an assistant and keeps no calendar here; `None` for their own."""
    if not person.invited or person.evidence_version:
        return None
    return next(iter(assisted_by(person)), None)


def export(person: Person) -> dict[str, object]:
    """A person's assistants, invitations and the owners they act for, as plain values."""
    return {
        "assistants": [
            {"name": each.assistant.name, "email": each.assistant.email, **_times(each)}
            for each in Assistance.objects.filter(owner=person).select_related("assistant")
        ],
        "assisting": [
            {"name": each.owner.name, **_times(each)}
            for each in Assistance.objects.filter(assistant=person).select_related("owner")
        ],
        "invitations": list(
            Invitation.objects.filter(owner=person).values("name", "email", "made_at", "expires_at", "taken_at")
        ),
    }


def _times(each: Assistance) -> dict[str, object]:
    return {"named_at": each.named_at, "ended_at": each.ended_at}
