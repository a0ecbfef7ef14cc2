"""Ask an address without being led astray.

Each name is resolved once, every address it has must be public, and the connection goes to the address that was
checked (a name cannot change its mind in between). The same holds for each redirect. One clock covers names,
handshake, headers, body and redirects. Proxies from the environment are not used.
"""

import http.client
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from urllib.parse import SplitResult, urljoin

from equipoise.adapters.web import addresses
from equipoise.adapters.web.errors import (
    OtherHost,
    PrivateAddress,
    TooManyRedirects,
    TooMuch,
    TooSlow,
    Unprotected,
    Unreachable,
    WebError,
)
from equipoise.adapters.web.values import MEGABYTE, Answer, Follow, Heard, Request, WebLimits

_REDIRECTS = {301, 302, 303, 307, 308}
_FOR_GOOD = {301, 308}
_STEP_BYTES = 64 * 1024
_ERROR_BYTES = 64 * 1024


def hear_nothing(_: int, __: int | None) -> None:
    """For a request whose progress nobody watches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Visit:
    """One address being asked, with what holds for all its hops."""

    request: Request
    home: SplitResult
    address: SplitResult
    method: str
    body: bytes | None
    name: str
    limits: WebLimits
    heard: Heard
    deadline: float
    allow_private_hosts: bool


def ask(
    request: Request,
    *,
    limits: WebLimits,
    allow_private_hosts: bool,
    heard: Heard = hear_nothing,
    deadline: float | None = None,
) -> Answer:
    """The answer to a request, whatever its status; redirects are followed.

    After 303 the next question is a GET; else method and body stay, also after 301 and 302, except that a POST
    becomes a GET there as everywhere on the web. Gzip is undone where the caller accepted it or the server sends it
    anyway.

    Args:
        request: What to ask.
        limits: Seconds, redirects and bytes.
        allow_private_hosts: Whether this machine and private networks may be asked.
        heard: Told how many bytes have come, and how many there will be where that is known.
        deadline: The time on the monotonic clock when all must be over; `limits.seconds` from now when left out.

    Raises:
        NoWebAddress: It, or a redirect, is no http or https address.
        PrivateAddress: It, or a redirect, leads to a private network.
        Unprotected: It is guarded and would go unencrypted over the internet.
        OtherHost: A redirect leads where `request.follow` does not allow.
        Unreachable: Nothing answered in full and in time.
        TooMuch: More bytes came than `limits.answer_bytes`.
    """
    home = addresses.split(request.address)
    return _follow(
        _Visit(
            request=request,
            home=home,
            address=home,
            method=request.method,
            body=request.body,
            name=addresses.shown(request.address),
            limits=limits,
            heard=heard,
            deadline=time.monotonic() + limits.seconds if deadline is None else deadline,
            allow_private_hosts=allow_private_hosts,
        )
    )


def _follow(visit: _Visit) -> Answer:
    moved_to, for_good = "", True
    for _ in range(visit.limits.redirects + 1):
        with _watch(visit), _answer(visit) as response:
            place = response.headers.get("Location", "")
            if response.status not in _REDIRECTS or not place:
                return _read(visit, response, moved_to)
            status = response.status
        visit = _sent_on(visit, status, place)
        for_good = for_good and status in _FOR_GOOD
        moved_to = visit.address.geturl() if for_good else moved_to
    raise TooManyRedirects(visit.name, f"redirects more than {visit.limits.redirects} times")


def _sent_on(visit: _Visit, status: int, place: str) -> _Visit:
    """The next hop of a redirect."""
    address = addresses.split(_joined(visit.address.geturl(), place))
    if visit.request.follow is Follow.TRUSTED and not addresses.trusted(visit.home, address):
        raise OtherHost(visit.name, f"sends on to another server ({addresses.shown(address.geturl())})")
    if status == 303 or (visit.method == "POST" and status in {301, 302}):
        return replace(visit, address=address, method="GET", body=None)
    return replace(visit, address=address)


def _joined(base: str, place: str) -> str:
    try:
        return urljoin(base, place)
    except ValueError:
        return place  # splitting it says in words what is wrong


@contextmanager
def _watch(visit: _Visit) -> Iterator[None]:
    """Turn what the network raises into words."""
    try:
        yield
    except WebError:
        raise
    except (OSError, http.client.HTTPException, ValueError, AttributeError) as error:
        if time.monotonic() >= visit.deadline:
            raise _too_slow(visit) from None
        raise Unreachable(visit.name, f"cannot be read ({_in_words(error)})") from None


def _too_slow(visit: _Visit) -> TooSlow:
    return TooSlow(visit.name, f"did not answer in full within {visit.limits.seconds:g} seconds")


def _too_much(visit: _Visit) -> TooMuch:
    limit = visit.limits.answer_bytes
    return TooMuch(visit.name, f"is larger than the limit of {limit // MEGABYTE or limit / MEGABYTE} MB")


def _in_words(error: Exception) -> str:
    if isinstance(error, socket.gaierror):
        return "its name is unknown"
    if isinstance(error, ConnectionRefusedError):
        return "nothing answers there"
    if isinstance(error, ssl.SSLCertVerificationError):
        return "its certificate is not valid"
    if isinstance(error, ssl.SSLError):
        return "no secure connection could be made"
    return "the answer was broken off or malformed"


@contextmanager
def _answer(visit: _Visit) -> Iterator[http.client.HTTPResponse]:
    """Connect, ask, and give the answer; when the time is over the line is cut under whoever waits on it."""
    connection = _connection(visit)
    line = [connection.sock]
    alarm = threading.Timer(max(0.0, visit.deadline - time.monotonic()), _cut, (line,))
    alarm.daemon = True
    alarm.start()
    try:
        if visit.address.scheme == "https":
            connection.sock = _secured(line, visit.address.hostname or "")
        connection.request(visit.method, addresses.target(visit.address), body=visit.body, headers=_headers(visit))
        yield connection.getresponse()
    finally:
        alarm.cancel()
        connection.close()
        line[0].close()


def _cut(line: list[socket.socket]) -> None:
    """End the connection below any encryption, so that no lock of the waiting side is in the way."""
    with suppress(OSError):
        socket.socket.shutdown(line[0], socket.SHUT_RDWR)


def _secured(line: list[socket.socket], host: str) -> ssl.SSLSocket:
    """The same line, encrypted; it takes the old one's place before the two sides begin to talk."""
    context = ssl.create_default_context()
    secured = context.wrap_socket(line[0], server_hostname=host, do_handshake_on_connect=False)
    line[0] = secured
    secured.do_handshake()
    return secured


def _connection(visit: _Visit) -> http.client.HTTPConnection:
    """A connection whose socket already leads to an address that was checked."""
    host, port = visit.address.hostname or "", addresses.port_of(visit.address)
    connection = http.client.HTTPConnection(host, port)
    failed: OSError = ConnectionRefusedError()
    for family, place in _checked(visit, host, port):
        left = visit.deadline - time.monotonic()
        if left <= 0:
            raise _too_slow(visit)
        sock = socket.socket(family, socket.SOCK_STREAM)
        sock.settimeout(left)
        try:
            sock.connect(place)
        except OSError as error:
            sock.close()
            failed = error
            continue
        connection.sock = sock
        return connection
    raise failed


def _checked(visit: _Visit, host: str, port: int) -> list[tuple[socket.AddressFamily, tuple[str, int]]]:
    """The addresses of a host, all of them allowed."""
    found: list[tuple[socket.AddressFamily, tuple[str, int]]] = []
    for family, address in _resolved(visit, host, port):
        if visit.request.guarded and visit.address.scheme == "http" and addresses.is_public(address):
            raise Unprotected(visit.name, "would carry your password unprotected")
        if not (visit.allow_private_hosts or addresses.is_public(address)):
            raise PrivateAddress(
                visit.name, f"leads to a private network address ({host}), which is not asked from here"
            )
        found.append((family, (address, port)))
    return found


def _resolved(visit: _Visit, host: str, port: int) -> list[tuple[socket.AddressFamily, str]]:
    """Look a name up, no longer than the clock allows (the system's own look-up cannot be told a limit)."""
    answers: list[tuple[socket.AddressFamily, str]] = []
    errors: list[Exception] = []

    def look_up() -> None:
        try:
            for family, _, _, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
                answers.append((family, str(address[0])))
        except (OSError, UnicodeError) as error:
            errors.append(error)

    thread = threading.Thread(target=look_up, daemon=True)
    thread.start()
    thread.join(max(0.0, visit.deadline - time.monotonic()))
    if thread.is_alive():
        raise _too_slow(visit)
    if errors:
        raise errors[0]
    return answers


def _headers(visit: _Visit) -> dict[str, str]:
    headers = {
        "Accept-Encoding": "identity",
        "User-Agent": "Equipoise",
        **visit.request.headers,
        "Host": addresses.host_header(visit.address),
        "Connection": "close",
    }
    goes_along = visit.request.follow is Follow.TRUSTED or addresses.same_origin(visit.home, visit.address)
    if visit.request.authorization and goes_along:
        headers["Authorization"] = visit.request.authorization
    return headers


def _read(visit: _Visit, response: http.client.HTTPResponse, moved_to: str) -> Answer:
    return Answer(
        status=response.status,
        headers={name.lower(): value for name, value in response.headers.items()},
        body=_body(visit, response) if response.status < 400 else _beginning(response),
        address=visit.address.geturl(),
        moved_to=moved_to,
    )


def _beginning(response: http.client.HTTPResponse) -> bytes:
    """So much of an error as may say why."""
    try:
        return _unpacked(response.read(_ERROR_BYTES), response.headers.get("Content-Encoding", ""), _ERROR_BYTES)
    except (http.client.HTTPException, zlib.error, OSError):
        return b""


def _body(visit: _Visit, response: http.client.HTTPResponse) -> bytes:
    length = response.headers.get("Content-Length", "")
    total = int(length) if length.isascii() and length.isdigit() else None
    limit = visit.limits.answer_bytes
    if total is not None and total > limit:
        raise _too_much(visit)
    data = _received(visit, response, total)
    try:
        unpacked = _unpacked(data, response.headers.get("Content-Encoding", ""), limit + 1)
    except zlib.error:
        raise Unreachable(visit.name, "sent a damaged answer") from None
    if len(unpacked) > limit:
        raise _too_much(visit)
    return unpacked


def _received(visit: _Visit, response: http.client.HTTPResponse, total: int | None) -> bytes:
    data = bytearray()
    while chunk := response.read1(_STEP_BYTES):
        data += chunk
        if len(data) > visit.limits.answer_bytes:
            raise _too_much(visit)
        visit.heard(len(data), total)
    if time.monotonic() >= visit.deadline:
        raise _too_slow(visit)
    if total is not None and len(data) < total and visit.method != "HEAD":
        raise http.client.IncompleteRead(bytes(data), total - len(data))
    return bytes(data)


def _unpacked(data: bytes, encoding: str, limit: int) -> bytes:
    """Undo gzip, up to so many bytes; some servers send it although it was not asked for."""
    if not data or encoding.lower() not in {"gzip", "x-gzip", "deflate"}:
        return data
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32)
    unpacked = unpacker.decompress(data, limit)
    if not unpacker.eof and len(unpacked) < limit:
        raise zlib.error
    return unpacked
