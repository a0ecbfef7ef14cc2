"""Values of a TOML table, each checked for what it must be; what is wrong is said with file, table and key."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

from equipoise.core.planning.week import Moment

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FULL_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MOST_MINUTES = 7 * 24 * 60


class WishesUnreadable(ValueError):
    """The wishes cannot be read; the sentence names file, table and key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table of a file.

    Attributes:
        file: The file's name.
        name: As people write it, such as `[limits]` or `[[blocks]] 2`.
        values: What it holds.
    """

    file: str
    name: str
    values: Mapping[str, Any]

    def refuse(self, key: str, sentence: str) -> NoReturn:
        """Say what is wrong with a key.

        Raises:
            WishesUnreadable: Always.
        """
        raise WishesUnreadable(f"{self.file}: {self.name}: {key} {sentence}.")

    def allow(self, *keys: str) -> None:
        """Refuse keys nobody knows."""
        unknown = next((key for key in self.values if key not in keys), None)
        if unknown is not None:
            self.refuse(f"'{unknown}'", f"is not known here; known are {', '.join(keys)}")

    def has(self, key: str) -> bool:
        """Whether a key is there."""
        return key in self.values

    def need(self, key: str) -> None:
        """Refuse a table without a key."""
        if key not in self.values:
            self.refuse(key, "is missing")

    def whole(self, key: str, *, least: int, otherwise: int, most: int = MOST_MINUTES) -> int:
        """A whole number."""
        value = self.values.get(key, otherwise)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.refuse(key, f"must be a whole number from {least} to {most}, and is {_shown(value)}")
        return value

    def number(self, key: str) -> float:
        """A number of 0 or more."""
        value = self.values[key]
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e9:
            self.refuse(key, f"must be a number from 0 up, and is {_shown(value)}")
        return float(value)

    def yes(self, key: str) -> bool:
        """True or false; false when it is not there."""
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            self.refuse(key, f"must be true or false, and is {_shown(value)}")
        return value

    def text(self, key: str) -> str:
        """Some text that is not empty."""
        value = self.values.get(key)
        if not isinstance(value, str) or not value.strip():
            self.refuse(key, f"must be some text, and is {_shown(value)}" if key in self.values else "is missing")
        return str(value).strip()

    def choice(self, key: str, names: Sequence[str], otherwise: str) -> str:
        """One of some names."""
        value = self.values.get(key, otherwise)
        if not isinstance(value, str) or value.strip().casefold() not in names:
            self.refuse(key, f"must be one of {', '.join(names)}, and is {_shown(value)}")
        return value.strip().casefold()

    def days(self, key: str) -> frozenset[int]:
        """Weekdays by their names."""
        value = self.values.get(key)
        names = value if isinstance(value, list) else [value]
        found = {weekday_named(name) if isinstance(name, str) else None for name in names}
        if not found or None in found:
            self.refuse(key, f'must be a list of days such as ["mon", "tue"], and is {_shown(value)}')
        return frozenset(each for each in found if each is not None)

    def clock(self, key: str, otherwise: time | None = None) -> time:
        """A time of day; `24:00` is midnight at the end of it, written 00:00 here."""
        if key not in self.values and otherwise is not None:
            return otherwise
        self.need(key)
        found = clock_of(self.values[key])
        if found is None:
            self.refuse(key, f'must be a time of day such as "09:00", and is {_shown(self.values[key])}')
        return found

    def moment(self, key: str, zone: ZoneInfo) -> Moment | None:
        """A time of day, a weekday, both, or a date with or without a time; `None` when it is not there."""
        if key not in self.values:
            return None
        found = moment_of(self.values[key], zone)
        if found is None:
            self.refuse(
                key,
                'must be a time such as "09:00", a day such as "tue", both ("tue 09:00") or a date with a time, '
                f"and is {_shown(self.values[key])}",
            )
        return found


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if isinstance(value, str) else str(value)


def weekday_named(name: str) -> int | None:
    """The weekday of a name such as "tue" or "Tuesday"; `None` when there is none."""
    plain = name.strip().casefold()
    for names in (DAYS, FULL_DAYS):
        if plain in names:
            return names.index(plain)
    return None


def clock_of(value: object) -> time | None:
    """A time of day to the minute; `None` when the value is none."""
    if isinstance(value, time):
        return value.replace(second=0, microsecond=0) if value.tzinfo is None else None
    if not isinstance(value, str):
        return None
    hours, sep, minutes = value.strip().partition(":")
    if not sep or not (hours.isdecimal() and minutes.isdecimal() and len(hours) <= 2 and len(minutes) == 2):
        return None
    if (int(hours), int(minutes)) == (24, 0):
        return time(0)
    return time(int(hours), int(minutes)) if int(hours) < 24 and int(minutes) < 60 else None


def moment_of(value: object, zone: ZoneInfo) -> Moment | None:
    """A bound as people write it; `None` when the value is none.

    Example:
        >>> moment_of("tue 09:00", ZoneInfo("Europe/Berlin"))
        Moment(clock=datetime.time(9, 0), weekday=1, day=None)
    """
    if isinstance(value, datetime):
        try:
            shown = value.astimezone(zone) if value.tzinfo is not None else value
        except OverflowError:
            return None
        return Moment(day=shown.date(), clock=shown.time().replace(second=0, microsecond=0))
    if isinstance(value, date):
        return Moment(day=value)
    clock = clock_of(value)
    if clock is not None:
        return Moment(clock=clock)
    return _moment_in(value.strip(), zone) if isinstance(value, str) else None


def _moment_in(text: str, zone: ZoneInfo) -> Moment | None:
    first, _, rest = text.partition(" ")
    weekday, clock = weekday_named(first), clock_of(rest.strip())
    if weekday is not None and (clock is not None or not rest.strip()):
        return Moment(weekday=weekday, clock=clock)
    readers: tuple[Callable[[str], date], ...] = (date.fromisoformat, datetime.fromisoformat)
    for reader in readers:
        try:
            return moment_of(reader(text), zone)
        except ValueError:
            continue
    return None
