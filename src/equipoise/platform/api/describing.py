"""The description of the API (OpenAPI 3.1), completed by what the library leaves out.

That is the media type of problems, only those statuses that can be, headers, scopes; in an order that stays the same.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from ninja import NinjaAPI
from ninja.operation import Operation

from equipoise.platform.access import Audience
from equipoise.platform.api.declaring import access_of
from equipoise.platform.api.problems import MEDIA_TYPE, PROBLEMS, Problem
from equipoise.platform.api.running import takes_body

Node = dict[str, Any]

HEADERS: Mapping[str, Node] = {
    "IfNoneMatch": {
        "name": "If-None-Match",
        "in": "header",
        "description": "The ETag of what you hold; 304 when nothing has changed. Every GET takes it.",
        "schema": {"type": "string"},
    },
    "IfMatch": {
        "name": "If-Match",
        "in": "header",
        "description": "The ETag of what you change; 412 when it has changed meanwhile. Every PUT, PATCH and DELETE of "
        "an address that can be read takes it.",
        "schema": {"type": "string"},
    },
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "A key of your own, new for each request. Every POST takes it: sent again within 24 hours with "
        "the same body it gives the first answer again, and nothing is done twice.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 200},
    },
    "ActingFor": {
        "name": "Acting-For",
        "in": "header",
        "description": "The number of an assistance: you act for its owner, and the trail names you both. What is the "
        "owner's alone stays closed.",
        "schema": {"type": "integer", "minimum": 1},
    },
}
"""Headers that hold for whole kinds of operations; they stand once, beside them."""

_SAYS = {
    304: "Nothing has changed",
    400: "The body is no JSON",
    401: "No token, or one that does not hold",
    403: "The token or the person may not",
    404: "No such record, or not yours to see",
    406: "Answers are JSON",
    409: "Well asked, but it cannot be as things stand",
    412: "It has changed meanwhile",
    413: "Too large",
    415: "Not JSON",
    422: "What was sent will not do; “errors” says what and where",
}


def described(api: NinjaAPI, *, prefix: str) -> Node:
    """The whole description.

    Args:
        api: The operations.
        prefix: Where they are served, such as "/api/v1/".
    """
    schema: Node = dict(api.get_openapi_schema(path_prefix=prefix))
    made = {each.operation_id: each for each in _operations(api)}
    for ways in schema["paths"].values():
        for method, way in ways.items():
            _complete(way, method, made[way["operationId"]])
    components = schema["components"]
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
    components["schemas"] |= {**problem.pop("$defs"), "Problem": problem}
    components["parameters"] = dict(HEADERS)
    components["schemas"] = {name: components["schemas"][name] for name in sorted(components["schemas"])}
    schema["paths"] = {path: schema["paths"][path] for path in sorted(schema["paths"])}
    _tidy(schema)
    return schema


def _operations(api: NinjaAPI) -> Iterator[Operation]:
    for router in api._get_bound_routers():  # noqa: SLF001 - the library lists them nowhere else
        for view in router.path_operations.values():
            yield from view.operations


def _complete(way: Node, method: str, made: Operation) -> None:
    access = access_of(made)
    if access is None:
        raise LookupError(f"The operation {made.operation_id} does not say who may use it; declare it with @operation.")
    told = [way.get("description", "").strip(), f"Who: {'; '.join(each.value for each in access.audiences)}."]
    if Audience.ASSISTED in access.audiences:
        told.append("Takes `Acting-For`.")
    way["description"] = "\n\n".join(part for part in told if part)
    way["x-scope"] = str(access.scope)
    way["responses"] = _responses(way["responses"], method, made)
    for parameter in way["parameters"]:
        parameter["schema"] = _without_null(parameter["schema"])
    if "requestBody" in way:
        way["requestBody"]["required"] = True


def _responses(found: Mapping[Any, Node], method: str, made: Operation) -> Node:
    """Only what can be, with the media type of problems."""
    cannot = set() if takes_body(made) else {413, 415}
    reading = getattr(made, "reading", None)
    if method not in {"put", "patch", "delete"} or reading is None:
        cannot.add(412)
    kept: Node = {}
    for status in sorted({*map(int, found), *PROBLEMS, *({304} if method == "get" else set())}):
        if status in cannot:
            continue
        response = dict(found.get(status, {}))
        response["description"] = _SAYS.get(status, response.get("description", ""))
        if status >= 400:
            response["content"] = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        if method == "get" and status in {200, 304}:
            response["headers"] = {"ETag": {"description": "Names this content", "schema": {"type": "string"}}}
        if status == 401:
            response["headers"] = {"WWW-Authenticate": {"description": "“Bearer”", "schema": {"type": "string"}}}
        kept[str(status)] = response
    return kept


def _without_null(schema: Node) -> Node:
    """A parameter that is not said is left away; it is never sent as null."""
    choices = [each for each in schema.get("anyOf", ()) if each.get("type") != "null"]
    if len(choices) == 1:
        return {**{name: value for name, value in schema.items() if name != "anyOf"}, **choices[0]}
    return schema


_BOUNDS = {"ge": "minimum", "le": "maximum", "gt": "exclusiveMinimum", "lt": "exclusiveMaximum"}
"""The library leaves bounds that stand behind a validator in its own words."""


def _tidy(node: Any) -> None:
    """Mend wordings of the library: bounds, titles made from names, and one reference wrapped as several."""
    if isinstance(node, dict):
        _mend(node)
    for each in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        _tidy(each)


def _mend(node: Node) -> None:
    if node.get("type") in ("integer", "number"):
        for ours in [name for name in _BOUNDS if name in node]:
            node[_BOUNDS[ours]] = node.pop(ours)
    only = node.get("allOf")
    if isinstance(only, list) and len(only) == 1 and set(only[0]) == {"$ref"}:
        node.update(node.pop("allOf")[0])
    for inner in node["properties"].values() if isinstance(node.get("properties"), dict) else ():
        if isinstance(inner, dict) and isinstance(inner.get("title"), str):
            inner.pop("title")
