"""The film of a board: the window goes from place to place, and the result fills."""

from collections.abc import Iterator

from poolcli.errors import WindowError
from poolcli.studies.explanation import Spot
from poolcli.studies.shown_part import ShownPart
from poolcli.views.boards.board import Board
from poolcli.views.boards.figure import board_figures
from poolcli.views.boards.telling import Telling
from poolcli.views.films.film import Film, Shot

__all__ = ["walk_film"]

_MOST = 256
"""The number of windows up to which a film can be watched to its end."""

_LAST = 4
"""Pictures for which the last one stays, to be looked at before the film begins anew."""


def walk_film(telling: Telling, part: ShownPart) -> Film:
    """Film the windows of a part in row-major order, two pictures for each of them.

    In the first the window is at its place; in the second its winner is lit, and its result is
    written.

    Raises
    ------
    WindowError
        If there are too many windows.
    """
    places = list(telling.spots(part))
    if len(places) > _MOST:
        raise WindowError(
            f"{len(places)} windows are too many for a film; use a smaller --area, "
            f"of {_MOST} windows at most"
        )
    scenes = board_figures(list(_boards(telling, part, places)))
    return Film([*(Shot(scene) for scene in scenes[:-1]), Shot(scenes[-1], _LAST)])


def _boards(telling: Telling, part: ShownPart, places: list[Spot]) -> Iterator[Board]:
    for number, at in enumerate(places):
        yield telling.board(part, at, places[:number])
        yield telling.board(part, at, places[: number + 1])
