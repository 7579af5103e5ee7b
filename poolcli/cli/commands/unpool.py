"""The command that undoes a pooling."""

from typing import TYPE_CHECKING

import click

from poolcli.cli.files.path_types import PlacePath
from poolcli.cli.headings import Command
from poolcli.cli.options import json_option, max_pixels_option, no_sync_option, pixel_limit
from poolcli.cli.summaries import SUMMARIES
from poolcli.errors import PictureError
from poolcli.media.file_names import shown

if TYPE_CHECKING:
    from poolcli.media.places.remote_path import Place

__all__ = ["unpool_command"]

_HELP = f"""{SUMMARIES["unpool"]}.

\b
Examples:
  poolcli max in.png pooled.png -k 2 --indices where.npz
  poolcli unpool pooled.png where.npz restored.png
"""

_PATH = PlacePath()


@click.command("unpool", cls=Command, help=_HELP)
@click.argument("pooled", metavar="POOLED", type=_PATH)
@click.argument("indices", metavar="INDICES", type=_PATH)
@click.argument("destination", metavar="DEST", type=_PATH)
@max_pixels_option
@no_sync_option
@json_option
def unpool_command(
    pooled: "Place",
    indices: "Place",
    destination: "Place",
    max_pixels: int | str,
    no_sync: bool,
    as_json: bool,
) -> None:
    """Write the unpooled image and print its line."""
    from poolcli.cli.run import print_result
    from poolcli.jobs.unpool import unpool_file
    from poolcli.media.pictures import check_destination

    try:
        check_destination(destination)
    except PictureError as error:
        raise click.UsageError(f"{shown(destination)}: {error}") from error
    limit = pixel_limit(max_pixels)
    result = unpool_file(pooled, indices, destination, limit, sync=not no_sync)
    print_result(result, as_json=as_json)
