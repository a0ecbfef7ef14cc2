"""Long lists come in pages, each with a cursor to the next; entries that come or go meanwhile shift nothing."""

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Generic, TypeVar

from django.core import signing
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest
from ninja import Schema
from pydantic import BaseModel, BeforeValidator, Field

from equipoise.platform.api.values import _whole

T = TypeVar("T")
M = TypeVar("M", bound=Model)
Place = Sequence[Any]


class Page(Schema, Generic[T]):
    """A page of a list; `next` is the cursor of the page after it, null on the last."""

    items: list[T]
    next: str | None = None


class Paging(BaseModel):
    """Which page is asked for: `paging: Query[Paging]`."""

    limit: Annotated[int, BeforeValidator(_whole), Field(ge=1, le=100)] = 50
    cursor: Annotated[str, Field(max_length=1000)] = ""


def page_of(request: HttpRequest, rows: QuerySet[M], paging: Paging, *, order: Sequence[str]) -> dict[str, Any]:
    """A page of rows.

    Args:
        request: Who asks; a cursor holds for one address alone.
        rows: All that may be shown.
        paging: Which page.
        order: Fields that are never null and together name one row, such as `("name", "id")` or `("-at", "-id")`.

    Raises:
        Http404: There is no such page.
    """
    if paging.cursor:
        rows = rows.filter(_after(order, _opened(request, paging.cursor)))
    found = list(rows.order_by(*order)[: paging.limit + 1])
    shown = found[: paging.limit]
    more = len(found) > paging.limit
    last = [getattr(shown[-1], field.lstrip("-")) for field in order] if more else []
    return {"items": shown, "next": _closed(request, last) if more else None}


def page_of_values(
    request: HttpRequest, values: Sequence[T], paging: Paging, *, key: Callable[[T], tuple[Any, ...]]
) -> dict[str, Any]:
    """A page of values that were worked out; `key` gives texts and numbers that name one value.

    Raises:
        Http404: There is no such page.
    """
    ordered = sorted(values, key=key)
    if paging.cursor:
        place = tuple(_opened(request, paging.cursor))
        ordered = [value for value in ordered if key(value) > place]
    shown, more = ordered[: paging.limit], len(ordered) > paging.limit
    return {"items": shown, "next": _closed(request, key(shown[-1])) if more else None}


def _after(order: Sequence[str], place: Place) -> Q:
    """Rows that come after a place, in an order of several fields."""
    if len(order) != len(place):
        raise Http404
    found, same = Q(), Q()
    for field, value in zip(order, place, strict=True):
        name = field.lstrip("-")
        found |= same & Q(**{f"{name}__{'lt' if field.startswith('-') else 'gt'}": value})
        same &= Q(**{name: value})
    return found


def _salt(request: HttpRequest) -> str:
    return f"cursor {request.path}"


def _closed(request: HttpRequest, place: Place) -> str:
    text = json.dumps([each.isoformat() if isinstance(each, date | datetime) else each for each in place])
    return signing.Signer(salt=_salt(request)).sign_object(text)


def _opened(request: HttpRequest, cursor: str) -> Place:
    try:
        place: Place = json.loads(signing.Signer(salt=_salt(request)).unsign_object(cursor))
    except (signing.BadSignature, ValueError) as error:
        raise Http404 from error
    return place
