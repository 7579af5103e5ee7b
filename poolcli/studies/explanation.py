"""An operation on a map of numbers, and all that happens in each window."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple, TypeAlias

import numpy as np

from poolcli.core.geometry.stage import Stage
from poolcli.core.geometry.windows import AnyWindow
from poolcli.core.operations import OPERATIONS
from poolcli.core.poolings.present import Present
from poolcli.core.types import Array
from poolcli.jobs.operation import Operation
from poolcli.studies.first_frame import FirstFrame
from poolcli.studies.number_map import NumberMap

__all__ = ["Explanation", "Place", "Spot", "TapCounts"]

Place = tuple[int, int]

Spot: TypeAlias = tuple[int, ...]
"""A window by its place in the result; of a stack, after the plane that it is in."""


class TapCounts(NamedTuple):
    """The numbers of a window's taps in the map, in its padding, and in the overhang after that."""

    value: int
    padding: int
    overhang: int


@dataclass(frozen=True)
class Explanation:
    """An operation on a whole map, with its result; windows go by their places in that.

    Attributes
    ----------
    pooled : FirstFrame
        The pooled map, of all channels where they matter for one of them.
    weighs_alpha : bool
        Whether the channel is a colour in which invisible pixels have no vote.
    notes : tuple of str
        Facts that the user should know about how the map was pooled.

    Raises
    ------
    WindowError
        If a window does not fit.
    """

    map: NumberMap
    operation: Operation
    pooled: FirstFrame = field(init=False)
    weighs_alpha: bool = field(init=False)
    notes: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        frame, channel = self.map.frame, self.map.channel
        operation, note = frame.skipping(self.operation)
        object.__setattr__(self, "operation", operation)
        object.__setattr__(self, "notes", () if note is None else (note,))
        alpha = frame.weighs_alpha(self.operation)
        if not alpha and not self.compares_pixels:
            frame = FirstFrame(frame.pixels[..., channel : channel + 1], "")
        object.__setattr__(self, "pooled", frame.pool(self.operation))
        colour = channel < self.map.frame.pixels.shape[2] - 1
        object.__setattr__(self, "weighs_alpha", alpha and colour)

    @property
    def compares_pixels(self) -> bool:
        """True if whole pixels of several channels are compared."""
        several = self.map.frame.pixels.shape[2] > 1
        return OPERATIONS[self.operation.name].keeps_pixels and several

    @property
    def counts_zeros(self) -> bool:
        """True if padding counts as zeros; to a negative power these would make a mean zero."""
        operation, traits = self.operation, OPERATIONS[self.operation.name]
        counted = operation.parameters["count_include_pad"] and operation.divisor_override is None
        negative = traits.takes_power and operation.power < 0
        return traits.is_mean and counted and not negative and not self.weighs_alpha

    @property
    def result(self) -> Array:
        """The pooled channel (H', W')."""
        only = self.pooled.pixels.shape[2] == 1
        result: Array = self.pooled.pixels[..., 0 if only else self.map.channel]
        return result

    @cached_property
    def stages(self) -> tuple[Stage, Stage]:
        """The windows as laid on the height and on the width."""
        height, width = self.map.values.shape
        down, across = self.operation.stages((height, width))
        return down, across

    @property
    def windows(self) -> tuple[AnyWindow, AnyWindow]:
        """The windows of the height and of the width."""
        down, across = self.stages
        return down.window, across.window

    @property
    def size(self) -> Place:
        """The number of windows, down and across."""
        return self.result.shape[0], self.result.shape[1]

    @cached_property
    def disjoint(self) -> bool:
        """True if no two windows share a position and none has holes: each window is a tile."""
        return all(
            window.dilation == 1
            and all(window.stop(o) <= window.start(o + 1) for o in range(size - 1))
            for window, size in zip(self.windows, self.size, strict=True)
        )

    def places(self) -> Iterator[Place]:
        """Iterate over the windows, by their places in the result."""
        for row in range(self.size[0]):
            for column in range(self.size[1]):
                yield row, column

    def box(self, at: Spot) -> tuple[range, range]:
        """Span the rows and columns from a window's first tap to its last, holes included."""
        rows, columns = (
            range(window.start(o), window.stop(o))
            for window, o in zip(self.windows, at, strict=True)
        )
        return rows, columns

    def taps(self, at: Spot) -> tuple[range, range]:
        """Give the rows and the columns of a window's taps, in the map or outside."""
        rows, columns = self.box(at)
        down, across = self.windows
        return rows[:: down.dilation], columns[:: across.dilation]

    def counts(self, at: Spot) -> TapCounts:
        """Count the taps of a window by their kind."""
        every = inside = padded = 1
        for taps, window, length in zip(
            self.taps(at), self.windows, self.map.values.shape, strict=True
        ):
            edge = window.padding
            every *= len(taps)
            inside *= sum(0 <= position < length for position in taps)
            padded *= sum(-edge <= position < length + edge for position in taps)
        return TapCounts(inside, padded - inside, every - padded)

    def kind(self, row: int, column: int) -> str:
        """Tell "value", "padding" and "overhang" apart, which is what lies after the padding."""
        kinds = [
            "value" if 0 <= position < length
            else "padding" if -window.padding <= position < length + window.padding
            else "overhang"
            for position, length, window in zip(
                (row, column), self.map.values.shape, self.windows, strict=True
            )
        ]  # fmt: skip
        return next((kind for kind in ("overhang", "padding") if kind in kinds), "value")

    def invisible(self, row: int, column: int) -> bool:
        """Tell whether a pixel of the map has no vote, as nothing is seen of it."""
        return self.weighs_alpha and not self.map.frame.pixels[row, column, -1]

    def missing(self, row: int, column: int) -> bool:
        """Tell whether a value of the map is missing, and so has no vote."""
        return not self._there(self.map.frame.pixels[row : row + 1, column : column + 1]).item()

    def present(self, at: Spot) -> Array:
        """Tell which of the values that a window reads are not missing."""
        return self._there(self._read(at))

    def is_lacking(self, at: Spot) -> bool:
        """Tell whether too few of a window's values are there for a result."""
        there, missing = self.present(at), self.operation.parameters["missing"]
        if missing is None or not len(there):
            return False
        count = int(there.sum())
        return count < 1 or count < missing.min_valid * len(there)

    def _there(self, pixels: Array) -> Array:
        missing = self.operation.parameters["missing"]
        if missing is None:
            return np.ones(pixels.shape[0] * pixels.shape[1], bool)
        if not self.compares_pixels:
            pixels = pixels[..., self.map.channel, None]
        there: Array = Present(pixels, missing, None).among(pixels, ()).any(axis=-1).ravel()
        return there

    def used(self, axis: int, positions: range) -> set[int]:
        """Find which of these rows (axis 0) or columns are in any window of the whole map."""
        window, size = self.windows[axis], self.size[axis]
        return {
            position
            for o in range(size)
            if window.start(o) < positions.stop and window.stop(o) > positions.start
            for position in range(window.start(o), window.stop(o), window.dilation)
        }

    def values(self, at: Spot) -> Array:
        """List the values that a window reads in the map, in row-major order."""
        values: Array = self._read(at)[..., self.map.channel].ravel()
        return values

    def pixels(self, at: Spot) -> Array:
        """List the whole pixels that a window reads, (taps, channels).

        Where alpha weighs, the colours of invisible ones are 0, as mode compares them.
        """
        pixels: Array = self._read(at).reshape(-1, self.map.frame.pixels.shape[2])
        if self.map.frame.weighs_alpha(self.operation):
            pixels = np.where(pixels[:, -1:] > 0, pixels, 0)
        return pixels

    def alphas(self, at: Spot) -> Array | None:
        """List the alpha of each value that a window reads; None where alpha does not weigh."""
        return self._read(at)[..., -1].ravel() if self.weighs_alpha else None

    def _read(self, at: Spot) -> Array:
        rows, columns = self._inside(at)
        read: Array = self.map.frame.pixels[np.ix_(rows, columns)]
        return read

    def _inside(self, at: Spot) -> tuple[list[int], list[int]]:
        rows, columns = (
            [position for position in taps if 0 <= position < length]
            for taps, length in zip(self.taps(at), self.map.values.shape, strict=True)
        )
        return rows, columns

    def winner(self, at: Spot) -> Place | None:
        """Find the tap whose value is a window's result; None for a mean, or without taps."""
        if not OPERATIONS[self.operation.name].keeps_values:
            return None
        if self.is_lacking(at):
            return None
        if self.compares_pixels:
            equal = _alike(self.pixels(at), self.pooled.pixels[at]).all(axis=1)
        else:
            equal = _alike(self.values(at), self.result[at])
            if (alphas := self.alphas(at)) is not None and not OPERATIONS[
                self.operation.name
            ].keeps_pixels:
                equal &= alphas > 0
        spots = np.flatnonzero(equal & self.present(at))
        if not len(spots):
            return None
        first = int(spots[0])
        if self.operation.name != "mode" and self.result[at] != self.result[at]:
            first = int(spots[-1])  # of several NaNs the last one wins, as in torch's indices
        rows, columns = self._inside(at)
        return rows[first // len(columns)], columns[first % len(columns)]

    def found_at(self, at: Spot) -> Spot | None:
        """Tell where the winner of a window is: its row and column, of a stack after its plane."""
        return self.winner(at)

    def divisor(self, at: Spot) -> int:
        """Find the divisor of a mean, for the sum of one window."""
        operation, counts = self.operation, self.counts(at)
        if operation.divisor_override is not None:
            return operation.divisor_override
        there = int(self.present(at).sum())
        return there + (counts.padding if self.counts_zeros else 0)


def _alike(values: Array, result: Array) -> Array:
    """Compare values, taking NaNs for equal."""
    alike: Array = (values == result) | ((values != values) & (result != result))
    return alike
