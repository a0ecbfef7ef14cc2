"""Read a calendar from an address, once or again when it has changed."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from equipoise.adapters import web
from equipoise.adapters.ics.errors import (
    AddressRefused,
    CalendarError,
    CalendarTooLarge,
    CalendarUnreachable,
    NotACalendar,
)
from equipoise.adapters.ics.limits import Limits, Progress, Report, Stage, say_nothing
from equipoise.adapters.web import shown

__all__ = ["Fetched", "fetch", "fetch_if_changed", "shown"]

_REASONS = {
    401: "asks for a user name and password: use the calendar's secret address in iCal format",
    403: "does not allow this: use the calendar's secret address in iCal format",
    404: "has no calendar there: check the address",
    410: "no longer has this calendar: ask for its new address",
}
_ADVICE: dict[type[web.WebError], tuple[type[CalendarError], str]] = {
    web.PrivateAddress: (AddressRefused, "download the file and read that"),
    web.NoWebAddress: (AddressRefused, "check it for typing errors; it must begin with https://, http:// or webcal://"),
    web.TooMuch: (CalendarTooLarge, "export a shorter period, or split it into several files"),
    web.TooSlow: (CalendarUnreachable, "try again, or download the file"),
    web.TooManyRedirects: (CalendarUnreachable, "open it in a browser and use the last address"),
    web.Unreachable: (CalendarUnreachable, "check the address and the connection"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A calendar from an address, with what to ask by next time.

    Attributes:
        data: Its bytes.
        etag: The server's name of this version, or empty.
        modified: When the server says it was last changed, in the server's own words, or empty.
        address: Where to ask from now on: the address itself, unless the server moved the calendar for good.
    """

    data: bytes
    etag: str
    modified: str
    address: str


def fetch(address: str, *, limits: Limits, report: Report, allow_private_hosts: bool) -> bytes:
    """The bytes behind an http, https or webcal address.

    `webcal` is asked over https, and over http only when nothing answers https there.

    Args:
        address: Where the calendar is; a user name and password in it are sent to that host alone.
        limits: Seconds, redirects and bytes.
        report: Told how many bytes have come.
        allow_private_hosts: Whether this machine and private networks may be asked.

    Raises:
        AddressRefused: It is no web address, or leads to a private network.
        CalendarUnreachable: Nothing usable answered in time.
        CalendarTooLarge: More bytes came than `limits.file_bytes`.
        NotACalendar: A web page came instead.
    """
    answer = _asked(address, conditions={}, limits=limits, report=report, allow_private_hosts=allow_private_hosts)
    return _calendar(address, answer).data


def fetch_if_changed(
    address: str,
    *,
    etag: str,
    modified: str,
    limits: Limits | None = None,
    report: Report = say_nothing,
    allow_private_hosts: bool,
) -> Fetched | None:
    """The same as `fetch`, or `None` when the server says that nothing has changed (RFC 9110, 13.1).

    Args:
        address: Where the calendar is.
        etag: What the last `Fetched` had; empty to have it in any case.
        modified: The same.
        limits: Seconds, redirects and bytes; the usual ones when left out.
        report: Told how many bytes have come.
        allow_private_hosts: Whether this machine and private networks may be asked.

    Raises:
        CalendarError: As `fetch`; a `CalendarUnreachable` may say in `retry_after` when to come again.
    """
    conditions = {"If-None-Match": etag, "If-Modified-Since": modified}
    headers = {name: value for name, value in conditions.items() if value}
    answer = _asked(
        address,
        conditions=headers,
        limits=limits or Limits(),
        report=report,
        allow_private_hosts=allow_private_hosts,
    )
    return None if answer.status == 304 and headers else _calendar(address, answer)


def _asked(
    address: str, *, conditions: dict[str, str], limits: Limits, report: Report, allow_private_hosts: bool
) -> web.Answer:
    deadline = time.monotonic() + limits.seconds

    def heard(done: int, total: int | None) -> None:
        report(Progress(stage=Stage.FETCHING, source=shown(address), done=done, total=total))

    def over(scheme: str) -> web.Answer:
        return web.ask(
            web.Request(
                method="GET",
                address=f"{scheme}:{address.partition(':')[2]}",
                headers={"Accept": "text/calendar, */*;q=0.5", **conditions},
                authorization=_authorization(address),
            ),
            limits=web.WebLimits(seconds=limits.seconds, answer_bytes=limits.file_bytes, redirects=limits.redirects),
            allow_private_hosts=allow_private_hosts,
            heard=heard,
            deadline=deadline,
        )

    with _in_our_words():
        scheme = address.partition(":")[0].lower()
        try:
            return over(scheme)
        except web.Unreachable:
            if scheme != "webcal" or time.monotonic() >= deadline:
                raise
            return over("http")


def _authorization(address: str) -> str:
    """The user name and password that stand in the address, if any."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return "" if parts.username is None else web.basic(unquote(parts.username), unquote(parts.password or ""))


@contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        yield
    except web.WebError as failed:
        error, advice = _ADVICE[type(failed)]
        raise error(f"{failed}: {advice}.") from None


def _calendar(address: str, answer: web.Answer) -> Fetched:
    name = shown(address)
    if answer.status != 200:
        reason = _REASONS.get(answer.status, "gave no calendar: try again later")
        raise CalendarUnreachable(f"{name} answered {answer.status} and {reason}.", retry_after=answer.retry_after)
    if answer.content_type == "text/html":
        raise NotACalendar(
            f"{name} is a web page, not a calendar: use the calendar's own address in iCal format "
            "(it often ends in .ics)."
        )
    return Fetched(
        data=answer.body,
        etag=_sendable(answer.headers.get("etag", "")),
        modified=_sendable(answer.headers.get("last-modified", "")),
        address=_moved(address, answer.moved_to) if answer.moved_to else address,
    )


def _sendable(value: str) -> str:
    """A header's value as it can be sent back; one folded over lines, or with control letters, counts as none."""
    return value if value.isprintable() else ""


def _moved(address: str, to: str) -> str:
    """The new address; within one host it keeps the user name and password, which were sent there."""
    who, _, _ = urlsplit(address).netloc.rpartition("@")
    new = urlsplit(to)
    if not who or not web.same_origin(web.split(address), web.split(to)):
        return to
    return new._replace(netloc=f"{who}@{new.netloc}").geturl()
