"""Levels of a pyramid by definition."""

from functools import cache
from typing import Any

import numpy as np

from tests.jobs.chunks.stores import planes
from tests.oracle import Array

METHODS = ["max", "min", "avg", "median", "mode"]


def statistic(name: str, values: Array) -> Any:
    """One window (channels, rows, columns) of level 0, pooled by definition."""
    flat = values.reshape(values.shape[0], -1)
    if name == "mode":
        pixels_ = list(map(tuple, flat.T.tolist()))
        return max(pixels_, key=lambda one: (pixels_.count(one), -pixels_.index(one)))
    if name == "avg":
        if flat.dtype.kind == "f":
            return [np.mean(one.astype("f8")) for one in flat]
        return [(2 * sum(one) + len(one)) // (2 * len(one)) for one in flat.tolist()]
    if name == "median":
        return [sorted(one)[(len(one) - 1) // 2] for one in flat.tolist()]
    return getattr(np, name)(flat, axis=1)


def brute(name: str, x: Array, window: int) -> Array:
    """Windows side by side over the last two axes; the last ones are cut short."""
    channels, height, width = x.shape
    rows = range(0, height, window)
    columns = range(0, width, window)
    out = np.empty((channels, len(rows), len(columns)), x.dtype)
    for i, row in enumerate(rows):
        for j, column in enumerate(columns):
            out[:, i, j] = statistic(name, x[:, row : row + window, column : column + window])
    return out


def some(dtype: str) -> Array:
    """Planes of odd lengths, among them many equal pixels."""
    if dtype == "f4":
        return np.random.default_rng(3).normal(size=(2, 37, 53)).astype("f4")
    raw = planes((2, 37, 53), dtype).copy()
    raw[:, :20] &= 3  # many equal values, for mode
    return raw


@cache
def level_of_some(name: str, dtype: str, window: int) -> Array:
    """A level of `some`, computed once."""
    return brute(name, some(dtype), window)
