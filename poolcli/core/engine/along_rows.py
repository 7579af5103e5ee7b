"""Slide along an axis with long rows after it: whole rows are combined.

Rows are combined into blocks of one stride first, and blocks into windows then, by doubling: a
window of q blocks takes s - 1 and log2(q) steps, none of them at a position that no window needs.
The other order, windows at every position and then every s-th of them, takes s·log2(s·q).
"""

from math import gcd

import numpy as np

from poolcli.core.engine.reduction import Reduction, Scratch, cut, double
from poolcli.core.geometry.windows import AnyWindow, Spans
from poolcli.core.types import Array

__all__ = ["reduce_rows"]

_WINDOW_BYTES = 100_000
"""A window of this many bytes of sums and more costs less by differences than by doubling: they
take two steps a row for any window, but call NumPy once for each row."""


def reduce_rows(
    op: Reduction, x: Array, axis: int, window: AnyWindow, out: Array, scratch: Scratch
) -> None:
    """Reduce every window along ``axis`` into ``out``.

    Parameters
    ----------
    x : ndarray
        Holds exactly the windows' span: window o starts at position o·s. No padding is left to do.
    out : ndarray
        The shape of ``x``, but for O windows along ``axis``; of ``op.dtype``.
    """
    assert not isinstance(window, Spans)
    x, out = x.swapaxes(0, axis), out.swapaxes(0, axis)
    k, s, d = window.kernel, window.stride, window.dilation
    if d > 1:
        common = gcd(s, d)  # the positions between are in no window
        x, s, d = x[::common], s // common, d // common
    # Where windows share no block, or one row alone, there is nothing to make only once. Dilated
    # windows share blocks only if all positions are made, which pays for large kernels.
    if k <= s or (d == 1 and k == s + 1 > 2) or (d > 1 and k <= s * k.bit_length()):
        _side_by_side(op, x, k, s, d, out)
    elif d == 1:
        _overlapping(op, x, k, s, out, scratch)
    elif s == 1:
        double(op, x, k, d, out, scratch)
    else:
        every = scratch("every", ((len(out) - 1) * s + 1, *x.shape[1:]), op.dtype)
        double(op, x, k, d, every, scratch)
        np.copyto(out, every[::s])


def _side_by_side(op: Reduction, x: Array, k: int, s: int, d: int, out: Array) -> None:
    """Combine the taps of each window one after another, all windows at once."""
    size = len(out)
    if k == 1:
        np.copyto(out, cut(x, 0, 0, size, s))
    elif k == s > 2 and d == 1 and _adds_in_order(x, out, op):
        # In half the time of adding row after row, for the sum stays in the level-1 cache.
        op.ufunc.reduce(
            x[: size * s].reshape(size, s, *x.shape[1:]), axis=1, dtype=op.dtype, out=out
        )
    else:
        op(cut(x, 0, 0, size, s), cut(x, 0, d, size, s), out)
        for j in range(2, k):
            op(out, cut(x, 0, j * d, size, s), out)


def _adds_in_order(x: Array, out: Array, op: Reduction) -> bool:
    """Tell whether NumPy's own reduction combines row after row, as `_side_by_side` does else.

    The sums of floats would differ with the layout otherwise.
    """
    if op.idempotent or op.dtype.kind != "f":
        return True
    return _row_after_row(x) and _row_after_row(out)


def _row_after_row(x: Array) -> bool:
    """Tell whether the last axis is innermost in memory, and no axis lies backwards."""
    others = [stride for stride, size in zip(x.strides, x.shape, strict=True) if size > 1][:-1]
    return x.shape[-1] > 1 and all(stride > x.strides[-1] > 0 for stride in others)


def _overlapping(op: Reduction, x: Array, k: int, s: int, out: Array, scratch: Scratch) -> None:
    """Combine q whole blocks of s rows and the first r rows of the next block."""
    q, r = divmod(k, s)
    blocks, prefix = x, None
    if s > 1:
        blocks, prefix = _blocks(op, x, q, r, s, len(out), scratch)
    if q == 1 and prefix is not None:
        op(blocks[: len(out)], prefix, out)
        return
    if not op.idempotent and op.dtype.kind in "iu" and q * out[0].nbytes >= _WINDOW_BYTES:
        _by_differences(op, blocks, q, out)
    else:
        double(op, blocks, q, 1, out, scratch)
    # The short rest comes last: doubling wants its blocks alike.
    if prefix is not None:
        op(out, prefix, out)


def _by_differences(op: Reduction, x: Array, k: int, out: Array) -> None:
    """Sum k rows at every position: the sum before, with the row it gains, less the one it loses.

    Integers come out exact after a subtraction, even after one that wraps around; floats do not.
    """
    # All differences are taken in one call, so that a single step is left for each row.
    op.ufunc.reduce(x[:k], axis=0, dtype=op.dtype, out=out[0])
    np.subtract(x[k : k + len(out) - 1], x[: len(out) - 1], out=out[1:], dtype=op.dtype)
    for position in range(1, len(out)):
        np.add(out[position - 1], out[position], out=out[position])


def _blocks(
    op: Reduction, x: Array, q: int, r: int, s: int, size: int, scratch: Scratch
) -> tuple[Array, Array | None]:
    """Combine blocks of s rows, and keep of each block from the q-th on its first r rows."""
    count, rest = size + q - 1, x.shape[1:]
    if r == 0:
        whole = scratch("blocks", (count, *rest), op.dtype)
        _side_by_side(op, x, s, s, 1, whole)
        return whole, None
    # The first r rows are kept on the way to the whole block. The block after the last whole one
    # is needed for its first r rows only.
    blocks, prefix = cut(x, 0, 0, count + 1, s), None
    for j in range(1, s):
        if j == r:
            prefix = blocks[q : q + size]
        count_now = count + (j < r)
        name = "blocks" if j < r else "whole blocks"
        target = scratch(name, (count_now, *rest), op.dtype)
        blocks = op(blocks[:count_now], cut(x, 0, j, count_now, s), target)
    return blocks, blocks[q : q + size] if prefix is None else prefix
