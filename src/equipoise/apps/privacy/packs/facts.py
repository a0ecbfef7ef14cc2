"""The settings of this server that matter for data protection, as they are."""

from collections.abc import Iterator

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from equipoise.apps.integrations import queries as integrations
from equipoise.apps.signin import queries as signin
from equipoise.core.anonymity.rules import ReleaseRules


def facts() -> Iterator[tuple[str, str]]:
    """What is set, and how."""
    yield _("Reached from"), _("other machines; everybody signs in") if settings.OPENED else _("this machine alone")
    yield _("Encrypted on the way (HTTPS)"), _yes(settings.SESSION_COOKIE_SECURE)
    yield _("Database"), "PostgreSQL" if connection.vendor == "postgresql" else _("SQLite, a file on the server")
    yield _("Encrypted in the database"), _("calendar passwords, secret addresses, reflections; the key is kept apart")
    yield _("Sign-on at the organisation's own server"), _sign_on()
    yield _("Second step for whoever has a role"), _yes(signin.policy().second_factor)
    yield _("Mail"), _mail()
    yield _("Calendars on private networks"), _("allowed") if settings.PRIVATE_FEEDS else _("refused")
    yield _("Tokens of the organisation"), _tokens()
    yield _("Smallest group of which a figure is told"), str(ReleaseRules().least)
    yield _("Smallest group that is told in parts"), str(ReleaseRules().least_for_parts)
    yield _("Asked of other servers by itself"), _("nothing but calendars people connect; no statistics, no updates")


def _yes(on: bool) -> str:  # noqa: FBT001 - a setting is on or off
    return _("yes") if on else _("no")


def _sign_on() -> str:
    found = [f"{each.name} ({each.get_kind_display()})" for each in signin.providers()]
    return ", ".join(found) or _("off; people sign in with a password or passkey here")


def _mail() -> str:
    if not settings.PUBLIC_ADDRESS:
        return _("off; none is sent")
    return _("sent through %(host)s, to whoever wants it") % {"host": settings.EMAIL_HOST}


def _tokens() -> str:
    scopes = [", ".join(each.scopes) for each in integrations.tokens_of(None)]
    return "; ".join(scopes) or _("none")
