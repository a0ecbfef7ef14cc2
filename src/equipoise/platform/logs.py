"""Log lines without secrets: some addresses hold one (a private feed, an invitation), and errors name the address."""

import logging
from typing import Any

from django.http import HttpRequest
from django.urls import Resolver404, resolve

_FORMATTER = logging.Formatter()


class NoAddresses(logging.Filter):
    """Puts the pattern of an address ("plan/feed/<str:token>.ics") in place of the address itself."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every line pass, without what somebody could be let in by."""
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest):
            shown = pattern_of(request)
            record.args = _without(record.args, request, shown)
            if isinstance(record.msg, str):
                record.msg = _clean(record.msg, request, shown)
            if record.exc_info:
                record.exc_text = str(_clean(_FORMATTER.formatException(record.exc_info), request, shown))
        return True


def pattern_of(request: HttpRequest) -> str:
    """The pattern an address fits; where it fits none, only that."""
    try:
        match = request.resolver_match or resolve(request.path_info)
    except Resolver404:
        return "(no such address)"
    return f"/{match.route}"


def _without(args: Any, request: HttpRequest, shown: str) -> Any:
    if isinstance(args, tuple):
        return tuple(_clean(each, request, shown) for each in args)
    if isinstance(args, dict):
        return {key: _clean(each, request, shown) for key, each in args.items()}
    return args


def _clean(told: object, request: HttpRequest, shown: str) -> object:
    """A text without the address; anything else as it is."""
    if not isinstance(told, str):
        return told
    for address in (request.get_full_path(), request.path, request.path_info):
        if len(address) > 1:
            told = told.replace(address, shown)
    return told
