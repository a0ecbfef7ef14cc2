"""Addresses: a real server on this machine that answers well, badly, slowly, or elsewhere."""

import gzip
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from tests.adapters.ics.written import BERLIN, NEXT_YEAR, YEAR, calendar, entry

from equipoise.adapters.ics import (
    AddressRefused,
    CalendarReading,
    CalendarTooLarge,
    CalendarUnreachable,
    Limits,
    NotACalendar,
    Progress,
    Stage,
    read_calendar,
)
from equipoise.adapters.web import addresses

TEXT = calendar(entry("SUMMARY:from the web")).encode()
QUICK = Limits(seconds=1.0, file_bytes=100_000, redirects=3)


class Handler(BaseHTTPRequestHandler):
    """One path, one behaviour."""

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers.get("Authorization", "")))  # type: ignore[attr-defined]
        name = self.path.strip("/").partition("?")[0].replace(".ics", "").replace("-", "_")
        with suppress(BrokenPipeError, ConnectionResetError):
            getattr(self, f"get_{name}", self.get_missing)()

    def answer(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for key, value in {"Content_Type": "text/calendar", "Content_Length": str(len(body)), **headers}.items():
            self.send_header(key.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def get_good(self) -> None:
        self.answer(TEXT)

    def get_missing(self) -> None:
        self.answer(b"no", status=404)

    def get_locked(self) -> None:
        self.answer(b"no", status=401)

    def get_page(self) -> None:
        self.answer(b"<!DOCTYPE html><title>Sign in</title>", Content_Type="text/html; charset=utf-8")

    def get_page_in_disguise(self) -> None:
        self.answer(b"\n<html><body>Sign in</body></html>")

    def get_silent(self) -> None:
        time.sleep(3)

    def get_dripping_headers(self) -> None:
        for letter in "HTTP/1.0 200 OK" + "\r\nX: y" * 100:
            self.wfile.write(letter.encode())
            time.sleep(0.2)

    def get_dripping_body(self) -> None:
        self.send_response(200)
        self.end_headers()
        for _ in range(100):
            self.wfile.write(b"BEGIN:VCALENDAR\r\n")
            time.sleep(0.2)

    def get_broken_off(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(TEXT)))
        self.end_headers()
        self.wfile.write(TEXT[:60])

    def get_huge(self) -> None:
        self.send_response(200)
        self.end_headers()
        for _ in range(100):
            self.wfile.write(b"x" * 10_000)

    def get_huge_and_says_so(self) -> None:
        self.answer(b"", Content_Length="999999999")

    def get_packed(self) -> None:
        self.answer(gzip.compress(TEXT), Content_Encoding="gzip")

    def get_overpacked(self) -> None:
        self.answer(gzip.compress(b"\n" * 5_000_000), Content_Encoding="gzip")

    def get_hop(self) -> None:
        self.answer(b"", status=302, Location="/good.ics")

    def get_loop(self) -> None:
        self.answer(b"", status=302, Location="/loop")

    def get_to_metadata(self) -> None:
        self.answer(b"", status=302, Location="http://169.254.169.254/latest/meta-data")

    def get_to_ipv6(self) -> None:
        self.answer(b"", status=302, Location="http://[::1]:9/good.ics")

    def get_to_mapped(self) -> None:
        self.answer(b"", status=301, Location="http://[::ffff:10.0.0.1]/good.ics")

    def get_to_file(self) -> None:
        self.answer(b"", status=302, Location="file:///etc/passwd")

    def get_elsewhere(self) -> None:
        self.answer(b"", status=302, Location=f"http://localhost:{self.server.server_port}/good.ics")  # type: ignore[attr-defined]

    def log_message(self, *_: Any) -> None:
        """Keep quiet."""


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, str]] = []

    def handle_error(self, *_: Any) -> None:
        """The other side hangs up on purpose in these tests."""


@dataclass
class Site:
    server: Server
    told: list[Progress] = field(default_factory=list)

    def address(self, path: str, scheme: str = "http", login: str = "") -> str:
        return f"{scheme}://{login}127.0.0.1:{self.server.server_port}/{path}"

    def read(self, path: str, **chosen: Any) -> CalendarReading:
        return read(self.address(path), progress=self.told.append, **chosen)


def read(address: str, *, allow_private_hosts: bool = True, **chosen: Any) -> CalendarReading:
    chosen = {"limits": QUICK, **chosen}
    return read_calendar(
        [address], start=YEAR, end=NEXT_YEAR, zone=BERLIN, allow_private_hosts=allow_private_hosts, **chosen
    )


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    running = Server()
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield running
    running.shutdown()
    running.server_close()


@pytest.fixture
def site(server: Server) -> Site:
    server.asked.clear()
    return Site(server)


class TestFetch:
    def test_reads_a_calendar_and_tells_how_many_bytes_came(self, site: Site) -> None:
        reading = site.read("good.ics")
        assert [found.entry.title for found in reading.occurrences] == ["from the web"]
        first = site.told[0]
        assert (first.stage, first.done, first.total) == (Stage.FETCHING, len(TEXT), len(TEXT))

    def test_follows_a_redirect(self, site: Site) -> None:
        assert site.read("hop").entries == 1

    def test_a_webcal_address_is_asked_over_http_where_https_does_not_answer(self, site: Site) -> None:
        assert read(site.address("good.ics", scheme="webcal")).entries == 1

    def test_undoes_gzip(self, site: Site) -> None:
        assert site.read("packed").entries == 1

    def test_shows_neither_password_nor_query_in_what_it_reports(self, site: Site) -> None:
        reading = read(site.address("good.ics?token=secret", login="lena:geheim@"))
        (source,) = reading.sources
        assert source == site.address("good.ics")

    def test_sends_the_password_to_its_own_host_only(self, site: Site) -> None:
        read(site.address("elsewhere", login="lena:geheim@"))
        assert site.server.asked == [("/elsewhere", "Basic bGVuYTpnZWhlaW0="), ("/good.ics", "")]

    def test_escapes_letters_an_address_may_not_hold(self, site: Site) -> None:
        with pytest.raises(CalendarUnreachable, match="404"):
            site.read("büro plan.ics")
        assert site.server.asked[0][0] == "/b%C3%BCro%20plan.ics"


class TestRefuse:
    @pytest.mark.parametrize(
        ("path", "error", "words"),
        [
            ("missing", CalendarUnreachable, "answered 404"),
            ("locked", CalendarUnreachable, "answered 401"),
            ("page", NotACalendar, "is a web page"),
            ("page_in_disguise", NotACalendar, "is a web page"),
            ("broken_off", CalendarUnreachable, "broken off"),
            ("huge", CalendarTooLarge, "larger than the limit of 0.1 MB"),
            ("huge_and_says_so", CalendarTooLarge, "larger than the limit of 0.1 MB"),
            ("overpacked", CalendarTooLarge, "larger than the limit of 0.1 MB"),
            ("loop", CalendarUnreachable, "redirects more than 3 times"),
            ("to_file", AddressRefused, "must begin with https://"),
        ],
    )
    def test_gives_one_sentence(self, site: Site, path: str, error: type[Exception], words: str) -> None:
        with pytest.raises(error, match=words) as refused:
            site.read(path)
        assert str(refused.value).endswith(".")
        assert "\n" not in str(refused.value)

    @pytest.mark.parametrize("path", ["silent", "dripping_headers", "dripping_body"])
    def test_an_address_that_hangs_is_left_when_the_time_is_over(self, site: Site, path: str) -> None:
        with pytest.raises(CalendarUnreachable, match=r"did not answer in full within 0\.6 seconds"):
            site.read(path, limits=Limits(seconds=0.6))

    def test_nothing_listens_there(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        with pytest.raises(CalendarUnreachable, match="nothing answers there"):
            read(f"http://127.0.0.1:{port}/a.ics")

    def test_a_name_nobody_knows(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def unknown(*_: Any, **__: Any) -> Any:
            raise socket.gaierror

        monkeypatch.setattr(socket, "getaddrinfo", unknown)
        with pytest.raises(CalendarUnreachable, match="its name is unknown"):
            read("https://calendar.invalid/a.ics")

    def test_a_look_up_that_hangs_is_left_when_the_time_is_over(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def hanging(*_: Any, **__: Any) -> list[Any]:
            time.sleep(1)
            return []

        monkeypatch.setattr(socket, "getaddrinfo", hanging)
        with pytest.raises(CalendarUnreachable, match="did not answer in full"):
            read("https://calendar.example/a.ics", limits=Limits(seconds=0.2))

    @pytest.mark.parametrize("address", ["http://", "http://a:port/", "https://[::1/a.ics", "http:///a.ics"])
    def test_what_is_no_address_is_refused(self, address: str) -> None:
        with pytest.raises(AddressRefused):
            read(address)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost that nobody has vouched for, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2120, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    path.write_bytes(secret + signed.public_bytes(Encoding.PEM))
    return path


@pytest.fixture(scope="module")
def secure_server(certificate: Path) -> Iterator[Server]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    running = Server()
    running.socket = context.wrap_socket(running.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield running
    running.shutdown()
    running.server_close()


class TestSecureAddresses:
    def test_a_certificate_nobody_vouches_for_is_refused(self, secure_server: Server) -> None:
        with pytest.raises(CalendarUnreachable, match="its certificate is not valid"):
            read(f"https://localhost:{secure_server.server_port}/good.ics")

    def test_a_good_certificate_is_taken_and_a_dripping_answer_left_in_time(
        self, secure_server: Server, certificate: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        trusting = ssl.create_default_context(cafile=str(certificate))
        monkeypatch.setattr(ssl, "create_default_context", lambda: trusting)
        base = f"https://localhost:{secure_server.server_port}"
        assert read(f"{base}/good.ics").entries == 1
        with pytest.raises(CalendarUnreachable, match="did not answer in full"):
            read(f"{base}/dripping_body", limits=Limits(seconds=0.6))

    def test_a_server_that_never_shakes_hands_is_left_in_time(self) -> None:
        with (
            socket.create_server(("127.0.0.1", 0)) as silent,
            pytest.raises(CalendarUnreachable, match="did not answer in full"),
        ):
            read(f"https://127.0.0.1:{silent.getsockname()[1]}/a.ics", limits=Limits(seconds=0.4))


class TestPrivateNetworks:
    @pytest.mark.parametrize(
        "host",
        [
            "127.0.0.1", "localhost", "10.1.2.3", "192.168.1.1", "172.16.0.1", "169.254.169.254", "0.0.0.0",  # noqa: S104
            "100.64.0.1", "224.0.0.1", "[::1]", "[fe80::1]", "[fc00::1]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]",
            "[2002:7f00:1::]", "[fec0::1]", "[::127.0.0.1]", "2130706433", "0x7f000001", "127.1",
        ],
    )  # fmt: skip
    def test_are_not_asked(self, host: str) -> None:
        with pytest.raises(AddressRefused, match="private network"):
            read(f"http://{host}/a.ics", allow_private_hosts=False)

    @pytest.mark.parametrize("path", ["to_metadata", "to_ipv6", "to_mapped"])
    def test_are_not_asked_after_a_redirect_either(
        self, site: Site, path: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        real = addresses.is_public
        monkeypatch.setattr(addresses, "is_public", lambda address: address == "127.0.0.1" or real(address))
        with pytest.raises(AddressRefused, match="private network"):
            site.read(path, allow_private_hosts=False)
        assert [asked for asked, _ in site.server.asked] == [f"/{path}"]

    def test_a_name_with_one_private_address_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        answers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, 80)) for host in ("93.184.216.34", "127.0.0.1")]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers)
        with pytest.raises(AddressRefused):
            read("http://two-faced.example/a.ics", allow_private_hosts=False)

    def test_a_name_is_looked_up_once_so_that_it_cannot_change_its_mind(
        self, site: Site, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked: list[str] = []

        def changing(host: str, *_: Any, **__: Any) -> Any:
            asked.append(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1" if len(asked) == 1 else "10.0.0.1", 80))]

        monkeypatch.setattr(socket, "getaddrinfo", changing)
        monkeypatch.setattr(addresses, "is_public", lambda address: address == "127.0.0.1")
        port = site.server.server_port
        assert read(f"http://calendar.example:{port}/good.ics", allow_private_hosts=False).entries == 1
        assert asked == ["calendar.example"]

    @pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])
    def test_public_addresses_are_public(self, address: str) -> None:
        assert addresses.is_public(address)
