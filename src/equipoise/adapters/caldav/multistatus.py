"""The XML of WebDAV answers, read without trusting it: no document types, no entities, nothing from outside."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError

from defusedxml.ElementTree import fromstring

from equipoise.adapters.caldav.hrefs import resolved

DAV = "{DAV:}"
CALDAV = "{urn:ietf:params:xml:ns:caldav}"
APPLE = "{http://apple.com/ns/ical/}"
CALENDARSERVER = "{http://calendarserver.org/ns/}"
_STATUS = re.compile(r"\s(\d{3})(\s|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What is said of one address.

    Attributes:
        address: Its full address, escaped in one way.
        status: The status of the whole, or 200 where only properties have one.
        properties: Those that were found, by name.
    """

    address: str
    status: int
    properties: Mapping[str, Element]

    def text(self, name: str) -> str:
        """The text of a property; empty where it is missing."""
        found = self.properties.get(name)
        return "" if found is None else (found.text or "").strip()

    def addresses(self, name: str, base: str) -> tuple[str, ...]:
        """The addresses a property holds; what is none is left out."""
        found = self.properties.get(name)
        return () if found is None else tuple(_addresses(found, base))

    def has(self, name: str, *inner: str) -> bool:
        """Whether a property holds an element of one of these names, at any depth."""
        found = self.properties.get(name)
        return found is not None and any(element.tag in inner for element in found.iter())


@dataclass(frozen=True, slots=True, kw_only=True)
class Multistatus:
    """All that one answer says.

    Attributes:
        responses: One an address.
        token: The sync-token; empty where there is none.
    """

    responses: tuple[Response, ...]
    token: str


def multistatus(data: bytes, base: str) -> Multistatus:
    """Read an answer.

    Args:
        data: Its bytes.
        base: The address that answered.

    Raises:
        ValueError: It is damaged, hostile, or no multistatus.
    """
    root = _root(data)
    if root.tag != f"{DAV}multistatus":
        raise ValueError("no multistatus")
    return Multistatus(
        responses=tuple(found for element in root.iterfind(f"{DAV}response") for found in _responses(element, base)),
        token=(root.findtext(f"{DAV}sync-token") or "").strip(),
    )


def names_in(data: bytes) -> frozenset[str]:
    """The names of all elements of an error's body; none where it is no XML."""
    try:
        return frozenset(element.tag for element in _root(data).iter())
    except ValueError:
        return frozenset()


def _root(data: bytes) -> Element:
    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except (ParseError, LookupError, RecursionError) as broken:
        raise ValueError("no XML") from broken
    return root


def _responses(element: Element, base: str) -> Iterator[Response]:
    properties: dict[str, Element] = {}
    for part in element.iterfind(f"{DAV}propstat"):
        if _status(part) == 200:
            properties.update((found.tag, found) for found in part.iterfind(f"{DAV}prop/*"))
    for address in _addresses(element, base):
        yield Response(address=address, status=_status(element), properties=properties)


def _status(element: Element) -> int:
    """The status written in an element; 200 where none is."""
    found = _STATUS.search(element.findtext(f"{DAV}status") or "")
    return int(found[1]) if found else 200


def _addresses(element: Element, base: str) -> Iterator[str]:
    for href in element.iterfind(f"{DAV}href"):
        try:
            yield resolved(base, href.text or "")
        except ValueError:
            continue
