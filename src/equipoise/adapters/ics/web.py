"""Fetch a calendar from an address without being led astray.

Each name is resolved once, every address it has must be public, and the connection goes to the address that was
checked (a name cannot change its mind in between). The same holds for each redirect. One clock covers names,
handshake, headers, body and redirects. Proxies from the environment are not used.
"""

import base64
import http.client
import ipaddress
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

from equipoise.adapters.ics.errors import AddressRefused, CalendarError, CalendarUnreachable, NotACalendar
from equipoise.adapters.ics.limits import STEP_BYTES, Limits, Progress, Report, Stage
from equipoise.adapters.ics.sources import too_large

_SCHEMES = {"http": "http", "https": "https", "webcal": "https", "webcals": "https"}
_REDIRECTS = {301, 302, 303, 307, 308}
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_SAFE = "/%:@!$&'()*+,;=~?"
_REASONS = {
    401: "asks for a user name and password: use the calendar's secret address in iCal format",
    403: "does not allow this: use the calendar's secret address in iCal format",
    404: "has no calendar there: check the address",
    410: "no longer has this calendar: ask for its new address",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Visit:
    """One address being fetched, with what holds for all its hops."""

    address: SplitResult
    name: str
    limits: Limits
    report: Report
    deadline: float
    allow_private_hosts: bool
    credentials_for: str


def shown(address: str) -> str:
    """The address as it may be shown: without user name, password, query and fragment."""
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme.lower()}://{host}{parts.path}"


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
    parts = _split(address)
    visit = _Visit(
        address=parts._replace(scheme=_SCHEMES[parts.scheme]),
        name=shown(address),
        limits=limits,
        report=report,
        deadline=time.monotonic() + limits.seconds,
        allow_private_hosts=allow_private_hosts,
        credentials_for=parts.netloc,
    )
    try:
        return _follow(visit)
    except CalendarUnreachable:
        if parts.scheme != "webcal" or time.monotonic() >= visit.deadline:
            raise
        return _follow(replace(visit, address=parts._replace(scheme="http")))


def _split(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018  # raises on a port that is no number
    except ValueError:
        raise AddressRefused(f"{address[:80]!r} is no web address: check it for typing errors.") from None
    if parts.scheme not in _SCHEMES or not parts.hostname:
        raise AddressRefused(
            f"{shown(address)[:80]!r} is no address of a calendar: it must begin with https://, http:// or webcal://."
        )
    return parts


def _follow(visit: _Visit) -> bytes:
    for _ in range(visit.limits.redirects + 1):
        with _watch(visit), _answer(visit) as response:
            if response.status not in _REDIRECTS:
                return _body(visit, response)
            target = response.headers.get("Location", "")
        parts = _split(urljoin(visit.address.geturl(), target))
        visit = replace(visit, address=parts._replace(scheme=_SCHEMES[parts.scheme]))
    raise CalendarUnreachable(
        f"{visit.name} redirects more than {visit.limits.redirects} times: "
        "open it in a browser and use the last address."
    )


@contextmanager
def _watch(visit: _Visit) -> Iterator[None]:
    """Turn what the network raises into one sentence."""
    try:
        yield
    except CalendarError:
        raise
    except (OSError, http.client.HTTPException, ValueError, AttributeError) as error:
        if time.monotonic() >= visit.deadline:
            raise _too_slow(visit) from None
        raise CalendarUnreachable(
            f"{visit.name} cannot be read ({_in_words(error)}): check the address and the connection."
        ) from None


def _too_slow(visit: _Visit) -> CalendarUnreachable:
    return CalendarUnreachable(
        f"{visit.name} did not answer in full within {visit.limits.seconds:g} seconds: try again, or download the file."
    )


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
        connection.request("GET", _target(visit.address), headers=_headers(visit))
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
    host = visit.address.hostname or ""
    port = visit.address.port or (443 if visit.address.scheme == "https" else 80)
    connection = http.client.HTTPConnection(host, port)
    failed: OSError = ConnectionRefusedError()
    for family, target in _checked(visit, host, port):
        left = visit.deadline - time.monotonic()
        if left <= 0:
            raise _too_slow(visit)
        sock = socket.socket(family, socket.SOCK_STREAM)
        sock.settimeout(left)
        try:
            sock.connect(target)
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
        if not (visit.allow_private_hosts or _is_public(address)):
            raise AddressRefused(
                f"{visit.name} leads to a private network address ({host}), which is not asked from here: "
                "download the file and read that."
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


def _is_public(address: str) -> bool:
    """Whether an address belongs to the open internet, also when it wraps another one."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            ip = inner
        elif ip.teredo is not None:
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def _target(address: SplitResult) -> str:
    """Path and query as they go over the line; letters that may not are escaped."""
    path = quote(address.path or "/", safe=_SAFE)
    return f"{path}?{quote(address.query, safe=_SAFE)}" if address.query else path


def _headers(visit: _Visit) -> dict[str, str]:
    parts = visit.address
    headers = {
        "Host": _host(parts),
        "Accept": "text/calendar, */*;q=0.5",
        "Accept-Encoding": "identity",
        "User-Agent": "Equipoise",
        "Connection": "close",
    }
    if parts.username is not None and parts.netloc == visit.credentials_for:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    return headers


def _host(parts: SplitResult) -> str:
    """The host as the server knows it, with its port where that is not the usual one."""
    name = parts.hostname or ""
    name = f"[{name}]" if ":" in name else name.encode("idna").decode()
    return name if parts.port in {None, 443 if parts.scheme == "https" else 80} else f"{name}:{parts.port}"


def _body(visit: _Visit, response: http.client.HTTPResponse) -> bytes:
    if response.status != http.client.OK:
        reason = _REASONS.get(response.status, "gave no calendar: try again later")
        raise CalendarUnreachable(f"{visit.name} answered {response.status} and {reason}.")
    if response.headers.get_content_type() == "text/html":
        raise NotACalendar(
            f"{visit.name} is a web page, not a calendar: use the calendar's own address in iCal format "
            "(it often ends in .ics)."
        )
    length = response.headers.get("Content-Length", "")
    total = int(length) if length.isascii() and length.isdigit() else None
    limit = visit.limits.file_bytes
    if total is not None and total > limit:
        raise too_large(visit.name, limit)
    data = _received(visit, response, total, limit)
    return _unpacked(visit, data, response.headers.get("Content-Encoding", ""), limit)


def _received(visit: _Visit, response: http.client.HTTPResponse, total: int | None, limit: int) -> bytes:
    data = bytearray()
    while chunk := response.read1(STEP_BYTES):
        data += chunk
        if len(data) > limit:
            raise too_large(visit.name, limit)
        visit.report(Progress(stage=Stage.FETCHING, source=visit.name, done=len(data), total=total))
    if time.monotonic() >= visit.deadline:
        raise _too_slow(visit)
    if total is not None and len(data) < total:
        raise http.client.IncompleteRead(bytes(data), total - len(data))
    return bytes(data)


def _unpacked(visit: _Visit, data: bytes, encoding: str, limit: int) -> bytes:
    """Undo gzip, which some servers send although it was not asked for."""
    if encoding.lower() not in {"gzip", "x-gzip", "deflate"}:
        return data
    try:
        unpacked = zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(data, limit + 1)
    except zlib.error:
        raise CalendarUnreachable(f"{visit.name} sent a damaged answer: try again.") from None
    if len(unpacked) > limit:
        raise too_large(visit.name, limit)
    return unpacked
