"""Unpooling: values put back where a max pooling found them."""

from collections.abc import Sequence
from contextlib import suppress
from math import prod

import numpy as np

from poolcli.core.geometry.arguments import integer, per_axis, shown, strides_of
from poolcli.core.geometry.plan import normal_axes
from poolcli.core.inputs import as_array, default_axes
from poolcli.core.types import Array, Input, Ints
from poolcli.errors import PoolingError, WindowError

__all__ = ["max_unpool", "put_back"]


def max_unpool(
    x: Input,
    indices: Input,
    kernel: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    *,
    output_size: Sequence[int] | None = None,
    axes: Ints | None = None,
) -> Array:
    """Undo a max pooling: put each value back in its place, and zeros elsewhere.

    Parameters
    ----------
    x : (..., H', W') array_like, or a Pillow image
        What `max_pool` returned, or anything of that shape.
    indices : (..., H', W') array_like of int64
        The indices that it returned: flat positions in the (H, W) plane. An index of -1 (a window
        without a tap in the input) is passed over.
    kernel, stride, padding : int or sequence of int
        The numbers of the pooling.
    output_size : sequence of int, optional
        (H, W); must be given where it is not (H' - 1)·stride - 2·padding + kernel, because the
        indices count in it.
    axes : int or sequence of int, optional
        The axes that were pooled; unless given, the default of `max_pool`.

    Returns
    -------
    (..., H, W) ndarray
        Of the dtype of ``x``. Where two values have one place, the later one stays.

    Raises
    ------
    PoolingError
        If the shapes differ, ``indices`` are not int64, or one of them lies outside the output.
    WindowError
        If ``output_size`` is not within one stride of the size above.
    TypeError
        If ``output_size`` is not a sequence of integers, or another number is not an integer.

    References
    ----------
    `torch.nn.functional.max_unpool2d
    <https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxUnpool2d.html>`_

    Examples
    --------
    >>> import numpy as np
    >>> max_unpool(np.array([[6, 8]]), np.array([[5, 7]]), 2, output_size=(2, 4))
    array([[0, 0, 0, 0],
           [0, 6, 0, 8]])
    """
    values, places = as_array(x), as_array(indices)
    where = normal_axes(default_axes(x) if axes is None else axes, values.ndim)
    lengths = [values.shape[axis] for axis in where]
    size = _unpooled_size(lengths, kernel, stride, padding, output_size)
    return put_back(values, places, size, where)


def put_back(x: Array, indices: Array, size: Sequence[int], axes: Sequence[int]) -> Array:
    """Put values into zeros of ``size`` along ``axes``, each at its flat position in its plane.

    Raises
    ------
    PoolingError
        If the shapes differ, ``indices`` are not int64, or one of them lies outside the output.
    """
    if indices.dtype.newbyteorder("=") != np.int64:
        raise PoolingError(f"indices have dtype {indices.dtype}; use int64, as max_pool gives them")
    if indices.shape != x.shape:
        raise PoolingError(f"indices have shape {indices.shape}; use that of x, {x.shape}")
    front = [axis for axis in range(x.ndim) if axis not in axes]
    planes = [x.shape[axis] for axis in front]
    values = x.transpose(*front, *axes).reshape(prod(planes), -1 if x.size else 0)
    places = indices.transpose(*front, *axes).reshape(values.shape)
    result = np.zeros((len(values), prod(size)), x.dtype)
    if result.size and places.size:
        low, high = int(places.min()), int(places.max())
        if low < -1 or high >= result.shape[1]:
            raise PoolingError(
                f"index {low if low < -1 else high} lies outside the output of "
                f"{'×'.join(map(str, size))}; use the size of the input that was pooled"
            )
        plane, place = np.nonzero(places >= 0)
        result[plane, places[plane, place]] = values[plane, place]
    back = np.argsort([*front, *axes])
    return result.reshape(*planes, *size).transpose(*back)


def _unpooled_size(
    lengths: Sequence[int],
    kernel: Ints,
    stride: Ints | None,
    padding: Ints,
    output_size: Sequence[int] | None,
) -> tuple[int, ...]:
    """Take the size that was pooled as it is given, or else the smallest possible one.

    Raises
    ------
    WindowError
        If the size is impossible.
    TypeError
        If it is not a sequence of integers.
    """
    axes = len(lengths)
    kernels = per_axis("kernel", kernel, axes)
    strides = strides_of(stride, kernels)
    paddings = per_axis("padding", padding, axes)
    usual = tuple(
        (length - 1) * s + k - 2 * p
        for length, k, s, p in zip(lengths, kernels, strides, paddings, strict=True)
    )
    size = usual if output_size is None else _output_size(output_size, axes)
    if len(size) != axes:
        raise WindowError(f"output size {size} has {len(size)} numbers; give {axes}")
    for one, other, s in zip(size, usual, strides, strict=True):
        if one < 0 or (output_size is not None and not other - s < one < other + s):
            raise WindowError(
                f"output size {size} is not what was pooled; "
                f"use sizes within a stride of {usual}, such as the input's own"
            )
    return size


def _output_size(output_size: Sequence[int], axes: int) -> tuple[int, ...]:
    if not isinstance(output_size, str | bytes):
        with suppress(TypeError):
            return tuple(integer("output_size", one) for one in output_size)
    kinds = f"a tuple of {axes} integers"
    raise TypeError(f"output_size must be {kinds}, not {shown(output_size)}")
