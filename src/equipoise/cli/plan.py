"""`equipoise plan`: from calendars and wishes to a proposed week."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from equipoise.cli.measure import DAY, Zone

FORMATS = ("text", "json", "ics")


@click.command()
@click.option("--calendar", "calendars", multiple=True, metavar="FILE", help="A calendar to plan around; repeatable.")
@click.option(
    "--wishes",
    required=True,
    type=click.Path(path_type=Path),
    metavar="WISHES.toml",
    help="What shall be placed, and in what frame.",
)
@click.option("--week", required=True, type=DAY, metavar="YYYY-MM-DD", help="Any day of the week to plan.")
@click.option("--zone", type=Zone(), metavar="ZONE", help="Your time zone, such as Europe/Berlin; else the machine's.")
@click.option("--me", multiple=True, metavar="ADDRESS", help="Your mail address in the calendar; may be repeated.")
@click.option("--format", "shape", type=click.Choice(FORMATS), default="text", show_default=True, help="What to write.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write to.")
@click.option("--allow-private-hosts", is_flag=True, help="Read addresses on this machine or a private network too.")
@click.argument("more", nargs=-1, metavar="[FILE...]")
def plan(
    calendars: tuple[str, ...],
    wishes: Path,
    week: datetime,
    zone: ZoneInfo | None,
    me: tuple[str, ...],
    shape: str,
    output: Path | None,
    allow_private_hosts: bool,
    more: tuple[str, ...],
) -> None:
    """Propose a week: the best places for what you wish for, around what is fixed.

    Reads a file of wishes, and calendars as `equipoise measure` does: .ics files, folders, zip archives, web
    addresses, or - for standard input. What stands in the calendar stays; each proposed block comes with its reason.
    Nothing is written to any calendar: with --format ics you get one to import.

    \b
    Examples:
      equipoise plan --calendar calendar.ics --wishes wishes.toml --week 2026-11-23 --zone Europe/Berlin
      equipoise plan --calendar work.ics --calendar home.ics --wishes wishes.toml --week 2026-11-23 --format ics

    Exit codes: 0 planned, 2 wrong usage, 3 a calendar or the wishes could not be read, 4 the output could not be
    written, 5 what must be placed cannot be, or nothing can (what can be is written all the same, and the conflict).
    """
    from equipoise.cli.planning import Order, carry_out

    carry_out(
        Order(
            calendars=(*calendars, *more),
            wishes=wishes,
            week=week.date(),
            zone=zone,
            me=me,
            shape=shape,
            output=output,
            allow_private_hosts=allow_private_hosts,
        )
    )
