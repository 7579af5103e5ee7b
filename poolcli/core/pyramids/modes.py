"""Levels of modes, all of one part of level 0.

A pixel's channels are encoded once. Where few values are in a window, as of labels, the tallies of
windows are put together to those of the larger windows of the next level.
"""

from collections.abc import Iterator, Sequence
from math import prod
from typing import Any

import numpy as np

from poolcli.core.geometry.boxes import Box
from poolcli.core.geometry.plan import Plan, plan_sliding
from poolcli.core.poolings.ranks.most_common import PAIRS_TAPS, codes
from poolcli.core.poolings.ranks.side_by_side import as_rows, grids, parts
from poolcli.core.poolings.ranks.side_by_side_mode import PART_PIXELS, channelless, modes, picked
from poolcli.core.poolings.ranks.tallies import SHORT_ROW, Tally, merged, tally
from poolcli.core.types import Array

__all__ = ["ModeLevels"]

_FEW = 16
"""Pixels for each value of a tally without which tallies take longer than the pixels themselves."""


class ModeLevels:
    """The levels that a part of level 0 makes.

    Parameters
    ----------
    x : ndarray
        It begins at windows of all the levels, and ends with some or where level 0 ends.
    axes : sequence of int
        The pooled ones, in their order.
    channel_axis : int, optional

    Examples
    --------
    >>> levels = ModeLevels(np.array([[1, 1, 2, 3], [4, 4, 4, 3]]), (0, 1), None)
    >>> levels.level((2, 2)), levels.level((4, 4))
    (array([[1, 3]]), array([[4]]))
    """

    def __init__(self, x: Array, axes: Sequence[int], channel_axis: int | None) -> None:
        self._x, self._dtype = x.astype(x.dtype.newbyteorder("="), copy=False), x.dtype
        self._channel_axis = channel_axis
        (self._keys,) = codes([self._x], channel_axis)
        self._axes = channelless(axes, channel_axis)
        self._tally: Tally | None = None
        self._plan: Plan | None = None
        self._few = True

    def level(self, kernels: Sequence[int]) -> Array:
        """Make the level of these windows; multiples of those of the level before, if any."""
        plan = plan_sliding(self._keys, self._axes, kernels, None, 0, 1, True)
        taps = prod(kernels)
        if self._tally is not None:
            self._tally = merged(self._tally, self._windows(plan, self._tally.row))
        elif self._few and PAIRS_TAPS < taps <= SHORT_ROW < PAIRS_TAPS * taps:
            self._tally = self._tallied(plan)
        self._plan = plan
        if self._tally is None:
            return self._modes(plan)
        rows, first = self._tally.winners()
        where: Array = np.empty(prod(plan.shape), np.int64)
        where[rows] = first
        values = picked(self._x, self._channel_axis, where.reshape(plan.shape))
        return values.astype(self._dtype, copy=False)

    def _windows(self, plan: Plan, row: Array) -> Array:
        """Find the windows of a level that windows of the one before lie in."""
        before = self._plan
        assert before is not None
        at = list(np.unravel_index(row, before.shape))
        for stage, fine in zip(plan.stages, before.stages, strict=True):
            at[stage.axis] //= stage.window.kernel // fine.window.kernel
        return np.ravel_multi_index(at, plan.shape)

    def _parts(self, plan: Plan) -> Iterator[tuple[Box, Box, list[int]]]:
        for grid in grids(plan) or ():
            for where, key in parts(plan, grid, 1, None, PART_PIXELS):
                yield where, key, grid.sides

    def _modes(self, plan: Plan) -> Array:
        shape, channel = list(plan.shape), self._channel_axis
        every: tuple[Any, ...] = (slice(None),)
        if channel is not None:
            shape.insert(channel, self._x.shape[channel])
        out: Array = np.empty(shape, self._dtype)
        for where, key, sides in self._parts(plan):
            keys = self._keys[key]
            if channel is not None:
                where, key = (box[:channel] + every + box[channel:] for box in (where, key))
            out[where] = modes(self._x[key], keys, self._axes, sides, channel)
        return out

    def _tallied(self, plan: Plan) -> Tally | None:
        """Count the values of every window, unless there are too many."""
        made = []
        for where, key, sides in self._parts(plan):
            rows = as_rows(self._keys[key], self._axes, sides)
            one = tally(rows, rows.size // _FEW)
            if one is None:
                self._few = False
                return None
            at = np.unravel_index(one.row, [span.stop - span.start for span in where])
            taps = dict(zip(self._axes, np.unravel_index(one.first, sides), strict=True))
            side_of = dict(zip(self._axes, sides, strict=True))
            windows = [some + span.start for some, span in zip(at, where, strict=True)]
            first = [
                span.start + some * side_of.get(axis, 1) + taps.get(axis, 0)
                for axis, (some, span) in enumerate(zip(at, key, strict=True))
            ]
            made.append(
                one._replace(
                    row=np.ravel_multi_index(windows, plan.shape),
                    first=np.ravel_multi_index(first, self._keys.shape),
                )
            )
        return Tally(*map(np.concatenate, zip(*made, strict=True)))
