"""The command that shows an image in the terminal."""

import json
from typing import TYPE_CHECKING, Any

import click

from poolcli.cli.files.path_types import PlacePath
from poolcli.cli.headings import Command, option_under
from poolcli.cli.options import json_option, level_option, reading_from, reading_options
from poolcli.cli.printing import write
from poolcli.cli.summaries import SUMMARIES
from poolcli.media.file_names import shown

if TYPE_CHECKING:
    from poolcli.media.places.remote_path import Place

__all__ = ["show_command"]

_HELP = f"""{SUMMARIES["show"]}.

It is drawn with half blocks in colour, or with characters of different weight without colour.

\b
Examples:
  poolcli show photo.png
  poolcli show photo.png --width 40
  NO_COLOR=1 poolcli show photo.png --invert   # for a light background
"""

display_option = option_under("Display")

_PATH = PlacePath()


@click.command("show", cls=Command, help=_HELP)
@click.argument("source", metavar="SOURCE", type=_PATH)
@display_option(
    "--width",
    type=click.IntRange(1, 1000),
    metavar="N",
    help="Columns to fill  [default: as many as fit]",
)
@display_option("--invert", is_flag=True, help="Draw characters for a light background")
@json_option
@reading_options
@level_option
def show_command(
    source: "Place", width: int | None, invert: bool, as_json: bool, **options: Any
) -> None:
    """Print the image and its shape; as JSON, the shape and the kind alone."""
    from poolcli.studies.first_frame import read_first_frame
    from poolcli.views.half_blocks import draw_picture
    from poolcli.views.terminal import Terminal
    from poolcli.views.wording import shape_text

    frame = read_first_frame(source, reading_from(options))
    if as_json:
        from poolcli.views.records import frame_record

        click.echo(json.dumps({"source": str(source), **frame_record(frame)}))
        return
    terminal = Terminal()
    terminal.show(draw_picture(frame, terminal, width, invert=invert))
    write(f"{shown(source)}: {shape_text(frame.shape)}")
