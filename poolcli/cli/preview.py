"""What the pooling commands show beside their result: before and after, and the winners."""

from pathlib import Path

import click

__all__ = ["preview_files", "preview_option", "winners_option"]

preview_option = click.option(
    "--preview", is_flag=True, help="Show the picture before and after in the terminal."
)

winners_option = click.option(
    "--winners",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="MASK",
    help="Also write a picture of the pixels whose value was kept: white among black.",
)


def preview_files(source: Path, destination: Path) -> None:
    """Print a source and its destination side by side; behind a task that has been performed."""
    from poolcli.studies.first_frame import look
    from poolcli.views.half_blocks import preview
    from poolcli.views.terminal import Terminal

    terminal = Terminal()
    terminal.show(preview(look(source), look(destination), terminal))
