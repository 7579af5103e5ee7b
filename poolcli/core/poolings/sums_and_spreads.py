"""Sums, ranges and standard deviations, each in a dtype of its own that is never overrun."""

from math import prod
from typing import Any

import numpy as np

from poolcli.core.engine.bands import pool_stages
from poolcli.core.engine.reduction import Reduction
from poolcli.core.engine.taps import taps
from poolcli.core.geometry.plan import Plan
from poolcli.core.poolings.means import peak_of, wide_sums
from poolcli.core.poolings.ranks.window_by_window import (
    each_window,
    has_many_taps,
    in_place,
    in_rows,
)
from poolcli.core.types import Array, Source
from poolcli.errors import PoolingError

__all__ = ["add_up", "deliver", "deviate", "widest"]

_HALF = 32
"""Bits of a half of an integer of 64 bits."""


def widest(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """Choose the dtype of sums: 64 bits of the same kind, or more for floats that have more.

    >>> [widest(np.dtype(one)).name for one in ("bool", ">u2", "int8", "float16")]
    ['uint64', 'uint64', 'int64', 'float64']
    """
    if dtype.kind == "f":
        return np.dtype(np.float64) if dtype.itemsize <= 8 else dtype.newbyteorder("=")
    return np.dtype(np.int64 if dtype.kind == "i" else np.uint64)


def deliver(values: Array, out: Array, lacking: Array | None = None) -> None:
    """Write values into an array of another dtype; floats into integers rounded half up.

    Parameters
    ----------
    lacking : ndarray of bool, optional
        Where nothing is to be written; broadcastable.

    Raises
    ------
    PoolingError
        If a value does not fit.
    """
    if out.dtype.kind == "f":
        with np.errstate(over="ignore"):
            made = values.astype(out.dtype)
        wrong = np.isinf(made) & np.isfinite(values)
    else:
        made = np.floor(values + 0.5) if values.dtype.kind == "f" else values
        low, high = (0, 1) if out.dtype.kind == "b" else _limits(out.dtype)
        wrong = ~((made >= low) & (made <= high))  # NaN is wrong, too
        if made.dtype.kind == "f":
            wrong |= made == float(high + 1)
    if lacking is not None:
        wrong &= ~lacking
    if wrong.any():
        example = values[wrong].flat[0]
        raise PoolingError(
            f"a result of {example} does not fit {out.dtype.name}; use another dtype, as float64"
        )
    with np.errstate(invalid="ignore"):
        np.copyto(out, made, casting="unsafe", where=True if lacking is None else ~lacking)


def _limits(dtype: np.dtype[Any]) -> tuple[int, int]:
    return int(np.iinfo(dtype).min), int(np.iinfo(dtype).max)


def add_up(plan: Plan, out: Array) -> None:
    """Pool by the sum; of integers exactly.

    Raises
    ------
    PoolingError
        If a sum does not fit ``out``.
    """
    wide, count = widest(plan.x.dtype), prod(stage.window.kernel for stage in plan.stages)
    if wide.kind == "f":
        add = Reduction(np.add, 0.0, wide, idempotent=False)
    else:
        peak = peak_of(plan.x.dtype, count)
        if peak > np.iinfo(wide).max:
            _add_up_halves(plan, out)
            return
        add = Reduction(np.add, 0, wide, idempotent=False, peak=peak)
    with np.errstate(invalid="ignore", over="ignore"):
        if wide == out.dtype:
            pool_stages(add, plan.x, plan.todo, out)
        else:
            pool_stages(add, plan.x, plan.todo, out, lambda sums, out, _: deliver(sums, out))


def _add_up_halves(plan: Plan, out: Array) -> None:
    """Add up integers whose sums may need more than 64 bits."""
    wide = widest(plan.x.dtype)
    least, most = (-(1 << 31), (1 << 31) - 1) if wide.kind == "i" else (0, (1 << 32) - 1)
    for high, low, target, _ in wide_sums(plan, out):
        above, below = high + (low >> _HALF), low & 0xFFFFFFFF
        if out.dtype.kind == "f":
            deliver(above * 2.0**_HALF + below, target)
            continue
        if above.size and not (above.min() >= least and above.max() <= most):
            raise PoolingError(f"a sum does not fit {wide.name}; use another dtype, as float64")
        deliver((above.astype(wide) << wide.type(_HALF)) | below.astype(wide), target)


def deviate(plan: Plan, present: Source | None) -> Array:
    """Pool by the standard deviation, √(mean of (x - mean)²), of what is present; in floats.

    Two passes over the taps of each window: a difference of two large sums would be less exact.
    """
    wide = np.dtype(np.float64) if plan.x.dtype.kind != "f" else widest(plan.x.dtype)
    result = np.empty(plan.shape, wide)
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        if has_many_taps(plan):
            for where, part, votes in each_window(plan, None, present):
                there = None if votes is None else in_rows(votes, plan)
                rows = in_rows(part, plan).astype(wide)
                result[where] = in_place(_deviation(rows, there), plan)
            return result
        count = prod(stage.window.kernel for stage in plan.stages)
        for some in taps(plan, 3 * wide.itemsize, present=present):
            shape = result[some.where].shape
            rows, there = np.empty((*shape, count), wide), None
            for number, plane in enumerate(some.planes):
                rows[..., number] = plane
            if some.valid is not None:
                there = np.empty(rows.shape, bool)
                for number, valid in enumerate(some.valid):
                    there[..., number] = valid
            result[some.where] = _deviation(rows, there)
    return result


def _deviation(rows: Array, there: Array | None) -> Array:
    where: Any = True if there is None else there
    number = np.sum(where, axis=-1, keepdims=True) if there is not None else rows.shape[-1]
    rows -= np.sum(rows, axis=-1, keepdims=True, where=where) / number
    squares = np.square(rows, out=rows)
    total = np.sum(squares, axis=-1, keepdims=True, where=where)
    deviation: Array = np.sqrt(total / number)[..., 0]
    return deviation
