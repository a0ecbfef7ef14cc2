"""A real calendar server (Radicale) on this machine, for one test or many."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path

from equipoise.adapters import web
from equipoise.adapters.caldav import Account

USER, PASSWORD = "lena", "geheim-1"
_CONFIG = """
[server]
hosts = 127.0.0.1:{port}
max_connections = 20
timeout = 60
[auth]
type = htpasswd
htpasswd_filename = {folder}/users
htpasswd_encryption = plain
delay = 0
[storage]
filesystem_folder = {folder}/store
[rights]
type = {rights}
file = {folder}/rights
[logging]
level = error
"""
# The whole server, but for waiting on the disk after every file, which makes thousands of entries take minutes.
_LAUNCH = "import os, runpy; os.fsync = lambda _: None; runpy.run_module('radicale', run_name='__main__')"
_MKCALENDAR = (
    '<c:mkcalendar xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:a="http://apple.com/ns/ical/"><set><prop>'
    "<displayname>{name}</displayname><a:calendar-color>{colour}</a:calendar-color>"
    '<c:supported-calendar-component-set><c:comp name="{component}"/></c:supported-calendar-component-set>'
    "</prop></set></c:mkcalendar>"
)


@dataclass
class Radicale:
    """A running server with one user; it can be killed and started again on the same port and data.

    Attributes:
        folder: Its configuration and its data.
        port: Where it listens on 127.0.0.1.
        rights: Who may do what; "owner_only", or "from_file" after writing `folder / "rights"`.
    """

    folder: Path
    port: int
    rights: str = "owner_only"
    process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    @property
    def address(self) -> str:
        """Its front page."""
        return f"http://127.0.0.1:{self.port}/"

    @property
    def account(self) -> Account:
        """Lena's account there."""
        return Account(address=self.address, username=USER, password=PASSWORD)

    def start(self) -> None:
        """Start, and wait until it answers."""
        (self.folder / "users").write_text(f"{USER}:{PASSWORD}\nravi:geheim-2\n")
        config = self.folder / "config"
        config.write_text(_CONFIG.format(port=self.port, folder=self.folder, rights=self.rights))
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("RADICALE_")}
        self.process = subprocess.Popen(
            [sys.executable, "-c", _LAUNCH, "--config", str(config)],
            env=inherited,
            stdout=subprocess.DEVNULL,
            stderr=(self.folder / "log").open("ab"),
        )
        deadline = time.monotonic() + 30
        while not self._answers():
            assert self.process.poll() is None, (self.folder / "log").read_text()
            assert time.monotonic() < deadline, "the calendar server did not start"
            time.sleep(0.05)

    def kill(self) -> None:
        """End it at once, in the middle of whatever it does."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it in good order."""
        self._end(signal.SIGTERM)

    def make_calendar(self, name: str, *, colour: str = "#3366cc", component: str = "VEVENT", user: str = USER) -> str:
        """A new empty calendar of the user; its address."""
        address = f"{self.address}{user}/{name}/"
        body = _MKCALENDAR.format(name=name.title(), colour=colour, component=component)
        self.ask("MKCALENDAR", address, body.encode())
        return address

    def put_entry(self, calendar: str, uid: str, text: str) -> str:
        """Put one object as another client would, whatever stands there; its address."""
        self.ask("PUT", f"{calendar}{uid}.ics", text.encode())
        return f"{calendar}{uid}.ics"

    def delete_entry(self, address: str) -> None:
        """Take one object out as another client would."""
        self.ask("DELETE", address)

    def upload(self, calendar: str, texts: Iterable[str]) -> None:
        """Replace a whole calendar at once by components (BEGIN:VEVENT ... END:VEVENT)."""
        inner = "\r\n".join(texts)
        text = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n{inner}\r\nEND:VCALENDAR\r\n"
        self.ask("PUT", calendar.rstrip("/"), text.encode())

    def ask(self, method: str, address: str, body: bytes | None = None) -> bytes:
        """One request as the user; what is no success fails the test."""
        account = self.account
        answer = web.ask(
            web.Request(
                method=method,
                address=address,
                headers={"Content-Type": "text/calendar; charset=utf-8"} if method == "PUT" else {},
                body=body,
                authorization=web.basic(account.username, account.password),
            ),
            limits=web.WebLimits(seconds=120),
            allow_private_hosts=True,
        )
        assert 200 <= answer.status < 300, (method, address, answer.status, answer.body[:500])
        return answer.body

    def _answers(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/.web/")
            connection.getresponse().read()
        except OSError:
            return False
        finally:
            connection.close()
        return True

    def _end(self, how: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(timeout=30)
        self.process = None


@contextmanager
def running_radicale(folder: Path, *, rights: str = "owner_only") -> Iterator[Radicale]:
    """A server on a free port, its data below the folder, ended at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    server = Radicale(folder=folder, port=_free_port(), rights=rights)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
