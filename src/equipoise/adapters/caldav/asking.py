"""One question to a calendar server, and its answer or one sentence on why there is none."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from equipoise.adapters import web
from equipoise.adapters.caldav.errors import (
    CalendarGone,
    EntryChanged,
    NotACalendarServer,
    NotWritable,
    SentElsewhere,
    ServerInTrouble,
    SignInRefused,
    TooLarge,
)
from equipoise.adapters.caldav.multistatus import CALDAV, Multistatus, multistatus, names_in
from equipoise.adapters.caldav.values import Account
from equipoise.adapters.ics.errors import AddressRefused, CalendarError

LIMITS = web.WebLimits(seconds=120.0)
"""A server lists thousands of entries slowly the first time; nobody waits for it in front of a page."""
_MULTI_STATUS = 207
_OTHER_SERVER = "which does not get your password: connect that address itself if it is yours"
_SIGN_IN = (
    "check them, and use a password made for this program where the server offers one (it often asks for it where a "
    "second factor is on)"
)
_NOT_THIS_ENTRY = {400, 406, 415, 422}
_BREAKS_A_RULE = {
    f"{CALDAV}valid-calendar-data",
    f"{CALDAV}valid-calendar-object-resource",
    f"{CALDAV}supported-calendar-data",
    f"{CALDAV}supported-calendar-component",
}
_REFUSALS: dict[int, tuple[type[CalendarError], str]] = {
    401: (SignInRefused, f"refuses this user name and password ({{status}}): {_SIGN_IN}"),
    403: (SignInRefused, f"does not let this user name and password in ({{status}}): {_SIGN_IN}"),
    404: (CalendarGone, "is not there ({status}): check the address, or choose another calendar"),
    410: (CalendarGone, "is no longer there ({status}): choose another calendar"),
    412: (EntryChanged, "was changed by somebody else ({status}): read it again before changing it"),
    413: (TooLarge, "finds this too large ({status}): shorten it"),
    423: (EntryChanged, "is being changed by somebody else ({status}): read it again before changing it"),
    507: (TooLarge, "has no room left ({status}): make room there"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An account, with how its server may be asked."""

    account: Account
    allow_private_hosts: bool
    limits: web.WebLimits

    def ask(
        self, method: str, address: str, *, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> web.Answer:
        """The answer, whatever its status.

        Raises:
            AddressRefused: It leads to a private network, or would carry the password unprotected over the internet.
            SentElsewhere: It leads to a host that does not get the password.
            ServerInTrouble: No full answer came in time.
            TooLarge: More came than the limit.
        """
        with _in_our_words():
            self._refuse_strangers(address)
            return web.ask(
                web.Request(
                    method=method,
                    address=address,
                    headers={"Accept-Encoding": "gzip", **(headers or {})},
                    body=body,
                    authorization=web.basic(self.account.username, self.account.password),
                    follow=web.Follow.TRUSTED,
                    guarded=True,
                ),
                limits=self.limits,
                allow_private_hosts=self.allow_private_hosts,
            )

    def multistatus(self, method: str, address: str, *, depth: int, body: str) -> Multistatus:
        """The parsed answer to PROPFIND or REPORT.

        Raises:
            CalendarError: As `ask`; or the status is no 207; or what came is no multistatus.
        """
        return parsed(self.ask(method, address, headers=xml_headers(depth), body=body.encode()))

    def _refuse_strangers(self, address: str) -> None:
        home = start_of(self.account)
        if not web.trusted(web.split(home), web.split(address)):
            raise SentElsewhere(f"{web.shown(home)} leads to another server ({web.shown(address)}), {_OTHER_SERVER}.")


def start_of(account: Account) -> str:
    """The account's address, over https where it says nothing else.

    Raises:
        AddressRefused: It is no address of the web.
    """
    address = account.address.strip()
    with _in_our_words():
        return web.split(address if "://" in address else f"https://{address}").geturl()


def xml_headers(depth: int) -> dict[str, str]:
    """What goes with a question written in XML."""
    return {"Content-Type": "application/xml; charset=utf-8", "Depth": str(depth)}


def parsed(answer: web.Answer) -> Multistatus:
    """The multistatus of an answer.

    Raises:
        CalendarError: The status is another, or what came is no multistatus.
    """
    if answer.status != _MULTI_STATUS:
        raise refusal(answer)
    if answer.content_type == "text/html":
        raise not_a_server(answer)
    try:
        return multistatus(answer.body, answer.address)
    except ValueError:
        raise ServerInTrouble(
            f"{web.shown(answer.address)} sent an answer that is damaged or broken off: try again later."
        ) from None


def refusal(answer: web.Answer) -> CalendarError:
    """Why a status is no success, in one sentence."""
    where, status = web.shown(answer.address), answer.status
    if status in {408, 425, 429} or (status >= 500 and status not in {501, 507}):
        return ServerInTrouble(
            f"{where} is in trouble ({status}): nothing is lost, try again later.", retry_after=answer.retry_after
        )
    if status not in _REFUSALS:
        return not_a_server(answer)
    error, words = _REFUSALS[status]
    return error(f"{where} {words.format(status=status)}.")


def refusal_to_write(answer: web.Answer) -> CalendarError:
    """Why an entry was not taken, in one sentence."""
    where, status, why = web.shown(answer.address), answer.status, names_in(answer.body)
    if f"{CALDAV}no-uid-conflict" in why:
        return EntryChanged(f"{where} is in this calendar already under another address: read the calendar again.")
    if f"{CALDAV}max-resource-size" in why:
        return TooLarge(f"{where} finds this too large ({status}): shorten it.")
    if status in _NOT_THIS_ENTRY or why & _BREAKS_A_RULE:
        return NotWritable(f"{where} does not take this entry ({status}): choose another calendar.")
    if status == 409:
        return CalendarGone(f"{where} belongs to no calendar there ({status}): choose another calendar.")
    if status in {403, 405}:
        return NotWritable(f"{where} does not take entries from you ({status}): choose a calendar you may write to.")
    return refusal(answer)


def not_a_server(answer: web.Answer) -> NotACalendarServer:
    """What is said when something else answers."""
    return NotACalendarServer(
        f"{web.shown(answer.address)} answers, but is no calendar server ({answer.status}): "
        "use the address your provider names for CalDAV."
    )


@contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        yield
    except (web.PrivateAddress, web.NoWebAddress) as failed:
        raise AddressRefused(f"{failed}: check it, or ask your administrator to allow it.") from None
    except web.OtherHost as failed:
        raise SentElsewhere(f"{failed}, {_OTHER_SERVER}.") from None
    except web.Unprotected as failed:
        raise AddressRefused(f"{failed}: use the address that begins with https://.") from None
    except web.TooMuch as failed:
        raise TooLarge(f"{failed}: move old entries to a calendar of their own.") from None
    except web.WebError as failed:
        raise ServerInTrouble(f"{failed}: check the address and the connection, or try again later.") from None
