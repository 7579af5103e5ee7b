"""The way back through a pooling: the gradient of the map, from that of the result."""

from collections.abc import Collection
from typing import Any

import numpy as np

from poolcli.core.types import Array
from poolcli.studies.explanation import Explanation, Spot
from poolcli.studies.gradients import Gradient
from poolcli.studies.shown_part import ShownPart
from poolcli.views.boards.board import Board
from poolcli.views.boards.returning import two_ways
from poolcli.views.boards.telling import Telling
from poolcli.views.records import inner_numbers, number
from poolcli.views.titles import heading
from poolcli.views.wording import number_text, place_text, plural, spot_text

__all__ = ["Backward"]

_MOST_TERMS = 9


class Backward(Telling):
    """The map and its result, and below them the gradients of both.

    Parameters
    ----------
    given : (H', W') ndarray, optional
        The gradient of the result; ones unless given.
    """

    def __init__(self, explanation: Explanation, given: Array | None = None) -> None:
        super().__init__(explanation)
        self.gradient = Gradient(explanation, np.ones(explanation.size) if given is None else given)

    @property
    def title(self) -> str:
        """The operation, its window, and both sizes."""
        return heading(self.explanation, backward=True)

    def board(
        self, part: ShownPart, picked: Spot, reached: Collection[Spot] | None = None
    ) -> Board:
        """Lay out a part of the map, and send one window's gradient back."""
        return two_ways(
            self,
            part,
            picked,
            reached,
            values=self.gradient.over(part, reached),
            given=self.gradient.given,
            captions=("gradient of the map", "gradient of the result"),
            sentences=[*self._shared(picked), *self._added(picked)],
        )

    def record(self, part: ShownPart) -> dict[str, Any]:
        """Make a record of a part for ``--json``, with both gradients."""
        rows, columns = part.windows
        given = self.gradient.given[rows.start : rows.stop, columns.start : columns.stop]
        return super().record(part) | {
            "result_gradient": [[number(value) for value in row] for row in given],
            "map_gradient": inner_numbers(self.gradient.over(part), self.explanation, part),
        }

    def _shared(self, at: Spot) -> list[str]:
        """Tell where a window's gradient goes."""
        told, given = self.explanation, number_text(float(self.gradient.given[at]))
        name, counts = f"window {spot_text(at)}", told.counts(at)
        if self.gradient.has_winners:
            winner = told.winner(at)
            if winner is None:
                return [f"{name}: no value won, so its gradient {given} is lost"]
            where = place_text(winner)
            value = number_text(told.map.values[winner])
            return [f"{name}: its gradient {given} goes to its winner, the {value} at {where}"]
        if told.is_lacking(at):
            return [f"{name}: too few values are there, so its gradient {given} is lost"]
        values = plural(int(told.present(at).sum()), "value")
        if told.operation.name == "sum":
            return [f"{name}: its gradient {given} goes to each of its {values}"]
        divided = f"{given} / {told.divisor(at)} = {number_text(self.gradient.share(at))}"
        lines = [f"{name}: its gradient is shared out, {divided} to each of its {values}"]
        if told.counts_zeros and counts.padding:
            lines.append(f"{plural(counts.padding, 'share')} on the padding: lost")
        return lines

    def _added(self, at: Spot) -> list[str]:
        """Add up the gradients of one position, the one that most windows reach."""
        rows, columns = self.explanation.taps(at)
        height, width = self.explanation.map.values.shape
        if self.gradient.has_winners:
            winner = self.explanation.winner(at)
            spots = [] if winner is None else [winner]
        else:
            # Of a long window the corners will do: what lies between them is in no more windows.
            spots = [
                (row, column)
                for row in (rows if len(rows) <= _MOST_TERMS else (rows[0], rows[-1]))
                for column in (
                    columns if len(columns) <= _MOST_TERMS else (columns[0], columns[-1])
                )
                if 0 <= row < height and 0 <= column < width
            ]
        if not spots:
            return []
        spot = max(spots, key=lambda spot: len(self.gradient.sources(spot)))
        sources = self.gradient.sources(spot)
        if len(sources) < 2:
            return []
        shares = [self.gradient.share(source) for source in sources]
        terms = [number_text(share) for share in shares]
        if len(terms) > _MOST_TERMS:
            terms[_MOST_TERMS - 1 :] = ["…"]
        return [
            f"{place_text(spot)} gets the gradients of {len(sources)} windows: "
            f"{' + '.join(terms)} = {number_text(sum(shares))}"
        ]
