"""`equipoise token`: what other programs show instead of a sign-in."""

import os
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from equipoise.cli.errors import Refused, unusable

if TYPE_CHECKING:
    from equipoise.apps.people.models import Person

PATIENCE_SECONDS = 60
"""So long a server that is starting may take to make its tables."""

DATA = click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("data"),
    show_default=True,
    help="Folder of the database and the keys, the same as the server's.",
)


@click.group()
def token() -> None:
    """Tokens for the API and for directories (SCIM). The server may go on running."""


@token.command("create")
@DATA
@click.option(
    "--scope",
    "scopes",
    type=click.Choice(["scim", "read", "write"]),
    multiple=True,
    required=True,
    help="What it allows; may be given more than once. Who may write may read. scim is the organisation's.",
)
@click.option("--person", metavar="EMAIL", help="Whose it is: it opens what this person may see.")
@click.option("--organisation", is_flag=True, help="It is the organisation's: people and teams, nobody's own records.")
@click.option("--name", default="", metavar="TEXT", help="What it is for.  [default: command line]")
@click.option("--days", type=click.IntRange(1, 3650), help="It ends by itself after so many days.  [default: never]")
def create(
    data: Path, scopes: tuple[str, ...], person: str | None, organisation: bool, name: str, days: int | None
) -> None:
    """Make a token and print it, and nothing else. It is shown this once.

    With neither --person nor --organisation it is the machine owner's; if there is none, that of the person the demo
    begins with; else the organisation's.

    \b
    Examples:
      equipoise token create --data ~/equipoise --scope read
      equipoise token create --data /srv/equipoise --scope scim --name "Our directory"
      equipoise token create --data /srv/equipoise --scope write --person ada@example.org --days 90

    Exit codes: 0 made, 2 wrong usage, 3 refused (folder not writable, database unusable, nobody of that address).
    """
    if person and organisation:
        raise click.UsageError("Give --person or --organisation, not both.")
    if person and "scim" in scopes:
        raise click.UsageError("A token with the scope scim is the organisation's; leave --person away.")
    _start(data)
    from django.db import DatabaseError
    from django.utils import timezone

    from equipoise.apps.integrations import actions
    from equipoise.platform.api import Scope

    now = timezone.now()
    try:
        secret = actions.make_token(
            actor=None,
            person=_holder(person, organisation=organisation or "scim" in scopes),
            name=name[:120] or "Command line",
            scopes=set(map(Scope, scopes)),
            expires_at=now + timedelta(days=days) if days else None,
            now=now,
        )
    except DatabaseError as error:
        raise unusable(error, data) from error
    click.echo(secret)


@token.command("list")
@DATA
def list_(data: Path) -> None:
    """List all tokens that were not ended: number, whose, scopes, last use, end, name."""
    _start(data)
    from equipoise.apps.integrations import queries

    for each in queries.all_tokens():
        if each.ended_at is None:
            whose = each.person.email if each.person else "organisation"
            ends = each.expires_at.date().isoformat() if each.expires_at else "never"
            used = each.used_on.isoformat() if each.used_on else "never"
            click.echo(f"{each.pk:>6}  {whose}  {'+'.join(each.scopes)}  used {used}  ends {ends}  {each.name}")


@token.command("end")
@DATA
@click.argument("number", type=click.IntRange(1))
def end(data: Path, number: int) -> None:
    """End the token with this NUMBER, from the list: it opens nothing from now on."""
    _start(data)
    from django.utils import timezone

    from equipoise.apps.integrations import actions, queries

    found = next((each for each in queries.all_tokens() if each.pk == number and each.ended_at is None), None)
    if found is None:
        raise Refused(f"There is no token {number}. See equipoise token list.")
    actions.end_token(actor=None, token=found, now=timezone.now())
    click.echo(f"Token {number} opens nothing any more.", err=True)


def _holder(email: str | None, *, organisation: bool) -> "Person | None":
    from equipoise.apps.integrations import queries

    if organisation:
        return None
    if email is None:
        return queries.holder_unsaid()
    found = queries.holder_named(email)
    if found is None:
        raise Refused(f"Nobody here signs in with {email}. Give another --person.")
    return found


def _start(data: Path) -> None:
    """Make Django ready, and the tables if there are none yet.

    Raises:
        Refused: When the folder cannot be written, or the database is of another version.
    """
    os.umask(0o077)
    try:
        data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refused(f"Cannot write to {data} ({error.strerror}). Choose another folder with --data.") from error
    os.environ["DJANGO_SETTINGS_MODULE"] = "equipoise.config.settings"
    os.environ["EQUIPOISE_DATA"] = str(data)
    import django
    from django.db import DatabaseError

    django.setup()
    try:
        _make_tables(data)
    except DatabaseError as error:
        raise unusable(error, data) from error


def _make_tables(data: Path) -> None:
    from django.core.management import call_command

    from equipoise.cli.serve import is_served

    patient_until = time.monotonic() + PATIENCE_SECONDS
    while (state := _tables()) != "there":
        if is_served(data):  # a server that is starting makes them itself
            if time.monotonic() > patient_until:
                raise Refused(f"The server of {data} has not made its tables yet. Try again in a moment.")
            time.sleep(0.2)
        elif state == "none":
            call_command("migrate", verbosity=0, interactive=False)
        else:
            raise Refused(f"The database in {data} is not up to date. Start equipoise serve of this version first.")


def _tables() -> str:
    """Whether all tables are "there", "none" is, or they are "behind"."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return "there"
    return "behind" if executor.loader.applied_migrations else "none"
