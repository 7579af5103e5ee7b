"""Windows that lie side by side, as rows of taps.

Where the stride is the kernel, each value is in one window, so that a part of the input is cut up
without any value being read twice. Windows that padding or the end of the input cuts short are
smaller ones, of which all taps exist.
"""

from collections.abc import Iterator, Sequence
from itertools import product
from math import prod
from typing import NamedTuple

import numpy as np

from poolcli.core.engine.taps import tiles_around
from poolcli.core.geometry.boxes import Box
from poolcli.core.geometry.plan import Plan
from poolcli.core.geometry.stage import Stage
from poolcli.core.geometry.windows import Window
from poolcli.core.types import Array

__all__ = ["Grid", "Run", "as_planes", "as_rows", "grids", "parts", "places"]


class Run(NamedTuple):
    """Windows of one axis that are equally long.

    Attributes
    ----------
    first : int
        Number of the first one.
    windows : int
        Number of them.
    start : int
        First position of the first one.
    side : int
        Positions of each.
    """

    first: int
    windows: int
    start: int
    side: int


class Grid(NamedTuple):
    """Windows that are alike.

    Attributes
    ----------
    runs : tuple of Run
        One for each stage.
    """

    runs: tuple[Run, ...]

    @property
    def sides(self) -> list[int]:
        """Taps of a window along each pooled axis."""
        return [run.side for run in self.runs]

    def shape(self, plan: Plan) -> list[int]:
        """Shape of these windows alone."""
        shape = list(plan.shape)
        for stage, run in zip(plan.stages, self.runs, strict=True):
            shape[stage.axis] = run.windows
        return shape

    def place(self, plan: Plan, some: Sequence[slice]) -> tuple[Box, Box]:
        """Find the places of some of these windows in the output, and the input that they cover."""
        spans = [slice(*s.indices(n)) for s, n in zip(some, self.shape(plan), strict=True)]
        where, key = list(spans), list(spans)
        for stage, run in zip(plan.stages, self.runs, strict=True):
            span = spans[stage.axis]
            where[stage.axis] = slice(run.first + span.start, run.first + span.stop)
            key[stage.axis] = slice(
                run.start + span.start * run.side, run.start + span.stop * run.side
            )
        return tuple(where), tuple(key)


def grids(plan: Plan) -> list[Grid] | None:
    """Cut windows that lie side by side into those that are alike; None if they do not lie so.

    Examples
    --------
    >>> from poolcli.core.geometry.plan import plan_sliding
    >>> plan = plan_sliding(np.zeros((1, 7)), 1, 3, None, 0, 1, True)
    >>> [grid.runs for grid in grids(plan)]
    [(Run(first=0, windows=2, start=0, side=3),), (Run(first=2, windows=1, start=6, side=1),)]
    """
    axes = []
    for stage in plan.stages:
        window = stage.window
        if not isinstance(window, Window) or window.stride != window.kernel:
            return None
        if window.dilation > 1 < window.kernel:
            return None
        axes.append(list(_runs(stage)))
    if any(run.side < 1 for runs in axes for run in runs):
        return None
    return [Grid(runs) for runs in product(*axes)]


def _runs(stage: Stage) -> Iterator[Run]:
    low, high = stage.inside
    for number in range(low):
        yield _cut_short(stage, number)
    if low < high:
        yield Run(low, high - low, stage.window.start(low), stage.window.kernel)
    for number in range(high, stage.size):
        yield _cut_short(stage, number)


def _cut_short(stage: Stage, number: int) -> Run:
    start = max(0, stage.window.start(number))
    return Run(number, 1, start, min(stage.length, stage.window.stop(number)) - start)


def parts(
    plan: Plan, grid: Grid, itemsize: int, together: int | None, most: int
) -> Iterator[tuple[Box, Box]]:
    """Cut alike windows into parts of about so many bytes of working memory.

    Parameters
    ----------
    itemsize : int
        Bytes of working memory for each tap.
    together : int, optional
        An axis not to cut.

    Yields
    ------
    where : tuple of slice
        Places of the windows in the output.
    key : tuple of slice
        The part of the input that they cover.
    """
    shape = grid.shape(plan)
    if not prod(shape):
        return
    for tile in tiles_around(shape, itemsize * prod(grid.sides), together, most):
        every = (*tile, *(slice(None),) * (len(shape) - len(tile)))
        yield grid.place(plan, every)


def _split(x: Array, axes: Sequence[int], sides: Sequence[int]) -> Array:
    """Lay the taps of each window along axes of their own, the last ones."""
    shape: list[int] = []
    outer, inner = [], []
    side_of = dict(zip(axes, sides, strict=True))
    for axis, length in enumerate(x.shape):
        side = side_of.get(axis)
        outer.append(len(shape))
        if side is None:
            shape.append(length)
        else:
            inner.append(len(shape) + 1)
            shape += [length // side, side]
    return x.reshape(shape).transpose(outer + inner)


def as_rows(x: Array, axes: Sequence[int], sides: Sequence[int]) -> Array:
    """Lay the taps of each window along a row, in row-major order.

    Parameters
    ----------
    x : ndarray
        Whole windows alone.
    axes, sides : sequence of int
        The pooled axes, and the taps of a window along them.

    Returns
    -------
    (n, taps) ndarray

    Examples
    --------
    >>> as_rows(np.arange(8).reshape(2, 4), (0, 1), (2, 2))
    array([[0, 1, 4, 5],
           [2, 3, 6, 7]])
    """
    return np.ascontiguousarray(_split(x, axes, sides)).reshape(-1, prod(sides))


def as_planes(x: Array, axes: Sequence[int], sides: Sequence[int]) -> list[Array]:
    """Give each tap of all windows as an array without gaps, in row-major order.

    Examples
    --------
    >>> [plane.tolist() for plane in as_planes(np.arange(8).reshape(2, 4), (0, 1), (2, 2))]
    [[[0, 2]], [[1, 3]], [[4, 6]], [[5, 7]]]
    """
    split = _split(x, axes, sides)
    return [np.ascontiguousarray(split[(..., *tap)]) for tap in np.ndindex(*sides)]


def places(shape: Sequence[int], axes: Sequence[int], sides: Sequence[int], taps: Array) -> Array:
    """Find the flat places in a part of the input of one tap of each of its windows.

    Parameters
    ----------
    shape : sequence of int
        Of the part: whole windows alone.
    taps : ndarray of int
        Of the windows' shape: the number of a tap of each.

    Examples
    --------
    >>> places((2, 4), (0, 1), (2, 2), np.array([[1, 2]]))
    array([[1, 6]])
    """
    side_of = dict(zip(axes, sides, strict=True))
    strides = [prod(shape[axis + 1 :]) for axis in range(len(shape))]
    offsets: Array = np.zeros(1, np.int64)
    for axis, side in zip(axes, sides, strict=True):
        offsets = np.add.outer(offsets, np.arange(side) * strides[axis]).reshape(-1)
    found = offsets.take(taps)
    for axis, length in enumerate(shape):
        step = side_of.get(axis, 1)
        starts = np.arange(0, length, step) * strides[axis]
        found += starts.reshape((-1,) + (1,) * (len(shape) - axis - 1))
    return found
