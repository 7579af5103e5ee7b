"""The choice of what a board shows: the part of a map, and the window that is worked out."""

from collections.abc import Callable

from poolcli.errors import WindowError
from poolcli.studies.explanation import Place, Spot
from poolcli.studies.shown_part import ShownPart, choose_part, default_area, first_position
from poolcli.views.boards.board import Board
from poolcli.views.boards.telling import Telling
from poolcli.views.wording import shape_text
from poolcli.views.words.places import spot_text

__all__ = ["NotDrawnError", "choose"]


class NotDrawnError(WindowError):
    """A window that is not there, or not in the part that is drawn."""


def choose(
    telling: Telling,
    at: Place | None = None,
    area: Place | None = None,
    window: Spot | None = None,
    fits: Callable[[Board], bool] | None = None,
) -> tuple[ShownPart, Spot]:
    """Choose the part to draw, as large as asked for or as fits, and the window to work out.

    Parameters
    ----------
    at : (int, int), optional
        Row and column of the first window to draw.
    area : (int, int), optional
        Rows and columns of windows to draw; as many as fit unless given.
    window : tuple of int, optional
        The window to work out; the first one drawn unless given.
    fits : callable, optional
        Tells whether there is room for a board.

    Raises
    ------
    NotDrawnError
        If there is no such window, or it is not drawn.
    WindowError
        If the position is outside the map, or the area is too large to be looked at.
    """
    explanation = telling.explanation
    rows, columns = area or default_area(explanation)
    if window is not None:
        _check(telling, window)

    def fitting(at: Place) -> ShownPart:
        least = columns if area or fits is None else min(2, columns)
        for some in range(columns, least - 1, -1):
            part = choose_part(explanation, at, (rows, some))
            if fits is None or fits(telling.board(part, next(telling.spots(part)))):
                break
        return part

    part = fitting(at or (0, 0))
    place = None if window is None else (window[-2], window[-1])
    if place is not None and at is None and not part.holds(place):
        part = fitting(first_position(explanation, place))
    if place is not None and not part.holds(place):
        down, across = part.windows
        raise NotDrawnError(
            f"window {spot_text(window or ())} is not among the windows drawn; use "
            f"{down[0]},{across[0]} to {down[-1]},{across[-1]}, or another --at or --area"
        )
    return part, window or next(telling.spots(part))


def _check(telling: Telling, window: Spot) -> None:
    size = telling.size
    inside = all(0 <= one < length for one, length in zip(window, size, strict=False))
    if len(window) != len(size) or not inside:
        first, last = (0,) * len(size), [length - 1 for length in size]
        raise NotDrawnError(
            f"window {spot_text(window)} is not among the {shape_text(size)} windows; "
            f"use {spot_text(first)} to {spot_text(last)}"
        )
