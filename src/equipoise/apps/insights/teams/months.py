"""Months: when one is over, and which come before and after."""

from datetime import UTC, date, datetime, timedelta

CLOSES_AFTER = timedelta(days=2)
"""A month is closed on its successor's third day by UTC: then it is over everywhere, and calendars have been read."""


def first_day_after(first_day: date) -> date:
    """The first day of the month after."""
    return (first_day + timedelta(days=31)).replace(day=1)


def first_day_before(first_day: date) -> date:
    """The first day of the month before."""
    return (first_day - timedelta(days=1)).replace(day=1)


def closed_at(first_day: date) -> datetime:
    """When a month is closed."""
    return datetime.combine(first_day_after(first_day), datetime.min.time(), tzinfo=UTC) + CLOSES_AFTER


def latest_closed(now: datetime) -> date:
    """The first day of the latest month that is closed."""
    month = first_day_before(now.astimezone(UTC).date().replace(day=1))
    return month if closed_at(month) <= now else first_day_before(month)


def next_to_close(now: datetime) -> date:
    """The first day of the month that is closed next."""
    return first_day_after(latest_closed(now))
