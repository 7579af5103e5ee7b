"""The commands by their names, each loaded when it is asked for."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import click

from poolcli.cli.garbage import enable_gc
from poolcli.cli.summaries import LINES

__all__ = ["LazyGroup"]

_POOLING = {"avg", "gem", "max", "median", "min", "mode"}


class LazyGroup(click.Group):
    """A group that knows of its commands no more than their lines until one is asked for.

    Parameters
    ----------
    finish : callable
        What is done to every command that is loaded.
    """

    def __init__(
        self, *arguments: Any, finish: Callable[[click.Command], None], **options: Any
    ) -> None:
        super().__init__(*arguments, **options)
        self.commands = {name: click.Command(name, help=line) for name, line in LINES.items()}
        self._finish = finish
        self._loaded: dict[str, click.Command] = {}

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of that name, from its module."""
        if cmd_name in self.commands and cmd_name not in self._loaded:
            self._loaded[cmd_name] = command = _command(cmd_name)
            self._finish(command)
        return self._loaded.get(cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of the commands, as a group of nothing but their lines does."""
        click.Group(commands=self.commands).format_commands(ctx, formatter)


def _command(name: str) -> click.Command:
    if name in _POOLING:
        from poolcli.cli.commands.pool import pool_command

        return pool_command(name)
    enable_gc()  # nearly: rich and NumPy are not, but what is done with them takes longer
    command: click.Command = getattr(
        import_module(f"poolcli.cli.commands.{name}"), f"{name}_command"
    )
    return command
