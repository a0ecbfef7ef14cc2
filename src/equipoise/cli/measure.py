"""`equipoise measure`: from calendars to how much their owner leads and manages."""

import re
from datetime import datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from equipoise.cli.zones import zone_named

FORMATS = ("text", "json", "csv", "svg", "html")
CLOCK_RANGE = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")


class Zone(click.ParamType[ZoneInfo]):
    """A time zone by its IANA name."""

    name = "zone"

    def convert(self, value: str | ZoneInfo, param: click.Parameter | None, ctx: click.Context | None) -> ZoneInfo:
        """Look the name up."""
        if isinstance(value, ZoneInfo):
            return value
        zone = zone_named(value)
        if zone is None:
            self.fail(f"'{value}' is no time zone; give an IANA name such as Europe/Berlin.", param, ctx)
        return zone


class WorkingDay(click.ParamType[tuple[time, time]]):
    """Working hours such as 9:00-17:00."""

    name = "hours"

    def convert(
        self, value: str | tuple[time, time], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[time, time]:
        """Read two times of day, the second later."""
        if isinstance(value, tuple):
            return value
        found = CLOCK_RANGE.fullmatch(value.strip())
        try:
            first, second, third, fourth = (int(each) for each in found.groups()) if found else (0, 0, 0, 0)
            opens, closes = time(first, second), time(third, fourth)
        except ValueError:
            opens = closes = time()
        if closes <= opens:
            self.fail(f"'{value}' are no working hours; give two times of a day, such as 9:00-17:00.", param, ctx)
        return opens, closes


DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("calendars", nargs=-1, required=True, metavar="CALENDAR...")
@click.option("--me", multiple=True, metavar="ADDRESS", help="Your mail address in the calendar; may be repeated.")
@click.option("--inside", multiple=True, metavar="DOMAIN", help="A mail domain of your organisation; may be repeated.")
@click.option("--from", "start", type=DAY, metavar="YYYY-MM-DD", help="First day measured.")
@click.option("--to", "end", type=DAY, metavar="YYYY-MM-DD", help="First day no longer measured.")
@click.option("--zone", type=Zone(), metavar="ZONE", help="Your time zone, such as Europe/Berlin; else the machine's.")
@click.option(
    "--unplanned-hours",
    type=click.FloatRange(min=0, max=168),
    metavar="HOURS",
    help="Hours a week of unplanned talk, which calendars do not hold.",
)
@click.option(
    "--all-day-hours",
    type=WorkingDay(),
    metavar="9:00-17:00",
    help="Count all-day entries, such as off-sites, as these hours of each working day.",
)
@click.option("--all-day-matching", multiple=True, metavar="WORD", help="... but only those with WORD in the title.")
@click.option("--format", "shape", type=click.Choice(FORMATS), default="text", show_default=True, help="What to write.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write to.")
@click.option("--allow-private-hosts", is_flag=True, help="Read addresses on this machine or a private network too.")
def measure(
    calendars: tuple[str, ...],
    me: tuple[str, ...],
    inside: tuple[str, ...],
    start: datetime | None,
    end: datetime | None,
    zone: ZoneInfo | None,
    unplanned_hours: float | None,
    all_day_hours: tuple[time, time] | None,
    all_day_matching: tuple[str, ...],
    shape: str,
    output: Path | None,
    allow_private_hosts: bool,
) -> None:
    """Read calendars and measure leading and managing.

    CALENDAR is an .ics file, a folder of them, a zip archive, a web address (https or webcal), or - for standard
    input. Copies of one entry in several calendars count once.

    Without --from and --to the last twelve whole weeks that hold evidence are measured. Entries that are declined,
    cancelled, shown as free or all day are left out; entries at the same time share it; private ones count by their
    length only. All figures come with their 90 % interval.

    \b
    Examples:
      equipoise measure calendar.ics --me you@example.org
      equipoise measure ~/calendars --from 2026-01-01 --to 2026-04-01 --zone Europe/Berlin
      equipoise measure calendar.ics --unplanned-hours 5 --format html --output balance.html
      equipoise measure calendar.ics --all-day-hours 9:00-17:00 --all-day-matching off-site

    Exit codes: 0 measured (entries that could not be read are named on standard error), 2 wrong usage, 3 a calendar
    could not be read and nothing was measured, 4 the output could not be written.
    """
    from equipoise.cli.measuring import Order, carry_out

    carry_out(
        Order(
            calendars=calendars,
            me=me,
            inside=inside,
            start=start.date() if start else None,
            end=end.date() if end else None,
            zone=zone,
            unplanned_hours=unplanned_hours,
            all_day_hours=all_day_hours,
            all_day_words=all_day_matching,
            shape=shape,
            output=output,
            allow_private_hosts=allow_private_hosts,
        )
    )
