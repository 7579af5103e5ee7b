"""The reduction of some windows of one axis, from whatever holds the input."""

from math import prod

import numpy as np

from poolcli.core.engine.along_columns import columns
from poolcli.core.engine.along_rows import rows
from poolcli.core.engine.irregular import in_order, span_columns, span_rows
from poolcli.core.engine.reduction import LONG_ROW_BYTES, Reduction, Scratch
from poolcli.core.geometry.stage import Stage
from poolcli.core.geometry.windows import Spans
from poolcli.core.types import Array, Source

__all__ = ["Piece", "has_long_rows", "in_blocks", "surround"]

_LONG_WINDOW = 256
"""A longer window is reduced in blocks of so many taps: the sums of floats are the more exact for
it, and the input need not be in memory at once."""


class Piece:
    """The windows of one tile along one axis.

    Parameters
    ----------
    x : ndarray or Source
        The input of the stage.
    tile : tuple of slice
        Which part of the stage's output, cut up to the stage's axis at most.
    padded : bool
        Whether ``x`` already holds the padding.
    """

    __slots__ = ("op", "outer", "scratch", "shift", "span", "stage", "x")

    def __init__(
        self,
        op: Reduction,
        x: Source,
        stage: Stage,
        tile: tuple[slice, ...],
        scratch: Scratch,
        padded: bool,
    ) -> None:
        axis = stage.axis
        self.op, self.x, self.stage, self.scratch = op, x, stage, scratch
        self.shift = stage.window.padding if padded else 0
        self.outer = tile[:axis] + (slice(None),) * (axis - len(tile))
        self.span = tile[axis] if len(tile) > axis else slice(0, stage.size)

    def reduce(self, out: Array) -> None:
        """Reduce every window into ``out``."""
        if in_blocks(self.stage):
            self._reduce_long(out)
            return
        part, axis, window = self._taken(), self.stage.axis, self.stage.window
        across = has_long_rows(part, axis, self.op)
        if isinstance(window, Spans):
            starts, stops = window.from_to(self.span.start, self.span.stop)
            (span_rows if across else span_columns)(self.op, part, axis, starts, stops, out)
        elif across:
            rows(self.op, part, axis, window, out, self.scratch)
        else:
            columns(self.op, self._flat(part), axis, window, out, self.scratch)

    def _flat(self, part: Array) -> Array:
        """The part, contiguous and in the dtype of its sums.

        NumPy converts a whole array faster than in passing.
        """
        if part.flags.c_contiguous and part.dtype == self.op.dtype:
            return part
        flat = self.scratch("contiguous", part.shape, self.op.dtype)
        np.copyto(flat, part)
        return flat

    def _reduce_long(self, out: Array) -> None:
        axis, window, ufunc = self.stage.axis, self.stage.window, self.op.ufunc
        every = (slice(None),) * axis
        for number in range(self.span.start, self.span.stop):
            start = max(0, window.start(number) + self.shift)
            stop = min(window.stop(number) + self.shift, self.x.shape[axis])
            target = out[(*every, slice(number - self.span.start, number - self.span.start + 1))]
            target[...] = self.op.identity
            for low in range(start, stop, _LONG_WINDOW):
                part = self.x[(*self.outer, slice(low, min(low + _LONG_WINDOW, stop)))]
                block = ufunc.reduce(in_order(part), axis=axis, dtype=self.op.dtype, keepdims=True)
                self.op(target, block, target)

    def _taken(self) -> Array:
        """The part of ``x`` that the windows span, with padding only where they reach out of it."""
        x, axis, window = self.x, self.stage.axis, self.stage.window
        lo = window.start(self.span.start) + self.shift
        hi = window.stop(self.span.stop - 1) + self.shift
        if self.span == slice(0, self.stage.size) and lo == 0 and hi <= x.shape[axis]:
            return x[self.outer]  # uncut, for what is contiguous stays so
        inside = x[(*self.outer, slice(max(lo, 0), hi))]
        if lo >= 0 and hi <= x.shape[axis]:
            return inside
        return self._padded(inside, max(-lo, 0), hi - lo)

    def _padded(self, x: Array, before: int, length: int) -> Array:
        """``x`` in a longer array, with the identity around it."""
        axis = self.stage.axis
        shape = (*x.shape[:axis], length, *x.shape[axis + 1 :])
        filled = self.scratch("padded", shape, self.op.dtype)
        surround(filled, axis, before, before + x.shape[axis], self.op.identity)[...] = x
        return filled


def in_blocks(stage: Stage) -> bool:
    """Whether windows are reduced one by one, block by block."""
    window = stage.window
    apart = isinstance(window, Spans) or (window.stride >= window.kernel and window.dilation == 1)
    return apart and window.kernel > _LONG_WINDOW


def has_long_rows(x: Source, axis: int, op: Reduction) -> bool:
    """Whether so much lies behind an axis that whole rows are best combined."""
    return prod(x.shape[axis + 1 :]) * op.dtype.itemsize >= LONG_ROW_BYTES


def surround(x: Array, axis: int, start: int, stop: int, value: object) -> Array:
    """Fill ``x`` with a value outside [start, stop) of one axis, and give what is inside."""
    every = (slice(None),) * axis
    x[(*every, slice(0, start))] = value
    x[(*every, slice(stop, None))] = value
    return x[(*every, slice(start, stop))]
