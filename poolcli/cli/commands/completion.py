"""The command that prints a shell completion script."""

import click

from poolcli.cli.headings import Command
from poolcli.cli.summaries import COMPLETION, SUMMARIES

__all__ = ["completion_command"]

_HELP = f"""{SUMMARIES["completion"]}.

\b
Examples:
  poolcli completion bash >> ~/.bashrc
  poolcli completion zsh >> ~/.zshrc
  poolcli completion fish > ~/.config/fish/completions/poolcli.fish
"""


@click.command("completion", cls=Command, help=_HELP)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion_command(context: click.Context, shell: str) -> None:
    """Print the script."""
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None
    made = kind(context.find_root().command, {}, "poolcli", COMPLETION)
    # Not source(), which runs bash to find out its version, and complains of an old one.
    click.echo(made.source_template % made.source_vars())
