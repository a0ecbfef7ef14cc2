"""Put entries into a calendar and take them out again, never over what somebody else changed (RFC 9110, 13.1)."""

from equipoise.adapters import web
from equipoise.adapters.caldav.asking import LIMITS, Line, refusal_to_write, xml_headers
from equipoise.adapters.caldav.hrefs import plain_etag
from equipoise.adapters.caldav.multistatus import DAV, multistatus
from equipoise.adapters.caldav.values import Account

_GONE = {404, 410}
_WHICH = '<propfind xmlns="DAV:"><prop><getetag/></prop></propfind>'


def put(
    account: Account,
    address: str,
    data: bytes,
    *,
    etag: str | None = None,
    allow_private_hosts: bool = False,
    limits: web.WebLimits = LIMITS,
) -> str:
    """Write one object, and give the etag of what now stands there (empty where the server has none).

    A new object is written only where there is none, another only over the version named. When an answer is lost on
    the way and the same is put again, `EntryChanged` may mean the first attempt: fetch the object and compare.

    Args:
        account: Who writes.
        address: The object's full address, as `entry_address` or `address_of` give it.
        data: One iCalendar object.
        etag: The version to write over; `None` for a new object; empty, for a server without etags, for whatever
            stands there.
        allow_private_hosts: Whether this machine and private networks may be asked, and http without encryption.
        limits: The most that it takes.

    Raises:
        EntryChanged: Another version stands there, or one where none should, or none where one should.
        NotWritable: This account may not write there.
        CalendarGone: There is no such calendar.
        CalendarError: Sign-in is refused, the server is in trouble, or finds it too large.
    """
    line = Line(account=account, allow_private_hosts=allow_private_hosts, limits=limits)
    headers = {"Content-Type": "text/calendar; charset=utf-8", **_condition(etag)}
    answer = line.ask("PUT", address, headers=headers, body=data)
    if not 200 <= answer.status < 300:
        raise refusal_to_write(answer)
    return plain_etag(answer.headers.get("etag", "")) or _asked(line, address)


def delete(
    account: Account,
    address: str,
    *,
    etag: str,
    allow_private_hosts: bool = False,
    limits: web.WebLimits = LIMITS,
) -> None:
    """Take one object out; one that is not there is out already.

    Args:
        account: Who takes it out.
        address: The object's full address.
        etag: The version to take out; empty for any, which is for a server without etags.
        allow_private_hosts: Whether this machine and private networks may be asked, and http without encryption.
        limits: The most that it takes.

    Raises:
        EntryChanged: Another version stands there.
        CalendarError: As `put`.
    """
    line = Line(account=account, allow_private_hosts=allow_private_hosts, limits=limits)
    answer = line.ask("DELETE", address, headers=_condition(etag))
    if not 200 <= answer.status < 300 and answer.status not in _GONE:
        raise refusal_to_write(answer)


def _condition(etag: str | None) -> dict[str, str]:
    """What must stand at an address for a change to be made."""
    if etag is None:
        return {"If-None-Match": "*"}
    plain = plain_etag(etag)
    if not plain:
        return {"If-Match": "*"}
    return {"If-Match": plain if plain.startswith('"') else f'"{plain}"'}


def _asked(line: Line, address: str) -> str:
    """The etag of what stands there, for a server that did not say it (it may have changed what it was given)."""
    answer = line.ask("PROPFIND", address, headers=xml_headers(0), body=_WHICH.encode())
    try:
        responses = multistatus(answer.body, answer.address).responses
    except ValueError:
        return ""
    return next((etag for found in responses if (etag := plain_etag(found.text(f"{DAV}getetag")))), "")
