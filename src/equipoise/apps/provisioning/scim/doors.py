"""The way into SCIM: a token of the organisation with the scope `scim`, and nothing else; errors as SCIM tells them."""

import json
import logging
from collections.abc import Callable, Mapping
from functools import wraps
from traceback import extract_tb
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import IntegrityError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from pydantic import ValidationError
from scim2_models import (
    Error,
    ForbiddenException,
    InvalidValueException,
    PayloadTooLargeException,
    SCIMException,
    UnauthorizedException,
)

from equipoise.apps.integrations.bearer import let_in
from equipoise.apps.provisioning.groups.actions import RoleKept
from equipoise.apps.provisioning.scim.actions import By
from equipoise.apps.provisioning.scim.resources import PROVIDER
from equipoise.platform.access import Access, Audience
from equipoise.platform.api import Scope, token_of

MEDIA_TYPE = "application/scim+json"
NUL = r"\u0000"
TRIES = 3
"""How often a request is tried when the database made it give way to another."""

logger = logging.getLogger(__name__)

View = Callable[..., HttpResponse]


def endpoint(record: str, *, methods: tuple[str, ...] = ("GET",)) -> Callable[[View], View]:
    """Declare what a view shows or changes, and let none but the directory in."""
    access = Access(audiences=(Audience.DIRECTORY,), record=record, methods=methods, scope=Scope.SCIM)

    def declare(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                _let_in(request)
                if request.method not in methods and not (request.method == "HEAD" and "GET" in methods):
                    return _not_allowed(methods)
                with PROVIDER:
                    return _tried(lambda: view(request, *args, **kwargs))
            except Exception as error:  # noqa: BLE001 - a program asked, and is answered in its words
                return told(error)

        checked.access = access  # type: ignore[attr-defined]
        return checked

    return declare


def _let_in(request: HttpRequest) -> None:
    """Look at the token.

    Raises:
        UnauthorizedException: When there is none that holds.
        ForbiddenException: When it is a person's, or lacks the scope.
    """
    kind, _space, secret = request.headers.get("Authorization", "").partition(" ")
    held = let_in(request, secret.strip()) if kind.lower() == "bearer" and secret.strip() else None
    if held is None:
        raise UnauthorizedException(detail="No token, or one that does not hold. Send “Authorization: Bearer …”.")
    if not held.organisation or not held.allows(Scope.SCIM):
        raise ForbiddenException(detail="This needs a token of the organisation with the scope “scim”.")


def _tried(work: Callable[[], HttpResponse]) -> HttpResponse:
    """Do it again when the database ended it in favour of another; nothing of it was kept."""
    for _try in range(TRIES - 1):
        try:
            return work()
        except (OperationalError, IntegrityError):
            continue
    return work()


def by(request: HttpRequest) -> By:
    """By which token the directory acts, and that it acts now."""
    return By(token_id=token_of(request).token_id, now=timezone.now())


def payload_of(request: HttpRequest) -> Any:
    """What was sent.

    Raises:
        SCIMException: When it is no JSON, or too much of it.
    """
    try:
        sent = json.loads(request.body or b"null")
    except RequestDataTooBig as error:
        raise PayloadTooLargeException from error
    except (ValueError, RecursionError) as error:
        raise _syntax("What was sent is no JSON.") from error
    if NUL in json.dumps(sent):
        raise InvalidValueException(detail="A text may not hold the character U+0000.")
    return sent


def _syntax(detail: str) -> SCIMException:
    return SCIMException.from_error(Error(status=400, scim_type="invalidSyntax", detail=detail))


def answer(told: Mapping[str, Any] | None, *, status: int = 200, **headers: str) -> HttpResponse:
    """An answer as SCIM has it."""
    body = b"" if told is None else json.dumps(told, ensure_ascii=False).encode()
    response = HttpResponse(body, status=status, content_type=MEDIA_TYPE)
    for name, value in headers.items():
        response[name.replace("_", "-")] = value
    return response


def error_of(error: Exception) -> Error:
    """What went wrong, in SCIM's words; of what nobody foresaw, no more than that."""
    if isinstance(error, SCIMException):
        return error.to_error()
    if isinstance(error, ValidationError):
        return Error.from_validation_errors(error)[0]
    if isinstance(error, RoleKept):
        return Error(status=409, detail=str(error))
    if isinstance(error, UnicodeError | RecursionError) or (isinstance(error, ValueError) and "NUL" in str(error)):
        return Error(status=400, scim_type="invalidValue", detail="What was sent can neither be kept nor found.")
    if isinstance(error, IntegrityError):
        return Error(status=409, scim_type="uniqueness", detail="Another request kept the same at the same time.")
    at = extract_tb(error.__traceback__)[-1]
    logger.error("%s in SCIM, %s:%s", type(error).__name__, at.name, at.lineno)
    return Error(status=500, detail="The fault is on our side. Nothing was changed; try again.")


def told(error: Exception) -> HttpResponse:
    """An error as an answer."""
    found = error_of(error)
    status = found.status or 500
    headers = {"WWW_Authenticate": 'Bearer realm="Equipoise"'} if status == 401 else {}
    return answer(found.model_dump(), status=status, **headers)


def _not_allowed(methods: tuple[str, ...]) -> HttpResponse:
    error = Error(status=405, detail=f"Only {', '.join(methods)} here.")
    return answer(error.model_dump(), status=405, Allow=", ".join(methods))
