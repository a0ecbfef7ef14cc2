"""Servers that are old, strange, in trouble or hostile."""

import gzip
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from tests.adapters.web.scripted_server import Asked, Reply, Scripted, scripted

from equipoise.adapters import caldav, web
from equipoise.adapters.caldav import (
    Account,
    CalendarGone,
    Changes,
    EntryChanged,
    NotACalendarServer,
    NotWritable,
    RemoteObject,
    SentElsewhere,
    ServerInTrouble,
    SignInRefused,
    TooLarge,
)
from equipoise.adapters.ics import AddressRefused, CalendarError

QUICK = web.WebLimits(seconds=0.7, answer_bytes=200_000, redirects=3)
NAMESPACES = 'xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:s="http://calendarserver.org/ns/"'
WORK = "/dav/lena/work/"
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><d:multistatus xmlns:d="DAV:">&c;</d:multistatus>'
)
FROM_OUTSIDE = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><d:multistatus xmlns:d="DAV:">'
    b"<d:sync-token>&a;</d:sync-token></d:multistatus>"
)


def multistatus(*responses: str, token: str = "") -> Reply:
    """A well-formed answer of WebDAV."""
    said = f"<d:sync-token>{token}</d:sync-token>" if token else ""
    body = f'<?xml version="1.0"?><d:multistatus {NAMESPACES}>{"".join(responses)}{said}</d:multistatus>'
    return Reply(status=207, body=body.encode(), headers={"Content-Type": "application/xml"})


def response(href: str, properties: str = "", status: int = 0) -> str:
    """What is said of one address: its properties, or a status."""
    found = f"<d:propstat><d:prop>{properties}</d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat>"
    said = f"<d:status>HTTP/1.1 {status} X</d:status>" if status else found
    return f"<d:response><d:href>{href}</d:href>{said}</d:response>"


def tagged(name: str, etag: str = '"1"') -> str:
    return response(f"{WORK}{name}", f"<d:getetag>{etag}</d:getetag>")


def account(server: Scripted) -> Account:
    return Account(address=server.address, username="lena", password="geheim-1")


def changes(server: Scripted, token: str = "") -> Changes:
    calendar = caldav.address_of(server.address, WORK)
    return caldav.changes(account(server), calendar, token, allow_private_hosts=True, limits=QUICK)


def fetch(server: Scripted, *names: str) -> list[RemoteObject]:
    calendar = caldav.address_of(server.address, WORK)
    hrefs = [f"{WORK}{name}" for name in names]
    return list(caldav.fetch(account(server), calendar, hrefs, allow_private_hosts=True, limits=QUICK))


def put(server: Scripted, etag: str | None = None) -> str:
    address = caldav.address_of(server.address, f"{WORK}a.ics")
    return caldav.put(account(server), address, b"BEGIN:VCALENDAR", etag=etag, allow_private_hosts=True, limits=QUICK)


def discover(server: Scripted, address: str = "") -> list[caldav.RemoteCalendar]:
    start = Account(address=address or server.address, username="lena", password="geheim-1")
    return list(caldav.discover(start, allow_private_hosts=True, limits=QUICK))


class Old:
    """A server of 2008: no sync-collection, a ctag, weak etags, no etag after PUT, no multiget."""

    def __init__(self) -> None:
        self.objects: dict[str, int] = {}
        self.ctag = "1"

    def __call__(self, asked: Asked) -> Reply:
        reply: Callable[[Asked], Reply] = getattr(self, f"on_{asked.method.lower()}")
        return reply(asked)

    def on_report(self, asked: Asked) -> Reply:
        return Reply(status=501)

    def on_propfind(self, asked: Asked) -> Reply:
        if b"getctag" in asked.body:
            return multistatus(response(WORK, f"<s:getctag>{self.ctag}</s:getctag>"))
        if asked.path != WORK:
            name = asked.path.removeprefix(WORK)
            return multistatus(tagged(name, f'W/"{self.objects[name]}"'))
        each = [tagged(name, f'W/"{version}"') for name, version in self.objects.items()]
        return multistatus(response(WORK, "<d:getetag>x</d:getetag>"), *each)

    def on_get(self, asked: Asked) -> Reply:
        name = asked.path.removeprefix(WORK)
        if name not in self.objects:
            return Reply(status=404)
        return Reply(body=f"text of {name}".encode(), headers={"ETag": f'W/"{self.objects[name]}"'})

    def on_put(self, asked: Asked) -> Reply:
        name = asked.path.removeprefix(WORK)
        if asked.headers.get("if-match", f'"{self.objects.get(name)}"') != f'"{self.objects.get(name)}"':
            return Reply(status=412)
        self.objects[name] = self.objects.get(name, 0) + 1
        return Reply(status=204)


class TestOldServers:
    def test_are_followed_by_lists(self) -> None:
        old = Old()
        old.objects = {"a.ics": 1, "b.ics": 4}
        with scripted(old) as server:
            first = changes(server)
            assert first == Changes(
                token="ctag:1", changed=((f"{WORK}a.ics", '"1"'), (f"{WORK}b.ics", '"4"')), removed=(), complete=True
            )
            assert changes(server, first.token).complete is False
            old.objects, old.ctag = {"b.ics": 5}, "2"
            assert changes(server, first.token) == Changes(
                token="ctag:2", changed=((f"{WORK}b.ics", '"5"'),), removed=(), complete=True
            )

    def test_without_any_word_for_their_state_are_listed_every_time(self) -> None:
        old = Old()
        old.objects, old.ctag = {"a.ics": 1}, ""
        with scripted(old) as server:
            assert changes(server).token == ""
            assert changes(server, "").complete

    def test_are_read_one_by_one(self) -> None:
        old = Old()
        old.objects = {"a.ics": 1}
        with scripted(old) as server:
            assert fetch(server, "a.ics", "gone.ics") == [
                RemoteObject(href=f"{WORK}a.ics", etag='"1"', data=b"text of a.ics")
            ]

    def test_are_asked_for_the_version_they_do_not_say(self) -> None:
        old = Old()
        with scripted(old) as server:
            first = put(server)
            assert first == '"1"'
            assert put(server, first) == '"2"'
            with pytest.raises(EntryChanged):
                put(server, first)


class TestPages:
    def test_of_a_long_answer_are_put_together(self) -> None:
        """RFC 6578, 3.6: a cut answer says 507 for the calendar, and its token leads on."""
        pages = {
            b"<sync-token></sync-token>": ([tagged("a.ics"), tagged("b.ics"), response(WORK, status=507)], "one"),
            b"<sync-token>one</sync-token>": ([tagged("b.ics", '"2"'), response(f"{WORK}c.ics", status=404)], "two"),
        }

        def reply(asked: Asked) -> Reply:
            if asked.method == "PROPFIND":
                return multistatus(tagged("b.ics", '"2"'), tagged("skipped.ics"))
            responses, token = next(page for said, page in pages.items() if said in asked.body)
            return multistatus(*responses, token=token)

        with scripted(reply) as server:
            found = changes(server)
            assert (found.token, found.removed, found.complete) == ("two", (), True)
            assert dict(found.changed) == {
                f"{WORK}a.ics": '"1"',
                f"{WORK}b.ics": '"2"',
                f"{WORK}skipped.ics": '"1"',
            }
            later = changes(server, "one")
            assert later == Changes(
                token="two", changed=((f"{WORK}b.ics", '"2"'),), removed=(f"{WORK}c.ics",), complete=False
            )

    def test_of_a_server_that_cuts_its_lists_as_well_take_nothing_for_gone(self) -> None:
        def reply(asked: Asked) -> Reply:
            if asked.method == "REPORT":
                return status(501)
            return multistatus(tagged("a.ics"), response(WORK, status=507))

        with scripted(reply) as server:
            assert changes(server).complete is False

    def test_that_tell_an_object_both_ways_mean_that_it_is_there(self) -> None:
        page = [tagged("a.ics"), response(f"{WORK}a.ics", status=404), response(f"{WORK}b.ics", status=404)]
        with scripted(lambda _: multistatus(*page, tagged("b.ics"), token="two")) as server:
            found = changes(server, "one")
        assert [href for href, _ in found.changed] == [f"{WORK}a.ics", f"{WORK}b.ics"]
        assert found.removed == ()

    def test_that_lead_nowhere_are_left_for_a_list(self) -> None:
        def reply(asked: Asked) -> Reply:
            if asked.method == "REPORT":
                return multistatus(response(WORK, status=507), token="same")
            return multistatus(tagged("a.ics"))

        with scripted(reply) as server:
            assert changes(server, "same").complete
            assert len(server.asked) < 10


class TestFetch:
    def test_what_the_answer_leaves_out_is_asked_for_by_itself(self) -> None:
        def reply(asked: Asked) -> Reply:
            if asked.method == "GET":
                return Reply(body=b"alone", headers={"ETag": '"9"'}) if "b.ics" in asked.path else Reply(status=500)
            data = "<c:calendar-data>together&#13;\nwith a</c:calendar-data>"
            return multistatus(
                response(f"{WORK}a.ics", f'<d:getetag>"1"</d:getetag>{data}'),
                tagged("b.ics"),
                response(f"{WORK}c.ics", status=404),
                response("/elsewhere/x.ics", data),
            )

        with scripted(reply) as server:
            found = fetch(server, "a.ics", "b.ics", "c.ics", "broken.ics")
        assert [(each.href, each.data) for each in found] == [
            (f"{WORK}a.ics", b"together\r\nwith a"),
            (f"{WORK}b.ics", b"alone"),
        ]

    def test_addresses_in_full_and_escaped_otherwise_are_the_same(self) -> None:
        def reply(asked: Asked) -> Reply:
            href = f"http://{asked.headers['host']}{WORK}%61%20%c3%bc.ics"
            return multistatus(response(href, '<d:getetag>"1"</d:getetag><c:calendar-data>x</c:calendar-data>'))

        with scripted(reply) as server:
            (found,) = fetch(server, "a%20%C3%BC.ics")
        assert found.data == b"x"


def calendar(href: str, more: str = "") -> str:
    return response(href, f"<d:resourcetype><d:collection/><c:calendar/></d:resourcetype>{more}")


class TestDiscover:
    def test_goes_from_a_bare_host_over_its_well_known_address(self) -> None:
        def reply(asked: Asked) -> Reply:
            if asked.path == "/.well-known/caldav":
                return Reply(status=301, headers={"Location": "/dav/"})
            if asked.path == "/dav/":
                who = "<d:current-user-principal><d:href>/dav/who/lena</d:href></d:current-user-principal>"
                return multistatus(response("/dav/", who))
            if asked.path == "/dav/who/lena":
                home = "<c:calendar-home-set><d:href>/dav/lena</d:href></c:calendar-home-set>"
                return multistatus(response("/dav/who/lena", home))
            if asked.path == "/dav/lena/" and asked.headers["depth"] == "1":
                inbox = "<d:resourcetype><d:collection/><c:schedule-inbox/></d:resourcetype>"
                return multistatus(
                    response("/dav/lena/", "<d:resourcetype><d:collection/></d:resourcetype>"),
                    response("/dav/lena/inbox/", inbox),
                    calendar("/dav/lena/a%20b", "<d:displayname>  Wörk \n &amp; more\u202e </d:displayname>"),
                )
            return Reply(status=404)

        with scripted(reply) as server:
            (found,) = discover(server)
        assert (found.address, found.name) == (f"{server.address}dav/lena/a%20b/", "Wörk & more")
        assert (found.colour, found.writable, found.token) == ("", True, "")

    def test_takes_a_calendars_own_address_from_a_server_that_names_nobody(self) -> None:
        def reply(asked: Asked) -> Reply:
            return multistatus(calendar(WORK)) if asked.path.rstrip("/") == WORK.rstrip("/") else Reply(status=404)

        with scripted(reply) as server:
            (found,) = discover(server, f"{server.address}{WORK[1:-1]}")
        assert found.address == f"{server.address}{WORK[1:]}"
        assert found.name == "work"

    def test_finds_a_server_below_a_usual_path(self) -> None:
        def reply(asked: Asked) -> Reply:
            if asked.path == "/remote.php/dav/":
                home = "<c:calendar-home-set><d:href>/remote.php/dav/calendars/lena/</d:href></c:calendar-home-set>"
                return multistatus(response("/remote.php/dav/", home))
            if asked.path == "/remote.php/dav/calendars/lena/":
                return multistatus(calendar("/remote.php/dav/calendars/lena/personal/"))
            return Reply(status=405)

        with scripted(reply) as server:
            assert [found.name for found in discover(server)] == ["personal"]

    def test_does_not_take_the_password_to_another_server(self) -> None:
        with scripted(lambda _: Reply(status=404)) as other:

            def reply(asked: Asked) -> Reply:
                home = f"<c:calendar-home-set><d:href>{other.address}lena/</d:href></c:calendar-home-set>"
                return multistatus(response("/", home))

            with scripted(reply) as server, pytest.raises(SentElsewhere, match="does not get your password"):
                discover(server)
            assert not other.asked

    def test_a_redirect_to_another_server_says_where(self) -> None:
        with scripted(lambda _: Reply()) as other:
            moved = Reply(status=301, headers={"Location": f"{other.address}dav/"})
            with scripted(lambda _: moved) as server, pytest.raises(SentElsewhere, match=r"/dav/\)"):
                discover(server)
            assert not other.asked

    def test_strangers_who_may_look_are_not_signed_in(self) -> None:
        nobody = "<d:current-user-principal><d:unauthenticated/></d:current-user-principal>"
        with scripted(lambda _: multistatus(response("/", nobody))) as server, pytest.raises(SignInRefused):
            discover(server)

    @pytest.mark.parametrize(
        "reply",
        [
            Reply(body=b"<html>Welcome</html>", headers={"Content-Type": "text/html"}),
            Reply(status=207, body=b"<html>Welcome</html>", headers={"Content-Type": "text/html"}),
            Reply(status=404),
            Reply(status=405),
            Reply(status=403),
            multistatus(),
            multistatus(response("/")),
        ],
    )
    def test_what_is_no_calendar_server_is_told(self, reply: Reply) -> None:
        with scripted(lambda _: reply) as server, pytest.raises(NotACalendarServer, match="CalDAV"):
            discover(server)

    @pytest.mark.parametrize("address", ["", "   ", "ftp://host/", "http://[::1", "https://"])
    def test_what_is_no_address_is_refused(self, address: str) -> None:
        with pytest.raises(AddressRefused):
            caldav.discover(Account(address=address, username="lena", password="x"), allow_private_hosts=True)


def status(code: int, **headers: str) -> Reply:
    return Reply(status=code, headers={name.replace("_", "-"): value for name, value in headers.items()})


class TestTrouble:
    @pytest.mark.parametrize(
        ("reply", "error"),
        [
            (status(401), SignInRefused),
            (status(404), CalendarGone),
            (status(429, Retry_After="60"), ServerInTrouble),
            (status(500), ServerInTrouble),
            (status(503), ServerInTrouble),
            (Reply(status=207, body=b"<d:multistatus xmlns:d='DAV:'><d:resp", sent=30), ServerInTrouble),
            (Reply(status=207, body=b"<d:multistatus xmlns:d='DAV:'><d:resp"), ServerInTrouble),
            (Reply(status=207, body=LAUGHS), ServerInTrouble),
            (Reply(status=207, body=FROM_OUTSIDE), ServerInTrouble),
            (Reply(status=207, body=b'<?xml version="1.0" encoding="nonsense"?><a/>'), ServerInTrouble),
            (Reply(status=207, body=b"<a>" * 50_000), ServerInTrouble),
            (Reply(status=207, body=b"\x00\xff"), ServerInTrouble),
            (Reply(status=207, body=b""), ServerInTrouble),
            (Reply(status=207, body=b"<d:multistatus/>" * 9, pause=0.2), ServerInTrouble),
            (Reply(status=207, body=b"x" * 300_000), TooLarge),
            (Reply(status=207, body=gzip.compress(b"x" * 10_000_000), headers={"Content-Encoding": "gzip"}), TooLarge),
            (status(302, Location="http://169.254.169.254/"), SentElsewhere),
            (status(302, Location="file:///etc/passwd"), AddressRefused),
            (status(302, Location="/"), ServerInTrouble),
            (status(200), NotACalendarServer),
        ],
        ids=str,
    )  # fmt: skip
    def test_is_one_sentence_without_the_password(self, reply: Reply, error: type[Exception]) -> None:
        with scripted(lambda _: reply) as server:
            for do in (changes, lambda server: fetch(server, "a.ics")):
                if do is not changes and reply.status == 200:
                    continue
                with pytest.raises(error) as refused:
                    do(server)
                assert str(refused.value).endswith(".")
                assert "\n" not in str(refused.value)
                assert "geheim" not in str(refused.value)

    def test_says_when_to_come_again(self) -> None:
        with scripted(lambda _: status(503, Retry_After="120")) as server, pytest.raises(ServerInTrouble) as refused:
            changes(server)
        assert refused.value.retry_after == timedelta(minutes=2)

    def test_one_private_address_does_not_lead_to_another(self) -> None:
        with scripted(lambda _: Reply()) as server, pytest.raises(AddressRefused, match="private network"):
            caldav.changes(account(server), server.address, limits=QUICK)

    @pytest.mark.parametrize(
        ("reply", "error"),
        [
            (status(401), SignInRefused),
            (status(403), NotWritable),
            (status(405), NotWritable),
            (status(404), CalendarGone),
            (status(409), CalendarGone),
            (status(412), EntryChanged),
            (status(423), EntryChanged),
            (status(413), TooLarge),
            (status(507), TooLarge),
            (status(400), NotWritable),
            (status(503, Retry_After="1"), ServerInTrouble),
        ],
        ids=str,
    )
    def test_with_writing_is_told_apart(self, reply: Reply, error: type[CalendarError]) -> None:
        with scripted(lambda _: reply) as server, pytest.raises(error, match=r"\.$"):
            put(server)

    @pytest.mark.parametrize(
        ("code", "name", "error"),
        [
            (403, "no-uid-conflict", EntryChanged),
            (412, "no-uid-conflict", EntryChanged),
            (412, "valid-calendar-data", NotWritable),
            (403, "supported-calendar-component", NotWritable),
            (403, "max-resource-size", TooLarge),
        ],
    )
    def test_with_writing_is_told_by_the_rule_it_breaks(self, code: int, name: str, error: type[Exception]) -> None:
        body = f"<d:error {NAMESPACES}><c:{name}/></d:error>".encode()
        with scripted(lambda _: Reply(status=code, body=body)) as server, pytest.raises(error, match=r"\.$"):
            put(server)

    def test_a_connection_cut_while_writing_is_trouble(self) -> None:
        with scripted(lambda _: Reply(status=201, body=b"ok" * 50, sent=3)) as server, pytest.raises(ServerInTrouble):
            put(server)


class TestWhatIsSent:
    @pytest.mark.parametrize(
        ("etag", "condition"),
        [
            (None, ("if-none-match", "*")),
            ('"1"', ("if-match", '"1"')),
            ("1", ("if-match", '"1"')),
            ('W/"1"', ("if-match", '"1"')),
            ("", ("if-match", "*")),
        ],
    )
    def test_with_an_entry_is_what_must_stand_there(self, etag: str | None, condition: tuple[str, str]) -> None:
        with scripted(lambda _: Reply(status=204, headers={"ETag": '"2"'})) as server:
            assert put(server, etag) == '"2"'
            (asked,) = server.asked
        assert {(name, said) for name, said in asked.headers.items() if name.startswith("if-")} == {condition}

    def test_is_who_asks_and_nothing_of_this_machine(self) -> None:
        with scripted(lambda _: multistatus(token="t")) as server:
            changes(server)
            (asked,) = server.asked
        headers: Mapping[str, Any] = asked.headers
        assert set(headers) == {
            "host", "accept-encoding", "user-agent", "connection", "authorization", "content-type",
            "content-length", "depth",
        }  # fmt: skip
        assert headers["user-agent"] == "Equipoise"

    def test_a_version_with_strange_letters_changes_no_other_header(self) -> None:
        with scripted(lambda _: status(412)) as server:
            with pytest.raises(EntryChanged):
                put(server, 'a"\r\nX-Evil: 1')
            assert "x-evil" not in server.asked[0].headers
