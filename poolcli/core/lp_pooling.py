"""Norms of windows: (sum of x^p)^(1/p), as PyTorch computes them."""

from math import isinf, prod

import numpy as np

from poolcli.core.averaging import avg_pool
from poolcli.core.geometry.arguments import number, per_axis
from poolcli.core.pooling import max_pool, min_pool
from poolcli.core.types import Array, Ints
from poolcli.errors import WindowError

__all__ = ["lp_pool"]


def lp_pool(
    x: Array,
    power: float,
    kernel: Ints,
    stride: Ints | None,
    ceil_mode: bool,
    axes: tuple[int, ...],
) -> Array:
    """Take (mean of x^p times the whole kernel)^(1/p), in the dtype of ``x``; float32 for integers.

    Raises
    ------
    WindowError
        If the power is 0, a number is out of range, or no window fits.
    TypeError
        If the power is not a number.
    """
    power = number("norm_type", power)
    numbers = (kernel, stride, 0, 1)
    if isinf(power):
        extreme = max_pool if power > 0 else min_pool
        return extreme(np.abs(x), *numbers, ceil_mode=ceil_mode, axes=axes)
    if power == 0:
        raise WindowError("norm_type 0 has no root; use any other number")
    dtype = x.dtype if x.dtype.kind == "f" else np.dtype(np.float32)
    taps = prod(per_axis("kernel", kernel, len(axes)))
    with np.errstate(all="ignore"):
        powers = _power(x.astype(dtype, copy=False), power)
        means = avg_pool(powers, *numbers, ceil_mode=ceil_mode, axes=axes)
        return _power(means * dtype.type(taps), 1 / power)


def _power(x: Array, power: float) -> Array:
    """Raise to a power; small whole ones by products and float16 in float32, to round as torch."""
    wide = x.astype(np.float32) if x.dtype == np.float16 else x
    if power == 1:
        result = wide
    elif power == 2:
        result = wide * wide
    elif power == 3:
        result = wide * wide * wide
    else:
        result = np.power(wide, wide.dtype.type(power))
    return result.astype(x.dtype, copy=False)
