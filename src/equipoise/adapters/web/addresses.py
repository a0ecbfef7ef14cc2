"""Addresses: how they are shown, which may be asked, and which hosts share a password."""

import ipaddress
from urllib.parse import SplitResult, quote, urlsplit

from equipoise.adapters.web.errors import NoWebAddress

_USUAL_PORTS = {"http": 80, "https": 443}
_SCHEMES = {"http": "http", "https": "https", "webcal": "https", "webcals": "https"}
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_SAFE = "/%:@!$&'()*+,;=~?"
_SITES = ("icloud.com",)


def shown(address: str) -> str:
    """The address as it may be shown: without user name, password, query and fragment."""
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme.lower()}://{host}{parts.path}"


def split(address: str) -> SplitResult:
    """The parts of an http or https address (webcal is https), without user name, password and fragment.

    Raises:
        NoWebAddress: It is none.
    """
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018  # raises on a port that is no number
    except ValueError:
        raise NoWebAddress(repr(address[:80]), "is no web address") from None
    if parts.scheme not in _SCHEMES or not parts.hostname:
        raise NoWebAddress(repr(shown(address)[:80]), "is no address of the web")
    return parts._replace(scheme=_SCHEMES[parts.scheme], netloc=parts.netloc.rpartition("@")[2], fragment="")


def port_of(parts: SplitResult) -> int:
    """The port an address is asked at."""
    return parts.port or _USUAL_PORTS[parts.scheme]


def host_header(parts: SplitResult) -> str:
    """The host as the server knows it, with its port where that is not the usual one."""
    name = parts.hostname or ""
    name = f"[{name}]" if ":" in name else name.encode("idna").decode()
    return name if parts.port in {None, _USUAL_PORTS[parts.scheme]} else f"{name}:{parts.port}"


def target(parts: SplitResult) -> str:
    """Path and query as they go over the line; letters that may not are escaped."""
    path = quote(parts.path or "/", safe=_SAFE)
    return f"{path}?{quote(parts.query, safe=_SAFE)}" if parts.query else path


def same_origin(one: SplitResult, other: SplitResult) -> bool:
    """Whether two addresses have scheme, host and port in common."""
    return (one.scheme, one.hostname, port_of(one)) == (other.scheme, other.hostname, port_of(other))


def trusted(home: SplitResult, other: SplitResult) -> bool:
    """Whether what belongs to one address may be sent to another.

    The same scheme, host and port may; so may, over https only, another port of the same host, a host below it, and
    a host of the same known site (icloud.com spreads its accounts over many hosts). Nothing else: two names under one
    ending need not belong to the same people.
    """
    if same_origin(home, other):
        return True
    ours, theirs = home.hostname or "", other.hostname or ""
    if other.scheme != "https":
        return False
    return ours == theirs or theirs.endswith(f".{ours}") or any(_within(ours, s) and _within(theirs, s) for s in _SITES)


def _within(host: str, site: str) -> bool:
    return host == site or host.endswith(f".{site}")


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the open internet, also when it wraps another one."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            ip = inner
        elif ip.teredo is not None or ip.is_site_local:
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)
