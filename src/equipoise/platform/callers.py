"""From where a request comes, as far as that can be believed."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def host_of(request: HttpRequest) -> str:
    """The network address of whoever asks.

    A request says in `X-Forwarded-For` whatever it likes. Only what the server's own proxies add is believed: with
    `settings.PROXIES` of them, the last so many; with none, the header is not read.
    """
    told = request.headers.get("X-Forwarded-For", "").split(",") if settings.PROXIES else []
    if len(told) >= settings.PROXIES > 0:
        return _address(told[-settings.PROXIES]) or _direct(request)
    return _direct(request)


def _direct(request: HttpRequest) -> str:
    return _address(request.META.get("REMOTE_ADDR", "")) or "0.0.0.0"  # noqa: S104 - "not known", nothing is opened


def _address(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text.strip().strip("[]")))
    except ValueError:
        return ""
