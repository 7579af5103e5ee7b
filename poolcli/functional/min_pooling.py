"""The smallest value of every window, in one, two and three dimensions."""

# The arguments have PyTorch's names, ``input`` too.
# ruff: noqa: A002

from typing import Literal, overload

from poolcli.core import pooling
from poolcli.core.types import Array, Indices, Input, Ints
from poolcli.functional.arguments import LAST_AXES, filled_planes, flag, window

__all__ = ["min_pool1d", "min_pool2d", "min_pool3d"]


@overload
def min_pool1d(
    input: Input, kernel_size: Ints, stride: Ints | None = None, padding: Ints = 0,
    dilation: Ints = 1, ceil_mode: bool = False, return_indices: Literal[False] = False,
) -> Array: ...  # fmt: skip
@overload
def min_pool1d(
    input: Input, kernel_size: Ints, stride: Ints | None = None, padding: Ints = 0,
    dilation: Ints = 1, ceil_mode: bool = False, *, return_indices: Literal[True],
) -> tuple[Array, Indices]: ...  # fmt: skip
@overload
def min_pool1d(
    input: Input, kernel_size: Ints, stride: Ints | None = None, padding: Ints = 0,
    dilation: Ints = 1, ceil_mode: bool = False, return_indices: bool = False,
) -> Array | tuple[Array, Indices]: ...  # fmt: skip
def min_pool1d(
    input: Input,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    dilation: Ints = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Array | tuple[Array, Indices]:
    """Keep the smallest value of every window of the last axis.

    Parameters
    ----------
    input : (..., L) array_like
        Integers, booleans or floats.
    kernel_size, stride, padding, dilation : int or sequence of int
        As in `max_pool2d`: one number, or a sequence of one.
    ceil_mode, return_indices : bool
        As in `max_pool2d`.

    Returns
    -------
    values : (..., L') ndarray
        Of the dtype of ``input``;
        L' = ⌊(L + 2·padding - dilation·(kernel_size - 1) - 1) / stride⌋ + 1. With ``ceil_mode``
        ⌈ ⌉, without a window that would begin past the input.
    indices : (..., L') ndarray of int64
        Only with ``return_indices``: flat positions in the row; the first of equals in row-major
        order, the last of NaNs, -1 for a window without any tap.

    Raises
    ------
    WindowError, PoolingError, TypeError
        As in `max_pool2d`.

    Notes
    -----
    PyTorch has no such function. A window without any tap in the input becomes +inf, or the highest
    integer.

    Examples
    --------
    >>> import numpy as np
    >>> min_pool1d(np.array([[1.0, 3.0, 2.0, 0.0]]), 2)
    array([[1., 0.]])
    """
    return pooling.min_pool(
        filled_planes(input, 1),
        *window(1, kernel_size, stride, padding, dilation),
        ceil_mode=flag("ceil_mode", ceil_mode),
        return_indices=return_indices,
        axes=LAST_AXES[1],
    )


@overload
def min_pool2d(
    input: Input, kernel_size: Ints, stride: Ints | None = None, padding: Ints = 0,
    dilation: Ints = 1, ceil_mode: bool = False, return_indices: Literal[False] = False,
) -> Array: ...  # fmt: skip
@overload
def min_pool2d(
    input: Input, kernel_size: Ints, stride: Ints | None = None, padding: Ints = 0,
    dilation: Ints = 1, ceil_mode: bool = False, *, return_indices: Literal[True],
) -> tuple[Array, Indices]: ...  # fmt: skip
@overload
def min_pool2d(
    input: Input, kernel_size: Ints, stride: Ints | None = None, padding: Ints = 0,
    dilation: Ints = 1, ceil_mode: bool = False, return_indices: bool = False,
) -> Array | tuple[Array, Indices]: ...  # fmt: skip
def min_pool2d(
    input: Input,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    dilation: Ints = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Array | tuple[Array, Indices]:
    """Keep the smallest value of every window of the last two axes.

    Parameters
    ----------
    input : (..., H, W) array_like
        Integers, booleans or floats; or a Pillow image.
    kernel_size, stride, padding, dilation : int or sequence of int
        As in `max_pool2d`.
    ceil_mode, return_indices : bool
        As in `max_pool2d`.

    Returns
    -------
    values : (..., H', W') ndarray
        Of the dtype of ``input``;
        H' = ⌊(H + 2·padding - dilation·(kernel_size - 1) - 1) / stride⌋ + 1, and W' likewise. With
        ``ceil_mode`` ⌈ ⌉, without a window that would begin past the input.
    indices : (..., H', W') ndarray of int64
        Only with ``return_indices``: flat positions in the (H, W) plane; the first of equals in
        row-major order, the last of NaNs, -1 for a window without any tap.

    Raises
    ------
    WindowError, PoolingError, TypeError
        As in `max_pool2d`.

    Notes
    -----
    PyTorch has no such function. A window without any tap in the input becomes +inf, or the highest
    integer.

    Examples
    --------
    >>> import numpy as np
    >>> min_pool2d(np.array([[[1, 3], [4, 2]]], np.uint8), 2)
    array([[[1]]], dtype=uint8)
    """
    return pooling.min_pool(
        filled_planes(input, 2),
        *window(2, kernel_size, stride, padding, dilation),
        ceil_mode=flag("ceil_mode", ceil_mode),
        return_indices=return_indices,
        axes=LAST_AXES[2],
    )


@overload
def min_pool3d(
    input: Input, kernel_size: Ints, stride: Ints | None = None, padding: Ints = 0,
    dilation: Ints = 1, ceil_mode: bool = False, return_indices: Literal[False] = False,
) -> Array: ...  # fmt: skip
@overload
def min_pool3d(
    input: Input, kernel_size: Ints, stride: Ints | None = None, padding: Ints = 0,
    dilation: Ints = 1, ceil_mode: bool = False, *, return_indices: Literal[True],
) -> tuple[Array, Indices]: ...  # fmt: skip
@overload
def min_pool3d(
    input: Input, kernel_size: Ints, stride: Ints | None = None, padding: Ints = 0,
    dilation: Ints = 1, ceil_mode: bool = False, return_indices: bool = False,
) -> Array | tuple[Array, Indices]: ...  # fmt: skip
def min_pool3d(
    input: Input,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    dilation: Ints = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Array | tuple[Array, Indices]:
    """Keep the smallest value of every window of the last three axes.

    Parameters
    ----------
    input : (..., D, H, W) array_like
        Integers, booleans or floats.
    kernel_size, stride, padding, dilation : int or sequence of int
        As in `max_pool2d`: one number, or (depth, height, width).
    ceil_mode, return_indices : bool
        As in `max_pool2d`.

    Returns
    -------
    values : (..., D', H', W') ndarray
        Of the dtype of ``input``;
        D' = ⌊(D + 2·padding - dilation·(kernel_size - 1) - 1) / stride⌋ + 1, and H' and W'
        likewise. With ``ceil_mode`` ⌈ ⌉, without a window that would begin past the input.
    indices : (..., D', H', W') ndarray of int64
        Only with ``return_indices``: flat positions in the (D, H, W) volume; the first of equals in
        row-major order, the last of NaNs, -1 for a window without any tap.

    Raises
    ------
    WindowError, PoolingError, TypeError
        As in `max_pool2d`.

    Notes
    -----
    PyTorch has no such function. A window without any tap in the input becomes +inf, or the highest
    integer.

    Examples
    --------
    >>> import numpy as np
    >>> min_pool3d(np.arange(8.0).reshape(1, 2, 2, 2), 2)
    array([[[[0.]]]])
    """
    return pooling.min_pool(
        filled_planes(input, 3),
        *window(3, kernel_size, stride, padding, dilation),
        ceil_mode=flag("ceil_mode", ceil_mode),
        return_indices=return_indices,
        axes=LAST_AXES[3],
    )
