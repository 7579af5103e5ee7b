"""An operation explained on a map: as text, as a figure, and as a film."""

from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias, Unpack, get_args

import numpy as np

from poolcli.core.inputs import as_array
from poolcli.core.types import Array, Input
from poolcli.errors import WindowError
from poolcli.jobs.operation import Operation
from poolcli.jobs.parameters import Parameters
from poolcli.studies.explanation import Explanation, Place, Spot
from poolcli.studies.inputs import Given, numbers_of
from poolcli.studies.number_map import NumberMap
from poolcli.studies.shown_part import ShownPart
from poolcli.studies.stack import Stack
from poolcli.views.boards.backward import Backward
from poolcli.views.boards.board import Board
from poolcli.views.boards.choosing import choose
from poolcli.views.boards.figure import board_figure
from poolcli.views.boards.film_names import checked_fps
from poolcli.views.boards.forward import Forward
from poolcli.views.boards.stacked import Stacked
from poolcli.views.boards.stride import Stride
from poolcli.views.boards.telling import Telling
from poolcli.views.boards.unpool import Unpool
from poolcli.views.drawing.drawn import Drawn
from poolcli.views.drawing.scene import Scene
from poolcli.views.words.language import checked_language, speaking

if TYPE_CHECKING:
    from poolcli.views.page.building import Page

__all__ = ["Explained", "View", "explain", "telling_of"]

View: TypeAlias = Literal["forward", "backward", "unpool", "stride"]
"""The ways to tell of an operation."""

_COLUMNS = 100


def explain(
    source: Given | None = None,
    operation: str = "max",
    *,
    channel: int | None = None,
    view: View = "forward",
    gradient: Input | None = None,
    at: Place | None = None,
    area: Place | None = None,
    window: Spot | None = None,
    lang: str = "en",
    **parameters: Unpack[Parameters],
) -> "Explained":
    """Explain an operation on a small map: its windows, its result, and the arithmetic of one.

    Parameters
    ----------
    source : path, Pillow image, or (W,), (H, W) or (D, H, W) array_like, optional
        A picture, a .csv or a .npy; numbers along a row, of a map, or of a stack of maps. The 4×4
        map of the tutorials unless given.
    operation : str
        max, min, avg, median, mode, gem, quantile, sum, range or std.
    channel : int, optional
        The channel of a picture, from 0.
    view : str
        "forward"; "backward" for gradients; "unpool" for values put back; "stride" for a
        convolution beside the pooling.
    gradient : (H', W') array_like, optional
        The gradient of the result, ones unless given; implies "backward".
    at : (int, int), optional
        Row and column of the first window to draw.
    area : (int, int), optional
        Rows and columns of windows to draw.
    window : tuple of int, optional
        The window to work out, by its place in the result; the first one drawn unless given.
    lang : str
        Language of the words: "en" or "zh".
    **parameters
        Those of `Operation`: kernel (2 unless given), stride, padding and so on.

    Returns
    -------
    Explained
        Shown by notebooks as a figure; ``save`` writes figures and films, ``print`` prints text.

    Raises
    ------
    FileError
        If a file cannot be read.
    PoolingError
        If the input cannot be drawn, or an argument does not suit.

    Examples
    --------
    >>> print(explain([[1.0, 3], [4, 6]], "avg"))
    Average pooling, kernel 2, stride 2: 2×2 → 1×1
    <BLANKLINE>
         0  1
       ┏━━━━━━┓     ┏━━━━━┓
    0  ┃ 1  3 ┃  →  ┃ 3.5 ┃
    1  ┃ 4  6 ┃     ┗━━━━━┛
       ┗━━━━━━┛
    <BLANKLINE>
    window 0,0: (1 + 3 + 4 + 6) / 4 = 14 / 4 = 3.5
    """
    numbers, made = numbers_of(source, operation, channel, parameters)
    given = None if gradient is None else np.atleast_2d(as_array(gradient))
    telling = telling_of(numbers, made, view if given is None else "backward", given)
    path = Path(source) if isinstance(source, str | PathLike) else None
    chosen = choose(telling, at, area, window)
    return Explained(telling, *chosen, checked_language(lang), path)


def telling_of(
    numbers: NumberMap | Stack, operation: Operation, view: View, gradient: Array | None = None
) -> Telling:
    """Make what is told of an operation on a map or on a stack.

    Raises
    ------
    WindowError
        If a window does not fit, or the operation cannot be viewed so.
    """
    if view not in get_args(View):
        raise WindowError(f"view {view!r} is unknown; use {', '.join(get_args(View))}")
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


class Explained(Drawn):
    """An operation on a map, with one window worked out.

    Notebooks show it as a figure; ``print`` prints it.

    Attributes
    ----------
    telling : Telling
    part : ShownPart
        The part of the map that is drawn.
    window : tuple of int
        The window that is worked out.
    source : Path, optional
        The file that the map was read from, which a page names.
    first : tuple of int, optional
        The window that a page lights first; one of its own choice if this is None.
    """

    def __init__(
        self,
        telling: Telling,
        part: ShownPart,
        window: Spot,
        language: str = "en",
        source: Path | None = None,
    ) -> None:
        super().__init__(language)
        self.telling, self.part, self.window = telling, part, window
        self.source = source
        self.first: Spot | None = window

    def __str__(self) -> str:
        from poolcli.views.boards.text import board_lines

        with speaking(self.language):
            return "\n".join(line.plain for line in board_lines(self.board, _COLUMNS))

    def __repr__(self) -> str:
        return f"<Explained: {self.title}>"

    @property
    def title(self) -> str:
        """The operation, its window, and both sizes."""
        with speaking(self.language):
            return self.telling.title

    @property
    def board(self) -> Board:
        """All that is told of the window."""
        with speaking(self.language):
            return self.telling.board(self.part, self.window)

    def scene_in(self, language: str) -> Scene:
        """Draw the figure in a language."""
        with speaking(language):
            return board_figure(self.telling.board(self.part, self.window))

    def page(self) -> "Page | None":
        """Make a page to play with; None of a view that has none, which is saved as a figure.

        Raises
        ------
        WindowError
            If a page cannot show as much.
        """
        if not isinstance(self.telling, Forward):
            return None
        from poolcli.views.page.building import explanation_page

        first = None if self.first is None else (self.first[0], self.first[1])
        return explanation_page(self.telling.explanation, first, self.source, self.language)

    def save(self, path: str | Path, *, fps: float | None = None) -> None:
        """Write a figure (.svg, .png), a page (.html) or a film (.gif, .webp, .png).

        Parameters
        ----------
        path : str or Path
        fps : float, optional
            Pictures a second of a film, 0.1 to 50; 2 unless given. A .png is a film if it is given.

        Raises
        ------
        WindowError
            If the name or ``fps`` does not suit, there are too many windows for a film, or a page
            cannot show as much.
        OSError
            If the file cannot be written.
        """
        path = Path(path)
        fps = checked_fps(path, fps)
        page = self.page() if path.suffix.lower() == ".html" else None
        if page is not None:
            page.save(path)
            return
        if fps is None:
            from poolcli.views.drawing.saving import save_scene

            save_scene(self.scene_for(path), path)
            return
        from poolcli.views.films.film import save_film
        from poolcli.views.films.walk import walk_film

        with speaking(self.language_for(path)):
            film = walk_film(self.telling, self.part)
        save_film(film, path, fps)
