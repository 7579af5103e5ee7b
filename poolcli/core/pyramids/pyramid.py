"""Shapes of a pyramid's levels: windows of fⁿ over level 0, those that overhang its end kept."""

from collections.abc import Sequence
from math import ceil
from typing import NamedTuple, Self

import numpy as np

from poolcli.core.types import Array
from poolcli.errors import WindowError

__all__ = ["Pyramid"]


class Pyramid(NamedTuple):
    """Sizes of a pyramid.

    Attributes
    ----------
    shape : tuple of int
        Of level 0.
    factors : tuple of int
        Of each axis, from one level to the next; 1 for axes that stay.
    above : int
        Number of levels above level 0.
    """

    shape: tuple[int, ...]
    factors: tuple[int, ...]
    above: int

    @classmethod
    def of(
        cls, shape: Sequence[int], factors: Sequence[int], *, levels: int | None, least: int
    ) -> Self:
        """Make a pyramid of so many levels in all, or of as many as the size of the last asks for.

        Parameters
        ----------
        levels : int, optional
            Level 0 counted.
        least : int
            Without ``levels``: the first level that is not longer than this along any axis that
            shrinks is the last.

        Raises
        ------
        WindowError
            If no axis shrinks, or it has fewer levels.

        Examples
        --------
        >>> Pyramid.of((3, 1000, 700), (1, 2, 2), levels=None, least=256).level(2)
        (3, 250, 175)
        """
        if max(factors) < 2:
            raise WindowError("a pyramid of factors 1 never shrinks; use a factor of 2 or more")
        made = cls(tuple(shape), tuple(factors), 0)
        wanted = 1 if levels is not None else least
        count = 0
        while max(made._shrinking(count)) > wanted:
            count += 1
        if levels is None:
            return made._replace(above=count)
        if levels - 1 > count:
            raise WindowError(
                f"{levels} levels are too many: level {count} has one pixel; "
                f"use --levels {count + 1} or less"
            )
        return made._replace(above=levels - 1)

    def _shrinking(self, number: int) -> list[int]:
        shape = self.level(number)
        return [length for length, f in zip(shape, self.factors, strict=True) if f > 1]

    @property
    def axes(self) -> tuple[int, ...]:
        """Axes that shrink."""
        return tuple(axis for axis, factor in enumerate(self.factors) if factor > 1)

    def kernels(self, number: int) -> list[int]:
        """Windows of a level over level 0, along the axes that shrink."""
        return [self.factors[axis] ** number for axis in self.axes]

    def level(self, number: int) -> tuple[int, ...]:
        """Shape of a level.

        >>> Pyramid((3, 101, 67), (1, 2, 2), 6).level(6)
        (3, 2, 2)
        """
        return tuple(
            ceil(length / factor**number)
            for length, factor in zip(self.shape, self.factors, strict=True)
        )

    def scaled(self, where: Sequence[slice], number: int) -> tuple[slice, ...]:
        """Find the part of the level so many further on that a part of a level makes."""
        return tuple(
            slice(span.start // factor**number, ceil(span.stop / factor**number))
            for span, factor in zip(where, self.factors, strict=True)
        )

    def counts(self, number: int, where: Sequence[slice]) -> list[tuple[int, Array]]:
        """Count the pixels of level 0 in the windows of a part of a level, along each axis.

        >>> Pyramid((5,), (2,), 2).counts(1, (slice(1, 3),))
        [(0, array([2, 1]))]
        """
        told = []
        for axis, kernel in zip(self.axes, self.kernels(number), strict=True):
            starts = np.arange(where[axis].start, where[axis].stop, dtype=np.int64) * kernel
            told.append((axis, np.minimum(kernel, self.shape[axis] - starts)))
        return told
