"""From a host name to the calendars of an account (RFC 6764, 5397, 4791)."""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote, urljoin, urlsplit

from equipoise.adapters import web
from equipoise.adapters.caldav.asking import Line, not_a_server, parsed, refusal, start_of, xml_headers
from equipoise.adapters.caldav.errors import CalendarGone, NotACalendarServer, SentElsewhere
from equipoise.adapters.caldav.hrefs import as_folder
from equipoise.adapters.caldav.multistatus import APPLE, CALDAV, CALENDARSERVER, DAV, Response
from equipoise.adapters.caldav.values import Account, RemoteCalendar

_USUAL_PATHS = ("/.well-known/caldav", "/", "/remote.php/dav/", "/dav/", "/caldav/")
_LIMITS = web.WebLimits()
_MOST_CALENDARS = 500
_LONGEST_NAME = 200
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_WRITING = (f"{DAV}all", f"{DAV}write", f"{DAV}write-content", f"{DAV}bind")
_NAMESPACES = (
    'xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:a="http://apple.com/ns/ical/" '
    'xmlns:s="http://calendarserver.org/ns/"'
)
_WHO = (
    f"<propfind {_NAMESPACES}><prop><current-user-principal/><principal-URL/><resourcetype/><c:calendar-home-set/>"
    "</prop></propfind>"
)
_WHICH = (
    f"<propfind {_NAMESPACES}><prop><resourcetype/><displayname/><a:calendar-color/><sync-token/><s:getctag/>"
    "<c:supported-calendar-component-set/><current-user-privilege-set/></prop></propfind>"
)


def discover(
    account: Account, *, allow_private_hosts: bool = False, limits: web.WebLimits = _LIMITS
) -> tuple[RemoteCalendar, ...]:
    """The calendars of an account that can hold events, in the order the server names them.

    The address itself is asked first where it has a path, then the usual ones. A calendar's own address works, too:
    it is given even where the account does not list it (somebody shared it). The password goes to the account's host
    and hosts below it (over https), and to hosts of iCloud for an account there; nowhere else.

    Args:
        account: Where, and who.
        allow_private_hosts: Whether this machine and private networks may be asked, and http without encryption.
        limits: The most that each of the few questions takes.

    Raises:
        SignInRefused: Name or password are wrong.
        NotACalendarServer: Nothing there speaks CalDAV.
        CalendarError: The address is refused, the server in trouble, or elsewhere.
    """
    line = Line(account=account, allow_private_hosts=allow_private_hosts, limits=limits)
    own, homes = _own_and_homes(line)
    found: dict[str, RemoteCalendar] = {}
    for home in homes:
        found.update((calendar.address, calendar) for calendar in _calendars(line, home, depth=1))
    if own and own not in found:
        found.update((calendar.address, calendar) for calendar in _calendars(line, own, depth=0))
    return tuple(found.values())[:_MOST_CALENDARS]


def _own_and_homes(line: Line) -> tuple[str, tuple[str, ...]]:
    """The calendar the account's address is, if it is one, and the folders its calendars are in."""
    elsewhere: SentElsewhere | None = None
    for address in _candidates(start_of(line.account)):
        try:
            response = _who(line, address)
        except SentElsewhere as error:
            elsewhere = elsewhere or error
            continue
        except (NotACalendarServer, CalendarGone):
            continue
        own = as_folder(response.address) if _is_calendar(response) else ""
        homes = _homes(line, response)
        if own or homes:
            return own, homes
    if elsewhere is not None:
        raise elsewhere
    raise NotACalendarServer(
        f"{web.shown(start_of(line.account))} offers no calendars: use the address your provider names for CalDAV."
    )


def _candidates(start: str) -> Iterator[str]:
    path = urlsplit(start).path
    if path not in {"", "/"}:
        yield start
    for usual in _USUAL_PATHS:
        yield urljoin(start, usual)


def _who(line: Line, address: str) -> Response:
    """What one address says of itself and of who asks."""
    answer = line.ask("PROPFIND", address, headers=xml_headers(0), body=_WHO.encode())
    if answer.status in {400, 403, 405, 501}:
        raise not_a_server(answer)
    responses = parsed(answer).responses
    if not responses:
        raise not_a_server(answer)
    if responses[0].has(f"{DAV}current-user-principal", f"{DAV}unauthenticated"):
        raise refusal(_unsigned(answer))
    return responses[0]


def _unsigned(answer: web.Answer) -> web.Answer:
    """The answer of a server that lets strangers look, read as the refusal it is."""
    return web.Answer(status=401, headers={}, body=b"", address=answer.address, moved_to="")


def _homes(line: Line, response: Response) -> tuple[str, ...]:
    homes = response.addresses(f"{CALDAV}calendar-home-set", response.address)
    if homes:
        return tuple(map(as_folder, homes))
    principals = [
        *response.addresses(f"{DAV}current-user-principal", response.address),
        *response.addresses(f"{DAV}principal-URL", response.address),
    ]
    for principal in principals:
        asked = line.multistatus("PROPFIND", principal, depth=0, body=_WHO)
        homes = tuple(
            home for each in asked.responses for home in each.addresses(f"{CALDAV}calendar-home-set", principal)
        )
        if homes:
            return tuple(map(as_folder, homes))
    return ()


def _calendars(line: Line, address: str, *, depth: int) -> Iterable[RemoteCalendar]:
    asked = line.multistatus("PROPFIND", address, depth=depth, body=_WHICH)
    for response in asked.responses:
        if _is_calendar(response) and _holds_events(response):
            yield RemoteCalendar(
                address=as_folder(response.address),
                name=_name(response),
                colour=_colour(response),
                writable=_writable(response),
                token=response.text(f"{DAV}sync-token"),
                ctag=response.text(f"{CALENDARSERVER}getctag"),
            )


def _is_calendar(response: Response) -> bool:
    return response.has(f"{DAV}resourcetype", f"{CALDAV}calendar")


def _holds_events(response: Response) -> bool:
    """Whether events are among its components; a calendar that names none takes all (RFC 4791, 5.2.3)."""
    found = response.properties.get(f"{CALDAV}supported-calendar-component-set")
    names = [] if found is None else [(each.get("name") or "").upper() for each in found.iter(f"{CALDAV}comp")]
    return not names or "VEVENT" in names


def _writable(response: Response) -> bool:
    known = f"{DAV}current-user-privilege-set" in response.properties
    return not known or response.has(f"{DAV}current-user-privilege-set", *_WRITING)


def _name(response: Response) -> str:
    said = response.text(f"{DAV}displayname") or unquote(response.address.rstrip("/").rpartition("/")[2])
    return " ".join("".join(c if c.isprintable() else " " for c in said).split())[:_LONGEST_NAME]


def _colour(response: Response) -> str:
    found = _COLOUR.match(response.text(f"{APPLE}calendar-color"))
    return found[0].lower() if found else ""
