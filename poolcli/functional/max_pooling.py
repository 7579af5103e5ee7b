"""The largest value of every window, in one, two and three dimensions."""

# The arguments have PyTorch's names, ``input`` too.
# ruff: noqa: A002

from typing import Literal, overload

from poolcli.core import pooling
from poolcli.core.types import Array, Indices, Input, Ints
from poolcli.functional.arguments import LAST_AXES, filled_planes, flag, window

__all__ = ["max_pool1d", "max_pool2d", "max_pool3d"]


@overload
def max_pool1d(
    input: Input, kernel_size: Ints, stride: Ints | None = None, padding: Ints = 0,
    dilation: Ints = 1, ceil_mode: bool = False, return_indices: Literal[False] = False,
) -> Array: ...  # fmt: skip
@overload
def max_pool1d(
    input: Input, kernel_size: Ints, stride: Ints | None = None, padding: Ints = 0,
    dilation: Ints = 1, ceil_mode: bool = False, *, return_indices: Literal[True],
) -> tuple[Array, Indices]: ...  # fmt: skip
@overload
def max_pool1d(
    input: Input, kernel_size: Ints, stride: Ints | None = None, padding: Ints = 0,
    dilation: Ints = 1, ceil_mode: bool = False, return_indices: bool = False,
) -> Array | tuple[Array, Indices]: ...  # fmt: skip
def max_pool1d(
    input: Input,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    dilation: Ints = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Array | tuple[Array, Indices]:
    """Keep the largest value of every window of the last axis.

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
    ``torch.nn.functional.max_pool1d`` takes only floats unless it returns indices, and at most one
    leading axis beside the channels.

    Examples
    --------
    >>> import numpy as np
    >>> max_pool1d(np.array([[1.0, 3.0, 2.0, 0.0]]), 2)
    array([[3., 2.]])
    """
    return pooling.max_pool(
        filled_planes(input, 1),
        *window(1, kernel_size, stride, padding, dilation),
        ceil_mode=flag("ceil_mode", ceil_mode),
        return_indices=return_indices,
        axes=LAST_AXES[1],
    )


@overload
def max_pool2d(
    input: Input, kernel_size: Ints, stride: Ints | None = None, padding: Ints = 0,
    dilation: Ints = 1, ceil_mode: bool = False, return_indices: Literal[False] = False,
) -> Array: ...  # fmt: skip
@overload
def max_pool2d(
    input: Input, kernel_size: Ints, stride: Ints | None = None, padding: Ints = 0,
    dilation: Ints = 1, ceil_mode: bool = False, *, return_indices: Literal[True],
) -> tuple[Array, Indices]: ...  # fmt: skip
@overload
def max_pool2d(
    input: Input, kernel_size: Ints, stride: Ints | None = None, padding: Ints = 0,
    dilation: Ints = 1, ceil_mode: bool = False, return_indices: bool = False,
) -> Array | tuple[Array, Indices]: ...  # fmt: skip
def max_pool2d(
    input: Input,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    dilation: Ints = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Array | tuple[Array, Indices]:
    """Keep the largest value of every window of the last two axes.

    Parameters
    ----------
    input : (..., H, W) array_like
        Integers, booleans or floats; or a Pillow image, which is pooled as (C, H, W).
    kernel_size, stride, padding, dilation : int or sequence of int
        One number, or (height, width). ``stride`` is ``kernel_size`` unless given; ``padding`` is
        at most half of ``kernel_size`` and never wins a window.
    ceil_mode : bool
        Also keep a last window that begins inside the input and reaches past it.
    return_indices : bool
        Also return where in its plane each value was found.

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
    WindowError
        If a number is out of range, no window fits, or the input is empty.
    PoolingError
        If the input has too few axes or holds something else than numbers.
    TypeError
        If an argument is of the wrong type.

    Notes
    -----
    ``torch.nn.functional.max_pool2d`` takes no bool and no unsigned integer but uint8, and at most
    one leading axis beside the channels; for a window without any tap in the input (dilation with
    padding) its index lies outside the plane.

    Examples
    --------
    >>> import numpy as np
    >>> max_pool2d(np.zeros((3, 201, 250)), 6, 2).shape
    (3, 98, 123)
    >>> values, indices = max_pool2d(np.array([[[1, 3], [4, 2]]]), 2, return_indices=True)
    >>> values, indices
    (array([[[4]]]), array([[[2]]]))
    """
    return pooling.max_pool(
        filled_planes(input, 2),
        *window(2, kernel_size, stride, padding, dilation),
        ceil_mode=flag("ceil_mode", ceil_mode),
        return_indices=return_indices,
        axes=LAST_AXES[2],
    )


@overload
def max_pool3d(
    input: Input, kernel_size: Ints, stride: Ints | None = None, padding: Ints = 0,
    dilation: Ints = 1, ceil_mode: bool = False, return_indices: Literal[False] = False,
) -> Array: ...  # fmt: skip
@overload
def max_pool3d(
    input: Input, kernel_size: Ints, stride: Ints | None = None, padding: Ints = 0,
    dilation: Ints = 1, ceil_mode: bool = False, *, return_indices: Literal[True],
) -> tuple[Array, Indices]: ...  # fmt: skip
@overload
def max_pool3d(
    input: Input, kernel_size: Ints, stride: Ints | None = None, padding: Ints = 0,
    dilation: Ints = 1, ceil_mode: bool = False, return_indices: bool = False,
) -> Array | tuple[Array, Indices]: ...  # fmt: skip
def max_pool3d(
    input: Input,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    dilation: Ints = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Array | tuple[Array, Indices]:
    """Keep the largest value of every window of the last three axes.

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
    ``torch.nn.functional.max_pool3d`` differs as ``max_pool2d`` does.

    Examples
    --------
    >>> import numpy as np
    >>> max_pool3d(np.arange(8.0).reshape(1, 2, 2, 2), 2)
    array([[[[7.]]]])
    """
    return pooling.max_pool(
        filled_planes(input, 3),
        *window(3, kernel_size, stride, padding, dilation),
        ceil_mode=flag("ceil_mode", ceil_mode),
        return_indices=return_indices,
        axes=LAST_AXES[3],
    )
