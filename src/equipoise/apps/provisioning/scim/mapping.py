"""What a directory's record of a user says about a person, in the words of this place."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any
from unicodedata import normalize
from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from scim2_models import Context

from equipoise.apps.people.forms import NameField
from equipoise.apps.people.models import Function
from equipoise.apps.provisioning.scim.resources import EnterpriseUser, User

LONGEST_NAME = 120
NOWHERE = "users.invalid"
"""The domain of addresses made up for who has none; nothing is ever mailed there (RFC 2606)."""

FUNCTION_WORDS: dict[str, Collection[str]] = {
    Function.FINANCE: ("finance", "accounting", "controlling", "treasury", "finanz", "buchhaltung"),
    Function.MARKETING: ("marketing", "sales", "vertrieb", "communications", "client service", "account management"),
    Function.PEOPLE: ("human resources", "people", "personal", "hr", "talent"),
    Function.TECHNOLOGY: ("information technology", "it", "engineering", "technology", "software", "technik"),
    Function.LEGAL: ("legal", "compliance", "recht"),
    Function.STRATEGY: ("strategy", "strategie", "business development"),
    Function.PRODUCTION: ("production", "manufacturing", "delivery", "produktion", "fertigung", "logistics"),
    Function.GENERAL: ("general management", "operations", "executive", "geschäftsführung"),
    Function.ADMINISTRATION: ("administration", "office", "verwaltung"),
}
"""Words in the name of a department that tell its function; the first found counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a directory says about a person.

    Attributes:
        name: What they are called.
        email: The address they are recognised by; empty when none was given.
        addresses: Their further addresses, in lower case.
        title: Their position; empty when none was given.
        function: What they work on, as far as the department tells.
        language: The language they want pages in; empty when none of ours.
        zone: Their time zone; empty when none is known by that name.
        active: Whether they are let in; `None` when that was not said.
        manager_key: What their manager is known by; empty for none.
    """

    name: str
    email: str
    addresses: tuple[str, ...]
    title: str
    function: str
    language: str
    zone: str
    active: bool | None
    manager_key: str


def told_by(user: Any) -> Told:
    """What a directory's record says about the person."""
    enterprise: EnterpriseUser = user[EnterpriseUser] or EnterpriseUser()
    email, *others = _addresses(user) or [""]
    return Told(
        name=_name(user),
        email=email,
        addresses=tuple(others),
        title=" ".join((user.title or "").split())[:LONGEST_NAME],
        function=function_of(enterprise.department or ""),
        language=_language(user.preferred_language or user.locale or ""),
        zone=user.timezone if user.timezone in _zones() else "",
        active=user.active,
        manager_key=manager_key_of(user),
    )


def manager_key_of(user: Any) -> str:
    """What the manager is known by: the value, or else the last part of the reference."""
    enterprise = user[EnterpriseUser]
    manager = enterprise.manager if enterprise else None
    if manager is None:
        return ""
    return str(manager.value or str(manager.ref or "").rstrip("/").rpartition("/")[2])


def kept_of(user: Any) -> dict[str, Any]:
    """What is kept of a directory's record: all that the schema knows and the directory may write."""
    kept: dict[str, Any] = user.model_dump(scim_ctx=Context.DEFAULT, exclude={"id", "external_id", "meta", "groups"})
    del kept["schemas"]
    manager = kept.get(str(EnterpriseUser.__schema__), {}).get("manager")
    if manager:
        manager.pop("displayName", None)
        manager.pop("$ref", None)
        manager["value"] = manager_key_of(user)
    return kept


def key_of(text: str) -> str:
    """A name as it is compared: whatever its case, and however its letters are put together."""
    return normalize("NFC", normalize("NFC", text).lower())


def function_of(department: str) -> str:
    """The function a department's name tells; empty when it tells none."""
    words = f" {' '.join(''.join(c if c.isalnum() else ' ' for c in department.lower()).split())} "
    return next((name for name, told in FUNCTION_WORDS.items() if any(f" {each} " in words for each in told)), "")


def _name(user: User[Any]) -> str:
    name = user.name
    parts = (name.given_name, name.family_name) if name else ()
    candidates = (user.display_name, name.formatted if name else None, " ".join(filter(None, parts)), user.user_name)
    cleaned = (NameField(required=False).to_python(each) for each in candidates)
    return next((each for each in cleaned if each), "?")[:LONGEST_NAME]


def _addresses(user: User[Any]) -> list[str]:
    """The primary address, then the others in their order; the user name where it is one and there is no other."""
    given = sorted(user.emails or [], key=lambda each: not each.primary)
    found = [each.value.strip().lower() for each in given if each.value and _is_address(each.value.strip())]
    if not found and _is_address(user.user_name or ""):
        found = [str(user.user_name).lower()]
    return list(dict.fromkeys(found))


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= 254


@cache
def _zones() -> frozenset[str]:
    """The names of all time zones; they are read from a folder, once."""
    return frozenset(available_timezones())


def _language(told: str) -> str:
    """The language of a tag like `de-DE`, if the pages speak it."""
    code = told.replace("_", "-").partition("-")[0].lower()
    return code if code in dict(settings.LANGUAGES) else ""
