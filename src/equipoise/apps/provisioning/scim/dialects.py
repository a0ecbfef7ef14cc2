"""Turns what directories in use send into what the RFC says they should: dialects of Microsoft Entra ID and others.

A manager as a bare string or in a list, and a value without a path whose keys are paths with filters. The rest of the
dialects (the case of `op`, booleans as text, `remove` with a value, an entry that is not there yet) the models read.
"""

from collections.abc import Iterator, Mapping
from typing import Any

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:user"


def user_in_the_letter(told: Any) -> Any:
    """A user as the RFC writes it."""
    if not isinstance(told, dict):
        return told
    return {key: _extension(value) if key.lower() == ENTERPRISE else value for key, value in told.items()}


def patch_in_the_letter(told: Any) -> Any:
    """A message of changes as the RFC writes it."""
    if not isinstance(told, dict):
        return told
    return {
        key: [each for one in value for each in _operations(one)]
        if key.lower() == "operations" and isinstance(value, list)
        else value
        for key, value in told.items()
    }


def _operations(one: Any) -> Iterator[Any]:
    if not isinstance(one, dict):
        yield one
        return
    named = {key.lower(): value for key, value in one.items() if isinstance(key, str)}
    path, value = named.get("path"), named.get("value")
    if path in (None, "") and isinstance(value, dict):
        yield from _without_path(named, value)
    elif isinstance(path, str) and path.lower() in (f"{ENTERPRISE}:manager", "manager"):
        yield _of_manager(named, value)
    elif isinstance(path, str) and path.lower() == ENTERPRISE:
        yield {**named, "value": _extension(value)}
    else:
        yield one


def _without_path(named: Mapping[str, Any], value: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """One change for what has plain keys, and one for every key that selects an entry or names the manager."""
    plain: dict[str, Any] = {}
    for key, item in value.items():
        if "[" in key:
            yield {"op": named.get("op"), "path": key, "value": item}
        elif key.lower() == f"{ENTERPRISE}:manager":
            yield _of_manager({"op": named.get("op"), "path": key}, item)
        else:
            plain[key] = _extension(item) if key.lower() == ENTERPRISE else item
    if plain or not value:
        yield {"op": named.get("op"), "value": plain}


def _of_manager(named: Mapping[str, Any], value: Any) -> dict[str, Any]:
    """Naming nobody takes the manager away."""
    meant = _manager(value)
    if "value" in named and not meant:
        return {"op": "remove", "path": named["path"]}
    return {**named, "value": meant} if meant else dict(named)


def _extension(told: Any) -> Any:
    if not isinstance(told, dict):
        return told
    return {key: _manager(value) if key.lower() == "manager" else value for key, value in told.items()}


def _manager(value: Any) -> Any:
    """A manager told as text, or as a list of one."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, str):
        return {"value": value} if value.strip() else None
    if isinstance(value, dict) and not any(value.values()):
        return None
    return value
