"""When a calendar is asked again."""

import secrets
from datetime import timedelta

ADDRESS_EVERY = timedelta(hours=6)
ACCOUNT_EVERY = timedelta(minutes=15)
"""An account's server tells in one short answer that nothing is new, so that it may be asked often."""
LONGEST = timedelta(days=1)
WHOLE_EVERY = timedelta(days=30)
"""Entries that repeat without end are laid out anew this often."""
FIRST_RETRY, LONGEST_RETRY = timedelta(minutes=1), timedelta(hours=6)
SPREAD = 0.1
"""Waits differ by up to this share, so that servers are not asked by everybody at once."""


def next_reading(every: timedelta, *, failures: int, retry_after: timedelta | None, spread: float) -> timedelta:
    """How long to wait before a calendar is read again.

    Args:
        every: The usual wait.
        failures: Readings that failed since the last success; each doubles the wait, up to `LONGEST`.
        retry_after: How long the server asked to be left alone.
        spread: Between -1 and 1, by chance.
    """
    wait = min(every * float(2 ** min(failures, 20)), max(LONGEST, every)) * (1 + SPREAD * spread)
    return max(wait, retry_after or timedelta(0))


def next_try(tries: int, *, retry_after: timedelta | None, spread: float) -> timedelta:
    """How long to wait before an entry that could not be written is tried again, after so many tries."""
    wait = min(FIRST_RETRY * float(2 ** min(max(tries - 1, 0), 20)), LONGEST_RETRY) * (1 + SPREAD * spread)
    return max(wait, retry_after or timedelta(0))


def by_chance() -> float:
    """A number between -1 and 1."""
    return secrets.SystemRandom().uniform(-1, 1)
