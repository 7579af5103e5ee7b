"""The passes that fill the levels of a pyramid, in memory that does not grow with it.

The first pass reads the source once: a block of it is written as a part of level 0 and gives its
part of the next levels. Further levels are made of the last of those, or of its sums. Where they
are to be taken from level 0, the block gives its part of them too, less than a chunk of each, which
is kept in a file until all parts are there; windows that are larger than a block are taken from
what was written of level 0.
"""

from collections.abc import Callable, Sequence
from math import prod
from typing import Any, TypeAlias

import numpy as np

from poolcli.core.geometry.boxes import Box, boxes
from poolcli.core.geometry.plan import Plan, plan_sliding
from poolcli.core.parts import pool_part
from poolcli.core.pyramids.cascade import Cascade
from poolcli.core.pyramids.pyramid import Pyramid
from poolcli.core.types import Array, Source
from poolcli.jobs.boxes.running import Pass
from poolcli.media.volumes.cells import Cells

__all__ = ["Builder"]

Opener: TypeAlias = Callable[[str, Sequence[int], Any, Sequence[int]], Cells]
"""A function that opens cells by the name, shape, dtype and cell of an array."""

_BLOCK_BYTES = 1 << 25
"""Bytes of a block of the source, of which each thread has one in memory."""

_SHARE = 2
"""Divisor of that where each level is taken from level 0: slow work, which may have to stop."""

_PART_BYTES = 1 << 24
"""Bytes of a part of level 0 that far levels are taken from at once."""

_FEW_CHANNELS = 4
"""Channels that a block holds all of: a source often stores them together."""


class Builder:
    """The filling of the arrays of a pyramid.

    Parameters
    ----------
    source : Source
        Level 0.
    sinks : sequence of sinks
        The levels: boxes are encoded by any thread, kept in order, and read.
    unit : tuple of int
        Rows and columns, and all other axes, of a chunk, shard or tile of every level.
    name : str
        The operation.
    channel_axis : int, optional
    previous : bool
        Whether each level is pooled from the level before.
    """

    def __init__(
        self,
        source: Source,
        sinks: Sequence[Any],
        pyramid: Pyramid,
        unit: Sequence[int],
        name: str,
        *,
        channel_axis: int | None,
        previous: bool,
    ) -> None:
        self._source, self._sinks, self._pyramid = source, sinks, pyramid
        self._name = name
        self._channel_axis = channel_axis if name == "mode" else None
        self._unit = list(unit)
        if channel_axis is not None:
            channels = pyramid.shape[channel_axis]
            if name == "mode" or channels <= _FEW_CHANNELS:
                self._unit[channel_axis] = channels
        self._cascade = Cascade(
            pyramid,
            name,
            np.dtype(source.dtype),
            channel_axis=self._channel_axis,
            previous=previous,
        )
        self._files: dict[int, Cells] = {}

    def passes(self, carried: Opener) -> list[Pass]:
        """Plan all passes.

        Parameters
        ----------
        carried : callable
            Opens an array of what is carried from one pass to the next, or was by an earlier run.
        """
        pyramid = self._pyramid
        steps = self._levels_at_once(np.dtype(self._source.dtype).itemsize)
        if self._cascade.direct:
            return self._direct_passes(carried, min(steps, pyramid.above))
        made = [self._pass(0, min(steps, pyramid.above))]
        base = steps
        while base < pyramid.above:
            if self._cascade.sums is not None:
                name, shape = f"sums of level {base}", pyramid.level(base)
                self._files[base] = carried(name, shape, self._cascade.sums, self._unit)
                item = self._cascade.sums.itemsize
            else:
                item = np.dtype(self._source.dtype).itemsize
            steps = min(self._levels_at_once(item), pyramid.above - base)
            made.append(self._pass(base, steps))
            base += steps
        return made

    def _levels_at_once(self, itemsize: int) -> int:
        """Count the levels that a block of a moderate size gives whole chunks of, at least one."""
        steps = 1
        most = _BLOCK_BYTES // (_SHARE if self._cascade.direct else 1)
        while prod(self._side(steps + 1)) * itemsize <= most:
            if self._side(steps + 1) == self._side(steps):  # it holds everything already
                return self._pyramid.above
            steps += 1
        return steps

    def _side(self, steps: int) -> list[int]:
        factors, shape = self._pyramid.factors, self._pyramid.shape
        return [
            min(unit * factor**steps, length)
            for unit, factor, length in zip(self._unit, factors, shape, strict=True)
        ]

    def _direct_passes(self, carried: Opener, steps: int) -> list[Pass]:
        """Plan the passes of levels that are all taken from level 0."""
        pyramid, dtype = self._pyramid, self._source.dtype
        further = range(steps + 1, pyramid.above + 1)
        for number in further:
            cell = self._cell(steps, number)
            if cell is not None:
                name, shape = f"parts of level {number}", pyramid.level(number)
                self._files[number] = carried(name, shape, dtype, cell)
        made = [self._pass(0, steps, also=len(self._files))]
        return made + [
            self._copy_pass(number) if number in self._files else self._far_pass(number)
            for number in further
        ]

    def _cell(self, steps: int, number: int) -> list[int] | None:
        """Size the part of a level that a block gives; None if its windows do not fit into it."""
        factors = self._pyramid.factors
        size = [unit * f**steps for unit, f in zip(self._unit, factors, strict=True)]
        if any(n % f**number for n, f in zip(size, factors, strict=True)):
            return None
        return [n // f**number for n, f in zip(size, factors, strict=True)]

    def close(self) -> None:
        """Close the files of what is carried."""
        for file in self._files.values():
            file.close()

    def _pass(self, base: int, steps: int, also: int = 0) -> Pass:
        """Make levels base + 1 to base + steps of level ``base``, which is written if it is 0.

        Parts of the next levels, ``also`` in number, are made and kept.
        """
        factors = self._pyramid.factors
        size = [unit * f**steps for unit, f in zip(self._unit, factors, strict=True)]
        source = self._files.get(base, self._source if base == 0 else self._sinks[base])

        def work(where: Box) -> list[Any]:
            block = np.asarray(source[where])
            encoded = [] if base else [(0, self._sinks[0].encode(where, block))]
            made = self._cascade.levels(block, base, where, steps + also)
            for number, (values, carried) in enumerate(made, base + 1):
                part = self._pyramid.scaled(where, number - base)
                if number <= base + steps:
                    encoded.append((number, self._sinks[number].encode(part, values)))
                if number in self._files:
                    self._files[number][part] = carried
            return encoded

        return Pass(f"from {base}", self._pyramid.level(base), size, work, self._keep)

    def _copy_pass(self, number: int) -> Pass:
        """Write a level whose parts are all there."""

        def work(where: Box) -> list[Any]:
            return [(number, self._sinks[number].encode(where, self._files[number][where]))]

        shape = self._pyramid.level(number)
        return Pass(f"level {number}", shape, self._unit, work, self._keep)

    @property
    def _keep(self) -> Callable[[list[Any]], object] | None:
        """Function that keeps boxes in order, unless they are stored by the threads."""
        if not self._sinks[0].ordered:
            return None
        return lambda encoded: [[number, self._sinks[number].keep(one)] for number, one in encoded]

    def _far_pass(self, number: int) -> Pass:
        """Take a level from level 0, where a chunk of it needs more than a block."""
        pyramid, kernels = self._pyramid, self._pyramid.kernels(number)
        plan = plan_sliding(self._sinks[0], pyramid.axes, kernels, None, 0, 1, True)
        side = self._far_side(kernels)

        def work(where: Box) -> list[Any]:
            values = self._by_parts(plan, where, side)
            return [(number, self._sinks[number].encode(where, values))]

        return Pass(f"level {number}", pyramid.level(number), self._unit, work, self._keep)

    def _far_side(self, kernels: Sequence[int]) -> list[int]:
        """Choose how many windows are taken at once."""
        side = list(self._unit)
        each = prod(kernels) * np.dtype(self._source.dtype).itemsize
        others = prod(n for axis, n in enumerate(side) if axis not in self._pyramid.axes)
        windows = max(1, int(_PART_BYTES / (each * others)))
        wide = 1 << int(windows ** (1 / len(kernels))).bit_length() - 1
        for axis in self._pyramid.axes:  # as square as can be: of whole chunks of level 0
            side[axis] = min(side[axis], wide)
        return side

    def _by_parts(self, plan: Plan, where: Box, side: Sequence[int]) -> Array:
        shape = [span.stop - span.start for span in where]
        out: Array = np.empty(shape, self._source.dtype)
        for part in boxes(shape, side):
            moved = tuple(
                slice(span.start + some.start, span.start + some.stop)
                for span, some in zip(where, part, strict=True)
            )
            out[part] = pool_part(plan, moved, self._name, channel_axis=self._channel_axis)
        return out
