"""The group of all commands, each of which is loaded when it is asked for."""

from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

from poolcli.cli.garbage import enable_gc
from poolcli.cli.headings import Command, write_sections
from poolcli.cli.summaries import ALIASES, OTHER_COMMANDS, SUMMARIES
from poolcli.core.operations import OPERATIONS

__all__ = ["LazyGroup"]


class LazyGroup(Command, click.Group):
    """A group that knows only the names and summaries of its commands until one is asked for.

    Parameters
    ----------
    shared_options : sequence of click.Option
        Options that are added to every command.
    """

    def __init__(
        self, *arguments: Any, shared_options: Sequence[click.Option], **attributes: Any
    ) -> None:
        super().__init__(*arguments, **attributes)
        self._shared_options = shared_options

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names of all commands, without their aliases."""
        return list(SUMMARIES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return the command of this name or alias; load it if need be."""
        name = ALIASES.get(cmd_name, cmd_name)
        if name in SUMMARIES and name not in self.commands:
            self.commands[name] = command = _load(name)
            command.short_help = SUMMARIES[name]
            command.params.extend(self._shared_options)
        return self.commands.get(name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the first word names, by its own name if that is an alias.

        Raises
        ------
        click.UsageError
            If there is no such command.
        """
        word, *rest = args
        known = word in SUMMARIES or word in ALIASES
        if not known and not word.startswith("-") and not ctx.resilient_parsing:
            from poolcli.cli.suggestions import unknown

            raise click.UsageError(unknown("command", word, [*SUMMARIES, *ALIASES]), ctx)
        return super().resolve_command(ctx, [ALIASES.get(word, word), *rest])

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands, and then the options."""
        pooling = [(name, _summary(name)) for name in OPERATIONS]
        other = [(name, _summary(name)) for name in OTHER_COMMANDS]
        write_sections(formatter, [("Pooling commands", pooling), ("Other commands", other)])
        Command.format_options(self, ctx, formatter)


def _summary(name: str) -> str:
    aliases = ", ".join(alias for alias, meant in ALIASES.items() if meant == name)
    return f"{SUMMARIES[name]} (also: {aliases})" if aliases else SUMMARIES[name]


def _load(name: str) -> click.Command:
    if name in OPERATIONS:
        from poolcli.cli.commands.pool import pool_command

        return pool_command(name)
    enable_gc()  # rich and NumPy are not loaded yet, but using them takes longer than that
    module = import_module(f"poolcli.cli.commands.{name}")
    command: click.Command = getattr(module, f"{name}_command")
    return command
