"""What an administrator sets from outside: names, meanings and defaults, read once at the start."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """The settings from outside.

    Attributes:
        data: Folder of the embedded database, the secret key and uploads under way (EQUIPOISE_DATA).
        database_url: Address of the database, empty for the embedded one (EQUIPOISE_DATABASE_URL).
        hosts: Host names the pages may be asked for under (EQUIPOISE_HOSTS, comma-separated).
        opened: Whether other machines can reach the server; everybody must then sign in (EQUIPOISE_OPENED).
        https: Whether people reach it over HTTPS; cookies are then sent over HTTPS only (EQUIPOISE_HTTPS).
        debug: Developers only (EQUIPOISE_DEBUG).
        private_feeds: Whether calendars may be fetched from private and loopback addresses
            (EQUIPOISE_PRIVATE_FEEDS).
        demo: Whether whoever comes, while nobody has their own calendar here, looks around in the demo agency
            (EQUIPOISE_DEMO).
    """

    data: Path
    database_url: str
    hosts: tuple[str, ...]
    opened: bool
    https: bool
    debug: bool
    private_feeds: bool
    demo: bool


def read_environment() -> Environment:
    """Read the environment variables; missing ones get the defaults of a single person's own machine."""
    hosts = tuple(host.strip() for host in os.environ.get("EQUIPOISE_HOSTS", "").split(",") if host.strip())
    return Environment(
        data=Path(os.environ.get("EQUIPOISE_DATA", "data")).expanduser().resolve(),
        database_url=os.environ.get("EQUIPOISE_DATABASE_URL", ""),
        hosts=hosts or LOOPBACK_HOSTS,
        opened=_is_on("EQUIPOISE_OPENED"),
        https=_is_on("EQUIPOISE_HTTPS"),
        debug=_is_on("EQUIPOISE_DEBUG"),
        private_feeds=_is_on("EQUIPOISE_PRIVATE_FEEDS"),
        demo=_is_on("EQUIPOISE_DEMO"),
    )


def secret_key(data: Path) -> str:
    """The key that signs sessions: EQUIPOISE_SECRET_KEY, else one kept in the data folder, made on first use."""
    given = os.environ.get("EQUIPOISE_SECRET_KEY")
    if given:
        return given
    data.mkdir(parents=True, exist_ok=True)
    path = data / "secret.key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as handle:
        handle.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii").strip()


def _is_on(name: str) -> bool:
    return os.environ.get(name, "").strip().lower() in {"1", "true", "yes", "on"}
