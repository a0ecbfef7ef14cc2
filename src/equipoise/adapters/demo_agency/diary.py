"""Who is free when: quarter hours between seven and ten at night, one bit each."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache

OPENS = 7 * 60
SLOTS = 60
QUARTER = 15


class Diary:
    """The times already taken, by person and day.

    It is filled while a plan is made and thrown away afterwards.
    """

    def __init__(self) -> None:
        """A diary in which everybody is free."""
        self._taken: dict[tuple[str, date], int] = {}
        self._away: set[tuple[str, date]] = set()

    def send_away(self, key: str, day: date) -> None:
        """Note that someone is on leave, ill or travelling that day."""
        self._away.add((key, day))

    def away(self, key: str, day: date) -> bool:
        """Whether someone is away that day."""
        return (key, day) in self._away

    def taken(self, keys: Iterable[str], day: date) -> int:
        """The quarter hours of a day at which one of these people or more is not free (leave is not looked at)."""
        taken = 0
        for key in keys:
            taken |= self._taken.get((key, day), 0)
        return taken

    def take(self, keys: Iterable[str], start: datetime, minutes: int) -> None:
        """Note the time as taken for these people."""
        wanted = quarters(start.time(), minutes)
        day = start.date()
        for key in keys:
            self._taken[key, day] = self._taken.get((key, day), 0) | wanted

    def first_free(
        self, keys: Sequence[str], day: date, minutes: int, starts: Iterable[int], *, closes: int
    ) -> datetime | None:
        """The first of `starts` (minutes after midnight) at which all are free until the end, or `None`.

        Args:
            keys: The people who must be free.
            day: The day.
            minutes: How long.
            starts: Candidates in the order of preference.
            closes: Minutes after midnight at which the working day ends.
        """
        taken = self.taken(keys, day)
        block = (1 << -(-minutes // QUARTER)) - 1
        for start in starts:
            if start + minutes <= closes and not taken & (block << ((start - OPENS) // QUARTER)):
                return datetime.combine(day, time(start // 60, start % 60))
        return None


@lru_cache(maxsize=1024)
def quarters(start: time, minutes: int) -> int:
    """The quarter hours a meeting takes, one bit each, from the first of the day on."""
    offset = start.hour * 60 + start.minute - OPENS
    first = max(0, offset // QUARTER)
    last = min(SLOTS, -(-(offset + minutes) // QUARTER))
    return ((1 << max(0, last - first)) - 1) << first


def nearby(start: datetime) -> list[datetime]:
    """Times to try in turn when a wished time is taken: that time, then up to three hours later or earlier."""
    steps = (0, 30, -30, 60, -60, 90, -90, 120, -120, 150, 180, -180, 15, -15, 45, -45, 75, -75)
    times = [start + timedelta(minutes=step) for step in steps]
    return [moved for moved in times if moved == start or 8 <= moved.hour < 19]
