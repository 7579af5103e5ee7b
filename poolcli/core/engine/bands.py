"""Pool over several axes, one at a time, in bands that stay in the processor's cache.

A band of windows along the first axis is reduced into a slab of working memory; the slab is then
reduced along the next axis, and so on, before the next band is begun. So the input is read once,
the output is written once, and nothing between them grows with the input. Along each axis a
window is the same reduction wherever it lies, so the result does not depend on the bands.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from math import prod
from typing import TypeAlias

import numpy as np

from poolcli.core.engine.along_columns import columns
from poolcli.core.engine.along_rows import rows
from poolcli.core.engine.piece import Piece, has_long_rows, in_blocks, surround
from poolcli.core.engine.reduction import Reduction, Scratch
from poolcli.core.geometry.stage import Stage
from poolcli.core.geometry.windows import AnyWindow, Spans
from poolcli.core.types import Array, Source

__all__ = ["BAND_BYTES", "Finish", "item_bytes", "pool_stages", "tiles"]

BAND_BYTES = 1 << 20
"""Working memory of one band, a part of a core's level-2 cache."""

_READ_BANDS = 8
"""How many times that a band may read of the input."""

Finish: TypeAlias = Callable[[Array, Array, tuple[int, ...]], None]
"""``finish(reduced, out, origin)`` turns reduced values into results while they are in cache;
``origin`` is where ``out`` begins in the whole result."""


def pool_stages(
    op: Reduction,
    x: Source,
    todo: Sequence[Stage],
    out: Array,
    finish: Finish | None = None,
    band_bytes: int = BAND_BYTES,
) -> None:
    """Reduce ``x`` over every stage's axis into ``out``.

    Parameters
    ----------
    x : ndarray or Source
        Any layout; of any dtype that ``op.dtype`` holds.
    out : ndarray
        The output's shape; of ``op.dtype`` unless ``finish`` turns results into another.
    """
    if out.size:
        work = _Pass(op, todo, finish, band_bytes)
        if work.plain(x):
            work.run_plain(x, out)
        else:
            work.run(x, todo, out, (0,) * out.ndim, padded=False)


class _Pass:
    """One call's unchanging parts, and its working memory."""

    def __init__(
        self, op: Reduction, todo: Sequence[Stage], finish: Finish | None, band_bytes: int
    ) -> None:
        self.op, self.todo, self.finish, self.band_bytes = op, todo, finish, band_bytes
        kernels = [stage.window.kernel for stage in todo]
        self.ops = {
            stage.axis: op.part(prod(kernels[: number + 1]), prod(kernels))
            for number, stage in enumerate(todo)
        }
        self.scratches = {stage.axis: Scratch() for stage in todo}

    def run(
        self, x: Source, todo: Sequence[Stage], out: Array, origin: tuple[int, ...], *, padded: bool
    ) -> None:
        """Do the first stage of ``todo`` band by band, and the others on each band.

        ``padded``: ``x`` already holds the padding of the first stage.
        """
        if not todo:
            for tile in tiles(x.shape, len(x.shape) - 1, x.dtype.itemsize, self.band_bytes):
                every = (*tile, *(slice(None),) * (len(x.shape) - len(tile)))
                where = tuple(slot.start or 0 for slot in every)
                self._deliver(x[every], out[every], where)
            return
        stage, rest = todo[0], todo[1:]
        op, scratch = self._tools(stage)
        shape = list(x.shape)
        shape[stage.axis] = stage.size
        if rest:
            shape[rest[0].axis] = rest[0].padded_length
        behind = shape[stage.axis + 1 :]
        for tile in tiles(shape, stage.axis, item_bytes(op, x, stage), self.band_bytes):
            piece = Piece(op, x, stage, tile, scratch, padded)
            target = out[tile]
            where = tuple(o + t.start for o, t in zip(origin, tile, strict=False))
            where += origin[len(tile) :]
            if rest:
                lengths = (*target.shape[: stage.axis + 1], *behind)
                slab, inside = self._slab(stage, lengths, rest[0])
                piece.reduce(inside)
                self.run(slab, rest, target, where, padded=True)
            elif self.finish is None:
                piece.reduce(target)
            else:
                reduced = scratch("reduced", target.shape, op.dtype)
                piece.reduce(reduced)
                self.finish(reduced, target, where)

    def plain(self, x: Source) -> bool:
        """Whether these are two axes with long rows and plain windows, the most usual thing."""
        if len(self.todo) != 2 or self.op.dtype.kind == "b":
            return False
        if any(in_blocks(stage) or isinstance(stage.window, Spans) for stage in self.todo):
            return False
        axis = self.todo[0].axis
        row = prod(x.shape[axis + 1 :]) * self.op.dtype.itemsize
        return row <= self.band_bytes and has_long_rows(x, axis, self.ops[axis])

    def run_plain(self, x: Source, out: Array) -> None:
        """What `run` does, with all that bands have in common done once.

        So a band may be as small as the cache wants it.
        """
        first, second = self.todo
        axis, window, op, scratch = first.axis, first.window, *self._tools(first)
        last, more = self._tools(second)
        across = rows if has_long_rows(x, second.axis, last) else columns
        shape = [*x.shape[:axis], first.size, *x.shape[axis + 1 :]]
        shape[second.axis] = second.padded_length
        done: tuple[int, ...] = ()
        size = self.band_bytes // self._bands(window)
        for tile in tiles(shape, axis, item_bytes(op, x, first), size):
            target = out[tile]
            if done != target.shape[: axis + 1]:
                done = target.shape[: axis + 1]
                slab, inside = self._slab(first, (*done, *shape[axis + 1 :]), second)
            span = tile[axis] if len(tile) > axis else slice(0, first.size)
            start, stop = window.start(span.start), window.stop(span.stop - 1)
            if start >= 0 and stop <= first.length:
                outer = tile[:axis] + (slice(None),) * (axis - len(tile))
                rows(op, x[(*outer, slice(start, stop))], axis, window, inside, scratch)
            else:
                Piece(op, x, first, tile, scratch, padded=False).reduce(inside)
            if self.finish is None:
                across(last, slab, second.axis, second.window, target, more)
            else:
                reduced = more("reduced", target.shape, last.dtype)
                across(last, slab, second.axis, second.window, reduced, more)
                where = tuple(part.start for part in tile) + (0,) * (out.ndim - len(tile))
                self.finish(reduced, target, where)

    def _bands(self, window: AnyWindow) -> int:
        """Into how many parts of a band to cut: the smaller, the nearer is the cache.

        But of long windows more rows are read again for it, and a finish takes calls of its own.
        """
        return 1 if window.kernel >= 32 else 2 if self.finish or window.kernel >= 8 else 4

    def _tools(self, stage: Stage) -> tuple[Reduction, Scratch]:
        return self.ops[stage.axis], self.scratches[stage.axis]

    def _deliver(self, x: Array, out: Array, origin: tuple[int, ...]) -> None:
        if self.finish is None:
            np.copyto(out, x)
        else:
            self.finish(x.astype(self.op.dtype), out, origin)

    def _slab(self, first: Stage, shape: Sequence[int], second: Stage) -> tuple[Array, Array]:
        """Where a first stage's result goes: with the padding that the next wants, and without."""
        op, scratch = self._tools(first)
        slab = scratch("slab", shape, op.dtype)
        if second.padded_length == second.length:
            return slab, slab
        before = second.window.padding
        stop = before + second.length
        return slab, surround(slab, second.axis, before, stop, self.op.identity)


def item_bytes(op: Reduction, x: Source, stage: Stage) -> int:
    """What an item of a stage's result costs: its own bytes, or a share of those read for it."""
    read = x.dtype.itemsize * stage.length // max(stage.size, 1)
    return max(op.dtype.itemsize, read // _READ_BANDS)


def tiles(
    shape: Sequence[int], axis: int, itemsize: int, band_bytes: int
) -> Iterator[tuple[slice, ...]]:
    """Cut the axes up to ``axis`` so that a piece of ``shape`` is a band, where one can be."""
    split, per = 0, prod(shape[1:]) * itemsize
    while split < axis and per > band_bytes:
        split += 1
        per = prod(shape[split + 1 :]) * itemsize
    step = max(1, band_bytes // max(per, 1))
    for lead in product(*map(range, shape[:split])):
        one = tuple(slice(i, i + 1) for i in lead)
        for low in range(0, shape[split], step):
            yield (*one, slice(low, min(low + step, shape[split])))
