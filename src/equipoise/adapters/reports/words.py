"""The words in which a reading is said, in plain English; shared by all reports."""

from datetime import date, timedelta

from equipoise.core.facets import Purpose
from equipoise.core.timeuse.counting import Counted, Reason
from equipoise.core.timeuse.reading import Notice, TimeReading
from equipoise.core.timeuse.uncertainty import Interval

REASONS: dict[Reason, str] = {
    Reason.OUTSIDE_PERIOD: "outside the period",
    Reason.CANCELLED: "cancelled",
    Reason.DECLINED: "declined",
    Reason.FREE: "shown as free",
    Reason.ALL_DAY: "all day",
    Reason.ZERO_LENGTH: "without length",
    Reason.DAY_OR_LONGER: "24 hours or longer",
    Reason.SHARED: "shared with other entries at the same time",
}
NOTICES: dict[Notice, str] = {
    Notice.NOTHING_COUNTED: "No entry of this period counts as work time, so nothing can be measured.",
    Notice.TOO_FEW_WEEKS: "Fewer than two weeks hold any hours: not enough evidence for shares, leans or intervals.",
    Notice.MUCH_UNCLEAR: (
        "More than a quarter of the hours are unclear: titles that say what an entry is for would sharpen the picture."
    ),
    Notice.UNPLANNED_UNKNOWN: (
        "Unplanned talk is not known. Calendars do not hold it and it leans to managing, so leading may be "
        "overstated; say how many hours a week it takes with --unplanned-hours."
    ),
}
TOO_LITTLE = "not enough evidence"


def purpose_name(purpose: Purpose) -> str:
    """A purpose as it is written at the start of a line."""
    return purpose.value.capitalize()


def day_name(day: date) -> str:
    """A day in words, such as `1 January 2020`."""
    return f"{day.day} {day:%B} {day.year}"


def period_name(counted: Counted) -> str:
    """The period in words, both days included, with the zone."""
    last = counted.end - timedelta(days=1)
    return f"{day_name(counted.start)} to {day_name(last)} ({counted.zone.key})"


def percent(share: float) -> str:
    """A share in whole percent, without the sign."""
    return f"{100 * share:.0f}"


def percent_range(interval: Interval) -> str:
    """The ends of an interval of shares in whole percent."""
    return f"{percent(interval.low)} to {percent(interval.high)}"


def lean_words(interval: Interval | None) -> str:
    """A lean with its interval."""
    if interval is None:
        return TOO_LITTLE
    return f"{interval.value:+.2f} ({interval.low:+.2f} to {interval.high:+.2f})"


def headline(reading: TimeReading) -> str:
    """The reading in one sentence."""
    share = reading.leading.share
    if share is None:
        return "We can't tell yet how much you lead and how much you manage: not enough evidence."
    if share.tells_nothing:
        return f"We can't tell yet how much you lead: anything from {percent_range(share)} % is possible."
    return f"You lead {percent(share.value)} % of the time you lead or manage ({percent_range(share)})."


def evidence_words(reading: TimeReading) -> str:
    """The denominator in one sentence."""
    counted = reading.counted.counted
    entries = "1 entry" if counted.entries == 1 else f"{counted.entries:,} entries"
    weeks = sum(1 for each in reading.weeks if sum(each.hours) > 0)
    of_weeks = "1 week" if len(reading.weeks) == 1 else f"{len(reading.weeks)} weeks"
    return f"Measured from {entries} and {counted.hours:,.1f} hours in {weeks} of {of_weeks}."


def behaviour_words(index: Interval | None) -> str:
    """The behaviour index in one sentence."""
    if index is None:
        return (
            "Behaviour index: not enough evidence (it needs 10 hours and 15 entries with other people named in them)."
        )
    if index.low > 0.5 or index.high < 0.5:
        side = "leader-like" if index.low > 0.5 else "manager-like"
        return f"Behaviour index: {index.value:.2f} ({index.low:.2f} to {index.high:.2f}), {side}."
    return f"Behaviour index: {index.value:.2f} ({index.low:.2f} to {index.high:.2f}), which does not tell either way."


def unplanned_words(reading: TimeReading) -> str | None:
    """Unplanned talk in one sentence; `None` when it is not known."""
    unplanned = reading.unplanned
    if unplanned is None:
        return None
    start = f"With {unplanned.weekly_hours:g} hours a week of unplanned talk, which leans to managing,"
    if unplanned.leading_share is None:
        return f"{start} we can't tell the share either."
    share = unplanned.leading_share
    return f"{start} you would lead {percent(share.value)} % ({percent_range(share)})."
