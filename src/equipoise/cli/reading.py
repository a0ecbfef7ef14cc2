"""The calendars a command is given: read, and what is wrong with them said."""

import sys
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import click

from equipoise.adapters.ics import CalendarError, CalendarReading, EmptyCalendar, Upload, read_calendar
from equipoise.cli.errors import InputUnreadable
from equipoise.cli.progress import Bars

PROBLEMS_SHOWN = 100


class NoEntry(InputUnreadable):
    """What was read are calendars, but none of them holds an entry."""


def read_given(
    calendars: Sequence[str],
    *,
    me: Sequence[str],
    start: datetime | None,
    end: datetime,
    zone: ZoneInfo,
    inside: Sequence[str] = (),
    allow_private_hosts: bool,
) -> CalendarReading:
    """Read calendars, `-` from standard input, with a bar on a terminal; for the options see `read_calendar`.

    Raises:
        NoEntry: When there is none in them.
        InputUnreadable: When they cannot be read; its message is one sentence.
    """
    try:
        with Bars() as bars:
            return read_calendar(
                [_standard_input() if each == "-" else each for each in calendars],
                me=me,
                start=start,
                end=end,
                zone=zone,
                inside=inside,
                progress=bars.show,
                allow_private_hosts=allow_private_hosts,
            )
    except EmptyCalendar as error:
        raise NoEntry(str(error)) from error
    except CalendarError as error:
        raise InputUnreadable(str(error)) from error
    except OSError as error:
        named = f" {error.filename}" if error.filename else ""
        raise InputUnreadable(f"Cannot read{named}: {error.strerror or error}.") from error


def _standard_input() -> Upload:
    return Upload(name="standard input", content=sys.stdin.buffer.read())


def say_problems(reading: CalendarReading) -> None:
    """Say on standard error what could not be read as written."""
    for problem in reading.problems[:PROBLEMS_SHOWN]:
        place = f"{problem.source}:{problem.line}" if problem.line else problem.source
        click.echo(f"{place}: {problem.reason}.", err=True)
    more = len(reading.problems) - PROBLEMS_SHOWN
    if more > 0:
        click.echo(f"... and {more:,} more like these.", err=True)
