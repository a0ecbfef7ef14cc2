"""Small calendars on disk for the tests of the command line."""

from pathlib import Path

HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//equipoise//tests//EN\r\n"
WEEKLY = (
    ("strategy", "Strategy: where do we want to be in three years", "20260106T090000", 60),
    ("standup", "Sprint stand-up", "20260107T090000", 30),
    ("one", "1:1 with Tom, his development", "20260108T090000", 60),
    ("budget", "Budget against forecast, approve overspend", "20260109T090000", 90),
    ("cleaning", "Process review: hand-over checklist", "20260109T130000", 60),
)


def event(uid: str, title: str, start: str, minutes: int, *more: str) -> str:
    """One VEVENT."""
    lines = ["BEGIN:VEVENT", f"UID:{uid}", f"SUMMARY:{title}", f"DTSTART:{start}", f"DURATION:PT{minutes}M", *more]
    return "\r\n".join([*lines, "END:VEVENT", ""])


def calendar(*events: str) -> str:
    """A calendar of these events."""
    return f"{HEAD}{''.join(events)}END:VCALENDAR\r\n"


def weekly_calendar(folder: Path, *more: str, weeks: int = 8) -> Path:
    """A calendar of five weekly series over some weeks from 5 January 2026, and more."""
    series = (event(*each, f"RRULE:FREQ=WEEKLY;COUNT={weeks}") for each in WEEKLY)
    file = folder / "calendar.ics"
    file.write_text(calendar(*series, *more), encoding="utf-8", newline="")
    return file
