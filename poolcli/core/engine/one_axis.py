"""The reduction of some windows of one axis, from whatever holds the input."""

from collections.abc import Iterator
from math import prod

import numpy as np

from poolcli.core.engine.along_columns import reduce_columns
from poolcli.core.engine.along_rows import reduce_rows
from poolcli.core.engine.reduction import Reduction, Scratch, in_order
from poolcli.core.geometry.stage import Stage
from poolcli.core.geometry.windows import Spans
from poolcli.core.types import Array, Source

__all__ = ["OneAxis", "surround"]

_LONG_ROW_BYTES = 256
"""Rows of this size and more are combined whole; shorter ones as one flat array.

NumPy begins anew at each row, which takes as long as combining some hundred bytes.
"""

_LONG_WINDOW = 256
"""A longer window is reduced in blocks of this many taps: the sums of floats are more exact so, and
the input need not be in memory at once."""

_SIDE_BY_SIDE_BYTES = 1 << 20
"""Input of the long windows that are reduced together."""


class OneAxis:
    """The reduction along one axis, prepared once for all its bands."""

    __slots__ = ("op", "scratch", "stage")

    def __init__(self, op: Reduction, stage: Stage) -> None:
        self.op, self.stage, self.scratch = op, stage, Scratch()

    def reduce(self, x: Source, tile: tuple[slice, ...], out: Array, padded: bool) -> None:
        """Reduce some windows into ``out``.

        Parameters
        ----------
        x : ndarray or Source
            The input of the stage.
        tile : tuple of slice
            Which windows: a part of the stage's output, cut up to the stage's axis at most.
        padded : bool
            Whether ``x`` already holds the padding.
        """
        axis, window = self.stage.axis, self.stage.window
        shift = window.padding if padded else 0
        outer = tile[:axis] + (slice(None),) * (axis - len(tile))
        span = tile[axis] if len(tile) > axis else slice(0, self.stage.size)
        if _in_blocks(self.stage):
            self._reduce_long(x, outer, span, shift, out)
            return
        part = self._taken(x, outer, span, shift)
        long_rows = _has_long_rows(part, axis, self.op)
        if isinstance(window, Spans):
            from poolcli.core.engine.spans import reduce_span_columns, reduce_span_rows

            starts, stops = window.from_to(span.start, span.stop)
            (reduce_span_rows if long_rows else reduce_span_columns)(
                self.op, part, axis, starts, stops, out
            )
        elif long_rows:
            reduce_rows(self.op, part, axis, window, out, self.scratch)
        else:
            reduce_columns(self.op, self._flat(part), axis, window, out, self.scratch)

    def _flat(self, part: Array) -> Array:
        """Make a part contiguous and give it the dtype of the result.

        It is converted before it is reduced, as NumPy converts a whole array faster than it
        converts operands in passing, and each step would convert them again.
        """
        if part.flags.c_contiguous and part.dtype == self.op.dtype:
            return part
        flat = self.scratch("contiguous", part.shape, self.op.dtype)
        np.copyto(flat, part)
        return flat

    def _reduce_long(
        self, x: Source, outer: tuple[slice, ...], span: slice, shift: int, out: Array
    ) -> None:
        axis, window = self.stage.axis, self.stage.window
        every = (slice(None),) * axis
        first, last = span.start, span.start
        while first < span.stop:
            start, stop = window.start(first) + shift, window.stop(first) + shift
            target = (*every, slice(first - span.start, first - span.start + 1))
            last = self._whole_until(x, out[target].size, first, span.stop, shift)
            if last > first + 1:
                target = (*every, slice(first - span.start, last - span.start))
                self._reduce_side_by_side(x, outer, start, last - first, out[target])
                first = last
                continue
            out[target][...] = self.op.identity
            for taps in self._blocks(x, outer, slice(max(0, start), min(stop, x.shape[axis]))):
                self._combine(taps, axis, out[target], keepdims=True)
            first += 1

    def _blocks(self, x: Source, outer: tuple[slice, ...], span: slice) -> Iterator[Array]:
        """Cut a long window into blocks of taps, or of what was combined from them.

        Where rows are short and no two windows would fit side by side, the first taps of many
        blocks make one long row, the second ones another, and so on.
        """
        axis = self.stage.axis
        row = prod(x.shape[axis + 1 :]) * x.dtype.itemsize
        step = _LONG_WINDOW
        if row < _LONG_ROW_BYTES and self.stage.window.kernel * row > _SIDE_BY_SIDE_BYTES:
            step *= min(_LONG_WINDOW, max(1, _SIDE_BY_SIDE_BYTES // (_LONG_WINDOW * row)))
        every = (slice(None),) * axis
        for low in range(span.start, span.stop, step):
            taps = x[(*outer, slice(low, min(low + step, span.stop)))]
            count = taps.shape[axis] // _LONG_WINDOW
            if count > 1:
                whole = taps[(*every, slice(count * _LONG_WINDOW))]
                shape = (*whole.shape[:axis], _LONG_WINDOW, count, *whole.shape[axis + 1 :])
                yield self.op.ufunc.reduce(whole.reshape(shape), axis=axis, dtype=self.op.dtype)
                taps = taps[(*every, slice(count * _LONG_WINDOW, None))]
            if taps.shape[axis]:
                yield taps

    def _whole_until(self, x: Source, size: int, first: int, stop: int, shift: int) -> int:
        """Find how far windows from ``first`` on are whole and together no more than a band."""
        window = self.stage.window
        if isinstance(window, Spans) or window.start(first) + shift < 0:
            return first
        room = x.shape[self.stage.axis] + window.padding - shift - window.kernel
        most = _SIDE_BY_SIDE_BYTES // max(1, size * window.stride * x.dtype.itemsize)
        return min(stop, room // window.stride + 1, first + most)

    def _reduce_side_by_side(
        self, x: Source, outer: tuple[slice, ...], start: int, count: int, out: Array
    ) -> None:
        """Reduce whole windows together: a step of Python for each takes longer than its taps."""
        axis, window = self.stage.axis, self.stage.window
        assert not isinstance(window, Spans)
        k, s = window.kernel, window.stride
        part = x[(*outer, slice(start, start + (count - 1) * s + k))]
        shape = (*part.shape[:axis], count, k, *part.shape[axis + 1 :])
        strides = (*part.strides[:axis], s * part.strides[axis], *part.strides[axis:])
        windows = np.lib.stride_tricks.as_strided(part, shape, strides, writeable=False)
        out[...] = self.op.identity
        every = (slice(None),) * (axis + 1)
        for low in range(0, k, _LONG_WINDOW):
            self._combine(windows[(*every, slice(low, low + _LONG_WINDOW))], axis + 1, out)

    def _combine(self, taps: Array, axis: int, out: Array, *, keepdims: bool = False) -> None:
        block = self.op.ufunc.reduce(
            in_order(taps), axis=axis, dtype=self.op.dtype, keepdims=keepdims
        )
        self.op(out, block, out)

    def _taken(self, x: Source, outer: tuple[slice, ...], span: slice, shift: int) -> Array:
        """Take the part that the windows span, with padding only where they reach out of ``x``.

        So only bands at a border are copied for their padding.
        """
        axis, window = self.stage.axis, self.stage.window
        length = x.shape[axis]
        lo, hi = window.start(span.start) + shift, window.stop(span.stop - 1) + shift
        if lo == 0 and hi <= length and span.stop == self.stage.size:
            return x[outer]  # uncut, so that a contiguous array stays contiguous
        inside = x[(*outer, slice(max(lo, 0), hi))]
        if lo >= 0 and hi <= length:
            return inside
        shape = (*inside.shape[:axis], hi - lo, *inside.shape[axis + 1 :])
        filled = self.scratch("padded", shape, self.op.dtype)
        before = max(-lo, 0)
        surround(filled, axis, before, before + inside.shape[axis], self.op.identity)[...] = inside
        return filled


def _in_blocks(stage: Stage) -> bool:
    """Tell whether windows are reduced one by one, in blocks; only those that hardly overlap."""
    window = stage.window
    apart = isinstance(window, Spans) or (window.stride >= window.kernel and window.dilation == 1)
    return apart and window.kernel > _LONG_WINDOW


def _has_long_rows(x: Source, axis: int, op: Reduction) -> bool:
    """Tell whether so much lies after an axis that whole rows are best combined."""
    return prod(x.shape[axis + 1 :]) * op.dtype.itemsize >= _LONG_ROW_BYTES


def surround(x: Array, axis: int, start: int, stop: int, value: object) -> Array:
    """Fill ``x`` with a value outside [start, stop) of one axis, and return the rest."""
    every = (slice(None),) * axis
    x[(*every, slice(0, start))] = value
    x[(*every, slice(stop, None))] = value
    return x[(*every, slice(start, stop))]
