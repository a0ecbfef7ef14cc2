"""A small real mail server on a port of this machine, that answers as a test wants it to (RFC 5321)."""

import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass(kw_only=True)
class MailServer:
    """What it took, and how it answers.

    Attributes:
        port: Where it listens.
        answers: By command ("MAIL", "RCPT", "DATA", "END"), what it says instead of yes; "" hangs up,
            "pause" says nothing and waits until the other side is gone.
        taken: The mails it took, whole.
        envelopes: From and to of each.
        context: For TLS; offered by STARTTLS.
        encrypted: Whether each mail came over TLS.
    """

    port: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    taken: list[EmailMessage] = field(default_factory=list)
    envelopes: list[tuple[str, str]] = field(default_factory=list)
    context: ssl.SSLContext | None = None
    encrypted: list[bool] = field(default_factory=list)


class _HungUp(Exception):
    """The server ends the talk."""


class _Talk(socketserver.StreamRequestHandler):
    """One connection."""

    server: "_Server"

    def handle(self) -> None:
        """Answer until told to stop."""
        self.sender = self.recipient = ""
        self.tls = False
        with suppress(_HungUp, OSError):
            self._say("220 test")
            while line := self.rfile.readline():
                self._answer(line.decode().strip())

    def _answer(self, line: str) -> None:
        verb = line[:4].upper()
        if verb in {"EHLO", "HELO"}:
            offers = self.server.told.context is not None and not self.tls
            self._say("250-test\r\n250 STARTTLS" if offers else "250 test")
        elif verb == "STAR":
            self._go_secret()
        elif verb == "MAIL":
            self.sender = line
            self._reply("MAIL", "250 ok")
        elif verb == "RCPT":
            self.recipient = line
            self._reply("RCPT", "250 ok")
        elif verb == "DATA":
            self._data()
        elif verb == "QUIT":
            self._say("221 bye")
            raise _HungUp
        else:
            self._say("250 ok")

    def _data(self) -> None:
        if not self._reply("DATA", "354 go on").startswith("354"):
            return
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        if self.server.told.answers.get("END", "") in {"", "pause"}:  # taken, whether it says so or not
            self.server.told.taken.append(message_from_bytes(b"".join(lines), policy=policy.default))
            self.server.told.envelopes.append((self.sender, self.recipient))
            self.server.told.encrypted.append(self.tls)
        self._reply("END", "250 taken")

    def _go_secret(self) -> None:
        assert self.server.told.context is not None
        self._say("220 go on")
        self.connection = self.server.told.context.wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", buffering=0)
        self.tls = True

    def _reply(self, verb: str, usually: str) -> str:
        answer = self.server.told.answers.get(verb, usually)
        if answer == "pause":
            self.rfile.read(1)
        if answer in {"", "pause"}:
            raise _HungUp
        self._say(answer)
        return answer

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")


class _Server(socketserver.ThreadingTCPServer):
    """Listens on this machine only."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, told: MailServer) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.told = told
        told.port = self.server_address[1]


@contextmanager
def mail_server(context: ssl.SSLContext | None = None) -> Iterator[MailServer]:
    """A mail server for the time of a test."""
    told = MailServer(context=context)
    with _Server(told) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield told
        finally:
            server.shutdown()
            thread.join()


def unused_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
