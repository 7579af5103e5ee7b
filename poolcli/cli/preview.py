"""The preview that pooling commands show after their result."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from poolcli.media.places.remote_path import Place

__all__ = ["preview_files"]


def preview_files(source: "Place", destination: "Place") -> None:
    """Print a source and its destination side by side, after the destination was written."""
    from poolcli.studies.first_frame import read_first_frame
    from poolcli.views.half_blocks import draw_preview
    from poolcli.views.terminal import Terminal

    terminal = Terminal()
    terminal.show(draw_preview(read_first_frame(source), read_first_frame(destination), terminal))
