"""The gradient of an explained map: each window's share of it, and the sum of all."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from poolcli.core.operations import OPERATIONS
from poolcli.core.types import Array
from poolcli.errors import WindowError
from poolcli.studies.explanation import Explanation, Place, Spot
from poolcli.studies.shown_part import ShownPart

__all__ = ["GRADED", "Gradient"]

GRADED = tuple(
    name
    for name, traits in OPERATIONS.items()
    if (traits.keeps_values and not traits.keeps_pixels) or name in ("avg", "sum")
)
"""The operations whose gradients go whole to a winner, or in equal shares to all taps."""


@dataclass(frozen=True)
class Gradient:
    """The gradient of a map, from that of its result.

    Parameters
    ----------
    explanation : Explanation
    given : (H', W') ndarray
        The gradient of the result.

    Raises
    ------
    WindowError
        If the operation has none that could be drawn, or the shape is not the result's.
    """

    explanation: Explanation
    given: Array

    def __post_init__(self) -> None:
        name = self.explanation.operation.name
        if name not in GRADED:
            raise WindowError(
                f"the gradient of {name} is neither a winner's nor shared out; use "
                f"{', '.join(GRADED)}"
            )
        if self.explanation.weighs_alpha and not self.has_winners:
            raise WindowError(
                "the gradient of colours that alpha weighs is not drawn; use --alpha channel"
            )
        if self.given.shape != self.explanation.size:
            got, wanted = ("×".join(map(str, s)) for s in (self.given.shape, self.explanation.size))
            raise WindowError(
                f"the gradient is {got} and the result {wanted}; use {wanted} numbers"
            )

    @property
    def has_winners(self) -> bool:
        """True if each window's gradient goes to its winner, else it is shared out."""
        return OPERATIONS[self.explanation.operation.name].keeps_values

    def share(self, at: Spot) -> float:
        """Tell what each position gets that a window's gradient goes to."""
        given = float(self.given[at])
        if self.has_winners or self.explanation.operation.name == "sum":
            return given
        return given / self.explanation.divisor(at)

    def over(self, part: ShownPart, reached: Iterable[Spot] | None = None) -> Array:
        """Add up the gradients of the positions that a part draws.

        Parameters
        ----------
        reached : iterable of (int, int), optional
            The windows of the part that count yet; those outside it that reach into it always do.
        """
        total = np.zeros(tuple(map(len, part.positions)))
        inside = list(part.places() if reached is None else reached)
        for at in (*inside, *(at for at in self.touching(part.positions) if not part.holds(at))):
            rows, columns = self._goals(at, part)
            total[np.ix_(rows, columns)] += self.share(at)
        if self.explanation.operation.parameters["missing"] is not None:
            self._clear_missing(total, part)
        return total

    def _clear_missing(self, total: Array, part: ShownPart) -> None:
        """Take back what was given to missing values, which get nothing."""
        for row, column in np.argwhere(total).tolist():
            position = part.positions[0][row], part.positions[1][column]
            if self.explanation.kind(*position) == "value" and self.explanation.missing(*position):
                total[row, column] = 0

    def touching(self, positions: tuple[range, range]) -> Iterator[Place]:
        """Iterate over the windows that reach one of these positions, by their span."""
        rows, columns = (
            [
                o for o in range(size)
                if window.start(o) < span.stop and window.stop(o) > span.start
            ]
            for window, size, span in zip(
                self.explanation.windows, self.explanation.size, positions, strict=True
            )
        )  # fmt: skip
        for row in rows:
            for column in columns:
                yield row, column

    def sources(self, position: Place) -> list[Place]:
        """List the windows whose gradients reach one position."""
        row, column = position
        spans = range(row, row + 1), range(column, column + 1)
        return [at for at in self.touching(spans) if self._reaches(at, position)]

    def _reaches(self, at: Spot, position: Place) -> bool:
        if self.has_winners:
            return self.explanation.winner(at) == position
        if self.explanation.missing(*position) or self.explanation.is_lacking(at):
            return False
        rows, columns = self.explanation.taps(at)
        return position[0] in rows and position[1] in columns

    def _goals(self, at: Spot, part: ShownPart) -> tuple[list[int], list[int]]:
        """Find the rows and columns of a part, counted from its first, that a gradient goes to."""
        goals: Sequence[Sequence[int]] = self.explanation.taps(at)
        if self.explanation.is_lacking(at):
            goals = ((), ())
        elif self.has_winners:
            winner = self.explanation.winner(at)
            goals = ((), ()) if winner is None else ((winner[0],), (winner[1],))
        rows, columns = (
            [span.index(position) for position in found if position in span]
            for found, span in zip(goals, part.positions, strict=True)
        )
        return rows, columns
