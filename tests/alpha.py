"""Pooling of pixels with alpha, by definition: what is invisible has no vote in a colour."""

from collections.abc import Sequence
from fractions import Fraction
from math import floor
from typing import Any

import numpy as np

from tests import oracle
from tests.oracle import Array, Ints

OPERATIONS = ("max", "min", "avg", "median", "mode", "gem")
POWER = 3


def _colour(operation: str, taps: Sequence[tuple[int, ...]]) -> list[int]:
    """One window's colour, of its visible taps alone."""
    seen = [tap for tap in taps if tap[-1]]
    values = list(zip(*seen, strict=True))[:-1]
    weight = sum(tap[-1] for tap in seen)
    if operation == "avg":
        sums = [sum(tap[c] * tap[-1] for tap in seen) for c in range(len(values))]
        return [floor(Fraction(one, weight) + Fraction(1, 2)) for one in sums]
    if operation == "gem":
        sums = [sum(tap[c] ** POWER * tap[-1] for tap in seen) for c in range(len(values))]
        return [floor(float(Fraction(one, weight)) ** (1 / POWER) + 0.5) for one in sums]
    reduce: Any = {"max": max, "min": min, "median": lambda v: oracle.median(np.array(v))}
    return [int(reduce[operation](value)) for value in values]


def _alpha(operation: str, taps: Sequence[int], divisor: int) -> int:
    """One window's alpha, pooled like any channel."""
    if operation == "avg":
        return oracle.mean(np.array(taps, int), divisor)  # type: ignore[return-value]
    if operation == "gem":
        total = sum(tap**POWER for tap in taps)
        return floor((total / divisor) ** (1 / POWER) + 0.5) if divisor else 0
    reduce: Any = {"max": max, "min": min, "median": lambda v: oracle.median(np.array(v))}
    return int(reduce[operation](taps)) if taps else 0


def pooled(
    operation: str,
    x: Array,
    kernel: Ints = 1,
    stride: Ints | None = None,
    padding: Ints = 0,
    dilation: Ints = 1,
    ceil_mode: bool = False,
    *,
    size: tuple[int, int] | None = None,
) -> Array:
    """What (height, width, channels) with alpha last becomes; of the same dtype."""
    numbers = (kernel, stride or kernel, padding, dilation)
    pairs = [(n, n) if isinstance(n, int) else tuple(n) for n in numbers]
    windows: dict[int, Any] = {}
    counts: list[list[int]] = []
    for axis in (0, 1):
        length = x.shape[axis]
        if size is not None:
            windows[axis] = oracle.shares(length, size[axis])
            counts.append([len(one) for one in windows[axis]])
        else:
            k, s, p, d = (pair[axis] for pair in pairs)
            windows[axis] = oracle.positions(length, k, s, p, d, ceil_mode)
            counts.append([sum(i < length + p for i in one) for one in windows[axis]])
    cells = np.empty(x.shape[:2], object)
    for place in np.ndindex(cells.shape):
        cells[place] = tuple(x[place].tolist())
    every = oracle.over(cells, windows, list)
    out = np.zeros((*every.shape, x.shape[2]), x.dtype)
    for row, column in np.ndindex(every.shape):
        taps: Any = every[row, column]
        if operation == "mode" and taps:
            plain = [tap if tap[-1] else (0,) * len(tap) for tap in taps]
            out[row, column] = plain[oracle.commonest(plain)]
            continue
        if any(tap[-1] for tap in taps):
            out[row, column, :-1] = _colour(operation, taps)
        divisor = counts[0][row] * counts[1][column]
        out[row, column, -1] = _alpha(operation, [tap[-1] for tap in taps], divisor)
    return out
