"""What the command line says when it cannot go on: one sentence on standard error, and an exit code of its own."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import click

from equipoise.platform.refusals import WrongSetting


class InputUnreadable(click.ClickException):
    """What was to be read is missing, broken or refused; nothing was measured."""

    exit_code = 3


class OutputRefused(click.ClickException):
    """What was to be written could not be written."""

    exit_code = 4


class Refused(click.ClickException):
    """A server or worker cannot start like this; the message says why and what to do."""

    exit_code = 3


def unusable(error: Exception, data: Path) -> Refused:
    """What to say of a database that cannot be used."""
    sentence = str(error).strip().splitlines()[0]
    return Refused(f"The database cannot be used ({sentence}). Check EQUIPOISE_DATABASE_URL and {data}.")


UNFORESEEN = 70


def run_without_traceback(command: Callable[[], object]) -> object:
    """Run a command; an error nobody foresaw becomes a sentence, unless EQUIPOISE_DEBUG asks for all of it."""
    try:
        return command()
    except WrongSetting as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(Refused.exit_code)
    except Exception as error:
        if os.environ.get("EQUIPOISE_DEBUG"):
            raise
        _give_up(error)


def _give_up(error: Exception) -> NoReturn:
    what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    click.echo(
        f"Error: Equipoise failed in a way nobody foresaw ({what}). "
        "Please report it with the output that EQUIPOISE_DEBUG=1 gives.",
        err=True,
    )
    sys.exit(UNFORESEEN)
