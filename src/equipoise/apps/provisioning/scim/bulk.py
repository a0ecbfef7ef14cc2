"""Many operations in one request (RFC 7644, 3.7): one after the other, each kept or refused by itself."""

from typing import Any

from django.db import transaction
from scim2_models import (
    ConflictException,
    Error,
    InvalidPathException,
    InvalidSyntaxException,
    InvalidValueException,
    PayloadTooLargeException,
)

from equipoise.apps.provisioning.scim import operating
from equipoise.apps.provisioning.scim.actions import By
from equipoise.apps.provisioning.scim.doors import error_of
from equipoise.apps.provisioning.scim.operating import Asked
from equipoise.apps.provisioning.scim.queries import KINDS
from equipoise.apps.provisioning.scim.resources import MOST_BYTES, MOST_OPERATIONS

SCHEMA = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"
MARK = "bulkId:"
STATUS = {"POST": "201", "PUT": "200", "PATCH": "200", "DELETE": "204"}
DO = {"POST": operating.create, "PUT": operating.replace, "PATCH": operating.modify, "DELETE": operating.delete}


class _Unmade(Exception):
    """An operation names what another operation has yet to make."""


def done(told: Any, *, size: int, place: str, by: By) -> dict[str, Any]:
    """Do the operations, and tell of each how it went.

    What names something a later operation makes waits for it. After `failOnErrors` failures the rest is left undone.

    Raises:
        PayloadTooLargeException: When there are too many, or they are too long.
        InvalidSyntaxException: When it is no bulk.
    """
    operations, most_errors = _read(told)
    if size > MOST_BYTES or len(operations) > MOST_OPERATIONS:
        raise PayloadTooLargeException(
            detail=f"At most {MOST_OPERATIONS} operations and {MOST_BYTES} bytes go into one request."
        )
    made: dict[str, str] = {}
    results: dict[int, dict[str, Any]] = {}
    waiting = list(enumerate(operations))
    while waiting:
        later = []
        for index, operation in waiting:
            if most_errors and sum(int(each["status"]) >= 400 for each in results.values()) >= most_errors:
                return _told(results)
            try:
                results[index] = _tried(operation, made, place=place, by=by)
            except _Unmade:
                later.append((index, operation))
        if len(later) == len(waiting):
            results |= {index: _unmade(operation) for index, operation in later}
            break
        waiting = later
    return _told(results)


def _read(told: Any) -> tuple[list[dict[str, Any]], int]:
    named = {str(key).lower(): value for key, value in told.items()} if isinstance(told, dict) else {}
    operations, most = named.get("operations"), named.get("failonerrors") or 0
    if not isinstance(operations, list) or not all(isinstance(each, dict) for each in operations):
        raise InvalidSyntaxException(detail="“Operations” must be a list of operations.")
    if not isinstance(most, int):
        raise InvalidValueException(detail="“failOnErrors” must be a number.")
    return [{str(key).lower(): value for key, value in each.items()} for each in operations], most


def _told(results: dict[int, dict[str, Any]]) -> dict[str, Any]:
    return {"schemas": [SCHEMA], "Operations": [results[index] for index in sorted(results)]}


def _tried(operation: dict[str, Any], made: dict[str, str], *, place: str, by: By) -> dict[str, Any]:
    """Do one, in a transaction of its own.

    Raises:
        _Unmade: When it names what is not made yet.
    """
    result = _named(operation)
    try:
        method, asked = _asked(operation, made, place=place, by=by)
        with transaction.atomic():
            kept = DO[method](asked)
    except _Unmade:
        raise
    except Exception as error:  # noqa: BLE001 - each operation is answered by itself
        return _failed(result, error_of(error))
    if method == "POST":
        made[operation["bulkid"]] = kept.id
    location = kept.meta.location if kept is not None else f"{place}/{asked.kind.endpoint}/{asked.key}"
    version = {"version": kept.meta.version} if kept is not None else {}
    return {**result, "location": location, **version, "status": STATUS[method]}


def _asked(operation: dict[str, Any], made: dict[str, str], *, place: str, by: By) -> tuple[str, Asked]:
    method = str(operation.get("method", "")).upper()
    path = _resolved(str(operation.get("path", "")), made)
    endpoint, _slash, key = path.strip("/").partition("/")
    if method not in DO:
        raise InvalidSyntaxException(detail="“method” must be POST, PUT, PATCH or DELETE.")
    if endpoint not in KINDS or (method == "POST") is bool(key):
        raise InvalidPathException(detail=f"Nothing is done with {method} at “{path[:80]}”.")
    if method == "POST" and not isinstance(operation.get("bulkid"), str):
        raise InvalidSyntaxException(detail="POST needs a “bulkId”.")
    return method, Asked(
        kind=KINDS[endpoint],
        key=key,
        told=_resolved(operation.get("data"), made),
        only_if=str(operation.get("version") or ""),
        place=place,
        by=by,
    )


def _resolved(told: Any, made: dict[str, str]) -> Any:
    """The same with the ids of what other operations made.

    Raises:
        _Unmade: When one is not made yet.
    """
    if isinstance(told, dict):
        return {key: _resolved(value, made) for key, value in told.items()}
    if isinstance(told, list):
        return [_resolved(each, made) for each in told]
    if not isinstance(told, str) or MARK not in told:
        return told
    before, _mark, name = told.partition(MARK)
    if before not in ("", "/Users/", "/Groups/", "Users/", "Groups/"):
        return told
    if name not in made:
        raise _Unmade
    return before + made[name]


def _named(operation: dict[str, Any]) -> dict[str, Any]:
    named = {"method": str(operation.get("method", "")).upper()}
    return named | ({"bulkId": operation["bulkid"]} if "bulkid" in operation else {})


def _failed(result: dict[str, Any], error: Error) -> dict[str, Any]:
    return {**result, "status": str(error.status or 500), "response": error.model_dump()}


def _unmade(operation: dict[str, Any]) -> dict[str, Any]:
    error = ConflictException(detail="It names a “bulkId” that no operation made.")
    return _failed(_named(operation), error.to_error())
