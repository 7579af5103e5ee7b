"""Slide an associative ufunc along one axis: the engine room of every pooling.

Two ways, both without building a window:

- `rows`, where what lies behind the axis is long: whole rows are combined, first into blocks of
  one stride, then blocks into windows by doubling.
- `columns`, where it is short (the last axis of an image, with 1 to 4 channels behind it): the
  array is contiguous, so a shift along the axis is a shift of the flat array. Full-length shifts
  are vectorised by NumPy; what wraps around a row's end is garbage in places that no window
  starts at, and is dropped when the windows' starts are picked out.

Neither costs more than about log2(k) passes, or k where k ≤ s.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import gcd, prod
from typing import Any, Protocol, TypeAlias

import numpy as np

from poolcli.core.windows import Window

__all__ = [
    "LONG_ROW_BYTES",
    "Array",
    "Reduction",
    "Scratch",
    "Source",
    "columns",
    "in_order",
    "rows",
    "spans",
    "thin",
]

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]


LONG_ROW_BYTES = 256
"""From here on whole rows are combined; below, the shorter way is over the flat array."""


class Source(Protocol):
    """An array, or what gives parts of one when it is sliced: a file, a picture."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Lengths of the axes."""
        ...

    @property
    def dtype(self) -> np.dtype[Any]:
        """Of what the slices are."""
        ...

    def __getitem__(self, key: tuple[slice, ...], /) -> Array: ...


@dataclass(frozen=True, slots=True)
class Reduction:
    """An associative, commutative ufunc, and what a place without a value is to it.

    ``idempotent``: whether a value may be combined twice (max, min) or must not (a sum).
    """

    ufunc: np.ufunc
    identity: Any
    dtype: np.dtype[Any]
    idempotent: bool

    def __call__(self, a: Array, b: Array, out: Array) -> Array:
        """Combine two arrays into a third."""
        self.ufunc(a, b, out=out, dtype=self.dtype)
        return out


class Scratch:
    """Working memory that is asked for by name and used again, band after band."""

    __slots__ = ("_buffers",)

    def __init__(self) -> None:
        self._buffers: dict[str, Array] = {}

    def __call__(self, name: str, shape: Sequence[int], dtype: np.dtype[Any]) -> Array:
        """An uninitialised array; what was given by this name before is overwritten."""
        size = prod(shape)
        buffer = self._buffers.get(name)
        if buffer is None or buffer.size < size or buffer.dtype != dtype:
            buffer = self._buffers[name] = np.empty(size, dtype)
        return buffer[:size].reshape(shape)


def _cut(x: Array, axis: int, start: int, count: int, step: int = 1) -> Array:
    """``count`` positions of one axis, ``step`` apart, as a view."""
    span = slice(start, start + (count - 1) * step + 1, step)
    return x[(slice(None),) * axis + (span,)]


def rows(op: Reduction, x: Array, axis: int, window: Window, out: Array, scratch: Scratch) -> None:
    """Reduce every window along ``axis`` into ``out``.

    Parameters
    ----------
    x : ndarray
        Holds exactly the windows' span: window o starts at position o·s. No padding is left to do.
    out : ndarray
        The shape of ``x``, but for O windows along ``axis``; of ``op.dtype``.
    """
    k, s, d = window.kernel, window.stride, window.dilation
    common = gcd(s, d)
    if common > 1:  # positions between are in no window
        x = x[(slice(None),) * axis + (slice(None, None, common),)]
        s, d = s // common, d // common
    size = out.shape[axis]
    if k <= s or (d > 1 and k <= s * k.bit_length()):
        _taps(op, [_cut(x, axis, j * d, size, s) for j in range(k)], out)
    elif d > 1:
        _dilated_rows(op, x, axis, k, s, d, out, scratch)
    else:
        _blocks(op, x, axis, k, s, out, scratch)


def _taps(op: Reduction, taps: Sequence[Array], out: Array) -> None:
    if len(taps) == 1:
        np.copyto(out, taps[0])
        return
    op(taps[0], taps[1], out)
    for tap in taps[2:]:
        op(out, tap, out)


def _dilated_rows(
    op: Reduction, x: Array, axis: int, k: int, s: int, d: int, out: Array, scratch: Scratch
) -> None:
    """Windows at every position by doubling, of which every s-th is wanted."""
    size = (out.shape[axis] - 1) * s + 1
    shape = (*x.shape[:axis], size, *x.shape[axis + 1 :])
    every = scratch("rows every", shape, op.dtype)
    _double(op, x, axis, k, d, every, scratch)
    np.copyto(out, _cut(every, axis, 0, out.shape[axis], s))


def _blocks(
    op: Reduction, x: Array, axis: int, k: int, s: int, out: Array, scratch: Scratch
) -> None:
    """A window is q whole blocks of s rows and the first r rows of the next block."""
    q, r = divmod(k, s)
    size = out.shape[axis]
    blocks, prefix = x, None
    if s > 1:
        # The block behind the last whole one is needed for its first r rows only.
        count = size + q - 1
        blocks = _cut(x, axis, 0, count + (r > 0), s)
        for j in range(1, s):
            if j == r:
                prefix = _cut(blocks, axis, q, size)
            count_now = count + (j < r)
            shape = (*x.shape[:axis], count_now, *x.shape[axis + 1 :])
            name = "rows blocks" if r == 0 or j < r else "rows whole blocks"
            tap = _cut(x, axis, j, count_now, s)
            blocks = op(_cut(blocks, axis, 0, count_now), tap, scratch(name, shape, op.dtype))
    if prefix is None:
        _double(op, blocks, axis, q, 1, out, scratch)
    elif q == 1:
        op(_cut(blocks, axis, 0, size), prefix, out)
    else:
        _double(op, blocks, axis, q, 1, out, scratch)
        op(out, prefix, out)


@lru_cache(maxsize=256)
def _widenings(k: int, idempotent: bool) -> tuple[tuple[bool, int, int], ...]:
    """Steps from windows of one tap to windows of k: (combine with itself?, shift, new width)."""
    steps, width = [], 1
    if idempotent:
        while width < k:
            shift = min(width, k - width)  # the last two may overlap
            width += shift
            steps.append((True, shift, width))
        return tuple(steps)
    for bit in f"{k:b}"[1:]:
        steps.append((True, width, 2 * width))
        width *= 2
        if bit == "1":
            steps.append((False, width, width + 1))
            width += 1
    return tuple(steps)


def _double(
    op: Reduction, x: Array, axis: int, k: int, d: int, out: Array, scratch: Scratch
) -> None:
    """Windows of k taps, d apart, at every position, out of windows of 2, 4, 8 … taps."""
    size = out.shape[axis]
    if k == 1:
        np.copyto(out, _cut(x, axis, 0, size))
        return
    now = x
    for turn, (itself, shift, width) in enumerate(_widenings(k, op.idempotent)):
        length = size + (k - width) * d
        other = _cut(now if itself else x, axis, shift * d, length)
        wider = out
        if width < k:
            shape = (*x.shape[:axis], length, *x.shape[axis + 1 :])
            wider = scratch(f"width {turn % 2}", shape, op.dtype)
        now = op(_cut(now, axis, 0, length), other, wider)


def columns(
    op: Reduction, x: Array, axis: int, window: Window, out: Array, scratch: Scratch
) -> None:
    """What `rows` does, for a contiguous ``x`` of ``op.dtype`` with little behind ``axis``."""
    k, unit = window.kernel, window.dilation * prod(x.shape[axis + 1 :])
    if k == 1:
        thin(x, axis, window.stride, out)
        return
    flat = x.reshape(-1)
    reduced = scratch("columns", x.shape, op.dtype)
    _double(op, flat, 0, k, unit, reduced.reshape(-1)[: flat.size - (k - 1) * unit], scratch)
    thin(reduced, axis, window.stride, out)


def spans(
    op: Reduction, x: Array, axis: int, starts: Sequence[int], stops: Sequence[int], out: Array
) -> None:
    """Reduce the windows [starts[o], stops[o]) along ``axis`` into ``out``.

    Long rows are reduced window by window, short ones all at once: ``reduceat`` reduces between
    each index and the next, of which every second one is a window and the others are thrown away.
    """
    every = (slice(None),) * axis
    if prod(x.shape[axis + 1 :]) * op.dtype.itemsize >= LONG_ROW_BYTES:
        for position, (start, stop) in enumerate(zip(starts, stops, strict=True)):
            window = in_order(x[(*every, slice(start, stop))])
            target: Any = out[every + (position,)]  # noqa: RUF005
            op.ufunc.reduce(window, axis=axis, dtype=op.dtype, out=target)
        return
    if stops[-2:].count(x.shape[axis]) > 1:  # all but the last index must lie inside
        x = np.concatenate([x, x[(*every, slice(-1, None))]], axis)
    edges = np.array([starts, stops]).T.reshape(-1)
    edges = edges[: -1 if edges[-1] == x.shape[axis] else None]
    between = op.ufunc.reduceat(x, edges, axis=axis, dtype=op.dtype)
    np.copyto(out, between[(*every, slice(None, None, 2))])


def in_order(x: Array) -> Array:
    """``x``, copied if its last axis is not innermost in memory: NumPy adds in that order."""
    strides = [abs(stride) for stride in x.strides]
    return x if strides == sorted(strides, reverse=True) else np.ascontiguousarray(x)


def thin(x: Array, axis: int, stride: int, out: Array) -> None:
    """Copy every ``stride``-th position of ``axis``, by the fastest way that NumPy has."""
    size, inner = out.shape[axis], prod(out.shape[axis + 1 :])
    picked = _cut(x, axis, 0, size, stride)
    if 2 <= inner <= 8 and stride > 1 and out.ndim == axis + 2:
        for channel in range(inner):
            np.copyto(out[..., channel], picked[..., channel])
    else:
        np.copyto(out, picked)
