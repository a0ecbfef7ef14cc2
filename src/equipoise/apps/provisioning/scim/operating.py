"""Does one operation on a user or a group: the same for a single request and for one within a bulk."""

from dataclasses import dataclass
from typing import Any

from scim2_models import Context, PatchOp, PreconditionFailedException

from equipoise.apps.provisioning.scim import actions, group_actions
from equipoise.apps.provisioning.scim.actions import By
from equipoise.apps.provisioning.scim.dialects import patch_in_the_letter, user_in_the_letter
from equipoise.apps.provisioning.scim.queries import USERS, Kind, row_of, row_to_change


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One operation.

    Attributes:
        kind: On users or groups.
        key: The id; empty for what is to be made.
        told: What was sent, as JSON has it.
        only_if: The version it must have, as the client knows it; empty for any.
        place: The address of the service.
        by: Who asks, and when.
    """

    kind: Kind
    key: str
    told: Any
    only_if: str
    place: str
    by: By


def create(asked: Asked) -> Any:
    """Make one; gives it as it is kept."""
    model = asked.kind.model.model_validate(_in_the_letter(asked), scim_ctx=Context.RESOURCE_CREATION_REQUEST)
    if asked.kind is USERS:
        if model.active is None:
            model.active = True
        row: Any = actions.provision(user=model, by=asked.by)
    else:
        row = group_actions.provision_group(group=model, by=asked.by)
    return _as_kept(asked, str(row.key))


def replace(asked: Asked) -> Any:
    """Put what was sent in the place of what is kept; whether somebody is let in is left when it is not said."""
    row, before = _current(asked)
    after = asked.kind.model.model_validate(_in_the_letter(asked), scim_ctx=Context.RESOURCE_REPLACEMENT_REQUEST)
    if asked.kind is USERS and after.active is None:
        after.active = before.active
    if after.replace(before):
        _keep(asked, row, before, after)
    return _as_kept(asked, asked.key)


def modify(asked: Asked) -> Any:
    """Change parts of one."""
    row, before = _current(asked)
    patch = PatchOp[asked.kind.model].model_validate(  # type: ignore[name-defined]
        patch_in_the_letter(asked.told), scim_ctx=Context.RESOURCE_PATCH_REQUEST
    )
    after = before.model_copy(deep=True)
    if patch.patch(after):
        _keep(asked, row, before, after)
    return _as_kept(asked, asked.key)


def delete(asked: Asked) -> None:
    """Drop one."""
    row, _before = _current(asked)
    if asked.kind is USERS:
        actions.deprovision(row=row, by=asked.by)
    else:
        group_actions.drop_group(row=row, by=asked.by)


def _in_the_letter(asked: Asked) -> Any:
    return user_in_the_letter(asked.told) if asked.kind is USERS else asked.told


def _current(asked: Asked) -> tuple[Any, Any]:
    """The record and how it is written now, held until the transaction ends.

    Raises:
        NotFoundException: When there is none.
        PreconditionFailedException: When it is not as the client knows it any more.
    """
    row = row_to_change(asked.kind, asked.key)
    before = asked.kind.written(row, asked.place)
    if asked.only_if and not is_named(before.meta.version, asked.only_if):
        raise PreconditionFailedException
    return row, before


def _keep(asked: Asked, row: Any, before: Any, after: Any) -> None:
    if asked.kind is USERS:
        actions.change(row=row, before=before, user=after, by=asked.by)
    else:
        group_actions.change_group(row=row, group=after, by=asked.by)


def _as_kept(asked: Asked, key: str) -> Any:
    return asked.kind.written(row_of(asked.kind, key), asked.place)


def is_named(version: str, named: str) -> bool:
    """Whether a header names a version; compared weakly, as directories send it (RFC 9110, 8.8.3.2)."""
    tags = {each.strip().removeprefix("W/") for each in named.split(",")}
    return "*" in tags or version.removeprefix("W/") in tags
