"""Sums of windows, which means of larger windows can be made of without rounding twice."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from poolcli.core.engine.bands import pool_stages
from poolcli.core.engine.reduction import Reduction
from poolcli.core.geometry.plan import Plan
from poolcli.core.types import Array

__all__ = ["rounded_means", "sum_dtype", "window_sums"]

_ROWS = 64
"""Rows that are divided at once."""


def sum_dtype(dtype: np.dtype[Any], taps: int) -> np.dtype[Any] | None:
    """Choose the smallest dtype of rounded sums of so many integers; None if there is none.

    >>> sum_dtype(np.dtype("u1"), 4), sum_dtype(np.dtype("i2"), 10**6)
    (dtype('uint32'), dtype('int64'))
    """
    low, high = (0, 1) if dtype.kind == "b" else (np.iinfo(dtype).min, np.iinfo(dtype).max)
    for name in ("u4", "u8") if low >= 0 else ("i4", "i8"):
        limits = np.iinfo(name)
        if limits.min <= low * taps and high * taps + taps // 2 <= limits.max:
            return np.dtype(name)
    return None


def window_sums(plan: Plan, dtype: np.dtype[Any]) -> Array:
    """Sum every window.

    Parameters
    ----------
    dtype : dtype
        Wide enough for the sums: see `sum_dtype`.

    Examples
    --------
    >>> from poolcli.core.geometry.plan import plan_sliding
    >>> plan = plan_sliding(np.arange(6).reshape(2, 3), None, 2, None, 0, 1, True)
    >>> window_sums(plan, np.dtype("i8"))
    array([[8, 7]])
    """
    out: Array = np.empty(plan.shape, dtype)
    pool_stages(Reduction(np.add, 0, dtype, idempotent=False), plan.x, plan.todo, out)
    return out


def rounded_means(sums: Array, counts: Sequence[tuple[int, Array]], dtype: Any) -> Array:
    """Divide sums by the numbers of their values, rounding half up.

    Parameters
    ----------
    counts : sequence of (int, ndarray)
        Axes, and the number of values that each window has along the axis.

    Examples
    --------
    >>> rounded_means(np.array([[8, 7]]), [(0, np.array([2])), (1, np.array([2, 1]))], "u1")
    array([[2, 4]], dtype=uint8)
    """
    out: Array = np.empty(sums.shape, dtype)
    along = max(0, sums.ndim - 2)
    for low in range(0, sums.shape[along], _ROWS):  # steps in between are as large as the sums
        band = (slice(None),) * along + (slice(low, low + _ROWS),)
        taps: Array = np.ones((), sums.dtype)
        for axis, count in counts:
            some = count[low : low + _ROWS] if axis == along else count
            if (some == some[0]).all():  # by a scalar NumPy divides much faster
                some = some[:1]
            shape = (-1,) + (1,) * (sums.ndim - axis - 1)
            taps = taps * some.astype(sums.dtype).reshape(shape)
        whole = taps.reshape(-1)[0] if taps.size == 1 else taps
        out[band] = (sums[band] + whole // 2) // whole
    return out
