"""Finds a directory's users and groups, and writes them as SCIM resources.

A filter is narrowed in the database as far as its columns go, and then matched to the letter by the models; so the
answer is right for every filter, and quick for those that directories ask.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from scim2_models import GroupMembership, Meta, NotFoundException, ScimFilter, SearchRequest
from scim2_models.path import (
    CompareOperator,
    Comparison,
    FilterVisitor,
    LogicalExpr,
    LogicalOperator,
    Not,
    Present,
    ValuePath,
)

from equipoise.apps.provisioning.models import DirectoryGroup, DirectoryMember, DirectoryUser
from equipoise.apps.provisioning.scim.mapping import key_of
from equipoise.apps.provisioning.scim.resources import MOST_RESULTS, EnterpriseUser, FullUser, Group, GroupMember

FARTHEST = 2**31
"""No list is as long; databases count no farther."""

Row = DirectoryUser | DirectoryGroup


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A page of what a question found.

    Attributes:
        total: How many there are on all pages.
        start: The number of the first on this page, from one.
        resources: Those on this page.
    """

    total: int
    start: int
    resources: list[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """Users or groups.

    Attributes:
        name: What SCIM calls one.
        endpoint: Under which address they stand.
        model: How SCIM writes one.
        rows: All of them, with what writing them needs.
        written: Writes one, at the address of the service.
        columns: The columns that hold an attribute, by its name in lower case.
    """

    name: str
    endpoint: str
    model: Any
    rows: Callable[[], "QuerySet[Any]"]
    written: Callable[[Any, str], Any]
    columns: Mapping[str, str]


def row_of(kind: Kind, key: str) -> Any:
    """A record by its id.

    Raises:
        NotFoundException: When there is none.
    """
    return _one(kind.rows(), kind, key)


def row_to_change(kind: Kind, key: str) -> Any:
    """A record by its id, held until the transaction ends.

    Raises:
        NotFoundException: When there is none.
    """
    _one(kind.rows().select_related(None).prefetch_related(None).select_for_update(), kind, key)
    return _one(kind.rows(), kind, key)


def _one(rows: "QuerySet[Any]", kind: Kind, key: str) -> Any:
    found = rows.filter(key=_as_key(key)).first() if _as_key(key) else None
    if found is None:
        raise NotFoundException(detail=f"There is no {kind.name} with the id {key[:80]}.")
    return found


def _as_key(text: str) -> UUID | None:
    """An id of ours; only as it is written here, since ids are case-exact."""
    try:
        key = UUID(text)
    except ValueError:
        return None
    return key if str(key) == text else None


def search(kinds: Sequence[Kind], request: SearchRequest[Any], place: str) -> Found:
    """One page of what a question finds among users, groups or both."""
    start = min(request.start_index or 1, FARTHEST)
    count = MOST_RESULTS if request.count is None else min(request.count, MOST_RESULTS)
    if len(kinds) == 1 and request.filter is None and request.sort_by is None:
        rows = kinds[0].rows()
        page = [kinds[0].written(row, place) for row in rows[start - 1 : start - 1 + count]]
        return Found(total=rows.count(), start=start, resources=page)
    found = request.sort([each for kind in kinds for each in _matching(kind, request, place)])
    return Found(total=len(found), start=start, resources=found[start - 1 : start - 1 + count])


def _matching(kind: Kind, request: SearchRequest[Any], place: str) -> Iterable[Any]:
    asked = request.filter
    if asked is None:
        return [kind.written(row, place) for row in kind.rows()]
    bound = ScimFilter[kind.model](str(asked))  # type: ignore[name-defined]
    narrowed = _Narrowed(kind).visit(bound.ast)
    rows = kind.rows() if narrowed is None else kind.rows().filter(narrowed)
    return [each for each in (kind.written(row, place) for row in rows) if bound.match(each)]


class _Narrowed(FilterVisitor["Q | None"]):
    """What the database can leave out for a filter: all it finds matches, or more; `None` where it cannot tell."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind

    def visit_comparison(self, node: Comparison) -> Q | None:
        path = node.attr_path
        name = ".".join(filter(None, (path.attr, path.sub_attr))).lower()
        column = self._kind.columns.get(name)
        if column is None or (path.uri and ":extension:" in path.uri.lower()):
            return None
        return _compared(column, node.op, node.value)

    def visit_logical_expr(self, node: LogicalExpr) -> Q | None:
        parts = [self.visit(each) for each in node.terms]
        known = [each for each in parts if each is not None]
        if node.op is LogicalOperator.or_:
            return _any(known) if len(known) == len(parts) else None
        return _all(known) if known else None

    def visit_not(self, node: Not) -> Q | None:  # noqa: ARG002 - what is left out of "more" may match
        return None

    def visit_present(self, node: Present) -> Q | None:  # noqa: ARG002 - nearly all have what is asked for
        return None

    def visit_value_path(self, node: ValuePath) -> Q | None:  # noqa: ARG002 - entries stand in no column
        return None


def _any(parts: list[Q]) -> Q:
    found = parts[0]
    for each in parts[1:]:
        found |= each
    return found


def _all(parts: list[Q]) -> Q:
    found = parts[0]
    for each in parts[1:]:
        found &= each
    return found


def _compared(column: str, op: CompareOperator, value: object) -> Q | None:
    if not isinstance(value, str | datetime):
        return None
    if column == "key":
        key = _as_key(str(value))
        return (Q(**{column: key}) if key else Q(pk__in=())) if op is CompareOperator.eq else None
    if column == "changed_at":
        return _since(op, value)
    if op is not CompareOperator.eq:
        return None
    return Q(**{column: key_of(str(value)) if column.endswith("name_key") else str(value)})


def _since(op: CompareOperator, value: str | datetime) -> Q | None:
    try:
        when = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    except ValueError:
        return None
    if when.tzinfo is None:
        return None
    if op in (CompareOperator.gt, CompareOperator.ge):
        return Q(changed_at__gte=when)
    return Q(changed_at__lte=when) if op in (CompareOperator.lt, CompareOperator.le) else None


def _user_rows() -> "QuerySet[DirectoryUser]":
    groups = DirectoryMember.objects.select_related("group").order_by("id")
    return DirectoryUser.objects.select_related("manager").prefetch_related(Prefetch("groups", queryset=groups))


def _group_rows() -> "QuerySet[DirectoryGroup]":
    members = DirectoryMember.objects.select_related("user", "nested").only("group", "user__key", "nested__key")
    return DirectoryGroup.objects.prefetch_related(Prefetch("members", queryset=members))


def user_written(row: DirectoryUser, place: str) -> Any:
    """A user as SCIM writes them."""
    user = FullUser.model_validate(row.attributes)
    user.id = str(row.key)
    user.external_id = row.external_id or None
    user.groups = [
        GroupMembership.model_validate(
            {
                "value": str(each.group.key),
                "$ref": f"{place}/Groups/{each.group.key}",
                "display": each.group.name,
                "type": "direct",
            }
        )
        for each in row.groups.all()
    ] or None
    manager = user[EnterpriseUser].manager if user[EnterpriseUser] else None
    if manager is not None and row.manager is not None:
        manager.ref = f"{place}/Users/{row.manager.key}"
        manager.display_name = row.manager.attributes.get("displayName") or row.manager.user_name
    user.meta = _meta(
        row, "User", f"{place}/Users/{row.key}", [f"{each.value} {each.display}" for each in user.groups or ()]
    )
    return user


def group_written(row: DirectoryGroup, place: str) -> Any:
    """A group as SCIM writes it."""
    users = [("User", each.user.key) for each in row.members.all() if each.user]
    nested = [("Group", each.nested.key) for each in row.members.all() if each.nested]
    members = [
        GroupMember.model_validate({"value": str(key), "$ref": f"{place}/{kind}s/{key}", "type": kind})
        for kind, key in users + nested
    ]
    meta = _meta(row, "Group", f"{place}/Groups/{row.key}", [str(each.value) for each in members])
    return Group(
        id=str(row.key),
        external_id=row.external_id or None,
        display_name=row.name,
        members=members or None,
        meta=meta,
    )


def _meta(row: Row, kind: str, location: str, around: Sequence[str]) -> Meta:
    """What is told about a record; its version changes whenever anything the record tells does."""
    told = "\n".join([str(row.revision), *around])
    return Meta(
        resource_type=kind,
        created=row.made_at,
        last_modified=row.changed_at,
        location=location,
        version=f'W/"{row.revision}-{sha256(told.encode()).hexdigest()[:12]}"',
    )


USERS = Kind(
    name="User",
    endpoint="Users",
    model=FullUser,
    rows=_user_rows,
    written=user_written,
    columns={
        "id": "key",
        "username": "user_name_key",
        "externalid": "external_id",
        "meta.lastmodified": "changed_at",
    },
)
GROUPS = Kind(
    name="Group",
    endpoint="Groups",
    model=Group,
    rows=_group_rows,
    written=group_written,
    columns={
        "id": "key",
        "displayname": "name_key",
        "externalid": "external_id",
        "meta.lastmodified": "changed_at",
    },
)
KINDS = {kind.endpoint: kind for kind in (USERS, GROUPS)}


def users_known_as(key: str, *, except_id: int | None = None) -> "QuerySet[DirectoryUser]":
    """Users somebody may mean: by id, by what the directory knows them by, or by user name."""
    meant = Q(external_id=key) | Q(user_name_key=key_of(key))
    own = _as_key(key)
    found = DirectoryUser.objects.filter(meant | Q(key=own) if own else meant)
    return found.exclude(pk=except_id) if except_id else found


def keys_of(values: Iterable[str]) -> list[UUID]:
    """The ids among some texts that can be ids of ours."""
    return [key for key in map(_as_key, values) if key is not None]
