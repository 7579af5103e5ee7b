"""A pooling as it is computed: from the map to the result."""

from collections.abc import Collection

from poolcli.studies.explanation import Spot
from poolcli.studies.shown_part import ShownPart
from poolcli.views.arithmetic import arithmetic
from poolcli.views.boards.board import Board, Panel, Strip
from poolcli.views.boards.footnotes import footnotes, is_partial, source_text
from poolcli.views.boards.telling import Telling
from poolcli.views.cell_grid import input_grid, result_grid
from poolcli.views.titles import heading

__all__ = ["Forward"]


class Forward(Telling):
    """The map beside its result, and the arithmetic of one window."""

    @property
    def title(self) -> str:
        """The operation, its window, and both sizes."""
        return heading(self.explanation)

    def board(
        self, part: ShownPart, picked: Spot, reached: Collection[Spot] | None = None
    ) -> Board:
        """Lay out a part of the map, and work one window out."""
        told = self.explanation
        strip = Strip(
            (
                Panel(input_grid(told, part, picked, reached)),
                Panel(result_grid(told, part, picked, reached), rulers=is_partial(told, part)),
            ),
            ("→",),
        )
        return Board(
            self.title,
            source_text(told, part),
            (strip,),
            tuple(arithmetic(told, picked)),
            tuple(footnotes(told, part, picked)),
        )
