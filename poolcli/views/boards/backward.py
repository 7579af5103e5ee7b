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
from poolcli.views.wording import number_text
from poolcli.views.words.language import say, say_count
from poolcli.views.words.places import place_text, window_text

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
            captions=(say("gradient of the map"), say("gradient of the result")),
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
        if self.gradient.has_winners:
            winner = told.winner(at)
            if winner is None:
                lost = say("no value won, so its gradient {given} is lost", given=given)
                return [window_text(at, lost)]
            text = say(
                "its gradient {given} goes to its winner, the {value} at {place}",
                given=given,
                value=number_text(told.map.values[winner]),
                place=place_text(winner),
            )
            return [window_text(at, text)]
        if told.is_lacking(at):
            lost = say("too few values are there, so its gradient {given} is lost", given=given)
            return [window_text(at, lost)]
        values = say_count(int(told.present(at).sum()), "1 value", "{count} values")
        if told.operation.name == "sum":
            text = "its gradient {given} goes to each of its {values}"
            return [window_text(at, say(text, given=given, values=values))]
        divided = f"{given} / {told.divisor(at)} = {number_text(self.gradient.share(at))}"
        text = "its gradient is shared out, {divided} to each of its {values}"
        lines = [window_text(at, say(text, divided=divided, values=values))]
        padding = told.counts(at).padding
        if told.counts_zeros and padding:
            one, many = "1 share on the padding: lost", "{count} shares on the padding: lost"
            lines.append(say_count(padding, one, many))
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
            say(
                "{place} gets the gradients of {count} windows: {sum}",
                place=place_text(spot),
                count=len(sources),
                sum=f"{' + '.join(terms)} = {number_text(sum(shares))}",
            )
        ]
