"""Completion of poolcli's words by the shell."""

import click

from poolcli.cli.summaries import COMPLETION

__all__ = ["completion_command"]

_HELP = """Print a script that makes the shell complete poolcli's words.

\b
Examples:
  poolcli completion bash >> ~/.bashrc
  poolcli completion zsh >> ~/.zshrc
  poolcli completion fish > ~/.config/fish/completions/poolcli.fish
"""


@click.command("completion", help=_HELP)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion_command(context: click.Context, shell: str) -> None:
    """Print the script."""
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None
    made = kind(context.find_root().command, {}, "poolcli", COMPLETION)
    # Not source(), which runs bash to see how old it is, and prints what it thinks of it.
    click.echo(made.source_template % made.source_vars())
