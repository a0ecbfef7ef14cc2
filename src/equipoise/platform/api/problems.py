"""Problems are told as RFC 9457 has it (application/problem+json): what, where and what to do; never a traceback."""

import json
import logging
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from equipoise.platform.api.declaring import PersonMissing, ScopeMissing

MEDIA_TYPE = "application/problem+json"

logger = logging.getLogger(__name__)


class Problem(Schema):
    """What went wrong (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = ""
    errors: list[dict[str, Any]] | None = None


PROBLEMS: dict[Any, type[Problem]] = {frozenset({400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 429}): Problem}
"""What any operation may answer instead."""


def answers(schema: Any, *, status: int = 200) -> dict[Any, Any]:
    """What an operation answers: the schema when it went well, else a problem."""
    return {status: schema, **PROBLEMS}


def problem(status: int, title: str, detail: str = "", **more: object) -> HttpResponse:
    """One problem as a response."""
    told = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    response = HttpResponse(json.dumps(told, default=str), status=status, content_type=MEDIA_TYPE)
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


def tell_problems(api: NinjaAPI) -> None:
    """Answer every error of an API as a problem."""

    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        found = [{"at": ".".join(map(str, each["loc"])), "says": each["msg"]} for each in error.errors]
        return problem(422, _("What was sent will not do"), _("See “errors” for what and where."), errors=found)

    def refused(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
        if isinstance(error, ScopeMissing):
            return problem(403, _("Not allowed"), _("The token lacks the scope “%(scope)s”.") % {"scope": error})
        if isinstance(error, PersonMissing):
            return problem(403, _("Not allowed"), _("These are one person's records; use a personal token."))
        return problem(403, _("Not allowed"), str(error) or _("You lack the role for this."))

    def absent(request: HttpRequest, error: Exception) -> HttpResponse:
        return problem(404, _("Nothing here"), _("There is no such record, or it is not yours to see."))

    def unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        return problem(401, _("No token, or one that does not hold"), _("Send “Authorization: Bearer …”."))

    def told(request: HttpRequest, error: HttpError) -> HttpResponse:
        return problem(error.status_code, str(error))

    def unforeseen(request: HttpRequest, error: Exception) -> HttpResponse:
        logger.error("%s at %s", type(error).__name__, request.resolver_match and request.resolver_match.route)
        return problem(500, _("Something went wrong"), _("The fault is on our side. Nothing was changed; try again."))

    handlers: dict[type[Exception], Any] = {
        ValidationError: invalid,
        PermissionDenied: refused,
        Http404: absent,
        ObjectDoesNotExist: absent,
        AuthenticationError: unknown,
        HttpError: told,
        Exception: unforeseen,
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)
