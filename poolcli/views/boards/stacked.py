"""A stack of maps, plane beside plane, and what three-dimensional windows make of it."""

from collections.abc import Collection, Iterator
from typing import Any

from poolcli.studies.explanation import Place, Spot
from poolcli.studies.shown_part import ShownPart
from poolcli.studies.stack import Stack
from poolcli.views.arithmetic import arithmetic
from poolcli.views.boards.board import Board, Panel, Strip
from poolcli.views.boards.footnotes import (
    begin_text,
    is_partial,
    source_text,
    unused_text,
)
from poolcli.views.boards.telling import Telling
from poolcli.views.cell_grid import input_grid, result_grid
from poolcli.views.records import stack_record
from poolcli.views.titles import title_of
from poolcli.views.words.language import say

__all__ = ["Stacked"]

_NOWHERE = (-1, -1)


class Stacked(Telling):
    """The planes of a stack beside those of its result."""

    def __init__(self, stack: Stack) -> None:
        super().__init__(stack.planes[0])
        self.stack = stack

    @property
    def title(self) -> str:
        """The operation, its window, and both sizes."""
        stack = self.stack
        return title_of(stack.operation, stack.values.shape, stack.result.shape)

    @property
    def size(self) -> Spot:
        """The number of windows along planes, rows and columns."""
        return tuple(self.stack.result.shape)

    def spots(self, part: ShownPart) -> Iterator[Spot]:
        """Iterate over the windows of all planes of the result."""
        for plane in range(len(self.stack.result)):
            for at in part.places():
                yield (plane, *at)

    def board(
        self, part: ShownPart, picked: Spot, reached: Collection[Spot] | None = None
    ) -> Board:
        """Lay out a part of every plane, and work one window out."""
        stack, told = self.stack, self.stack.planes[picked[0]]
        known = set(self.spots(part) if reached is None else reached)
        before = [
            Panel(input_grid(plane, part, picked, known), say("plane {number}", number=plane.plane))
            for plane in stack.planes
        ]
        after = [self._pooled(plane, part, picked, known) for plane in range(len(stack.result))]
        signs = ["" for _ in before[1:]] + ["→"] + ["" for _ in after[1:]]
        return Board(
            self.title,
            source_text(told, part),
            (Strip((*before, *after), tuple(signs)),),
            tuple(arithmetic(told, picked)),
            tuple(self._notes(part)),
        )

    def record(self, part: ShownPart) -> dict[str, Any]:
        """Make a record of a part for ``--json``."""
        return stack_record(self.stack, part.places())

    def _pooled(self, plane: int, part: ShownPart, picked: Spot, known: Collection[Spot]) -> Panel:
        told = self.stack.pooled_planes[plane]
        here: Place = (picked[1], picked[2]) if picked[0] == plane else _NOWHERE
        reached = {(at[1], at[2]) for at in known if at[0] == plane}
        caption = say("result")
        if len(self.stack.result) > 1:
            caption = say("result, plane {number}", number=plane)
        return Panel(result_grid(told, part, here, reached), caption, rulers=is_partial(told, part))

    def _notes(self, part: ShownPart) -> Iterator[str]:
        stack, flat = self.stack, self.explanation
        stages = (stack.depth, *flat.stages)
        places = (range(len(stack.result)), *part.windows)
        if not flat.disjoint:
            windows = [stage.window for stage in stages]
            yield from begin_text(windows, places, partial=is_partial(flat, part))
        yield from unused_text(stages)
