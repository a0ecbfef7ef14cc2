"""The addresses of SCIM 2.0: a directory asks, and is answered in its words."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from scim2_models import (
    Context,
    ForbiddenException,
    ListResponse,
    Meta,
    NotFoundException,
    NotImplementedException,
    ResourceType,
    ResponseParameters,
    Schema,
    SearchRequest,
)

from equipoise.apps.provisioning.scim import bulk, operating
from equipoise.apps.provisioning.scim.doors import answer, by, endpoint, payload_of
from equipoise.apps.provisioning.scim.operating import Asked, is_named
from equipoise.apps.provisioning.scim.queries import KINDS, Kind, row_of, search
from equipoise.apps.provisioning.scim.resources import CONFIG, PROVIDER, FullUser, Group

ONE = Context.RESOURCE_QUERY_RESPONSE


def place_of(request: HttpRequest) -> str:
    """The address of the service, as the client reached it, without a slash at the end."""
    return request.build_absolute_uri(reverse("scim:root")).rstrip("/")


@endpoint("users and groups of a directory", methods=("GET", "POST"))
def resources(request: HttpRequest, endpoint: str) -> HttpResponse:
    """List users or groups, or make one."""
    kind = KINDS[endpoint]
    if request.method != "POST":
        return _found(request, [kind], dict(request.GET.items()))
    asked = _asked(request, kind, "")
    with transaction.atomic():
        made = operating.create(asked)
    return _one(request, kind, made, Context.RESOURCE_CREATION_RESPONSE, status=201)


@endpoint("users and groups of a directory", methods=("GET", "PUT", "PATCH", "DELETE"))
def resource(request: HttpRequest, endpoint: str, key: str) -> HttpResponse:
    """Show, replace, change or drop a user or a group."""
    kind = KINDS[endpoint]
    if request.method == "PUT":
        return _written(request, kind, key, operating.replace, Context.RESOURCE_REPLACEMENT_RESPONSE)
    if request.method == "PATCH":
        return _written(request, kind, key, operating.modify, Context.RESOURCE_PATCH_RESPONSE)
    if request.method == "DELETE":
        with transaction.atomic():
            operating.delete(_asked(request, kind, key))
        return answer(None, status=204)
    found = kind.written(row_of(kind, key), place_of(request))
    if is_named(found.meta.version, request.headers.get("If-None-Match", "")):
        return answer(None, status=304, ETag=found.meta.version)
    return _one(request, kind, found, ONE)


@endpoint("users and groups of a directory", methods=("POST",))
def search_resources(request: HttpRequest, endpoint: str) -> HttpResponse:
    """Find users or groups by what is in the request's body."""
    return _found(request, [KINDS[endpoint]], payload_of(request))


@endpoint("users and groups of a directory", methods=("POST",))
def search_all(request: HttpRequest) -> HttpResponse:
    """Find users and groups by what is in the request's body."""
    return _found(request, list(KINDS.values()), payload_of(request))


@endpoint("users and groups of a directory")
def root(request: HttpRequest) -> HttpResponse:
    """Find users and groups."""
    return _found(request, list(KINDS.values()), dict(request.GET.items()))


@endpoint("users and groups of a directory", methods=("POST",))
def in_bulk(request: HttpRequest) -> HttpResponse:
    """Do many operations, one after the other."""
    return answer(bulk.done(payload_of(request), size=len(request.body), place=place_of(request), by=by(request)))


@endpoint("what the service can do")
def config(request: HttpRequest) -> HttpResponse:
    """What of SCIM there is."""
    return answer(_told(request, CONFIG, "ServiceProviderConfig").model_dump(scim_ctx=ONE))


@endpoint("what the service can do")
def resource_types(request: HttpRequest) -> HttpResponse:
    """The kinds of resources there are."""
    told = [_told(request, each, f"ResourceTypes/{each.id}") for each in PROVIDER.resource_types]
    return _listed(request, ListResponse[ResourceType], told)


@endpoint("what the service can do")
def resource_type(request: HttpRequest, key: str) -> HttpResponse:
    """One kind of resources."""
    found = next((each for each in PROVIDER.resource_types if each.id == key), None)
    return _discovered(request, found, f"ResourceTypes/{key}")


@endpoint("what the service can do")
def schemas(request: HttpRequest) -> HttpResponse:
    """The attributes there are."""
    told = [_told(request, each, f"Schemas/{each.id}") for each in PROVIDER.schemas]
    return _listed(request, ListResponse[Schema], told)


@endpoint("what the service can do")
def schema(request: HttpRequest, key: str) -> HttpResponse:
    """The attributes of one schema."""
    found = next((each for each in PROVIDER.schemas if str(each.id).lower() == key.lower()), None)
    return _discovered(request, found, f"Schemas/{key}")


ALL = ("GET", "POST", "PUT", "PATCH", "DELETE")


@endpoint("what the service can do", methods=ALL)
def me(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - an address of the RFC
    """A token of the organisation is nobody's own."""
    raise NotImplementedException(detail="A token of the organisation is nobody's own: there is no /Me.")


@endpoint("what the service can do", methods=ALL)
def nothing(request: HttpRequest, rest: str) -> HttpResponse:  # noqa: ARG001 - an address of the RFC
    """There is nothing here."""
    raise NotFoundException


def _asked(request: HttpRequest, kind: Kind, key: str) -> Asked:
    sent = None if request.method == "DELETE" else payload_of(request)
    only_if = request.headers.get("If-Match", "")
    return Asked(kind=kind, key=key, told=sent, only_if=only_if, place=place_of(request), by=by(request))


def _written(request: HttpRequest, kind: Kind, key: str, operation: Any, context: Context) -> HttpResponse:
    asked = _asked(request, kind, key)
    with transaction.atomic():
        kept = operation(asked)
    return _one(request, kind, kept, context)


def _one(request: HttpRequest, kind: Kind, found: Any, context: Context, *, status: int = 200) -> HttpResponse:
    parameters = ResponseParameters[kind.model].model_validate(dict(request.GET.items()))  # type: ignore[name-defined]
    told = found.model_dump(scim_ctx=context, response_parameters=parameters)
    return answer(told, status=status, ETag=found.meta.version, Location=found.meta.location)


def _found(request: HttpRequest, kinds: list[Kind], told: Any) -> HttpResponse:
    model: Any = kinds[0].model if len(kinds) == 1 else FullUser | Group
    asked = SearchRequest[model].model_validate(told, scim_ctx=Context.SEARCH_REQUEST)
    found = search(kinds, asked, place_of(request))
    told = {
        "schemas": [str(ListResponse.__schema__)],
        "totalResults": found.total,
        "startIndex": found.start,
        "itemsPerPage": len(found.resources),
        "Resources": [each.model_dump(scim_ctx=ONE, response_parameters=asked) for each in found.resources],
    }
    return answer(told)


def _listed(request: HttpRequest, model: Any, told: list[Any]) -> HttpResponse:
    if "filter" in request.GET:
        raise ForbiddenException(detail="Nothing is filtered here (RFC 7644, 4).")
    found = model(total_results=len(told), start_index=1, items_per_page=len(told), resources=told)
    return answer(found.model_dump(scim_ctx=ONE))


def _discovered(request: HttpRequest, found: Any, path: str) -> HttpResponse:
    if found is None:
        raise NotFoundException
    return answer(_told(request, found, path).model_dump(scim_ctx=ONE))


def _told(request: HttpRequest, found: Any, path: str) -> Any:
    """Something the service tells about itself, with where it stands."""
    kind = path.partition("/")[0].removesuffix("s") if "/" in path else path
    meta = Meta(resource_type=kind, location=f"{place_of(request)}/{path}")
    return found.model_copy(update={"meta": meta})
