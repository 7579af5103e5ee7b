"""The command that undoes a pooling."""

import sys
from pathlib import Path

import click

from poolcli.cli.headings import Command
from poolcli.cli.summaries import SUMMARIES
from poolcli.errors import PictureError

__all__ = ["unpool_command"]

_HELP = f"""{SUMMARIES["unpool"]}.

\b
Examples:
  poolcli max in.png pooled.png -k 2 --indices where.npz
  poolcli unpool pooled.png where.npz restored.png
"""

_PATH = click.Path(path_type=Path, readable=False)  # reading tells whether it is readable


@click.command("unpool", cls=Command, help=_HELP)
@click.argument("pooled", type=_PATH)
@click.argument("indices", type=_PATH)
@click.argument("destination", metavar="DEST", type=_PATH)
def unpool_command(pooled: Path, indices: Path, destination: Path) -> None:
    """Write the unpooled image and print its line."""
    from poolcli.jobs.unpool import unpool_file
    from poolcli.media.pictures import check_destination
    from poolcli.views.ascii_fallback import plain_for
    from poolcli.views.wording import result_line

    try:
        check_destination(destination)
    except PictureError as error:
        raise click.UsageError(f"{destination}: {error}") from error
    result = unpool_file(pooled, indices, destination)
    # Not click's own stream: that one writes UTF-8 where standard output is ASCII.
    click.echo(plain_for(sys.stdout, result_line(result)))
