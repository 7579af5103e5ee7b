"""The command that shows a picture in the terminal."""

from pathlib import Path
from typing import Any

import click

from poolcli.cli import options as shared
from poolcli.cli.printing import write

__all__ = ["show_command"]

_HELP = """Show a picture in the terminal: half blocks in colour, or signs where there is no colour.

\b
Examples:
  poolcli show photo.png
  poolcli show photo.png --width 40
  NO_COLOR=1 poolcli show photo.png --invert   # signs, for a light background
"""

_PATH = click.Path(path_type=Path, readable=False)


@click.command("show", help=_HELP)
@click.argument("source", type=_PATH)
@click.option(
    "--width", type=click.IntRange(1, 1000), metavar="N", help="Columns.  [default: what fits]"
)
@click.option("--invert", is_flag=True, help="Take signs as dark on a light background.")
@shared.reading_options
def show_command(source: Path, width: int | None, invert: bool, **options: Any) -> None:
    """Print the picture and its shape."""
    from poolcli.studies.first_frame import look
    from poolcli.views.half_blocks import shown
    from poolcli.views.lines import shape_text
    from poolcli.views.terminal import Terminal

    seen = look(source, shared.reading_from(options))
    terminal = Terminal()
    terminal.show(shown(seen, terminal, width, invert=invert))
    write(f"{source}: {shape_text(seen.shape)}")
