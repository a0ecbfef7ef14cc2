"""Naming an assistant, taking an invitation, and ending it; each act is told in the owner's trail."""

import secrets
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from equipoise.apps.people.actions import AddressTaken
from equipoise.apps.people.assistants import queries
from equipoise.apps.people.models import Assistance, Invitation, Person
from equipoise.apps.people.queries import is_told_apart
from equipoise.platform import audit

VALID = timedelta(days=7)
"""So long an invitation can be taken."""


class PasswordNeeded(ValueError):
    """Whoever uses this machine is let in as its owner; an assistant could not be told apart."""


class OwnInvitation(ValueError):
    """Nobody assists themselves."""


@transaction.atomic
def invite_assistant(*, actor: Person, person: Person, name: str, email: str, now: datetime) -> str:
    """Invite somebody to act for a person, in place of an earlier invitation to the same address.

    Returns:
        The secret of the link to hand over. It is shown once; only a digest of it is kept.

    Raises:
        PasswordNeeded: When whoever uses this machine is let in as the person.
        OwnInvitation: When the address is the person's own.
    """
    if not is_told_apart(person):
        raise PasswordNeeded
    if email.lower() in person.addresses:
        raise OwnInvitation(_("This is your own address. Give that of your assistant."))
    Invitation.objects.filter(owner=person, email__iexact=email, taken_at=None).delete()
    token = secrets.token_urlsafe(32)
    Invitation.objects.create(
        owner=person,
        name=name,
        email=email.lower(),
        digest=queries.digest_of(token),
        made_at=now,
        expires_at=now + VALID,
    )
    audit.record(actor_id=actor.pk, subject_id=person.pk, verb="assistant invited", now=now)
    return token


@transaction.atomic
def revoke_invitation(*, actor: Person, invitation: Invitation, now: datetime) -> None:
    """Take an invitation back; its link leads nowhere from now on."""
    owner_id = invitation.owner_id
    invitation.delete()
    audit.record(actor_id=actor.pk, subject_id=owner_id, verb="invitation taken back", now=now)


@transaction.atomic
def take_with_new_account(*, token: str, name: str, password: str, language: str, now: datetime) -> Assistance:
    """Take an invitation and make an account for it, that signs in with the address the owner gave.

    Raises:
        Invitation.DoesNotExist: When the link is no longer good.
        AddressTaken: When somebody signs in with this address already.
    """
    invitation = _locked(token, now)
    assistant = Person(
        name=name,
        email=invitation.email,
        zone=invitation.owner.zone,
        language=language,
        invited=True,
        joined_at=now,
    )
    assistant.set_password(password)
    try:
        with transaction.atomic():
            assistant.save()
    except IntegrityError as error:
        raise AddressTaken(_("You have an account here already. Sign in to accept.")) from error
    audit.record(actor_id=assistant.pk, subject_id=assistant.pk, verb="account made", now=now)
    return _take(invitation, assistant, now)


@transaction.atomic
def take_invitation(*, actor: Person, token: str, now: datetime) -> Assistance:
    """Take an invitation with the account one has.

    Raises:
        Invitation.DoesNotExist: When the link is no longer good.
        OwnInvitation: When it is the owner who tries.
    """
    invitation = _locked(token, now)
    if invitation.owner_id == actor.pk:
        raise OwnInvitation(_("This link is for your assistant. Hand it over; you cannot take it yourself."))
    return _take(invitation, actor, now)


@transaction.atomic
def end_assistance(*, actor: Person, assistance: Assistance, now: datetime) -> None:
    """End it at once: the next thing asked for on the owner's behalf is refused. What was done stays in the trail."""
    if not Assistance.objects.filter(pk=assistance.pk, ended_at=None).update(ended_at=now):
        return
    audit.record(actor_id=actor.pk, subject_id=assistance.owner_id, verb="assistance ended", now=now)


@transaction.atomic
def end_all_assisting(*, person: Person, now: datetime) -> None:
    """End all a person does for others, before their account is erased."""
    for assistance in queries.assisted_by(person):
        end_assistance(actor=person, assistance=assistance, now=now)


@transaction.atomic
def name_demo_assistant(*, owner: Person, assistant: Person, now: datetime) -> None:
    """Let one person of the demo agency act for another, so that it can be looked at."""
    Assistance.objects.create(owner=owner, assistant=assistant, named_at=now, named_by_id=owner.pk)


@transaction.atomic
def note_acting(*, assistance: Assistance, now: datetime) -> None:
    """Write down that the assistant opened the owner's pages."""
    audit.record(actor_id=assistance.assistant_id, subject_id=assistance.owner_id, verb="pages opened for you", now=now)


def _locked(token: str, now: datetime) -> Invitation:
    """The invitation, kept from being taken twice until the transaction ends."""
    invitation = queries.invitation_for(token, now=now)
    Invitation.objects.select_for_update().get(pk=invitation.pk, taken_at=None)
    return invitation


def _take(invitation: Invitation, assistant: Person, now: datetime) -> Assistance:
    assistance, made = Assistance.objects.get_or_create(
        owner=invitation.owner,
        assistant=assistant,
        ended_at=None,
        defaults={"named_at": now, "named_by_id": invitation.owner_id},
    )
    invitation.taken_at = now
    invitation.save(update_fields=["taken_at"])
    if made:
        audit.record(actor_id=assistant.pk, subject_id=invitation.owner_id, verb="invitation accepted", now=now)
    return assistance
