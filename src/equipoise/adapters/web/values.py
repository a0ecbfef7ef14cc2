"""What is asked of an address, and what it answers."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum

MEGABYTE = 1_000_000
_LONGEST_PAUSE = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebLimits:
    """The most that one request takes.

    Attributes:
        seconds: Wall-clock seconds for names, handshake, headers, body and redirects together.
        answer_bytes: Bytes of the answer, once unpacked.
        redirects: Redirects followed.
    """

    seconds: float = 30.0
    answer_bytes: int = 50 * MEGABYTE
    redirects: int = 5


class Follow(StrEnum):
    """Where a redirect may lead: anywhere, but without credentials; or to trusted hosts only, and with them."""

    ANYWHERE = "anywhere"
    TRUSTED = "trusted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One question.

    Attributes:
        method: The verb of HTTP or WebDAV.
        address: An http or https address; a user name and password in it are not sent.
        headers: What to send beside what every request sends.
        body: What to send, or nothing.
        authorization: The value of that header, for the address's own scheme, host and port.
        follow: Where redirects may lead, and whether `authorization` goes there, too.
        guarded: Whether it may go unencrypted to private addresses only.
    """

    method: str
    address: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    authorization: str = field(default="", repr=False)
    follow: Follow = Follow.ANYWHERE
    guarded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back after all redirects, whatever its status.

    Attributes:
        status: The status of HTTP.
        headers: Names in small letters.
        body: Unpacked; of an error only its beginning.
        address: The address that answered.
        moved_to: The address to ask from now on, where the first redirects said so for good; else empty.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    address: str
    moved_to: str

    @property
    def content_type(self) -> str:
        """The kind of the body in small letters, without its parameters; empty when not said."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def retry_after(self) -> timedelta | None:
        """How long the server asks to be left alone (RFC 9110, 10.2.3), a week at most; `None` when not said."""
        said = self.headers.get("retry-after", "").strip()
        if said.isascii() and said.isdigit():
            return min(timedelta(seconds=int(said[:9])), _LONGEST_PAUSE)
        until, now = _moment(said), _moment(self.headers.get("date", "")) or datetime.now(UTC)
        return None if until is None else min(max(until - now, timedelta(0)), _LONGEST_PAUSE)


Heard = Callable[[int, int | None], None]


def basic(username: str, password: str) -> str:
    """The authorization of a user name and password (RFC 7617)."""
    return f"Basic {base64.b64encode(f'{username}:{password}'.encode()).decode()}"


def bearer(token: str) -> str:
    """The authorization of a token (RFC 6750)."""
    return f"Bearer {token}"


def _moment(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
