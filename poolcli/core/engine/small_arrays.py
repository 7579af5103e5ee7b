"""A short way for small arrays under small windows: a dozen calls of NumPy and nothing else.

Bands, padding and plans take a tenth of a millisecond whatever the size of the input, and for an
icon that is nearly all. What is prepared here is kept for the next array of the same shape.
"""

import threading
from functools import lru_cache
from math import prod
from typing import Any, NamedTuple

import numpy as np

from poolcli.core.engine.reduction import Scratch, division
from poolcli.core.types import Array

__all__ = ["pool_small_array"]

_THREAD = threading.local()
_MOST_BYTES = 1 << 20
_FRESH_BYTES = 1 << 16
_MOST_TAPS = 4
"""Taps are combined one after another; of more than these, doubling takes fewer steps."""


class _Recipe(NamedTuple):
    """The views to take of an array of one shape, as slices, and the divisor.

    ``slid`` is the shape of the array once it is pooled along its height, ``every`` the same with
    its pixels apart, ``pixels`` the shape of those that are ``picked``; ``fresh`` tells whether new
    memory is taken for each array.
    ``pairs`` is the part of a row that is pairs of floats, which are combined where they lie: that
    takes no longer than combining all neighbours and copying every second of them.
    """

    rows: tuple[int, int, int]
    down: tuple[slice, ...]
    across: tuple[slice, ...]
    sums: np.dtype[Any]
    slid: tuple[int, int, int]
    fresh: bool
    every: tuple[int, int, int, int]
    pixels: tuple[int, int, int, int]
    picked: tuple[slice, ...]
    shape: tuple[int, ...]
    divide: np.ufunc
    count: Any
    half: Any
    pairs: int | None


def pool_small_array(
    ufunc: np.ufunc, x: Any, kernel: Any, stride: Any, padding: Any, dilation: Any, axes: Any
) -> Array | None:
    """Pool by the maximum, the minimum or (``np.add``) the mean; None where this way is not taken.

    Nothing is refused here: a wrong argument is left to the general way, which says what is wrong.
    """
    if type(x) is not np.ndarray or x.nbytes > _MOST_BYTES or not x.flags.c_contiguous:
        return None
    if not (type(kernel) is type(padding) is type(dilation) is int and type(axes) is tuple):
        return None
    if padding != 0 or dilation != 1 or not (stride is None or type(stride) is int):
        return None
    if len(axes) != 2 or not type(axes[0]) is type(axes[1]) is int:  # to a cache, 0.0 would be 0
        return None
    recipe = _recipe(ufunc, x.shape, x.dtype, kernel, stride, axes)
    if recipe is None:
        return None
    if x.dtype.kind != "f":
        return _pooled(ufunc, x, recipe)
    try:
        return _pooled_floats(ufunc, x, recipe)
    except FloatingPointError:
        return None  # the general way mends a sum beyond the floats


def _pooled(ufunc: np.ufunc, x: Array, recipe: _Recipe) -> Array:
    if recipe.fresh:
        values, slid = np.empty(recipe.slid, recipe.sums), np.empty(recipe.slid, recipe.sums)
        return _combined(ufunc, x, recipe, values, slid)
    # Fresh memory takes longer than pooling, so this thread keeps its own; it is away until it is
    # given back, for a signal's handler may pool an array in between.
    scratch = _THREAD.__dict__.pop("scratch", None) or Scratch()
    kept = (scratch(name, recipe.slid, recipe.sums) for name in ("values", "slid"))
    pooled = _combined(ufunc, x, recipe, *kept)
    _THREAD.scratch = scratch
    return pooled


# As a decorator it takes half as long as a block.
_pooled_floats = np.errstate(invalid="ignore", over="raise")(_pooled)


def _combined(ufunc: np.ufunc, x: Array, recipe: _Recipe, values: Array, slid: Array) -> Array:
    # NumPy has equal dtypes that are two, as C's long and long long; the result is of the input's.
    dtype = recipe.sums if ufunc is np.add else x.dtype
    rows = x.reshape(recipe.rows)
    ufunc(rows[:, recipe.down[0]], rows[:, recipe.down[1]], out=values, dtype=recipe.sums)
    for tap in recipe.down[2:]:
        ufunc(values, rows[:, tap], out=values)
    if recipe.pairs is not None:
        pairs, picked = values[..., : recipe.pairs], np.empty(recipe.shape, dtype)
        ufunc(pairs[..., ::2], pairs[..., 1::2], out=picked.reshape(recipe.pixels[:3]))
        return _means(picked, x.dtype, recipe) if ufunc is np.add else picked
    # As one long row, for NumPy begins anew at each short one; what wraps around their ends is
    # not picked out.
    flat = values.reshape(-1)
    first, *others = (flat[tap] for tap in recipe.across)
    target = slid.reshape(-1)[recipe.across[0]]
    for other in others:
        first = ufunc(first, other, out=target)
    every = slid.reshape(recipe.every)[recipe.picked]
    picked = np.empty(recipe.pixels, dtype)
    for channel in range(recipe.pixels[3]):
        np.copyto(picked[..., channel], every[..., channel])
    return (_means(picked, x.dtype, recipe) if ufunc is np.add else picked).reshape(recipe.shape)


def _means(sums: Array, dtype: np.dtype[Any], recipe: _Recipe) -> Array:
    if dtype.kind == "f":
        recipe.divide(sums, recipe.count, out=sums)
        return np.add(sums, 0.0, out=sums)  # makes 0.0 of -0.0
    sums += recipe.half
    recipe.divide(sums, recipe.count, out=sums)
    return sums.astype(dtype)


@lru_cache(maxsize=256)
def _recipe(
    ufunc: np.ufunc,
    shape: tuple[int, ...],
    dtype: np.dtype[Any],
    kernel: int,
    stride: int | None,
    axes: tuple[int, ...],
) -> _Recipe | None:
    s = kernel if stride is None else stride
    where = sorted(axis + len(shape) if axis < 0 else axis for axis in axes)
    beside = len(where) == 2 and where[1] == where[0] + 1 and 0 <= where[0] <= len(shape) - 2
    sums = _sums(dtype, kernel) if ufunc is np.add else dtype
    if not (beside and dtype.isnative and dtype.kind in "biuf") or sums is None:
        return None
    if not 2 <= kernel <= _MOST_TAPS or s < 1:
        return None
    high, wide = shape[where[0]], shape[where[1]]
    outer, inner = prod(shape[: where[0]]), prod(shape[where[1] + 1 :])
    if min(high, wide) < kernel or not outer or not 1 <= inner <= _MOST_TAPS:
        return None
    down, across = (high - kernel) // s + 1, (wide - kernel) // s + 1
    length = (outer * down * wide - kernel + 1) * inner
    taps, number, slid = kernel * kernel, sums.type, (outer, down, wide * inner)
    divide, count = division(taps) if sums.kind == "f" else (np.floor_divide, taps)
    return _Recipe(
        (outer, high, wide * inner),
        tuple(slice(j, j + (down - 1) * s + 1, s) for j in range(kernel)),
        tuple(slice(j * inner, j * inner + length) for j in range(kernel)),
        sums,
        slid,
        prod(slid) * sums.itemsize < _FRESH_BYTES,
        (outer, down, wide, inner),
        (outer, down, across, inner),
        (slice(None), slice(None), slice(0, (across - 1) * s + 1, s)),
        (*shape[: where[0]], down, across, *shape[where[1] + 1 :]),
        divide,
        number(count),
        number(taps // 2),
        2 * across if dtype.kind == "f" and kernel == s == 2 and inner == 1 else None,
    )


def _sums(dtype: np.dtype[Any], kernel: int) -> np.dtype[Any] | None:
    """Choose a dtype for the sums of up to 16 taps, if there is one.

    Four floats in a row would be added in another order than by doubling.
    """
    if dtype.kind in "iu" and dtype.itemsize <= 2:
        return np.dtype(f"{dtype.kind}{2 * dtype.itemsize}")
    return dtype if dtype.kind == "f" and dtype.itemsize >= 4 and kernel <= 3 else None
