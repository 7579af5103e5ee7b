"""The command that shows a picture in the terminal, and what shows one before and after."""

from pathlib import Path
from typing import Any

import click

from poolcli.cli import options as shared
from poolcli.cli.printing import write

__all__ = ["preview_files", "preview_option", "show_command", "winners_option"]

_HELP = """Show a picture in the terminal: half blocks in colour, or signs where there is no colour.

\b
Examples:
  poolcli show photo.png
  poolcli show photo.png --width 40
  NO_COLOR=1 poolcli show photo.png --invert   # signs, for a light background
"""

_PATH = click.Path(path_type=Path, readable=False)

preview_option = click.option(
    "--preview", is_flag=True, help="Show the picture before and after in the terminal."
)


winners_option = click.option(
    "--winners",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="MASK",
    help="Also write a picture of the pixels whose value was kept: white among black.",
)


@click.command("show", help=_HELP)
@click.argument("source", type=_PATH)
@click.option(
    "--width", type=click.IntRange(1, 1000), metavar="N", help="Columns.  [default: what fits]"
)
@click.option("--invert", is_flag=True, help="Take signs as dark on a light background.")
@shared.reading_options
def show_command(source: Path, width: int | None, invert: bool, **options: Any) -> None:
    """Print the picture and its shape."""
    from poolcli.jobs.looking import look
    from poolcli.views.blocks import shown
    from poolcli.views.lines import shape_text
    from poolcli.views.terminal import Terminal

    seen = look(source, shared.reading_from(options))
    terminal = Terminal()
    terminal.show(shown(seen, terminal, width, invert=invert))
    write(f"{source}: {shape_text(seen.shape)}")


def preview_files(source: Path, destination: Path) -> None:
    """Print a source and its destination side by side; behind a task that has been performed."""
    from poolcli.jobs.looking import look
    from poolcli.views.blocks import preview
    from poolcli.views.terminal import Terminal

    terminal = Terminal()
    terminal.show(preview(look(source), look(destination), terminal))
