"""What has changed in a calendar (RFC 6578, or by comparing lists), and the objects themselves (RFC 4791, 7.9)."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from xml.sax.saxutils import escape

from equipoise.adapters import web
from equipoise.adapters.caldav.asking import LIMITS, Line, parsed, refusal, xml_headers
from equipoise.adapters.caldav.errors import TooLarge
from equipoise.adapters.caldav.hrefs import address_of, href_of, plain_etag
from equipoise.adapters.caldav.multistatus import CALDAV, CALENDARSERVER, DAV, Multistatus, Response
from equipoise.adapters.caldav.values import Account, Changes, RemoteObject

_BATCH = 100
_MOST_PAGES = 10_000
_CTAG = "ctag:"
_SYNC = (
    '<sync-collection xmlns="DAV:"><sync-token>{token}</sync-token><sync-level>1</sync-level>'
    "<prop><getetag/></prop></sync-collection>"
)
_LIST = '<propfind xmlns="DAV:"><prop><getetag/><resourcetype/></prop></propfind>'
_STATE = '<propfind xmlns="DAV:" xmlns:s="http://calendarserver.org/ns/"><prop><s:getctag/></prop></propfind>'
_MULTIGET = (
    '<c:calendar-multiget xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><prop><getetag/><c:calendar-data/>'
    "</prop>{hrefs}</c:calendar-multiget>"
)
_NO_REPORT = {400, 403, 405, 415, 422, 501}
_NO_TOKEN = {400, 403, 405, 409, 410, 412, 413, 415, 422, 501, 507}
_GONE = {404, 410}
_ITS_OWN_FAULT = {400, 403, 404, 406, 410, 415, 500}


def changes(
    account: Account,
    calendar: str,
    token: str = "",
    *,
    allow_private_hosts: bool = False,
    limits: web.WebLimits = LIMITS,
) -> Changes:
    """What is new, changed and gone in a calendar since a token.

    Without a token, or with one the server no longer takes, everything is listed. A server that does not speak
    RFC 6578 is asked for a list each time, or for nothing where its older word for "unchanged" (ctag) is the same.

    Args:
        account: Who asks.
        calendar: The calendar's full address.
        token: What the last answer gave; empty the first time.
        allow_private_hosts: Whether this machine and private networks may be asked, and http without encryption.
        limits: The most that each question takes.

    Raises:
        CalendarGone: The calendar is not there.
        SignInRefused: Name or password are refused.
        CalendarError: The server is in trouble, or none.
    """
    line = Line(account=account, allow_private_hosts=allow_private_hosts, limits=limits)
    if token.startswith(_CTAG):
        return _since_ctag(line, calendar, token)
    found = _synced(line, calendar, token)
    if found is None and token:
        found = _synced(line, calendar, "")
    return found or _listed(line, calendar)


def fetch(
    account: Account,
    calendar: str,
    hrefs: Sequence[str],
    *,
    allow_private_hosts: bool = False,
    limits: web.WebLimits = LIMITS,
) -> Iterator[RemoteObject]:
    """The objects behind hrefs, a hundred at a time; what is gone in the meantime is left out.

    Args:
        account: Who asks.
        calendar: The calendar's full address.
        hrefs: As `Changes` gave them.
        allow_private_hosts: Whether this machine and private networks may be asked, and http without encryption.
        limits: The most that each question takes.

    Raises:
        CalendarError: As `changes`; what came before was yielded.
    """
    line = Line(account=account, allow_private_hosts=allow_private_hosts, limits=limits)
    wanted = [href_of(href) for href in hrefs]
    for first in range(0, len(wanted), _BATCH):
        yield from _batch(line, calendar, wanted[first : first + _BATCH])


def _synced(line: Line, calendar: str, token: str) -> Changes | None:
    """The answer by RFC 6578, page by page; `None` when the server does not know the token or the question."""
    known: dict[str, str | None] = {}
    now = token
    for number in range(_MOST_PAGES):
        answer = line.ask("REPORT", calendar, headers=xml_headers(0), body=_SYNC.format(token=escape(now)).encode())
        if answer.status in _NO_TOKEN:
            return None
        page = parsed(answer)
        if not page.token:
            return None
        known.update(_told(page, calendar))
        more, same = _is_cut(page, calendar), page.token == now
        now = page.token
        if not more:
            whole = not token and (number == 0 or _completed(line, calendar, known))
            return _summary(now, known, complete=whole)
        if same:
            return None
    return None


def _completed(line: Line, calendar: str, known: dict[str, str | None]) -> bool:
    """Add what a list knows to pages that were put together, and say whether that is all there is.

    The token of a cut first page leads some servers past what the page left out, which must not pass for deleted.
    """
    page = line.multistatus("PROPFIND", calendar, depth=1, body=_LIST)
    known.update(_told(page, calendar))
    return not _is_cut(page, calendar)


def _told(page: Multistatus, calendar: str) -> dict[str, str | None]:
    """Each object with its etag, or `None` when it is gone; one that is told both ways is there."""
    told: dict[str, str | None] = {}
    for response in page.responses:
        if _is_within(response, calendar):
            href, gone = href_of(response.address), response.status in _GONE
            told[href] = told.get(href) if gone else plain_etag(response.text(f"{DAV}getetag"))
    return told


def _is_within(response: Response, calendar: str) -> bool:
    """Whether it is an object in this calendar, not the calendar itself or a folder."""
    folder, path = href_of(calendar).rstrip("/") + "/", href_of(response.address)
    return path.startswith(folder) and path != folder and not path.endswith("/")


def _is_cut(page: Multistatus, calendar: str) -> bool:
    """Whether the server says that there is more (RFC 6578, 3.6)."""
    here = href_of(calendar).rstrip("/")
    return any(found.status == 507 and href_of(found.address).rstrip("/") == here for found in page.responses)


def _summary(token: str, known: dict[str, str | None], *, complete: bool) -> Changes:
    return Changes(
        token=token,
        changed=tuple((href, etag) for href, etag in known.items() if etag is not None),
        removed=() if complete else tuple(href for href, etag in known.items() if etag is None),
        complete=complete,
    )


def _since_ctag(line: Line, calendar: str, token: str) -> Changes:
    if _ctag(line, calendar) == token:
        return Changes(token=token, changed=(), removed=(), complete=False)
    return _listed(line, calendar)


def _listed(line: Line, calendar: str) -> Changes:
    """Everything there is; the ctag is asked first, so that what changes in between is seen next time."""
    token = _ctag(line, calendar)
    page = line.multistatus("PROPFIND", calendar, depth=1, body=_LIST)
    return _summary(token, _told(page, calendar), complete=not _is_cut(page, calendar))


def _ctag(line: Line, calendar: str) -> str:
    page = line.multistatus("PROPFIND", calendar, depth=0, body=_STATE)
    found = next((said for response in page.responses if (said := response.text(f"{CALENDARSERVER}getctag"))), "")
    return f"{_CTAG}{found}" if found else ""


def _batch(line: Line, calendar: str, hrefs: Sequence[str]) -> Iterator[RemoteObject]:
    """One question for many objects; halved while the answer is too large, one by one where the server cannot."""
    asked = "".join(f"<href>{escape(href)}</href>" for href in hrefs)
    try:
        answer = line.ask("REPORT", calendar, headers=xml_headers(1), body=_MULTIGET.format(hrefs=asked).encode())
        if answer.status in {413, 507}:
            raise refusal(answer)
    except TooLarge:
        if len(hrefs) == 1:
            raise
        yield from _batch(line, calendar, hrefs[: len(hrefs) // 2])
        yield from _batch(line, calendar, hrefs[len(hrefs) // 2 :])
        return
    if answer.status in _NO_REPORT:
        yield from _one_by_one(line, calendar, hrefs)
        return
    page = parsed(answer)
    told = {href_of(response.address): response for response in page.responses}
    for href in hrefs:
        found = _from_response(href, told.get(href)) or _missing(line, calendar, href, told.get(href))
        if found is not None:
            yield found


def _from_response(href: str, response: Response | None) -> RemoteObject | None:
    data = "" if response is None else response.text(f"{CALDAV}calendar-data")
    if response is None or not data:
        return None
    return RemoteObject(href=href, etag=plain_etag(response.text(f"{DAV}getetag")), data=data.encode())


def _missing(line: Line, calendar: str, href: str, response: Response | None) -> RemoteObject | None:
    """An object whose text the answer lacks, asked for by itself; one that cannot be had holds nobody up."""
    if response is not None and response.status in _GONE:
        return None
    return _single(line, calendar, href, but_for=_ITS_OWN_FAULT)


def _one_by_one(line: Line, calendar: str, hrefs: Iterable[str]) -> Iterator[RemoteObject]:
    for href in hrefs:
        found = _single(line, calendar, href, but_for=_GONE)
        if found is not None:
            yield found


def _single(line: Line, calendar: str, href: str, *, but_for: Collection[int]) -> RemoteObject | None:
    answer = line.ask("GET", address_of(calendar, href), headers={"Accept": "text/calendar"})
    if answer.status == 200:
        return RemoteObject(href=href, etag=plain_etag(answer.headers.get("etag", "")), data=answer.body)
    if answer.status in but_for:
        return None
    raise refusal(answer)
