"""Reduce windows that follow no stride."""

from collections.abc import Sequence

import numpy as np

from poolcli.core.engine.reduction import Reduction, in_order
from poolcli.core.types import Array

__all__ = ["reduce_span_columns", "reduce_span_rows"]


def reduce_span_rows(
    op: Reduction, x: Array, axis: int, starts: Sequence[int], stops: Sequence[int], out: Array
) -> None:
    """Reduce the windows [starts[o], stops[o]) along ``axis``, where long rows lie after it."""
    x, out = x.swapaxes(0, axis), out.swapaxes(0, axis)
    for position, (start, stop) in enumerate(zip(starts, stops, strict=True)):
        op.ufunc.reduce(in_order(x[start:stop]), axis=0, dtype=op.dtype, out=out[position, ...])


def reduce_span_columns(
    op: Reduction, x: Array, axis: int, starts: Sequence[int], stops: Sequence[int], out: Array
) -> None:
    """Reduce the windows [starts[o], stops[o]) along ``axis``, where little lies after it.

    ``reduceat`` reduces between each index and the next, of which every second one is a window and
    the others are thrown away.
    """
    every = (slice(None),) * axis
    if stops[-2:].count(x.shape[axis]) > 1:  # all but the last index must lie inside
        x = np.concatenate([x, x[(*every, slice(-1, None))]], axis)
    edges = np.array([starts, stops]).T.reshape(-1)
    edges = edges[: -1 if edges[-1] == x.shape[axis] else None]
    between = op.ufunc.reduceat(x, edges, axis=axis, dtype=op.dtype)
    np.copyto(out, between[(*every, slice(None, None, 2))])
