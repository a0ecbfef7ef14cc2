"""Addresses of calendars and their objects, always written in one way, so that they can be compared.

Servers write one path in many ways: escaped or not, in full or from the root.
"""

import hashlib
import re
from urllib.parse import SplitResult, quote, unquote_to_bytes, urljoin, urlsplit

_PLAIN = "@~-._"
_USUAL_PORTS = {"http": 80, "https": 443}
_PLAIN_UID = re.compile(r"[A-Za-z0-9][A-Za-z0-9@._-]{0,119}")


def href_of(address: str) -> str:
    """The path of an address or href, escaped in one way only.

    A letter that needs no escape has none, any other has one; an escaped slash stays escaped.
    """
    path = urlsplit(address).path or "/"
    return "/".join(quote(unquote_to_bytes(piece), safe=_PLAIN) for piece in path.split("/"))


def address_of(calendar: str, href: str) -> str:
    """The full address of an object of a calendar.

    Args:
        calendar: The calendar's full address.
        href: A path on its host, as in `Changes` and `RemoteObject`.
    """
    return f"{_origin(urlsplit(calendar))}{href_of(href)}"


def entry_address(calendar: str, uid: str) -> str:
    """Where in a calendar a new entry with this UID is put; the same UID gives the same address."""
    name = uid if _PLAIN_UID.fullmatch(uid) else hashlib.sha256(uid.encode()).hexdigest()
    return address_of(calendar, f"{urlsplit(calendar).path.rstrip('/')}/{name}.ics")


def resolved(base: str, href: str) -> str:
    """An href of an answer as a full address, escaped in one way; a query is dropped.

    Raises:
        ValueError: It is none.
    """
    parts = urlsplit(urljoin(base, href.strip()))
    return f"{_origin(parts)}{href_of(parts.path)}"


def as_folder(address: str) -> str:
    """The address of a collection, ending in a slash."""
    return address if address.endswith("/") else f"{address}/"


def plain_etag(etag: str) -> str:
    """An etag to compare and to send back: servers in between mark the same version as weak."""
    return "".join(c for c in etag.strip().removeprefix("W/") if c.isprintable())


def _origin(parts: SplitResult) -> str:
    """Scheme, host and port, without a port that goes without saying.

    Raises:
        ValueError: The port is no number.
    """
    host = parts.netloc.rpartition("@")[2]
    if parts.port is not None and parts.port == _USUAL_PORTS.get(parts.scheme):
        host = host.rpartition(":")[0]
    return f"{parts.scheme}://{host}"
