"""A server that answers whatever a test tells it to, well or badly."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request as the server got it; names of headers in small letters."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What to answer, and how.

    Attributes:
        status: The status.
        body: The body.
        headers: Headers beside the length of the body.
        sent: How many bytes of the body go out before the connection is dropped; all when left out.
        pause: Seconds to wait before each byte of the body.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    sent: int | None = None
    pause: float = 0.0


Script = Callable[[Asked], Reply]


class Handler(BaseHTTPRequestHandler):
    """Hands every request to the server's script."""

    def parse_request(self) -> bool:
        """Take any method."""
        if not super().parse_request():
            return False
        setattr(self, f"do_{self.command}", self._reply)
        return True

    def _reply(self) -> None:
        server: Scripted = self.server  # type: ignore[assignment]
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(method=self.command, path=self.path, headers=headers, body=body)
        server.asked.append(asked)
        with suppress(OSError):
            self._send(server.script(asked))

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        body = reply.body[: reply.sent]
        for start in range(0, len(body), 1 if reply.pause else max(1, len(body))):
            time.sleep(reply.pause)
            self.wfile.write(body[start : start + 1] if reply.pause else body)

    def log_message(self, *_: Any) -> None:
        """Keep quiet."""


class Scripted(ThreadingHTTPServer):
    """The server, its script, and what it was asked."""

    daemon_threads = True

    def __init__(self, script: Script) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.script = script
        self.asked: list[Asked] = []

    @property
    def address(self) -> str:
        """Its front page."""
        return f"http://127.0.0.1:{self.server_port}/"

    def handle_error(self, *_: Any) -> None:
        """The other side hangs up on purpose in these tests."""


@contextmanager
def scripted(script: Script) -> Iterator[Scripted]:
    """A running server on a free port."""
    server = Scripted(script)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
