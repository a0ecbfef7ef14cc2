"""An operation of the API: a function that says who may use it, with all around it that is the same for every one."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest
from ninja.operation import Operation

from equipoise.platform.access import Access, Audience
from equipoise.platform.api.declaring import Scope, check
from equipoise.platform.api.running import around

T = TypeVar("T")


def operation(
    record: str, *, scope: Scope, audience: Audience | tuple[Audience, ...] = Audience.SELF
) -> Callable[[Callable[..., T]], Callable[..., T]]:
    """Declare who may use an operation, and hold it to that; stands directly above the function.

    What is sent is read only once the token was found to do; see `running` for all that is done around the function.
    """
    audiences = audience if isinstance(audience, tuple) else (audience,)

    def declare(function: Callable[..., T]) -> Callable[..., T]:
        access = Access(audiences=audiences, record=record, methods=(), scope=scope)

        @wraps(function)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> T:
            check(request, access)
            return function(request, *args, **kwargs)

        checked.access = access  # type: ignore[attr-defined]
        checked._ninja_contribute_to_operation = [_run_around]  # type: ignore[attr-defined] # noqa: SLF001
        return checked

    return declare


def _run_around(made: Operation) -> None:
    """Let `running.around` do what is the same for all operations, for this one and for its copies."""
    made._run_decorators = [around]  # type: ignore[attr-defined] # noqa: SLF001 - copies are decorated by it, too
    made.run = around(made.run)  # type: ignore[method-assign]
