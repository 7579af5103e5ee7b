"""An operation explained on a map: as text, as a figure, and as a film."""

from pathlib import Path
from typing import TYPE_CHECKING

from poolcli.core.types import Array
from poolcli.errors import WindowError
from poolcli.jobs.operation import Operation
from poolcli.studies.explanation import Explanation, Spot
from poolcli.studies.number_map import NumberMap
from poolcli.studies.shown_part import ShownPart
from poolcli.studies.stack import Stack
from poolcli.views.boards.backward import Backward
from poolcli.views.boards.board import Board
from poolcli.views.boards.figure import board_figure
from poolcli.views.boards.film_names import checked_fps
from poolcli.views.boards.forward import Forward
from poolcli.views.boards.stacked import Stacked
from poolcli.views.boards.stride import Stride
from poolcli.views.boards.telling import Telling
from poolcli.views.boards.unpool import Unpool

if TYPE_CHECKING:
    from poolcli.views.drawing.scene import Scene

__all__ = ["VIEWS", "Explained", "telling_of"]

VIEWS = ("forward", "backward", "unpool", "stride")
"""Names of the ways to tell of an operation."""


def telling_of(
    numbers: NumberMap | Stack, operation: Operation, view: str, gradient: Array | None = None
) -> Telling:
    """Make what is told of an operation on a map or on a stack.

    Raises
    ------
    WindowError
        If a window does not fit, or the operation cannot be viewed so.
    """
    if isinstance(numbers, Stack):
        if view != "forward":
            raise WindowError(f"a stack of maps has no {view} view; give one map, or no {view}")
        return Stacked(numbers)
    explanation = Explanation(numbers, operation)
    if view == "backward":
        return Backward(explanation, gradient)
    if view == "unpool":
        return Unpool(explanation)
    return (Stride if view == "stride" else Forward)(explanation)


class Explained:
    """An operation on a map, with one window worked out.

    Notebooks show it as a figure; ``print`` prints it.

    Attributes
    ----------
    telling : Telling
    part : ShownPart
        The part of the map that is drawn.
    window : tuple of int
        The window that is worked out.
    """

    def __init__(self, telling: Telling, part: ShownPart, window: Spot) -> None:
        self.telling, self.part, self.window = telling, part, window

    @property
    def board(self) -> Board:
        """All that is told of the window."""
        return self.telling.board(self.part, self.window)

    @property
    def scene(self) -> "Scene":
        """The figure."""
        return board_figure(self.board)

    def save(self, path: str | Path, *, fps: float | None = None) -> None:
        """Write a figure (.svg, .png, .html), or a film of all windows (.gif, .webp, .png).

        Parameters
        ----------
        path : str or Path
        fps : float, optional
            Pictures a second of a film, 0.1 to 50; 2 unless given. A .png is a film if it is given.

        Raises
        ------
        WindowError
            If the name or ``fps`` does not suit, or there are too many windows for a film.
        OSError
            If the file cannot be written.
        """
        path = Path(path)
        fps = checked_fps(path, fps)
        if fps is None:
            from poolcli.views.drawing.saving import save_scene

            save_scene(self.scene, path)
            return
        from poolcli.views.films.film import save_film
        from poolcli.views.films.walk import walk_film

        save_film(walk_film(self.telling, self.part), path, fps)
