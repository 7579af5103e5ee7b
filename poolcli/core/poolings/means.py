"""Means of windows: sums, and the divisor of each window, exact for integers."""

from collections.abc import Iterator, Sequence
from functools import partial
from math import prod
from typing import Any

import numpy as np

from poolcli.core.engine.bands import pool_stages
from poolcli.core.engine.reduction import Reduction, division
from poolcli.core.geometry.plan import Plan, destination
from poolcli.core.inputs import MappedSource
from poolcli.core.poolings.divisors import Divisors
from poolcli.core.types import Array, Source

__all__ = ["average", "peak_of", "wide_sums"]

_WIDE_BYTES = 1 << 22
"""Bytes to read at once of integers whose sums need more than 64 bits."""


def _sum_dtype(dtype: np.dtype[Any], divisors: Divisors) -> np.dtype[Any] | None:
    """Choose the smallest dtype for any window's sum and its rounding; None if there is none.

    A register holds more of smaller integers, so that each step takes less time.
    """
    if dtype.kind == "f":
        return np.dtype(np.float32) if dtype.itemsize == 2 else dtype.newbyteorder("=")
    low, high = (0, 1) if dtype.kind == "b" else (np.iinfo(dtype).min, np.iinfo(dtype).max)
    half = divisors.largest // 2
    low, high = low * divisors.taps - half * (low < 0), high * divisors.taps + half
    if divisors.override is not None:
        low, high = min(low, -high), max(high, -low)  # a negative divisor turns the sums round
    for name in ("u2", "u4", "u8") if low >= 0 else ("i2", "i4", "i8"):
        if np.iinfo(name).min <= low and high <= np.iinfo(name).max:
            return np.dtype(name)
    return None


def peak_of(dtype: np.dtype[Any], taps: int) -> int:
    """Compute the largest size of any sum of so many integers."""
    largest = 1 if dtype.kind == "b" else max(np.iinfo(dtype).max, -int(np.iinfo(dtype).min))
    return int(largest) * taps


def _mean_of_floats(sums: Array, out: Array, origin: Sequence[int], divisors: Divisors) -> None:
    """Divide sums by divisors, rounding once; never to -0.0, as in PyTorch."""
    for where, divisor in divisors.blocks(out.shape, origin):
        part = sums[where]
        divide, number = division(divisor)
        divide(part, number, out=part)
        target = out[where]
        np.add(part, 0.0, out=target, casting="same_kind")
        if target.dtype.itemsize == 2:  # rounding may have made a -0.0 once more
            np.add(target, 0.0, out=target)


def _mean_of_integers(sums: Array, out: Array, origin: Sequence[int], divisors: Divisors) -> None:
    """Divide exactly, rounding half up; clip to the range of ``out`` if a divisor is too small."""
    for where, divisor in divisors.blocks(out.shape, origin):
        part = sums[where]
        if divisors.override is not None and divisors.override < 0:
            np.negative(part, out=part)
        # By a scalar of the sums' own dtype NumPy divides as a product, which is several times as
        # fast as a division; most windows have one divisor, so `blocks` keeps them together.
        number = sums.dtype.type
        if isinstance(divisor, np.ndarray):
            sizes = np.abs(divisor).astype(sums.dtype)
            np.add(part, sizes >> number(1), out=part)
            # No tap at all: the sum is 0, and the mean.
            np.floor_divide(part, np.maximum(sizes, number(1)), out=part)
        else:
            np.add(part, number(abs(divisor) // 2), out=part)
            np.floor_divide(part, number(abs(divisor)), out=part)
        if divisors.override is not None:
            _clip(part, out.dtype)
        np.copyto(out[where], part, casting="unsafe")


def _clip(values: Array, dtype: np.dtype[Any]) -> None:
    low, high = (0, 1) if dtype.kind == "b" else (np.iinfo(dtype).min, np.iinfo(dtype).max)
    limits = np.iinfo(values.dtype)
    np.clip(values, max(low, limits.min), min(high, limits.max), out=values)


def _mean_of_wide_integers(
    high: Array, low: Array, out: Array, origin: Sequence[int], divisors: Divisors
) -> None:
    """Divide as `_mean_of_integers` does, for sums high·2³² + low of more than 64 bits."""
    limits = np.iinfo(out.dtype)
    for where, divisor in divisors.blocks(out.shape, origin):
        above, below = high[where], low[where]
        size = np.maximum(np.abs(divisor), 1)
        if np.min(divisor) < 0:
            above, below = -above, -below
        above, below = above + (below >> 32), below & 0xFFFFFFFF
        quotient, rest = np.divmod(above, size)
        rest = (rest << 32) + below + size // 2
        rest //= size
        quotient += rest >> 32
        value = (quotient.astype(out.dtype) << 32) | (rest & 0xFFFFFFFF).astype(out.dtype)
        value[quotient > limits.max >> 32] = limits.max
        value[quotient < limits.min >> 32] = limits.min
        out[where] = value


def average(plan: Plan, divisors: Divisors, out: Array | None = None) -> Array:
    """Pool by the mean."""
    result, fill = destination(plan.x, plan.shape, plan.x.dtype, out)
    dtype = _sum_dtype(plan.x.dtype, divisors)
    if dtype is None:
        _wide_average(plan, result, divisors)
    else:
        peak = 0 if dtype.kind == "f" else peak_of(plan.x.dtype, divisors.taps)
        add = Reduction(np.add, 0, dtype, idempotent=False, peak=peak)
        mean = _mean_of_floats if dtype.kind == "f" else _mean_of_integers
        overflows: list[int] = []
        note = partial(_append_flag, overflows)
        with np.errstate(invalid="ignore", divide="ignore", over="call", call=note):
            pool_stages(add, plan.x, plan.todo, result, partial(mean, divisors=divisors))
        if overflows and dtype.kind == "f":
            _mend_overflows(plan, add, result, divisors)
    return fill(result)


def _append_flag(flags: list[int], _: str, flag: int) -> None:
    flags.append(flag)


def _mend_overflows(plan: Plan, add: Reduction, out: Array, divisors: Divisors) -> None:
    """Compute the means again whose sums alone are beyond the floats, of values made smaller.

    By a power of two, so that nothing is rounded that counts beside values near the end of the
    range.
    """
    shift = divisors.taps.bit_length()
    smaller = MappedSource(
        plan.x, lambda band: np.ldexp(band.astype(add.dtype, copy=False), -shift), add.dtype
    )

    def finish(sums: Array, out: Array, origin: Sequence[int]) -> None:
        for where, divisor in divisors.blocks(out.shape, origin):
            target, means = out[where], np.ldexp(sums[where] / divisor, shift)
            lost = ~np.isfinite(target) & np.isfinite(means)
            np.copyto(target, means, casting="same_kind", where=lost)

    with np.errstate(all="ignore"):
        pool_stages(add, smaller, plan.todo, out, finish)


class _Half:
    """The upper or the lower 32 bits of a source's integers, for a part of the first axis."""

    def __init__(self, x: Source, some: slice, upper: bool) -> None:
        self._x, self._first, self._upper = x, some.start, upper
        self.shape: tuple[int, ...] = (some.stop - some.start, *x.shape[1:])
        self.dtype = np.dtype(np.int64)

    def __getitem__(self, key: tuple[slice, ...]) -> Array:
        low, high, step = (key or (slice(None),))[0].indices(self.shape[0])
        part = self._x[(slice(self._first + low, self._first + high, step), *key[1:])]
        kind = part.dtype.type
        half: Array = part >> kind(32) if self._upper else part & kind(0xFFFFFFFF)
        return half.astype(self.dtype)


def _wide_average(plan: Plan, out: Array, divisors: Divisors) -> None:
    """Pool by the mean where sums need more than 64 bits."""
    for high, low, target, origin in wide_sums(plan, out):
        _mean_of_wide_integers(high, low, target, origin, divisors)


def wide_sums(plan: Plan, out: Array) -> Iterator[tuple[Array, Array, Array, tuple[int, ...]]]:
    """Sum the upper and the lower halves of integers of 64 bits apart, a part of ``out`` at a time.

    Yields
    ------
    high, low : ndarray of int64
        The sum is high·2³² + low.
    target : ndarray
        The part of ``out``.
    origin : tuple of int
        Where it begins.
    """
    add = Reduction(np.add, 0, np.dtype(np.int64), idempotent=False)
    step = plan.x.shape[0]
    if plan.stages and plan.stages[0].axis > 0:
        step = max(1, _WIDE_BYTES // max(1, prod(plan.shape[1:]) * plan.x.dtype.itemsize))
    for first in range(0, plan.x.shape[0], step):
        some = slice(first, min(first + step, plan.x.shape[0]))
        target = out[(some if step < plan.x.shape[0] else slice(None), *_all(plan.shape[1:]))]
        high, low = np.empty(target.shape, np.int64), np.empty(target.shape, np.int64)
        for half, upper in ((high, True), (low, False)):
            pool_stages(add, _Half(plan.x, some, upper), plan.todo, half)
        yield high, low, target, (first, *(0,) * (target.ndim - 1))


def _all(shape: Sequence[int]) -> list[slice]:
    return [slice(None)] * len(shape)
