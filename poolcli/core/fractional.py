"""Fractional max pooling: windows whose steps vary to give a size that no stride gives.

Reference: B. Graham, "Fractional max-pooling", arXiv:1412.6071, with PyTorch's choice of steps.
"""

from collections.abc import Sequence
from math import isfinite, prod
from typing import Any

import numpy as np

from poolcli.core.geometry.arguments import integers, number, per_axis, shown
from poolcli.core.geometry.plan import plan_windows
from poolcli.core.geometry.windows import fractional
from poolcli.core.inputs import as_array
from poolcli.core.poolings.argextrema import extreme_with_indices
from poolcli.core.types import Array, Indices, Input, Ints
from poolcli.errors import PoolingError, WindowError

__all__ = ["fractional_max_pool"]


def fractional_max_pool(
    x: Array,
    n: int,
    kernel: Ints,
    size: Ints | None,
    ratio: Sequence[float] | None,
    return_indices: bool,
    samples: Input | None,
    rng: np.random.Generator | None,
) -> Array | tuple[Array, Indices]:
    """Pool the last ``n`` axes; see `poolcli.functional.fractional_max_pool2d`.

    Raises
    ------
    WindowError
        If neither size nor ratio is given, or the windows do not fit.
    PoolingError
        If ``x`` is not an array of floats, or the samples' shape does not suit it.
    TypeError
        If a size or a ratio is not a number, or ``rng`` is not a generator.
    """
    if x.dtype.kind != "f":
        raise PoolingError(f"cannot pool dtype {x.dtype} by fractions; use floats")
    if not isinstance(rng, np.random.Generator | None):
        raise TypeError(f"rng must be a numpy.random.Generator, not {shown(rng)}")
    kernels, sizes = _numbers("kernel_size", kernel, n), _sizes(x.shape[-n:], size, ratio, n)
    # 3-D asks for one position more, as PyTorch does.
    for length, o, k in zip(x.shape[-n:], sizes, kernels, strict=True):
        fractional(length - (n == 3), o, k, ())
    front = x.shape[:-n]
    planes = x.reshape(-1, *x.shape[-n:])
    each = _samples(samples, front, n, x.dtype, rng)
    values = np.empty((len(planes), *sizes), x.dtype)
    indices = np.empty(values.shape, np.int64)
    for one, plane in enumerate(planes):
        wins = [
            fractional(length, o, k, _starts(length, o, k, u))
            for length, o, k, u in zip(plane.shape, sizes, kernels, each[one], strict=True)
        ]
        plan = plan_windows(plane, range(n), wins)
        values[one], indices[one] = extreme_with_indices(np.maximum, plan)
    values, indices = values.reshape(*front, *sizes), indices.reshape(*front, *sizes)
    return (values, indices) if return_indices else values


def _numbers(name: str, value: Ints, n: int) -> tuple[int, ...]:
    numbers = integers(name, value)
    if isinstance(value, Sequence) and len(numbers) != n:
        raise WindowError(f"{name} has {len(numbers)} numbers; give one, or {n}")
    return per_axis(name, value, n)


def _sizes(
    lengths: Sequence[int], size: Ints | None, ratio: Sequence[float] | None, n: int
) -> tuple[int, ...]:
    if size is not None:
        return _numbers("output_size", size, n)
    if ratio is None:
        raise WindowError(f"output_size is missing; give it, or an output_ratio of {n} numbers")
    if not isinstance(ratio, Sequence) or len(ratio) != n:
        raise WindowError(f"output_ratio {shown(ratio)} does not suit; give {n} numbers")
    ratios = [number("output_ratio", one) for one in ratio]
    if not all(map(isfinite, ratios)):
        raise WindowError(f"output_ratio {shown(ratio)} is not finite; use numbers from 0 to 1")
    return tuple(int(length * one) for length, one in zip(lengths, ratio, strict=True))


def _samples(
    samples: Input | None,
    front: tuple[int, ...],
    n: int,
    dtype: np.dtype[Any],
    rng: np.random.Generator | None,
) -> Array:
    """Draw or check a number in [0, 1) for each plane and axis, the first axis first."""
    if samples is None:
        return (rng or np.random.default_rng()).random((prod(front), n)).astype(dtype)
    samples = as_array(samples)
    batch = (1, *front)[-2:] if len(front) < 2 else front
    enough = samples.ndim == len(batch) + 1 and samples.shape[0] >= batch[0]
    native = samples.dtype.newbyteorder("=")
    if not enough or samples.shape[1:] != (*batch[1:], n) or native != dtype.newbyteorder("="):
        raise PoolingError(
            f"random samples have shape {samples.shape} and dtype {samples.dtype}; "
            f"use {(*batch, n)} and {dtype}"
        )
    if not ((samples >= 0) & (samples <= 1)).all():
        raise PoolingError("random samples are not all between 0 and 1; use numbers from [0, 1)")
    each = samples[: batch[0]].reshape(prod(front), n)
    return each[:, ::-1] if n == 2 else each


def _starts(length: int, size: int, kernel: int, sample: Any) -> list[int]:
    """Place the windows of one axis, in the samples' own arithmetic, rounded at each step."""
    if size == 0:
        return []
    one = type(sample)
    alpha = one(length - kernel) / one(max(size - 1, 1))
    origin = int(sample * alpha)
    last = length - kernel  # which the rounding of float16 might step over
    return [*(min(last, int((one(o) + sample) * alpha) - origin) for o in range(size - 1)), last]
