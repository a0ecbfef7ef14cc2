"""The one way out: methods, redirects, who gets a password, what is unpacked."""

import gzip
import socket
from datetime import timedelta
from typing import Any

import pytest
from tests.adapters.web.scripted_server import Asked, Reply, Script, scripted

from equipoise.adapters import web
from equipoise.adapters.web import addresses
from equipoise.adapters.web.values import Answer

SECRET = web.basic("lena", "geheim")
QUICK = web.WebLimits(seconds=2.0, answer_bytes=10_000, redirects=3)


def ask(address: str, method: str = "GET", **chosen: Any) -> web.Answer:
    request = web.Request(method=method, address=address, authorization=SECRET, **chosen)
    return web.ask(request, limits=QUICK, allow_private_hosts=True)


def moving(status: int, place: str) -> Script:
    """A server whose front page sends on to `place`."""
    return lambda asked: Reply(status=status, headers={"Location": place}) if asked.path == "/" else Reply(body=b"ok")


class TestMethods:
    @pytest.mark.parametrize("status", [301, 302, 307, 308])
    @pytest.mark.parametrize("method", ["PROPFIND", "REPORT", "PUT"])
    def test_a_redirect_is_asked_again_in_the_same_way(self, method: str, status: int) -> None:
        with scripted(moving(status, "/there")) as server:
            answer = ask(server.address, method, body=b"<why/>", headers={"Depth": "0"})
            first, second = server.asked
        assert (answer.status, answer.body) == (200, b"ok")
        assert (second.method, second.path, second.body, second.headers["depth"]) == (method, "/there", b"<why/>", "0")
        assert first.body == second.body

    def test_see_other_is_read(self) -> None:
        with scripted(moving(303, "/there")) as server:
            ask(server.address, "PUT", body=b"x")
            assert (server.asked[1].method, server.asked[1].body) == ("GET", b"")

    def test_a_post_that_is_moved_is_read(self) -> None:
        with scripted(moving(302, "/there")) as server:
            ask(server.address, "POST", body=b"x")
            assert server.asked[1].method == "GET"

    def test_says_where_it_moved_for_good(self) -> None:
        with scripted(moving(301, "/there")) as server:
            assert ask(server.address).moved_to == f"{server.address}there"
        with scripted(moving(302, "/there")) as server:
            assert ask(server.address).moved_to == ""

    def test_a_redirect_to_nowhere_is_an_answer(self) -> None:
        with scripted(lambda _: Reply(status=301)) as server:
            assert ask(server.address).status == 301

    def test_a_header_that_hides_a_second_one_is_not_sent(self) -> None:
        with scripted(lambda _: Reply()) as server:
            with pytest.raises(web.Unreachable):
                ask(server.address, headers={"If-Match": '"a"\r\nX-Evil: 1'})
            assert not server.asked


class TestPasswords:
    def test_stay_with_the_host(self) -> None:
        with scripted(lambda _: Reply(body=b"ok")) as other:
            place = other.address.replace("127.0.0.1", "localhost")
            with scripted(moving(302, place)) as server:
                ask(server.address)
                assert server.asked[0].headers["authorization"] == SECRET
            assert "authorization" not in other.asked[0].headers

    def test_do_not_go_to_another_port_of_the_same_machine_in_the_clear(self) -> None:
        with scripted(lambda _: Reply()) as other, scripted(moving(302, other.address)) as server:
            ask(server.address)
            assert "authorization" not in other.asked[0].headers

    def test_go_along_to_where_they_are_trusted(self) -> None:
        with scripted(moving(308, "/there")) as server:
            ask(server.address, follow=web.Follow.TRUSTED)
            assert [asked.headers.get("authorization") for asked in server.asked] == [SECRET, SECRET]

    def test_what_is_for_trusted_hosts_is_not_sent_on_at_all(self) -> None:
        with scripted(lambda _: Reply()) as other:
            with (
                scripted(moving(307, other.address)) as server,
                pytest.raises(web.OtherHost, match="sends on to another"),
            ):
                ask(server.address, "PUT", body=b"private", follow=web.Follow.TRUSTED)
            assert not other.asked

    def test_do_not_show_when_a_request_is_printed(self) -> None:
        assert "Z2VoZWlt" not in repr(web.Request(method="GET", address="https://a.example", authorization=SECRET))

    def test_a_token_is_borne(self) -> None:
        assert web.bearer("abc") == "Bearer abc"

    def test_what_is_guarded_does_not_cross_the_internet_in_the_clear(self, monkeypatch: pytest.MonkeyPatch) -> None:
        answers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 80))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers)
        with pytest.raises(web.Unprotected, match="unprotected"):
            ask("http://calendar.example/", guarded=True)


class TestTrusted:
    @pytest.mark.parametrize(
        ("home", "other"),
        [
            ("https://cloud.example.org/a", "https://cloud.example.org/b"),
            ("https://example.org", "https://cloud.example.org"),
            ("https://example.org", "https://example.org:8443"),
            ("http://example.org", "https://example.org"),
            ("https://caldav.icloud.com", "https://p34-caldav.icloud.com:443"),
        ],
    )
    def test_the_same_people_are(self, home: str, other: str) -> None:
        assert addresses.trusted(web.split(home), web.split(other))

    @pytest.mark.parametrize(
        ("home", "other"),
        [
            ("https://cloud.example.org", "http://cloud.example.org"),
            ("https://cloud.example.org", "https://mail.example.org"),
            ("https://lena.example.co.uk", "https://evil.example.co.uk"),
            ("https://example.org", "https://evilexample.org"),
            ("https://example.org", "https://example.org.evil.net"),
            ("https://caldav.icloud.com", "https://icloud.com.evil.net"),
            ("https://evil.net", "https://p34-caldav.icloud.com"),
            ("http://127.0.0.1:5232", "http://127.0.0.1:8000"),
        ],
    )
    def test_others_are_not(self, home: str, other: str) -> None:
        assert not addresses.trusted(web.split(home), web.split(other))


class TestAnswers:
    def test_of_errors_the_beginning_is_kept(self) -> None:
        with scripted(lambda _: Reply(status=403, body=b"<why/>" + b"x" * 1_000_000)) as server:
            answer = ask(server.address)
        assert (answer.status, answer.body[:6]) == (403, b"<why/>")
        assert len(answer.body) <= 64 * 1024

    def test_a_packed_answer_that_breaks_off_is_damaged(self) -> None:
        packed = gzip.compress(bytes(range(256)) * 8)[:-20]
        with (
            scripted(lambda _: Reply(body=packed, headers={"Content-Encoding": "gzip"})) as server,
            pytest.raises(web.Unreachable, match="damaged"),
        ):
            ask(server.address)

    def test_what_is_packed_to_overflow_is_too_much(self) -> None:
        bomb = gzip.compress(b"0" * 10_000_000)
        with (
            scripted(lambda _: Reply(body=bomb, headers={"Content-Encoding": "gzip"})) as server,
            pytest.raises(web.TooMuch),
        ):
            ask(server.address)

    def test_the_head_has_a_length_and_no_body(self) -> None:
        with scripted(lambda _: Reply(body=b"12345", sent=0)) as server:
            assert ask(server.address, "HEAD").status == 200

    def test_the_kind_of_a_body_comes_without_its_parameters(self) -> None:
        with scripted(lambda asked: Reply(headers={"Content-Type": "Text/HTML; charset=utf-8"})) as server:
            assert ask(server.address).content_type == "text/html"


class TestRetryAfter:
    @pytest.mark.parametrize(
        ("said", "pause"),
        [
            ("120", timedelta(minutes=2)),
            ("Wed, 25 Nov 2026 12:05:00 GMT", timedelta(minutes=5)),
            ("Wed, 25 Nov 2026 11:00:00 GMT", timedelta(0)),
            ("99999999999999", timedelta(days=7)),
            ("soon", None),
            ("-5", None),
            ("", None),
        ],
    )
    def test_is_seconds_or_a_moment(self, said: str, pause: timedelta | None) -> None:
        headers = {"retry-after": said, "date": "Wed, 25 Nov 2026 12:00:00 GMT"}
        answer = Answer(status=503, headers=headers, body=b"", address="", moved_to="")
        assert answer.retry_after == pause


def test_nothing_is_said_of_an_asked_request_but_what_was_asked() -> None:
    with scripted(lambda _: Reply()) as server:
        ask(server.address)
        (asked,) = server.asked
    assert isinstance(asked, Asked)
    assert set(asked.headers) == {"host", "accept-encoding", "user-agent", "connection", "authorization"}
