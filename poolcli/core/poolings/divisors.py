"""The divisors of means: the counts of the taps of each window."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np

from poolcli.core.geometry.stage import Stage
from poolcli.core.geometry.windows import Spans
from poolcli.core.types import Array

__all__ = ["Divisors"]


@dataclass(frozen=True)
class Divisors:
    """Divisors of the windows' sums.

    Parameters
    ----------
    stages : sequence of Stage
        The pooled axes.
    include_pad : bool
        Whether padding counts as taps of value 0; ``ceil_mode``'s overhang never does.
    override : int or None
        One divisor for all windows.
    """

    stages: Sequence[Stage]
    include_pad: bool = True
    override: int | None = None

    @property
    def largest(self) -> int:
        """Upper bound of the divisors' sizes."""
        return abs(self.override) if self.override else self.taps

    @property
    def taps(self) -> int:
        """Taps of a whole window, the product of the kernels."""
        taps = 1
        for stage in self.stages:
            taps *= stage.window.kernel
        return taps

    def blocks(
        self, shape: Sequence[int], origin: Sequence[int]
    ) -> Iterator[tuple[tuple[slice, ...], int | Array]]:
        """Cut an output of ``shape`` that begins at ``origin`` so that most of it has one divisor.

        Yields
        ------
        where : tuple of slice
            The part, relative to ``origin``.
        divisor : int or ndarray
            Its divisor, or its divisors, broadcastable.
        """
        if self._alike is not None:
            yield (), self._alike
            return
        ranges = [
            self._ranges(stage, origin[stage.axis], shape[stage.axis], len(shape))
            for stage in self.stages
        ]
        for parts in product(*ranges):
            where = [slice(None)] * len(shape)
            divisor: Any = 1
            for stage, (span, counts) in zip(self.stages, parts, strict=True):
                where[stage.axis] = span
                divisor = divisor * counts
            yield tuple(where), divisor

    def whole(self, stage: Stage) -> tuple[int, int]:
        """Range [lo, hi) of an axis's windows of which each tap counts."""
        window, length = stage.window, stage.length
        if isinstance(window, Spans):
            return 0, 0
        if self.include_pad and window.stop(stage.size - 1) <= length + window.padding:
            return 0, stage.size
        return stage.inside

    def _ranges(
        self, stage: Stage, origin: int, size: int, ndim: int
    ) -> list[tuple[slice, int | Array]]:
        """Cut one axis into the windows of its first border, its inside and its last border."""
        lo, hi = self.whole(stage)
        ranges: list[tuple[slice, int | Array]] = []
        for first, last, border in ((0, lo, True), (lo, hi, False), (hi, stage.size, True)):
            a, b = max(first, origin), min(last, origin + size)
            if a >= b:
                continue
            counts: int | Array = stage.window.kernel
            if border:
                each = self._border_counts(stage, first, last)[a - first : b - first]
                counts = each.reshape((-1,) + (1,) * (ndim - stage.axis - 1))
            ranges.append((slice(a - origin, b - origin), counts))
        return ranges

    # Asked for again by every band; kept here and not in a cache of the module, as the windows of
    # a long adaptive axis are many.
    @cached_property
    def _alike(self) -> int | None:
        """The divisor of all windows, if it is one."""
        if self.override is not None:
            return self.override
        if any(self.whole(stage) != (0, stage.size) for stage in self.stages):
            return None
        return self.taps

    @cached_property
    def _counted(self) -> dict[tuple[int, int], Array]:
        return {}

    def _border_counts(self, stage: Stage, first: int, last: int) -> Array:
        """Count the taps of windows [first, last) along one axis."""
        counts = self._counted.get((stage.axis, first))
        if counts is None:
            window, length = stage.window, stage.length
            if isinstance(window, Spans):
                counts = np.subtract(window.stops, window.starts)
            else:
                some = range(first, last)
                counts = np.array(
                    [window.count_taps(o, length, include_pad=self.include_pad) for o in some]
                )
            self._counted[stage.axis, first] = counts
        return counts
