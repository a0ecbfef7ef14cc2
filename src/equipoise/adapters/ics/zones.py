"""From the names calendars give to time zones to the zones themselves."""

import re
from datetime import UTC, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from equipoise.adapters.ics.vtimezones import defined_zone


class Zones:
    """The time zones of one VCALENDAR.

    A name is looked up as an IANA name, then among Windows names, then in the calendar's own VTIMEZONE, then as an
    IANA name in other letters or behind a prefix (`/mozilla.org/20050126_1/Europe/Berlin`). A name nobody knows is
    read in the reading's own zone, and `unknown` says so.
    """

    def __init__(self, own: ZoneInfo, definitions: dict[str, str]) -> None:
        """Keep the reading's zone and the calendar's VTIMEZONE texts by TZID."""
        self.own = own
        self.unknown: list[str] = []
        self._definitions = definitions
        self._found: dict[str, tzinfo] = {}

    def named(self, name: str) -> tzinfo:
        """The zone of a TZID; the reading's own zone when nobody knows the name."""
        if name not in self._found:
            self._found[name] = self._look_up(name)
        return self._found[name]

    def _look_up(self, name: str) -> tzinfo:
        found = _iana(name) or _windows(name) or self._defined(name) or _loosely(name)
        if found is None:
            self.unknown.append(name)
            return self.own
        return found

    def _defined(self, name: str) -> tzinfo | None:
        text = self._definitions.get(name)
        return None if text is None else defined_zone(name, text)


def _iana(name: str) -> tzinfo | None:
    if name in {"UTC", "Etc/UTC", "GMT", "Etc/GMT", "Z"}:
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _windows(name: str) -> tzinfo | None:
    """A Windows zone name by the Unicode CLDR table that icalendar carries."""
    if " " not in name and "/" in name:
        return None
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON  # noqa: PLC0415  # slow; few files need it

    known = WINDOWS_TO_OLSON.get(name)
    return None if known is None else _iana(known)


@lru_cache(maxsize=1)
def _by_lower_name() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones()}


def _loosely(name: str) -> tzinfo | None:
    """An IANA name in other letters, with spaces, or after a vendor's prefix."""
    parts = re.split(r"/+", name.strip(" /").replace(" ", "_").lower())
    for first in range(len(parts)):
        known = _by_lower_name().get("/".join(parts[first:]))
        if known is not None and (first == 0 or "/" in known):
            return _iana(known)
    return None
