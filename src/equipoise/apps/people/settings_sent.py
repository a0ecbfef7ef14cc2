"""Types of settings that programs send: time zones, languages, colours."""

from enum import StrEnum
from functools import cache
from typing import Annotated
from zoneinfo import available_timezones

from django.utils.translation import gettext as _
from pydantic import AfterValidator, Field

from equipoise.platform.api import CannotBe


class Language(StrEnum):
    """Languages the pages speak."""

    ENGLISH = "en"
    GERMAN = "de"


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _zone(name: str) -> str:
    if name not in _zones():
        raise CannotBe(_("There is no time zone “%(zone)s”. Give one such as Europe/Berlin.") % {"zone": name})
    return name


Zone = Annotated[
    str,
    Field(max_length=64, pattern=r"^[A-Za-z][A-Za-z0-9_+/-]*$", examples=["Europe/Berlin"]),
    AfterValidator(_zone),
]
"""A time zone by its name in the tz database; 409 when there is none of that name."""


class Theme(StrEnum):
    """Colours of the pages."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"
