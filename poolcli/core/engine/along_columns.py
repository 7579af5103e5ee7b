"""Slide along an axis with little behind it: the last of an image, and its 1 to 4 channels.

The array is contiguous, so a shift along the axis is a shift of the flat array. Full-length shifts
are vectorised by NumPy; what wraps around a row's end is garbage in places that no window starts
at, and is dropped when the windows' starts are picked out.
"""

from math import prod

import numpy as np

from poolcli.core.engine.reduction import Reduction, Scratch, cut, double, widenings
from poolcli.core.engine.subsample import thin
from poolcli.core.geometry.windows import AnyWindow, Spans, Window
from poolcli.core.types import Array

__all__ = ["columns"]


def columns(
    op: Reduction, x: Array, axis: int, window: AnyWindow, out: Array, scratch: Scratch
) -> None:
    """Reduce every window along ``axis`` into ``out``; see `rows`.

    Parameters
    ----------
    x : ndarray
        Contiguous; of ``op.dtype``, or of a smaller one that sums of parts of a window fit in.
    """
    assert not isinstance(window, Spans)
    k, s, d = window.kernel, window.stride, window.dilation
    if k == 1:
        thin(x, axis, s, out)
    elif s == 1:
        _everywhere(op, _wide(op, x, scratch), axis, k, d, out, scratch)
    elif d == 1 and _halves_pay(op, x, axis, k, s):
        _by_halves(op, x, axis, k, s, out, scratch)
    elif d == 1 and not op.idempotent and k >= 2 * s:
        _by_blocks(op, x, axis, k, s, out, scratch)
    else:
        x = _wide(op, x, scratch)
        thin(_slid(op, x, axis, k, d, "columns", scratch), axis, s, out)


def _wide(op: Reduction, x: Array, scratch: Scratch) -> Array:
    """``x`` in the dtype of its sums: NumPy converts a whole array faster than in passing."""
    if x.dtype == op.dtype:
        return x
    wide = scratch("wide", x.shape, op.dtype)
    np.copyto(wide, x)
    return wide


def _halves_pay(op: Reduction, x: Array, axis: int, k: int, s: int) -> bool:
    """Whether to combine neighbours where blocks begin, in place of everywhere.

    Of floats a step with gaps takes no longer than one everywhere and a copy of every second item.
    Sums must come about in the same order.
    """
    floats = op.dtype.kind == "f" and op.dtype.itemsize >= 4 and x.dtype == op.dtype
    in_order = op.idempotent or s == 2 or (s & (s - 1) == 0 and k % s == 0)
    return floats and in_order and s % 2 == 0 and prod(x.shape[axis + 1 :]) == 1


def _by_halves(
    op: Reduction, x: Array, axis: int, k: int, s: int, out: Array, scratch: Scratch
) -> None:
    size, even = out.shape[axis], k - k % 2
    count = (size - 1) * (s // 2) + even // 2
    half = out
    if even > 2 or s > 2:
        half = scratch(f"half {k}", (*x.shape[:axis], count, *x.shape[axis + 1 :]), op.dtype)
    op(cut(x, axis, 0, count, 2), cut(x, axis, 1, count, 2), half)
    if half is not out:
        columns(op, half, axis, Window(even // 2, s // 2), out, scratch)
    if k % 2:
        op(out, cut(x, axis, k - 1, size, s), out)


def _slid(op: Reduction, x: Array, axis: int, k: int, d: int, name: str, scratch: Scratch) -> Array:
    """Windows at every position, with garbage where they do not fit."""
    if k == 1:
        return x
    unit = d * prod(x.shape[axis + 1 :])
    flat = x.reshape(-1)
    slid = scratch(name, x.shape, op.dtype)
    double(op, flat, k, unit, slid.reshape(-1)[: flat.size - (k - 1) * unit], scratch)
    return slid


def _everywhere(
    op: Reduction, x: Array, axis: int, k: int, d: int, out: Array, scratch: Scratch
) -> None:
    """Windows at every position; the last step leaves the garbage out."""
    itself, shift, width = widenings(k, op.idempotent)[-1]
    before = width - shift if itself else shift
    now = _slid(op, x, axis, before, d, "columns", scratch)
    size = out.shape[axis]
    op(cut(now, axis, 0, size), cut(now if itself else x, axis, shift * d, size), out)


def _by_blocks(
    op: Reduction, x: Array, axis: int, k: int, s: int, out: Array, scratch: Scratch
) -> None:
    """Sums of q blocks of s and of r more, of which only the blocks' starts need be wide."""
    q, r = divmod(k, s)
    size = out.shape[axis]
    blocks = _starts(op, x, axis, k, s, s, 0, size + q - 1, scratch)
    _everywhere(op, blocks, axis, q, 1, out, scratch)
    if r:
        op(out, _starts(op, x, axis, k, s, r, q * s, size, scratch), out)


def _starts(
    op: Reduction,
    x: Array,
    axis: int,
    k: int,
    s: int,
    taps: int,
    start: int,
    count: int,
    scratch: Scratch,
) -> Array:
    """Sums of so many taps, ``count`` of them, s apart."""
    early = op.part(taps, k)
    if early.dtype.itemsize < x.dtype.itemsize:
        early = op
    slid = _slid(early, _wide(early, x, scratch), axis, taps, 1, "columns", scratch)
    shape = (*x.shape[:axis], count, *x.shape[axis + 1 :])
    picked = scratch("picked", shape, early.dtype)
    if start:
        slid = cut(slid, axis, start, (count - 1) * s + 1)
    thin(slid, axis, s, picked)
    return _wide(op, picked, scratch)
