"""What is said to and heard from a calendar server."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who asks which server.

    Attributes:
        address: A host (`cloud.example.org`) or any http(s) address of it: front page, principal, calendar.
        username: The name to sign in with.
        password: The password, or better one made for this program alone.
    """

    address: str
    username: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteCalendar:
    """One calendar of an account that can hold events.

    Attributes:
        address: Its full address, ending in a slash.
        name: Its name; the last part of its address where it has none.
        colour: As `#rrggbb`, or empty.
        writable: Whether this account may put entries there; assumed where the server does not say.
        token: The server's word for its present state (sync-token), or empty where it does not speak RFC 6578.
        ctag: An older word for the same; empty where there is none.
    """

    address: str
    name: str
    colour: str
    writable: bool
    token: str
    ctag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What is different in a calendar since a token.

    Attributes:
        token: The new token to ask with next time; may be empty, which makes the next answer complete.
        changed: New and changed objects as (href, etag); an href is a path on the calendar's host, always
            written in the same way.
        removed: The hrefs that are gone; empty when complete.
        complete: Whether `changed` is everything there is, so that what is not in it is gone. A first answer that
            is not complete comes from a server that cuts its lists: nothing may be taken for gone.
    """

    token: str
    changed: tuple[tuple[str, str], ...]
    removed: tuple[str, ...]
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteObject:
    """One object (an entry with its changed occurrences) as the server holds it: where, which version, its text."""

    href: str
    etag: str
    data: bytes
