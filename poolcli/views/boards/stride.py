"""A pooling beside a convolution of the same stride, which shrinks the map as well."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from poolcli.studies.convolution import BoxConvolution
from poolcli.studies.explanation import Explanation, Spot
from poolcli.studies.shown_part import ShownPart
from poolcli.views.arithmetic import arithmetic, written_sum
from poolcli.views.boards.board import Board, Panel, Strip
from poolcli.views.boards.footnotes import footnotes, is_partial, source_text
from poolcli.views.boards.telling import Telling
from poolcli.views.cell_grid import Cell, CellGrid, input_grid, result_grid
from poolcli.views.records import number
from poolcli.views.titles import heading
from poolcli.views.wording import number_text, pair_text
from poolcli.views.words.language import say
from poolcli.views.words.places import spot_text

__all__ = ["Stride"]


class Stride(Telling):
    """The map and its result, and below them the map, equal weights, and what these make of it."""

    def __init__(self, explanation: Explanation) -> None:
        super().__init__(explanation)
        self.convolution = BoxConvolution(explanation)

    @property
    def title(self) -> str:
        """The operation, its window, and both sizes."""
        return heading(self.explanation, stride=True)

    def board(
        self, part: ShownPart, picked: Spot, reached: Collection[Spot] | None = None
    ) -> Board:
        """Lay out a part of the map, and work one window out both ways."""
        told, partial = self.explanation, is_partial(self.explanation, part)
        pooled = result_grid(told, part, picked, reached)
        given, plain = (input_grid(told, part, picked, known) for known in (reached, []))
        upper = Strip(
            (Panel(given, say("map")), Panel(pooled, say("pooled"), rulers=partial)),
            ("→",),
        )
        lower = Strip(
            (
                Panel(plain, say("map")),
                Panel(self._weights(), say("weights"), rulers=False),
                Panel(self._convolved(pooled, part), say("convolved"), rulers=partial),
            ),
            ("*", "→"),
        )
        return Board(
            self.title,
            source_text(told, part),
            (upper, lower),
            (*arithmetic(told, picked), self._told(picked)),
            (*footnotes(told, part, picked), self._difference()),
        )

    def record(self, part: ShownPart) -> dict[str, Any]:
        """Make a record of a part for ``--json``, with the result of the convolution."""
        rows, columns = part.windows
        convolved = [
            [number(self.convolution.result((row, column))) for column in columns] for row in rows
        ]
        return super().record(part) | {"convolved": convolved}

    @property
    def _weight(self) -> str:
        return f"1/{self.convolution.count}"

    def _weights(self) -> CellGrid:
        high, wide = self.convolution.shape
        cells = [[Cell(self._weight) for _ in range(wide)] for _ in range(high)]
        return CellGrid(cells, [""] * high, [""] * wide)

    def _convolved(self, pooled: CellGrid, part: ShownPart) -> CellGrid:
        cells = [
            [
                replace(cell, text=number_text(self.convolution.result((row, column))))
                if cell.text
                else cell
                for cell, column in zip(line, part.windows[1], strict=True)
            ]
            for line, row in zip(pooled.cells, part.windows[0], strict=True)
        ]
        return replace(pooled, cells=cells)

    def _told(self, at: Spot) -> str:
        total = written_sum(self.explanation.values(at))
        result = number_text(self.convolution.result(at))
        told = f"({total}) · {self._weight} = {result}"
        return say("window {name}, convolved: {told}", name=spot_text(at), told=told)

    def _difference(self) -> str:
        operation = self.explanation.operation
        stride = pair_text(operation.stride or self.convolution.shape)
        return say(
            "a convolution of stride {stride} shrinks the map as pooling does; its weights are "
            "learnt, and with all at {weight} it is average pooling; pooling learns nothing",
            stride=stride,
            weight=self._weight,
        )
