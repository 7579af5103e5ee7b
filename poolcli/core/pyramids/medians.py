"""Levels of medians, all of one part of level 0.

Bytes in large windows are counted; the counts of windows are added up to those of the larger
windows of the next level.
"""

from collections.abc import Sequence
from math import prod

import numpy as np

from poolcli.core.dispatch import pool
from poolcli.core.geometry.plan import Plan, plan_sliding
from poolcli.core.poolings.ranks.counting import can_count, histograms, ranked
from poolcli.core.poolings.ranks.side_by_side import as_rows, grids, parts
from poolcli.core.pyramids.window_sums import window_sums
from poolcli.core.types import Array

__all__ = ["MedianLevels"]

_PART_PIXELS = 1 << 18
"""Pixels whose windows are counted together."""


class MedianLevels:
    """The levels that a part of level 0 makes.

    Parameters
    ----------
    x : ndarray
        It begins at windows of all the levels, and ends with some or where level 0 ends.
    axes : sequence of int
        The pooled ones, in their order.

    Examples
    --------
    >>> levels = MedianLevels(np.array([[1, 1, 2, 3], [4, 4, 4, 3]]), (0, 1))
    >>> levels.level((2, 2)), levels.level((4, 4))
    (array([[1, 3]]), array([[3]]))
    """

    def __init__(self, x: Array, axes: Sequence[int]) -> None:
        self._x, self._axes = x, tuple(axes)
        self._counts: Array | None = None
        self._kernels: Sequence[int] = ()

    def level(self, kernels: Sequence[int]) -> Array:
        """Make the level of these windows; multiples of those of the level before, if any."""
        plan = plan_sliding(self._x, self._axes, kernels, None, 0, 1, True)
        x = self._x
        if not (x.dtype.kind in "bu" and x.itemsize == 1 and can_count(x.dtype, prod(kernels))):
            values: Array = pool(plan, "median")
            return values
        if self._counts is None:
            self._counts = self._histograms(plan)
        else:
            steps = [new // old for new, old in zip(kernels, self._kernels, strict=True)]
            finer = plan_sliding(self._counts, self._axes, steps, None, 0, 1, True)
            self._counts = window_sums(finer, self._counts.dtype)
        self._kernels = kernels
        taps = self._counts.sum(axis=-1)
        found, _ = ranked(self._counts.reshape(-1, 256), (taps.reshape(-1) - 1) // 2)
        return found.astype(np.uint8).view(x.dtype).reshape(plan.shape)

    def _histograms(self, plan: Plan) -> Array:
        """Count the values of every window, along a last axis."""
        out: Array = np.empty((*plan.shape, 256), np.uint32)
        for grid in grids(plan) or ():
            for where, key in parts(plan, grid, 1, None, _PART_PIXELS):
                rows = as_rows(self._x[key].view(np.uint8), self._axes, grid.sides)
                out[where] = histograms(rows).reshape(*out[where].shape)
        return out
