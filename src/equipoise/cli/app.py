"""The `equipoise` command: each subcommand is a module of its own, loaded only when it is asked for."""

import importlib
from typing import Any

import click

from equipoise.cli.errors import run_without_traceback

COMMANDS = {
    "measure": ("equipoise.cli.measure", "measure", "Read calendars and measure leading and managing."),
    "classify": ("equipoise.cli.classify", "classify", "Say what each entry of a table is for."),
    "plan": ("equipoise.cli.plan", "plan", "Propose a week: places for what you wish for."),
    "demo": ("equipoise.cli.demo", "demo", "Write the demo agency's calendars as files."),
    "serve": ("equipoise.cli.serve", "serve", "Open the web application on this machine."),
    "worker": ("equipoise.cli.worker", "worker", "Do the work in the background apart from the server."),
    "token": ("equipoise.cli.token", "token", "Make, list and end the tokens other programs come with."),
    "audit": ("equipoise.cli.audit", "audit", "Check that nobody meddled with the audit trail."),
    "organisation": ("equipoise.cli.organisation", "organisation", "Export or import everything as one archive."),
}


class LazyGroup(click.Group):
    """A group that knows its commands' names and one-line helps, and imports one only when it runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of the main job."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of one command."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute, _ = COMMANDS[cmd_name]
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, _, line) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="equipoise", prog_name="equipoise")
def equipoise() -> None:
    """Lead and manage in balance.

    Reads a calendar and says how much of its time goes into leading and how much into managing, how sure that is,
    and what it is made of; proposes a week. Nothing leaves this machine unless you connect it.

    \b
    Start here:
      equipoise measure calendar.ics --me you@example.org
      equipoise serve --data ~/equipoise --demo
    """


def main() -> Any:
    """Run the command line; whatever goes wrong is said in one sentence."""
    return run_without_traceback(equipoise)
