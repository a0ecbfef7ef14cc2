"""What an administrator sets from outside: names, meanings and defaults, read once at the start."""

import base64
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from equipoise.core.anonymity.rules import FLOOR, LEAST
from equipoise.platform.refusals import WrongSetting

LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "::1")
PORTS = {"starttls": 587, "tls": 465, "none": 25}
MOST_LEAST = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """The server that takes mail, and what stands in it.

    Attributes:
        host: Its name (EQUIPOISE_SMTP_HOST).
        port: Its port (EQUIPOISE_SMTP_PORT; 587, 465 or 25 by the security).
        user: Name to sign in with; empty to send without (EQUIPOISE_SMTP_USER).
        password: For it (EQUIPOISE_SMTP_PASSWORD).
        security: "starttls", "tls" or "none" (EQUIPOISE_SMTP_SECURITY).
        sender: Address the mail comes from (EQUIPOISE_MAIL_FROM).
        public_address: Address people reach the pages by, for links (EQUIPOISE_PUBLIC_ADDRESS).
    """

    host: str
    port: int
    user: str
    password: str
    security: str
    sender: str
    public_address: str


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
        proxies: How many proxies of your own stand before the server; only what they say of where a request comes
            from is believed (EQUIPOISE_PROXIES).
        least_people: How many people stand behind a figure of a group at least (EQUIPOISE_LEAST_PEOPLE; 5 without it).
        mail: The server that takes mail; `None` while none is named, and no mail is sent.
    """

    data: Path
    database_url: str
    hosts: tuple[str, ...]
    opened: bool
    https: bool
    debug: bool
    private_feeds: bool
    demo: bool
    proxies: int
    least_people: int
    mail: MailServer | None


def read_environment() -> Environment:
    """Read the environment variables; missing ones get the defaults of a single person's own machine.

    Raises:
        WrongSetting: When a variable holds what it cannot.
    """
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
        proxies=_proxies(),
        least_people=_least_people(),
        mail=_mail_server(),
    )


def _proxies() -> int:
    told = os.environ.get("EQUIPOISE_PROXIES", "").strip() or "0"
    if not told.isascii() or not told.isdigit() or int(told) > 9:
        raise WrongSetting(f"EQUIPOISE_PROXIES must be a number from 0 to 9, but it is “{told}”.")
    return int(told)


def _least_people() -> int:
    told = os.environ.get("EQUIPOISE_LEAST_PEOPLE", "").strip() or str(LEAST)
    if not told.isascii() or not told.isdigit() or not FLOOR <= int(told) <= MOST_LEAST:
        raise WrongSetting(f"EQUIPOISE_LEAST_PEOPLE must be a number from {FLOOR} to {MOST_LEAST}, but it is “{told}”.")
    return int(told)


def _mail_server() -> MailServer | None:
    host = os.environ.get("EQUIPOISE_SMTP_HOST", "").strip()
    if not host:
        return None
    security = os.environ.get("EQUIPOISE_SMTP_SECURITY", "").strip().lower() or "starttls"
    if security not in PORTS:
        raise WrongSetting(f"EQUIPOISE_SMTP_SECURITY must be starttls, tls or none, but it is “{security}”.")
    port = os.environ.get("EQUIPOISE_SMTP_PORT", "").strip() or str(PORTS[security])
    if not port.isascii() or not port.isdigit() or not 0 < int(port) < 65_536:
        raise WrongSetting(f"EQUIPOISE_SMTP_PORT must be a port from 1 to 65535, but it is “{port}”.")
    public = os.environ.get("EQUIPOISE_PUBLIC_ADDRESS", "").strip().rstrip("/")
    if not public.startswith(("https://", "http://")):
        raise WrongSetting(
            "With EQUIPOISE_SMTP_HOST set, EQUIPOISE_PUBLIC_ADDRESS must be the address people reach the pages by, "
            "such as https://equipoise.example.org; mail links to it."
        )
    sender = os.environ.get("EQUIPOISE_MAIL_FROM", "").strip()
    if "@" not in sender or any(sign in sender for sign in "\r\n"):
        raise WrongSetting(
            "With EQUIPOISE_SMTP_HOST set, EQUIPOISE_MAIL_FROM must be the address mail comes from, "
            "such as equipoise@example.org."
        )
    return MailServer(
        host=host,
        port=int(port),
        user=os.environ.get("EQUIPOISE_SMTP_USER", ""),
        password=os.environ.get("EQUIPOISE_SMTP_PASSWORD", ""),
        security=security,
        sender=sender,
        public_address=public,
    )


def secret_key(data: Path) -> str:
    """The key that signs sessions: EQUIPOISE_SECRET_KEY, else one kept in the data folder, made on first use."""
    return os.environ.get("EQUIPOISE_SECRET_KEY") or _kept(data / "secret.key", secrets.token_urlsafe(48))


def vault_keys(data: Path) -> tuple[str, ...]:
    """The keys that encrypt passwords and private texts; the first encrypts, all decrypt.

    EQUIPOISE_VAULT_KEY holds them, separated by commas; else one is kept in the data folder, made on first use.

    Raises:
        WrongSetting: When one is no key.
    """
    fresh = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode("ascii")
    given = os.environ.get("EQUIPOISE_VAULT_KEY", "").strip() or _kept(data / "vault.key", fresh)
    keys = tuple(part.strip() for part in given.split(",") if part.strip())
    if not keys or not all(_is_vault_key(key) for key in keys):
        raise WrongSetting(
            "EQUIPOISE_VAULT_KEY (or the file vault.key) must hold keys of 32 random bytes in URL-safe base64, "
            "separated by commas, the newest first."
        )
    return keys


def _is_vault_key(key: str) -> bool:
    try:
        return len(base64.b64decode(key, altchars=b"-_", validate=True)) == 32
    except ValueError:
        return False


def _kept(path: Path, fresh: str) -> str:
    """What a file holds; made with a fresh secret, for the eyes of whoever runs the server, when it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as handle:
        handle.write(fresh)
    return fresh


def _is_on(name: str) -> bool:
    return os.environ.get(name, "").strip().lower() in {"1", "true", "yes", "on"}
