"""The command that shows the help of another."""

import click

from poolcli.cli.headings import Command
from poolcli.cli.summaries import SUMMARIES

__all__ = ["help_command"]

_HELP = f"""{SUMMARIES["help"]}, or the list of all commands.

\b
Examples:
  poolcli help
  poolcli help max   # the same as poolcli max --help
"""


def _names(_context: click.Context, _argument: click.Parameter, incomplete: str) -> list[str]:
    """Complete the name of a command."""
    return [name for name in SUMMARIES if name.startswith(incomplete)]


@click.command("help", cls=Command, help=_HELP)
@click.argument("command", metavar="[COMMAND]", required=False, shell_complete=_names)
@click.pass_context
def help_command(context: click.Context, command: str | None) -> None:
    """Do what the command does with ``--help``."""
    root = context.find_root()
    words = ["--help"] if command is None else [command, "--help"]
    with root.command.make_context(root.info_name, words) as again:
        root.command.invoke(again)
