"""What may be shown of an address that lets in whoever knows it."""

import re
from urllib.parse import unquote

from equipoise.adapters.web import shown

_ADDRESS = re.compile(r"\b(?:https?|webcals?)://[^\s\"'<>()]+", re.IGNORECASE)
_ENDING = re.compile(r"\.(?:ics|ical|icalendar|zip)$", re.IGNORECASE)
_LONGEST_PLAIN, _LONGEST_WITH_DIGITS = 24, 11


def discreet(text: str) -> str:
    """A text in which no web address lets anybody in: of each, user name, password and query are left out.

    Parts of the path that look as if nobody could guess them are left out, too; the secret addresses of Google,
    Outlook, iCloud and Nextcloud have theirs there.
    """
    return _ADDRESS.sub(lambda found: _without_secrets(found.group()), text)


def plain_address(address: str) -> str:
    """An address written in one way, so that the same calendar is found again."""
    scheme, _, rest = address.strip().partition("://")
    return f"{'http' if scheme.lower() == 'http' else 'https'}://{rest}"


def _without_secrets(address: str) -> str:
    plain = address.rstrip(".,:;")
    try:
        scheme, _, rest = shown(plain).partition("://")
    except ValueError:
        return "…"
    host, *path = rest.split("/")
    return f"{scheme}://{'/'.join([host, *map(_part, path)])}{address[len(plain) :]}"


def _part(part: str) -> str:
    """One part of a path, unless it looks like a secret; the ending of a file stays."""
    ending = _ENDING.search(part)
    kept = ending.group() if ending else ""
    name = unquote(part.removesuffix(kept))
    longest = _LONGEST_WITH_DIGITS if any(each.isdigit() for each in name) else _LONGEST_PLAIN
    return f"…{kept}" if name.lower().startswith("private-") or len(name) > longest else part
