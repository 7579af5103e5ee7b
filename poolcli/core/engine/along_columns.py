"""Slide along an axis with little after it: the last axis of an image, and its 1 to 4 channels.

The array is contiguous, so a shift along the axis is a shift of the flat array. Windows are made at
every position and subsampled afterwards, although most of them are not wanted: NumPy vectorises
full-length shifts, and steps with gaps take several times as long for each item. What wraps around
the end of a row is garbage in places that no window starts at, and the subsampling drops it.
"""

from math import prod

from poolcli.core.engine.reduction import Reduction, Scratch, cut, double, widenings
from poolcli.core.engine.subsample import subsample
from poolcli.core.geometry.windows import AnyWindow, Spans, Window
from poolcli.core.types import Array

__all__ = ["reduce_columns"]


def reduce_columns(
    op: Reduction, x: Array, axis: int, window: AnyWindow, out: Array, scratch: Scratch
) -> None:
    """Reduce every window along ``axis`` into ``out``; see `reduce_rows`.

    Parameters
    ----------
    x : ndarray
        Contiguous, of ``op.dtype``.
    """
    assert not isinstance(window, Spans)
    k, s, d = window.kernel, window.stride, window.dilation
    if k == 1:
        subsample(x, axis, s, out)
    elif s == 1:
        _everywhere(op, x, axis, k, d, out, scratch)
    elif d == 1 and _halves_pay(x, axis, s):
        _by_halves(op, x, axis, k, s, out, scratch)
    else:
        subsample(_slid(op, x, axis, k, d, "columns", scratch), axis, s, out)


def _halves_pay(x: Array, axis: int, s: int) -> bool:
    """Tell whether to combine neighbours where blocks begin, in place of everywhere.

    Of floats a step with gaps takes no longer than one everywhere and a copy of every second item.
    """
    floats = x.dtype.kind == "f" and x.dtype.itemsize >= 4
    return floats and s % 2 == 0 and prod(x.shape[axis + 1 :]) == 1


def _by_halves(
    op: Reduction, x: Array, axis: int, k: int, s: int, out: Array, scratch: Scratch
) -> None:
    """Combine pairs first, and slide over the pairs: both have half the length."""
    size, even = out.shape[axis], k - k % 2
    count = (size - 1) * (s // 2) + even // 2
    half = out
    if even > 2 or s > 2:
        half = scratch(f"half {k}", (*x.shape[:axis], count, *x.shape[axis + 1 :]), op.dtype)
    op(cut(x, axis, 0, count, 2), cut(x, axis, 1, count, 2), half)
    if half is not out:
        reduce_columns(op, half, axis, Window(even // 2, s // 2), out, scratch)
    if k % 2:
        op(out, cut(x, axis, k - 1, size, s), out)


def _slid(op: Reduction, x: Array, axis: int, k: int, d: int, name: str, scratch: Scratch) -> Array:
    """Make windows at every position, with garbage where they do not fit."""
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
    """Make windows at every position; the last step leaves the garbage out, and saves a copy."""
    itself, shift, width = widenings(k, op.idempotent)[-1]
    before = width - shift if itself else shift
    now = _slid(op, x, axis, before, d, "columns", scratch)
    size = out.shape[axis]
    op(cut(now, axis, 0, size), cut(now if itself else x, axis, shift * d, size), out)
