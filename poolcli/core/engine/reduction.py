"""The parts of every kernel: a reduction, working memory, and sliding by doubling."""

from collections.abc import Sequence
from functools import lru_cache
from math import prod
from typing import Any, NamedTuple

import numpy as np

from poolcli.core.types import Array

__all__ = [
    "Reduction",
    "Scratch",
    "cut",
    "division",
    "double",
    "extreme_reduction",
    "in_order",
    "widenings",
]


class Reduction(NamedTuple):
    """An associative, commutative ufunc, and the value of a position without one.

    Parameters
    ----------
    idempotent : bool
        Whether a value may be combined twice (max, min) or must not (a sum).
    peak : int
        For sums of integers: the largest size of a whole window's sum. Sums of fewer taps are
        then kept in smaller integers, of which a register holds more.
    """

    ufunc: np.ufunc
    identity: Any
    dtype: np.dtype[Any]
    idempotent: bool
    peak: int = 0

    def __call__(self, a: Array, b: Array, out: Array) -> Array:
        """Combine two arrays into a third."""
        self.ufunc(a, b, out=out, dtype=self.dtype)
        return out

    def part(self, taps: int, of: int) -> "Reduction":
        """Return the same reduction of only this many of a window's taps."""
        return _part(self, taps, of) if self.peak and taps < of else self


@lru_cache(maxsize=256)
def _part(op: Reduction, taps: int, of: int) -> Reduction:
    peak = -(-op.peak * taps // of)
    for size in (2, 4, 8):
        dtype = np.dtype(f"{op.dtype.kind}{size}")
        if peak <= np.iinfo(dtype).max and size < op.dtype.itemsize:
            return op._replace(dtype=dtype, peak=peak)
    return op._replace(peak=peak)


class Scratch:
    """Working memory, asked for by name and used again, band after band.

    Fresh memory costs a page fault for every 4 KiB, which takes longer than pooling them.
    """

    __slots__ = ("_buffers",)

    def __init__(self) -> None:
        self._buffers: dict[tuple[str, np.dtype[Any]], Array] = {}

    def __call__(self, name: str, shape: Sequence[int], dtype: np.dtype[Any]) -> Array:
        """Return an uninitialised array in place of the last one of this name."""
        size = prod(shape)
        buffer = self._buffers.get((name, dtype))
        if buffer is None or buffer.size < size:
            buffer = self._buffers[name, dtype] = np.empty(size, dtype)
        return buffer[:size].reshape(shape)


def cut(x: Array, axis: int, start: int, count: int, step: int = 1) -> Array:
    """Return ``count`` positions of one axis, ``step`` apart, as a view."""
    span = slice(start, start + (count - 1) * step + 1, step)
    return x[(slice(None),) * axis + (span,)] if axis else x[span]


def division(divisor: Any) -> tuple[np.ufunc, Any]:
    """Choose the ufunc that divides floats: by a power of two a product, exact and twice as fast.

    >>> division(4)
    (<ufunc 'multiply'>, 0.25)
    """
    if isinstance(divisor, int) and divisor > 0 and divisor & (divisor - 1) == 0:
        return np.multiply, 1 / divisor
    return np.divide, divisor


@lru_cache(maxsize=64)
def extreme_reduction(ufunc: np.ufunc, dtype: np.dtype[Any]) -> Reduction:
    """Make the reduction, whose identity is the value that loses against every other one."""
    native = dtype.newbyteorder("=")
    highest = ufunc is np.minimum
    identity: Any = highest
    if dtype.kind == "f":
        identity = np.inf if highest else -np.inf
    elif dtype.kind != "b":
        identity = np.iinfo(native).max if highest else np.iinfo(native).min
    return Reduction(ufunc, identity, native, idempotent=True)


@lru_cache(maxsize=256)
def widenings(k: int, idempotent: bool) -> tuple[tuple[bool, int, int], ...]:
    """Plan the steps from windows of one tap to windows of k: (with itself?, shift, new width).

    A step combines the windows with themselves, shifted by their width; or else with the input,
    which adds one tap. Sums follow the binary digits of k, as no tap may be added twice.
    """
    steps, width = [], 1
    if idempotent:
        while width < k:
            shift = min(width, k - width)  # the last two may overlap
            itself = shift > 1 or width == 1
            steps.append((itself, shift if itself else width, width + shift))
            width += shift
        return tuple(steps)
    for bit in f"{k:b}"[1:]:
        steps.append((True, width, 2 * width))
        width *= 2
        if bit == "1":
            steps.append((False, width, width + 1))
            width += 1
    return tuple(steps)


def double(op: Reduction, x: Array, k: int, d: int, out: Array, scratch: Scratch) -> None:
    """Make windows of k taps, d apart, at every position, out of windows of 2, 4, 8 … taps."""
    if k == 1:
        np.copyto(out, x[: len(out)])
        return
    steps = widenings(k, op.idempotent)
    last = max(number for number, (itself, _, _) in enumerate(steps) if itself)
    now, turn = x, 0
    for number, (itself, shift, width) in enumerate(steps):
        # Two arrays are used by turns, as a step reads further on than it writes. What follows the
        # last step with itself stays in its place, and is no longer than the result.
        length = len(out) + (k - width) * d if number < last else len(out)
        wider = now[:length]
        if itself and number < last:
            turn = 1 - turn
            wider = scratch(f"width {turn}", (length, *x.shape[1:]), op.dtype)
        elif itself:
            wider = out
        other = (now if itself else x)[shift * d : shift * d + length]
        now = op(now[:length], other, wider)


def in_order(x: Array) -> Array:
    """Copy ``x`` if its last axis is not innermost in memory, as NumPy adds in that order."""
    strides = [abs(stride) for stride in x.strides]
    return x if strides == sorted(strides, reverse=True) else np.ascontiguousarray(x)
