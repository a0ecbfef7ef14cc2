"""What a directory does to groups; each request is one transaction with its entry in the audit trail."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from scim2_models import InvalidValueException

from equipoise.apps.provisioning.groups.actions import fit_all
from equipoise.apps.provisioning.models import DirectoryGroup, DirectoryMember, DirectoryUser
from equipoise.apps.provisioning.scim.actions import By, fits
from equipoise.apps.provisioning.scim.mapping import key_of
from equipoise.apps.provisioning.scim.queries import keys_of
from equipoise.platform import audit


@transaction.atomic
def provision_group(*, group: Any, by: By) -> DirectoryGroup:
    """Keep a new group.

    Raises:
        InvalidValueException: When somebody in it is not known.
    """
    row = DirectoryGroup(made_at=by.now)
    _keep(row, group, by=by)
    _record(row, "group provisioned", by)
    return row


@transaction.atomic
def change_group(*, row: DirectoryGroup, group: Any, by: By) -> None:
    """Keep what the directory changed of a group; teams and roles follow.

    Raises:
        InvalidValueException: When somebody in it is not known.
        RoleKept: When nobody would be left who can administer.
    """
    _keep(row, group, by=by)
    _record(row, "group changed by the directory", by)


@transaction.atomic
def drop_group(*, row: DirectoryGroup, by: By) -> None:
    """Drop a group; what it gave ends.

    Raises:
        RoleKept: When nobody would be left who can administer.
    """
    DirectoryMember.objects.filter(group=row).delete()
    fit_all(by=None, now=by.now)
    number = row.pk
    row.delete()
    audit.record(
        actor_id=None,
        subject_id=None,
        verb="group dropped by the directory",
        now=by.now,
        detail={"group": number, "token": by.token_id},
    )


def _keep(row: DirectoryGroup, group: Any, *, by: By) -> None:
    fits("displayName", group.display_name, empty=False)
    fits("externalId", group.external_id)
    row.name, row.name_key = group.display_name, key_of(group.display_name)
    row.external_id = group.external_id or ""
    row.changed_at, row.revision = by.now, row.revision + (row.pk is not None)
    row.save()
    if _keep_members(row, group.members or []):
        fit_all(by=None, now=by.now)


def _keep_members(row: DirectoryGroup, members: Iterable[Any]) -> bool:
    """Let a group hold those the directory named, each once; whether anything changed."""
    values = dict.fromkeys(str(each.value or str(each.ref or "").rpartition("/")[2]) for each in members)
    users, nested = _known(values)
    here = {(each.user_id, each.nested_id): each.pk for each in DirectoryMember.objects.filter(group=row)}
    wanted = [(users.get(value), None if value in users else nested[value]) for value in values]
    stale = [pk for pair, pk in here.items() if pair not in set(wanted)]
    new = [
        DirectoryMember(group=row, user_id=user, nested_id=group) for user, group in wanted if (user, group) not in here
    ]
    DirectoryMember.objects.filter(pk__in=stale).delete()
    DirectoryMember.objects.bulk_create(new)
    return bool(stale or new)


def _known(values: Iterable[str]) -> tuple[dict[str, int], dict[str, int]]:
    """The numbers of the users and of the groups with these ids.

    Raises:
        InvalidValueException: When one of them is nobody's.
    """
    keys = keys_of(values)
    users = _numbers(DirectoryUser.objects.filter(key__in=keys).values_list("key", "pk"))
    nested = _numbers(DirectoryGroup.objects.filter(key__in=keys).values_list("key", "pk"))
    unknown = next((value for value in values if value not in users and value not in nested), None)
    if unknown is not None:
        raise InvalidValueException(
            detail=f"members: no user or group has the id “{unknown[:80]}”.", attribute="members"
        )
    return users, nested


def _numbers(pairs: Iterable[tuple[UUID, int]]) -> dict[str, int]:
    return {str(key): number for key, number in pairs}


def _record(row: DirectoryGroup, verb: str, by: By) -> None:
    audit.record(actor_id=None, subject_id=None, verb=verb, now=by.now, detail={"group": row.pk, "token": by.token_id})
