"""Levels of a pyramid, each as if pooled from level 0, made of as few values as that allows.

A largest value of largest values is the largest of all, so that a level of max or min can be made
of the level before; and so can sums, which means of integers are divided from once a level. But a
median of medians is not a median, nor is a mode of modes: those are taken from level 0.
"""

from collections.abc import Iterator, Sequence
from math import prod
from typing import Any

import numpy as np

from poolcli.core.dispatch import pool
from poolcli.core.geometry.plan import plan_sliding
from poolcli.core.pyramids.medians import MedianLevels
from poolcli.core.pyramids.modes import ModeLevels
from poolcli.core.pyramids.pyramid import Pyramid
from poolcli.core.pyramids.window_sums import rounded_means, sum_dtype, window_sums
from poolcli.core.types import Array

__all__ = ["CASCADING", "Cascade"]

CASCADING = ("max", "min")
"""Operations whose levels can be made of the level before."""


class Cascade:
    """The levels of a pyramid by an operation.

    Parameters
    ----------
    pyramid : Pyramid
    name : str
        The operation.
    dtype : dtype
    channel_axis : int, optional
        For mode.
    previous : bool
        Whether each level is pooled from the level before, whatever the operation.

    Attributes
    ----------
    sums : dtype, optional
        That of the sums that are carried from level to level, if any are.
    direct : bool
        Whether each level is pooled from level 0.
    """

    def __init__(
        self,
        pyramid: Pyramid,
        name: str,
        dtype: np.dtype[Any],
        *,
        channel_axis: int | None = None,
        previous: bool = False,
    ) -> None:
        self.pyramid, self._name, self._dtype = pyramid, name, dtype
        self._channel_axis = channel_axis
        self.sums: np.dtype[Any] | None = None
        if name == "avg" and not previous and dtype.kind in "biu":
            self.sums = sum_dtype(dtype, prod(pyramid.kernels(pyramid.above)))
        self.direct = not (previous or name in CASCADING or self.sums is not None)

    def levels(
        self, block: Array, base: int, where: Sequence[slice], count: int
    ) -> Iterator[tuple[Array, Array]]:
        """Yield the parts of the next levels that a part of a level makes.

        Parameters
        ----------
        block : ndarray
            A part of level ``base``, or of its sums; it begins at windows of all these levels.
        where : sequence of slice
            The part.
        count : int
            Number of levels.

        Yields
        ------
        values : ndarray
            The part of the level.
        carried : ndarray
            The part that the level after may be made of: sums, or the values themselves.
        """
        if self.direct:
            for values in self._from_base(block, count):
                yield values, values
            return
        now = block
        for number in range(1, count + 1):
            if self.sums is not None:
                now = window_sums(self._plan(now, 1), self.sums)
                part = self.pyramid.scaled(where, number)
                values = rounded_means(now, self.pyramid.counts(base + number, part), self._dtype)
                yield values, now
                continue
            else:
                now = self._pooled(now, 1)
                yield now, now

    def _from_base(self, block: Array, count: int) -> Iterator[Array]:
        axes = self.pyramid.axes
        levels: ModeLevels | MedianLevels | None = None
        if self._name == "mode":
            levels = ModeLevels(block, axes, self._channel_axis)
        elif self._name == "median":
            levels = MedianLevels(block, axes)
        for number in range(1, count + 1):
            if levels is not None:
                yield levels.level(self.pyramid.kernels(number))
            else:
                yield self._pooled(block, number)

    def _pooled(self, x: Array, number: int) -> Array:
        values: Array = pool(self._plan(x, number), self._name, channel_axis=self._channel_axis)
        return values

    def _plan(self, x: Array, number: int) -> Any:
        kernels = self.pyramid.kernels(number)
        return plan_sliding(x, self.pyramid.axes, kernels, None, 0, 1, True)
