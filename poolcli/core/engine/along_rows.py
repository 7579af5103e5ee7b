"""Slide along an axis with long rows behind it: whole rows are combined.

Rows are combined into blocks of one stride, and blocks into windows. Windows of few blocks are made
by doubling; of many blocks, from what van Herk and Gil and Werman found: a window is the end of one
run of q blocks and the beginning of the next, so that three steps a block do for any q.

References
----------
M. van Herk, "A fast algorithm for local minimum and maximum filters on rectangular and octagonal
kernels", Pattern Recognition Letters 13, 1992.
"""

from math import gcd

import numpy as np

from poolcli.core.engine.reduction import Reduction, Scratch, cut, double
from poolcli.core.geometry.windows import AnyWindow, Spans
from poolcli.core.types import Array

__all__ = ["rows", "run_length"]

_RUN_BLOCKS = 24
"""Windows of so many blocks and more are made of runs: at 101 that takes a third of doubling, which
does the rows at a band's edges again; at 16 it is no faster, for each row takes calls of its own.
"""


def run_length(window: AnyWindow) -> int:
    """At a multiple of how many windows a band must begin, for all bands to have the same runs."""
    if isinstance(window, Spans) or window.dilation > 1:
        return 1
    blocks = window.kernel // window.stride
    return blocks if blocks >= _RUN_BLOCKS else 1


def rows(
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
        common = gcd(s, d)  # positions between are in no window
        x, s, d = x[::common], s // common, d // common
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
    size = len(out)
    if k == 1:
        np.copyto(out, cut(x, 0, 0, size, s))
    elif k == s > 2 and d == 1 and _adds_in_order(x, out, op):
        # Half the time of adding row after row: the sum stays in the level-1 cache.
        op.ufunc.reduce(
            x[: size * s].reshape(size, s, *x.shape[1:]), axis=1, dtype=op.dtype, out=out
        )
    else:
        op(cut(x, 0, 0, size, s), cut(x, 0, d, size, s), out)
        for j in range(2, k):
            op(out, cut(x, 0, j * d, size, s), out)


def _adds_in_order(x: Array, out: Array, op: Reduction) -> bool:
    """Whether NumPy's own reduction combines row after row, as `_side_by_side` does else."""
    if op.idempotent or op.dtype.kind != "f":
        return True
    return x.shape[-1] > 1 and _row_after_row(x) and _row_after_row(out)


def _row_after_row(x: Array) -> bool:
    """Whether the axes lie in memory in their order, the last one innermost."""
    strides = [stride for stride, size in zip(x.strides, x.shape, strict=True) if size > 1]
    return strides == sorted(strides, reverse=True) and x.strides[-1] > 0


def _overlapping(op: Reduction, x: Array, k: int, s: int, out: Array, scratch: Scratch) -> None:
    """A window is q whole blocks of s rows and the first r rows of the next block."""
    q, r = divmod(k, s)
    blocks, prefix = x, None
    if s > 1:
        blocks, prefix = _blocks(op, x, q, r, s, len(out), scratch)
    if q == 1 and prefix is not None:
        op(blocks[: len(out)], prefix, out)
        return
    if q >= _RUN_BLOCKS:
        _by_runs(op, blocks, q, out, scratch)
    else:
        double(op, blocks, q, 1, out, scratch)
    if prefix is not None:
        op(out, prefix, out)


def _blocks(
    op: Reduction, x: Array, q: int, r: int, s: int, size: int, scratch: Scratch
) -> tuple[Array, Array | None]:
    """Blocks of s rows, and of each block from the q-th on its first r rows."""
    count, rest = size + q - 1, x.shape[1:]
    if r == 0:
        whole = scratch("blocks", (count, *rest), op.dtype)
        _side_by_side(op, x, s, s, 1, whole)
        return whole, None
    # The block behind the last whole one is needed for its first r rows only.
    blocks, prefix = cut(x, 0, 0, count + 1, s), None
    for j in range(1, s):
        if j == r:
            prefix = blocks[q : q + size]
        count_now = count + (j < r)
        name = "blocks" if j < r else "whole blocks"
        target = scratch(name, (count_now, *rest), op.dtype)
        blocks = op(blocks[:count_now], cut(x, 0, j, count_now, s), target)
    return blocks, blocks[q : q + size] if prefix is None else prefix


def _by_runs(op: Reduction, x: Array, q: int, out: Array, scratch: Scratch) -> None:
    """Windows of q at every position; the runs of q begin where ``x`` does."""
    if x.dtype != op.dtype:  # each is read twice
        wide = scratch("wide", x.shape, op.dtype)
        np.copyto(wide, x)
        x = wide
    size = len(out)
    runs, rest = divmod(size, q)
    if runs:
        _whole_runs(op, x, q, q, runs, out[: runs * q], scratch)
    if rest:
        _whole_runs(op, x[runs * q :], q, rest, 1, out[runs * q :], scratch)


def _whole_runs(
    op: Reduction, x: Array, q: int, length: int, runs: int, out: Array, scratch: Scratch
) -> None:
    """The first ``length`` windows of each of so many runs, all runs at once."""
    ends = scratch("ends of runs", (runs * q, *x.shape[1:]), op.dtype)
    np.copyto(ends[q - 1 :: q], cut(x, 0, q - 1, runs, q))
    for j in range(q - 2, -1, -1):
        op(cut(x, 0, j, runs, q), ends[j + 1 :: q], ends[j::q])
    # Window j of a run takes the first j of the next run; window 0 takes none.
    out[0::length] = op.identity
    for j in range(1, length):
        begun = cut(x, 0, q + j - 1, runs, q)
        if j == 1:
            np.copyto(out[1::length], begun)
        else:
            op(out[j - 1 :: length], begun, out[j::length])
    op(ends[: len(out)], out, out)
