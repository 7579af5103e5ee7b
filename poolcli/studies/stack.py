"""A stack of maps, pooled in three dimensions, and each of its planes as an explained map."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from poolcli.core.geometry.stage import Stage
from poolcli.core.operations import OPERATIONS
from poolcli.core.types import Array
from poolcli.errors import WindowError
from poolcli.jobs.operation import Operation
from poolcli.studies.explanation import Explanation, Place, Spot, TapCounts
from poolcli.studies.number_map import NumberMap

__all__ = ["MOST_PLANES", "PooledPlane", "Stack", "StackedPlane"]

MOST_PLANES = 16
"""Planes that can be drawn side by side."""


@dataclass(frozen=True)
class Stack:
    """An operation on a whole stack, with its result.

    Parameters
    ----------
    values : (D, H, W) ndarray
    operation : Operation
        With three numbers for each of its windows: planes, rows and columns.

    Raises
    ------
    WindowError
        If a window does not fit, or there are more planes than can be drawn.
    """

    values: Array
    operation: Operation
    label: str = ""
    result: Array = field(init=False)

    def __post_init__(self) -> None:
        if len(self.values) > MOST_PLANES:
            raise WindowError(
                f"{len(self.values)} planes are too many to draw; use {MOST_PLANES} or fewer"
            )
        object.__setattr__(self, "result", self.operation.apply(self.values, axes=(0, 1, 2)))

    @cached_property
    def depth(self) -> Stage:
        """The windows as laid on the planes."""
        return self.operation.stages(self.values.shape)[0]

    @cached_property
    def flat(self) -> Operation:
        """The same operation on the rows and columns of one plane."""
        numbers = ("kernel", "stride", "padding", "dilation", "size")
        given = {name: getattr(self.operation, name) for name in numbers}
        pairs = {name: value and value[1:] for name, value in given.items()}
        return self.operation._replace(axes=None, **pairs)

    @cached_property
    def planes(self) -> list["StackedPlane"]:
        """The maps of the stack, each with the windows that lie on it."""
        return [StackedPlane.of(self, plane) for plane in range(len(self.values))]

    @cached_property
    def pooled_planes(self) -> list["PooledPlane"]:
        """The maps of the result."""
        return [PooledPlane.of(self, plane) for plane in range(len(self.result))]

    def taps(self, pooled: int) -> range:
        """Give the planes of a window's taps, in the stack or outside."""
        window = self.depth.window
        return range(window.start(pooled), window.stop(pooled), window.dilation)

    def inside(self, pooled: int) -> list[int]:
        """List the planes of a window's taps that are in the stack."""
        return [plane for plane in self.taps(pooled) if 0 <= plane < len(self.values)]


@dataclass(frozen=True)
class _Plane(Explanation):
    """One plane of a stack or of its result."""

    stack: Stack = field(default=None, kw_only=True)  # type: ignore[assignment]
    plane: int = field(default=0, kw_only=True)

    @property
    def size(self) -> Place:
        return self.stack.result.shape[1], self.stack.result.shape[2]

    @cached_property
    def disjoint(self) -> bool:
        depth = self.stack.depth
        apart = all(
            depth.window.stop(o) <= depth.window.start(o + 1) for o in range(depth.size - 1)
        )
        return super().disjoint and apart and depth.window.dilation == 1


class StackedPlane(_Plane):
    """One plane of a stack: its windows are those that lie on it, named by `Spot`."""

    @classmethod
    def of(cls, stack: Stack, plane: int) -> "StackedPlane":
        """Take a plane out of a stack."""
        told = NumberMap.of(stack.values[plane], stack.label)
        return cls(told, stack.flat, stack=stack, plane=plane)

    @property
    def result(self) -> Array:
        """The whole result (D', H', W')."""
        return self.stack.result

    def box(self, at: Spot) -> tuple[range, range]:
        """Span the rows and columns of a window, none if it is not on this plane."""
        if len(at) == 3 and self.plane not in self.stack.taps(at[0]):
            return range(0), range(0)
        return super().box((at[-2], at[-1]))

    def counts(self, at: Spot) -> TapCounts:
        """Count the taps of a window in all planes, by their kind."""
        flat, taps = self._anywhere(at), self.stack.taps(at[0])
        edge, length = self.stack.depth.window.padding, len(self.stack.values)
        inside = len(self.stack.inside(at[0]))
        padded = sum(-edge <= plane < length + edge for plane in taps)
        value, both = flat.value * inside, (flat.value + flat.padding) * padded
        return TapCounts(value, both - value, sum(flat) * len(taps) - both)

    def _anywhere(self, at: Spot) -> TapCounts:
        return super().counts((at[-2], at[-1]))

    def values(self, at: Spot) -> Array:
        """List the values that a window reads in all planes, in row-major order."""
        planes = self.stack.planes
        read = [planes[plane].own_values(at) for plane in self.stack.inside(at[0])]
        return np.concatenate(read) if read else self.stack.values[:0].ravel()

    def present(self, at: Spot) -> Array:
        """Tell which of the values that a window reads in all planes are not missing."""
        planes = self.stack.planes
        there = [planes[plane].own_present(at) for plane in self.stack.inside(at[0])]
        return np.concatenate(there) if there else np.ones(0, bool)

    def own_present(self, at: Spot) -> Array:
        """Tell which of the values that a window reads in this plane are not missing."""
        return super().present((at[-2], at[-1]))

    def own_values(self, at: Spot) -> Array:
        """List the values that a window reads in this plane."""
        return super().values((at[-2], at[-1]))

    def winner(self, at: Spot) -> Place | None:
        """Find the winner of a window, if it is on this plane."""
        found = self.found_at(at)
        return found[1:] if found is not None and found[0] == self.plane else None

    def found_at(self, at: Spot) -> tuple[int, int, int] | None:
        """Find the plane, row and column of the tap whose value is a window's result."""
        if not OPERATIONS[self.operation.name].keeps_values or self.is_lacking(at):
            return None
        values, result = self.values(at), self.stack.result[at]
        alike = (values == result) | ((values != values) & (result != result))
        spots = np.flatnonzero(alike & self.present(at))
        if not len(spots):
            return None
        last = self.operation.name != "mode" and result != result
        planes, (rows, columns) = self.stack.inside(at[0]), self._inside((at[-2], at[-1]))
        plane, row, column = np.unravel_index(
            spots[-1 if last else 0], (len(planes), len(rows), len(columns))
        )
        return planes[plane], rows[row], columns[column]


class PooledPlane(_Plane):
    """One plane of the result, as what is drawn of it."""

    @classmethod
    def of(cls, stack: Stack, plane: int) -> "PooledPlane":
        """Take a plane out of the result."""
        return cls(NumberMap.of(stack.values[0]), stack.flat, stack=stack, plane=plane)

    @property
    def result(self) -> Array:
        """The plane (H', W')."""
        result: Array = self.stack.result[self.plane]
        return result
