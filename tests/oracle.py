"""Pooling by definition: slow, short, and without a line of poolcli.

One window at a time; no formula for a size or a count, but positions that are listed and counted.
Numbers (kernel, stride, padding, dilation) are one for all axes, or a sequence with one an axis.
"""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from math import floor, fsum, isfinite, nan
from typing import Any, TypeAlias

import numpy as np

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]
Ints: TypeAlias = int | Sequence[int]


def positions(
    length: int, kernel: int, stride: int, padding: int, dilation: int, ceil_mode: bool
) -> list[range]:
    """Every window's positions: none past the padding (in ceil mode: not by a whole stride), and
    not a window that would begin past the input."""
    past = length + padding + (stride - 1 if ceil_mode else 0)
    found, start = [], -padding
    while start + dilation * (kernel - 1) < past and start < length:
        found.append(range(start, start + dilation * kernel, dilation))
        start += stride
    return found


def _each(
    shape: Sequence[int],
    axes: Ints,
    kernel: Ints,
    stride: Ints,
    padding: Ints,
    dilation: Ints,
    ceil_mode: bool,
) -> Iterator[tuple[int, int, int, list[range]]]:
    """Axis, length, padding and windows of each pooled axis."""
    where = [axes] if isinstance(axes, int) else list(axes)
    numbers = (kernel, stride, padding, dilation)
    spread = [[n] * len(where) if isinstance(n, int) else list(n) for n in numbers]
    for axis, k, s, p, d in zip(where, *spread, strict=True):
        yield axis % len(shape), shape[axis], p, positions(shape[axis], k, s, p, d, ceil_mode)


def pool(
    x: Array,
    axes: Ints,
    kernel: Ints,
    stride: Ints,
    padding: Ints,
    dilation: Ints,
    ceil_mode: bool,
    reduce: Callable[[Array], Any],
) -> Array:
    """``reduce(taps)`` of every window's real taps, row-major in one row; an array of objects."""
    picks = [[[i] for i in range(length)] for length in x.shape]
    for axis, n, _, windows in _each(x.shape, axes, kernel, stride, padding, dilation, ceil_mode):
        picks[axis] = [[i for i in taps if 0 <= i < n] for taps in windows]
    out = np.empty([len(windows) for windows in picks], object)
    for o in np.ndindex(out.shape):
        taps = [windows[i] for windows, i in zip(picks, o, strict=True)]
        out[o] = reduce(x[np.ix_(*taps)].ravel())
    return out


def divisors(
    shape: Sequence[int],
    axes: Ints,
    kernel: Ints,
    stride: Ints,
    padding: Ints,
    dilation: Ints,
    ceil_mode: bool,
    include_pad: bool,
) -> Array:
    """How many positions of every window count; broadcasts against what `pool` returns."""
    out = np.ones([1] * len(shape), object)
    for axis, n, p, windows in _each(shape, axes, kernel, stride, padding, dilation, ceil_mode):
        pad = p if include_pad else 0
        counts = [sum(-pad <= i < n + pad for i in taps) for taps in windows]
        out = out * np.reshape(np.array(counts, object), [-1] + [1] * (len(shape) - axis - 1))
    return out


def mean(taps: Array, divisor: int) -> int | float:
    """Sum over divisor: of integers exact and rounded half up, of floats in double precision.

    No tap over no count is 0 of integers, NaN of floats.
    """
    values = taps.tolist()
    if taps.dtype.kind == "f":
        total = fsum(values) if all(map(isfinite, values)) else sum(values)
        return total / divisor if divisor else nan
    return floor(Fraction(sum(values), divisor) + Fraction(1, 2)) if divisor else 0


def avg_pool(
    x: Array,
    axes: Ints,
    kernel: Ints,
    stride: Ints,
    padding: Ints,
    dilation: Ints,
    ceil_mode: bool,
    include_pad: bool = True,
    override: int | None = None,
    mean: Callable[[Array, int], Any] = mean,
) -> Array:
    """``mean(taps, divisor)`` of every window; an array of objects."""
    numbers = (axes, kernel, stride, padding, dilation, ceil_mode)
    each = divisors(x.shape, *numbers, include_pad) if override is None else override
    taps = pool(x, *numbers, reduce=lambda taps: taps)
    with np.errstate(invalid="ignore"):
        out: Array = np.frompyfunc(mean, 2, 1)(taps, each)
    return out
