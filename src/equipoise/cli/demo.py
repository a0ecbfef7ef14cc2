"""`equipoise demo`: the demo agency's calendars as files."""

from datetime import date, datetime
from pathlib import Path

import click

from equipoise.cli.errors import OutputRefused


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), metavar="FOLDER")
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day it is for them: 26 weeks lie before it, four after.  [default: today]",
    metavar="YYYY-MM-DD",
)
def demo(folder: Path, until: datetime | None) -> None:
    """Write the calendars of the demo agency, one .ics file a person.

    Forty invented people of an advertising agency; the same day gives the same files, to the byte.

    \b
    Example:
      equipoise demo demo-calendars --until 2026-11-23
      equipoise measure demo-calendars/lena.ics --me lena.hartmann@kestrel-and-finch.example
    """
    from equipoise.adapters.demo_agency import agency, calendar_of

    day = until.date() if until else date.today()  # noqa: DTZ011 - the day on this machine's clock is meant
    people = agency().people
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for person in people:
            (folder / f"{person.key}.ics").write_bytes(calendar_of(person.key, until=day))
    except OSError as error:
        raise OutputRefused(f"Cannot write to {folder}: {error.strerror}.") from error
    click.echo(f"{len(people)} calendars are in {folder}.")
