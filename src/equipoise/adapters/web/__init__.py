"""The one way out: every question to another machine goes through `ask`."""

from equipoise.adapters.web.addresses import same_origin, shown, split, trusted
from equipoise.adapters.web.errors import (
    NoWebAddress,
    OtherHost,
    PrivateAddress,
    TooManyRedirects,
    TooMuch,
    TooSlow,
    Unprotected,
    Unreachable,
    WebError,
)
from equipoise.adapters.web.transport import ask
from equipoise.adapters.web.values import Answer, Follow, Request, WebLimits, basic, bearer

__all__ = [
    "Answer",
    "Follow",
    "NoWebAddress",
    "OtherHost",
    "PrivateAddress",
    "Request",
    "TooManyRedirects",
    "TooMuch",
    "TooSlow",
    "Unprotected",
    "Unreachable",
    "WebError",
    "WebLimits",
    "ask",
    "basic",
    "bearer",
    "same_origin",
    "shown",
    "split",
    "trusted",
]
