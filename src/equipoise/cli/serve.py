"""`equipoise serve`: the web application with its background worker, on this machine or opened to others."""

import importlib
import ipaddress
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import click

from equipoise.cli.errors import Refused, unusable
from equipoise.cli.orphans import end_with_parent

STARTING_SECONDS = 60
"""The first answer may take this long, on a machine that is busy."""

STOPPING_SECONDS = 10
"""A reading under way may take this long to end; one that takes longer is taken up at the next start."""


@click.command()
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("data"),
    show_default=True,
    help="Folder of the database, the key and uploads under way. Made when missing.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Port; 0 takes a free one."
)
@click.option(
    "--demo", is_flag=True, help="Bring in the demo agency: 40 invented people with half a year of calendars."
)
@click.option("--no-browser", is_flag=True, help="Do not open a browser.")
@click.option("--no-worker", is_flag=True, help="Leave the work in the background to equipoise worker.")
@click.option("--public-name", "names", multiple=True, help="Host name people use to reach it, when opened to others.")
def serve(
    data: Path, host: str, port: int, demo: bool, no_browser: bool, no_worker: bool, names: tuple[str, ...]
) -> None:
    """Open the web application.

    On this machine alone (the default) nobody has to sign in until a password is set. To open it to other machines,
    set a password first: in the settings of the pages, or with EQUIPOISE_OWNER_EMAIL and EQUIPOISE_OWNER_PASSWORD.

    \b
    Examples:
      equipoise serve --data ~/equipoise
      equipoise serve --data /tmp/demo --demo
      EQUIPOISE_DATABASE_URL=postgresql://user:secret@localhost/equipoise equipoise serve --data /srv/equipoise

    Exit codes: 0 stopped, 2 wrong usage, 3 refused (port in use, folder not writable, no password for other hosts).
    """
    os.umask(0o077)  # what is written holds calendars: for the eyes of whoever runs the server alone
    opened = not _is_loopback(host)
    port = _free_port(host, port)
    _set_environment(data, host, opened=opened, names=names)
    if demo:
        os.environ["EQUIPOISE_DEMO"] = "1"
    _prepare(data, opened=opened, demo=demo)
    address = f"http://{'localhost' if not opened else host}:{port}/"
    with nullcontext() if no_worker else _worker():
        threading.Thread(target=_announce, args=(address, host, port, not no_browser), daemon=True).start()
        _run_server(host, port)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _free_port(host: str, port: int) -> int:
    """The port, if it can be had.

    Raises:
        click.ClickException: When something else listens there, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Refused(
                f"Cannot listen on {host}:{port} ({error.strerror}). Choose another --port or --host."
            ) from error
        return int(probe.getsockname()[1])


def _set_environment(data: Path, host: str, *, opened: bool, names: tuple[str, ...]) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "equipoise.config.settings"
    os.environ["EQUIPOISE_DATA"] = str(data)
    if opened:
        os.environ["EQUIPOISE_OPENED"] = "1"
        known = [*names, host] if host not in {"0.0.0.0", "::"} else [*names, socket.gethostname(), *_own_addresses()]  # noqa: S104
        os.environ.setdefault("EQUIPOISE_HOSTS", ",".join([*known, "localhost", "127.0.0.1"]))
    elif names:
        os.environ.setdefault("EQUIPOISE_HOSTS", ",".join([*names, "localhost", "127.0.0.1"]))


def _own_addresses() -> list[str]:
    try:
        return sorted({str(info[4][0]) for info in socket.getaddrinfo(socket.gethostname(), None)})
    except OSError:
        return []


def _prepare(data: Path, *, opened: bool, demo: bool) -> None:
    """Make the folder, the tables and the files; bring in the demo; refuse to open without a password."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        (data / ".writable").touch()
        (data / ".writable").unlink()
    except OSError as error:
        raise Refused(f"Cannot write to {data} ({error.strerror}). Choose another folder with --data.") from error
    _claim(data)
    import django
    from django.core.management import call_command
    from django.db import DatabaseError

    django.setup()
    try:
        call_command("migrate", verbosity=0, interactive=False)
    except DatabaseError as error:
        raise unusable(error, data) from error
    call_command("collectstatic", verbosity=0, interactive=False)
    _bring_in(opened=opened, demo=demo)


def _claim(data: Path) -> None:
    """Keep a second server away from the folder for as long as this process lives.

    Raises:
        Refused: When another server uses it.
    """
    try:
        import fcntl
    except ImportError:  # not on Windows, where the embedded database alone guards itself
        return
    held = os.open(data / "serving", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise Refused(f"Another equipoise serve uses {data}. Stop it, or choose another folder with --data.") from error


def is_served(data: Path) -> bool:
    """Whether a server uses the folder now."""
    try:
        import fcntl
    except ImportError:
        return False
    try:
        with (data / "serving").open("rb") as held:
            fcntl.flock(held, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return False
    except FileNotFoundError:
        return False
    except OSError:
        return True


def _bring_in(*, opened: bool, demo: bool) -> None:
    from django.utils import timezone

    from equipoise.apps.calendars import actions as calendars
    from equipoise.apps.insights.welcome import actions as welcome
    from equipoise.apps.people import actions, queries

    email, password = os.environ.get("EQUIPOISE_OWNER_EMAIL"), os.environ.pop("EQUIPOISE_OWNER_PASSWORD", None)
    if email and password:
        try:
            actions.secure_owner(email=email, password=password, now=timezone.now())
        except actions.OwnerNotSecured as error:
            raise Refused(str(error)) from error
    owner_now = queries.local_owner()
    if opened and (queries.is_nobodys() if owner_now is None else not owner_now.has_usable_password()):
        raise Refused(
            "Other machines could reach this server, so the owner needs a password first. Start it without --host and "
            "set one under Settings, or set EQUIPOISE_OWNER_EMAIL and EQUIPOISE_OWNER_PASSWORD."
        )
    calendars.read_anew()
    if demo:
        welcome.load_demo_agency(language="en", now=timezone.now())


@contextmanager
def _worker() -> Iterator[None]:
    stopping = threading.Event()
    thread = threading.Thread(target=_keep_worker, args=(stopping,))
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join()


def _keep_worker(stopping: threading.Event) -> None:
    """Run the background worker in a process of its own, and begin it again when it dies, until the server stops."""
    command = [sys.executable, "-m", "equipoise.cli.worker"]
    while not stopping.is_set():
        process = subprocess.Popen(command, start_new_session=True)  # noqa: S603
        while process.poll() is None and not stopping.wait(0.2):
            pass
        if not stopping.is_set():
            click.echo(f"The background worker ended ({process.returncode}); it is started again.", err=True)
            stopping.wait(1)
    process.terminate()
    try:
        process.wait(timeout=STOPPING_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _run_server(host: str, port: int) -> None:
    from granian import Granian
    from granian.constants import Interfaces, Loops

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    server = Granian(
        "equipoise.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        loop=Loops.asyncio,
        workers=1,
        blocking_threads=4,
        log_enabled=True,
        log_level="warning",  # type: ignore[arg-type]
        websockets=False,
    )
    server.serve(target_loader=_application)


def _application(target: str) -> Callable[..., Any]:
    """The application, loaded in the process that answers requests."""
    end_with_parent()
    module, _, name = target.partition(":")
    application: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return application


def _announce(address: str, host: str, port: int, open_browser: bool) -> None:
    """Say where the pages are, once they answer."""
    reached = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    for _ in range(600):
        if _answers(reached, port):
            click.echo(f"Equipoise is at {address}  (Ctrl+C stops it)")
            if open_browser:
                webbrowser.open(address)
            return
        time.sleep(0.05)


def _answers(host: str, port: int) -> bool:
    """Whether the server answers. Its socket is open before its pages are loaded; the first question waits for them."""
    connection = HTTPConnection(host, port, timeout=STARTING_SECONDS)
    try:
        connection.request("GET", "/scim/v2/")  # needs no session and begins none
        connection.getresponse()
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
    return True
