"""Pooling by definition: slow, short, and without a line of poolcli.

One window at a time; no formula for a size or a count, but positions that are listed and counted.
Numbers (kernel, stride, padding, dilation) are one for all axes, or a sequence with one an axis.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from math import ceil, floor, fsum, isfinite, nan, prod
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
    each = _each(x.shape, axes, kernel, stride, padding, dilation, ceil_mode)
    return over(x, {axis: windows for axis, _, _, windows in each}, reduce)


def over(
    x: Array, windows: Mapping[int, Sequence[Iterable[int]]], reduce: Callable[[Array], Any]
) -> Array:
    """What `pool` gives, of the windows that stand in ``windows`` for each pooled axis."""
    picks = [[[i] for i in range(length)] for length in x.shape]
    for axis, every in windows.items():
        picks[axis] = [[i for i in taps if 0 <= i < x.shape[axis]] for taps in every]
    out = np.empty([len(every) for every in picks], object)
    for o in np.ndindex(out.shape):
        taps = [every[i] for every, i in zip(picks, o, strict=True)]
        out[o] = reduce(x[np.ix_(*taps)].ravel())
    return out


def shares(length: int, size: int) -> list[range]:
    """The positions of each of ``size`` equal parts of an axis, those touched in part too."""
    each = Fraction(length, max(size, 1))
    return [range(floor(o * each), ceil((o + 1) * each)) for o in range(size)]


def places(shape: Sequence[int], axes: Ints) -> Array:
    """For each element of an array, its flat position in the plane of the pooled axes."""
    where = sorted(axis % len(shape) for axis in ([axes] if isinstance(axes, int) else axes))
    plane = [n if axis in where else 1 for axis, n in enumerate(shape)]
    return np.broadcast_to(np.arange(prod(plane)).reshape(plane), shape)


def winner(taps: Array, better: Callable[[Any, Any], bool]) -> int:
    """Which tap wins: the first that is better than all before it, the last NaN; -1 of none."""
    best = -1
    for number, one in enumerate(taps.tolist()):
        if best < 0 or one != one or better(one, taps[best].item()):
            best = number
    return best


def median(taps: Array) -> Any:
    """The middle, the lower of two; NaN if any is, or there is none; 0 of no integers."""
    values = taps.tolist()
    if not values or any(value != value for value in values):
        return nan if taps.dtype.kind == "f" else 0
    return sorted(values)[(len(values) - 1) // 2]


def commonest(taps: Iterable[Any]) -> int:
    """Which tap is the first of the commonest, NaNs being equal; taps may be tuples."""
    keys = [str(tap).replace("-0.0", "0.0") for tap in taps]
    return keys.index(max(keys, key=keys.count)) if keys else -1


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
