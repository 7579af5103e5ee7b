"""Checks that the functions share: errors name arguments as PyTorch does."""

from collections.abc import Sequence
from math import isinf
from typing import Any

import numpy as np

from poolcli.core.geometry.arguments import integer, number, per_axis, shown, strides_of
from poolcli.core.inputs import as_array, as_source, is_image
from poolcli.core.types import Array, Input, Ints, Source
from poolcli.errors import PoolingError, WindowError

__all__ = [
    "LAST_AXES",
    "filled_array",
    "filled_planes",
    "flag",
    "norm_window",
    "output_sizes",
    "plane_indices",
    "planes",
    "unpooled_size",
    "window",
]

LAST_AXES = {1: (-1,), 2: (-2, -1), 3: (-3, -2, -1)}
"""The axes of rows, planes and volumes."""

_SHAPES = {1: "(..., L)", 2: "(..., H, W)", 3: "(..., D, H, W)"}


def planes(x: Input, n: int) -> Source:
    """Take an input with at least ``n`` axes; an image with its channels first.

    Raises
    ------
    PoolingError
        If there are too few axes, or an image is to be pooled over other than two.
    """
    source = _channels_first(x, n) if is_image(x) else as_source(x)
    if len(source.shape) < n:
        raise PoolingError(f"input of shape {source.shape} has too few axes; use {_SHAPES[n]}")
    return source


def filled_planes(x: Input, n: int, batch_axes: int = 0) -> Source:
    """Refuse also an input without channels or positions; it may be one without samples.

    Raises
    ------
    WindowError
        If the input is empty.
    """
    source = planes(x, n)
    ndim = len(source.shape)
    first = max(batch_axes, ndim - n - 1)
    if 0 in source.shape[first if ndim > n else 0 :]:
        raise WindowError(f"input of shape {source.shape} is empty; only the first axis may be 0")
    return source


def filled_array(x: Input, n: int, batch_axes: int = 0) -> Array:
    """Read such an input as a whole."""
    return as_array(filled_planes(x, n, batch_axes))


def flag(name: str, value: bool) -> bool:
    """Take an argument that must be a bool.

    Raises
    ------
    TypeError
        If it is anything else.
    """
    if not isinstance(value, bool):
        raise TypeError(f"{name} must be True or False, not {shown(value)}")
    return value


def window(
    n: int, kernel_size: Any, stride: Any, padding: Any = 0, dilation: Any = 1
) -> tuple[Ints, Ints | None, Ints, Ints]:
    """Take the numbers of a window; plain integers, which small arrays need, stay as they are.

    Raises
    ------
    WindowError
        If a sequence has another length than 1 or ``n``.
    TypeError
        If a number is not an integer.
    """
    plain = type(kernel_size) is type(padding) is type(dilation) is int
    if plain and (stride is None or type(stride) is int):
        return kernel_size, stride, padding, dilation
    kernels = per_axis("kernel_size", kernel_size, n)
    return (
        kernels,
        strides_of(stride, kernels),
        per_axis("padding", padding, n),
        per_axis("dilation", dilation, n),
    )


def norm_window(n: int, norm_type: float, kernel_size: Any, stride: Any) -> tuple[Ints, Ints]:
    """Take the numbers of a window of a norm: of a finite one, no sequence of one.

    Raises
    ------
    WindowError
        If a sequence has another length than ``n``.
    TypeError
        If a number is not one, or ``kernel_size`` is a sequence that PyTorch does not take.
    """
    kernels = per_axis("kernel_size", kernel_size, n)
    if (
        isinstance(kernel_size, Sequence)
        and not isinf(number("norm_type", norm_type))
        and (n == 1 or len(kernel_size) != n)
    ):
        raise TypeError(f"kernel_size {kernel_size} does not suit; use one integer")
    return kernels, strides_of(stride, kernels)


def output_sizes(output_size: Any, n: int) -> list[int | None]:
    """Spread a size over the axes; a sequence names them all, None in it keeps one (not in 1-D).

    Raises
    ------
    WindowError
        If a sequence has another length than ``n``.
    TypeError
        If a size is not an integer, or None where that stands for no axis.
    """
    several = isinstance(output_size, Sequence) and not isinstance(output_size, str | bytes)
    sizes = list(output_size) if several else [output_size] * n
    if len(sizes) != n:
        given = f"output_size {output_size} has {len(sizes)} numbers"
        raise WindowError(f"{given}; use one integer, or {n}")
    if output_size is None or (n == 1 and sizes[0] is None):
        raise TypeError("output_size None stands for no size; use one integer")
    return [None if one is None else integer("output_size", one) for one in sizes]


def unpooled_size(output_size: Any, n: int) -> Any:
    """Leave samples and channels out of a whole shape."""
    whole = isinstance(output_size, Sequence | np.ndarray) and len(output_size) == n + 2
    return output_size[2:] if whole else output_size


def plane_indices(indices: Input) -> Array:
    """Refuse indices below 0.

    Raises
    ------
    PoolingError
        If one of them is negative.
    """
    places = as_array(indices)
    if places.dtype.kind == "i" and places.size and places.min() < 0:
        raise PoolingError(f"index {places.min()} lies outside the output; use 0 or more")
    return places


def _channels_first(image: Any, n: int) -> Array:
    if n != 2:
        raise PoolingError(
            "input is an image, which has height and width; use a function whose name ends in 2d"
        )
    pixels = as_array(image)
    return pixels[None] if pixels.ndim == 2 else np.moveaxis(pixels, -1, 0)
