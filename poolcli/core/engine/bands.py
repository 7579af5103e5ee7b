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

from poolcli.core.engine.one_axis import OneAxis, surround
from poolcli.core.engine.reduction import Reduction
from poolcli.core.geometry.plan import Plan
from poolcli.core.geometry.stage import Stage
from poolcli.core.types import Array, Source

__all__ = ["BAND_BYTES", "Finish", "item_bytes", "pool_stages", "tiles"]

BAND_BYTES = 1 << 20
"""Size of one band: with what is made of it, it stays in a core's level-2 cache.

Smaller bands call NumPy more often and read the rows between two bands again more often.
"""

_BOX_BYTES = 1 << 26
"""Bytes to read and to work on for one row of windows; those of pictures take far fewer."""

_WIDE_ROW_BYTES = 1 << 18
"""Shorter rows, with what is made of them, are never more than the bytes of a box."""

_READ_BANDS = 8
"""A band may read so many times its size of the input, where windows are longer than bands."""

Finish: TypeAlias = Callable[[Array, Array, tuple[int, ...]], None]
"""A function ``finish(reduced, out, origin)`` that turns reduced values into results while they are
in cache; ``out`` begins at ``origin`` in the whole result."""


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
    if not out.size:
        return
    row = prod(x.shape[1:]) * (x.dtype.itemsize + op.dtype.itemsize)
    if row > _WIDE_ROW_BYTES and todo:
        plan = Plan(x, tuple(todo), out.shape)
        if _reduce_boxes(op, plan, out, finish, band_bytes):
            return
    _Pass(op, todo, finish, band_bytes).reduce(x, out)


def _reduce_boxes(
    op: Reduction, plan: Plan, out: Array, finish: Finish | None, band_bytes: int
) -> bool:
    """Reduce box by box, unless rows are small enough; tell whether that was so."""
    from poolcli.core.engine.boxes import boxes_of, cut_long_window

    done, itemsize = False, op.dtype.itemsize
    for box, part in boxes_of(plan, itemsize, _BOX_BYTES):
        pieces = list(cut_long_window(part, itemsize, _BOX_BYTES))
        _reduce_pieces(op, pieces, out[box], finish, tuple(s.start for s in box), band_bytes)
        done = True
    return done


def _reduce_pieces(
    op: Reduction,
    pieces: Sequence[Plan],
    out: Array,
    finish: Finish | None,
    origin: tuple[int, ...],
    band_bytes: int,
) -> None:
    if len(pieces) == 1:
        _Pass(op, pieces[0].stages, finish, band_bytes).reduce(pieces[0].x, out, origin)
        return
    reduced = np.full(out.shape, op.identity, op.dtype)
    for piece in pieces:
        some = np.empty_like(reduced)
        _Pass(op, piece.stages, None, band_bytes).reduce(piece.x, some)
        op(reduced, some, reduced)
    if finish:
        finish(reduced, out, origin)
    else:
        np.copyto(out, reduced)


class _Pass:
    """The constant parts of one call, and its working memory."""

    def __init__(
        self, op: Reduction, todo: Sequence[Stage], finish: Finish | None, band_bytes: int
    ) -> None:
        self.op, self.finish, self.band_bytes = op, finish, band_bytes
        # The first axes combine few taps of a window, so their sums are kept in smaller integers.
        kernels = [stage.window.kernel for stage in todo]
        self.axes = [
            OneAxis(op.part(prod(kernels[: number + 1]), prod(kernels)), stage)
            for number, stage in enumerate(todo)
        ]

    def reduce(self, x: Source, out: Array, origin: tuple[int, ...] = ()) -> None:
        """Reduce ``x`` into ``out``, which begins at ``origin`` in the whole result."""
        if self.axes:
            self._reduce_axis(x, 0, out, origin or (0,) * out.ndim)
            return
        # Nothing to reduce: a copy, in bands all the same, as ``x`` may be a file.
        for tile in tiles(x.shape, len(x.shape) - 1, x.dtype.itemsize, self.band_bytes):
            every = (*tile, *(slice(None),) * (len(x.shape) - len(tile)))
            if self.finish is None:
                np.copyto(out[every], x[every])
            else:
                where = tuple(slot.start or 0 for slot in every)
                self.finish(x[every].astype(self.op.dtype), out[every], where)

    def _reduce_axis(self, x: Source, number: int, out: Array, origin: tuple[int, ...]) -> None:
        """Reduce along one axis band by band, and along the next axes while a band is in cache.

        The outermost axis comes first: its windows combine whole rows, which is NumPy's fastest
        work, and leave the fewest items to the inner axes, where each step costs more. Only the
        input itself is read without its padding; a slab is made with the padding of the next axis.
        """
        one, padded = self.axes[number], number > 0
        axis = one.stage.axis
        shape = [*x.shape[:axis], one.stage.size, *x.shape[axis + 1 :]]
        after = self.axes[number + 1].stage if number + 1 < len(self.axes) else None
        if after:
            shape[after.axis] = after.padded_length
        for tile in tiles(shape, axis, item_bytes(one.op, x, one.stage), self.band_bytes):
            target = out[tile]
            if after is None and self.finish is None:
                one.reduce(x, tile, target, padded)
                continue
            where = tuple(o + t.start for o, t in zip(origin, tile, strict=False))
            where += origin[len(tile) :]
            if after:
                slab = one.scratch(
                    "slab", (*target.shape[: axis + 1], *shape[axis + 1 :]), one.op.dtype
                )
                one.reduce(x, tile, _inside(slab, after, one.op), padded)
                self._reduce_axis(slab, number + 1, target, where)
            elif self.finish:
                reduced = one.scratch("reduced", target.shape, one.op.dtype)
                one.reduce(x, tile, reduced, padded)
                self.finish(reduced, target, where)


def _inside(slab: Array, after: Stage, op: Reduction) -> Array:
    """Fill in the padding of the next axis, and return the part of the band between it."""
    if slab.shape[after.axis] == after.length:
        return slab
    before = after.window.padding
    return surround(slab, after.axis, before, before + after.length, op.identity)


def item_bytes(op: Reduction, x: Source, stage: Stage) -> int:
    """Bytes that an item of a stage's result costs: its own, or a share of those read for it."""
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
