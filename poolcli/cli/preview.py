"""What the pooling commands show beside their result: before and after, and the winners."""

from pathlib import Path

__all__ = ["preview_files"]


def preview_files(source: Path, destination: Path) -> None:
    """Print a source and its destination side by side; behind a task that has been performed."""
    from poolcli.studies.first_frame import look
    from poolcli.views.half_blocks import preview
    from poolcli.views.terminal import Terminal

    terminal = Terminal()
    terminal.show(preview(look(source), look(destination), terminal))
