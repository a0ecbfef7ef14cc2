"""Problems are told as RFC 9457 has it (application/problem+json): what, where and what to do; never a traceback."""

import json
import logging
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import (
    BadRequest,
    ObjectDoesNotExist,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.http.request import RawPostDataException
from django.http.response import HttpResponseBase
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from equipoise.platform.api.declaring import PersonMissing, ScopeMissing
from equipoise.platform.api.errors import CannotBe, Refusal

MEDIA_TYPE = "application/problem+json"
ROOT = "/api/"

logger = logging.getLogger(__name__)


class Fault(Schema):
    """One thing that will not do."""

    at: str
    says: str


class Problem(Schema):
    """What went wrong (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = ""
    errors: list[Fault] | None = None


PROBLEMS = (400, 401, 403, 404, 406, 409, 412, 413, 415, 422)
"""What any operation may answer instead; the description names those that can be."""


def answers(schema: Any, *, status: int = 200) -> dict[Any, Any]:
    """What an operation answers when it went well; that it may answer a problem instead is said of all of them."""
    return {status: schema}


def problem(status: int, title: str, detail: str = "", **more: object) -> HttpResponse:
    """One problem as a response."""
    told = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    response = HttpResponse(json.dumps(told, default=str), status=status, content_type=MEDIA_TYPE)
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    if all(each["loc"][0] == "path" for each in error.errors):  # no record has such a name
        return _absent(request, error)
    found = [{"at": ".".join(map(str, each["loc"])), "says": each["msg"]} for each in error.errors]
    return problem(422, _("What was sent will not do"), _("See “errors” for what and where."), errors=found)


def _refused(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    if isinstance(error, ScopeMissing):
        return problem(403, _("Not allowed"), _("The token lacks the scope “%(scope)s”.") % {"scope": error})
    if isinstance(error, PersonMissing):
        return problem(403, _("Not allowed"), _("These are one person's records; use a personal token."))
    return problem(403, _("Not allowed"), str(error) or _("You lack the role for this."))


def _absent(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem(404, _("Nothing here"), _("There is no such record, or it is not yours to see."))


def _unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return problem(401, _("No token, or one that does not hold"), _("Send “Authorization: Bearer …”."))


def _told(request: HttpRequest, error: HttpError) -> HttpResponse:
    if error.status_code == 400:
        return problem(400, _("The body is no JSON"), _("Send JSON in UTF-8, without NaN or Infinity."))
    return problem(error.status_code, str(error))


def _own(request: HttpRequest, error: Refusal) -> HttpResponse:
    return problem(error.status, error.title, error.detail)


def _cannot_be(request: HttpRequest, error: CannotBe) -> HttpResponse:
    return problem(409, _("This cannot be"), str(error))


def _too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0
    return problem(413, _("Too large"), _("Send at most %(size)s.") % {"size": filesizeformat(most)})


def _crossed(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem(409, _("This cannot be"), _("Something else was changed at the same moment. Read again, and retry."))


def _broken(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem(400, _("The request is broken"), _("Send it again."))


def _unforeseen(request: HttpRequest, error: Exception) -> HttpResponse:
    logger.error("%s at %s", type(error).__name__, request.resolver_match and request.resolver_match.route)
    return problem(500, _("Something went wrong"), _("The fault is on our side. Nothing was changed; try again."))


_HANDLERS: dict[type[Exception], Any] = {
    ValidationError: _invalid,
    PermissionDenied: _refused,
    Http404: _absent,
    ObjectDoesNotExist: _absent,
    AuthenticationError: _unknown,
    HttpError: _told,
    Refusal: _own,
    CannotBe: _cannot_be,
    RequestDataTooBig: _too_large,
    SuspiciousOperation: _broken,
    BadRequest: _broken,
    UnreadablePostError: _broken,
    MultiPartParserError: _broken,
    IntegrityError: _crossed,
    Exception: _unforeseen,
}


def tell_problems(api: NinjaAPI) -> None:
    """Answer every error of an API as a problem."""
    for kind, handler in _HANDLERS.items():
        api.add_exception_handler(kind, handler)


Handler = Callable[[HttpRequest], HttpResponseBase]


def everywhere(get_response: Handler) -> Handler:
    """Middleware: whatever else answers for the API (no such address, no such method, a wrong host) tells a problem."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        answer = get_response(request)
        if not request.path_info.startswith(ROOT) or answer.status_code < 400:
            return answer
        _read_to_the_end(request)
        if answer.headers.get("Content-Type", "").startswith(MEDIA_TYPE):
            return answer
        told = problem(answer.status_code, _in_words(answer.status_code), _("See /api/v1/openapi.json."))
        for name, value in answer.items():  # what the others added, such as the headers of security
            if name not in {"Content-Type", "Content-Length", "Content-Encoding", "ETag"}:
                told.headers.setdefault(name, value)
        if "Allow" in told.headers:
            told["Allow"] = ", ".join(sorted(told["Allow"].split(", ")))
        return told

    return middleware


def _read_to_the_end(request: HttpRequest) -> None:
    """Take what was sent although it is refused, so that the line can serve the next request; not if it is too much."""
    with suppress(RequestDataTooBig, RawPostDataException, UnreadablePostError):
        request.body  # noqa: B018 - reading it is what is meant


def _in_words(status: int) -> str:
    words = {
        400: _("The request is broken"),
        404: _("Nothing here"),
        405: _("Not with this method"),
        413: _("Too large"),
        500: _("Something went wrong"),
    }
    return words.get(status) or HTTPStatus(status).phrase
