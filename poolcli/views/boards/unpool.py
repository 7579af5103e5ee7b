"""Unpooling: the values of a result, back at their places."""

from collections.abc import Collection
from typing import Any

import numpy as np

from poolcli.core.operations import OPERATIONS
from poolcli.core.types import Array
from poolcli.errors import WindowError
from poolcli.studies.explanation import Explanation, Spot
from poolcli.studies.shown_part import ShownPart
from poolcli.views.boards.board import Board
from poolcli.views.boards.returning import two_ways
from poolcli.views.boards.telling import Telling
from poolcli.views.records import inner_numbers
from poolcli.views.titles import heading
from poolcli.views.wording import number_text
from poolcli.views.words.language import say
from poolcli.views.words.places import place_text, window_text

__all__ = ["Unpool"]


class Unpool(Telling):
    """The map and its result, and below them the values back at their places.

    Raises
    ------
    WindowError
        If the operation is neither max nor min.
    """

    def __init__(self, explanation: Explanation) -> None:
        super().__init__(explanation)
        if not OPERATIONS[explanation.operation.name].tells_indices:
            raise WindowError(
                f"unpool undoes max and min, not {explanation.operation.name}; use one of them"
            )

    @property
    def title(self) -> str:
        """The operation, its window, and both sizes."""
        return heading(self.explanation, unpool=True)

    def board(
        self, part: ShownPart, picked: Spot, reached: Collection[Spot] | None = None
    ) -> Board:
        """Lay out a part of the map, and put one value back."""
        told = self.explanation
        return two_ways(
            self,
            part,
            picked,
            reached,
            values=self._put_back(part, reached),
            given=told.result,
            captions=(say("unpooled"), say("result")),
            sentences=[self._told(picked)],
        )

    def record(self, part: ShownPart) -> dict[str, Any]:
        """Make a record of a part for ``--json``, with the values put back."""
        unpooled = inner_numbers(self._put_back(part, None), self.explanation, part)
        return super().record(part) | {"unpooled": unpooled}

    def _put_back(self, part: ShownPart, reached: Collection[Spot] | None) -> Array:
        values = np.zeros(tuple(map(len, part.positions)), self.explanation.result.dtype)
        rows, columns = part.positions
        for at in part.places() if reached is None else reached:
            winner = self.explanation.winner(at)
            # A window that is larger than what is drawn may have its winner elsewhere.
            if winner is not None and winner[0] in rows and winner[1] in columns:
                place = rows.index(winner[0]), columns.index(winner[1])
                values[place] = self.explanation.result[at]
        return values

    def _told(self, at: Spot) -> str:
        winner = self.explanation.winner(at)
        if winner is None:
            return window_text(at, say("no value won, so nothing goes back"))
        told = say(
            "{value} goes back to {place}, where it was found; all else is 0",
            value=number_text(self.explanation.result[at]),
            place=place_text(winner),
        )
        return window_text(at, told)
