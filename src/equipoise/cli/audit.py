"""`equipoise audit`: whether anybody meddled with the audit trail."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from equipoise.cli.errors import Refused, unusable

if TYPE_CHECKING:
    from equipoise.platform.audit import Check


@click.group()
def audit() -> None:
    """The audit trail: who did what to whose records."""


@audit.command()
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("data"),
    show_default=True,
    help="Folder of the database and the keys, the same as the server's.",
)
@click.option("--known", default="", metavar="MARK", help="A mark that an earlier check printed, to be looked for.")
def check(data: Path, known: str) -> None:
    """Check that no entry was changed, taken out, put in or moved. The server may go on running.

    Prints how many entries there are, and the mark of the last one. Note the mark elsewhere: with --known, a later
    check says whether the trail still holds what it held then.

    \b
    Example:
      equipoise audit check --data /srv/equipoise

    Exit codes: 0 whole, 1 broken, 2 wrong usage, 3 refused (no database there, or one of another version).
    """
    if not data.is_dir():
        raise Refused(f"There is no folder {data}. Give the server's folder with --data.")
    os.environ["DJANGO_SETTINGS_MODULE"] = "equipoise.config.settings"
    os.environ["EQUIPOISE_DATA"] = str(data)
    import django

    django.setup()
    from django.db import DatabaseError

    from equipoise.platform import audit as trail

    try:
        found = trail.check(known=known)
    except DatabaseError as error:
        raise unusable(error, data) from error
    click.echo("\n".join(_sentences(found)))
    sys.exit(0 if found.whole else 1)


def _sentences(found: "Check") -> list[str]:
    told = [f"{found.entries} entries are there; {found.shortened} were taken out by their time."]
    if found.broken:
        numbers = ", ".join(map(str, found.broken[:10])) + (" and more" if len(found.broken) > 10 else "")
        told.append(f"The chain is broken at {numbers}: these are not what was written, or do not follow on.")
    if not found.complete:
        told.append("The end is not what was written last: entries are missing, or the last link was changed.")
    if found.known is False:
        told.append("The mark you gave is not there: the trail was put back or made anew since.")
    if found.whole:
        told.append("The chain is whole.")
    return [*told, f"Mark: {found.mark}"] if found.mark else told
