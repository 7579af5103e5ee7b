"""Ways to tell what happens in the windows of an explanation."""

from abc import ABC, abstractmethod
from collections.abc import Collection

from poolcli.studies.explanation import Explanation, Place
from poolcli.studies.shown_part import ShownPart
from poolcli.views.boards.board import Board

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

    @abstractmethod
    def board(
        self, part: ShownPart, picked: Place, reached: Collection[Place] | None = None
    ) -> Board:
        """Lay out a part of the map, and work one window out.

        Parameters
        ----------
        part : ShownPart
            The part of the map, and of its result, that is drawn.
        picked : (int, int)
            The window to work out, by its place in the result.
        reached : collection of (int, int), optional
            The windows whose results are known yet, in a film; all of them unless given.
        """
