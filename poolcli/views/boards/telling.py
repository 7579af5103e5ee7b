"""Ways to tell what happens in the windows of an explanation."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator
from typing import Any

from poolcli.studies.explanation import Explanation, Spot
from poolcli.studies.shown_part import ShownPart
from poolcli.views.boards.board import Board
from poolcli.views.records import explanation_record

__all__ = ["Telling"]


class Telling(ABC):
    """One way to tell what happens in the windows of an explanation.

    Parameters
    ----------
    explanation : Explanation
    """

    def __init__(self, explanation: Explanation) -> None:
        self.explanation = explanation

    @property
    @abstractmethod
    def title(self) -> str:
        """The title of every board."""

    @property
    def size(self) -> Spot:
        """The number of windows along each axis."""
        return self.explanation.size

    def spots(self, part: ShownPart) -> Iterator[Spot]:
        """Iterate over the windows of a part, in the order in which a film goes over them."""
        return part.places()

    @abstractmethod
    def board(
        self, part: ShownPart, picked: Spot, reached: Collection[Spot] | None = None
    ) -> Board:
        """Lay out a part of the map, and work one window out.

        Parameters
        ----------
        part : ShownPart
            The part of the map, and of its result, that is drawn.
        picked : tuple of int
            The window to work out, by its place in the result, of a stack after its plane.
        reached : collection of tuple of int, optional
            The windows whose results are known yet, in a film; all of them unless given.
        """

    def record(self, part: ShownPart) -> dict[str, Any]:
        """Make a record of a part for ``--json``."""
        return explanation_record(self.explanation, part.places())
